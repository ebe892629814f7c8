"""The day's work of an office over the API: the register put right, rounds, laboratory, refusals, the street, held entries; once and in turn."""
from concurrent.futures import ThreadPoolExecutor

from phone import Phone
from server import Server
from test_server import office, sign_in, until
from tool import call


def phone_of(s, chen, folder, area="1-1-1"):
    keeper = s.post("/members", {"name": "包栋人"}, chen)["id"]
    s.post("/grants", {"member": keeper, "role": "keeper", "area": area}, chen)
    phone = Phone(folder)
    phone.enrolled(s.post("/auth/phone", {"invite": s.post("/devices/invites", {"member": keeper, "name": "手机"}, chen)["invite"], "public_key": phone.public}))
    return phone


def test_the_register_put_right(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, login).json()["token"] for login in ("chen", "wu"))
        doors = {d["code"]: d for d in s.all("/doors", chen)}
        assert [a["people"] for a in s.all("/areas/summary?area=1-1-1", wu)] == [8]
        home = s.post("/households", {"door": doors["1-1-1·300"]["id"], "kind": "shared"}, wu, status=201)["id"]
        assert home in {h["id"] for h in s.all(f"/households?door={doors['1-1-1·300']['id']}", wu)}
        assert s.call("POST", "/households", {"door": v.ids[0]}, token=wu).status == 404
        a, b, c = v.ids[:3]
        assert s.call("POST", f"/persons/{a}/move", {"door": doors["1-1-1·303"]["id"]}, token=wu).status == 200
        assert s.get(f"/persons/{a}", wu)["door"] == doors["1-1-1·303"]["id"]
        assert s.call("POST", f"/persons/{b}/leave", {"why": "left"}, token=wu).status == 200 and s.get(f"/persons/{b}", wu)["gone"]
        far = s.post("/doors", {"building": "1-1-2", "room": "9"}, chen)["id"]
        stranger = s.post("/persons", {"name": "远处人", "door": far}, chen)["id"]
        assert s.call("POST", f"/persons/{stranger}/move", {"door": doors["1-1-1·303"]["id"]}, token=wu).status == 200, "1-1-2 lies in 1-1"
        assert s.call("POST", f"/persons/{a}/merge", {"gone": c, "reason": "同一人"}, token=wu).status == 200 and s.call("POST", f"/persons/{a}/merge", {"gone": c}, token=wu).status == 409
        assert len(s.all("/persons", wu)) == 8
        assert s.call("POST", f"/persons/{a}/unmerge", {"gone": c}, token=wu).status == 200 and len(s.all("/persons", wu)) == 9
        twin = s.post("/persons", {"name": "周八", "phone": "13800000005", "door": doors["1-1-1·303"]["id"], "even_so": True}, wu)
        pairs = s.all("/reviews", wu)
        assert twin["pairs"] == 1 and len(pairs) == 1 and {pairs[0]["a"]["id"], pairs[0]["b"]["id"]} == {twin["id"], v.ids[5]}, pairs
        path = f"/reviews/{pairs[0]['a']['id']}/{pairs[0]['b']['id']}"
        assert s.call("PUT", path, {"decision": "maybe"}, token=wu).json()["field"] == "decision"
        assert s.call("PUT", path, {"decision": "different"}, token=wu).status == 200 and s.all("/reviews", wu) == [] and s.call("PUT", path, {"decision": "same"}, token=wu).status == 404
    v.sound()


