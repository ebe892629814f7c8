"""The whole permission table: every route × role × where the grant lies × when it holds, as spec/ says; and what lists must not tell."""
import glob
import itertools
import json
import os

from permissions import CASES
from phone import Phone, b64
from server import Server
from test_lists import HEAD, site, write
from test_server import PASSWORD, sign_in
from test_work import ended, upload
from tool import ask

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
ROLES = {r["role"]: r["may"] for r in json.load(open(f"{ROOT}/spec/roles.json", encoding="utf-8"))["roles"]}
TIMES = {"now": {}, "ended": {}, "past": {"from": "2022-04-01T00:00:00+08:00", "to": "2022-04-30T00:00:00+08:00"}, "future": {"from": "2099-01-01T00:00:00+08:00"}}


NOTHING = "0197c0de-0000-7000-8000-000000000000"
SHARED = ("feature", "import", "export", "dropped", "nothing")  # the same on either side


def routes():
    return [r for file in sorted(glob.glob(f"{ROOT}/spec/routes/*.json")) for r in json.load(open(file, encoding="utf-8"))["routes"]]


def may(role, ability):
    return "*" in ROLES[role] or ability in ROLES[role]


class World:
    """Two cells, 1-1 and 1-2, with a building, a door, a person, a member with a grant, and his phone in each."""

    def __init__(self, program, folder):
        self.program, self.folder, self.new = program, folder, itertools.count()
        os.environ["DOORWARD_PASSPHRASE"] = PASSWORD
        site(program, folder)
        square = lambda x, y, s: {"type": "Polygon", "coordinates": [[[x, y], [x + s, y], [x + s, y + s], [x, y + s], [x, y]]]}
        more = [{"type": "Feature", "properties": {"kind": kind, "code": code, "name": "", "address": address}, "geometry": shape}
                for kind, code, address, shape in (("cell", "1-2", "", square(118.0041, 24, 0.0008)), ("building", "1-2-1", "西片1号", square(118.0042, 24.0001, 0.0002)))]
        write(folder, "more.geojson", json.dumps({"type": "FeatureCollection", "features": more}))
        self("import", "map", "more.geojson")
        write(folder, "a.csv", HEAD + "1-1-1,东片12号,301,甲里人,甲里人,,13800000001\n1-2-1,西片1号,101,乙外人,乙外人,,13800000002\n")
        self("import", "list", "--as", "household", "a.csv")
        self("round", "open", "--kind", "pcr")
        chief = self("member", "add", "陈站长")["id"]
        self("grant", "give", chief, "--role", "commander")
        self("account", "add", "chen", chief)

    def __call__(self, *words):
        return ask(self.program, *words, "--store", "a.db", folder=self.folder)

    def fill(self, s):
        """What lies inside and outside, by the names that CASES use."""
        self.s, self.chen = s, sign_in(s, "chen").json()["token"]
        areas = {a["code"]: a["id"] for a in s.all("/areas", self.chen)}
        doors = {d["area"]: d["id"] for d in s.all("/doors", self.chen)}
        households = {h["door"]: h["id"] for h in s.all("/households", self.chen)}
        people = {p["door"]: p["id"] for p in s.all("/persons", self.chen)}
        self.where = {}
        for side, cell, building in (("inside", "1-1", "1-1-1"), ("outside", "1-2", "1-2-1")):
            door = doors[areas[building]]
            member = s.post("/members", {"name": f"{side}队员"}, self.chen)["id"]
            grant = s.post("/grants", {"member": member, "role": "viewer", "area": cell}, self.chen)["id"]
            self.where[side] = {"area": areas[cell], "cell": cell, "building": areas[building], "code": building, "door": door, "household": households[door],
                                "person": people[door], "member": member, "grant": grant, "login": f"login.{side}"}
            s.call("POST", "/accounts", {"member": member, "login": f"login.{side}"}, self.chen)
            self.where[side]["need"] = s.post("/needs", {"subject": people[door], "what": "food", "note": f"{side}"}, self.chen)["id"]
            self.where[side]["phone"], self.where[side]["seq"] = self.held(member, door)
        self.where["nowhere"] = {}
        self.lab_and_jobs()

    def lab_and_jobs(self):
        """A sealed tube with both people in it, in a box; an import that was tried, two exports."""
        tube = lambda path, body: self.s.post("/rounds/1/tubes" + path, body, self.chen)
        tube("", {"code": "T-0", "capacity": 10})
        tube("/T-0/people", {"people": [self.where[side]["person"] for side in ("inside", "outside")]})
        tube("/T-0/seal", {})
        self.s.post("/boxes", {"code": "B-0", "tubes": ["T-0"], "round": 1}, self.chen)
        tried = upload(self.s, self.chen, (HEAD + "1-1-1,东片12号,9,丙,丙,,\n").encode(), dry_run="true")["id"]
        made = [self.s.post("/exports", {"table": "doors"}, self.chen, status=202)["id"] for _ in range(2)]
        for path in (f"/imports/{tried}", f"/exports/{made[0]}", f"/exports/{made[1]}"): ended(self.s, self.chen, path)
        gate = self.s.post("/features", {"kind": "gate", "geometry": {"type": "Point", "coordinates": [118.003, 24.002]}}, self.chen)["id"]
        for side in ("inside", "outside"): self.where[side].update({"feature": gate, "import": tried, "export": made[0], "dropped": made[1], "nothing": NOTHING})

    def held(self, member, door):
        """The phone of somebody who may not record visits, and the numbers of what it recorded all the same."""
        phone = Phone(self.folder)
        invite = self.s.post("/devices/invites", {"member": member, "name": "手机"}, self.chen)["invite"]
        phone.enrolled(self.s.post("/auth/phone", {"invite": invite, "public_key": phone.public}))
        for _ in range(450):
            phone.record("visit", door, {"round": self.s.get("/rounds/0", self.chen)["id"], "outcome": "empty"})
        receipt = self.s.call("POST", "/entries", phone.upload(), token=phone.token, type="application/x-doorward-upload").json()["receipts"][0]
        assert receipt["held"] == 450
        return phone.device, iter(range(receipt["first_seq"], receipt["first_seq"] + 450))

    def phone(self, member):
        invite = self.s.post("/devices/invites", {"member": member, "name": "手机"}, self.chen)["invite"]
        made = self.s.post("/auth/phone", {"invite": invite, "public_key": b64(os.urandom(32))})
        return made["device"], made["token"]

    def caller(self, role, area, time):
        """A member with one grant, as his phone."""
        member = self.s.post("/members", {"name": f"{role}"}, self.chen)["id"]
        _, token = self.phone(member)
        grant = self.s.post("/grants", {"member": member, "role": role, **({"area": area} if area else {}), **TIMES[time]}, self.chen)["id"]
        if time == "ended":
            assert self.s.call("DELETE", f"/grants/{grant}", token=self.chen).status == 200
        return token

    def filled(self, value, side):
        """{door} and so on in a path or body; {new} is new each time, {seq} an entry that is still held."""
        if isinstance(value, dict):
            return {k: self.filled(v, side) for k, v in value.items()}
        if isinstance(value, list):
            return [self.filled(v, side) for v in value]
        if not isinstance(value, str):
            return value
        for name, text in self.where[side].items():
            if "{" + name + "}" in value:
                value = value.replace("{" + name + "}", text if isinstance(text, str) else str(next(text)))
        return value.replace("{new}", str(next(self.new)))

    def ask(self, case, token, side):
        if case.get("stream"): return self.s.head_of(case["path"], token)
        return self.s.call(case["method"], self.filled(case["path"], side), self.filled(case["body"], side), token=token, root=case.get("root"), **({"type": case["type"]} if "type" in case else {}))


