"""How many people are on no list: from a table, and from the register."""
import json
import math

from test_lists import HEAD, check_digit, site, write
from server import Server
from test_server import office, sign_in
from tool import ask, call

# Area, histories of (household list, landlord list) and how many people have them.
COUNTS = [("3-1", 20, 30, 40), ("3-2", 5, 8, 12), ("3-3", 0, 0, 0), ("3-4", 9, 2, 25), ("3-5", 3, 6, 10)]
DOORS = {"3-1": 60, "3-2": 4, "3-3": 9, "3-4": 30, "3-5": 20}


def people():
    """A row a person, as a matched list has them; the third area's one is on neither."""
    rows = ["小组,户,姓名,户籍,房东,户数"]
    for area, one, other, both in COUNTS:
        for i, (a, b) in enumerate([(1, 0)] * one + [(0, 1)] * other + [(1, 1)] * both or [(0, 0)]):
            rows.append(f"{area},{area}-{i // 2},人{i},{a},{b or '否'},{DOORS[area]}")
    return "\n".join(rows) + "\n"


def histories():
    rows = ["小组,户籍,房东,人数,户数"]
    for area, one, other, both in COUNTS:
        rows += [f"{area},是,,{one},{DOORS[area]}", f"{area},,√,{other},{DOORS[area]}", f"{area},x,1,{both},{DOORS[area]}"]
    return "\n".join(rows) + "\n"


def test_a_table_of_people_and_one_of_histories_say_the_same(program, folder):
    write(folder, "people.csv", people())
    write(folder, "counts.csv", histories())
    one = ask(program, "unseen", "people.csv", "--area", "小组", "--doors", "户数", folder=folder)
    other = ask(program, "unseen", "counts.csv", "--area", "小组", "--doors", "户数", "--count", "人数", folder=folder)
    assert one["areas"] == other["areas"] and (one["on_no_list"], other["on_no_list"]) == (1, 0)
    assert [l["name"] for l in one["lists"]] == ["户籍", "房东"]
    areas = {a["area"]: a for a in one["areas"]}
    assert areas["3-3"]["how"] == "nothing" and areas["3-3"]["unseen"] is None and "left_out" in one["all"]["warnings"]
    for area, first, second, both in COUNTS:
        a = areas[area]
        assert (a["listed"], a["on_two"], a["doors"]) == (first + second + both, both, DOORS[area])
        if not both:
            continue
        assert a["how"] == "shared" and a["low"] <= a["unseen"] <= a["high"] and a["finds"] < a["unseen"]
        assert math.isclose(a["finds"] / DOORS[area], a["per_door"], abs_tol=1e-3)
    assert sorted(a["rank"] for a in areas.values()) == [1, 2, 3, 4, 5]
    assert areas["3-2"]["rank"] == 1, "the most people a door"
    assert "two_lists" in one["all"]["warnings"] and one["models"] == [{"dependent": [], "others_alike": False, "weight": 1.0}]
    # Whoever walks faster finds more an hour; ranks stay.
    fast = ask(program, "unseen", "people.csv", "--area", "小组", "--doors", "户数", "--pace", "40", "--meets", "80%", folder=folder)
    for a, b in zip(one["areas"], fast["areas"]):
        assert a["rank"] == b["rank"] and (a["per_hour"] is None or math.isclose(b["per_hour"], a["per_hour"] * 2 * 0.8 / 0.6, rel_tol=0.02))


