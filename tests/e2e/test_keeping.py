"""Keeping and forgetting: what is forgotten stands in no file any more, and the proof of everything else still holds."""
import csv
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import zipfile

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
            if name.endswith(".xlsx"):
                book = zipfile.ZipFile(os.path.join(where, name))
                data += b"".join(book.read(part) for part in book.namelist())
            found += [(name, n) for n in needles if n in data]
    return found


def find(program, folder, text, store="a.db"):
    return ask(program, "person", "find", text, "--store", store, folder=folder)["people"]


PHRASE = {"DOORWARD_PASSPHRASE": "门门到 correct horse"}


def refused(program, folder, *words, env=PHRASE):
    error = json.loads(call(program, *words, "--json", status=1, folder=folder, env=env).stderr)
    return error["error"], error["file"]


def backed_up(program, folder):
    """A village with both backups in the folder, named d.dwb and k.dwb."""
    village(program, folder)
    ask(program, "backup", "d.dwb", *STORE, folder=folder, env=PHRASE)
    ask(program, "backup", "--keys", "k.dwb", *STORE, folder=folder, env=PHRASE)


def restored(program, folder, *more, name="n.db"):
    ask(program, "restore", "--keys", "k.dwb", "--store", name, *more, folder=folder, env=PHRASE)
    return ask(program, "restore", "d.dwb", "--store", name, *more, folder=folder, env=PHRASE)


def ledger(program, folder, store):
    return ask(program, "entries", "show", "--from", "1", "--limit", "1000000", "--store", store, folder=folder)


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
    call(program, "round", "decide", person, "--as", "left", "--evidence", "邻居称已回江西", *STORE, folder=folder)
    assert traces(folder, ["邻居称已回江西"]) == []
    before = ask(program, "round", "status", *STORE, folder=folder)
    shown = ["export", "--reveal", "--reason", "核对", "--lang", "en", *STORE]
    ask(program, *shown[:1], "out", *shown[1:], folder=folder)
    assert [r["evidence"] for r in rows_of(os.path.join(folder, "out"), "marks") if r["person"] == person] == ["邻居称已回江西"]
    shutil.rmtree(os.path.join(folder, "out"))
    done = ask(program, "forget", person, "--reason", "本人要求", *STORE, folder=folder)
    assert done["forgotten"] == 1 and done["people"] == [person], done
    ask(program, *shown[:1], "out", *shown[1:], folder=folder)
    assert [r["evidence"] for r in rows_of(os.path.join(folder, "out"), "marks") if r["person"] == person] == [""]
    assert traces(folder, ["邻居称已回江西"]) == []
    assert find(program, folder, "林志强") == [] and find(program, folder, "5678") == []
    assert ask(program, "round", "status", *STORE, folder=folder) == before
    named = ask(program, "round", "missing", *STORE, folder=folder)["people"]
    assert person not in [p["id"] for p in named] and len(named) == 2, named
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


