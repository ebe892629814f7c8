"""The live stream: what it says to whom, how it goes on after a cut, when it ends; two servers of one store; an end that loses nothing."""
import http.client
import json
import resource
import signal
import socket
import sqlite3
import threading
import time

from phone import Phone
from server import Server
from test_server import office, sign_in, until


class Stream:
    """One EventSource."""

    def __init__(self, server, token, last=None, query=""):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        self.left, self.open, self.last = b"", True, last
        lines = [f"GET /api/v1/live{query} HTTP/1.1", "Host: x", f"Authorization: Bearer {token}", "Accept: text/event-stream"] + ([f"Last-Event-ID: {last}"] if last is not None else [])
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.left:
            self.more()
        head, self.left = self.left.split(b"\r\n\r\n", 1)
        self.status, self.head, self.text = int(head.split()[1]), head.decode(), b""

    def more(self):
        got = self.socket.recv(65536)
        self.open = self.open and got != b""
        self.left += got
        return got != b""

    def chunks(self):
        """What stands whole in chunked coding."""
        while b"\r\n" in self.left:
            size, rest = self.left.split(b"\r\n", 1)
            n = int(size, 16)
            if n == 0:
                self.open = False
            if len(rest) < n + 2:
                return
            self.text, self.left = self.text + rest[:n], rest[n + 2:]

    def event(self, seconds=20):
        """The next event; None when the stream ended."""
        self.socket.settimeout(seconds)
        while True:
            self.chunks()
            while b"\n\n" in self.text:
                one, self.text = self.text.split(b"\n\n", 1)
                fields = dict(line.split(": ", 1) for line in one.decode().split("\n"))
                if "id" in fields:
                    self.last = int(fields["id"])
                    return fields["event"], json.loads(fields["data"])
            if not self.open or not self.more():
                return None

    def quiet(self, seconds):
        """Nothing is said for a while."""
        try:
            return self.event(seconds) is None
        except TimeoutError:
            return True

    def close(self):
        self.socket.close()


def ending(stream):
    while stream.event(30) is not None:
        pass
    return not stream.open


def enrolled(s, token, v, folder, login="wu"):
    phone = Phone(folder)
    invite = s.post("/devices/invites", {"member": v.members[login], "name": "手机"}, token)["invite"]
    phone.enrolled(s.post("/auth/phone", {"invite": invite, "public_key": phone.public}))
    return phone


def visit(s, token, phone, state="done"):
    """Somebody who is missing in 1-1-1 is ticked by a phone; its receipt."""
    person = s.get("/rounds/0/missing", token)["items"][0]
    phone.record("visit", person["door"], {"round": s.get("/rounds/0", token)["id"], "outcome": "done", "people": [{"person": person["id"], "state": state}]})
    return s.post("/entries", phone.upload(first=phone.n), phone.token, type="application/x-doorward-upload")["receipts"][0]


def token_of(s, login):
    return sign_in(s, login).json()["token"]


def codes(data):
    return {a["code"]: (a["owed"], a["covered"], a["missing"]) for a in data["areas"]}


