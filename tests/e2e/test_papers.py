"""Papers of a round: the staircase lists as PDF, the registers and the closing list as workbooks."""
import json
import os
import re
import subprocess
import zipfile
from xml.sax.saxutils import unescape

from test_lists import check_digit, site, write
from tool import ask, call

NIGHT = "2022-04-09T20:30:00+08:00"
DOCS = {name: doc + check_digit(doc) for name, doc in (("林志强", "35059919900101001"), ("陈秀英", "35059919920202002"), ("王小明", "35059920100303003"))}
LIST = ("楼栋编号,楼层房号,户主,姓名,与户主关系,证件号,手机,特殊类别,用药需求,工作单位\n"
        f"1-1-1,3楼302,林志强,林志强,户主,{DOCS['林志强']},13812345678,独居老人,降压药,电子厂\n"
        f"1-1-1,3楼302,林志强,陈秀英,配偶,{DOCS['陈秀英']},13812345679,,,\n"
        "1-1-1,1203,,欧阳娜娜,户主,,13900001111,,,\n"
        "1-1-1,2单元201,,买买提·吐尔逊,户主,,13900001112,,,\n"
        "1-1-1,店面1,,周福,户主,,13900001113,,,\n"
        f"1-1-2,101,,王小明,户主,{DOCS['王小明']},13700000000,,,\n"
        "1-1-2,102,,囧如,户主,,13700000001,,,\n")


def opened(program, folder):
    """Seven people in two buildings, one of them decided and one carried over."""
    site(program, folder)
    write(folder, "a.csv", LIST)
    at = ["--store", "a.db", "--at"]
    ask(program, "import", "list", "--as", "household", "a.csv", *at, "2022-04-08T09:00:00+08:00", folder=folder)
    call(program, "area", "keep", "1-1-1", "--name", "吴雅芳", "--phone", "13600000000", *at, "2022-04-08T10:00:00+08:00", folder=folder)
    call(program, "round", "open", *at, "2022-04-09T05:00:00+08:00", folder=folder)
    missing = {p["name"]: p["id"] for p in ask(program, "round", "missing", "--store", "a.db", folder=folder)["people"]}
    for name, what, evidence in (("王小明", "exempt", "48小时内接种"), ("囧如", "carried", "次日补采")):
        call(program, "round", "decide", missing[name], "--as", what, "--evidence", evidence, *at, "2022-04-09T19:00:00+08:00", folder=folder)


def paper(program, folder, kind, out, *more, **rest):
    return ask(program, "paper", kind, "--out", out, "--store", "a.db", "--at", NIGHT, *more, folder=folder, **rest)


def tool(folder, *words):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stderr
    return done.stdout


def pages(folder, name):
    """The text of each page; every glyph of it can be drawn."""
    said = subprocess.run(["mutool", "draw", "-r", "36", "-F", "pgm", "-o", "/dev/null", name], cwd=folder, capture_output=True, text=True)
    assert said.returncode == 0 and "broken" not in said.stderr and "error" not in said.stderr, said.stderr
    return tool(folder, "pdftotext", "-layout", name, "-").split("\f")[:-1]


def workbook(folder, name):
    """Each sheet as its name, its rows of cells by letter, and the cells that are numbers."""
    book = zipfile.ZipFile(os.path.join(folder, name))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    sheets = []
    for i, title in enumerate(names, 1):
        text = book.read(f"xl/worksheets/sheet{i}.xml").decode()
        assert 'state="frozen"' in text
        rows = []
        for row in re.findall(r"<row .*?</row>", text, re.S):
            cells = re.findall(r'<c r="([A-Z]+)\d+"([^>]*)>(?:<is><t[^>]*>|<v>)(.*?)</', row, re.S)
            rows.append({letter: int(value) if "inlineStr" not in how else unescape(value) for letter, how, value in cells})
        sheets.append((title, rows))
    return sheets


def named(rows, header):
    """Rows as dictionaries by header."""
    return [{header[letter]: value for letter, value in row.items()} for row in rows]


def columns(paper_name, lang):
    here = os.path.dirname(os.path.abspath(__file__))
    spec = json.load(open(os.path.join(here, "../../spec/papers.json"), encoding="utf-8"))
    return [c[lang] for p in spec["papers"] if p["paper"] == paper_name for c in p["columns"]]


def looks(program, folder):
    return [e["entry"]["body"] for e in ask(program, "entries", "show", "--limit", "1000", "--store", "a.db", folder=folder) if e["entry"]["kind"] == "look"]


def test_a_page_for_each_building_masked_and_in_walking_order(program, folder):
    opened(program, folder)
    for lang, title, reason, keeper in (("zh", "未检名单", "尚未上门", "包栋责任人 吴雅芳"), ("en", "Still to come", "not visited", "Keeper 吴雅芳")):
        assert paper(program, folder, "missing", "m.pdf", "--lang", lang)["people"] == 6
        one, two = pages(folder, "m.pdf")
        assert "1-1-1 东片12号" in one and "1-1-2 东明巷二号" in two
        assert title in one and reason in one and keeper in one and "13600000000" in one and "20:30" in one
        rows = re.findall(r"^\s*(店面1|302|1203|2-201)\s+(\S+)", one, re.M)
        assert [door for door, _ in rows] == ["店面1", "302", "302", "1203", "2-201"], one
        assert [name[0] for _, name in rows[1:]] == ["林", "陈", "欧", "买"] and "欧阳＊" in one
        assert "囧＊" in two and "王" not in two
        for hidden in ("志强", "秀英", "娜娜", "吐尔逊", "13812345678", "350599", "降压药"):
            assert hidden not in one, hidden
    assert looks(program, folder) == []


