"""Phones and the site: the first load, what is new behind a cursor, wrong clocks, thieves, forks, people lent to another grid, cuts."""
import base64
import json
import os
import random
import socket
import subprocess
from datetime import datetime, timedelta, timezone

from phone import Phone, b64, new_id
from server import Server
from test_server import office, sign_in, until
from test_tubes import NAMES
from tool import call


class World:
    """A village served over HTTP: one member with the whole of it and one with 1-1-1 only, a phone each."""

    def __init__(self, program, folder):
        self.v, self.program, self.folder = office(program, folder), program, folder
        self.server = Server(program, folder)

    def __enter__(self):
        self.server.__enter__()
        self.chen = sign_in(self.server, "chen").json()["token"]
        self.round = self.server.get("/rounds/0", self.chen)["id"]
        self.doors = {d["code"]: d["id"] for d in self.server.all("/doors", self.chen)}
        self.far = self.server.post("/doors", {"building": "1-1-2", "room": "101"}, self.chen)["id"]
        self.whole, self.mine = self.phone("全村", "grid_leader", None), self.phone("包栋人", "keeper", "1-1-1")
        return self

    def __exit__(self, *_):
        self.server.stop()
        self.v.sound()

    def member(self, name, role=None, area=None, **dates):
        member = self.server.post("/members", {"name": name}, self.chen)["id"]
        if role:
            self.server.post("/grants", {"member": member, "role": role, **({"area": area} if area else {}), **dates}, self.chen)
        return member

    def phone(self, name, role=None, area=None, member=None, **how):
        member = member or self.member(name, role, area)
        invite = self.server.post("/devices/invites", {"member": member, "name": name + "的手机"}, self.chen)["invite"]
        phone = Phone(self.folder, **how)
        phone.member = member
        phone.enrolled(self.server.post("/auth/phone", {"invite": invite, "public_key": phone.public}))
        return phone

    def visit(self, phone, door, people, state="done", **more):
        outcome = more.pop("outcome", "done")
        return phone.record("visit", door, {"round": self.round, "outcome": outcome, "people": [{"person": p, "state": state} for p in people]}, **more)

    def pushed(self, phone, *span, **rest):
        answer = phone.push(self.server, *span, **rest)
        assert answer.status == 200, answer.body
        return answer.json()["receipts"][0]

    def device(self, phone):
        return [d for d in self.server.all("/devices", self.chen) if d["id"] == phone.device][0]

    def same_as_fresh(self, phone):
        """What a phone has put together from pages is what a bundle says."""
        pages = phone.records
        phone.load(self.server)
        differ = {k: (pages.get(k), phone.records.get(k)) for k in pages.keys() | phone.records.keys() if pages.get(k) != phone.records.get(k)}
        assert not differ, differ


