"""Lists in the formats people send: what a spreadsheet does to them, and what the register makes of it."""
import os

from sheets import ods, xls, xlsx
from test_lists import site, take, write
from tool import ask, call

HEAD = ["楼栋编号", "楼层房号", "姓名", "证件号", "手机"]
ROWS = [["1-1-1", "0301", "林志强", "350599199001010017", "13812345678"], ["1-1-1", "0302", "欧阳·娜娜", "350599199202020028", "13900001111"]]


def found(program, folder, text, *more):
    return ask(program, "person", "find", text, "--store", "a.db", *more, folder=folder)["people"]


def revealed(program, folder, text):
    return found(program, folder, text, "--reveal", "--reason", "测试")[0]


def troubles(result):
    return [(t["row"], t["field"], t["text"]) for t in result["troubles"]]


def test_one_list_in_every_format(program, folder):
    site(program, folder)
    write(folder, "a.csv", "\n".join(",".join(row) for row in [HEAD] + ROWS))
    xlsx(os.path.join(folder, "a.xlsx"), [HEAD] + ROWS)
    ods(os.path.join(folder, "a.ods"), [HEAD] + ROWS)
    xls(os.path.join(folder, "a.xls"), [HEAD] + ROWS)
    assert take(program, folder, "a.csv")["fresh"] == 2
    for name in ("a.xlsx", "a.ods", "a.xls"):
        again = take(program, folder, name)
        assert (again["already"] or again["seen"] == 2) and again["fresh"] == 0 and again["matched"] == 0, (name, again)


def test_zeros_and_digits_survive(program, folder):
    site(program, folder)
    xlsx(os.path.join(folder, "a.xlsx"), [HEAD, ["1-1-1", ("", "0301"), "林志强", ('t="str"', "350599199001010017"), ("", "13812345678")],
                                          ["1-1-1", ('t="str"', "0302"), "陈秀英", ("", "350599900101001"), ("", "1.3900001111E10")],
                                          ["1-1-1", "0303", "王小明", ("", "3.5059919900101E+17"), None]])
    result = take(program, folder, "a.xlsx", "--lang", "en")
    assert result["fresh"] == 3 and result["bad_documents"] >= 1, result
    assert any(row == 4 and field == "doc" for row, field, _ in troubles(result)), result
    assert "301" in found(program, folder, "林志强")[0]["place"]
    assert found(program, folder, "陈秀英")[0]["phone"].endswith("1111")
    # A number that has lost digits is nobody's key: two people with the same one stay two.
    xlsx(os.path.join(folder, "b.xlsx"), [HEAD, ["1-1-2", "0101", "赵四", ("", "3.5059919900101E+17"), None]])
    assert take(program, folder, "b.xlsx")["fresh"] == 1


def test_cells_that_say_nothing_are_told(program, folder):
    site(program, folder)
    rows = [HEAD + ["民族", "备注"], ["1-1-1", "301", "林志强", "", ("", "13812345678"), "汉", ('t="e"', "#N/A")], [None],
            ["1-1-1", "302", ('t="e"', "#REF!"), None, None, None, None], ["1-1-1", "303", "王小明", None, None, None, "长" * 500]]
    xlsx(os.path.join(folder, "a.xlsx"), rows)
    result = take(program, folder, "a.xlsx", "--lang", "zh")
    said = troubles(result)
    assert result["fresh"] == 2 and result["empty"] == 1, result
    assert said[0] == (1, "", "这些列没有导入：民族"), said
    assert (2, "note", "表格公式出错，当作空白") in said and any(row == 5 and "note" in text and "999" in text for row, _, text in said), said
    assert all("�" not in text for _, _, text in said)


