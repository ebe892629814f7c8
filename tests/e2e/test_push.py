"""Uploads as files: pushed in any order, twice, cut and changed; and processes killed while they write."""
import glob
import json
import os
import random
import signal
import subprocess
import time

from tool import ask, call


def village(program, folder, people=400, seed=5):
    store = ["--store", "a.db"]
    call(program, "simulate", "village", "--people", str(people), "--seed", str(seed), "--dir", "v", folder=folder)
    call(program, "init", "--name", "村", "--synthetic", *store, "--at", "2022-04-08T07:30:00+08:00", folder=folder)
    call(program, "import", "map", "v/map.geojson", *store, "--at", "2022-04-08T07:40:00+08:00", folder=folder)
    call(program, "import", "list", "--as", "household", "v/households.xlsx", *store, "--at", "2022-04-08T09:00:00+08:00", folder=folder)
    call(program, "round", "open", "--freeze", "2022-04-09T05:00:00+08:00", "--at", "2022-04-09T05:00:00+08:00", *store, folder=folder)
    os.mkdir(os.path.join(folder, "up"))
    call(program, "simulate", "round", "--people", str(people), "--seed", str(seed), "--dir", "v", "--to", "up", *store, folder=folder)
    return store, sorted(glob.glob(os.path.join(folder, "up", "*.jsonl")))


def push(program, folder, *files, **rest):
    return ask(program, "entries", "push", *files, "--store", "a.db", "--at", "2022-04-09T22:00:00+08:00", folder=folder, **rest)


def test_pushed_again_changes_nothing(program, folder):
    store, files = village(program, folder)
    assert ask(program, "round", "status", *store, folder=folder)["covered"] == 0
    random.shuffle(files)
    first = push(program, folder, *files)
    assert first["entries"] > 50 and first["known"] == 0, first
    before = ask(program, "round", "status", *store, folder=folder)
    again = push(program, folder, *reversed(files))
    assert again["known"] == again["entries"] == first["entries"], again
    assert ask(program, "round", "status", *store, folder=folder) == before and before["covered"] > 100
    assert ask(program, "entries", "held", *store, folder=folder) == []
    assert ask(program, "verify", *store, folder=folder)["faults"] == 0


def test_what_was_changed_on_the_way_is_refused_whole(program, folder):
    store, files = village(program, folder)
    lines = open(files[0], encoding="utf-8").read().split("\n")
    seq = len(ask(program, "entries", "show", "--limit", "100000", *store, folder=folder))
    for change in ("text", "part", "head", "cut", "swap", "noise"):
        bad = list(lines)
        if change == "text":
            at = next(i for i, line in enumerate(bad) if '"kind":"visit"' in line)
            bad[at] = bad[at].replace('"outcome":"', '"outcome":"d', 1).replace("ddone", "refused")
        elif change == "part":
            at = next(i for i, line in enumerate(bad) if line.startswith("{\"name\""))
            bad[at] = bad[at].replace('","', '","x', 1)
        elif change == "head":
            bad[0] = bad[0].replace('"sign":"', '"sign":"A', 1)
        elif change == "cut":
            bad = bad[:len(bad) // 2]
        elif change == "swap":
            bad[1], bad[3] = bad[3], bad[1]
        else:
            bad[1] = "\x00\xff not json"
        path = os.path.join(folder, "bad.jsonl")
        open(path, "w", encoding="utf-8").write("\n".join(bad))
        done = subprocess.run([program, "entries", "push", path, "--store", "a.db", "--at", "2022-04-09T22:00:00+08:00"], cwd=folder, capture_output=True, text=True)
        if change != "part":  # a clear value that does not fit arrives whole: it is held
            assert done.returncode == 1 and "bad.jsonl" in done.stderr, (change, done.stdout, done.stderr)
        assert ask(program, "verify", *store, folder=folder)["faults"] == 0
        if change == "part":
            assert any(h["reason"] == "malformed" for h in ask(program, "entries", "held", *store, folder=folder))
            break
        assert len(ask(program, "entries", "show", "--limit", "100000", *store, folder=folder)) == seq, change


def test_killed_while_writing(program, folder):
    """An import and pushes killed at random moments: all or nothing, nothing damaged, and the same again completes it."""
    seed = random.SystemRandom().randrange(2**31)
    chance = random.Random(seed)
    store, files = village(program, folder, 1500, 8)
    base = ask(program, "import", "batches", *store, folder=folder)
    for turn in range(8):
        words = [program, "import", "list", "--as", "samples", "v/samples_round0.xlsx", *store] if turn % 2 == 0 else [program, "entries", "push", *files, *store, "--at", "2022-04-09T22:00:00+08:00"]
        child = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * 0.4)
        child.send_signal(signal.SIGKILL)
        child.wait()
        report = ask(program, "verify", *store, folder=folder)
        assert report["faults"] == 0, f"seed {seed} turn {turn}: {report}"
        batches = ask(program, "import", "batches", *store, folder=folder)
        assert len(batches) in (len(base), len(base) + 1), f"seed {seed} turn {turn}"
    push(program, folder, *files)
    call(program, "import", "list", "--as", "samples", "v/samples_round0.xlsx", *store, folder=folder)
    assert len(ask(program, "import", "batches", *store, folder=folder)) == len(base) + 1
    assert ask(program, "verify", *store, folder=folder)["faults"] == 0
