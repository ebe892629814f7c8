"""spec/area_codes.csv -> areacodes_gen.inc: rows of area codes sorted by code, with the years they were in use (0: still)."""
import csv
import json
import sys


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            code, since, until = row["code"], int(row["from_year"]), int(row["to_year"] or 0)
            good = len(code) == 6 and code.isdigit() and row["name"] and 1949 <= since and (until == 0 or since <= until)
            if not good:
                sys.exit(f"{path}: row {number}: {row}")
            yield int(code), row["name"], since, until


def main(table, target):
    places = sorted(rows(table))
    known = {code for code, *_ in places}
    for code, name, *_ in places:
        if code // 10000 * 10000 not in known:
            sys.exit(f"{table}: {code} {name} stands in no province")
    with open(target, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/area_codes.csv. */\n")
        for code, name, since, until in places:
            out.write(f"{{{code}, {since}, {until}, {json.dumps(name, ensure_ascii=False)}}},\n")


main(*sys.argv[1:])