def test_the_site_put_right(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        phone = phone_of(s, chen, folder)
        phone.load(s)
        before = s.get("/site", chen)
        patch = lambda body, version=None, token=chen: s.call("PATCH", "/site", body, token=token, headers={"If-Match": f'"{version}"'} if version else {})
        after = patch({"name": "洋埭新村"}, before["version"])
        assert after.status == 200 and after.json()["name"] == "洋埭新村" and after.json()["code"] == before["code"] and after.json()["version"] != before["version"]
        assert patch({"name": "别的"}, before["version"]).json()["code"] == "MOVED_ON"
        assert patch({"code": "350582101201"}, after.json()["version"]).json()["code"] == "350582101201"
        for wrong, field in (({}, "name"), ({"name": " \u3000"}, "name"), ({"code": ""}, "code"), ({"code": "1" * 13}, "code"), ({"name": "长" * 70}, "name"), ({"name": 1}, "name"), ({"key": "x"}, "key")):
            answer = patch(wrong)
            assert answer.status == 400 and answer.json()["field"] == field, (wrong, answer.body)
        assert patch({"name": "村"}, token=phone.token).status == 403
        assert not phone.pull(s), "a name is no reason to load anew"
        assert [(r["name"], r["code"]) for r in phone.knows("site")] == [("洋埭新村", "350582101201")]
        assert v("site", "set", "--name", "又一村")["name"] == "又一村" and until(lambda: s.get("/site", chen)["name"] == "又一村"), "another program's word"
        assert "INVALID" in call(program, "site", "set", "--store", "a.db", "--json", status=1, folder=folder).stderr
    shown = v("site", "show")
    assert (shown["name"], shown["code"]) == ("又一村", "350582101201") and v("verify")["faults"] == 0
    for lang, word in (("zh", "台账"), ("en", "entries")):
        assert word in call(program, "site", "show", "--store", "a.db", "--lang", lang, folder=folder).stdout


def test_two_at_once_and_once_only(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        area = [a for a in s.all("/areas", chen) if a["code"] == "1-1-1"][0]
        keep = lambda name, version: s.call("PUT", f"/areas/{area['id']}/keeper", {"name": name}, token=chen, headers={"If-Match": f'"{version}"'}).status
        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(lambda i: keep(f"人{i}", area["version"]), range(8))) == [200] + [412] * 7, "one of them was first"
        fresh = s.get(f"/areas/{area['id']}", chen)
        assert fresh["version"] != area["version"] and keep("后来人", area["version"]) == 412 and keep("后来人", fresh["version"]) == 200
        grant = [g for g in s.all("/grants", chen) if g["role"] == "group_leader"][0]
        assert s.call("DELETE", f"/grants/{grant['id']}", token=chen, headers={"If-Match": '"0"'}).json()["code"] == "MOVED_ON"
        assert s.call("DELETE", f"/grants/{grant['id']}", token=chen, headers={"If-Match": f'"{grant["version"]}"'}).status == 200
        # The same call under the same key, ten at once: one member.
        add = lambda key, name, token=chen: s.call("POST", "/members", {"name": name}, token=token, headers={"Idempotency-Key": key})
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda _: add("k1", "张三"), range(10)))
        made = [a for a in answers if a.status == 201]
        assert made and {a.status for a in answers} <= {201, 409} and len({a.body for a in made}) == 1, [(a.status, a.body) for a in answers]
        again = add("k1", "张三")
        assert (again.status, again.body, again.headers["Idempotent-Replayed"]) == (201, made[0].body, "true")
        assert [m["name"] for m in s.all("/members", chen)].count("张三") == 1
        assert add("k1", "李五").json()["field"] == "Idempotency-Key" and add("k2", "张三").json()["id"] != again.json()["id"]
        assert add("", "x").status == 400 and add("x" * 201, "x").status == 400
        assert add("k3", "").status == 400 and add("k3", "").json()["field"] == "name", "what failed has freed its key"
        assert add("k3", "王六").status == 201
        v("grant", "give", v.members["li"], "--role", "commander")
        assert until(lambda: s.call("GET", "/members", token=sign_in(s, "li").json()["token"]).status == 200)
        assert add("k1", "别人的", sign_in(s, "li").json()["token"]).status == 201, "keys are each caller's own"
    with Server(program, folder) as s:
        assert s.call("POST", "/members", {"name": "张三"}, token=sign_in(s, "chen").json()["token"], headers={"Idempotency-Key": "k1"}).body == again.body, "also after a restart"
    v.sound()


