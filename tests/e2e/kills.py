#!/usr/bin/env python3
"""tests/e2e/kills.py PROGRAM COUNT [--seed N] [--keep FILE]: kill -9 at random moments of an import and of a round's uploads. After each kill nothing
is damaged and nothing half done; the same work done again ends in the same state as if nobody had died. Ends with a line that counts the kills."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from test_push import village
from tool import ask, call

STORE = ["--store", "a.db"]


def works(files):
    return {"import": ["import", "list", "--as", "samples", "v/samples_round0.xlsx", *STORE, "--at", "2022-04-08T10:00:00+08:00"],
            "round": ["entries", "push", *files, *STORE, "--at", "2022-04-09T22:00:00+08:00"]}


def state(program, folder):
    status = ask(program, "round", "status", *STORE, folder=folder)
    return {k: status[k] for k in ("owed", "covered", "missing", "found", "arrived")}, len(ask(program, "import", "batches", *STORE, folder=folder))


def killed(program, base, work, chance):
    """One kill; what is wrong after it, or None."""
    with tempfile.TemporaryDirectory(prefix="doorward-kill-") as folder:
        shutil.copytree(base, folder, dirs_exist_ok=True)
        child = subprocess.Popen([program, *work["words"]], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * work["seconds"] * 1.1)
        child.send_signal(signal.SIGKILL)
        child.wait()
        report = ask(program, "verify", *STORE, folder=folder)
        if report["faults"] != 0:
            return report["told"]
        call(program, *work["words"], folder=folder)
        after = state(program, folder)
        return None if after == work["after"] else f"{after} instead of {work['after']}"


def main():
    options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
    program, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    seed = int(options["--seed"]) if "--seed" in options else random.SystemRandom().randrange(2**31)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="doorward-kills-") as base:
        _, files = village(program, base, 300, 8)
        all_works = {name: {"words": words} for name, words in works([os.path.relpath(f, base) for f in files]).items()}
        for work in all_works.values():
            with tempfile.TemporaryDirectory(prefix="doorward-whole-") as folder:
                shutil.copytree(base, folder, dirs_exist_ok=True)
                begin = time.time()
                call(program, *work["words"], folder=folder)
                work["seconds"], work["after"] = time.time() - begin, state(program, folder)
        for turn in range(count):
            name = ("import", "round")[turn % 2]
            wrong = killed(program, base, all_works[name], random.Random(seed + turn))
            if wrong:
                failed += 1
                print(f"FAIL seed {seed + turn} {name}: {wrong}", flush=True)
    told = json.dumps({"seed": seed, "kills": count, "failed": failed})
    if "--keep" in options:
        open(options["--keep"], "w", encoding="utf-8").write(told + "\n")
    print(told)
    print(f"kills: {count - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