def test_names_in_full_are_recorded(program, folder):
    opened(program, folder)
    error = call(program, "paper", "missing", "--out", "m.pdf", "--reveal", "--store", "a.db", status=2, folder=folder).stderr
    assert "--reason" in error and not os.path.exists(os.path.join(folder, "m.pdf"))
    paper(program, folder, "missing", "m.pdf", "--reveal", "--reason", "夜间补采")
    assert "欧阳娜娜" in pages(folder, "m.pdf")[0] and "13812345678" not in pages(folder, "m.pdf")[0]
    paper(program, folder, "ledger", "l.xlsx", "--reveal", "--reason", "核对底册", "--area", "1-1-1")
    assert looks(program, folder) == [{"what": "paper missing", "reason": "夜间补采", "people": 6}, {"what": "paper ledger", "reason": "核对底册", "people": 5}]
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0


def test_pages_per_cell_and_grid_and_for_an_area(program, folder):
    opened(program, folder)
    for per, title in (("cell", "1-1"), ("grid", "一网格")):
        paper(program, folder, "missing", "m.pdf", "--per", per, "--lang", "zh")
        (page,) = pages(folder, "m.pdf")
        assert title in page and page.index("1-1-1 东片12号") < page.index("1-1-2 东明巷二号") 
        assert "第1页共1页" in page.replace(" ", ""), page
    assert paper(program, folder, "missing", "m.pdf", "--area", "1-1-2")["people"] == 1
    assert len(pages(folder, "m.pdf")) == 1
    error = json.loads(call(program, "paper", "missing", "--area", "9", "--out", "n.pdf", "--store", "a.db", "--json", status=1, folder=folder).stderr)
    assert error["error"] == "NOT_FOUND" and not os.path.exists(os.path.join(folder, "n.pdf"))


def test_nobody_missing_is_a_page_that_says_so(program, folder):
    opened(program, folder)
    who = ask(program, "round", "missing", "--area", "1-1-2", "--store", "a.db", folder=folder)["people"][0]["id"]
    call(program, "round", "decide", who, "--as", "left", "--evidence", "已回乡", "--store", "a.db", folder=folder)
    assert paper(program, folder, "missing", "m.pdf", "--area", "1-1-2", "--lang", "zh")["people"] == 0
    (page,) = pages(folder, "m.pdf")
    assert "1-1-2 东明巷二号" in page and "没有未检的人" in page


def test_the_same_night_gives_the_same_bytes(program, folder):
    opened(program, folder)
    for name in ("a.pdf", "b.pdf"):
        paper(program, folder, "missing", name)
    read = lambda name: open(os.path.join(folder, name), "rb").read()
    assert read("a.pdf") == read("b.pdf")
    done = subprocess.run([program, "paper", "missing", "--out", "-", "--store", "a.db", "--at", NIGHT], cwd=folder, capture_output=True, env={**os.environ, "LANG": "C.UTF-8"})
    assert done.returncode == 0 and done.stdout.startswith(b"%PDF-") and done.stdout.rstrip().endswith(b"%%EOF"), done.stderr


def test_the_sampling_register_has_its_columns_and_who_is_owed(program, folder):
    opened(program, folder)
    for lang in ("zh", "en"):
        assert paper(program, folder, "round", "r.xlsx", "--lang", lang)["people"] == 6
        ((title, rows),) = workbook(folder, "r.xlsx")
        header = rows[1]
        assert list(header.values()) == columns("round", lang)
        people = named(rows[2:], header)
        name, document = columns("round", lang)[7:9]
        assert [p.get(name) for p in people] == ["周*", "林*强", "陈*英", "欧**娜", "买*****逊", "囧*"], people
        assert people[1][document].endswith(DOCS["林志强"][-4:]) and "*" in people[1][document]
        assert [p[columns("round", lang)[0]] for p in people] == [1, 2, 3, 4, 5, 6]
    assert title == "sampling register" and "2022-04-09 20:30" in rows[0]["A"]