def test_a_backup_while_others_write_is_one_moment(program, folder):
    village(program, folder)
    ask(program, "backup", "--keys", "k.dwb", *STORE, folder=folder, env=PHRASE)
    stop = os.path.join(folder, "stop")
    loop = f'i=0; while [ ! -e stop ]; do i=$((i+1)); "{program}" area keep 1-1-$((i % 2 + 1)) --name 王$i --store a.db >/dev/null || exit 1; done; echo $i'
    writer = subprocess.Popen(["sh", "-c", loop], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        made = [ask(program, "backup", f"d{i}.dwb", *STORE, folder=folder, env=PHRASE)["entries"] for i in range(6)]
    finally:
        open(stop, "w").close()
        wrote = int(writer.communicate(timeout=60)[0])
    assert writer.returncode == 0 and wrote > 6 and made == sorted(made) and made[-1] > made[0], (wrote, made)
    live = ledger(program, folder, "a.db")
    assert ask(program, "verify", *STORE, folder=folder)["faults"] == 0
    for i, entries in enumerate(made):
        for ending in (".keys", ".sitekey"):
            shutil.copy(os.path.join(folder, "a.db" + ending), os.path.join(folder, f"n{i}.db" + ending))
        told = ask(program, "restore", f"d{i}.dwb", "--store", f"n{i}.db", folder=folder, env=PHRASE)
        assert told["entries"] == entries and told["faults"] == 0, told
        assert ledger(program, folder, f"n{i}.db") == live[:entries]
    assert not [n for n in os.listdir(folder) if n.startswith(".")]


def test_both_backups_make_the_site_again(program, folder):
    backed_up(program, folder)
    before = open(os.path.join(folder, "a.db.keys"), "rb").read()
    assert before not in open(os.path.join(folder, "d.dwb"), "rb").read()
    assert refused(program, folder, "restore", "d.dwb", "--store", "n.db") == ("KEYS", "n.db")
    told = restored(program, folder)
    assert told["faults"] == 0 and told["entries"] > 0
    assert open(os.path.join(folder, "n.db.keys"), "rb").read() == before
    assert [find(program, folder, t, "n.db") for t in ("林志强", "欧阳娜娜")] == [find(program, folder, t) for t in ("林志强", "欧阳娜娜")]
    for words in (["d.dwb"], ["--keys", "k.dwb"]):
        assert refused(program, folder, "restore", *words, "--store", "n.db")[0] == "EXISTS"
    last = [e["entry"]["body"] for e in ledger(program, folder, "a.db") if e["entry"]["kind"] == "copy.made"]
    assert [(b["what"], os.path.basename(b["path"]), b["clear"]) for b in last] == [("backup", "d.dwb", False), ("keys", "k.dwb", False)], last
    assert all(os.stat(os.path.join(folder, n)).st_mode & 0o777 == 0o600 for n in ("d.dwb", "k.dwb", "n.db", "n.db.keys", "n.db.sitekey"))
    assert traces(folder, ["林志强", DOC, "13812345678", "陈秀英"]) == []


def test_a_drill_restores_and_replays_and_leaves_nothing(program, folder):
    backed_up(program, folder)
    # what was forgotten since the backup is forgotten in the drill too, and the store knows nothing of it
    ask(program, "forget", find(program, folder, "林志强")[0]["id"], "--reason", "本人要求", *STORE, folder=folder)
    before = {n: open(os.path.join(folder, n), "rb").read() for n in sorted(os.listdir(folder))}
    told = ask(program, "restore", "--drill", "d.dwb", *STORE, folder=folder, env=PHRASE)
    assert told["drill"] and told["faults"] == 0 and told["entries"] > 10 and told["forgotten_again"] == 1, told
    assert "nothing was left behind" in call(program, "restore", "--drill", "d.dwb", "--lang", "en", *STORE, folder=folder, env=PHRASE).stdout
    assert {n: open(os.path.join(folder, n), "rb").read() for n in sorted(os.listdir(folder))} == before
    # a store is not needed for it, its key files are
    os.remove(os.path.join(folder, "a.db"))
    assert ask(program, "restore", "--drill", "d.dwb", *STORE, folder=folder, env=PHRASE)["entries"] == told["entries"]
    assert not os.path.exists(os.path.join(folder, "a.db"))
    assert refused(program, folder, "restore", "--drill", "d.dwb", "--store", "none.db") == ("KEYS", "none.db")
    for more in (["--keys"], ["--forgotten", "list.txt"]):
        call(program, "restore", "--drill", "d.dwb", *more, *STORE, status=2, folder=folder, env=PHRASE)


def test_a_backup_of_a_damaged_store_is_made_and_the_drill_says_so(program, folder):
    backed_up(program, folder)
    db = sqlite3.connect(os.path.join(folder, "a.db"))
    db.execute("UPDATE door SET room = '999' WHERE door_no = 1")
    db.commit()
    db.close()
    ask(program, "backup", "e.dwb", *STORE, folder=folder, env=PHRASE)
    before = sorted(os.listdir(folder))
    for words in (["--drill", "e.dwb", *STORE], ["e.dwb", "--store", "n.db"]):
        if "n.db" in words:
            for ending in (".keys", ".sitekey"):
                shutil.copy(os.path.join(folder, "a.db" + ending), os.path.join(folder, "n.db" + ending))
        error = json.loads(call(program, "restore", *words, "--json", status=1, folder=folder, env=PHRASE).stderr)
        assert error["error"] == "DIFFERS" and "table door, row 2" in error["detail"], error
    assert sorted(os.listdir(folder)) == sorted(before + ["n.db.keys", "n.db.sitekey"])


def test_lost_key_files_come_back_to_their_store(program, folder):
    backed_up(program, folder)
    for ending in (".keys", ".sitekey"):
        os.remove(os.path.join(folder, "a.db" + ending))
    call(program, "person", "find", "林志强", *STORE, status=1, folder=folder)
    ask(program, "restore", "--keys", "k.dwb", *STORE, folder=folder, env=PHRASE)
    assert len(find(program, folder, "林志强")) == 1 and ask(program, "verify", *STORE, folder=folder)["faults"] == 0


def test_only_the_right_secret_opens(program, folder):
    village(program, folder)
    for name, n in (("right", 1), ("wrong", 2)):
        open(os.path.join(folder, name), "wb").write(random.Random(n).randbytes(32))
        open(os.path.join(folder, name + ".txt"), "w", encoding="utf-8").write(f"passphrase {n}\nnot read\n")
    none = {"DOORWARD_PASSPHRASE": ""}
    for option, ending in (("--key-file", ""), ("--passphrase-file", ".txt")):
        ask(program, "backup", "d.dwb", option, "right" + ending, *STORE, folder=folder, env=none)
        for ending2 in (".keys", ".sitekey"):
            shutil.copy(os.path.join(folder, "a.db" + ending2), os.path.join(folder, "n.db" + ending2))
        for secret, wrong in ((option, "wrong" + ending), ("--passphrase-file" if option == "--key-file" else "--key-file", "right")):
            assert refused(program, folder, "restore", "d.dwb", secret, wrong, "--store", "n.db", env=none) == ("PASSPHRASE", "d.dwb")
        assert not os.path.exists(os.path.join(folder, "n.db"))
        ask(program, "restore", "d.dwb", option, "right" + ending, "--store", "n.db", folder=folder, env=none)
        for name in ("n.db", "n.db.keys", "n.db.sitekey"):
            os.remove(os.path.join(folder, name))
    open(os.path.join(folder, "short.txt"), "w").write("1234567\n")
    assert refused(program, folder, "backup", "s.dwb", "--passphrase-file", "short.txt", *STORE)[0] == "INVALID"
    assert refused(program, folder, "backup", "s.dwb", "--key-file", "short.txt", *STORE)[0] == "INVALID"
    lone = subprocess.run([program, "backup", "s.dwb", *STORE], cwd=folder, env={**os.environ, **none}, stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, timeout=60)
    assert lone.returncode == 2 and b"--passphrase-file" in lone.stderr, lone.stderr
    assert not os.path.exists(os.path.join(folder, "s.dwb"))


def test_damaged_backups_are_refused_by_name(program, folder):
    backed_up(program, folder)
    seed = random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    for ending in (".keys", ".sitekey"):
        shutil.copy(os.path.join(folder, "a.db" + ending), os.path.join(folder, "n.db" + ending))
    before = sorted(os.listdir(folder))
    for good, words, store in (("d.dwb", [], "n.db"), ("k.dwb", ["--keys"], "m.db")):
        whole = open(os.path.join(folder, good), "rb").read()
        bad = [whole[:n] for n in (0, 1, 31, 127, 128, 129, 128 + 65536 + 17, len(whole) - 1)] + [whole[:rng.randrange(len(whole))] for _ in range(4)]
        bad += [whole + b"x", whole + whole, b"PK\3\4" + bytes(999), open(os.path.join(folder, "a.db"), "rb").read()]
        for at in [0, 32, 33, 34, 40, 56, 72, 96, 127, 128, len(whole) - 1] + [rng.randrange(len(whole)) for _ in range(12)]:
            bad.append(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1:])
        if len(whole) > 128 + 2 * 65553: # two pieces change places
            bad.append(whole[:128] + whole[128 + 65553:128 + 2 * 65553] + whole[128:128 + 65553] + whole[128 + 2 * 65553:])
        for i, data in enumerate(bad):
            if data == whole:
                continue
            open(os.path.join(folder, "bad.dwb"), "wb").write(data)
            error = refused(program, folder, "restore", *words, "bad.dwb", "--store", store)
            assert error[0] in ("DAMAGED", "FORMAT", "PASSPHRASE") and error[1] == "bad.dwb", (seed, good, i, error)
            os.remove(os.path.join(folder, "bad.dwb"))
            assert sorted(os.listdir(folder)) == before, (seed, good, i)
    assert refused(program, folder, "restore", "k.dwb", "--store", "n.db") == ("FORMAT", "k.dwb")
    assert refused(program, folder, "restore", "--keys", "d.dwb", "--store", "m.db") == ("FORMAT", "d.dwb")


