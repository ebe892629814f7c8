"""doorward match: any tables without a store, scored against a truth; the lists here are made up from a seed that a failure prints."""
import csv
import json
import os
import random

from sheets import xlsx
from tool import ask, call

GIVEN = ["ANNA", "PETER", "MARIA", "JOHN", "FATIMA", "IVAN", "OLGA", "HASSAN", "CLARA", "HENRY", "YUSUF", "INGRID", "TOMAS", "LEILA", "OSCAR", "NADIA"]
HAN = "伟芳国建丽军敏静强洁婷文志明英华玉兰龙凤"


def surname(rng):
    return "".join(rng.choice(["ba", "lo", "ren", "mi", "tar", "sko", "vin", "del", "ho", "par"]) for _ in range(3)).upper()


def people(rng, count):
    for i in range(count):
        yield {"who": str(i), "first_name": rng.choice(GIVEN), "surname": surname(rng), "dob": f"{rng.randint(1930, 2015)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
               "postcode": f"{rng.randint(1000, 9999)}", "email": f"{rng.randint(10**6, 10**7)}@example.org"}


def slip(rng, row):
    row = dict(row)
    for field in rng.sample(["first_name", "surname", "dob", "postcode", "email"], rng.choice([0, 1, 1, 2])):
        text = row[field]
        at = rng.randrange(len(text))
        row[field] = rng.choice(["", text[:at] + text[at + 1:], text[:at] + rng.choice("ABCDE5") + text[at + 1:]])
    if rng.random() < 0.05: row["first_name"], row["surname"] = row["surname"], row["first_name"]
    return row


def write(folder, name, rows, separator=","):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, rows[0].keys(), delimiter=separator)
        table.writeheader()
        table.writerows(rows)


