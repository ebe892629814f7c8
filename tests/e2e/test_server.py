"""The server as its callers see it: signing in, who may do what where, pages, phones that enrol and push."""
import base64
import gzip
import hmac
import json
import os
import re
import struct
import time

from phone import Phone
from server import Server
from test_tubes import NAMES, Village
from tool import call

PASSWORD = "七号楼下见面-2022"


def office(program, folder):
    """A village with a commander, a group leader of 1-1 and a keeper whose grant is over; and their logins."""
    v = Village(program, folder)
    os.environ["DOORWARD_PASSPHRASE"] = PASSWORD
    v.members = {}
    for login, name, role, more in (("chen", "陈站长", "commander", []), ("wu", "吴雅芳", "group_leader", ["--area", "1-1"]), ("li", "李四", "keeper", ["--to", "2022-04-30T00:00:00+08:00", "--from", "2022-04-01T00:00:00+08:00"])):
        v.members[login] = v("member", "add", name)["id"]
        v("grant", "give", v.members[login], "--role", role, *more)
        v("account", "add", login, v.members[login])
    return v


def sign_in(s, login, password=PASSWORD, **more):
    return s.call("POST", "/auth/session", {"login": login, "password": password, **more})


def until(holds):
    """Waits for what another program's entries bring about."""
    for _ in range(600):  # a machine may have much else to do
        if holds(): return True
        time.sleep(0.1)
    return False


def test_signing_in_and_out(program, folder):
    office(program, folder)
    with Server(program, folder) as s:
        assert s.call("GET", "/site").status == 401
        wrong = sign_in(s, "chen", "not the password")
        nobody = sign_in(s, "nobody", "not the password")
        assert wrong.status == nobody.status == 401 and wrong.json()["detail"] == nobody.json()["detail"], "nobody learns which logins there are"
        answer = sign_in(s, "chen")
        token = answer.json()["token"]
        assert answer.status == 200 and "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Strict" in answer.headers["Set-Cookie"]
        assert s.get("/site", token)["persons"] == 8 and s.get("/auth/me", token)["grants"][0]["role"] == "commander"
        # A cookie alone is not enough to change anything: another site's page could send it.
        assert s.call("POST", "/members", {"name": "甲"}, cookie=token).status == 403
        assert s.call("POST", "/members", {"name": "甲"}, cookie=token, headers={"X-Doorward": "1", "Sec-Fetch-Site": "cross-site"}).status == 403
        assert s.call("POST", "/members", {"name": "甲"}, cookie=token, headers={"X-Doorward": "1"}).status == 201
        other = sign_in(s, "chen").json()["token"]
        assert s.call("DELETE", "/auth/session", token=token).status == 200 and s.call("GET", "/site", token=token).status == 401
        assert s.get("/site", other) and s.call("DELETE", "/auth/session?everywhere=true", token=other).status == 200
        for _ in range(6): last = sign_in(s, "chen", "wrong again")
        assert last.status == 423 and sign_in(s, "chen").status == 423, "locked for a while"
        assert 1 <= int(last.headers["Retry-After"]) <= 30, last.headers["Retry-After"]
        assert PASSWORD not in s.logged() and token not in s.logged() and "chen" not in s.logged()