def test_a_backup_that_cannot_be_finished_leaves_the_old_one(program, folder):
    backed_up(program, folder)
    old = open(os.path.join(folder, "d.dwb"), "rb").read()
    limit = f'ulimit -f 64; trap "" XFSZ; "{program}" backup d.dwb --store a.db'
    done = subprocess.run(["bash", "-c", limit], cwd=folder, env={**os.environ, **PHRASE}, capture_output=True, timeout=60)
    assert done.returncode == 1, done
    assert open(os.path.join(folder, "d.dwb"), "rb").read() == old
    assert not [n for n in os.listdir(folder) if n.startswith(".")]
    assert refused(program, folder, "backup", "/dev/null", *STORE)[0] == "INVALID"


def test_who_was_forgotten_since_stays_forgotten(program, folder):
    backed_up(program, folder)
    person = find(program, folder, "林志强")[0]["id"]
    told = ask(program, "forget", person, "--reason", "本人要求", *STORE, folder=folder)
    assert [(c["what"], os.path.basename(c["path"])) for c in told["copies"]] == [("keys", "k.dwb")], told
    ask(program, "backup", "--forgotten", "list.txt", *STORE, folder=folder)
    assert person in open(os.path.join(folder, "list.txt")).read()
    # older data beside the present key files
    for ending in (".keys", ".sitekey"):
        shutil.copy(os.path.join(folder, "a.db" + ending), os.path.join(folder, "n.db" + ending))
    told = ask(program, "restore", "d.dwb", "--store", "n.db", folder=folder, env=PHRASE)
    assert told["forgotten_again"] == 1 and told["faults"] == 0, told
    # both old, and the list
    told = restored(program, folder, "--forgotten", "list.txt", name="m.db")
    assert told["forgotten_again"] == 1 and told["faults"] == 0, told
    # the present data and old key files
    for ending in (".keys", ".sitekey"):
        os.remove(os.path.join(folder, "a.db" + ending))
    ask(program, "restore", "--keys", "k.dwb", *STORE, folder=folder, env=PHRASE)
    for store in ("n.db", "m.db", "a.db"):
        assert find(program, folder, "林志强", store) == [] and len(find(program, folder, "陈秀英", store)) == 1
        assert [e["entry"]["on"] for e in ledger(program, folder, store) if e["entry"]["kind"] == "person.forget"] == [person]
        db = sqlite3.connect(os.path.join(folder, store))
        sealed = [row[0].hex() for row in db.execute("SELECT substr(parts, 1, 16) FROM entry WHERE parts IS NOT NULL")]
        db.close()
        assert sealed and person.replace("-", "") not in sealed
        assert ask(program, "verify", "--store", store, folder=folder)["faults"] == 0
    assert traces(folder, ["林志强", DOC, "13812345678"]) == []


