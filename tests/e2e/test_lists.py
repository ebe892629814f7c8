"""Lists in: columns, charsets, bad rows, dry runs, undo, and the same file again."""
import os

from tool import ask, call

HEAD = "楼栋编号,门牌,楼层房号,户主,姓名,证件号,手机\n"
ROWS = ("1-1-1,东片12号,301,林志强,林志强,350599199001010017,13812345678\n"
        "1-1-1,东片12号,301,林志强,陈秀英,35O599199202O20028,\n"
        "1-1-1,东片12号,302,,欧阳·娜娜,无,13900001111\n")


def check_digit(digits):
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


def site(program, folder):
    call(program, "init", "--name", "村", "--synthetic", "--store", "a.db", folder=folder)
    village = {"type": "FeatureCollection", "features": []}
    square = lambda x, y, s: {"type": "Polygon", "coordinates": [[[x, y], [x + s, y], [x + s, y + s], [x, y + s], [x, y]]]}
    for kind, code, name, address, shape in (("village", "350599101201", "村", "", square(118, 24, 0.01)), ("grid", "1", "一网格", "", square(118, 24, 0.005)),
                                             ("cell", "1-1", "", "", square(118, 24, 0.004)), ("building", "1-1-1", "", "东片12号", square(118.001, 24.001, 0.0002)),
                                             ("building", "1-1-2", "", "东明巷二号", square(118.002, 24.001, 0.0002))):
        village["features"].append({"type": "Feature", "properties": {"kind": kind, "code": code, "name": name, "address": address}, "geometry": shape})
    import json
    open(os.path.join(folder, "map.geojson"), "w", encoding="utf-8").write(json.dumps(village, ensure_ascii=False))
    assert ask(program, "import", "map", "map.geojson", "--store", "a.db", folder=folder)["fresh"] == 5


def write(folder, name, text, charset="utf-8"):
    open(os.path.join(folder, name), "wb").write(text.encode(charset))


def people(program, folder):
    return {p["name"]: p for p in ask(program, "person", "find", "350599", "--store", "a.db", folder=folder)["people"]}


def take(program, folder, name, *more, **rest):
    return ask(program, "import", "list", "--as", "household", name, "--store", "a.db", *more, folder=folder, **rest)


def test_map_parents_are_found_by_place(program, folder):
    site(program, folder)
    tree = ask(program, "area", "--depth", "-1", "--store", "a.db", folder=folder)
    assert [(a["code"], a["depth"]) for a in tree] == [("350599101201", 0), ("1", 1), ("1-1", 2), ("1-1-1", 3), ("1-1-2", 3)], tree
    assert tree[0]["unkept"] == 2
    call(program, "area", "keep", "1-1-1", "--name", "吴雅芳", "--phone", "13900000000", "--store", "a.db", folder=folder)
    tree = ask(program, "area", "1-1", "--store", "a.db", folder=folder)
    assert tree[0]["unkept"] == 1 and tree[1]["keeper"] == "吴雅芳"


def test_every_charset_reads_the_same(program, folder):
    site(program, folder)
    for name, charset in (("a.csv", "utf-8"), ("b.csv", "utf-8-sig"), ("c.csv", "gb18030"), ("d.csv", "utf-16")):
        write(folder, name, HEAD + ROWS, charset)
    assert take(program, folder, "a.csv")["fresh"] == 3
    for name in ("b.csv", "c.csv", "d.csv"):
        again = take(program, folder, name)
        assert again["already"] and again["batch"] is None, again


def test_looking_changes_nothing_and_the_same_rows_are_known(program, folder):
    site(program, folder)
    write(folder, "a.csv", HEAD + ROWS)
    tried = take(program, folder, "a.csv", "--dry-run")
    assert tried["fresh"] == 3 and tried["batch"] is None
    assert ask(program, "person", "find", "林", "--store", "a.db", folder=folder)["found"] == 0
    assert take(program, folder, "a.csv")["fresh"] == 3
    write(folder, "b.csv", HEAD + ROWS + "1-1-2,东明巷二号,101,,王小明,,13700000000\n")
    again = take(program, folder, "b.csv")
    assert (again["seen"], again["fresh"], again["matched"]) == (3, 1, 0), again


def test_a_batch_can_be_taken_back(program, folder):
    site(program, folder)
    write(folder, "a.csv", HEAD + ROWS)
    batch = take(program, folder, "a.csv")["batch"]
    write(folder, "b.csv", HEAD + "1-1-2,东明巷二号,101,,王小明,,13700000000\n")
    take(program, folder, "b.csv")
    call(program, "import", "undo", batch, "--reason", "发错", "--store", "a.db", folder=folder)
    find = lambda text: ask(program, "person", "find", text, "--store", "a.db", folder=folder)["found"]
    assert find("林志强") == 0 and find("王小明") == 1
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0
    assert take(program, folder, "a.csv")["fresh"] == 3 and find("林志强") == 1


