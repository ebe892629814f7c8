"""Keeping and forgetting: what is forgotten stands in no file any more, and the proof of everything else still holds."""
import json
import os

from test_lists import HEAD, check_digit, site, take, write
from tool import ask, call

STORE = ["--store", "a.db"]
DOC = "35059919900101001"
DOC += check_digit(DOC)


def traces(folder, texts):
    """Files of the folder that hold one of the texts in any encoding it could stand in."""
    needles = [t.encode(e) for t in texts for e in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
    needles += [json.dumps(t)[1:-1].encode() for t in texts]
    found = []
    for where, _, files in os.walk(folder):
        for name in files:
            data = open(os.path.join(where, name), "rb").read()
            found += [(name, n) for n in needles if n in data]
    return found


def find(program, folder, text, store="a.db"):
    return ask(program, "person", "find", text, "--store", store, folder=folder)["people"]


def village(program, folder):
    """One list: its rows, removed once they are read."""
    site(program, folder)
    write(folder, "a.csv", HEAD + f"1-1-1,东片12号,301,林志强,林志强,{DOC},13812345678\n1-1-1,东片12号,301,林志强,陈秀英,,13900001111\n1-1-2,东明巷二号,101,,欧阳娜娜,,13700002222\n")
    take(program, folder, "a.csv")
    os.remove(os.path.join(folder, "a.csv"))


def test_nothing_personal_ever_stands_in_the_store(program, folder):
    village(program, folder)
    assert traces(folder, ["林志强", DOC, "13812345678", "陈秀英", "欧阳娜娜"]) == []


def test_who_is_forgotten_is_gone_and_the_numbers_stay(program, folder):
    village(program, folder)
    ask(program, "round", "open", *STORE, folder=folder)
    person = find(program, folder, "林志强")[0]["id"]
    before = ask(program, "round", "status", *STORE, folder=folder)
    call(program, "forget", person, *STORE, status=2, folder=folder)
    done = ask(program, "forget", person, "--reason", "本人要求", *STORE, folder=folder)
    assert done["forgotten"] == 1 and done["people"] == [person], done
    assert find(program, folder, "林志强") == [] and find(program, folder, "5678") == []
    assert ask(program, "round", "status", *STORE, folder=folder) == before
    named = ask(program, "round", "missing", *STORE, folder=folder)["people"]
    assert [p["name"] for p in named if p["id"] == person] == [""] and len(named) == 3, named
    assert ask(program, "verify", *STORE, folder=folder)["faults"] == 0
    call(program, "verify", "--rebuild", *STORE, folder=folder)
    assert traces(folder, ["林志强", DOC, "13812345678"]) == []
    again = call(program, "forget", person, "--reason", "再一次", *STORE, "--json", status=1, folder=folder).stderr
    assert json.loads(again)["error"] == "STATE"


def test_an_older_key_file_brings_nobody_back(program, folder):
    village(program, folder)
    person = find(program, folder, "林志强")[0]["id"]
    keys = os.path.join(folder, "a.db.keys")
    old = open(keys, "rb").read()
    ask(program, "forget", person, "--reason", "本人要求", *STORE, folder=folder)
    assert open(keys, "rb").read()[:len(old)] != old
    open(keys, "wb").write(old)
    assert find(program, folder, "林志强") == [] and len(find(program, folder, "陈秀英")) == 1
    assert open(keys, "rb").read()[:len(old)] != old
    assert ask(program, "verify", *STORE, folder=folder)["faults"] == 0


def test_all_entries_of_one_person_are_forgotten_together(program, folder):
    village(program, folder)
    a, b = find(program, folder, "林志强")[0]["id"], find(program, folder, "陈秀英")[0]["id"]
    call(program, "person", "merge", a, b, *STORE, folder=folder)
    assert "--yes" in call(program, "forget", b, "--reason", "本人要求", *STORE, status=1, folder=folder).stderr
    done = ask(program, "forget", b, "--reason", "本人要求", "--yes", *STORE, folder=folder)
    assert sorted(done["people"]) == sorted([a, b])
    call(program, "person", "unmerge", a, b, *STORE, folder=folder)
    assert find(program, folder, "林志强") == find(program, folder, "陈秀英") == []
    assert ask(program, "verify", *STORE, folder=folder)["faults"] == 0


def test_a_list_says_nothing_more_of_the_forgotten(program, folder):
    """The same row again is known; the register learns nothing from it. Rebuilding after an undo keeps him forgotten."""
    village(program, folder)
    person = find(program, folder, "林志强")[0]["id"]
    ask(program, "forget", person, "--reason", "本人要求", *STORE, folder=folder)
    write(folder, "b.csv", HEAD + "1-1-1,东片12号,302,,王小明,,13600000000\n")
    batch = take(program, folder, "b.csv")["batch"]
    call(program, "import", "undo", batch, *STORE, folder=folder)
    assert find(program, folder, "林志强") == [] and len(find(program, folder, "陈秀英")) == 1
    assert ask(program, "verify", *STORE, folder=folder)["faults"] == 0