def keepers(program, folder, store="a.db"):
    return ask(program, "area", "keepers", "--store", store, folder=folder)


def test_a_keeper_is_forgotten_like_a_person(program, folder):
    """Whatever old files come back; what he keeps stays kept, without a name, until somebody is named anew."""
    village(program, folder)
    call(program, "area", "keep", "1-1-1", "--name", "吴雅芳", "--phone", "13955556666", *STORE, folder=folder)
    call(program, "area", "keep", "1-1-2", "--name", "郑国强", "--phone", "13944445555", *STORE, folder=folder)
    ask(program, "round", "open", *STORE, folder=folder)
    before, old = ask(program, "round", "status", *STORE, folder=folder), open(os.path.join(folder, "a.db.keys"), "rb").read()
    ask(program, "backup", "d.dwb", *STORE, folder=folder, env=PHRASE)
    ask(program, "backup", "--keys", "k.dwb", *STORE, folder=folder, env=PHRASE)
    wu, zheng = keepers(program, folder)
    assert (wu["name"], wu["phone"], wu["areas"], wu["forgotten"]) == ("吴雅芳", "139****6666", "1-1-1", False), wu
    told = ask(program, "forget", wu["id"], "--reason", "本人要求", *STORE, folder=folder)
    assert told["people"] == [wu["id"]] and [c["what"] for c in told["copies"]] == ["keys"], told
    again = call(program, "forget", wu["id"], "--reason", "再一次", *STORE, "--json", status=1, folder=folder).stderr
    assert json.loads(again)["error"] == "STATE"
    assert keepers(program, folder) == [{**wu, "name": "", "phone": "", "forgotten": True}, zheng]
    assert ask(program, "round", "status", *STORE, folder=folder) == before
    # papers and cards go on without the name
    ask(program, "card", "print", "--out", "c.pdf", *STORE, folder=folder)
    ask(program, "paper", "missing", "--out", "m.pdf", *STORE, folder=folder)
    ask(program, "export", "out", *STORE, folder=folder)
    # the key file of before
    new = open(os.path.join(folder, "a.db.keys"), "rb").read()
    open(os.path.join(folder, "a.db.keys"), "wb").write(old)
    assert keepers(program, folder)[0]["name"] == "" and ask(program, "verify", *STORE, folder=folder)["faults"] == 0
    call(program, "verify", "--rebuild", *STORE, folder=folder)
    assert keepers(program, folder) == [{**wu, "name": "", "phone": "", "forgotten": True}, zheng]
    # older data beside the present keys; both old with the list
    ask(program, "backup", "--forgotten", "list.txt", *STORE, folder=folder)
    assert wu["id"] in open(os.path.join(folder, "list.txt")).read()
    for ending, data in ((".keys", new), (".sitekey", open(os.path.join(folder, "a.db.sitekey"), "rb").read())):
        open(os.path.join(folder, "n.db" + ending), "wb").write(data)
        os.chmod(os.path.join(folder, "n.db" + ending), 0o600)
    told = ask(program, "restore", "d.dwb", "--store", "n.db", folder=folder, env=PHRASE)
    assert told["forgotten_again"] == 1 and told["faults"] == 0, told
    told = restored(program, folder, "--forgotten", "list.txt", name="m.db")
    assert told["forgotten_again"] == 1 and told["faults"] == 0, told
    for store in ("a.db", "n.db", "m.db"):
        assert [k["name"] for k in keepers(program, folder, store)] == ["", "郑国强"], store
        assert [e["entry"]["on"] for e in ledger(program, folder, store) if e["entry"]["kind"] == "member.forget"] == [wu["id"]], store
        db = sqlite3.connect(os.path.join(folder, store))
        sealed = [row[0].hex() for row in db.execute("SELECT substr(parts, 1, 16) FROM entry WHERE parts IS NOT NULL")]
        assert zheng["id"].replace("-", "") in sealed and wu["id"].replace("-", "") not in sealed
        db.close()
        assert ask(program, "verify", "--store", store, folder=folder)["faults"] == 0
    assert traces(folder, ["吴雅芳", "13955556666"]) == []
    # who is named anew is somebody new to the register
    call(program, "area", "keep", "1-1-1", "--name", "吴雅芳", "--phone", "13955556666", *STORE, folder=folder)
    assert [(k["name"], k["areas"]) for k in keepers(program, folder)] == [("", ""), ("郑国强", "1-1-2"), ("吴雅芳", "1-1-1")]


