"""A sweep: doors registered on the way, what is left for a second pass, refusals until they are settled, people met in the street."""
import os
from datetime import datetime

from test_papers import pages
from test_tubes import NAMES, Village

DOORS = ["1-1-1·300", "1-1-1·301", "1-1-1·302", "1-1-1·303"]


def swept(program, folder):
    v = Village(program, folder)
    v("round", "close", "--carry", "改做扫楼")
    v("round", "open", "--kind", "sweep")
    return v


def left(v, *words):
    return {(d["door"] or d["area"]): d["why"] for d in v("sweep", "left", *words)}


def test_progress_by_building_and_what_is_left(program, folder):
    v = swept(program, folder)
    assert left(v) == {**dict.fromkeys(DOORS, "unvisited"), "1-1-2": "unopened"}, "a building of which no door is known is left too"
    v("visit", DOORS[0], v.ids[0], v.ids[1], "--heads", "3")
    v("visit", DOORS[1], v.ids[2], v.ids[3] + "=away", "--heads", "1")
    v("visit", DOORS[2], "--as", "nobody_home")
    v("visit", DOORS[3], "--as", "refused", v.ids[6] + "=refused", v.ids[7] + "=refused")
    assert left(v) == {DOORS[0]: "more", DOORS[1]: "missing", DOORS[2]: "nobody_home", DOORS[3]: "refused", "1-1-2": "unopened"}
    assert left(v, "--area", "1-1-2") == {"1-1-2": "unopened"} and "NOT_FOUND" in v.fails("sweep", "left", "--area", "9")
    whole = v("sweep", "status")[0]
    assert {k: whole[k] for k in ("doors", "unvisited", "done", "nobody_home", "refused", "buildings", "unopened", "people", "counted", "more")} == {
        "doors": 4, "unvisited": 0, "done": 2, "nobody_home": 1, "refused": 1, "buildings": 2, "unopened": 1, "people": 8, "counted": 4, "more": 1}
    areas = {a["area"]: a for a in v("sweep", "status", "--buildings")[1:]}
    assert (areas["1-1-1"]["doors"], areas["1-1-2"]["unopened"]) == (4, 1), areas
    # The third head at the first door is found and registered: nothing is left there.
    v("person", "add", "--door", DOORS[0], "--name", "阿珍", "--phone", "13911112222", "--how", "found")
    found = v("person", "find", "阿珍")["people"][0]["id"]
    v("visit", DOORS[0], found, "--heads", "3")
    assert DOORS[0] not in left(v) and v("sweep", "status")[0]["new"] == 1
    v("visit", DOORS[2], v.ids[4], v.ids[5])
    assert DOORS[2] not in left(v), "the second pass closes it"
    v.sound()


def test_registering_on_the_way(program, folder):
    v = swept(program, folder)
    dormitory = v("door", "add", "1-1-2", "--kind", "dormitory", "--floor", "2", "--room", "201")["id"]
    shop = v("door", "add", "1-1-2", "--kind", "shop", "--room", "店面1", "--name", "阿珍小吃")["id"]
    assert dormitory in v.fails("door", "add", "1-1-2", "--room", "201"), "the same room, written otherwise"
    assert "NOT_FOUND" in v.fails("door", "add", "7-7-7", "--room", "1")
    household = v("household", "add", "1-1-2·201", "--kind", "dormitory")["id"]
    assert "NOT_FOUND" in v.fails("household", "add", "1-1-2·999")
    first = v("person", "add", "--door", dormitory, "--household", household, "--name", "阿依古丽·买买提", "--phone", "13911113333", "--birth", "1999-5-6", "--how", "found")["id"]
    error = v.fails("person", "add", "--name", "阿依古丽·买买提", "--phone", "139 1111 3333", "--birth", "19990506")
    assert "EXISTS" in error and first in error
    again = v("person", "add", "--name", "阿依古丽·买买提", "--phone", "13911113333", "--birth", "19990506", "--even-so")
    assert again["pairs"] >= 1 and any({first, again["id"]} == {p["a"]["id"], p["b"]["id"]} for p in v("review", "list")["pairs"])
    for words, field in ((["--name", "王五", "--doc", "350599199001010018"], "doc"), (["--name", "王五", "--birth", "1990-13-1"], "birth"),
                         (["--name", "王五", "--phone", "12"], "phone"), ([], "name")):
        assert field in v.fails("person", "add", *words), words
    status = v("sweep", "status")[0]
    assert (status["dormitory"], status["shop"], status["doors"], status["unopened"]) == (1, 1, 6, 0), status
    assert v("round", "status")["found"] == 1
    v("person", "move", first, DOORS[0])
    assert "300" in v("person", "find", "阿依古丽")["people"][0]["place"]
    v("person", "leave", first, "--as", "left")
    assert "STATE" in v.fails("person", "leave", first) and "NOT_FOUND" in v.fails("person", "move", shop, DOORS[0])
    v.sound()


