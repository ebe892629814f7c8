"""A store of every earlier schema is opened by this program, works, and verifies; one of a newer schema is refused and left alone."""
import glob
import json
import os
import shutil
import sqlite3

from test_tubes import Village
from tool import ROOT, ask, call

MARK = 0x44577264


def schemas():
    return [(int(os.path.basename(path)[:4]), open(path, encoding="utf-8").read().replace(") /* narrow */;", ") WITHOUT ROWID;")) for path in sorted(glob.glob(os.path.join(ROOT, "schema/[0-9]*.sql")))]


def older(now, path, number):
    """What an older program would have left: its tables, with those rows and columns of the present store that it knew."""
    with sqlite3.connect(path) as db:
        for n, text in schemas():
            if n <= number:
                db.executescript(text)
        db.execute(f"PRAGMA application_id = {MARK}")
        db.execute(f"PRAGMA user_version = {number}")
        db.execute("ATTACH ? AS now", (now,))
        for (table,) in db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
            columns = [{row[1] for row in db.execute(f"PRAGMA {schema}.table_info({table})")} for schema in ("main", "now")]
            both = ", ".join(sorted(columns[0] & columns[1]))
            if both:
                db.execute(f"INSERT INTO main.{table} ({both}) SELECT {both} FROM now.{table}")
    db.close()
    for ending in (".keys", ".sitekey"):
        shutil.copy(now + ending, path + ending)


def test_a_store_of_every_earlier_schema(program, folder):
    v = Village(program, folder)
    v("visit", "1-1-1·300", v.ids[0])
    v("person", "leave", v.ids[7])
    open(f"{folder}/list.csv", "w", encoding="utf-8").write("楼栋,房号,姓名\n1-1-1,300,张三丰\n")
    v("import", "undo", v("import", "list", "list.csv", "--as", "household")["batch"], "--reason", "发错")
    newest = schemas()[-1][0]
    before = {what: v(*what.split()) for what in ("round status", "round missing", "area", "entries held")}
    for number, _ in schemas():
        path = os.path.join(folder, f"v{number}.db")
        older(os.path.join(folder, "a.db"), path, number)
        said = lambda *words: ask(program, *words, "--store", path, folder=folder)
        report = said("verify")
        assert report["faults"] == 0 and report["entries"] > 20, (number, report)
        assert {what: said(*what.split()) for what in before} == before, number
        with sqlite3.connect(path) as db:
            assert db.execute("SELECT n FROM voided").fetchall() == [(0,)], number
        # And it is worked on from there, by what every later schema added too.
        said("visit", "1-1-1·301", v.ids[2])
        said("tube", "open", "0001", "--by", "采样一组", "--capacity", "5")
        said("tube", "fill", "0001", v.ids[2], "--by", "采样一组")
        member = said("member", "add", "陈站长")["id"]
        said("grant", "give", member, "--role", "commander")
        call(program, "account", "add", "chen", member, "--store", path, folder=folder, env={"DOORWARD_PASSPHRASE": "七号楼下见面-2022"})
        assert said("verify")["faults"] == 0, number
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA user_version").fetchone()[0] == newest


def test_a_newer_schema_is_refused(program, folder):
    v = Village(program, folder)
    newest, path = schemas()[-1][0], os.path.join(folder, "a.db")
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {newest + 1}")
    db.close()
    before = open(path, "rb").read()
    for language in ("zh", "en"):
        error = json.loads(call(program, "verify", "--store", "a.db", "--json", "--lang", language, folder=folder, status=1).stderr)
        assert error["error"] == "SCHEMA" and str(newest + 1) in error["detail"] and str(newest) in error["detail"] and error["fix"], error
    call(program, "serve", "--store", "a.db", "--listen", "127.0.0.1:0", folder=folder, status=1)
    assert open(path, "rb").read() == before
    rows = json.loads(call(program, "doctor", "--store", "a.db", "--json", folder=folder, status=1).stdout)
    assert ("store", "wrong") in {(r["check"], r["state"]) for r in rows}, rows
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {newest}")
    v.sound()