def test_a_list_of_the_forgotten_is_the_sites_own(program, folder):
    backed_up(program, folder)
    ask(program, "forget", find(program, folder, "林志强")[0]["id"], "--reason", "本人要求", *STORE, folder=folder)
    ask(program, "backup", "--forgotten", "list.txt", *STORE, folder=folder)
    other = find(program, folder, "陈秀英")[0]["id"]
    text = open(os.path.join(folder, "list.txt")).read()
    call(program, "init", "--name", "邻村", "--synthetic", "--store", "b.db", folder=folder)
    ask(program, "backup", "--forgotten", "foreign.txt", "--store", "b.db", folder=folder)
    open(os.path.join(folder, "more.txt"), "w").write(text.replace('"people":["', f'"people":["{other}","'))
    open(os.path.join(folder, "cut.txt"), "w").write(text[:40])
    for name, error in (("foreign.txt", "SIGNATURE"), ("more.txt", "SIGNATURE"), ("cut.txt", "FORMAT"), ("a.db", "FORMAT")):
        assert refused(program, folder, "restore", "--keys", "k.dwb", "--store", "n.db", "--forgotten", name) == (error, name)
    assert not os.path.exists(os.path.join(folder, "n.db.keys"))


def dispose(program, folder, *more, status=0):
    return call(program, "dispose", "--certificate", "c.json", "--reason", "响应终止", *STORE, "--json", *more, status=status, folder=folder)