def test_the_first_load_has_what_a_phone_needs_and_no_more(program, folder):
    with World(program, folder) as w:
        answer = w.mine.load(w.server, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip" and answer.headers["Content-Type"] == "application/x-ndjson"
        w.mine.load(w.server)
        assert {p["name"] for p in w.mine.knows("person")} == set(NAMES) and {p["phone"] for p in w.mine.knows("person")} >= {"138****0000"}
        assert all(p["pinyin"] for p in w.mine.knows("person")) and [p["pinyin"] for p in w.mine.knows("person") if p["name"] == "林志强"] == ["lin zhi qiang"]
        assert {a["code"] for a in w.mine.knows("area")} == {"350599101201", "1", "1-1", "1-1-1"}, w.mine.knows("area")
        assert {a["code"] for a in w.mine.knows("area") if a.get("mine")} == {"1-1-1"}, w.mine.knows("area")
        assert {d["id"] for d in w.mine.knows("door")} == set(w.doors.values()) and w.far not in {d["id"] for d in w.mine.knows("door")}
        assert len(w.mine.knows("mark")) == 8 and all(m["roster"] for m in w.mine.knows("mark")) and w.mine.knows("round")[0]["id"] == w.round
        assert [(g["role"], m["name"]) for g in w.mine.knows("grant") for m in w.mine.knows("member") if m.get("me")] == [("keeper", "包栋人")]
        assert not w.mine.pull(w.server) and w.mine.items == [], "a bundle is up to date"
        assert w.server.call("GET", "/sync/bundle", token=w.chen).status == 403, "officers have pages of their own"
        looks = [e["entry"]["body"] for e in w.v("entries", "show", "--limit", "1000") if e["entry"]["kind"] == "look"]
        assert [(look["what"], look["people"]) for look in looks] == [("sync.bundle", 8)] * 2, looks


def test_pull_brings_what_others_did(program, folder):
    with World(program, folder) as w:
        for phone in (w.mine, w.whole): phone.load(w.server)
        w.visit(w.whole, w.doors["1-1-1·300"], w.v.ids[:2])
        w.visit(w.whole, w.far, [])
        w.pushed(w.whole)
        assert not w.mine.pull(w.server)
        got = [json.loads(e["text"]) for e in w.mine.items if e["kind"] == "visit"]
        assert [e["on"] for e in got] == [w.doors["1-1-1·300"]], "what lies elsewhere is not told"
        assert w.mine.items[0]["text"] in [text for text, _ in w.whole.entries], "byte for byte"
        assert {m["person"] for m in w.mine.knows("mark") if m.get("state") == "done"} == set(w.v.ids[:2])
        w.same_as_fresh(w.mine)
        # Clear values go with what the member may see: a document in full is not his.
        w.whole.record("person.set", w.v.ids[0], {}, personal={"name": "林志坚", "doc": "350582199001011234", "phone": "13911112222"})
        w.pushed(w.whole, 3)
        w.mine.pull(w.server)
        last = [e for e in w.mine.items if e["kind"] == "person.set"][-1]
        assert list(last["part"]) == ["name"] and last["part"]["name"][1] == "林志坚", last["part"]
        assert [(p["phone"], p["pinyin"]) for p in w.mine.knows("person") if p["id"] == w.v.ids[0]] == [("139****2222", "lin zhi jian")]
        w.whole.record("person.set", w.v.ids[0], {}, personal={"name": "John Lin"})
        w.pushed(w.whole, 4)
        w.mine.pull(w.server)
        assert [p for p in w.mine.knows("person") if p["name"] == "John Lin" and "pinyin" not in p], "a name without Han characters has none"
        # An officer reads entries where he has entry.read; a keeper's login does not.
        page = w.server.get("/entries?cursor=0&limit=1000", w.chen)
        assert [e["seq"] for e in page["items"]] == list(range(1, page["seq"] + 1)) and page["next"]
        assert all(e["part"] is None for e in page["items"]), "the register's pages show clear values, and record who looked"
        li = sign_in(w.server, "li").json()["token"]
        assert w.server.call("GET", "/entries", token=li).status == 403 and w.server.call("GET", "/entries").status == 401
        for cursor in ("x", "-1", "1.2", "1.2.3.4.5", "1.2.3.4.5.6.7", "1.2.3.4.5.x", "99999999999999999999"):
            assert w.server.call("GET", f"/entries?cursor={cursor}", token=w.chen).status == 400, cursor


def test_people_who_move_in_and_out_of_a_scope(program, folder):
    with World(program, folder) as w:
        w.mine.load(w.server)
        stranger = new_id()
        w.whole.record("person.set", stranger, {"door": w.far}, personal={"name": "远方人", "phone": "13700001111"})
        w.whole.record("round.add", stranger, {"round": w.round, "how": "arrived"})
        w.pushed(w.whole)
        w.mine.pull(w.server)
        assert stranger not in {p["id"] for p in w.mine.knows("person")} and stranger not in json.dumps(w.mine.items)
        before = len(w.mine.items)
        w.whole.record("person.set", stranger, {"door": w.doors["1-1-1·301"]})
        w.whole.record("person.set", w.v.ids[0], {"door": w.far})
        w.pushed(w.whole, 3)
        assert not w.mine.pull(w.server)
        came = [p for p in w.mine.knows("person") if p["id"] == stranger]
        assert came[0]["name"] == "远方人" and came[0]["phone"] == "137****1111", "he comes with everything that is known of him"
        assert [m["how"] for m in w.mine.knows("mark") if m["person"] == stranger] == ["arrived"]
        assert w.v.ids[0] not in {p["id"] for p in w.mine.knows("person")} and w.v.ids[0] not in {m["person"] for m in w.mine.knows("mark")}
        assert w.v.ids[0] not in json.dumps(w.mine.items[before:]), "what is said of him from there on is not his business"
        w.same_as_fresh(w.mine)


def test_pages_and_bundles_agree_whatever_happens(program, folder):
    """Random changes, with a pull after some of them: in the end every phone knows what a phone that is new is told."""
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    print("seed", seed)
    with World(program, folder) as w:
        for phone in (w.mine, w.whole): phone.load(w.server)
        actor, people, doors = w.phone("记录员", "commander", None), list(w.v.ids), [*w.doors.values(), w.far]
        for step in range(60):
            person, door = dice.choice(people), dice.choice(doors)
            at = actor.n
            what = dice.choice(["visit", "visit", "move", "new", "leave", "void", "rename", "household", "add", "merge", "late", "forget" if step == 40 else "visit"])
            if what == "visit": w.visit(actor, door, dice.sample(people, 2), dice.choice(["done", "away", "refused"]))
            elif what == "move": actor.record("person.set", person, {"door": door})
            elif what == "leave": actor.record("stay.end", person, {"door": door, "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"), "why": "left"})
            elif what == "rename": actor.record("person.set", person, {}, personal={"name": dice.choice(NAMES), "note": "补"})
            elif what == "add": actor.record("round.add", person, {"round": w.round, "how": dice.choice(["found", "arrived"])})
            elif what == "household": actor.record("household.set", new_id(), {"door": door, "kind": "family"})
            elif what == "void":
                may = [n for n, (text, _) in enumerate(actor.entries, 1) if '"kind":"household.set"' not in text and '"kind":"door.set"' not in text]
                if may: actor.record("entry.void", actor.device, {"device": actor.device, "n": dice.choice(may)})
            elif what == "new":
                people.append(new_id())
                actor.record("person.set", people[-1], {"door": door}, personal={"name": "新人"})
            elif what == "late":  # a visit to a door that comes only after it: held, and then let go
                doors.append(new_id())
                w.visit(actor, doors[-1], [person])
                actor.record("door.set", doors[-1], {"building": dice.choice([a["id"] for a in w.whole.knows("area") if a["kind"] == "building"]), "kind": "flat", "room": str(step)})
            elif what == "forget":
                w.v("forget", person, "--reason", "本人要求", "--yes")
            elif what == "merge" and len(people) > 4:
                gone = people.pop(dice.randrange(len(people)))
                w.program and subprocess.run([program, "person", "merge", dice.choice(people), gone, "--store", "a.db"], cwd=folder, capture_output=True)
            if actor.n > at: w.pushed(actor, at + 1)
            for phone in (w.mine, w.whole):
                if dice.random() < 0.3: assert not phone.pull(w.server, limit=dice.choice([1, 3, 500])), "no scope has changed"
        head = w.v("entries", "show", "--limit", "1000")[-1]["seq"]
        assert until(lambda: w.server.get("/site", w.chen)["seq"] >= head)
        for phone in (w.mine, w.whole):
            phone.pull(w.server, limit=2)
            w.same_as_fresh(phone)