def test_a_round_and_its_laboratory(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, login).json()["token"] for login in ("chen", "wu"))
        door = [d for d in s.all("/doors", wu) if d["code"] == "1-1-1·300"][0]["id"]
        visit = lambda body, token=wu: s.call("POST", "/rounds/0/visits", body, token=token).status
        assert visit({"door": "1-1-1·300", "outcome": "done", "heads": 3, "people": [{"person": v.ids[0], "state": "done"}, {"person": v.ids[1], "state": "away"}]}) == 201
        assert visit({"door": "1-1-1·301", "outcome": "refused", "people": [{"person": v.ids[2], "state": "refused"}]}) == 201
        for bad in ({"door": "nowhere", "outcome": "done"}, {"outcome": "done"}, {"door": door, "outcome": "gone"}, {"door": door, "outcome": "done", "people": [{"person": "x", "state": "done"}]},
                    {"door": door, "outcome": "done", "people": {}}, {"door": door, "outcome": "done", "people": [{"who": 1}]}, {"door": door, "outcome": "done", "people": [7]}):
            assert visit(bad) in (400, 404), bad
        assert s.get("/rounds/0", wu)["covered"] == 1
        sweep = s.all("/rounds/0/sweep?buildings=true&area=1-1-1", wu)
        assert [(a["opened"], a["refused"], a["unvisited"]) for a in sweep] == [(1, 1, 2)], sweep
        left = {d["door_code"]: d["why"] for d in s.all("/rounds/0/left?area=1-1-1", wu)}
        assert left["1-1-1·301"] == ["refused"] and left["1-1-1·302"] == ["unvisited"], left
        refusals = s.all("/refusals", wu)
        assert [(r["person"], r["times"], r["step"]) for r in refusals] == [(v.ids[2], 1, None)], refusals
        assert s.call("POST", f"/refusals/{v.ids[2]}/follow", {"step": "promised", "note": "明早", "next": "2022-04-09T08:00:00+08:00"}, token=wu).status == 201
        assert s.all("/refusals", wu)[0]["step"] == "promised" and s.call("POST", f"/refusals/{v.ids[7]}/follow", {"step": "tried"}, token=wu).status == 409
        assert s.call("POST", "/street", {"person": v.ids[3], "outcome": "went_home", "area": "1-1", "place": "桥头"}, token=wu).status == 201
        assert s.call("POST", "/street", {"person": v.ids[3], "outcome": "went_home", "area": "1"}, token=wu).status == 404
        assert [(m["place"], m["door_code"], m["times"]) for m in s.all("/street", wu)] == [("桥头", "1-1-1·301", 1)]
        cli = v("sweep", "left")
        assert [(d["area"], d["door"]) for d in cli] == [(d["code"], d["door_code"] or "") for d in s.all("/rounds/0/left", chen)], "page by page as in one"
        late = s.post("/persons", {"name": "新来的", "door": door}, wu)["id"]
        assert [o["id"] for o in s.all("/rounds/0/outside", wu)] == [late]
        # Tubes, by hand from the office.
        tube = lambda path, body=None, method="POST", token=wu: s.call(method, "/rounds/0/tubes" + path, body or {}, token=token)
        assert tube("", {"code": "T1", "capacity": 5}).status == 201 and tube("", {"code": "T2", "capacity": 1}).status == 201
        assert tube("", {"code": "T3", "capacity": 7}).json()["code"] == "INVALID", "no such tube in the policy"
        assert tube("/T1/people", {"people": v.ids[:3]}).status == 200 and tube("/T2/people", {"people": [v.ids[4]]}).status == 200
        assert tube("/T1/people", {}).json()["field"] == "people" and tube("/T9/people", {"people": v.ids[:1]}).status == 404
        assert tube("/T1/seal").status == 200 and tube("/T2/seal").status == 200
        assert s.call("POST", "/boxes", {"code": "X1", "tubes": ["T1", "T2"]}, token=wu).status == 201
        phone = phone_of(s, chen, folder)
        assert s.call("POST", "/boxes/X1/hand", {"side": "give", "other": phone.device}, token=wu).status == 200
        assert [(b["code"], b["tubes"], b["holder"], b["one_sided"]) for b in s.all("/boxes", wu)] == [("X1", 2, None, True)], "one side's word moves nothing"
        assert tube("/T1/result", {"result": "positive"}, "PUT").status == 403, "a group leader is no laboratory"
        assert tube("/T1/result", {"result": "positive", "method": "RT-PCR"}, "PUT", chen).status == 200 and tube("/T1/result", {"result": "negative"}, "PUT", chen).status == 409
        assert {t["code"]: (t["stage"], t["people"]) for t in s.all("/rounds/0/tubes", wu)} == {"T1": ("positive", 3), "T2": ("boxed", 1)}
        status = s.get("/rounds/0/lab", wu)
        assert status["tubes"]["positive"] == 1 and [a["people"]["positive"] for a in status["areas"] if a["code"] == "1-1"] == [3], status
        asked = {(q["question"], q["person"]) for q in s.all("/rounds/0/questions", wu)}
        assert ("in_tube_not_done", v.ids[4]) in asked and ("box_one_sided", None) in asked, asked
        holds = {h["id"]: h["own_sample"] for h in s.all("/holds", wu)}
        assert holds == {v.ids[0]: True, v.ids[1]: True, v.ids[2]: True, v.ids[3]: False}, holds
        assert s.call("POST", f"/holds/{v.ids[3]}/release", {"how": "released"}, token=wu).status == 403
        assert s.call("POST", f"/holds/{v.ids[3]}/release", {"how": "released", "reason": "两次阴性"}, token=chen).status == 200
        assert [h["ended"] for h in s.all("/holds", wu) if h["id"] == v.ids[3]] == ["released"]
        assert tube(f"/T1/people/{v.ids[2]}", {"decision": "drop", "reason": "贴错"}, "PUT").status == 200
        assert len(s.all("/rounds/0/form", wu)) == len([f for p in s.all("/packs", wu) if p["kind"] == "pcr" for f in p["fields"]])
        assert s.call("GET", "/rounds/0/measures", token=wu).status == 403 and s.call("GET", "/rounds/0/measures", token=chen).status == 409, "samples have no form"
    v.sound()


