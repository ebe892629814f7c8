"""Needs: raised by phones and the office, seen where one may, closed once, forgotten with whom they name."""
from test_sync import World
from test_tubes import NAMES, Village

DOOR = "1-1-1·300"


def test_needs_by_command(program, folder):
    v = Village(program, folder)
    first = v("need", "raise", DOOR, "--what", "repair", "--note", "水管漏水")["id"]
    second = v("need", "raise", v.ids[0], "--what", "medicine", "--urgent", "--note", "降压药只剩两天", "--by", "采样一组")["id"]
    assert "NOT_FOUND" in v.fails("need", "raise", "9-9·1", "--what", "food")
    listed = v("need", "list", "--area", "1-1")
    assert [(n["what"], n["urgent"], n["name"], n["note"], n["id"]) for n in listed] == [("medicine", "yes", NAMES[0], "降压药只剩两天", second), ("repair", "", "", "水管漏水", first)], listed
    assert [n["id"] for n in v("need", "list", "--what", "repair")] == [first] and v("need", "list", "--area", "1-1-2") == []
    v("need", "close", second, "--reason", "药已送到")
    assert "STATE" in v.fails("need", "close", second) and "NOT_FOUND" in v.fails("need", "close", v.ids[0])
    assert [n["id"] for n in v("need", "list")] == [first] and [n["reason"] for n in v("need", "list", "--all")] == ["", "药已送到"]
    v("export", "full", "--reveal", "--reason", "移交")
    read = lambda: open(f"{folder}/full/needs.csv", encoding="utf-8-sig").read()
    assert "降压药只剩两天" in read() and "水管漏水" in read()
    v.sound()
    v("forget", v.ids[0], "--reason", "本人要求", "--yes")
    assert [(n["what"], n["note"], n["name"]) for n in v("need", "list", "--all") if n["id"] == second] == [("medicine", "", "")]
    v.sound()


def test_needs_of_phones(program, folder):
    with World(program, folder) as w:
        s, ids = w.server, w.v.ids
        raised = w.mine.record("need.raise", ids[0], {"of": "person", "what": "medicine", "urgent": True}, personal={"note": "降压药只剩两天"})
        w.pushed(w.mine)
        assert [(n["what"], n["name"], n["note"], n["urgent"], n["code"], n["door_code"]) for n in s.all("/needs?open=true", w.chen)] == [("medicine", NAMES[0], "降压药只剩两天", True, "1-1-1", DOOR)]
        need = s.all("/needs", w.chen)[0]
        assert need["id"] == raised["id"] and need["by"] == w.mine.member and need["person"] == ids[0] and need["closed"] is None
        far = s.post("/needs", {"subject": w.far, "what": "rubbish"}, w.chen)["id"]
        for phone in (w.mine, w.whole): phone.load(s)
        assert [n["on"] for n in w.mine.knows("need")] == [ids[0]] and w.mine.knows("need")[0]["note"] == "降压药只剩两天"
        assert {n["id"] for n in w.whole.knows("need")} == {need["id"], far}
        # Closed on a phone that knows it only by its record; twice is once.
        w.whole.record("need.close", need["id"], {"reason": "药已送到"})
        assert w.pushed(w.whole)["held"] == 0
        assert s.call("POST", f"/needs/{need['id']}/close", {}, token=w.chen).json()["code"] == "STATE"
        w.mine.pull(s)
        assert [(n["reason"], "closed" in n) for n in w.mine.knows("need")] == [("药已送到", True)]
        # What lies elsewhere is nobody's to close, and what was never raised waits.
        w.mine.record("need.close", far, {})
        assert w.pushed(w.mine)["held"] == 1
        assert s.call("POST", "/needs", {"subject": DOOR, "what": "gold"}, token=w.chen).json()["field"] == "what"
        assert [n["id"] for n in s.all("/needs?open=false", w.chen)] == [need["id"]] and [n["id"] for n in s.all("/needs?what=rubbish", w.chen)] == [far]
