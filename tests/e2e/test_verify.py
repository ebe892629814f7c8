"""verify finds whatever was changed behind the ledger's back, and names it."""
import json
import os
import random
import shutil
import sqlite3
import subprocess

from tool import ask, call

ENDINGS = ("", ".keys", ".sitekey")


def demo(program, folder):
    """A village of everything: its store stands as whole.db in the folder, with nothing left in the log."""
    told = ask(program, "demo", "--people", "400", "--seed", "6", "--dir", "demo", folder=folder)
    for ending in ENDINGS:
        shutil.move(os.path.join(folder, told["store"] + ending), os.path.join(folder, "whole.db" + ending))
    assert not os.path.exists(os.path.join(folder, told["store"] + "-wal"))
    fresh(folder)


def fresh(folder):
    for name in os.listdir(folder):
        if name.startswith("a.db"):
            os.remove(os.path.join(folder, name))
    for ending in ENDINGS:
        shutil.copy(os.path.join(folder, "whole.db" + ending), os.path.join(folder, "a.db" + ending))


def faults(program, folder):
    """What verify tells of a.db: its faults, or the error that it ends with."""
    done = subprocess.run([program, "verify", "--store", "a.db", "--json", "--quiet"], cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1, (done.returncode, done.stdout[-500:], done.stderr[-500:])
    if not done.stdout:
        error = json.loads(done.stderr)
        return [f"{error['error']} {os.path.basename(error['file'])} {error['detail']}"]
    told = json.loads(done.stdout)
    assert told["faults"] >= len(told["told"]) > 0 and json.loads(done.stderr)["error"] == "DIFFERS", told
    return told["told"]


def changed(value, rng):
    """Another value of the same type: one bit, or one letter, is another."""
    if isinstance(value, int):
        return value ^ 1 << rng.randrange(8)
    if isinstance(value, bytes) and value:
        at = rng.randrange(len(value))
        return value[:at] + bytes([value[at] ^ 1 << rng.randrange(8)]) + value[at + 1:]
    if isinstance(value, str) and value:
        at = rng.randrange(len(value))
        return value[:at] + ("x" if value[at] != "x" else "y") + value[at + 1:]
    return {int: 1, bytes: b"\0", str: "x"}.get(type(value), 7)


def spoil(folder, table, column, rng):
    """Changes one value of one row anywhere in the table; says which, or nothing when the table is empty."""
    db = sqlite3.connect(os.path.join(folder, "a.db"))
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    keys = [c[1] for c in columns if c[5] > 0]
    rows = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    if rows == 0:
        db.close()
        return None
    row = rng.randrange(rows)
    found = db.execute(f"SELECT {', '.join(keys)}, {column} FROM {table} ORDER BY {', '.join(keys)} LIMIT 1 OFFSET {row}").fetchone()
    value = changed(found[-1], rng)
    db.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {' AND '.join(k + ' = ?' for k in keys)}", (value, *found[:-1]))
    db.commit()
    db.close()
    return f"{table} row {row}: {column} {found[-1]!r} -> {value!r}"


def tables(folder):
    db = sqlite3.connect(os.path.join(folder, "a.db"))
    named = {name: [c[1] for c in db.execute(f"PRAGMA table_info({name})")] for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    db.close()
    return {name: columns for name, columns in named.items() if "site_id" in columns}


def reading(path):
    """All that SQLite itself reads of a file, for telling damage from bytes that nobody reads: a gap within a page, halves that are equal."""
    db = sqlite3.connect(path)
    db.text_factory = bytes
    try:
        names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return db.execute("PRAGMA integrity_check").fetchall(), db.execute("SELECT * FROM sqlite_master").fetchall(), \
            [db.execute(f"SELECT * FROM {name.decode()}").fetchall() for (name,) in names]
    except sqlite3.Error as error:
        return f"not readable: {error}"
    finally:
        db.close()


def test_what_verify_costs_is_told(program, folder):
    demo(program, folder)
    told = ask(program, "verify", "--store", "a.db", folder=folder)
    assert told["faults"] == 0 and told["entries"] > 1000 and told["seconds"] > 0 and told["peak_bytes"] > 1 << 20, told
    assert abs(told["entries_per_s"] * told["seconds"] / told["entries"] - 1) < 0.1, told
    said = call(program, "verify", "--store", "a.db", "--lang", "en", folder=folder).stdout
    assert "entries a second" in said and "MiB of memory at most" in said, said


def test_one_changed_value_of_any_column_is_found_and_named(program, folder):
    demo(program, folder)
    seed = random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    looked = 0
    for table, columns in tables(folder).items():
        for column in columns if table in ("entry", "receipt") else rng.sample(columns, min(2, len(columns))):
            fresh(folder)
            what = spoil(folder, table, column, rng)
            if what is None:
                continue
            looked += 1
            told = faults(program, folder)
            where = {"entry": "entr", "receipt": "entries"}.get(table, table)
            # what no longer opens says so; a changed site or device is seen by what hangs on it
            assert any(where in t or "a.db" in t or "damaged" in t.lower() for t in told) or column == "site_id" or table in ("site", "device"), (seed, what, told)
    assert looked > 20, looked


def test_rows_that_are_gone_or_too_many_are_found(program, folder):
    demo(program, folder)
    seed = random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    for table in [t for t in tables(folder) if t not in ("site", "fork")]:
        fresh(folder)
        db = sqlite3.connect(os.path.join(folder, "a.db"))
        keys = [c[1] for c in db.execute(f"PRAGMA table_info({table})").fetchall() if c[5] > 0]
        rows = db.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchall()
        if rows:
            row = rng.choice(rows)
            db.execute(f"DELETE FROM {table} WHERE {' AND '.join(k + ' = ?' for k in keys)}", row)
        db.commit()
        db.close()
        if rows:
            assert faults(program, folder), (seed, table, row)


def test_a_torn_file_is_named(program, folder):
    """Cut off, overwritten with zeros, with a part of another moment: told of the file, and nothing crashes."""
    demo(program, folder)
    seed = random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    path, seen = os.path.join(folder, "a.db"), os.path.join(folder, "seen.db")
    whole = open(path, "rb").read()
    db = sqlite3.connect(path)
    roots = db.execute("SELECT rootpage, name FROM sqlite_master WHERE rootpage > 1").fetchall()
    db.close()
    fresh(folder)
    sound = reading(path)
    assert sound[0] == [(b"ok",)], sound[0]
    pages = len(whole) // 4096
    torn = [("cut", cut) for cut in (whole[:len(whole) // 2], whole[:100], whole[:-4096], whole[:rng.randrange(4096, len(whole))], b"")]
    # Each table and index once, also those that the ledger says nothing of, or that are empty.
    torn += [(f"zeros for the root of {name}", whole[:(page - 1) * 4096] + bytes(4096) + whole[page * 4096:]) for page, name in roots]
    for _ in range(10):
        at, to = rng.randrange(1, pages) * 4096, rng.randrange(1, pages) * 4096
        torn.append((f"zeros for page {at // 4096 + 1}", whole[:at] + bytes(4096) + whole[at + 4096:]))
        torn.append((f"half of page {to // 4096 + 1} in page {at // 4096 + 1}", whole[:at] + whole[to:to + 2048] + whole[at + 2048:]))
    for what, data in torn:
        open(seen, "wb").write(data)
        if reading(seen) == sound:
            continue
        fresh(folder)
        open(path, "wb").write(data)
        told = faults(program, folder)
        assert told[0].startswith(("DAMAGED a.db", "NOT_STORE a.db", "NOT_FOUND a.db", "SCHEMA a.db")) or any(w in " ".join(told) for w in ("entr", "table", "receipt", "the store's file")), (seed, what, told)