def test_forms(program, folder):
    v = office(program, folder)
    v("round", "close", "--carry", "下轮补")
    v("round", "open", "--kind", "inspection")
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, login).json()["token"] for login in ("chen", "wu"))
        fields = {f["name"]: f for f in s.all("/rounds/0/form", wu)}
        assert fields and all(f["choices"] for f in fields.values() if f["type"] == "choice")
        answers = {n: (f["choices"][0] if f["type"] == "choice" else "2") for n, f in fields.items() if f["of"] == "door" and not f["after_close"]}
        fill = lambda body: s.call("POST", "/rounds/0/forms", body, token=wu)
        assert fill({"subject": "1-1-1·300", "answers": answers}).status == 201, fill({"subject": "1-1-1·300", "answers": answers}).body
        assert fill({"subject": "1-1-1·300", "answers": {"nothing": "1"}}).status == 400 and fill({"subject": "9-9·1", "answers": {}}).status == 404
        assert any(m["value"] is not None for m in s.all("/rounds/0/measures", chen))
    v.sound()


def test_a_held_entry_is_put_right(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, login).json()["token"] for login in ("chen", "wu"))
        round_id, doors = s.get("/rounds/0", chen)["id"], {d["code"]: d["id"] for d in s.all("/doors", chen)}
        phone = phone_of(s, chen, folder)
        other = s.post("/doors", {"building": "1-1-2", "room": "9"}, chen)["id"]
        phone.record("visit", other, {"round": round_id, "outcome": "done", "people": [{"person": v.ids[0], "state": "done"}]})
        phone.record("person.set", v.ids[1], {"door": other}, personal={"name": "陈秀英"})
        push = s.call("POST", "/entries", phone.upload(), token=phone.token, type="application/x-doorward-upload")
        assert push.json()["receipts"][0]["held"] == 2, push.body
        held = {h["n"]: h["seq"] for h in s.all("/held", chen)}
        assert s.call("POST", f"/held/{held[1]}/reveal", {"reason": "看看"}, token=wu).status == 403
        shown = s.post(f"/held/{held[1]}/reveal", {"reason": "核实"}, chen)
        assert shown["kind"] == "visit" and shown["whole"] and shown["body"] == {"round": round_id, "outcome": "done", "people": [{"person": v.ids[0], "state": "done"}]}, shown
        assert s.post(f"/held/{held[2]}/reveal", {"reason": "核实"}, chen)["body"]["name"] == "陈秀英"
        assert [look["what"] for look in s.all("/audit", chen)] == ["held.show"] * 2
        amend = lambda body, seq=held[1]: s.call("POST", f"/held/{seq}/amend", {"body": body}, token=chen)
        for bad, field in (({"round": round_id, "outcome": "maybe"}, "outcome"), ({"outcome": "done"}, "round"), ({"round": round_id, "more": 1}, "body"), ([], "body"),
                           ({"round": round_id, "people": [{"state": "done"}]}, "person"), ({"round": round_id, "people": {}}, "people"), ({"round": round_id, "heads": "many"}, "heads")):
            assert amend(bad).status == 400 and amend(bad).json()["field"] == field, (bad, amend(bad).body)
        assert s.get("/rounds/0", chen)["covered"] == 0 and len(s.all("/held", chen)) == 2
        made = amend({"round": round_id, "outcome": "done", "people": [{"person": v.ids[0], "state": "done", "evidence": "在家"}, {"person": v.ids[1], "state": "done"}]})
        assert made.status == 201 and not made.json()["held"], made.body
        assert s.get("/rounds/0", chen)["covered"] == 2 and set(h["n"] for h in s.all("/held", chen)) == {2} and amend({}).status == 404
    decided = [e["entry"] for e in v("entries", "show", "--limit", "1000") if e["entry"]["kind"] == "held.decide"]
    assert [(e["body"]["n"], e["body"]["decision"], e["body"]["amended"], e["actor"]) for e in decided] == [(1, "void", made.json()["id"], v.members["chen"])], decided
    v.sound()