def test_a_member_is_lent_to_another_area_for_a_time(program, folder):
    with World(program, folder) as w:
        w.mine.load(w.server)
        w.visit(w.mine, w.far, [])
        assert w.pushed(w.mine)["held"] == 1, "not his area yet"
        now = datetime.now(timezone.utc)
        grant = w.server.post("/grants", {"member": w.mine.member, "role": "keeper", "area": "1-1-2", "from": (now - timedelta(hours=1)).isoformat(), "to": (now + timedelta(days=3)).isoformat(), "reason": "支援"}, w.chen)["id"]
        assert w.mine.pull(w.server), "his scope is another now"
        assert w.far in {d["id"] for d in w.mine.knows("door")} and len(w.mine.knows("grant")) == 2
        w.visit(w.mine, w.far, [])
        assert w.pushed(w.mine, 2)["held"] == 0
        w.server.call("DELETE", f"/grants/{grant}?reason=x", token=w.chen)
        assert w.mine.pull(w.server) and w.far not in {d["id"] for d in w.mine.knows("door")}
        w.visit(w.mine, w.far, [])
        assert w.pushed(w.mine, 3)["held"] == 1
        held = {h["n"]: h["reason"] for h in w.server.all("/held", w.chen)}
        assert held == {1: "outside", 3: "outside"}, held
        # A grant that is over when he pulls gives nothing; one that has not begun neither.
        for dates in ({"from": (now - timedelta(days=3)).isoformat(), "to": (now - timedelta(days=1)).isoformat()}, {"from": (now + timedelta(days=1)).isoformat()}):
            w.server.post("/grants", {"member": w.mine.member, "role": "keeper", "area": "1-1-2", **dates}, w.chen)
        assert not w.mine.pull(w.server) and w.far not in {d["id"] for d in w.mine.knows("door")}
        # His own entries come back to him, also those that wait: he sees what became of them.
        assert {(e["n"], e["state"]) for e in w.mine.items if e["device"] == w.mine.device} >= {(3, "held")}
        seq = [h["seq"] for h in w.server.all("/held", w.chen) if h["n"] == 3][0]
        assert w.server.call("PUT", f"/held/{seq}", {"decision": "accept"}, token=w.chen).status == 200
        w.mine.pull(w.server)
        assert [e["state"] for e in w.mine.items if e["device"] == w.mine.device and e["n"] == 3][-1] == "accepted"


def test_clocks_that_are_wrong_by_days(program, folder):
    with World(program, folder) as w:
        ahead = timedelta(days=3, hours=5)
        true = datetime.now(timezone.utc) - timedelta(hours=2)
        w.visit(w.mine, w.doors["1-1-1·300"], w.v.ids[:2], at=(true + ahead).isoformat(timespec="milliseconds"))
        assert w.pushed(w.mine, sent=datetime.now(timezone.utc) + ahead)["held"] == 0
        entry = [e for e in w.server.get("/entries?cursor=0&limit=1000", w.chen)["items"] if e["kind"] == "visit"][0]
        off = datetime.fromisoformat(entry["at"]) - true
        assert abs(off) < timedelta(minutes=2), off
        assert abs(w.device(w.mine)["clock_ms"] - ahead / timedelta(milliseconds=1)) < 120000, w.device(w.mine)
        # Behind by a week, and another phone's earlier word does not win over a later one by its wrong clock.
        behind = timedelta(days=-7)
        w.visit(w.whole, w.doors["1-1-1·300"], w.v.ids[:1], "away", outcome="nobody_home", at=(datetime.now(timezone.utc) + behind).isoformat(timespec="milliseconds"))
        w.pushed(w.whole, sent=datetime.now(timezone.utc) + behind)
        w.mine.load(w.server)
        assert [x["outcome"] for x in w.mine.knows("visit")] == ["nobody_home"] and w.device(w.whole)["clock_ms"] < -6 * 86400000


