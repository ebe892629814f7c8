"""The names behind each number of a round: as many as the number says, of every area, for who may see them."""
import os

from server import Server
from test_demo import demo
from test_server import PASSWORD, sign_in
from tool import ask, call

WHATS = ("owed", "covered", "missing", "found", "arrived", "recovered", "excused")


def test_every_number_has_its_names(program, folder):
    told = demo(program, folder, 700, 11)
    os.rename(os.path.join(folder, "demo"), os.path.join(folder, "d"))
    store = ["--store", "d/site.db"]
    v = lambda *words: ask(program, *words, *store, folder=folder)
    # Somebody who was merged away, and one who was covered by the name he had before.
    owed = v("round", "people", "--what", "missing")
    v("person", "merge", owed[0]["id"], owed[1]["id"])
    v("person", "merge", owed[2]["id"], v("round", "people", "--what", "covered")[0]["id"])
    status = v("round", "status", "--buildings")
    assert all(status[what] > 0 for what in WHATS), {what: status[what] for what in WHATS}
    names = {what: v("round", "people", "--what", what) for what in WHATS}
    assert {what: len(names[what]) for what in WHATS} == {what: status[what] for what in WHATS}
    assert {p["id"] for p in names["owed"]} == {p["id"] for p in names["covered"]} | {p["id"] for p in names["missing"]}
    assert [p["id"] for p in names["missing"]] == [p["id"] for p in v("round", "missing")["people"]]
    assert all(p["state"] == "done" and p["at"] for p in names["covered"]) and {p["how"] for p in names["found"]} == {"found"} and {p["how"] for p in names["arrived"]} == {"arrived"}
    assert [p["excuse"] for p in names["excused"] if p["id"] == owed[1]["id"]] == ["merged"]
    assert owed[2]["id"] in {p["id"] for p in names["covered"]}
    cell = max((a for a in status["areas"] if a["code"].count("-") == 1 and a["owed"] < status["owed"]), key=lambda a: a["owed"])["code"]
    for name, role, more in (("陈站长", "commander", []), ("吴雅芳", "grid_leader", ["--area", cell]), ("李四", "rider", [])):
        member = v("member", "add", name)["id"]
        v("grant", "give", member, "--role", role, *more)
        call(program, "account", "add", role, member, *store, folder=folder, env={"DOORWARD_PASSPHRASE": PASSWORD})
    with Server(program, folder, store="d/site.db") as s:
        chen, wu, li = (sign_in(s, who).json()["token"] for who in ("commander", "grid_leader", "rider"))
        pages = lambda path, token, limit: every(s, path, token, limit)
        areas = pages("/rounds/0/areas?buildings=true", chen, 500)
        assert len(areas) > 10 and {a["code"]: {what: a[what] for what in WHATS} for a in areas} == {a["code"]: {what: a[what] for what in WHATS} for a in status["areas"]}
        for area in areas:
            for what in WHATS:
                got = pages(f"/rounds/0/people?what={what}&area={area['code'] or '-'}", chen, 500)
                assert len(got) == len({p["id"] for p in got}) == area[what], (area["code"], what, len(got), area[what])
        for what in WHATS:  # a page at a time the same, in the same order
            assert [p["id"] for p in pages(f"/rounds/0/people?what={what}", chen, 7)] == [p["id"] for p in names[what]], what
        assert pages("/rounds/0/people", chen, 500) == pages("/rounds/0/people?what=owed", chen, 500)
        shown = s.get("/rounds/0/people?what=covered&limit=1&fields=name,phone", chen)["items"]
        assert list(shown[0]) == ["name", "phone"] and all("*" in p["phone"] for p in pages("/rounds/0/people", chen, 500) if p["phone"])
        # A leader has the names of his cell, and who may not see the round has none.
        mine, board = pages("/rounds/0/people", wu, 500), {a["code"]: a for a in pages("/rounds/0/areas", wu, 500)}
        assert len(mine) == board[cell]["owed"] < status["owed"] and {p["id"] for p in mine} == {p["id"] for p in pages(f"/rounds/0/people?area={cell}", chen, 500)}
        other = [a["code"] for a in areas if a["code"] and not a["code"].startswith(cell) and not cell.startswith(a["code"]) and a["depth"] > 1][0]
        assert pages(f"/rounds/0/people?area={other}", wu, 500) == [] and pages("/rounds/0/people?area=-", wu, 500) == []
        assert s.call("GET", "/rounds/0/people", token=li).status == 403 and s.call("GET", "/rounds/0/people").status == 401
        assert s.call("GET", "/rounds/0/people?what=all", token=chen).status == 400 and s.call("GET", "/rounds/0/people?area=9-9-9", token=chen).status == 404
        cursor = s.get("/rounds/0/people?what=owed&limit=1", chen)["next"]
        assert s.call("GET", f"/rounds/0/people?what=covered&limit=1&cursor={cursor}", token=chen).status == 400, "a cursor is of one list"
    assert v("verify")["faults"] == 0 and told["owed"] > 0


def every(s, path, token, limit):
    items, cursor = [], None
    while True:
        page = s.get(path + ("&" if "?" in path else "?") + f"limit={limit}" + (f"&cursor={cursor}" if cursor else ""), token)
        items, cursor = items + page["items"], page["next"]
        if cursor is None:
            return items