def test_a_refusal_stays_until_it_is_settled(program, folder):
    v = swept(program, folder)
    at = lambda hour: ["--at", f"2022-04-10T{hour:02d}:00:00+08:00"]
    refusals = lambda: [(r["door"], r["name"], r["times"], r["tries"], r["step"]) for r in v("refusal", "list")]
    v("visit", DOORS[3], "--as", "refused", v.ids[6] + "=refused", *at(9))
    v("visit", DOORS[2], "--as", "refused", *at(9))
    assert refusals() == [(DOORS[2], "", 1, 0, ""), (DOORS[3], NAMES[6], 1, 0, "")], "a door stands for itself when it names nobody"
    assert "STATE" in v.fails("refusal", "follow", DOORS[0], "--as", "tried")
    v("refusal", "follow", DOORS[3], "--as", "promised", "--next", "2022-04-10T19:00:00+08:00", "--note", "答应晚上配合", *at(10))
    one = v("refusal", "list")[1]
    assert (one["step"], one["note"], datetime.fromisoformat(one["next"]), one["tries"]) == (
        "promised", "答应晚上配合", datetime.fromisoformat("2022-04-10T19:00:00+08:00"), 1), one
    # The next round does not wash it away, nor does somebody else at that door.
    v("round", "close", "--carry", "下一轮再去", *at(11))
    v("round", "open", "--kind", "sweep", *at(12))
    v("visit", DOORS[3], v.ids[7], *at(13))
    v("visit", DOORS[2], "--as", "nobody_home", *at(13))
    assert [r[:3] for r in refusals()] == [(DOORS[2], "", 1), (DOORS[3], NAMES[6], 1)]
    v("visit", DOORS[3], v.ids[6] + "=refused", *at(14))
    assert [r[:3] for r in refusals()] == [(DOORS[2], "", 1), (DOORS[3], NAMES[6], 2)]
    v("visit", DOORS[3], v.ids[6], *at(15))
    assert [r[0] for r in refusals()] == [DOORS[2]], "covered: settled"
    v("refusal", "follow", DOORS[2], "--as", "settled", "--note", "社区民警上门，确认已搬走", *at(16))
    assert refusals() == []
    v("visit", DOORS[2], "--as", "refused", *at(17))
    assert [(r["times"], r["tries"]) for r in v("refusal", "list")] == [(1, 0)], "a new refusal begins anew"
    v.sound()


def test_people_met_in_the_street(program, folder):
    v = swept(program, folder)
    v("street", "meet", v.ids[0], "--as", "went_home", "--area", "1-1", "--place", "东明巷口", "--at", "2022-04-10T09:00:00+08:00")
    v("street", "meet", v.ids[0], "--as", "refused", "--area", "1-1", "--note", "说要买药", "--at", "2022-04-10T10:00:00+08:00")
    stranger = v("person", "add", "--name", "外乡人", "--note", "说住在东片12号")["id"]
    v("street", "meet", stranger, "--as", "outsider", "--door", DOORS[1], "--at", "2022-04-10T11:00:00+08:00")
    met = v("street", "list")
    assert [(m["name"], m["outcome"], m["door"], m["times"], m["place"]) for m in met] == [
        ("外乡人", "outsider", DOORS[1], 1, ""), (NAMES[0], "refused", DOORS[0], 2, ""), (NAMES[0], "went_home", DOORS[0], 2, "东明巷口")]
    assert [m["name"] for m in v("street", "list", "--area", "1-1")] == [NAMES[0], NAMES[0]]
    assert [(r["where"], r["name"]) for r in v("refusal", "list")] == [("in_street", NAMES[0])]
    assert "NOT_FOUND" in v.fails("street", "meet", v.ids[0], "--as", "refused", "--area", "8")
    v("forget", v.ids[0], "--reason", "本人要求删除")
    assert {(m["name"], m["place"], m["note"]) for m in v("street", "list", "--area", "1-1")} == {("", "", "")}
    v("street", "meet", v.ids[0], "--as", "went_home", "--place", "又遇见")
    assert v("street", "list")[0]["place"] == "", "nothing more is said of who was forgotten"
    v("street", "meet", stranger, "--as", "taken_home", "--at", "2022-04-10T12:00:00+08:00")
    v("round", "open", "--kind", "sweep")
    assert v("round", "status")["owed"] == 9, "who was met in the street is on a list now, and owed"
    v.sound()


def test_the_second_pass_on_paper(program, folder):
    v = swept(program, folder)
    v("area", "keep", "1-1-1", "--name", "吴雅芳", "--phone", "13600000000")
    v("visit", DOORS[0], v.ids[0], v.ids[1], "--heads", "2")
    v("visit", DOORS[1], "--as", "nobody_home")
    told = v("paper", "left", "--out", "left.pdf", "--lang", "zh")
    assert told["places"] == 4, told
    text = "\n".join(pages(folder, "left.pdf"))
    assert all(word in text for word in ("补网清单", "301", "无人应门", "吴雅芳", "（整栋）", "楼内户门未登记", "未敲门")) and "\n300" not in text, text
    assert not any(name in text for name in NAMES), "no names"
    english = v("paper", "left", "--per", "building", "--out", "e.pdf", "--lang", "en")
    assert english["places"] == 4 and "no door known" in "\n".join(pages(folder, "e.pdf"))
    assert "NOT_FOUND" in v.fails("paper", "left", "--area", "9", "--out", "x.pdf")


def test_what_rounds_leave_behind_is_exported(program, folder):
    v = Village(program, folder)
    v.tube("0001", [0, 1], "--capacity", "5")
    v("tube", "seal", "0001", "--by", "采样一组")
    v("visit", DOORS[3], "--as", "refused", v.ids[6] + "=refused")
    v("refusal", "follow", DOORS[3], "--as", "tried", "--note", "隔门劝说")
    v("street", "meet", v.ids[0], "--as", "went_home", "--place", "东明巷口")
    v("card", "print", "--out", "cards.pdf")
    for folder_name, more, seen in (("masked", [], False), ("full", ["--reveal", "--reason", "移交"], True)):
        v("export", folder_name, *more)
        read = lambda name: open(os.path.join(folder, folder_name, name + ".csv"), encoding="utf-8-sig").read()
        assert all(len(read(name).splitlines()) == count + 1 for name, count in
                   (("tubes", 1), ("samples", 2), ("meetings", 1), ("follow_ups", 1), ("cards", 4), ("review", 0)))
        assert ("东明巷口" in read("meetings")) == seen and ("隔门劝说" in read("follow_ups")) == seen and v.ids[0] in read("meetings")
