"""What the end-to-end tests share: calling the program, and saying what it answered when a test fails."""
import json
import os
import subprocess
import sys


def call(program, *words, status=0, folder=None, env=None, stdin=None):
    merged = {**os.environ, "LANG": "C.UTF-8", "DOORWARD_CONFIG": os.devnull}
    merged.pop("DOORWARD_STORE", None)
    merged.update(env or {})
    done = subprocess.run([program, *words], capture_output=True, text=True, cwd=folder, env=merged, input=stdin, timeout=300)
    assert done.returncode == status, f"{words}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done


def ask(program, *words, **rest):
    return json.loads(call(program, *words, "--json", **rest).stdout)


ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def spec(name):
    return json.load(open(os.path.join(ROOT, "spec", name), encoding="utf-8"))


def commands():
    sys.path.insert(0, os.path.join(ROOT, "tools"))
    from spec_options import expand
    return expand(spec("commands.json"), spec("settings.json")["settings"])["commands"]