def expected(route, case, role, everywhere, time, side):
    """allowed, or the statuses of a refusal."""
    if route["may"] in ("public", "self"):
        return "allowed"
    if time != "now" or not may(role, route["may"]):
        return {403}
    abilities = {route["may"], *(a for other in case.get("roles", []) for a in ROLES[other]), *case.get("also", [])}
    if case["kind"] == "whole":
        return "allowed" if everywhere else {404} if case.get("hidden") else {403}
    if case["kind"] == "there" and (side == "outside" and not everywhere):
        return {403, 404}
    return "allowed" if all(may(role, a) for a in abilities) else {403}


def test_every_route_is_in_the_table(program, folder):
    names = {r["name"] for r in routes()}
    assert names == set(CASES), f"add to tests/e2e/permissions.py: {sorted(names - set(CASES))}; no longer routes: {sorted(set(CASES) - names)}"
    for route in routes():
        case = CASES[route["name"]]
        assert (case["kind"] == "public") == (route["may"] == "public") and (case["kind"] == "own") == (route["may"] == "self"), route["name"]
        assert case["method"] == route["method"] and (not route.get("whole") or case["kind"] == "whole"), route["name"]


def test_the_whole_table(program, folder):
    w = World(program, folder)
    wrong, asked = [], 0
    with Server(program, folder, "--calls", "0", "--sign-ins", "0") as s:
        w.fill(s)
        secrets = {name: f'"{text}"' for name, text in w.where["outside"].items() if isinstance(text, str) and name not in SHARED}
        secrets.update(name="乙外人", address="西片1号", worker="outside队员")
        for role, area, time in itertools.product(ROLES, ("1-1", None), TIMES):
            token = w.caller(role, area, time)
            for route, side in itertools.product(routes(), ("inside", "outside")):
                case = CASES[route["name"]]
                if case["kind"] != "there" and side == "outside":
                    continue
                want = expected(route, case, role, area is None, time, side)
                answer = w.ask(case, w.caller(role, area, time) if case.get("spends") else token, side)
                asked += 1
                got = answer.status
                fixed = case.get("always", case.get("phones"))
                good = got == fixed if fixed else got < 500 and (got not in {401, 403, 404} - case.get("fine", set()) if want == "allowed" else got in want)
                if not good:
                    wrong.append((route["name"], role, area, time, side, got, want, answer.body[:200]))
                leaked = [name for name, text in secrets.items() if area and side == "inside" and text.encode() in answer.body]
                if leaked:
                    wrong.append((route["name"], role, area, time, "leaks", leaked))
        # The record's own pages end the same for whoever shows no session, or one that never was.
        for route in routes():
            case = CASES[route["name"]]
            for token in (None, "A" * 43):
                asked += 1
                got = w.ask(case, token, "inside").status
                if not (got == case["always"] if "always" in case else got == 401 if route["may"] != "public" else got == 200):
                    wrong.append((route["name"], "no session", token, got))
    print(f"permissions: {asked} calls")
    assert not wrong, f"{len(wrong)} of {asked}:\n" + "\n".join(map(str, wrong[:40]))
    assert w("verify")["faults"] == 0