def test_a_stolen_phone_and_a_forked_one(program, folder):
    with World(program, folder) as w:
        w.mine.load(w.server)
        for i in range(3): w.visit(w.mine, w.doors["1-1-1·300"], w.v.ids[:1])
        w.pushed(w.mine, 1, 1)
        device = w.device(w.mine)
        assert (device["recorded"], device["received"], device["outstanding"]) == (3, 1, 2) and device["heard"], device
        w.server.post(f"/devices/{w.mine.device}/revoke", {"reason": "被偷"}, w.chen)
        for path in ("/sync/bundle", "/entries?cursor=0"):
            answer = w.server.call("GET", path, token=w.mine.token)
            assert answer.status == 403 and answer.json()["code"] == "FORBIDDEN" and w.v.ids[0] not in answer.body.decode(), answer.body
        assert w.server.call("GET", "/sync/bundle", token="A" * 43).json()["code"] == "UNKNOWN_CALLER", "a session that is over says nothing of the phone"
        now = w.server.get("/auth/time")["now"]
        again = w.server.call("PUT", "/auth/phone", {"device": w.mine.device, "at": now, "sign": b64(w.mine.sign(f"doorward session {w.mine.device} {now}".encode()))})
        assert again.status == 200, again.body
        w.mine.token = again.json()["token"]
        assert w.server.call("GET", "/entries?cursor=0", token=w.mine.token).json()["code"] == "FORBIDDEN" and w.server.get("/auth/me", w.mine.token)
        assert w.pushed(w.mine, 2)["held"] == 2 and w.device(w.mine)["outstanding"] == 0
        # A backup set back: the same number with another entry is kept apart, and so is what follows on it.
        fork = w.whole
        w.visit(fork, w.doors["1-1-1·301"], w.v.ids[2:3])
        n, head, entries = fork.n, fork.head, list(fork.entries)
        w.visit(fork, w.doors["1-1-1·301"], w.v.ids[3:4])
        w.pushed(fork)
        fork.n, fork.head, fork.entries = n, head, entries
        for _ in range(2): w.visit(fork, w.doors["1-1-1·302"], w.v.ids[4:5])
        answer = fork.push(w.server, 1, 2)
        assert answer.status == 409 and answer.json()["code"] == "FORK", answer.body
        assert fork.push(w.server, 3).json()["code"] == "FORK"
        apart = w.v("entries", "apart")
        assert len(apart) == 2 and w.server.get("/rounds/0", w.chen)["covered"] == 3, apart
        w.whole = w.phone("全村新手机", member=fork.member)
        w.whole.load(w.server)
        w.visit(w.whole, w.doors["1-1-1·302"], w.v.ids[4:5])
        assert w.pushed(w.whole)["held"] == 0, "it enrols anew and says it again"


def cut_off(server, method, path, token, body, at, read=None):
    """Sends a request and hangs up: after so many bytes of the body, or of the answer."""
    head = f"{method} /api/v1{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/x-doorward-upload\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as s:
        s.sendall((head + body)[:at if read is None else None])
        if read is not None:
            got = b""
            while len(got) < read:
                more = s.recv(read - len(got))
                if not more: break
                got += more
            return got


def test_cuts_at_random_bytes(program, folder):
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    print("seed", seed)
    with World(program, folder) as w:
        w.mine.load(w.server)
        for i in range(12): w.visit(w.whole, w.doors[dice.choice(list(w.doors))], dice.sample(w.v.ids, 2), dice.choice(["done", "away"]))
        body = w.whole.upload()
        for _ in range(20): cut_off(w.server, "POST", "/entries", w.whole.token, body, dice.randrange(1, len(body) + 200))
        assert w.device(w.whole)["received"] in (0, 12), "whole or not at all"
        cut_off(w.server, "POST", "/entries", w.whole.token, body, 0, read=dice.randrange(1, 100))
        receipt = w.pushed(w.whole)
        assert receipt["known"] == 12 and receipt["last"] == 12, "taken already, and no entry twice"
        assert until(lambda: w.device(w.whole)["received"] == 12)
        # Answers cut anywhere: a page is taken whole or not at all, and asked for again with the same cursor.
        for _ in range(20):
            got = cut_off(w.server, "GET", f"/entries?cursor={w.mine.cursor}&limit=3", w.mine.token, b"", 0, read=dice.randrange(1, 3000))
            whole = got.partition(b"\r\n\r\n")[2]
            try:
                page = json.loads(whole)
            except ValueError:
                continue
            for record in page["records"]: w.mine.take(record)
            w.mine.cursor = page["next"]
        w.mine.pull(w.server, limit=3)
        w.same_as_fresh(w.mine)
        got = cut_off(w.server, "GET", "/sync/bundle", w.mine.token, b"", 0, read=1500).partition(b"\r\n\r\n")[2]
        assert b'"is":"end"' not in got, "a bundle that was cut has no last line"


