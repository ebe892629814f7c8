#!/usr/bin/env python3
"""tests/e2e/inject.py PROGRAM: sqlmap against every way by which a text reaches the store. First it must find the hole in a server that
has one, so that finding none means something."""
import http.server
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from server import Server  # noqa: E402
from test_server import office, sign_in  # noqa: E402


class Holey(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query).get("find", [""])[0]
        with sqlite3.connect(":memory:") as store:
            store.executescript("CREATE TABLE person (id INTEGER, name TEXT); INSERT INTO person VALUES (1, 'a'), (2, 'b');")
            try:
                body, status = json.dumps(store.execute(f"SELECT id, name FROM person WHERE name = '{name}'").fetchall()), 200
            except sqlite3.Error as error:
                body, status = str(error), 500
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def scan(folder, url, *words):
    """What sqlmap says of one call."""
    # 404, 401 and so on are what wrong values should be answered by; they are not worth sqlmap's worrying.
    done = subprocess.run(["sqlmap", "-u", url, "--batch", "--flush-session", "--level", "2", "--risk", "1", "--technique", "BEUS", "--dbms", "SQLite", "--threads", "4", "--disable-coloring", "--ignore-code", "*",
                           "--output-dir", f"{folder}/sqlmap", "--skip-waf", *words], capture_output=True, text=True, timeout=600, env={**os.environ, "HOME": folder})
    said = done.stdout + done.stderr
    found = "identified the following injection point" in said
    clean = "do not appear to be injectable" in said or "does not seem to be injectable" in said
    return found, clean, said


def main():
    program = os.path.abspath(sys.argv[1])
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="doorward-inject-") as folder:
        holey = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Holey)
        threading.Thread(target=holey.serve_forever, daemon=True).start()
        found, _, said = scan(folder, f"http://127.0.0.1:{holey.server_port}/?find=a")
        holey.shutdown()
        passed, failed = passed + found, failed + (not found)
        if not found:
            print("sqlmap does not find a hole that is there", said[-3000:])
        v = office(program, folder)
        with Server(program, folder, "--calls", "0", "--sign-ins", "0") as s:
            token = sign_in(s, "chen").json()["token"]
            door = s.all("/doors", token)[0]
            calls = [("/persons?find=a&area=1-1", ()), ("/areas?under=1-1", ()), ("/rounds/0/missing?area=1-1*", ()), (f"/persons/{v.ids[0]}*", ()), (f"/doors/{door['id']}*", ()),
                     ("/members", ("--data", '{"name":"a","phone":"13600000000"}')), (f"/persons/{v.ids[0]}/reveal", ("--data", '{"reason":"a"}')),
                     ("/auth/phone", ("--data", '{"invite":"abc","public_key":"' + "A" * 43 + '"}'))]
            for path, words in calls:
                headers = f"Authorization: Bearer {token}" + ("\nContent-Type: application/json" if words else "")
                found, clean, said = scan(folder, f"{s.url}{path}", "--headers", headers, *words)
                ok = clean and not found
                passed, failed = passed + ok, failed + (not ok)
                if not ok:
                    print(f"--- {path}\n{said[-3000:]}")
            # What a session is looked up by: the token itself.
            found, clean, said = scan(folder, f"{s.url}/site", "--headers", "Authorization: Bearer *")
            ok = clean and not found
            passed, failed = passed + ok, failed + (not ok)
            if not ok:
                print(f"--- the token\n{said[-3000:]}")
            broken = re.findall(r'"status":5\d\d', s.logged())
            calls = s.logged().count('"call":')
        sound = v("verify")["faults"] == 0 and not broken
        passed, failed = passed + sound, failed + (not sound)
    print(f"sqlmap made {calls} calls")
    print(f"inject: {passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