def two_lists(folder, count=600):
    seed = random.randrange(10**9)
    print("seed", seed)
    rng = random.Random(seed)
    whole = list(people(rng, count))
    a = [{"id": f"a{i}", **p} for i, p in enumerate(whole[:count * 2 // 3])]
    b = [{"id": f"b{i}", **slip(rng, p)} for i, p in enumerate(whole[count // 3:])]
    rng.shuffle(a)
    rng.shuffle(b)
    write(folder, "a.csv", a)
    write(folder, "b.csv", b)
    return a, b


def test_two_lists(program, folder):
    a, b = two_lists(folder)
    said = ask(program, "match", "a.csv", "b.csv", "--id", "id", "--truth-column", "who", "--out", "links.csv", folder=folder)
    assert said["precision"] > 0.99 and said["recall"] > 0.97 and said["cluster_f1"] > 0.98, said
    assert said["true_pairs"] == 200 and all(t["once"] for t in said["tables"]), said
    assert {f["name"]: f["type"] for f in said["fields"]} == {"name": "name", "birth": "date", "postcode": "code", "email": "text"}
    assert said["seconds"] > 0 and said["peak_mib"] > 1
    links = list(csv.DictReader(open(os.path.join(folder, "links.csv"), encoding="utf-8")))
    assert len(links) == said["links"] + said["ties"]
    who = {row["id"]: row["who"] for row in a + b}
    right = sum(who[link["id_a"]] == who[link["id_b"]] for link in links if link["link"] == "link")
    assert abs(right / said["links"] - said["precision"]) < 1e-5
    bits = [float(link["bits"]) for link in links]
    assert bits == sorted(bits, reverse=True) and bits[-1] >= 0
    # A truth of pairs, and more threads, say the same.
    write(folder, "pairs.csv", [{"one": x["id"], "two": y["id"]} for x in a for y in b if x["who"] == y["who"]])
    again = ask(program, "match", "a.csv", "b.csv", "--id", "id", "--columns", "who=-", "--truth", "pairs.csv", "--threads", "3", folder=folder)
    assert [again[k] for k in ("links", "f1", "cluster_f1")] == [said[k] for k in ("links", "f1", "cluster_f1")]


def test_one_list_with_duplicates(program, folder):
    a, b = two_lists(folder)
    write(folder, "all.csv", a + b, ";")
    said = ask(program, "match", "all.csv", "--id", "id", "--truth-column", "who", folder=folder)
    assert said["cluster_f1"] > 0.97 and said["f1"] > 0.97 and said["groups"] >= 190, said
    assert not said["tables"][0]["once"]


def test_chinese_lists_of_other_columns(program, folder):
    rng = random.Random(5)
    home = [["姓名", "身份证号", "手机", "住址"]]
    work = [["企业员工花名册", None, None, None], ["员工姓名", "证件号码", "联系电话", "宿舍地址"]]
    for i in range(300):
        name = rng.choice("林陈张王黄吴") + rng.choice(HAN) + rng.choice(HAN)
        digits = f"350599{rng.randint(1950, 2010)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(0, 999):03d}"
        doc = digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11]
        phone, place = f"138{rng.randint(0, 99999999):08d}", f"东片{rng.randint(1, 40)}号{rng.randint(1, 5)}楼"
        home.append([name, doc, phone, place])
        if i % 2: work.append([name, [doc, doc[:15] + "000", "", doc.lower()][i % 4], phone.translate({48 + d: 0xff10 + d for d in range(10)}), place.replace("东", "東")])
    xlsx(os.path.join(folder, "home.xlsx"), home)
    xlsx(os.path.join(folder, "work.xlsx"), work, merges=["A1:D1"])
    rows = [["file", "row", "who"]] + [["home.xlsx", str(i + 2), str(i)] for i in range(300)] + [["work.xlsx", str(k + 3), str(2 * k + 1)] for k in range(150)]
    open(os.path.join(folder, "truth.csv"), "w").write("\n".join(",".join(row) for row in rows))
    said = ask(program, "match", "home.xlsx", "work.xlsx", "--truth", "truth.csv", folder=folder)
    assert {f["name"] for f in said["fields"]} == {"name", "doc", "phone", "address"}, said["fields"]
    assert said["precision"] > 0.99 and said["recall"] > 0.97 and said["true_pairs"] == 150, said
    told = call(program, "match", "home.xlsx", "work.xlsx", "--lang", "zh", "--quiet", folder=folder).stdout
    assert "每人一行" in told and "匹配" in told


def test_columns_and_mistakes(program, folder):
    two_lists(folder, 90)
    open(os.path.join(folder, "columns.txt"), "w").write("who=-\nemail=-\npostcode=area:category\n")
    said = ask(program, "match", "a.csv", "b.csv", "--id", "id", "--columns", "columns.txt", "--repeats", "b.csv", folder=folder)
    assert {f["name"]: f["type"] for f in said["fields"]} == {"name": "name", "birth": "date", "area": "category"}
    assert [t["once"] for t in said["tables"]] == [True, False] and "f1" not in said

    def refused(*words, status=1):
        return json.loads(call(program, "match", *words, "--json", status=status, folder=folder).stderr)["error"]
    assert refused("a.csv", "none.csv") == "NOT_FOUND"
    assert refused("a.csv", "--id", "nothing") == "COLUMN" and refused("a.csv", "--columns", "nothing=-") == "COLUMN"
    assert refused("a.csv", "--columns", "dob=birth:moon", status=2) == "USAGE" and refused("a.csv", "--once", "c.csv", status=2) == "USAGE"
    assert refused("a.csv", "--columns", "who=-,first_name=-,surname=-,dob=-,postcode=-,email=-,id=-") == "INVALID"
    assert refused("a.csv", "--threads", "1000", status=2) == "USAGE"
    open(os.path.join(folder, "pairs.csv"), "w").write("one,two\na0,x9\n")
    assert refused("a.csv", "b.csv", "--id", "id", "--truth", "pairs.csv") == "NOT_FOUND"
