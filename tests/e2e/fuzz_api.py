#!/usr/bin/env python3
"""tests/e2e/fuzz_api.py PROGRAM SCHEMATHESIS CASES [--seed N] [--keep FILE]: the description of the API against the server, by
schemathesis: CASES calls or more as somebody who may do everything, none answered by a 5xx or outside its schema. The site must be
sound afterwards. What came of it is kept in FILE."""
import datetime
import json
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from server import Server  # noqa: E402
from test_server import office, sign_in  # noqa: E402

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"
# The live stream has no end: its first event is its answer. Where there is nothing new, no event comes.
SETTINGS = """[[operations]]
include-operation-id = "live_listen"
max-stream-events = 1
request-timeout = 2
"""


def main():
    program, tool, cases = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
    options = dict(zip(sys.argv[4::2], sys.argv[5::2]))
    seed = int(options.get("--seed", random.randrange(10**9)))
    with tempfile.TemporaryDirectory(prefix="doorward-fuzz-api-") as folder:
        v = office(program, folder)
        with Server(program, folder, "--calls", "0", "--sign-ins", "0") as s:
            token = sign_in(s, "chen").json()["token"]
            all_of_it = {one["operationId"] for methods in json.loads(s.call("GET", "/openapi.json").body)["paths"].values() for one in methods.values()} - {"auth_sign_out"}
            operations = len(all_of_it)
            ids = {kind: [one["id"] for one in s.all(f"/{kind}", token)] for kind in ("areas", "doors", "households", "persons", "members", "grants", "devices")}
            ids.update(codes=[area["code"] for area in s.all("/areas", token)], number=["0", "1", "2"], seq=["1", "20", "40"])
            json.dump(ids, open(f"{folder}/ids.json", "w", encoding="utf-8"))
            hooks = {**os.environ, "SCHEMATHESIS_HOOKS": os.path.join(os.path.dirname(os.path.abspath(__file__)), "fuzz_api_hooks.py"), "DOORWARD_FUZZ_IDS": f"{folder}/ids.json"}
            open(f"{folder}/schemathesis.toml", "w", encoding="utf-8").write(SETTINGS)
            # Signing out would end the session that all calls show.
            words = [tool, "run", f"http://127.0.0.1:{s.port}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}", "--phases", "examples,coverage,fuzzing", "--checks", CHECKS,
                     "--exclude-operation-id", "auth_sign_out", "--max-examples", str(max(cases // operations * 5 // 4, 1)), "--seed", str(seed), "--workers", "2", "--no-color", "--warnings", "off",
                     "--suppress-health-check", "all", "--continue-on-failure"]
            done = subprocess.run(words, capture_output=True, text=True, cwd=folder, env=hooks, errors="replace")
            made = sum(map(int, re.findall(r"Test cases:?\s*\n?\s*(\d+) generated", done.stdout)))
            log = s.logged()
            alive = s.call("GET", "/health").status == 200
        calls = log.count('"call":')
        uncalled = all_of_it - {route.replace(".", "_") for route in re.findall(r'"route":"([^"]+)"', log)}
        reached = set(re.findall(r'"route":"([^"]+)","status":2\d\d', log))
        broken = [line for line in log.splitlines() if re.search(r'"status":5\d\d', line)]
        sound = v("verify")["faults"] == 0
        good = done.returncode == 0 and alive and sound and not broken and not uncalled and calls >= cases
        if not good:
            print(done.stdout[-20000:], done.stderr[-2000:], *broken[:20], f"never called: {sorted(uncalled)}", sep="\n")
        told = {"date": datetime.date.today().isoformat(), "seed": seed, "cases": made, "calls": calls, "operations": operations - len(uncalled), "succeeded_once": len(reached - {"auth.sign_out", "none"}),
                "answered_5xx": len(broken), "failures": len(re.findall(r"^_{3,} ", done.stdout, re.M)), "failed": int(not good)}
        if "--keep" in options:
            open(options["--keep"], "w", encoding="utf-8").write(json.dumps(told) + "\n")
        print(f"seed {seed}: {made} cases, {calls} calls, {len(broken)} answered by a 5xx, site {'sound' if sound else 'BROKEN'}, schemathesis {'content' if done.returncode == 0 else 'not content'}")
        print(f"fuzz_api: {int(good)} passed, {int(not good)} failed")
        sys.exit(not good)


main()