def test_phones_with_p256_keys(program, folder):
    with World(program, folder) as w:
        for form in ("compressed", "uncompressed"):
            phone = w.phone("旧浏览器", "keeper", "1-1-1", kind="p256", form=form)
            w.visit(phone, w.doors["1-1-1·300"], w.v.ids[:1])
            assert w.pushed(phone)["held"] == 0
            now = w.server.get("/auth/time")["now"]
            sign = phone.sign(f"doorward session {phone.device} {now}".encode())
            session = w.server.call("PUT", "/auth/phone", {"device": phone.device, "at": now, "sign": base64.urlsafe_b64encode(sign).rstrip(b"=").decode()})
            assert session.status == 200, session.body
            phone.token = session.json()["token"]
            phone.load(w.server)
            assert len(phone.knows("person")) == 8
            forged = bytearray(phone.upload())
            at = forged.index(b'"sign":"') + 12
            forged[at] = ord("A") if forged[at] != ord("A") else ord("B")
            answer = w.server.call("POST", "/entries", bytes(forged), token=phone.token, type="application/x-doorward-upload")
            assert answer.json()["code"] == "SIGNATURE", answer.body
            body = json.loads([e["text"] for e in w.server.get("/entries?cursor=0&limit=1000", w.chen)["items"] if e["kind"] == "device.enrol" and json.loads(e["text"])["on"] == phone.device][0])["body"]
            assert body["key_kind"] == "p256" and len(body["public_key"]) == 44
        member = w.member("另一人")
        off_curve = base64.urlsafe_b64encode(b"\4" + b"\1" * 64).rstrip(b"=").decode()
        for key in (off_curve, "A" * 44, "AA", "", "A" * 87):
            invite = w.server.post("/devices/invites", {"member": member, "name": "x"}, w.chen)["invite"]
            assert w.server.call("POST", "/auth/phone", {"invite": invite, "public_key": key}).status == 400, key


def test_the_command_line_is_a_phone(program, folder):
    with World(program, folder) as w:
        cli = lambda *words, **more: json.loads(call(program, *words, "--dir", "p", "--json", folder=folder, **more).stdout)
        fails = lambda *words, status=1: call(program, *words, "--dir", "p", "--json", status=status, folder=folder).stderr
        member = w.member("新来的", "keeper", "1-1-1")
        invite = w.v("device", "invite", member, "--name", "新来的手机")["invite"]
        url = f"http://127.0.0.1:{w.server.port}"
        assert "NOT_FOUND" in fails("phone", "pull")
        assert "UNREACHED" in fails("phone", "enrol", "--url", "http://127.0.0.1:9", "--invite", invite)
        assert "UNKNOWN_CALLER" in fails("phone", "enrol", "--url", url, "--invite", invite[::-1])
        device = cli("phone", "enrol", "--url", url, "--invite", invite)["device"]
        assert "EXISTS" in fails("phone", "enrol", "--url", url, "--invite", invite)
        got = cli("phone", "pull")
        assert (got["doors"], got["people"], got["owed"], got["missing"]) == (4, 8, 8, 8), got
        cli("phone", "visit", "1-1-1·300")
        got = cli("phone", "visit", "1-1-1·301", NAMES[2], "--state", "away", "--as", "nobody_home")
        assert (got["recorded"], got["outstanding"]) == (2, 2) and "NOT_FOUND" in fails("phone", "visit", "1-1-1·301", "谁也不是")
        with open(os.path.join(folder, "p/entries"), "a", encoding="utf-8") as torn:
            torn.write('{"id":"half an ent')
        assert cli("phone", "show")["recorded"] == 2, "what was cut while it was written is dropped"
        got = cli("phone", "push")
        assert (got["received"], got["outstanding"], got["held"]) == (2, 0, 0), got
        assert w.server.get("/rounds/0", w.chen)["covered"] == 2
        assert cli("phone", "pull")["missing"] == 6
        assert cli("phone", "round", "--percent", "100")["outstanding"] == 3 and cli("phone", "push")["held"] == 0
        assert w.server.all("/rounds/0/missing", w.chen) == [] and cli("phone", "pull")["missing"] == 0
        # Its session is over: the key brings another. And the office sees when it was heard of.
        state = json.load(open(os.path.join(folder, "p/phone.json"), encoding="utf-8"))
        json.dump({**state, "token": "A" * 43, "received": 0}, open(os.path.join(folder, "p/phone.json"), "w", encoding="utf-8"))
        assert cli("phone", "push")["received"] == 5
        row = lambda *more: {d["id"]: d for d in w.v("device", "list", *more)}.get(device)
        assert until(lambda: row() and row()["recorded"] == "5"), row()
        assert (row()["received"], row()["outstanding"]) == (5, "0") and row("--silent", "60") is None
        assert w.whole.device in {d["id"] for d in w.v("device", "list", "--silent", "60")}, "never heard of"
        silent = {d["id"] for d in w.server.all("/devices?silent=60", w.chen)}
        assert w.whole.device in silent and device not in silent, silent
        w.v("device", "revoke", device, "--reason", "离队")
        assert until(lambda: [d for d in w.server.all("/devices", w.chen) if d["id"] == device][0]["revoked"])
        assert "FORBIDDEN" in fails("phone", "pull") or "UNKNOWN_CALLER" in fails("phone", "pull")
        assert oct(os.stat(os.path.join(folder, "p/key")).st_mode)[-3:] == "600"