def test_nobody_is_passed_over_between_two_pages(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        order = [p["id"] for p in v("round", "missing")["people"]]
        assert [p["id"] for p in s.all("/rounds/0/missing", chen)] == order and len(order) == 8
        first = s.get("/rounds/0/missing?limit=3", chen)
        done = lambda who: s.call("POST", "/rounds/0/visits", {"door": "1-1-1·300", "outcome": "done", "people": [{"person": p, "state": "done"} for p in who]}, token=chen).status
        assert [p["id"] for p in first["items"]] == order[:3] and done([order[0], order[2], order[4]]) == 201
        second = s.get(f"/rounds/0/missing?limit=3&cursor={first['next']}", chen)
        assert [p["id"] for p in second["items"]] == [order[3], order[5], order[6]], "where the last page ended, though its last is found"
        assert [p["id"] for p in s.get(f"/rounds/0/missing?cursor={second['next']}", chen)["items"]] == order[7:]
        assert [p["id"] for p in s.all("/rounds/0/missing?area=1-1-1", chen)] == [order[i] for i in (1, 3, 5, 6, 7)] and s.all("/rounds/0/missing?reason=refused", chen) == []
        assert s.call("GET", "/rounds/0/missing?cursor=4000000000", token=chen).json()["field"] == s.call("GET", "/rounds/0/missing?cursor=9999", token=chen).json()["field"] == "cursor"
