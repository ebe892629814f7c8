#!/usr/bin/env python3
"""tests/e2e/server_kills.py PROGRAM COUNT [--seed N] [--phones N] [--keep FILE]: 500 phones push at once, the server is killed (kill -9) at a
random moment and started again. Every fourth time its disk is full instead (a limit on its files), and it is ended and started with room. Each
time every entry that has a receipt is there, none twice, the phones come to an end, and the ledger makes its tables. Ends with a line that counts."""
import asyncio
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fleet
from server import Server
from test_server import office, sign_in
from tool import ask

PUSHES = 4


class Turn:
    def __init__(self, program, folder, seed, phones, facts):
        self.program, self.folder, self.seed, self.phones, self.facts = program, folder, seed, phones, facts
        self.chance, self.ending = random.Random(seed), threading.Event()

    def start(self, port, room=None):
        """room: bytes that a file may still grow by."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            most = os.path.getsize(f"{self.folder}/a.db") + room
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        for _ in range(100):  # the port of the one that died may be held for a moment
            child = subprocess.Popen([self.program, "serve", "--store", "a.db", "--listen", f"127.0.0.1:{port}"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, preexec_fn=limit if room else None)
            line = child.stdout.readline()
            child.stdout.close()
            if line:
                return child, int(line.split(":")[-1].split("/")[0])
            child.wait()
            time.sleep(0.1)
        raise AssertionError("the server does not start again")

    def rows(self):
        """What the store holds, read beside the program."""
        store = sqlite3.connect(f"{self.folder}/a.db")
        rows = {}
        for device, n, seq, text in store.execute("SELECT d.id, e.n, e.seq, e.text FROM entry e JOIN device d ON d.device_no = e.device_no"):
            mine = rows.setdefault(str(uuid.UUID(bytes=device)), {})
            if n in mine:
                rows["twice"] = f"{uuid.UUID(bytes=device)}: entry {n} twice"
            mine[n] = (seq, text)
        store.close()
        return rows

    def wrong(self):
        rows = self.rows()
        return rows.get("twice") or fleet.lost(self.phones, rows)

    async def all_push(self, port):
        await asyncio.gather(*(fleet.push(p, port, fleet.seeded(self.seed, i), self.facts["round"], self.facts["doors"], PUSHES, self.ending) for i, p in enumerate(self.phones)))

    def run(self, full):
        """What is wrong, or None; and what happened."""
        child, port = self.start(0, self.chance.randint(200_000, 1_500_000) if full else None)
        thread = threading.Thread(target=lambda: asyncio.run(self.all_push(port)))
        thread.start()
        try:
            if full:
                self.until_full()
                child.send_signal(signal.SIGTERM)
                code = child.wait(timeout=60)
                if code != 0:
                    return f"the server with a full disk ended with {code}", {}
            else:
                self.until_some(self.chance.random() * len(self.phones) * PUSHES)
                time.sleep(self.chance.random() * 0.05)
                child.kill()
                child.wait()
            receipts = sum(p.done for p in self.phones)
            wrong = self.wrong()
            child, _ = self.start(port)
            thread.join(timeout=300)
            if thread.is_alive():
                return "phones do not come to an end", {}
            child.send_signal(signal.SIGTERM)
            if child.wait(timeout=60) != 0:
                return "the second server did not end well", {}
            return wrong or self.wrong() or self.at_the_end(), {"receipted": receipts, "entries": sum(p.n for p in self.phones), "refused": sum(sum(p.refused.values()) for p in self.phones)}
        finally:
            self.ending.set()
            if child.poll() is None:
                child.kill()
                child.wait()
            thread.join(timeout=60)

    def until_some(self, pushes):
        """So many pushes have their receipts."""
        for _ in range(6000):
            if sum(len(p.receipts) for p in self.phones) >= pushes:
                return
            time.sleep(0.01)

    def until_full(self):
        """Somebody was refused for want of room, or all is done."""
        for _ in range(600):
            if any(p.refused.get("FULL") for p in self.phones) or all(p.n and p.done == p.n for p in self.phones):
                return
            time.sleep(0.05)

    def at_the_end(self):
        if not all(p.done == p.n for p in self.phones):
            return "a phone ended without all of its receipts"
        report = ask(self.program, "verify", "--store", "a.db", folder=self.folder)
        return report["told"] if report["faults"] else None


def prepare(program, folder, count):
    v = office(program, folder)
    with Server(program, folder, "--calls", "0", "--sign-ins", "0") as s:  # all come from one address
        chen = sign_in(s, "chen").json()["token"]
        member = s.post("/members", {"name": "队员"}, chen)["id"]
        s.post("/grants", {"member": member, "role": "keeper", "area": "1"}, chen)
        phones = fleet.enrol(s, chen, member, count)
        facts = {"round": s.get("/rounds/0", chen)["id"], "doors": [d["id"] for d in s.all("/doors", chen)]}
    assert v("verify")["faults"] == 0
    return phones, facts


def turn(program, base, seed, phones, facts, full):
    for phone in phones:
        phone.clear()
    with tempfile.TemporaryDirectory(prefix="doorward-server-kill-") as folder:
        shutil.copytree(base, folder, dirs_exist_ok=True)
        return Turn(program, folder, seed, phones, facts).run(full)


def main():
    options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
    program, count, most = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(options.get("--phones", 500))
    seed = int(options["--seed"]) if "--seed" in options else random.SystemRandom().randrange(2**31)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    failed, entries, receipted, refused = 0, 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="doorward-server-kills-") as base:
        phones, facts = prepare(program, base, most)
        for i in range(count):
            wrong, told = turn(program, base, seed + i, phones, facts, i % 4 == 2)
            entries, receipted, refused = (a + told.get(k, 0) for a, k in ((entries, "entries"), (receipted, "receipted"), (refused, "refused")))
            if wrong:
                failed += 1
                print(f"FAIL seed {seed + i}{' full disk' if i % 4 == 2 else ''}: {wrong}", flush=True)
    told = json.dumps({"seed": seed, "phones": most, "turns": count, "full_disk": (count + 1) // 4, "entries": entries, "receipted_before": receipted, "refused": refused, "failed": failed})
    if "--keep" in options:
        open(options["--keep"], "w", encoding="utf-8").write(told + "\n")
    print(told)
    print(f"server kills: {count - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