def test_columns_are_corrected_saved_and_loaded(program, folder):
    site(program, folder)
    write(folder, "odd.csv", "名单,,,\n哪栋,哪间,谁,号码\n1-1-1,501,黄丽,13600000000\n")
    error = call(program, "import", "list", "--as", "landlord", "odd.csv", "--store", "a.db", "--json", status=1, folder=folder)
    assert "COLUMN" in error.stderr and "odd.csv" in error.stderr
    told = ask(program, "import", "list", "--as", "landlord", "odd.csv", "--store", "a.db", "--dry-run", "--columns", "building=哪栋,room=哪间,name=谁,phone=号码", folder=folder)
    assert (told["fresh"], told["placeless"]) == (1, 0), told
    assert [(c["column"], c["header"], c["field"], c["said"]) for c in told["columns"]] == [(1, "哪栋", "building", True), (2, "哪间", "room", True), (3, "谁", "name", True), (4, "号码", "phone", True)], told
    error = call(program, "import", "list", "--as", "landlord", "odd.csv", "--store", "a.db", "--columns", "room=哪间", "--json", status=1, folder=folder)
    assert "COLUMN" in error.stderr, error.stderr
    write(folder, "half.csv", "哪栋,哪间,姓名,号码\n1-1-1,501,黄丽,13600000000\n")
    words = ["import", "list", "--as", "landlord", "half.csv", "--store", "a.db", "--columns", "building=哪栋,room=2,phone=号码", "--save-columns", "c.json"]
    assert ask(program, *words, folder=folder)["placeless"] == 0
    write(folder, "next.csv", "号码,姓名,哪间,哪栋\n13600000001,黄娟,502,1-1-1\n")
    words = ["import", "list", "--as", "landlord", "next.csv", "--store", "a.db", "--load-columns", "c.json"]
    assert ask(program, *words, folder=folder)["placeless"] == 0
    found = ask(program, "person", "find", "黄娟", "--store", "a.db", folder=folder)["people"][0]
    assert "1-1-1" in found["place"] and found["phone"].endswith("0001"), found


def test_bad_files_are_refused_and_named(program, folder):
    site(program, folder)
    bad = {"empty.csv": b"", "page.xls": b"<html><table><tr><td>x</td></tr></table>", "bytes.csv": b"\xff\xff\xff\x00\x81",
           "broken.xlsx": b"PK\3\4" + b"\0" * 200, "nobody.csv": (HEAD + ",,,,,,\n1-1-1,东片,1,,,,\n").encode()}
    for name, content in bad.items():
        open(os.path.join(folder, name), "wb").write(content)
        error = call(program, "import", "list", "--as", "household", name, "--store", "a.db", "--json", status=1, folder=folder).stderr
        assert name in error, error
    assert ask(program, "import", "batches", "--store", "a.db", folder=folder)[0]["file"] == "map.geojson"
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0


def test_documents_gone_wrong_are_told_and_are_no_keys(program, folder):
    site(program, folder)
    rounded = "350599199001010000"
    write(folder, "a.csv", HEAD + f"1-1-1,东片12号,301,,林志强,{rounded},\n1-1-1,东片12号,302,,林志强,{rounded},\n1-1-1,东片12号,303,,赵四,3.50599E+17,\n")
    result = take(program, folder, "a.csv")
    assert result["bad_documents"] == 3 and result["fresh"] == 3 and result["pairs"] >= 1, result
    assert {t["row"] for t in result["troubles"]} == {2, 3, 4}


def test_two_are_merged_and_parted_again(program, folder):
    site(program, folder)
    doc = "35059919900101001"
    write(folder, "a.csv", HEAD + f"1-1-1,东片12号,301,,林志强,{doc + check_digit(doc)},\n1-1-1,东片12号,301,,林志强,,\n")
    take(program, folder, "a.csv")
    pair = ask(program, "review", "list", "--store", "a.db", folder=folder)["pairs"][0]
    a, b = pair["a"]["id"], pair["b"]["id"]
    ask(program, "review", "decide", "--as", "same", a, b, "--store", "a.db", folder=folder)
    assert ask(program, "person", "find", "林志强", "--store", "a.db", folder=folder)["found"] == 1
    call(program, "person", "unmerge", a, b, "--store", "a.db", folder=folder)
    assert ask(program, "person", "find", "lzq", "--store", "a.db", folder=folder)["found"] == 2
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0