def test_one_area_is_chapmans(program, folder):
    write(folder, "a.csv", "A,B,n\n1,0,20\n0,1,30\n1,1,40\n")
    said = ask(program, "unseen", "a.csv", "--count", "n", folder=folder)
    (area,) = said["areas"]
    assert area["how"] == "chapman" and area["unseen"] == round(20 * 30 / 41, 2) and area["low"] < 14 < area["high"]
    # Links that the matching missed stand for fewer people, who are on both.
    fewer = ask(program, "unseen", "a.csv", "--count", "n", "--missed", "10%", folder=folder)["areas"][0]
    assert fewer["distinct"] < area["distinct"] and fewer["unseen"] < area["unseen"]
    wide = ask(program, "unseen", "a.csv", "--count", "n", "--together", "3", folder=folder)["areas"][0]
    assert wide["high"] - wide["low"] > 1.4 * (area["high"] - area["low"])
    for lang, words in (("zh", "区间"), ("en", "interval")):
        assert words in call(program, "unseen", "a.csv", "--count", "n", "--lang", lang, folder=folder).stdout
    write(folder, "apart.csv", "A,B\n" + "1,0\n" * 30 + "0,1\n" * 40)
    (none,) = ask(program, "unseen", "apart.csv", folder=folder)["areas"]
    assert none["how"] == "bound" and none["high"] is None and none["low"] == math.ceil(1200 / -math.log(0.025) - 70)
    assert "至少" in call(program, "unseen", "apart.csv", "--lang", "zh", folder=folder).stdout


def test_three_lists_tell_which_depend(program, folder):
    rows = {"100": 60, "010": 60, "001": 120, "110": 180, "101": 60, "011": 60, "111": 180}
    write(folder, "a.csv", "A,B,C,n,sex\n" + "".join(f"{','.join(h)},{n},{sex}\n" for h, n in rows.items() for sex in "mf"))
    said = ask(program, "unseen", "a.csv", "--count", "n", folder=folder)
    assert said["models"][0]["dependent"] == [["A", "B"]] and "dependent" in said["all"]["warnings"]
    odds = {tuple(d["lists"]): d["odds"] for d in said["dependence"]}
    assert odds["A", "B"] > 2 > odds["A", "C"] and said["fit_chance"] > 0.01
    # Joined, they are one list; and people told apart by sex, who are alike here, come to the same.
    two = ask(program, "unseen", "a.csv", "--count", "n", "--lists", "A+B,C", folder=folder)
    assert math.isclose(two["all"]["unseen"], (600 * 240) / 601, rel_tol=1e-3)
    strata = ask(program, "unseen", "a.csv", "--count", "n", "--stratum", "sex", folder=folder)
    assert math.isclose(strata["all"]["unseen"], said["all"]["unseen"], rel_tol=0.2)
    bic = ask(program, "unseen", "a.csv", "--count", "n", "--bic", folder=folder)
    assert bic["all"]["high"] - bic["all"]["low"] <= said["all"]["high"] - said["all"]["low"]


def test_what_is_wrong_with_a_table_is_said(program, folder):
    write(folder, "a.csv", "区域,A,B,n\n一,1,0,3\n一,1,7,4\n")
    for words, code, status in ((("--lists", "A,B"), "CELL", 1), (("--lists", "A"), "COLUMN", 1), (("--lists", "A,C"), "COLUMN", 1), ((), "COLUMN", 1),
                                (("--area", "x"), "COLUMN", 1), (("--missed", "a lot"), "USAGE", 2), (("--missed", "0.99", "--lists", "A+n,B"), "CELL", 1)):
        error = json.loads(call(program, "unseen", "a.csv", *words, "--json", status=status, folder=folder).stderr)
        assert error["error"] == code, (words, error)
    error = json.loads(call(program, "unseen", "a.csv", "--lists", "A,B", "--json", status=1, folder=folder).stderr)
    assert (error["row"], error["column"]) == (3, "B"), error
    call(program, "unseen", "none.csv", status=1, folder=folder)
    call(program, "unseen", "--store", "none.db", status=1, folder=folder)