def test_the_end_of_a_site(program, folder):
    backed_up(program, folder)
    ask(program, "round", "open", *STORE, folder=folder)
    call(program, "area", "keep", "1-1-1", "--name", "吴雅芳", "--phone", "13955556666", *STORE, folder=folder)
    member = ask(program, "member", "list", *STORE, folder=folder)[0]["id"]
    call(program, "account", "add", "wu.yafang.1955", member, "--no-password", *STORE, folder=folder)
    call(program, "account", "link", "wu.yafang.1955", *STORE, folder=folder)
    call(program, "device", "invite", member, "--name", "吴雅芳的手机", *STORE, folder=folder)
    before = ask(program, "round", "status", *STORE, folder=folder)
    assert "--yes" in json.loads(dispose(program, folder, status=1).stderr)["detail"]
    done = json.loads(dispose(program, folder, "--yes").stdout)
    assert (done["people"], done["members"], done["keys_destroyed"], done["copies"]) == (3, 1, 4, 2), done
    certificate = json.load(open(os.path.join(folder, "c.json"), encoding="utf-8"))["certificate"]
    assert [(c["what"], os.path.basename(c["path"])) for c in certificate["copies"]] == [("backup", "d.dwb"), ("keys", "k.dwb")]
    assert certificate["rounds"][-1]["owed"] == before["owed"] and certificate["name"] == "村"
    readable = open(os.path.join(folder, "c.json.txt"), encoding="utf-8").read()
    assert "销毁证书" in readable and "Certificate of disposal" in readable and "d.dwb" in readable and done["sha256"] in readable
    checked = ask(program, "certificate", "check", "c.json", *STORE, folder=folder)
    assert checked["compared"] and checked["people"] == 3 and not ask(program, "certificate", "check", "c.json", folder=folder)["compared"]
    for words in (["person", "find", "林志强"], ["round", "missing"], ["round", "close"], ["review", "list"], ["area", "keep", "1-1-1", "--name", "甲乙"],
                  ["round", "open"], ["backup", "e.dwb"], ["forget", checked["site"], "--reason", "x"], ["dispose", "--certificate", "e.json", "--yes"]):
        assert refused(program, folder, *words, *STORE)[0] == "DISPOSED", words
    assert not os.path.exists(os.path.join(folder, "e.json")) and not os.path.exists(os.path.join(folder, "e.dwb"))
    after = ask(program, "round", "status", *STORE, folder=folder)
    assert after == before
    assert [a["code"] for a in ask(program, "area", "--depth", "-1", *STORE, folder=folder)][-1] == "1-1-2"
    assert ask(program, "verify", *STORE, folder=folder)["faults"] == 0
    call(program, "verify", "--rebuild", *STORE, folder=folder)
    assert ask(program, "verify", *STORE, folder=folder)["faults"] == 0
    assert traces(folder, ["林志强", DOC, "13812345678", "陈秀英", "13900001111", "欧阳娜娜", "吴雅芳", "13955556666", "wu.yafang.1955"]) == []
    assert refused(program, folder, "restore", "--keys", "k.dwb", *STORE)[0] == "EXISTS"
    keys = {n: open(os.path.join(folder, n), "rb").read() for n in ("a.db.keys", "a.db.sitekey")}
    assert not any(keys["a.db.keys"]) and not any(keys["a.db.sitekey"][16:])


def test_a_certificate_is_believed_as_it_stands_or_not_at_all(program, folder):
    village(program, folder)
    shutil.copytree(folder, os.path.join(folder, "twin"))
    dispose(program, folder, "--yes")
    good = open(os.path.join(folder, "c.json"), "rb").read()
    seed = random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    bad = [good[:n] for n in (0, 1, 20, len(good) - 1)] + [good + b" ", good.replace(b'"people":3', b'"people":2'), b"{}", bytes(300)]
    for _ in range(40):
        at = rng.randrange(len(good))
        bad.append(good[:at] + bytes([good[at] ^ 1 << rng.randrange(8)]) + good[at + 1:])
    for data in bad:
        open(os.path.join(folder, "x.json"), "wb").write(data)
        error = refused(program, folder, "certificate", "check", "x.json")
        assert error[0] in ("FORMAT", "SIGNATURE") and error[1] == "x.json", (seed, data, error)
    call(program, "area", "keep", "1-1-1", "--name", "吴雅芳", "--store", "twin/a.db", folder=folder)
    assert refused(program, folder, "certificate", "check", "c.json", "--store", "twin/a.db")[0] == "DIFFERS"
    call(program, "init", "--name", "邻村", "--store", "b.db", folder=folder)
    assert refused(program, folder, "certificate", "check", "c.json", "--store", "b.db")[0] == "DIFFERS"
    assert refused(program, folder, "certificate", "check", "c.json", "--store", "none.db")[0] == "NOT_FOUND"