def test_a_site_that_was_restored_from_a_backup(program, folder):
    """Numbers that phones have been told are given anew: their cursors say so, and what they had handed in they hand in again."""
    with World(program, folder) as w:
        w.mine.load(w.server)
        w.visit(w.mine, w.doors["1-1-1·300"], w.v.ids[:2])
        w.server.stop()
        files = [name for name in os.listdir(folder) if name.startswith("a.db") and os.path.isfile(os.path.join(folder, name))]
        kept = {name: open(os.path.join(folder, name), "rb").read() for name in files}
        w.server = Server(program, folder)
        w.pushed(w.mine)
        w.mine.pull(w.server)
        assert len([m for m in w.mine.knows("mark") if m.get("state")]) == 2
        w.server.stop()
        for name in os.listdir(folder):
            if name.startswith("a.db") and os.path.isfile(os.path.join(folder, name)): os.remove(os.path.join(folder, name))
        for name, data in kept.items(): open(os.path.join(folder, name), "wb").write(data)
        w.server = Server(program, folder)
        for _ in range(3): w.visit(w.whole, w.doors["1-1-1·301"], w.v.ids[2:4])
        w.pushed(w.whole)
        w.visit(w.mine, w.doors["1-1-1·302"], [])
        answer = w.mine.push(w.server, 2)
        assert answer.status == 409 and answer.json()["code"] == "CHAIN", answer.body
        assert w.pushed(w.mine)["first"] == 1
        assert w.mine.pull(w.server), "the cursor is of a ledger that is no more"
        assert {m["person"] for m in w.mine.knows("mark") if m.get("state")} == set(w.v.ids[:4])


def test_what_is_void_stays_void_after_a_restart(program, folder):
    with World(program, folder) as w:
        w.mine.load(w.server)
        open(f"{folder}/list.csv", "w", encoding="utf-8").write("楼栋,房号,姓名\n1-1-1,300,张三丰\n")
        batch = w.v("import", "list", "list.csv", "--as", "household")["batch"]
        w.visit(w.mine, w.doors["1-1-1·300"], w.v.ids[:2])
        w.visit(w.mine, w.doors["1-1-1·301"], w.v.ids[2:3])
        w.pushed(w.mine)
        w.whole.record("entry.void", w.doors["1-1-1·300"], {"device": w.mine.device, "n": 1})
        w.pushed(w.whole)
        w.v("import", "undo", batch, "--reason", "发错")
        states = lambda: {(e["device"], e["n"]): e["state"] for e in w.server.get("/entries?cursor=0&limit=1000", w.chen)["items"]}
        assert until(lambda: states()[(batch, 1)] == "void")
        before = states()
        assert [before[(w.mine.device, n)] for n in (1, 2)] == ["void", "accepted"] and before[(w.whole.device, 1)] == "accepted"
        w.server.stop()
        w.server = Server(program, folder)
        assert states() == before
        w.mine.pull(w.server)
        assert {m["person"] for m in w.mine.knows("mark") if m.get("state")} == {w.v.ids[2]} and "张三丰" not in {p["name"] for p in w.mine.knows("person")}
        w.same_as_fresh(w.mine)


def test_what_was_done_about_refusals(program, folder):
    """A phone that enrols later knows the last word about each refusal, and pages change it."""
    with World(program, folder) as w:
        door, who = w.doors["1-1-1·300"], w.v.ids[2]
        w.mine.load(w.server)
        w.visit(w.mine, door, [], outcome="refused")
        w.visit(w.mine, w.doors["1-1-1·301"], [who], "refused", outcome="refused")
        w.mine.record("refusal.follow", door, {"of": "door", "step": "tried"}, personal={"note": "老人不开门"})
        w.mine.record("refusal.follow", who, {"of": "person", "step": "promised", "next": "2030-04-09T08:00:00.000+08:00"})
        w.mine.record("refusal.follow", w.far, {"of": "door", "step": "tried"})
        assert w.pushed(w.mine)["held"] == 1, "not in his area"
        w.mine.pull(w.server)
        told = lambda phone: {f["on"]: (f["of"], f["step"], f.get("note"), f.get("next", "")[:10]) for f in phone.knows("follow")}
        assert told(w.mine) == {door: ("door", "tried", "老人不开门", ""), who: ("person", "promised", None, "2030-04-09")}, told(w.mine)
        w.same_as_fresh(w.mine)
        late, other = w.phone("新来的", "keeper", "1-1-1"), w.phone("别处的", "keeper", "1-1-2")
        for phone in (late, other): phone.load(w.server)
        assert told(late) == told(w.mine) and told(other) == {}
        w.server.post(f"/refusals/{who}/follow", {"step": "settled", "note": "已说好"}, w.chen, status=201)
        w.mine.record("entry.void", door, {"device": w.mine.device, "n": 3})
        w.pushed(w.mine, 6)
        for phone in (w.mine, late):
            phone.pull(w.server)
            assert told(phone) == {who: ("person", "settled", "已说好", "")}, told(phone)
            w.same_as_fresh(phone)