def test_from_the_register(program, folder):
    site(program, folder)
    v = lambda *words: ask(program, *words, "--store", "a.db", folder=folder)
    name = lambda i: "赵钱孙李周吴郑王冯陈"[i % 10] + "一二三四五六七八九十"[i // 10 % 10] + "甲乙"[i % 2]
    number = lambda i: f"35059919900101{100 + i}"
    row = lambda i: f"1-1-1,东片12号,{300 + i},{name(i)},{name(i)},{number(i)}{check_digit(number(i))},1380000{i:04d}\n"
    write(folder, "a.csv", HEAD + "".join(row(i) for i in range(0, 40)))
    write(folder, "b.csv", HEAD + "".join(row(i) for i in range(20, 50)))
    v("import", "list", "--as", "household", "a.csv")
    v("import", "list", "--as", "landlord", "b.csv")
    said = v("unseen", "--by", "building")
    (area,) = [a for a in said["areas"] if a["listed"]]
    assert [l["name"] for l in said["lists"]] == ["household", "landlord"]
    assert (area["area"], area["listed"], area["on_two"]) == ("1-1-1", 50, 20), area
    assert area["doors"] == 50, area
    assert said["open_pairs"] == 0 and area["how"] == "chapman" and math.isclose(area["unseen"], 20 * 10 / 21, abs_tol=0.01)
    assert v("unseen", "--by", "grid")["areas"][0]["area"] == "1"
    assert v("unseen", "--area", "1-1-1", "--stratum", "sex")["all"]["listed"] == 50
    # A round is a list, too.
    v("round", "open")
    ids = [v("person", "find", name(i))["people"][0]["id"] for i in (0, 1, 25, 45)]
    v("visit", "1-1-1·300", ids[0])
    met = v("unseen", "--lists", "household+landlord,round:1", "--by", "building")
    assert met["all"]["on_two"] == 1 and met["all"]["listed"] == 50
    for words in (("--lists", "household"), ("--lists", "household,poem"), ("--lists", "household,round:9"), ("--area", "9-9")):
        call(program, "unseen", *words, "--store", "a.db", status=1, folder=folder)
    call(program, "unseen", "--count", "n", "--store", "a.db", status=2, folder=folder)
    # Whom the matching could not tell apart stands twice until somebody has looked: that is said.
    write(folder, "c.csv", HEAD + f"1-1-1,东片12号,300,{name(0)},{name(0)},,\n")
    assert v("import", "list", "--as", "landlord", "c.csv")["pairs"] > 0
    assert v("unseen")["open_pairs"] > 0 and "unmatched" in v("unseen")["all"]["warnings"]
    assert "漏登" in call(program, "unseen", "--by", "building", "--store", "a.db", "--lang", "zh", folder=folder).stdout
    assert v("verify")["faults"] == 0


def test_over_the_api_as_far_as_one_sees(program, folder):
    v = office(program, folder)
    v("visit", "1-1-1·300", v.ids[0], v.ids[1])
    told = v("unseen", "--lists", "household,round:1", "--by", "building")
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, who).json()["token"] for who in ("chen", "wu"))
        assert s.call("GET", "/unseen", token=chen).json()["code"] == "STATE", "one kind of list was imported"
        said = s.get("/unseen?lists=household,round:1&by=building", chen)
        assert said["lists"] == ["household", "round:1"] and said["all"]["listed"] == told["all"]["listed"] == 8
        for item, area in zip(said["items"], told["areas"]):
            assert (item["code"], item["listed"], item["unseen"], item["high"], item["rank"]) == (area["area"], area["listed"], area["unseen"], area["high"], area["rank"])
        assert {i["code"] for i in s.get("/unseen?lists=household,round:1&by=building", wu)["items"]} == {"1-1-1"}
        assert s.call("GET", "/unseen?area=1", token=wu).status == 404 and s.call("GET", "/unseen?lists=poem", token=chen).status == 400
        assert s.call("GET", "/unseen?lists=household,round:7", token=chen).status == 404 and s.call("GET", "/unseen?missed=901", token=chen).status == 400
        assert s.call("GET", "/unseen").status == 401