def test_a_disposal_that_broke_off_is_finished(program, folder):
    """Before the certificate: it is made again. While keys are destroyed: the rest follows."""
    village(program, folder)
    error = json.loads(call(program, "dispose", "--certificate", "no/c.json", "--yes", *STORE, "--json", status=1, folder=folder).stderr)
    assert error["error"] == "IO", error
    assert refused(program, folder, "person", "find", "林志强", *STORE)[0] == "DISPOSED" # the ledger has its last entry
    secret = open(os.path.join(folder, "a.db.sitekey"), "rb").read()
    assert json.loads(dispose(program, folder, "--yes").stdout)["keys_destroyed"] == 3
    open(os.path.join(folder, "a.db.sitekey"), "wb").write(secret) # as if it had died before the last of it
    assert json.loads(dispose(program, folder, "--yes").stdout) == {"finished": True}
    assert open(os.path.join(folder, "a.db.sitekey"), "rb").read() != secret
    assert ask(program, "verify", *STORE, folder=folder)["faults"] == 0
    assert ask(program, "certificate", "check", "c.json", *STORE, folder=folder)["compared"]


def test_a_whole_small_village_leaves_no_trace(program, folder):
    told = ask(program, "demo", "--people", "400", "--seed", "6", "--dir", "demo", folder=folder)
    store = ["--store", told["store"]]
    missing = ask(program, "round", "missing", "--reveal", "--why", "核对", *store, folder=folder)["people"]
    shown = [p for t in "林陈黄吴李王张" for p in ask(program, "person", "find", t, "--limit", "1000", "--reveal", "--reason", "核对", *store, folder=folder)["people"]]
    texts = {p[f] for p in missing + shown for f in ("name", "document", "phone") if len(p[f].encode()) >= 6}
    assert len(texts) > 500, len(texts)
    call(program, "backup", "d.dwb", *store, folder=folder, env=PHRASE)
    call(program, "backup", "--keys", "k.dwb", *store, folder=folder, env=PHRASE)
    shutil.rmtree(os.path.join(folder, "demo", "village"))
    shutil.rmtree(os.path.join(folder, "demo", "papers"))
    for name in [n for n in os.listdir(os.path.join(folder, "demo")) if not n.startswith("site.db")]:
        os.remove(os.path.join(folder, "demo", name))
    assert traces(folder, texts) == []
    call(program, "dispose", "--certificate", "c.json", "--yes", *store, folder=folder)
    assert traces(folder, texts) == []
    assert ask(program, "verify", *store, folder=folder)["faults"] == 0


TABLES = {"areas": 5, "keepers": 1, "doors": 2, "households": 2, "people": 3, "stays": 3, "rounds": 1, "marks": 3, "visits": 0, "held": 0, "devices": 4,
          "tubes": 0, "samples": 0, "hands": 0, "releases": 0, "cards": 0, "forms": 0, "meetings": 0, "follow_ups": 0, "needs": 0, "review": 0, "imports": 2}


def rows_of(folder, name):
    return list(csv.DictReader(open(os.path.join(folder, name + ".csv"), encoding="utf-8-sig", newline="")))


def test_everything_comes_out_and_masked(program, folder):
    village(program, folder)
    ask(program, "round", "open", *STORE, folder=folder)
    call(program, "area", "keep", "1-1-1", "--name", "吴雅芳", "--phone", "13955556666", *STORE, folder=folder)
    told = ask(program, "export", "out", "--lang", "en", *STORE, folder=folder)
    out = os.path.join(folder, "out")
    assert {t: len(rows_of(out, t)) for t in TABLES} == TABLES and told["rows"] == sum(TABLES.values()), told
    people = {p["name"]: p for p in rows_of(out, "people")}
    assert people["林*强"]["document"].endswith(DOC[-4:]) and people["林*强"]["phone"] == "138****5678" and people["林*强"]["place"].startswith("1-1-1"), people
    assert [k["areas"] for k in rows_of(out, "keepers")] == ["1-1-1"]
    assert traces(folder, ["林志强", DOC, "13812345678", "陈秀英", "吴雅芳", "13955556666"]) == []
    sums = dict(line.split("  ")[::-1] for line in open(os.path.join(out, "SHA256SUMS"), encoding="utf-8").read().splitlines())
    assert sorted(sums) == sorted(set(os.listdir(out)) - {"SHA256SUMS"}) and len(sums) == 2 * len(TABLES) + 6
    assert all(hashlib.sha256(open(os.path.join(out, n), "rb").read()).hexdigest() == h for n, h in sums.items())
    for name in TABLES:
        assert zipfile.ZipFile(os.path.join(out, name + ".xlsx")).testzip() is None
    assert refused(program, folder, "export", "out", *STORE) == ("EXISTS", "out")
    call(program, "export", "out2", "--reveal", *STORE, status=2, folder=folder)
    kinds = [e["entry"]["kind"] for e in ledger(program, folder, "a.db")]
    assert kinds[-1] == "copy.made" and "look" not in kinds


