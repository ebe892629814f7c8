"""A disk that is full, or a limit that stands for one: every command that writes says so by name, leaves nothing half behind, harms
nothing, and works when there is room again."""
import ctypes
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import traceback

from test_keeping import PHRASE
from tool import ask, call

STORE = ["--store", "a.db"]
AT = ["--at", "2022-04-09T21:00:00+08:00"]
PEOPLE = ["--people", "120", "--seed", "5"]

# name: what it leaves at its final name, the words
WRITERS = {
    "cards": ("c.pdf", ["card", "print", "--out", "c.pdf"]),
    "missing PDF": ("m.pdf", ["paper", "missing", "--out", "m.pdf"]),
    "round sheets": ("r.xlsx", ["paper", "round", "--out", "r.xlsx"]),
    "ledger": ("l.xlsx", ["paper", "ledger", "--out", "l.xlsx"]),
    "closing list": ("z.xlsx", ["paper", "closing", "--out", "z.xlsx"]),
    "missing list": ("m.csv", ["round", "missing", "--out", "m.csv"]),
    "export": ("out", ["export", "out"]),
    "backup": ("d.dwb", ["backup", "d.dwb"]),
    "backup of the keys": ("k.dwb", ["backup", "--keys", "k.dwb"]),
    "list of the forgotten": ("f.txt", ["backup", "--forgotten", "f.txt"]),
    "import of a list": (None, ["import", "list", "--as", "factory", "v/factory_a.xlsx"]),
    "import of a map": (None, ["import", "map", "m.geojson"]),
}


def village(program, folder):
    call(program, "simulate", "village", *PEOPLE, "--dir", "v", folder=folder)
    call(program, "init", "--name", "村", "--synthetic", *STORE, "--at", "2022-04-08T07:30:00+08:00", folder=folder)
    call(program, "import", "map", "v/map.geojson", *STORE, "--at", "2022-04-08T07:40:00+08:00", folder=folder)
    call(program, "import", "list", "--as", "household", "v/households.xlsx", *STORE, "--at", "2022-04-08T09:00:00+08:00", folder=folder)
    call(program, "round", "open", "--freeze", "2022-04-09T05:00:00+08:00", "--at", "2022-04-09T05:00:00+08:00", *STORE, folder=folder)
    features = json.load(open(os.path.join(folder, "v/map.geojson"), encoding="utf-8"))
    for feature in features["features"]:  # the same places under other names
        feature["properties"]["name"] = "新" + (feature["properties"].get("name") or "")
    json.dump(features, open(os.path.join(folder, "m.geojson"), "w", encoding="utf-8"), ensure_ascii=False)


def run(program, folder, words, most=None):
    """The command, its files limited to so many bytes."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    env = {**os.environ, **PHRASE, "LANG": "C.UTF-8"}
    env.pop("DOORWARD_STORE", None)
    return subprocess.run([program, *words, *STORE, *AT, "--json"], cwd=folder, env=env, capture_output=True, text=True, preexec_fn=limit,
                          timeout=300)


def state(program, folder):
    """What the site says, by its own tables; and that they are what its ledger makes."""
    told = ask(program, "verify", *STORE, folder=folder)
    assert told["faults"] == 0, told
    return [ask(program, *words, *STORE, folder=folder) for words in (("round", "status"), ("area",))]


def outside(folder):
    """Every name in the folder but the store's own files, hidden ones too, with the size of each file."""
    return {n: os.path.getsize(os.path.join(folder, n)) for n in os.listdir(folder) if not n.startswith("a.db")}


def failed_well(what, done, before, after, codes):
    said = f"{what}: exit {done.returncode} {done.stdout[-300:]} {done.stderr[-600:]}"
    assert done.returncode == 1, said
    # A build that measures coverage complains too when it cannot write; ours is the line of JSON.
    error = json.loads([line for line in done.stderr.splitlines() if line.startswith("{")][-1])
    assert error["error"] in codes and error["file"] and error["fix"], said
    assert after == before, f"{said}\n{sorted(set(after) ^ set(before))} left"


def remove(folder, name):
    path = os.path.join(folder, name)
    shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)


