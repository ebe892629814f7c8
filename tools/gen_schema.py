"""schema/*.sql -> schema_gen.inc: the migrations as C strings for SQLite, in number order."""
import json
import os
import sys


def main(table, *files):
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Made from schema/. */\n")
        for path in sorted(files):
            name = os.path.basename(path)
            if name[:4].isdigit():
                text = open(path, encoding="utf-8").read().replace(") /* narrow */;", ") WITHOUT ROWID;")
                lines = "\n    ".join(json.dumps(line + "\n", ensure_ascii=False) for line in text.splitlines())
                out.write(f'{{{int(name[:4])}, "{name}",\n    {lines}}},\n')


main(*sys.argv[1:])