def test_rows_are_numbered_as_a_spreadsheet_shows_them(program, folder):
    site(program, folder)
    bad = "35059919900101001"
    write(folder, "a.csv", f'楼栋编号,房号,姓名,证件号,备注\n\n1-1-1,301,林志强,{bad},"两\n行"\n\r\n1-1-1,302,王小明,{bad}1,\n\n\n,,,,\n1-1-1,303,赵四,{bad}2,\n', "gb18030")
    assert [row for row, field, _ in troubles(take(program, folder, "a.csv")) if field == "doc"] == [3, 5, 9]
    xlsx(os.path.join(folder, "a.xlsx"), [HEAD, [None], ["1-1-1", "401", "孙七", bad, None], [None], ["1-1-1", "402", "周八", bad, None]])
    assert [row for row, field, _ in troubles(take(program, folder, "a.xlsx")) if field == "doc"] == [3, 5]


def test_dates_as_people_write_them(program, folder):
    site(program, folder)
    head = HEAD + ["出生日期", "入住时间", "搬离时间", "是否在家", "去向", "用药需求", "健康状况"]
    rows = [head, ["1-1-1", "301", "林志强", None, None, ('s="1"', "32874"), ('s="2"', "44659.375"), None, "否", "福州", "二甲双胍", "糖尿病"],
            ["1-1-1", "302", "陈秀英", None, None, "1992年2月2日", "2021.3.1", "2022/4/1", None, None, None, None],
            ["1-1-1", "303", "王小明", None, None, "1993-05", "不详", "2099-01-01", "是", "上海", None, None]]
    xlsx(os.path.join(folder, "a.xlsx"), rows)
    result = take(program, folder, "a.xlsx", "--at", "2022-04-10T08:00:00+08:00")
    assert [(row, field) for row, field, _ in troubles(result)] == [(4, "birth"), (4, "moved_in"), (4, "moved_out")], result
    one, gone, odd = (revealed(program, folder, name) for name in ("林志强", "陈秀英", "王小明"))
    assert one["birth"] == "19900101" and gone["birth"] == "19920202" and odd["birth"] == "1993-05", (one, gone, odd)
    assert (one["away"], one["medicine"], one["health"]) == ("福州", "二甲双胍", "糖尿病") and odd["away"] == "", (one, odd)
    # She has left: no round owes her.
    opened = ask(program, "round", "open", "--kind", "pcr", "--store", "a.db", "--at", "2022-04-10T09:00:00+08:00", folder=folder)
    assert opened["owed"] == 2, opened
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0


def test_blocks_written_once(program, folder):
    site(program, folder)
    rows = [["洋埭村房屋出租登记表"], [None], ["楼栋编号", "房号", "房东", "租客姓名"],
            ["1-1-1", "301", "吴房东", "林志强"], [None, None, None, "陈秀英"], [None, "302", None, "王小明"], ["1-1-2", "101", None, "赵四"]]
    xlsx(os.path.join(folder, "a.xlsx"), rows, merges=("A1:D1", "A4:A6", "B4:B5", "C4:C6"))
    result = ask(program, "import", "list", "--as", "landlord", "a.xlsx", "--store", "a.db", folder=folder)
    assert (result["fresh"], result["placeless"]) == (4, 0), result
    assert "1-1-1" in found(program, folder, "陈秀英")[0]["place"] and "302" in found(program, folder, "王小明")[0]["place"]


def test_what_cannot_be_read_says_what_to_do(program, folder):
    site(program, folder)
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    for name, content, word in (("old.xls", container + "Book".encode("utf-16-le") + b"\0" * 3000, "1997"),
                                ("locked.xlsx", container + "EncryptedPackage".encode("utf-16-le") + b"\0" * 3000, "password")):
        open(os.path.join(folder, name), "wb").write(content)
        error = call(program, "import", "list", "--as", "household", name, "--store", "a.db", "--lang", "en", status=1, folder=folder).stderr
        assert name in error and word in error, error
    bomb = os.path.join(folder, "bomb.xlsx")
    xlsx(bomb, [HEAD, ["1-1-1", "301", "A" * 30_000_000, None, None]])
    assert os.path.getsize(bomb) < 200_000
    error = call(program, "import", "list", "--as", "household", "bomb.xlsx", "--store", "a.db", status=1, folder=folder).stderr
    assert "bomb.xlsx" in error and "台账" in error and "C" in error, error
