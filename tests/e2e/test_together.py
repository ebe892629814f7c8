"""Several programs at one store: each does its work, nobody's is lost, nothing is done twice."""
import json
import os
import subprocess

from test_lists import HEAD, ROWS, site, write
from tool import ask


def start(program, folder, *words):
    env = {**os.environ, "LANG": "C.UTF-8"}
    return subprocess.Popen([program, *words, "--store", "a.db", "--json"], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(running):
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, (running.args, err)
    return json.loads(out)


def test_lists_and_keepers_at_once(program, folder):
    site(program, folder)
    write(folder, "same.csv", HEAD + ROWS)
    for i in range(4):
        write(folder, f"{i}.csv", HEAD + "".join(f"1-1-1,东片12号,{i}{j:02d},,林{'一二三四'[i]}{'甲乙丙丁戊己庚辛'[j % 8]},,139{i}000{j:04d}\n" for j in range(40)))
    files = ["same.csv"] * 3 + [f"{i}.csv" for i in range(4)]
    lists = [start(program, folder, "import", "list", "--as", "household", name) for name in files]
    keepers = [start(program, folder, "area", "keep", code, "--name", name) for code in ("1-1-1", "1-1-2") for name in ("吴雅芳", "黄丽")]
    results = [end(r) for r in lists]
    for keeper in keepers: end(keeper)
    assert sum(r["already"] for r in results) == 2, results
    assert sum(r["rows"] for r in results) == 3 + 160
    verify = ask(program, "verify", "--store", "a.db", folder=folder)
    assert verify["faults"] == 0, verify
    assert ask(program, "entries", "held", "--store", "a.db", folder=folder) == []
    tree = ask(program, "area", "--store", "a.db", "--depth", "0", folder=folder)
    assert tree[0]["people"] == 163 and tree[0]["unkept"] == 0, tree
    assert len(ask(program, "import", "batches", "--store", "a.db", folder=folder)) == 1 + 5


def test_one_round_is_opened_once(program, folder):
    site(program, folder)
    write(folder, "a.csv", HEAD + ROWS)
    end(start(program, folder, "import", "list", "--as", "household", "a.csv"))
    tries = [start(program, folder, "round", "open", "--kind", "pcr") for _ in range(4)]
    for t in tries: t.wait(timeout=120)
    numbers = sorted(json.loads(t.stdout.read())["round"] for t in tries if t.returncode == 0)
    assert numbers and numbers == list(range(1, len(numbers) + 1)), numbers
    assert all("STALE" in t.stderr.read() for t in tries if t.returncode != 0)
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0
