#!/usr/bin/env python3
"""What a server of the demo's village holds in memory with 2,000 listeners, and how long it takes to begin: bench/memory.py PROGRAM [PEOPLE] [LISTENERS].
Prints JSON; ends with 1 when a goal is missed (under 200 MiB, under 1 s)."""
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

PASSWORD = "七号楼下见面-2022"


def run(program, folder, *words):
    made = subprocess.run([program, *words, "--json", "--quiet"], cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, "DOORWARD_CONFIG": os.devnull, "DOORWARD_PASSPHRASE": PASSWORD})
    return json.loads(made.stdout) if made.stdout else None


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status", encoding="ascii").read()).group(1)) / 1024


def started(program, folder):
    """A server on the store: its process, its port, and the seconds until it answered."""
    begin = time.monotonic()
    child = subprocess.Popen([program, "serve", "--store", "site.db", "--listen", "127.0.0.1:0", "--calls", "0"], cwd=folder, stdout=subprocess.PIPE, text=True, env={**os.environ, "DOORWARD_CONFIG": os.devnull})
    port = int(re.search(r":(\d+)/", child.stdout.readline()).group(1))
    urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health", timeout=60).read()
    return child, port, time.monotonic() - begin


def ended(child):
    child.send_signal(signal.SIGTERM)
    child.wait(timeout=60)


def listening(port, token):
    stream = socket.create_connection(("127.0.0.1", port), timeout=60)
    stream.sendall(f"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    return stream


def heard_state(stream):
    got = b""
    while b"event: state" not in got:
        piece = stream.recv(65536)
        if not piece:
            return False
        got += piece
    return True


def main(program, people="54000", listeners="2000"):
    program = os.path.abspath(program)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[0]),) * 2 if resource.getrlimit(resource.RLIMIT_NOFILE)[1] >= 8192 else resource.getrlimit(resource.RLIMIT_NOFILE))
    with tempfile.TemporaryDirectory(prefix="doorward-memory-") as folder:
        run(program, folder, "demo", "--people", people, "--seed", "1", "--dir", ".")
        member = run(program, folder, "member", "add", "陈站长", "--store", "site.db")["id"]
        run(program, folder, "grant", "give", member, "--role", "commander", "--store", "site.db")
        run(program, folder, "account", "add", "chen", member, "--store", "site.db")
        seconds = []
        for _ in range(3):
            child, port, took = started(program, folder)
            seconds.append(took)
            ended(child)
        child, port, _ = started(program, folder)
        try:
            alone = resident(child.pid)
            asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/auth/session", data=json.dumps({"login": "chen", "password": PASSWORD}).encode(), headers={"Content-Type": "application/json"})
            token = json.load(urllib.request.urlopen(asked, timeout=60))["token"]
            streams = [listening(port, token) for _ in range(int(listeners))]
            heard = sum(heard_state(stream) for stream in streams)
            told = {"people": int(people), "listeners": len(streams), "heard": heard, "mib_alone": round(alone, 1), "mib": round(resident(child.pid), 1), "start_s": [round(s, 2) for s in seconds]}
            for stream in streams:
                stream.close()
        finally:
            ended(child)
    told["reached"] = told["mib"] < 200 and min(seconds) < 1 and told["heard"] == told["listeners"]
    print(json.dumps(told))
    sys.exit(not told["reached"])


if __name__ == "__main__":
    main(*sys.argv[1:])
