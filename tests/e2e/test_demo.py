"""The day as a whole: the demo, its score, its outputs, and that nobody but the scorer needs the truth."""
import csv
import io
import json
import os
import random
import shutil

from tool import ask, call


def demo(program, folder, people, seed, name="demo"):
    return ask(program, "demo", "--people", str(people), "--seed", str(seed), "--dir", name, folder=folder)


def test_the_score_holds_on_seeds_nobody_chose(program, folder):
    for _ in range(3):
        seed = random.SystemRandom().randrange(1, 2**31)
        score = demo(program, folder, 2000, seed)["score"]
        assert score["missing_not_named"] == 0, f"seed {seed}: {score}"
        assert score["wrongly_named"] == score["wrongly_named_explained_by_review"], f"seed {seed}: {score}"
        assert score["rightly_named"] > 0


def test_the_numbers_add_up_and_outputs_agree(program, folder):
    told = demo(program, folder, 1000, 11)
    store = ["--store", told["store"]]
    assert told["owed"] == told["roster"] - told["excused"] + told["found"] + told["arrived"] == told["covered"] + told["missing"]
    status = ask(program, "round", "status", "--buildings", *store, folder=folder)
    assert status["missing"] == told["missing"] and sum(status["missing_by_reason"].values()) == told["missing"]
    named = ask(program, "round", "missing", *store, folder=folder)["people"]
    assert len(named) == told["missing"] == len({p["id"] for p in named})
    rows = list(csv.DictReader(io.StringIO(call(program, "round", "missing", "--format", "csv", "--lang", "en", *store, folder=folder).stdout)))
    assert [r["id"] for r in rows] == [p["id"] for p in named]
    places = json.loads(call(program, "round", "missing", "--format", "geojson", *store, folder=folder).stdout)["features"]
    assert [f["properties"]["id"] for f in places] == [p["id"] for p in named]
    call(program, "round", "missing", "--format", "xlsx", "--out", "m.xlsx", *store, folder=folder)
    assert open(os.path.join(folder, "m.xlsx"), "rb").read(2) == b"PK"
    for area in status["areas"]:
        if area["code"]:
            part = ask(program, "round", "missing", "--area", area["code"], *store, folder=folder)["people"]
            assert len(part) == area["missing"]
    assert ask(program, "verify", *store, folder=folder)["faults"] == 0


def night(program, folder, told, where):
    """What must hold of the night after the round: every sample is accounted for, who is in a positive tube or lives with one who is goes free or is taken away."""
    lab, score, store = told["lab"], told["score"], ["--store", told["store"]]
    assert score["samples_lost"] == 0, f"{where}: {told}"
    assert score["samples_standing"] + score["samples_asked"] + score["samples_spare"] == score["samples"] >= 0.98 * told["covered"], f"{where}: {told}"
    assert lab["tubes"] == lab["result_rows"] == lab["results"] + lab["unknown_tubes"] and lab["boxes"] > 0, f"{where}: {lab}"
    assert lab["negative"] + lab["positive"] + lab["invalid"] == lab["results"] and lab["positive"] >= 1, f"{where}: {lab}"
    assert lab["held_members"] >= 1 and lab["retests"] == lab["retest_results"] == 2 * (lab["held_members"] + lab["held_households"]), f"{where}: {lab}"
    assert lab["released"] + lab["transferred"] == lab["held_members"] + lab["held_households"] and lab["transferred"] >= 1, f"{where}: {lab}"
    morning = ["--at", "2022-04-10T06:00:00+08:00", *store]
    holds = ask(program, "lab", "holds", *morning, folder=folder)
    assert len(holds) == lab["held_members"] + lab["held_households"] and all(h["ended"] for h in holds), f"{where}: {holds}"
    assert sum(h["member"] for h in holds) == lab["held_members"] and all(h["retests"] == 2 for h in holds), f"{where}: {holds}"
    # Whose retests are both negative is let go unless he lives with one whose are not; whose are positive never is.
    doors = {h["place"] for h in holds if h["positive"]}
    assert doors and all(h["ended"] == ("transferred" if h["place"] in doors else "released") for h in holds), f"{where}: {holds}"
    status = ask(program, "lab", "status", *morning, folder=folder)
    assert status["tubes"]["positive"] == lab["positive"] and sum(status["tubes"].values()) == lab["tubes"], f"{where}: {status}"
    questions = ask(program, "lab", "questions", *morning, folder=folder)
    assert sum("late" in q["question"] for q in questions) == status["late_to_laboratory"] == 0, f"{where}: {questions}"
    assert sum(q["question"] == "result_overdue" for q in questions) == status["result_overdue"] == lab["result_overdue"], f"{where}: {questions}"