def test_maps_open_with_their_chinese_names(program, folder):
    village(program, folder)
    ask(program, "export", "out", "--lang", "zh", *STORE, folder=folder)
    for name, rows in (("areas", 5), ("features", 0), ("doors", 2)):
        layer = json.load(open(os.path.join(folder, "out", name + ".geojson"), encoding="utf-8"))["features"]
        assert len(layer) == rows
        db = sqlite3.connect(os.path.join(folder, "out", name + ".gpkg"))
        assert db.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
        assert db.execute("SELECT table_name, data_type, srs_id FROM gpkg_contents").fetchall() == [(name, "features", 4326)]
        assert "编号" in [c[1] for c in db.execute(f"PRAGMA table_info({name})")]
        assert db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] == rows
        if name == "areas":
            assert ("东片12号",) in db.execute("SELECT 地址 FROM areas").fetchall()
            shapes = {f["properties"]["代码"]: f["geometry"] for f in layer}
            assert shapes["1-1-1"]["type"] == "Polygon" and shapes["1-1-1"]["coordinates"][0][0] == [118.001, 24.001], shapes
        db.close()


def test_what_is_shown_in_full_is_on_record(program, folder):
    village(program, folder)
    ask(program, "export", "out", "--reveal", "--reason", "移交档案", "--lang", "en", *STORE, folder=folder)
    people = {p["name"]: p for p in rows_of(os.path.join(folder, "out"), "people")}
    assert people["林志强"]["document"] == DOC and people["林志强"]["phone"] == "13812345678"
    last = [e["entry"] for e in ledger(program, folder, "a.db")][-2:]
    assert last[0]["kind"] == "look" and last[0]["body"] == {"what": "export", "reason": "移交档案", "people": 3}
    assert last[1]["kind"] == "copy.made" and last[1]["body"]["clear"] is True
    shutil.rmtree(os.path.join(folder, "out"))
    told = ask(program, "forget", people["林志强"]["id"], "--reason", "本人要求", *STORE, folder=folder)
    assert [c["what"] for c in told["copies"]] == ["export"], told
    ask(program, "export", "out", "--reveal", "--reason", "移交档案", "--lang", "en", *STORE, folder=folder)
    after = {p["id"]: p for p in rows_of(os.path.join(folder, "out"), "people")}
    assert after[people["林志强"]["id"]]["forgotten"] == "1" and after[people["林志强"]["id"]]["name"] == "" and len(after) == 3
    assert traces(folder, ["林志强", DOC, "13812345678"]) == []


def test_an_export_that_breaks_off_leaves_nothing(program, folder):
    told = ask(program, "demo", "--people", "1000", "--seed", "6", "--dir", "demo", folder=folder)
    before = sorted(os.listdir(folder))
    limit = f'ulimit -f 100; trap "" XFSZ; exec "{program}" export out --store {told["store"]}'
    assert subprocess.run(["bash", "-c", limit], cwd=folder, capture_output=True, timeout=60).returncode == 1
    assert sorted(os.listdir(folder)) == before
    for words in (["export", "out"], ["backup", "out.dwb"]):
        running = subprocess.Popen([program, *words, "--store", told["store"]], cwd=folder, env={**os.environ, **PHRASE, "LANG": "C.UTF-8"}, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        running.stderr.readline()  # it has begun
        running.send_signal(2)
        error = running.communicate(timeout=60)[1].decode()
        if running.returncode == 0:  # it was quicker
            continue
        assert "cancelled" in error, error
        assert sorted(os.listdir(folder)) == before
        assert not [n for n in os.listdir(os.path.join(folder, "demo")) if n.startswith(".")]