def test_nobody_acts_through_another(program, folder):
    """A login or phone made for somebody who may more, a grant taken back that one could not give, a household elsewhere, a revoked phone."""
    w = World(program, folder)
    with Server(program, folder, "--calls", "0", "--sign-ins", "0") as s:
        w.fill(s)
        leader, grid = w.caller("group_leader", "1-1", "now"), w.caller("grid_leader", "1-1", "now")
        chief = s.post("/members", {"name": "片区指挥"}, w.chen)["id"]
        grant = s.post("/grants", {"member": chief, "role": "commander", "area": "1-1"}, w.chen)["id"]
        assert s.call("POST", "/devices/invites", {"member": chief, "name": "偷"}, token=leader).status == 403
        assert s.call("DELETE", f"/grants/{grant}", token=grid).status == 403
        local = w.caller("commander", "1-1", "now")
        whole = s.get("/auth/me", w.chen)["member"]
        for member, status in ((whole, 404), (w.where["outside"]["member"], 404)):
            assert s.call("POST", "/accounts", {"member": member, "login": "sneak", "password": PASSWORD}, token=local).status == status
        s.post("/grants", {"member": w.where["inside"]["member"], "role": "keeper", "area": "1-2", "from": "2099-01-01T00:00:00+08:00"}, w.chen)
        assert s.call("POST", "/accounts", {"member": w.where["inside"]["member"], "login": "sneak", "password": PASSWORD}, token=local).status == 403, "what he may later counts too"
        mixed = {"name": "混", "door": w.where["inside"]["door"], "household": w.where["outside"]["household"]}
        assert s.call("POST", "/persons", mixed, token=leader).status == 404
        member = s.post("/members", {"name": "丢手机的人"}, w.chen)["id"]
        s.post("/grants", {"member": member, "role": "keeper", "area": "1-1"}, w.chen)
        phone = Phone(folder)
        phone.enrolled(s.post("/auth/phone", {"invite": s.post("/devices/invites", {"member": member, "name": "手机"}, w.chen)["invite"], "public_key": phone.public}))
        phone.record("visit", w.where["inside"]["door"], {"round": s.get("/rounds/0", w.chen)["id"], "outcome": "empty"})
        device, token = phone.device, phone.token
        assert s.call("GET", "/persons", token=token).status == 200
        s.post(f"/devices/{device}/revoke", {"reason": "丢失"}, w.chen)
        assert s.call("GET", "/persons", token=token).status == 403 and s.call("GET", "/site", token=token).status == 403, "a stolen phone reads nothing more"
        assert s.call("POST", "/entries", phone.upload(), token=phone.token, type="application/x-doorward-upload").status == 200, "but it may hand in what it holds"
    assert w("verify")["faults"] == 0