def test_special_groups(program, folder):
    """Known to who may write them: those of the mind only to who may see everything. A phone's form begins with what is known."""
    with World(program, folder) as w:
        who, door = w.v.ids[0], w.doors["1-1-1·300"]
        w.mine.load(w.server)
        w.whole.record("person.set", who, {}, personal={"flags": "独居、精神障碍,血透"})
        w.whole.record("person.set", w.v.ids[1], {}, personal={"flags": "Mental illness"})
        w.whole.record("person.set", w.v.ids[2], {}, personal={"flags": "高龄"})
        w.pushed(w.whole)
        w.mine.pull(w.server)
        w.whole.load(w.server)
        rider = w.phone("骑手", "rider", "1-1-1")
        rider.load(w.server)
        told = lambda phone: {p["id"]: (p.get("flags"), p.get("flags_hidden", False)) for p in phone.knows("person") if p["id"] in w.v.ids[:4]}
        assert told(w.mine) == {who: ("独居、血透", True), w.v.ids[1]: (None, True), w.v.ids[2]: ("高龄", False), w.v.ids[3]: (None, False)}, told(w.mine)
        assert told(w.whole)[who] == ("独居、精神障碍、血透", False) and told(rider) == {} and "精神" not in json.dumps([w.mine.items, w.mine.records[("person", who)]], ensure_ascii=False)
        w.mine.pull(w.server)
        w.same_as_fresh(w.mine)
        shown = lambda token: w.server.get(f"/persons/{who}", token)
        assert (shown(w.chen)["flags"], shown(w.chen)["flags_hidden"]) == ("独居、精神障碍、血透", False)
        assert (shown(w.mine.token)["flags"], shown(w.mine.token)["flags_hidden"]) == ("独居、血透", True)
        new = w.server.post("/persons", {"name": "新人", "door": door, "flags": "孕妇"}, w.chen)["id"]
        assert [p["flags"] for p in w.server.all(f"/persons?door={door}", w.chen) if p["id"] == new] == ["孕妇"]
        w.mine.record("person.set", w.v.ids[2], {}, personal={"flags": "高龄、独居"})
        w.pushed(w.mine)
        w.mine.pull(w.server)
        assert told(w.mine)[w.v.ids[2]] == ("高龄、独居", False)


def test_heads_that_nobody_counted(program, folder):
    """Nobody counted is not the same as nobody there."""
    with World(program, folder) as w:
        for room in range(300, 308):
            if f"1-1-1·{room}" not in w.doors: w.doors[f"1-1-1·{room}"] = w.server.post("/doors", {"building": "1-1-1", "room": str(room)}, w.chen)["id"]
        w.mine.load(w.server)
        for n, code in enumerate(("1-1-1·300", "1-1-1·301", "1-1-1·302")):
            w.mine.record("visit", w.doors[code], {"round": w.round, "outcome": "done", **({"heads": 3 * (n - 1)} if n else {})})
        w.mine.record("visit", w.doors["1-1-1·303"], {"round": w.round, "outcome": "done", "heads": -4})
        w.pushed(w.mine)
        w.v("visit", "1-1-1·304")
        w.v("visit", "1-1-1·305", "--heads", "0")
        w.server.post("/rounds/0/visits", {"door": "1-1-1·306", "outcome": "empty"}, w.chen)
        w.server.post("/rounds/0/visits", {"door": "1-1-1·307", "outcome": "empty", "heads": 0}, w.chen)
        w.mine.pull(w.server)
        heads = {w.mine.records[("door", v["door"])]["code"][-3:]: v.get("heads") for v in w.mine.knows("visit")}
        assert heads == {"300": None, "301": 0, "302": 3, "303": None, "304": None, "305": 0, "306": None, "307": 0}, heads
        w.same_as_fresh(w.mine)
        sweep = w.server.get("/rounds/0/sweep", w.chen)
        assert "4294967" not in json.dumps(sweep), sweep


