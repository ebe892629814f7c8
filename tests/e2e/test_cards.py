"""Door cards: printed, read back from the paper, reissued, revoked, checked without a store."""
import os
import subprocess

from test_lists import HEAD, ROWS, site, write
from tool import ask, call

PERSONAL = ["林志强", "陈秀英", "娜娜", "350599", "138123", "139000"]


def village(program, folder):
    site(program, folder)
    write(folder, "a.csv", HEAD + ROWS)
    ask(program, "import", "list", "--as", "household", "a.csv", "--store", "a.db", folder=folder)
    call(program, "area", "keep", "1-1-1", "--name", "吴雅芳", "--phone", "13700000000", "--store", "a.db", folder=folder)


def cards(program, folder, *more):
    told = ask(program, "card", "print", "--out", "c.pdf", "--hotline", "0595-85660000", "--store", "a.db", *more, folder=folder)
    return told["doors"], told["issued"]


def scanned(folder):
    """What a camera finds on the pages."""
    for old in [f for f in os.listdir(folder) if f.startswith("page")]: os.remove(os.path.join(folder, old))
    subprocess.run(["pdftoppm", "-r", "200", "-gray", "c.pdf", "page"], cwd=folder, check=True)
    pages = sorted(f for f in os.listdir(folder) if f.startswith("page"))
    done = subprocess.run(["zbarimg", "-q", "--raw", *pages], cwd=folder, capture_output=True, text=True)
    return sorted(done.stdout.split())


def check(program, folder, text, *more, status=0):
    done = call(program, "card", "check", text, "--json", *(more or ("--store", "a.db")), folder=folder, status=status)
    return __import__("json").loads(done.stdout)


def test_cards_are_printed_once_and_read_back(program, folder):
    village(program, folder)
    assert cards(program, folder) == (2, 2) and cards(program, folder) == (2, 0)
    text = subprocess.run(["pdftotext", "-layout", "c.pdf", "-"], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert all(word in text for word in ("1-1-1·301", "1-1-1·302", "吴雅芳", "0595-85660000", "东片12号")), text
    assert not any(word in text for word in PERSONAL), text
    found = scanned(folder)
    assert len(found) == 2 and all(f.startswith("https://doorward.invalid/d/") for f in found), found
    seen = sorted((check(program, folder, f)["code"], check(program, folder, f)["heads_on_card"]) for f in found)
    assert seen == [("1-1-1·301", 2), ("1-1-1·302", 1)], seen
    key = call(program, "card", "key", "--store", "a.db", folder=folder).stdout.strip()
    for name in os.listdir(folder):
        if name.startswith("a.db"): os.rename(os.path.join(folder, name), os.path.join(folder, "gone-" + name))
    assert check(program, folder, found[0], "--key", key)["verdict"] == "valid"
    for bad in (found[0][:-1], found[0][:-4] + "AAAA", "https://doorward.invalid/d/", "hello"):
        assert check(program, folder, bad, "--key", key, status=1)["verdict"] == "not_of_this_site", bad


def test_reissue_revoke_and_changed_heads(program, folder):
    village(program, folder)
    cards(program, folder)
    first = {check(program, folder, f)["code"]: f for f in scanned(folder)}
    write(folder, "b.csv", HEAD + "1-1-1,东片12号,302,,王小明,,13700000009\n")
    ask(program, "import", "list", "--as", "household", "b.csv", "--store", "a.db", folder=folder)
    seen = check(program, folder, first["1-1-1·302"])
    assert (seen["verdict"], seen["heads_on_card"], seen["heads_now"]) == ("valid", 1, 2), seen
    assert cards(program, folder, "--changed") == (2, 1)
    assert check(program, folder, first["1-1-1·302"], status=1)["verdict"] == "replaced"
    assert check(program, folder, first["1-1-1·301"])["verdict"] == "valid"
    assert cards(program, folder, "--reissue", "--size", "small") == (2, 2)
    again = {check(program, folder, f)["code"]: f for f in scanned(folder)}
    assert check(program, folder, first["1-1-1·301"], status=1)["verdict"] == "replaced"
    door = check(program, folder, again["1-1-1·301"])["door"]
    call(program, "card", "revoke", door, "--reason", "丢失", "--store", "a.db", folder=folder)
    assert check(program, folder, again["1-1-1·301"], status=1)["verdict"] == "revoked"
    call(program, "card", "revoke", door, "--store", "a.db", folder=folder, status=1)
    assert cards(program, folder) == (2, 1), "a revoked card is replaced at the next print"
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0


def test_another_sites_card_is_not_ours(program, folder):
    village(program, folder)
    cards(program, folder)
    ours = scanned(folder)[0]
    call(program, "init", "--name", "邻村", "--store", "b.db", folder=folder)
    assert check(program, folder, ours, "--store", "b.db", status=1)["verdict"] == "not_of_this_site"
    error = call(program, "card", "print", "--out", "x.pdf", "--store", "b.db", "--json", folder=folder, status=1).stderr
    assert "NOT_FOUND" in error and not os.path.exists(os.path.join(folder, "x.pdf"))