def reset(folder):
    """The store as it was: other commands' entries must not make it grow."""
    for ending in ("", "-wal", "-shm", ".keys", ".sitekey"):
        remove(folder, "a.db" + ending)
        if os.path.exists(os.path.join(folder, "kept", "a.db" + ending)):
            shutil.copy2(os.path.join(folder, "kept", "a.db" + ending), folder)


def keep(folder):
    os.mkdir(os.path.join(folder, "kept"))
    for name in os.listdir(folder):
        if name.startswith("a.db"):
            shutil.copy2(os.path.join(folder, name), os.path.join(folder, "kept"))


def test_files_that_may_not_grow(program, folder):
    village(program, folder)
    keep(folder)
    was = state(program, folder)
    for what, (final, words) in WRITERS.items():
        failures = 0
        for most in [0, 1000] + [int(4096 * 2.3 ** k) for k in range(8)]:
            reset(folder)
            before = outside(folder)
            done = run(program, folder, words, most)
            if done.returncode == 0:
                break
            failed_well(f"{what}, {most} bytes", done, before, outside(folder), ("FULL", "IO"))  # a library may not say which
            assert state(program, folder) == was, (what, most)
            failures += 1
        else:
            raise AssertionError(f"{what} never had room: {done.stderr}")
        assert failures > 0, what
        if final is None:
            continue
        if final != "out":  # an export does not write over one; of the others the old file stays
            before = outside(folder)
            assert run(program, folder, words, 10).returncode == 1 and outside(folder) == before, what
        remove(folder, final)


def in_a_small_disk(size, work):
    """Runs work(folder) with a disk of its own of so many bytes; what went wrong there, or None when no disk may be mounted here."""
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            folder = os.path.join(os.getcwd(), "disk")
            os.makedirs(folder, exist_ok=True)
            allowed = libc.unshare(0x00020000) == 0 or libc.unshare(0x10000000 | 0x00020000) == 0
            allowed = allowed and libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None) == 0
            allowed = allowed and libc.mount(b"none", folder.encode(), b"tmpfs", 0, f"size={size}".encode()) == 0
            if not allowed:
                os.write(told, b"NOT ALLOWED")
                os._exit(0)
            work(folder)
            code = 0
        except BaseException:
            os.write(told, traceback.format_exc().encode()[-60000:])
        finally:
            os._exit(code)
    os.close(told)
    said = b""
    while piece := os.read(ready, 65536):
        said += piece
    os.close(ready)
    _, status = os.waitpid(child, 0)
    if said == b"NOT ALLOWED":
        return False
    assert status == 0, said.decode(errors="replace")
    return True


def fill(folder, left):
    """A file that leaves so many bytes of the disk."""
    free = os.statvfs(folder)
    room = free.f_bavail * free.f_frsize - left
    with open(os.path.join(folder, "filler"), "wb") as file:
        file.write(bytes(max(room, 0)))


def test_a_disk_that_fills(program, folder):
    """Where a disk of a test's own may be mounted (by root, or in a namespace): the real thing. Else the limits above stand for it."""
    village(program, folder)
    state(program, folder)

    def work(disk):
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if name not in ("disk", "kept"):
                shutil.copytree(path, os.path.join(disk, name)) if os.path.isdir(path) else shutil.copy2(path, disk)
        keep(disk)
        was = state(program, disk)
        for what, (final, words) in WRITERS.items():
            failures = 0
            for left in (0, 4096, 32768, 131072, 400000):
                reset(disk)
                fill(disk, left)
                before = outside(disk)
                done = run(program, disk, words)
                after = outside(disk)
                remove(disk, "filler")
                if done.returncode == 0:
                    break
                failed_well(f"{what}, {left} bytes left", done, before, after, ("FULL",))
                assert state(program, disk) == was, (what, left)
                failures += 1
            assert failures > 0, what
            if final is not None:
                remove(disk, final)
            reset(disk)
            done = run(program, disk, words)
            assert done.returncode == 0, (what, done.stderr)
            if final is not None:
                remove(disk, final)

    os.chdir(folder)
    if not in_a_small_disk(24 << 20, work):
        print("no disk may be mounted here; limits of files stand for it", file=sys.stderr)
