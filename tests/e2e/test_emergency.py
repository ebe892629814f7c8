"""Emergency access: by oneself, for a while, with a reason; told at once, not handed on, not drawn out."""
from server import Server
from test_server import office, sign_in
from tool import call


def test_emergency_access(program, folder):
    v = office(program, folder)
    v("grant", "give", v.members["li"], "--role", "viewer", "--area", "1-1-2")
    with Server(program, folder) as s:
        chen, li = (sign_in(s, login).json()["token"] for login in ("chen", "li"))
        assert s.call("GET", "/persons", token=li).status == 403
        for body in ({}, {"reason": ""}, {"reason": "x", "minutes": 241}, {"reason": "x", "minutes": 0}, {"reason": "x", "to": "2099-01-01T00:00:00Z"}):
            assert s.call("POST", "/emergencies", body, token=li).status == 400, body
        assert s.call("POST", "/emergencies", {"reason": "x", "area": "9-9"}, token=li).status == 404
        grant = s.post("/emergencies", {"reason": "一号楼失火，要点名", "area": "1-1-1", "minutes": 30}, li, status=201)
        assert grant["emergency"] and grant["role"] == "grid_leader" and grant["code"] == "1-1-1" and grant["from"] and grant["to"]
        assert len(s.all("/persons", li)) == 8 and s.call("POST", f"/persons/{v.ids[0]}/reveal", {"reason": "点名"}, token=li).status == 200
        # Not drawn out, not handed on.
        assert s.call("POST", "/emergencies", {"reason": "再来", "minutes": 240}, token=li).status == 409
        assert s.call("POST", "/grants", {"member": v.members["li"], "role": "keeper", "area": "1-1-1", "to": grant["to"]}, token=li).status == 403
        assert s.call("POST", "/devices/invites", {"member": v.members["li"], "name": "手机"}, token=li).status == 403
        assert s.call("POST", "/accounts", {"member": v.members["li"], "login": "li2", "password": "0123456789abc"}, token=li).status == 403
        # Told: to whoever audits, wherever it lies, with its reason; in the ledger, by whom.
        assert [(g["id"], g["reason"]) for g in s.all("/emergencies?open=true", chen)] == [(grant["id"], "一号楼失火，要点名")]
        assert grant["id"] in {g["id"] for g in s.get("/auth/me", li)["grants"]}
        assert s.call("DELETE", "/emergencies", token=li).status == 200 and s.call("GET", "/persons", token=li).status == 403
        assert s.call("DELETE", "/emergencies", token=li).status == 404
        assert s.all("/emergencies?open=true", chen) == [] and len(s.all("/emergencies", chen)) == 1
        # Another one is another entry with a reason of its own; who may end any ends it.
        again = s.post("/emergencies", {"reason": "复燃"}, li, status=201)
        assert len(s.all("/areas", li)) == 5 and s.call("POST", "/rounds", {"kind": "sweep"}, token=li).status in (200, 201, 409)
        assert s.call("DELETE", f"/grants/{again['id']}", token=chen).status == 200 and s.call("GET", "/persons", token=li).status == 403
        # Who has no grant has no emergency.
        s.call("DELETE", f"/grants/{[g['id'] for g in s.all('/grants', chen) if g['role'] == 'viewer'][0]}", token=chen)
        assert s.call("POST", "/emergencies", {"reason": "x"}, token=li).status == 403
    made = [e["entry"] for e in v("entries", "show", "--limit", "1000") if e["entry"]["kind"] == "grant.set" and e["entry"]["body"].get("emergency")]
    assert [(e["actor"], e["body"]["member"]) for e in made] == [(v.members["li"],) * 2] * 2, made
    # From the command line; over by itself.
    early = ["--at", "2022-05-10T08:00:00+08:00"]
    assert "FORBIDDEN" in v.fails("grant", "emergency", v.members["li"], "--reason", "停电", *early)  # the one he had is over
    v("grant", "emergency", v.members["wu"], "--reason", "停电", "--minutes", "1", *early)
    assert "STATE" in v.fails("grant", "emergency", v.members["wu"], "--reason", "停电", *early)
    v("grant", "emergency", v.members["wu"], "--reason", "停电", "--at", "2022-05-10T08:02:00+08:00")
    v("grant", "emergency", v.members["wu"], "--end", "--at", "2022-05-10T08:03:00+08:00")
    assert "INVALID" in v.fails("grant", "emergency", v.members["wu"])
    assert "!" in call(program, "grant", "list", "--store", "a.db", folder=folder).stdout
    v.sound()