def test_marks_that_go_back_to_nothing(program, folder):
    """Of somebody outside the roster: what was said is taken back, by a void or by a later word; and who is two people is one."""
    with World(program, folder) as w:
        phones, door = (w.mine, w.whole), w.doors["1-1-1·300"]
        new, twin, other = new_id(), new_id(), new_id()
        for person, name in ((new, "新人"), (twin, "新人二"), (other, "新人三")): w.whole.record("person.set", person, {"door": door}, personal={"name": name})
        w.pushed(w.whole)
        for phone in phones: phone.load(w.server)
        say = {"visit": lambda: w.visit(w.whole, door, [new]), "away": lambda: w.visit(w.whole, door, [new], "away"), "add": lambda: w.whole.record("round.add", new, {"round": w.round, "how": "found"})}
        unsay = {"visit": lambda n: w.whole.record("entry.void", door, {"device": w.whole.device, "n": n}), "away": lambda n: w.visit(w.whole, door, [new], "none"),
                 "add": lambda n: w.whole.record("round.add", new, {"round": w.round, "how": "none"})}
        told = {"visit": ("done", "arrived"), "away": ("away", None), "add": (None, "found")}
        mark = lambda phone, who: [(m.get("state"), m.get("how")) for m in phone.knows("mark") if m["person"] == who]
        for what in say:
            say[what]()
            w.pushed(w.whole, w.whole.n)
            for phone in phones: phone.pull(w.server)
            assert mark(w.mine, new) == [told[what]], (what, mark(w.mine, new))
            w.same_as_fresh(w.mine)
            unsay[what](w.whole.n)
            w.pushed(w.whole, w.whole.n)
            for phone in phones: phone.pull(w.server)
            assert mark(w.mine, new) == mark(w.whole, new) == [], what
            w.same_as_fresh(w.mine)
        w.visit(w.whole, door, [twin])
        w.pushed(w.whole, w.whole.n)
        w.v("person", "merge", w.v.ids[0], twin)
        assert until(lambda: not w.mine.pull(w.server) and mark(w.mine, w.v.ids[0]) == [("done", None)]), "covered as the site counts him"
        w.same_as_fresh(w.mine)
        w.v("person", "unmerge", w.v.ids[0], twin)
        assert until(lambda: not w.mine.pull(w.server) and mark(w.mine, w.v.ids[0]) == [(None, None)])
        w.same_as_fresh(w.mine)
        w.v("person", "merge", other, twin)
        assert until(lambda: not w.mine.pull(w.server) and mark(w.mine, other) == [("done", "arrived")])
        w.v("person", "unmerge", other, twin)
        assert until(lambda: not w.mine.pull(w.server) and mark(w.mine, other) == [])
        w.same_as_fresh(w.mine)


def test_rounds_that_close_and_open(program, folder):
    with World(program, folder) as w:
        for phone in (w.mine, w.whole): phone.load(w.server)
        w.visit(w.whole, w.doors["1-1-1·300"], w.v.ids[:2])
        w.visit(w.whole, w.doors["1-1-1·301"], w.v.ids[2:3], "away", outcome="nobody_home")
        w.pushed(w.whole)
        assert w.server.call("PUT", f"/rounds/0/missing/{w.v.ids[2]}", {"decision": "excused", "excuse": "left", "evidence": "在上海"}, token=w.chen).status == 200
        w.mine.pull(w.server)
        mark = [m for m in w.mine.knows("mark") if m["person"] == w.v.ids[2]][0]
        assert (mark["state"], mark["decision"], mark["excuse"]) == ("away", "excused", "left"), mark
        assert len(w.mine.knows("visit")) == 2
        w.same_as_fresh(w.mine)
        w.server.post("/rounds/0/close", {"carry": "明日再访"}, w.chen)
        old, new = w.round, w.server.post("/rounds", {"kind": "sweep"}, w.chen, status=201)["id"]
        for phone in (w.mine, w.whole):
            assert not phone.pull(w.server, limit=2), "no reason to load everything anew"
            assert {m["round"] for m in phone.knows("mark")} == {new} and len(phone.knows("mark")) == 8 and not phone.knows("visit")
            rounds = {r["id"]: r for r in phone.knows("round")}
            assert rounds[old]["closed"] and [f["name"] for f in rounds[new]["form"]] == ["living", "rooms"], rounds
            w.same_as_fresh(phone)
        w.round = new
        w.mine.record("form.fill", w.doors["1-1-1·300"], {"round": new, "of": "door"}, personal={"answers": json.dumps({"living": "2"})})
        assert w.pushed(w.mine)["held"] == 0
        for phone in (w.mine, w.whole):
            phone.pull(w.server)
            assert [a["answers"] for a in phone.knows("answers")] == [{"living": "2"}]
            w.same_as_fresh(phone)
        w.mine.record("entry.void", w.doors["1-1-1·300"], {"device": w.mine.device, "n": 1})
        assert w.pushed(w.mine, 2)["held"] == 0
        w.whole.pull(w.server)
        assert not w.whole.knows("answers")
        w.same_as_fresh(w.whole)
