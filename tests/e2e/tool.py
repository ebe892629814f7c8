"""What the end-to-end tests share: calling the program, and saying what it answered when a test fails."""
import json
import os
import subprocess


def call(program, *words, status=0, folder=None, env=None, stdin=None):
    merged = {**os.environ, "LANG": "C.UTF-8", **(env or {})}
    merged.pop("DOORWARD_STORE", None)
    done = subprocess.run([program, *words], capture_output=True, text=True, cwd=folder, env=merged, input=stdin, timeout=300)
    assert done.returncode == status, f"{words}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done


def ask(program, *words, **rest):
    return json.loads(call(program, *words, "--json", **rest).stdout)


def commands():
    here = os.path.dirname(os.path.abspath(__file__))
    return json.load(open(os.path.join(here, "../../spec/commands.json"), encoding="utf-8"))["commands"]