def test_who_may_do_what_where(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen, wu, li = (sign_in(s, login).json()["token"] for login in ("chen", "wu", "li"))
        assert s.call("GET", "/rounds", token=li).status == 403, "the grant is over"
        assert {a["code"] for a in s.all("/areas", wu)} == {"1-1", "1-1-1", "1-1-2"} and len(s.all("/areas", chen)) == 5
        assert len(s.all("/persons", wu)) == 8 and len(s.all("/rounds/0/missing", wu)) == 8
        assert s.call("POST", "/rounds", {"kind": "sweep"}, token=wu).status == 403
        s.post("/persons", {"name": "无处人"}, chen, status=201)
        assert s.call("POST", "/persons", {"name": "另一个"}, token=wu).status == 404, "nowhere is not in his area"
        assert len(s.all("/persons", wu)) == 8 and len(s.all("/persons", chen)) == 9, "whose place nobody knows is the whole site's"
        stranger = [p["id"] for p in s.all("/persons", chen) if p["name"] == "无处人"][0]
        assert s.call("GET", f"/persons/{stranger}", token=wu).status == s.call("GET", f"/persons/{v.members['wu']}", token=wu).status == 404
        # Nobody gives more than he has, nor where he has it not.
        grant = lambda token, **spec: s.call("POST", "/grants", {"member": v.members["li"], **spec}, token=token).status
        assert grant(wu, role="keeper", area="1-1-1") == 403, "a group leader has no member.write"
        assert grant(chen, role="grid_leader", area="1") == 201
        li = sign_in(s, "li").json()["token"]
        assert grant(li, role="keeper", area="1-1") == 201 and grant(li, role="keeper") == 403 and grant(li, role="commander", area="1") == 403
        mine = [g["id"] for g in s.all("/grants", chen) if g["role"] == "grid_leader"][0]
        assert s.call("DELETE", f"/grants/{mine}?reason=%E5%BD%92%E9%98%9F", token=chen).status == 200
        assert s.call("GET", "/grants", token=li).status == 403, "taken back at once"
        reveal = s.call("POST", f"/persons/{v.ids[0]}/reveal", {"reason": "送药"}, token=wu)
        assert reveal.json()["values"]["phone"] == "13800000000" and s.get(f"/persons/{v.ids[0]}", wu)["phone"] == "138****0000"
    looks = [e["entry"] for e in v("entries", "show", "--limit", "1000") if e["entry"]["kind"] == "look"]
    assert [(look["actor"], look["body"]["reason"]) for look in looks] == [(v.members["wu"], "送药")], looks
    v.sound()


def test_pages_fields_and_etags(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        assert [p["id"] for p in s.all("/persons", chen)] == v.ids
        assert s.get("/persons?limit=1&fields=id,name", chen)["items"] == [{"id": v.ids[0], "name": NAMES[0]}]
        first = s.call("GET", "/rounds/0", token=chen)
        again = s.call("GET", "/rounds/0", token=chen, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status == 304 and again.body == b""
        v("visit", "1-1-1·300", v.ids[0])  # another program writes
        assert until(lambda: s.call("GET", "/rounds/0", token=chen, headers={"If-None-Match": first.headers["ETag"]}).status == 200), "the server catches up"
        assert s.get("/rounds/0", chen)["covered"] == 1
        for path, field in (("/persons?limit=0", "limit"), ("/persons?limit=x", "limit"), ("/persons?cursor=-1", "cursor"), ("/persons?what=1", "what"), ("/persons?limit=1&limit=2", "limit"), ("/areas?kind=town", "kind"), ("/households?door=1", "door")):
            answer = s.call("GET", path, token=chen)
            assert answer.status == 400 and answer.json()["field"] == field and answer.headers["Content-Type"] == "application/problem+json", (path, answer.body)
        for body, code in ((b"{", "JSON"), (b"[]", "INVALID"), (b'{"name":1}', "INVALID"), (b'{"nme":"x"}', "INVALID"), (b'{"name":"\xff"}', "UTF8"), (b'{"name":"x","name":"y"}', "JSON")):
            answer = s.call("POST", "/members", body, token=chen)
            assert answer.status == 400 and answer.json()["code"] == code, (body, answer.body)
        assert s.call("POST", "/members", b"x" * 70000, token=chen).status == 413
        assert s.call("POST", "/members", {"name": "x"}, token=chen, type="text/plain").status == 415
        assert s.call("PUT", "/site", {}, token=chen).status == 405 and s.call("GET", "/../../etc/passwd", token=chen).status == 404
        packed = s.call("GET", "/areas", token=chen, headers={"Accept-Encoding": "gzip"})
        assert json.loads(gzip.decompress(packed.body)) == s.get("/areas", chen)
        assert json.loads(s.call("GET", "/openapi.json").body)["openapi"] == "3.1.0"


def test_what_is_wrong_is_told(program, folder):
    """A caller learns what would have been right, and nothing is passed over untold."""
    v = office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        said = lambda method, path, body=None, lang="en", **rest: s.call(method, path, body, token=chen, headers={"Accept-Language": lang, **rest.pop("headers", {})}, **rest)
        wrong = said("PUT", "/site", {})
        assert wrong.status == 405 and wrong.headers["Allow"].split(", ")[:2] == ["GET", "HEAD"] and said("GET", "/persons/x/move").headers["Allow"] == "POST"
        for lang, words in (("en", "one of: "), ("zh", "只能是：")):
            for answer in (said("GET", "/areas?kind=town", lang=lang), said("POST", "/rounds", {"kind": "nonesuch"}, lang=lang)):
                assert answer.status == 400 and answer.json()["detail"].startswith(words) and ("pcr, " in answer.json()["detail"] or "building" in answer.json()["detail"]), answer.body
            assert "1000" in said("GET", "/persons?limit=1001", lang=lang).json()["detail"]
        for fields in ("id,nme", "", "name,", "i", "id,,name"):
            answer = said("GET", f"/persons?fields={fields}")
            assert (answer.status == 200) == (fields == "name,") and (answer.status == 200 or answer.json()["field"] == "fields"), (fields, answer.body)
        assert "document" in said("GET", "/persons?fields=doc").json()["detail"], "there are: …"
        # A page goes on where its own list stopped, and in no other.
        cursor = s.get("/persons?limit=1", chen)["next"]
        assert s.get(f"/persons?limit=2&fields=id&cursor={cursor}", chen)["items"] == [{"id": one} for one in v.ids[1:3]]
        for path in ("/doors?", "/persons?area=1-1&", "/rounds/0/missing?", "/areas?"):
            assert said("GET", f"{path}cursor={cursor}").json()["field"] == "cursor", path
        for made_up in ("1", "1.", ".", cursor + "x", "-" + cursor, cursor.split(".")[0] + "0." + cursor.split(".")[1] * 2):
            assert said("GET", f"/persons?cursor={made_up}").status == 400, made_up
        # A reason of blanks is none; a field is called as the caller called it; true is not "yes".
        assert said("POST", f"/persons/{v.ids[0]}/reveal", {"reason": " \u3000\t"}).json()["field"] == "reason"
        assert said("POST", "/persons", {"name": "甲", "document": "123"}).json()["field"] == "document"
        assert said("POST", "/persons", {"name": "甲", "even_so": "yes"}).json()["field"] == "even_so"
        packed = said("POST", "/members", gzip.compress(b'{"name":"x"}'), headers={"Content-Encoding": "gzip"})
        assert packed.status == 415 and packed.json()["field"] == "Content-Encoding"


def test_a_phone_enrols_and_pushes(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        round_id = s.get("/rounds/0", chen)["id"]
        doors = {d["code"]: d["id"] for d in s.all("/doors", chen)}
        keeper = s.post("/members", {"name": "包栋人"}, chen)["id"]
        s.post("/grants", {"member": keeper, "role": "keeper", "area": "1-1-1"}, chen)
        invite = s.post("/devices/invites", {"member": keeper, "name": "包栋人的手机"}, chen)["invite"]
        phone = Phone(folder)
        phone.enrolled(s.post("/auth/phone", {"invite": invite, "public_key": phone.public}))
        assert s.call("POST", "/auth/phone", {"invite": invite, "public_key": phone.public}).status == 401, "an invitation is good once"
        phone.record("visit", doors["1-1-1·300"], {"round": round_id, "outcome": "done", "people": [{"person": v.ids[0], "state": "done"}, {"person": v.ids[1], "state": "done"}]})
        push = lambda body, token=phone.token, **rest: s.call("POST", "/entries", body, token=token, type="application/x-doorward-upload", **rest)
        answer = push(phone.upload())
        assert answer.status == 200, answer.body
        receipt = answer.json()["receipts"][0]
        assert (receipt["first"], receipt["last"], receipt["held"]) == (1, 1, 0)
        assert s.get("/rounds/0", chen)["covered"] == 2 and len(s.all("/rounds/0/missing", chen)) == 6
        again = push(phone.upload()).json()["receipts"][0]
        assert again == {**receipt, "known": 1}, "the same upload again gives its receipt again"
        # Not its area, not its ability, not its device: held, or refused before anything is taken.
        other = v("door", "add", "1-1-2", "--room", "101")["id"]
        assert until(lambda: other in {d["id"] for d in s.all("/doors", chen)})
        phone.record("visit", other, {"round": round_id, "outcome": "empty"})
        phone.record("tube.open", v.ids[0], {"round": round_id, "code": "T1", "capacity": 10, "use": "pool"})
        assert push(phone.upload(2)).json()["receipts"][0]["held"] == 2
        held = {h["n"]: h["reason"] for h in s.all("/held", chen)}
        assert held == {2: "outside", 3: "not_allowed"}, held
        assert push(phone.upload(), token=chen).status == 403
        seq = [h["seq"] for h in s.all("/held", chen) if h["n"] == 2][0]
        assert s.call("PUT", f"/held/{seq}", {"decision": "accept"}, token=chen).status == 200 and len(s.all("/held", chen)) == 1
        # A revoked phone hands in what it holds; it is held.
        s.post(f"/devices/{phone.device}/revoke", {"reason": "丢失"}, chen)
        phone.record("visit", doors["1-1-1·301"], {"round": round_id, "outcome": "done", "people": [{"person": v.ids[2], "state": "done"}]})
        assert push(phone.upload(4)).json()["receipts"][0]["held"] == 1 and s.get("/rounds/0", chen)["covered"] == 2
        device = [d for d in s.all("/devices", chen) if d["id"] == phone.device][0]
        assert (device["received"], device["revoked"], device["held"]) == (4, True, 2)
        for body in (b"", b"{}", b"\0" * 100, phone.upload()[:-20], phone.upload().replace(b"done", b"gone")):
            assert 400 <= push(body).status < 500, body[:50]
    v.sound()


def test_a_second_factor(program, folder):
    office(program, folder)
    with Server(program, folder) as s:
        token = sign_in(s, "chen").json()["token"]
        secret = re.search(r"secret=(\w+)", s.post("/auth/totp", None, token)["url"]).group(1)

        def code(step):
            mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), "sha1").digest()
            at = mac[-1] & 15
            return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"

        now = int(time.time()) // 30
        assert s.call("PUT", "/auth/totp", {"code": next(c for c in ("000000", "000001", "000002", "000003", "000004", "000005") if c not in {code(now + i) for i in range(-1, 4)})}, token=token).status == 400
        codes = s.call("PUT", "/auth/totp", {"code": code(now)}, token=token).json()["codes"]
        wanted = sign_in(s, "chen")
        assert wanted.status == 401 and wanted.json()["field"] == "code"
        assert sign_in(s, "chen", code=code(now)).status == 401, "a code is good once"
        assert sign_in(s, "chen", code=code(now + 1)).status == 200
        assert sign_in(s, "chen", code=codes[0]).status == 200 and sign_in(s, "chen", code=codes[0]).status == 401, "so is a recovery code"
        assert secret not in s.logged()
