"""Whoever means harm, or only sends slowly: the server stays up, holds him back, and answers everybody else."""
import json
import resource
import socket
import time
import urllib.error

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import fleet
from phone import Phone, b64
from server import Server
from test_server import PASSWORD, office, sign_in, until

HEAD = "POST /api/v1/auth/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def raw(s, data, wait=10.0):
    """What the server says to these bytes; b"" when it only ends the connection."""
    with socket.create_connection(("127.0.0.1", s.port), timeout=wait) as conn:
        try:
            conn.sendall(data)
            return conn.recv(65536)
        except OSError:
            return b""


def status(answer):
    return int(answer.split()[1]) if answer.startswith(b"HTTP/") else 0


def ended(conn):
    """Whether the server has ended this connection (what it said before counts as nothing)."""
    conn.setblocking(False)
    try:
        while True:
            if conn.recv(65536) == b"":
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def memory(s):
    return int([line.split()[1] for line in open(f"/proc/{s.child.pid}/status", encoding="utf-8") if line.startswith("VmRSS")][0]) / 1024


def test_too_many_calls(program, folder):
    office(program, folder)
    with Server(program, folder, "--calls", "1", "--sign-ins", "2", "--proxy") as s:  # so few that no slow machine gets them back meanwhile
        here, there = {"X-Forwarded-For": "6.6.6.6, 192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
        answer = s.call("POST", "/auth/session", {"login": "chen", "password": PASSWORD}, headers=there)
        one, two = answer.json()["token"], s.call("POST", "/auth/session", {"login": "chen", "password": PASSWORD}, headers=there).json()["token"]
        # By address, whatever the login; a name that the caller himself wrote before the proxy's does not help him.
        tries = [s.call("POST", "/auth/session", {"login": f"n{i}", "password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{i}, 192.0.2.1"}) for i in range(12)]
        assert [t.status for t in tries].count(429) >= 4 and tries[0].status == 401, [t.status for t in tries]
        limited = [t for t in tries if t.status == 429][0]
        assert int(limited.headers["Retry-After"]) >= 1 and limited.json()["code"] == "TOO_MANY"
        assert s.call("POST", "/auth/session", {"login": "nobody", "password": "x"}, headers=there).status == 401, "another address is not held back"
        # By session.
        calls = [s.call("GET", "/site", token=one, headers=here).status for _ in range(60)]
        assert calls[0] == 200 and 429 in calls and set(calls) == {200, 429}, calls
        assert s.call("GET", "/site", token=two, headers=here).status == 200, "another session is not held back"
        assert until(lambda: s.call("GET", "/site", token=one).status == 200), "but only for a while"
        # Whoever guesses tokens.
        assert 429 in [s.call("GET", "/site", token="A" * 43, headers=here).status for _ in range(60)]
        assert s.call("GET", "/health").status == 200


def metric(s, name, token):
    text = s.call("GET", "/metrics", token=token, root=True).body.decode()
    return int(float(next(line.split()[1] for line in text.splitlines() if line.startswith(name + " "))))


def test_a_village_behind_one_address(program, folder):
    """Who is right may come as often as he likes; who guesses is held back, and what his guesses cost is bounded."""
    office(program, folder)
    with Server(program, folder, "--calls", "0", "--sign-ins", "1") as s:  # one wrong one a minute
        chen = sign_in(s, "chen").json()["token"]
        member = s.post("/members", {"name": "队员"}, chen)["id"]
        phones = fleet.enrol(s, chen, member, 300)  # no answer but 200

        def resume(phone):
            now = s.get("/auth/time")["now"]
            return s.call("PUT", "/auth/phone", {"device": phone.device, "at": now, "sign": b64(phone.sign(f"doorward session {phone.device} {now}".encode()))})

        with ThreadPoolExecutor(32) as pool:
            assert {a.status for a in pool.map(resume, phones)} == {200}
        for _ in range(20):
            assert sign_in(s, "chen").status == 200
        checked = metric(s, "doorward_password_checks_total", chen)

        def guess(i):
            return s.call("POST", "/auth/session", {"login": f"nobody{i}", "password": "x"})

        with ThreadPoolExecutor(32) as pool:
            tries = list(pool.map(guess, range(100)))
        late = [t for t in tries if t.status == 429]
        assert {t.status for t in tries} == {401, 429} and len(late) > 50, [t.status for t in tries]
        assert all(int(t.headers["Retry-After"]) >= 1 and t.json()["code"] == "TOO_MANY" for t in late)
        checked = metric(s, "doorward_password_checks_total", chen) - checked
        assert checked == len(tries) - len(late), "who is held back costs no password check"
        assert sign_in(s, "chen").status == 429, "whoever it is"
        assert s.call("GET", "/site", token=chen).status == 200 and resume(phones[0]).status == 200, "who is signed in goes on, and so do phones"
    with Server(program, folder, "--sign-ins", "1") as s:
        tries = [s.call("POST", "/auth/phone", {"invite": "A" * 43, "public_key": phones[0].public}) for _ in range(8)]
        assert tries[0].status == 401 and tries[-1].status == 429 and int(tries[-1].headers["Retry-After"]) >= 1, [t.status for t in tries]
    with Server(program, folder, "--sign-ins", "1") as s:
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        tries = [s.call("PUT", "/auth/phone", {"device": phones[0].device, "at": at, "sign": "A" * 86}) for _ in range(8)]
        assert tries[0].status == 403 and tries[-1].status == 429 and int(tries[-1].headers["Retry-After"]) >= 1, [t.status for t in tries]


def test_signing_in_by_a_cookie_of_somebody_elses(program, folder):
    office(program, folder)
    with Server(program, folder) as s:
        # Fixation: a session that an attacker put into the browser does not become the victim's.
        planted = sign_in(s, "wu").json()["token"]
        answer = s.call("POST", "/auth/session", {"login": "chen", "password": PASSWORD}, cookie=planted)
        fresh = answer.json()["token"]
        assert fresh != planted and f"doorward={fresh}" in answer.headers["Set-Cookie"]
        assert s.get("/auth/me", planted)["grants"][0]["role"] == "group_leader", "and what was planted stays what it was"
        made_up = s.call("POST", "/auth/session", {"login": "chen", "password": PASSWORD}, cookie="A" * 43).json()["token"]
        assert made_up != "A" * 43 and s.call("GET", "/site", token="A" * 43).status == 401
        # Forged by another site's page: no way of changing anything carries only the cookie.
        for method, path, body in (("POST", "/members", {"name": "甲"}), ("PUT", "/auth/totp", {"code": "000000"}), ("DELETE", "/auth/session", None), ("POST", "/entries", b"x")):
            for headers in ({}, {"X-Doorward": "1", "Sec-Fetch-Site": "cross-site"}, {"X-Doorward": "1", "Sec-Fetch-Site": "same-site"}):
                type = "application/x-doorward-upload" if path == "/entries" else "application/json"
                assert s.call(method, path, body, cookie=fresh, headers=headers, type=type).status == 403, (method, path, headers)
        assert s.get("/site", fresh)["persons"] == 8
        answer = s.call("GET", "/site", token=fresh)
        for name, value in (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cache-Control", "private, no-cache")):
            assert answer.headers[name] == value
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"] and answer.headers["Access-Control-Allow-Origin"] is None


def test_paths_and_heads_that_nobody_means_well(program, folder):
    office(program, folder)
    with Server(program, folder) as s:
        for path in ("/../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "//etc/passwd", "/api/v1/../../a.db", "/api/v1/%2e%2e/%2e%2e/a.db", "/api/v1/persons/..%2f..%2fsite",
                     "/a.db", "/api/v1/site%00.json", "/api/v1/persons/" + "x" * 200, "/api/v1/" + "%ff" * 50, "/api/v1/site/", "/API/V1/site", "\\..\\..\\a.db"):
            answer = raw(s, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            assert status(answer) in (400, 401, 404, 0) and b"root:" not in answer and b"SQLite format" not in answer, (path, answer[:200])
        floods = {
            "one huge header": b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200000 + b"\r\n\r\n",
            "many headers": b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(20000)) + b"\r\n",
            "a huge path": b"GET /api/v1/" + b"a" * 200000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            "many parameters": b"GET /api/v1/areas?" + b"&".join(b"a%d=1" % i for i in range(5000)) + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            "many cookies": b"GET /api/v1/site HTTP/1.1\r\nHost: x\r\nCookie: " + b"; ".join(b"c%d=1" % i for i in range(3000)) + b"\r\n\r\n",
            "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100 + b"\r\n\r\n",
            "an unknown method": b"BREW /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n",
            "two lengths": (HEAD + "Content-Length: 5\r\nContent-Length: 500\r\n\r\n{}").encode(),
            "a negative length": (HEAD + "Content-Length: -5\r\n\r\n{}").encode(),
            "a length beyond all": (HEAD + "Content-Length: 99999999999999999999999\r\n\r\n{}").encode(),
            "a length and chunks": (HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").encode(),
            "chunks of nonsense": (HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n").encode(),
            "a length too large": (HEAD + "Content-Length: 5000\r\n\r\n").encode() + b"x" * 5000,
            "chunks without end": (HEAD + "Transfer-Encoding: chunked\r\n\r\n").encode() + b"10000\r\n" + b"x" * 65536 + b"\r\n" * 1 + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 40,
            "32 MiB of a stranger": b"POST /api/v1/entries HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-doorward-upload\r\nContent-Length: 33000000\r\n\r\n" + b"x" * 100000,
        }
        for name, data in floods.items():
            for _ in range(2):
                answer = raw(s, data, wait=3)
                assert status(answer) == 0 or 400 <= status(answer) < 500 or status(answer) == 501, (name, answer[:300])
        # The library says nothing of parameters for which it has no room, and keeps the connection: none may come so far. No answer
        # is an end at once; a connection that is only left alone would be TimeoutError here.
        for count in (1, 20, 63, 64, 65, 100, 200, 230, 240, 250, 300, 1000, 5000):
            for heads in (0, 60, 120, 180, 200, 220, 240, 1000):
                with socket.create_connection(("127.0.0.1", s.port), timeout=25) as conn:
                    answer = b""
                    try:
                        conn.sendall(b"GET /api/v1/areas?" + b"&".join(b"a%d=1" % i for i in range(count)) + b" HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(heads)) + b"\r\n")
                        answer = conn.recv(65536)
                    except ConnectionError:
                        pass
                assert status(answer) in (0, 400, 414, 431), (count, heads, answer[:200])
                if 64 < count <= 300 and heads == 0:  # (what is longer than all its room, the library refuses in its own words)
                    said = json.loads(answer.split(b"\r\n\r\n", 1)[1])
                    assert said["code"] == "TOO_LARGE" and said["status"] == 414 and said["fix"], said
                if count <= 64 and heads <= 60:
                    assert status(answer) == 400, (count, heads, answer[:200])
        for length in (5000, 7000, 15000, 16000, 16300, 16400, 20000, 100000):
            answer = raw(s, b"GET /api/v1/" + b"a" * length + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            assert status(answer) in ((404,) if length == 5000 else (0, 414)), (length, answer[:200])
        assert status(raw(s, floods["two lengths"], wait=60)) == 400, "which of them counts would be for a proxy and us to differ about"
        assert status(raw(s, floods["32 MiB of a stranger"])) in (0, 401)
        assert s.call("GET", "/health").status == 200 and sign_in(s, "chen").status == 200


def test_a_crowd_that_only_holds_connections(program, folder):
    """10,000 connections: idle, half a head, half a body, one byte now and then; others are answered, and the slow ones end."""
    office(program, folder)
    want = 10000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = min(want, hard - 500)
    if crowd < want:
        print(f"hostile: this machine allows {hard} open files, so {crowd} connections instead of {want}")
    starts = [b"", b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: ", b"G", (HEAD + "Content-Length: 4000\r\n\r\n{\"login\":").encode(), (HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n{").encode()]
    conns = []
    try:
        with Server(program, folder, "--sign-ins", "0") as s:
            token = sign_in(s, "chen").json()["token"]
            before = memory(s)
            for i in range(crowd):
                conn = socket.create_connection(("127.0.0.1", s.port), timeout=30)
                conns.append(conn)
                if starts[i % 5]:
                    conn.sendall(starts[i % 5])
                if i % 500 == 0:
                    assert s.call("GET", "/site", token=token).status == 200
            print(f"hostile: {len(conns)} connections, memory {before:.0f} -> {memory(s):.0f} MiB")
            for _ in range(20):
                assert s.call("GET", "/site", token=token).status == 200 and sign_in(s, "chen").status == 200
            # A trickle does not keep a connection alive: a whole head has its time, a body its least speed.
            left, begin = conns, time.time()
            while left and time.time() - begin < 120:
                for conn in left[1::100]:
                    try:
                        conn.setblocking(False)
                        conn.send(b"a")
                    except OSError:
                        pass
                time.sleep(1)
                left = [conn for conn in left if not ended(conn)]
            assert not left, f"{len(left)} slow connections were not ended"
            assert s.call("GET", "/site", token=token).status == 200
            phone = Phone(folder)
            member = s.post("/members", {"name": "后来的人"}, token)["id"]
            phone.enrolled(s.post("/auth/phone", {"invite": s.post("/devices/invites", {"member": member, "name": "手机"}, token)["invite"], "public_key": phone.public}))
    finally:
        for conn in conns:
            conn.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_large_upload_still_comes_through(program, folder):
    """Who may send much is asked before it is read, and then it is read: by length and in chunks."""
    office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        phone = Phone(folder)
        member = s.post("/members", {"name": "包栋人"}, chen)["id"]
        phone.enrolled(s.post("/auth/phone", {"invite": s.post("/devices/invites", {"member": member, "name": "手机"}, chen)["invite"], "public_key": phone.public}))
        door, round_id = s.all("/doors", chen)[0]["id"], s.get("/rounds/0", chen)["id"]
        for _ in range(400):
            phone.record("visit", door, {"round": round_id, "outcome": "empty"})
        body = phone.upload()
        assert len(body) > 100000
        chunked = b"".join(b"%x\r\n" % len(piece) + piece + b"\r\n" for piece in (body[i:i + 30000] for i in range(0, len(body), 30000))) + b"0\r\n\r\n"
        head = f"POST /api/v1/entries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {phone.token}\r\nContent-Type: application/x-doorward-upload\r\n"
        assert status(raw(s, (head + "Transfer-Encoding: chunked\r\n\r\n").encode() + chunked)) == 200
        again = s.call("POST", "/entries", body, token=phone.token, type="application/x-doorward-upload")
        assert again.status == 200 and again.json()["receipts"][0]["known"] == 400
        assert s.call("POST", "/entries", body, token=chen, type="application/x-doorward-upload").status == 403
        try:
            refused = s.call("POST", "/entries", body, type="application/x-doorward-upload").status
        except (urllib.error.URLError, OSError):
            refused = 401  # it was answered before all was sent
        assert refused == 401
