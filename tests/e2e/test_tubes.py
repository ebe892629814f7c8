"""Tubes from opening to the result; what is wrong with them; who is held after a positive one."""
import os

from sheets import xlsx
from test_lists import HEAD, site, write
from tool import ask, call

NAMES = ["林志强", "陈秀英", "王小明", "赵四", "孙七", "周八", "吴九", "郑十"]


class Village:
    """Eight people behind four doors, a round, a sampler and a courier with keys of their own."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        site(program, folder)
        rows = "".join(f"1-1-1,东片12号,{300 + i // 2},{NAMES[i // 2 * 2]},{name},,138000000{i:02d}\n" for i, name in enumerate(NAMES))
        write(folder, "a.csv", HEAD + rows)
        self("import", "list", "--as", "household", "a.csv")
        self("round", "open", "--kind", "pcr")
        self.ids = [self("person", "find", name)["people"][0]["id"] for name in NAMES]
        for device in ("采样一组", "快递"): self("device", "add", device)

    def __call__(self, *words):
        return ask(self.program, *words, "--store", "a.db", folder=self.folder)

    def fails(self, *words, status=1):
        return call(self.program, *words, "--store", "a.db", "--json", status=status, folder=self.folder).stderr

    def tube(self, code, people, *more):
        self("tube", "open", code, "--by", "采样一组", *more)
        self("tube", "fill", code, *(self.ids[i] for i in people), "--by", "采样一组")

    def questions(self):
        return {(q.get("name"), q["question"], q["tube"]) for q in self("lab", "questions")}

    def sound(self):
        assert self("verify")["faults"] == 0


def test_from_the_door_to_the_result(program, folder):
    v = Village(program, folder)
    v.tube("0001", [0, 1, 2], "--capacity", "5")
    v.tube("0002", [3], "--capacity", "1")
    assert "STATE" in v.fails("box", "pack", "X01", "0001")
    v("tube", "seal", "0001", "--by", "采样一组")
    v("tube", "seal", "0002", "--by", "采样一组")
    assert "STATE" in v.fails("tube", "fill", "0001", v.ids[4], "--by", "采样一组")
    v("box", "pack", "X01", "0001", "0002", "--by", "采样一组")
    stages = lambda: {t["tube"]: t["stage"] for t in v("tube", "list")}
    assert stages() == {"0001": "boxed", "0002": "boxed"}
    v("box", "give", "X01", "--by", "采样一组", "--to", "快递")
    assert stages() == {"0001": "boxed", "0002": "boxed"}, "one side's word is not enough"
    v("box", "take", "X01", "--by", "快递", "--from", "采样一组")
    assert stages() == {"0001": "handed", "0002": "handed"}
    xlsx(os.path.join(folder, "r.xlsx"), [["晋江市疾控中心检测结果"], ["管号", "检测结果", "检测时间"], ["0001", "阴性", "2022-04-08 16:00"],
                                          ["9999", "阴性", None], ["0002", "？", None]])
    result = v("import", "results", "r.xlsx")
    assert (result["rows"], result["fresh"], result["placeless"]) == (3, 1, 1), result
    assert [(t["row"], t["field"]) for t in result["troubles"]] == [(4, "tube"), (5, "result")]
    assert v("import", "results", "r.xlsx")["already"]
    v("tube", "result", "0002", "--as", "negative")
    assert "STATE" in v.fails("tube", "result", "0002", "--as", "positive")
    status = v("lab", "status")
    assert status["tubes"]["negative"] == 2 and status["areas"][0]["people"]["negative"] == 4, status
    assert v("lab", "holds") == []
    v.sound()
    v("import", "undo", result["batch"])
    assert stages() == {"0001": "handed", "0002": "negative"}
    v.sound()


def test_what_does_not_fit_is_shown_with_its_reason(program, folder):
    v = Village(program, folder)
    v.tube("0001", [0, 1, 2, 3, 4], "--capacity", "5")
    v("tube", "fill", "0001", v.ids[5], "--by", "采样一组")
    v.tube("0002", [1, 6], "--capacity", "5")
    assert v.questions() >= {(NAMES[5], "over_capacity", "0001"), (NAMES[1], "in_another_tube", "0002")}
    v("tube", "decide", "0001", v.ids[5], "--as", "drop", "--reason", "重采")
    v("tube", "decide", "0002", v.ids[1], "--as", "drop")
    assert not any(q for _, q, _ in v.questions() if q in ("over_capacity", "in_another_tube"))
    # The tube was sealed with a list written by hand: who is not on it does not stand, who is on it and was never scanned does.
    v("tube", "seal", "0002", v.ids[7], "--by", "采样一组")
    assert (NAMES[6], "not_in_sealed_list", "0002") in v.questions()
    assert {t["tube"]: t["people"] for t in v("tube", "list")} == {"0001": 5, "0002": 1}
    assert "INVALID" in v.fails("tube", "open", "0003", "--capacity", "7")
    assert "EXISTS" in v.fails("tube", "open", "0001")
    assert "NOT_FOUND" in v.fails("tube", "fill", "0404", v.ids[0])
    assert "NOT_FOUND" in v.fails("tube", "open", "0003", "--by", "没有这台")
    # Nobody was ticked at his door: all who are in a tube are asked about.
    assert sum(q == "in_tube_not_done" for _, q, _ in v.questions()) == 6
    v.sound()


def test_a_positive_pool_holds_everybody_in_it_and_at_home(program, folder):
    v = Village(program, folder)
    v.tube("0001", [0, 2], "--capacity", "5")
    v.tube("0002", [4, 5], "--capacity", "5")
    for code in ("0001", "0002"): v("tube", "seal", code, "--by", "采样一组")
    v("tube", "result", "0002", "--as", "negative")
    v("tube", "result", "0001", "--as", "positive")
    holds = {h["name"]: h for h in v("lab", "holds")}
    assert {n: h["member"] for n, h in holds.items()} == {NAMES[0]: True, NAMES[2]: True, NAMES[1]: False, NAMES[3]: False}, holds
    assert all(h["tube"] == "0001" and h["ended"] is None for h in holds.values())
    assert "STATE" in v.fails("lab", "release", v.ids[4], "--as", "released")
    for code, person, result in (("R1", 0, "negative"), ("R2", 0, "negative"), ("R3", 2, "positive")):
        v.tube(code, [person], "--capacity", "1", "--use", "retest")
        v("tube", "seal", code, "--by", "采样一组")
        v("tube", "result", code, "--as", result)
    holds = {h["name"]: h for h in v("lab", "holds")}
    assert (holds[NAMES[0]]["retests"], holds[NAMES[0]]["negative"]) == (2, 2) and holds[NAMES[2]]["positive"] == 1
    v("lab", "release", v.ids[0], "--as", "released", "--reason", "两次阴性")
    v("lab", "release", v.ids[2], "--as", "transferred")
    holds = {h["name"]: h["ended"] for h in v("lab", "holds")}
    assert holds == {NAMES[0]: "released", NAMES[2]: "transferred", NAMES[1]: None, NAMES[3]: None}, holds
    v.sound()


def test_the_samples_of_two_who_are_one_are_one_persons(program, folder):
    v = Village(program, folder)
    v.tube("0001", [0, 1], "--capacity", "5")
    v.tube("0002", [2, 4], "--capacity", "5")
    v.tube("0003", [6], "--capacity", "5")
    before = v.questions()
    assert not any(q == "in_another_tube" for _, q, _ in before)
    v("person", "merge", v.ids[0], v.ids[2])
    v("person", "merge", v.ids[5], v.ids[6])
    after = v.questions()
    assert (NAMES[0], "in_another_tube", "0002") in after and (NAMES[5], "in_tube_not_done", "0003") in after, after
    assert {t["tube"]: (t["people"], t["doubtful"]) for t in v("tube", "list")} == {"0001": (2, 0), "0002": (1, 1), "0003": (1, 0)}
    v.sound()
    # He is held and released as the one he is, whichever of his numbers is given.
    v("tube", "result", "0003", "--as", "positive")
    assert [h["name"] for h in v("lab", "holds") if h["member"]] == [NAMES[5]]
    v("lab", "release", v.ids[6], "--as", "released")
    assert {h["name"]: h["ended"] for h in v("lab", "holds")}[NAMES[5]] == "released"
    v("tube", "decide", "0002", v.ids[0], "--as", "drop", "--reason", "同一人")
    assert not any(q == "in_another_tube" for _, q, _ in v.questions())
    v.sound()
    v("person", "unmerge", v.ids[0], v.ids[2])
    v("person", "unmerge", v.ids[5], v.ids[6])
    v("tube", "decide", "0002", v.ids[2], "--as", "keep")
    assert v.questions() == before
    v.sound()


def test_a_list_under_the_other_number_is_no_question(program, folder):
    v = Village(program, folder)
    v.tube("0001", [0, 1], "--capacity", "5")
    v("tube", "seal", "0001", v.ids[2], v.ids[1], "--by", "采样一组")
    assert (NAMES[0], "not_in_sealed_list", "0001") in v.questions()
    v("person", "merge", v.ids[0], v.ids[2])
    assert not any(q == "not_in_sealed_list" for _, q, _ in v.questions())
    v.sound()


def test_tubes_that_are_late_are_told_with_their_hours(program, folder):
    v = Village(program, folder)
    day = lambda time: ("--at", f"2022-04-09T{time}:00+08:00")
    late = lambda time: [(q["question"], q["tube"], q["hours"]) for q in v("lab", "questions", *day(time)) if "hours" in q]
    for code in ("0001", "0002", "0003", "0004"): v("tube", "open", code, "--by", "采样一组", *day("08:00"))
    for code, person in (("0001", 0), ("0002", 1), ("0003", 2)): v("tube", "fill", code, v.ids[person], "--by", "采样一组", *day("08:10"))
    for code in ("0001", "0002"): v("tube", "seal", code, "--by", "采样一组", *day("09:00"))
    v("box", "pack", "X01", "0001", "--by", "采样一组", *day("09:30"))
    assert late("12:00") == []
    assert late("13:30") == [("late_to_laboratory", code, 5) for code in ("0001", "0002", "0003")]
    v("box", "give", "X01", "--by", "采样一组", "--to", "快递", *day("13:40"))
    boxes = [q["box"] for q in v("lab", "questions", *day("13:41")) if q["question"] == "box_one_sided"]
    assert boxes == ["X01"]
    v("box", "take", "X01", "--by", "快递", "--from", "采样一组", *day("14:00"))
    assert late("20:00") == [("late_to_laboratory", code, 12) for code in ("0002", "0003")], late("20:00")
    assert late("20:30")[0] == ("result_overdue", "0001", 6)
    status = v("lab", "status", *day("20:30"))
    assert (status["late_to_laboratory"], status["late_hours"], status["result_overdue"], status["overdue_hours"], status["boxes_one_sided"]) == (2, 12, 1, 6, 0), status
    text = call(program, "lab", "status", "--lang", "zh", "--store", "a.db", *day("20:30"), folder=folder).stdout
    assert "超时未送检 2 管，最长自开管 12 小时" in text and "结果超时 1 管，最长自交接 6 小时" in text, text
    v("tube", "result", "0001", "--as", "negative", *day("20:31"))
    assert {code for _, code, _ in late("20:40")} == {"0002", "0003"}
    v.sound()


def test_who_may_be_in_a_positive_tube_is_held_too(program, folder):
    """One too many, on two lists, under a number that another tube bears: where the swab truly is nobody knows. Only who was decided out is free."""
    v = Village(program, folder)
    v.tube("0001", [0, 2], "--capacity", "1")
    v.tube("0002", [2, 4, 6], "--capacity", "5")
    v("tube", "decide", "0002", v.ids[6], "--as", "drop", "--reason", "没有采")
    v("tube", "result", "0001", "--as", "negative")
    v("tube", "result", "0002", "--as", "positive")
    assert {h["name"] for h in v("lab", "holds") if h["member"]} == {NAMES[2], NAMES[4]}
    v.sound()


def test_an_invalid_result_asks_for_new_samples(program, folder):
    v = Village(program, folder)
    v.tube("0001", [0, 1], "--capacity", "5")
    v("tube", "result", "0001", "--as", "invalid")
    asked = lambda: {n for n, q, _ in v.questions() if q == "result_invalid"}
    assert asked() == {NAMES[0], NAMES[1]} and v("lab", "status")["to_sample_again"] == 2
    v.tube("R1", [0], "--capacity", "1", "--use", "retest")
    assert asked() == {NAMES[1]} and v("lab", "status")["to_sample_again"] == 1
    v.sound()