def test_the_ledger_has_the_handbooks_columns(program, folder):
    opened(program, folder)
    assert paper(program, folder, "ledger", "l.xlsx", "--lang", "zh")["people"] == 7
    ((title, rows),) = workbook(folder, "l.xlsx")
    assert title == "网格台账" and len(rows[1]) == 31 and list(rows[1].values()) == columns("ledger", "zh")
    lin, chen = named(rows[2:], rows[1])[1:3]
    assert lin["姓名"] == "林*强" and lin["户主"] == chen["户主"] == "林*强" and chen["与户主关系"] == "配偶"
    assert (lin["网格"], lin["小组"], lin["楼栋编号"], lin["门牌"], lin["楼层房号"]) == ("1", "1-1", "1-1-1", "东片12号", "302")
    assert lin["特殊类别"] == lin["用药需求"] == lin["工作单位"] == "＊" and lin["年龄"] == 32 and lin["性别"] == "男" and lin["证件类型"] == "居民身份证"
    assert not {"疫苗", "民族", "房东"} & set(lin) and "用药需求" not in chen
    paper(program, folder, "ledger", "l.xlsx", "--lang", "zh", "--reveal", "--reason", "核对")
    ((_, rows),) = workbook(folder, "l.xlsx")
    lin = named(rows[2:], rows[1])[1]
    assert lin["姓名"] == "林志强" and lin["证件号"] == DOCS["林志强"] and lin["用药需求"] == "降压药" and lin["手机"] == "13812345678"


def test_the_closing_list_adds_up(program, folder):
    opened(program, folder)
    call(program, "round", "close", "--carry", "转入第二轮", "--store", "a.db", "--at", "2022-04-09T20:00:00+08:00", folder=folder)
    assert paper(program, folder, "closing", "c.xlsx", "--lang", "zh", "--round", "1")["people"] == 7
    (totals, sums), (_, rows) = workbook(folder, "c.xlsx")
    assert totals == "分区汇总" and "已结束" in sums[0]["A"]
    by_area = {r["区域"].strip(): r for r in named(sums[2:], sums[1])}
    assert set(by_area) == {"合计", "1", "1-1"}, by_area
    for r in by_area.values():
        assert r["底册"] == r["底册中已检"] + r["底册中未检"] + r["免检"] == 7
        assert r["应检"] == r["底册"] - r["免检"] + r["补录"] + r["新到"] == r["已检"] + r["未检"] == 6
        assert all(r[c].endswith("✓") for c in ("底册=已检+未检+免检", "应检=底册-免检+补录+新到", "应检=已检+未检"))
    people = {p.get("姓名"): p for p in named(rows[1:], rows[0])}
    assert (people["王*明"]["结果"], people["王*明"]["免检原因"], people["王*明"]["依据"], people["王*明"]["决定"]) == ("免检", "豁免", "48小时内接种", "免检")
    assert (people["林*强"]["结果"], people["林*强"]["决定"], people["林*强"]["依据"], people["林*强"]["列入方式"]) == ("未检", "转入下一轮", "转入第二轮", "底册")
    assert people["囧*"]["依据"] == "次日补采"
    assert paper(program, folder, "closing", "c.xlsx", "--area", "1-1-2")["people"] == 2
    (_, sums), _ = workbook(folder, "c.xlsx")
    assert [r["A"].strip() for r in sums[2:]] == ["1-1-2"]


def test_a_played_round_adds_up_on_paper_too(program, folder):
    store = ["--store", "a.db"]
    call(program, "simulate", "village", "--people", "400", "--seed", "5", "--dir", "v", folder=folder)
    call(program, "init", "--name", "村", "--synthetic", *store, "--at", "2022-04-08T07:30:00+08:00", folder=folder)
    call(program, "import", "map", "v/map.geojson", *store, "--at", "2022-04-08T07:40:00+08:00", folder=folder)
    call(program, "import", "list", "--as", "household", "v/households.xlsx", *store, "--at", "2022-04-08T09:00:00+08:00", folder=folder)
    call(program, "round", "open", *store, "--freeze", "2022-04-09T05:00:00+08:00", "--at", "2022-04-09T05:00:00+08:00", folder=folder)
    call(program, "simulate", "round", "--people", "400", "--seed", "5", "--dir", "v", *store, folder=folder)
    status = ask(program, "round", "status", *store, folder=folder)
    assert status["found"] > 0 and status["excused"] > 0 and status["missing"] > 0, status
    paper(program, folder, "closing", "c.xlsx", "--lang", "zh")
    (_, sums), (_, rows) = workbook(folder, "c.xlsx")
    whole, people = named(sums[2:], sums[1])[0], named(rows[1:], rows[0])
    for header, key in (("底册", "roster"), ("免检", "excused"), ("补录", "found"), ("新到", "arrived"), ("应检", "owed"), ("已检", "covered"), ("未检", "missing")):
        assert whole[header] == status[key], (header, whole, status)
    count = lambda **want: sum(all(p.get(k) == v for k, v in want.items()) for p in people)
    assert count(结果="已检") == status["covered"] and count(结果="未检") == status["missing"] and count(列入方式="底册") == status["roster"]
    assert count(列入方式="底册", 结果="已检") == whole["底册中已检"] and count(列入方式="底册", 结果="免检") == status["excused"]
    assert "✗" not in json.dumps(sums, ensure_ascii=False)
    assert paper(program, folder, "round", "r.xlsx")["people"] == status["owed"]
    assert paper(program, folder, "missing", "m.pdf", "--lang", "zh")["people"] == status["missing"]
    text = pages(folder, "m.pdf")
    assert sum(len(re.findall(r"＊ ", page)) for page in text) == status["missing"], text