def test_what_is_said_to_whom(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen, wu = token_of(s, "chen"), token_of(s, "wu")
        phone = enrolled(s, chen, v, folder)
        assert s.call("GET", "/live").status == 401 and s.call("GET", "/live", token=token_of(s, "li")).status == 403
        all_of_it, part, fine = Stream(s, chen), Stream(s, wu), Stream(s, wu, query="?buildings=true")
        assert all_of_it.status == 200 and "text/event-stream" in all_of_it.head
        (kind, first), (_, mine), (_, buildings) = all_of_it.event(), part.event(), fine.event()
        assert kind == "state" and codes(first)[""] == (8, 0, 8) and first["held"] == {"waiting": 0, "last": 0} and first["numbers"]["persons"] == 8
        assert "1-1" in codes(mine) and "" not in codes(mine) and "1" not in codes(mine) and "held" not in mine and "lab" not in mine, mine
        assert "1-1-1" in codes(buildings) and "1-1-1" not in codes(mine)
        visit(s, chen, phone)
        (kind, changed), (_, mine) = all_of_it.event(), part.event()
        assert kind == "change" and codes(changed)[""] == (8, 1, 7) and codes(mine)["1-1"] == (8, 1, 7) and "numbers" not in changed and "held" not in changed
        assert all_of_it.last == s.get("/site", chen)["seq"]
        # What changes nothing that is told is not told.
        s.post("/members", {"name": "甲"}, chen)
        assert all_of_it.quiet(1)
        # What waits for a person is told to who decides.
        phone.record("tube.open", v.ids[0], {"round": s.get("/rounds/0", chen)["id"], "code": "T1", "capacity": 10, "use": "pool"})
        phone.record("card.issue", v.ids[0], {"version": 1, "heads": 1})
        s.post("/entries", phone.upload(first=phone.n - 1), phone.token, type="application/x-doorward-upload")
        waiting = len(s.all("/held", chen))
        assert waiting > 0 and all_of_it.event()[1]["held"]["waiting"] == waiting and part.quiet(1)
        # Cut off, and back: what happened meanwhile in one event; nothing new, nothing said; a number nobody gave, everything.
        part.close()
        visit(s, chen, phone)
        visit(s, chen, phone)
        back = Stream(s, wu, last=part.last)
        kind, changed = back.event()
        assert kind == "change" and codes(changed)["1-1"] == (8, 3, 5)
        assert Stream(s, wu, last=back.last).quiet(1)
        assert Stream(s, wu, last=10**15).event()[0] == Stream(s, wu, last="x").event()[0] == "state"
        assert Stream(s, wu, query=f"?after={part.last}").event()[1] == changed
        for stream in (all_of_it, back, fine):
            stream.close()
        assert until(lambda: s.get("/site", chen)["persons"] == 8)


def test_streams_end_with_what_allowed_them(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen, wu, other = token_of(s, "chen"), token_of(s, "wu"), token_of(s, "wu")
        phone = enrolled(s, chen, v, folder)
        lost = enrolled(s, chen, v, folder, "chen")
        streams = {name: Stream(s, token) for name, token in (("wu", wu), ("other", other), ("phone", phone.token), ("lost", lost.token))}
        for stream in streams.values():
            assert stream.event()[0] == "state"
        assert s.call("DELETE", "/auth/session", token=wu).status == 200
        assert ending(streams["wu"]) and streams["other"].quiet(1)
        grant = [g for g in s.all("/grants", chen) if g["member"] == v.members["wu"]][0]
        s.call("DELETE", f"/grants/{grant['id']}?reason=x", token=chen)
        assert ending(streams["other"]) and ending(streams["phone"])
        s.post(f"/devices/{lost.device}/revoke", {"reason": "丢失"}, chen)
        assert ending(streams["lost"])
        # Given again, a new stream begins with everything.
        again = v("grant", "give", v.members["wu"], "--role", "group_leader", "--area", "1-1")["id"]
        assert until(lambda: again in {g["id"] for g in s.all("/grants", chen)})
        assert Stream(s, other).event()[0] == "state"
        last = Stream(s, chen)
        assert last.event()[0] == "state"
        s.child.send_signal(signal.SIGTERM)
        assert ending(last), "the end of the server ends the stream whole"


def test_two_servers_of_one_store(program, folder):
    v = office(program, folder)
    with Server(program, folder) as a, Server(program, folder) as b:
        chen = token_of(a, "chen")
        assert until(lambda: b.call("GET", "/site", token=chen).status == 200), "a session is good at both"
        far = Stream(b, chen)
        assert far.event()[0] == "state"
        phones = [enrolled(s, chen, v, folder) for s in (a, b)]
        for turn in range(4):
            s, phone = ((a, phones[0]), (b, phones[1]))[turn % 2]
            # The other server's entries are there before this one judges: the next who is missing is another one.
            assert until(lambda: s.get("/rounds/0", chen)["covered"] == turn)
            assert visit(s, chen, phone)["held"] == 0
        while codes(far.event()[1]).get("") != (8, 4, 4):
            pass
        # A phone goes on at the other server: its chain is known there.
        assert visit(b, chen, phones[0])["held"] == 0
        v("person", "add", "--name", "新来的", "--door", "1-1-1·300")
        assert until(lambda: all(s.get("/rounds/0", chen)["covered"] == 5 and s.get("/site", chen)["persons"] == 9 for s in (a, b)))
        assert a.get("/rounds/0/areas?buildings=true", chen) == b.get("/rounds/0/areas?buildings=true", chen) and a.get("/site", chen) == b.get("/site", chen)
        # A grant that one takes back counts at the other.
        grant = [g for g in a.all("/grants", chen) if g["member"] == v.members["wu"]][0]
        wu = token_of(b, "wu")
        assert b.call("GET", "/site", token=wu).status == 200
        a.call("DELETE", f"/grants/{grant['id']}?reason=x", token=chen)
        assert until(lambda: b.call("GET", "/site", token=wu).status == 403)
        # Back at the first with what it had from the second.
        assert Stream(a, chen, last=far.last).event() is not None
        assert v("verify")["faults"] == 0


def test_two_thousand_listeners(program, folder):
    most = 2000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    assert min(hard, 8192) > most + 200, "raise the limit of open files (ulimit -Hn)"
    v = office(program, folder)
    with Server(program, folder, "--calls", "0") as s:  # of two sessions they are
        chen, wu = token_of(s, "chen"), token_of(s, "wu")
        phone = enrolled(s, chen, v, folder)
        streams = [Stream(s, (chen, wu)[i % 2]) for i in range(most)]
        for stream in streams:
            assert stream.event()[0] == "state"
        seen = [stream.last for stream in streams]
        receipts = [visit(s, chen, phone) for _ in range(3)]
        for i, stream in enumerate(streams):
            while codes(stream.event()[1])[("", "1-1")[i % 2]][1] != 3:
                assert stream.last > seen[i], "numbers rise"
                seen[i] = stream.last
            assert stream.last >= receipts[-1]["first_seq"]
        # Those who leave without a word are no burden to those who stay.
        for stream in streams[::2]:
            stream.close()
        visit(s, chen, phone)
        assert all(codes(stream.event()[1])["1-1"][1] == 4 for stream in streams[1::2])
        s.child.send_signal(signal.SIGTERM)
        assert all(ending(stream) for stream in streams[1::2])
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_an_end_that_loses_nothing(program, folder):
    """Told to end while pushes wait for the store: they are written and answered, streams end whole, and it ends well."""
    v = office(program, folder)
    s = Server(program, folder)
    chen = token_of(s, "chen")
    phones = [enrolled(s, chen, v, folder) for _ in range(6)]
    round_id, door = s.get("/rounds/0", chen)["id"], s.all("/doors", chen)[0]["id"]
    streams, told, sent = [Stream(s, chen) for _ in range(5)], [], []
    # All that takes time is done beforehand: the entries are signed, the connections have been used.
    uploads = []
    for phone in phones:
        phone.record("visit", door, {"round": round_id, "outcome": "nobody_home"})
        conn = http.client.HTTPConnection("127.0.0.1", s.port, timeout=60)
        conn.request("GET", "/api/v1/health")
        assert conn.getresponse().read()
        uploads.append((phone, conn, phone.upload()))
    other = sqlite3.connect(f"{folder}/a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def work(phone, conn, body):
        conn.request("POST", "/api/v1/entries", body, {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/x-doorward-upload"})
        sent.append(phone)
        answer = conn.getresponse()
        told.append((phone, answer.status, answer.read()))

    threads = [threading.Thread(target=work, args=one) for one in uploads]
    for thread in threads:
        thread.start()
    assert until(lambda: len(sent) == len(uploads))
    time.sleep(1)
    s.child.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    assert s.child.poll() is None and not told, "it waits for what it has taken on"
    other.execute("ROLLBACK")
    other.close()
    for thread in threads:
        thread.join()
    s.stop()
    assert all(ending(stream) for stream in streams)
    assert [status for _, status, _ in told] == [200] * 6
    entries = [(e["entry"]["device"], e["entry"]["n"]) for e in v("entries", "show", "--limit", "100000")]
    assert all(entries.count((phone.device, 1)) == 1 and json.loads(body)["receipts"][0]["last"] == 1 for phone, _, body in told)
    assert v("verify")["faults"] == 0
