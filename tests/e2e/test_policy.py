"""One round of every kind that the packs describe: what is asked at the door, what is reckoned from it, what is not allowed yet."""
from test_tubes import NAMES, Village

DOORS = ["1-1-1·300", "1-1-1·301", "1-1-1·302", "1-1-1·303"]


def opened(program, folder, kind):
    v = Village(program, folder)
    call = lambda *words: v(*words)
    close_all(v)
    v("round", "open", "--kind", kind)
    return v, call


def close_all(v):
    v("round", "close", "--carry", "改做别的")


def test_sampling_with_visits_by_hand(program, folder):
    v = Village(program, folder)
    v("visit", DOORS[0], v.ids[0], v.ids[1] + "=away", "--by", "采样一组")
    v("visit", DOORS[1], v.ids[2], v.ids[3])
    v("visit", DOORS[2], "--as", "nobody_home")
    status = v("round", "status")
    assert (status["owed"], status["covered"], status["missing"]) == (8, 3, 5), status
    assert "NOT_FOUND" in v.fails("visit", "9-9-9·1") and "USAGE" in v.fails("visit", DOORS[0], "x", status=2)
    v.tube("0001", [0, 2])
    assert v.questions() == {(NAMES[3], "done_without_tube", "")}
    assert "STATE" in v.fails("form", "fill", DOORS[0], "living=2"), "sampling has no form"
    v.sound()


def test_antigen_has_one_reading_a_person(program, folder):
    v, _ = opened(program, folder, "antigen")
    for i, reading in enumerate(["negative", "negative", "positive", "invalid"]): v("form", "fill", v.ids[i], f"reading={reading}")
    v("form", "fill", v.ids[3], "reading=negative", "--by", "采样一组")
    assert v("round", "measures") == {"read": 4, "positive": 1, "positive_rate": 25.0}
    error = v.fails("form", "fill", v.ids[0], "reading=maybe")
    assert "reading" in error and "maybe" in error
    assert "reading" in v.fails("form", "fill", DOORS[0], "reading=negative"), "a door is no person"
    v.sound()


def test_inspection_reckons_the_indices(program, folder):
    v, _ = opened(program, folder, "inspection")
    for door, (containers, positive) in zip(DOORS, [(4, 2), (1, 0), (0, 0), (5, 1)]):
        v("form", "fill", door, f"containers={containers}", f"positive={positive}")
    v("form", "fill", DOORS[0], "action=emptied")
    assert v("round", "measures") == {"inspected": 4, "breteau_index": 75.0, "house_index": 50.0, "container_index": 30.0}
    assert "positive" in v.fails("form", "fill", DOORS[1], "positive=-1")
    v("round", "open", "--kind", "inspection")
    assert v("round", "measures")["inspected"] == 0 and v("round", "measures")["breteau_index"] is None
    assert "positive" in v.fails("form", "fill", DOORS[1], "containers=3"), "a required field of a fresh form"
    v.sound()


def test_evacuation_locks_the_return(program, folder):
    v, _ = opened(program, folder, "evacuation")
    for i in range(3):
        v("form", "fill", v.ids[i], "shelter=中心小学", "mover=吴雅芳")
    v("visit", DOORS[0], v.ids[0], v.ids[1])
    assert "STATE" in v.fails("form", "fill", v.ids[0], "returned=yes")
    assert v("round", "measures") == {"moved": 3, "returned": 0}
    close_all(v)
    v("form", "fill", v.ids[0], "returned=yes")
    assert v("round", "measures") == {"moved": 3, "returned": 1}
    v.sound()


def test_vaccination_and_sweep(program, folder):
    v, _ = opened(program, folder, "vaccination")
    v("form", "fill", v.ids[0], "dose=2", "lot=A2022-04")
    assert "lot" in v.fails("form", "fill", v.ids[1], "dose=1")
    assert v("round", "measures") == {"given": 1, "severe": 0}
    close_all(v)
    v("round", "open", "--kind", "sweep")
    v("form", "fill", DOORS[0], "living=3")
    v("form", "fill", DOORS[1], "living=2", "rooms=4")
    assert v("round", "measures") == {"doors": 2, "living": 5}
    assert [f["name"] for f in v("form", "show")] == ["living", "rooms"]
    v.sound()