def test_a_positive_pool_in_the_night(program, folder):
    for _ in range(3):
        seed = random.SystemRandom().randrange(1, 2**31)
        told = demo(program, folder, 1500, seed)
        night(program, folder, told, f"seed {seed}")
        assert ask(program, "verify", "--store", told["store"], folder=folder)["faults"] == 0, f"seed {seed}"
    for language, words in (("zh", ("采样管", "检测结果", "阳性处置", "遗失 0")), ("en", ("Tubes", "Results", "Positive", "0 lost"))):
        text = call(program, "demo", "--people", "300", "--seed", "5", "--dir", "said", "--lang", language, folder=folder).stdout
        assert all(word in text for word in words), text


def test_documents_are_masked_unless_a_reason_is_given(program, folder):
    told = demo(program, folder, 300, 3)
    store = ["--store", told["store"]]
    named = ask(program, "round", "missing", *store, folder=folder)["people"]
    assert all("*" in p["document"] for p in named if len(p["document"]) == 18)
    call(program, "round", "missing", "--reveal", *store, status=2, folder=folder)
    shown = ask(program, "round", "missing", "--reveal", "--why", "上门核对", *store, folder=folder)["people"]
    assert not any("*" in p["document"] for p in shown)
    last = ask(program, "entries", "show", "--from", "1", "--limit", "1000000", *store, folder=folder)[-1]["entry"]
    assert last["kind"] == "look" and last["body"] == {"what": "round missing", "reason": "上门核对", "people": len(shown)}


def test_only_the_scorer_opens_the_truth(program, folder):
    """The same village played with and without its truth folder names the same people."""
    names = []
    for keep in (True, False):
        village = f"village{keep}"
        store = ["--store", f"{village}.db"]
        call(program, "simulate", "village", "--people", "600", "--seed", "9", "--dir", village, folder=folder)
        if not keep:
            shutil.rmtree(os.path.join(folder, village, "truth"))
            os.mkdir(os.path.join(folder, village, "truth"))
        call(program, "init", "--name", "村", "--synthetic", *store, "--at", "2022-04-08T07:30:00+08:00", folder=folder)
        call(program, "import", "map", f"{village}/map.geojson", *store, "--at", "2022-04-08T07:40:00+08:00", folder=folder)
        for kind, name in (("household", "households.xlsx"), ("factory", "factory_a.xlsx"), ("factory", "factory_b.xlsx"), ("landlord", "landlords.csv"), ("samples", "samples_round0.xlsx")):
            call(program, "import", "list", "--as", kind, f"{village}/{name}", *store, "--at", "2022-04-08T09:00:00+08:00", folder=folder)
        call(program, "round", "open", "--freeze", "2022-04-09T05:00:00+08:00", "--at", "2022-04-09T05:00:00+08:00", *store, folder=folder)
        call(program, "simulate", "round", "--people", "600", "--seed", "9", "--dir", village, *store, folder=folder)
        named = ask(program, "round", "missing", *store, folder=folder)["people"]
        names.append(sorted((p["name"], p["place"], p["reason"]) for p in named))
    assert names[0] == names[1] and len(names[0]) > 20


def test_closing_asks_for_everyone(program, folder):
    told = demo(program, folder, 300, 4)
    store = ["--store", told["store"]]
    first = ask(program, "round", "status", "--round", "1", *store, folder=folder)
    assert told["closed"] and first["closed"] and first["missing"] == told["missing"]
    assert sorted(os.listdir(os.path.join(folder, told["papers"]))) == ["cards.pdf", "closing.xlsx", "left.pdf", "missing.pdf", "round.xlsx"] and told["cards"] > 0 and told["left"] > 0
    opened = ask(program, "round", "open", *store, folder=folder)
    assert opened["round"] == 2
    error = call(program, "round", "close", *store, "--json", status=1, folder=folder).stderr
    assert json.loads(error)["error"] == "OWED"
    person = ask(program, "round", "missing", *store, folder=folder)["people"][0]["id"]
    call(program, "round", "decide", person, "--as", "exempt", "--evidence", "48小时内接种", *store, folder=folder)
    after = ask(program, "round", "status", *store, folder=folder)
    assert after["missing"] == opened["owed"] - 1 and after["excused"] == 1
    call(program, "round", "close", "--carry", "转入第三轮", *store, folder=folder)
    assert ask(program, "round", "status", *store, folder=folder)["closed"]
    assert ask(program, "verify", *store, folder=folder)["faults"] == 0
