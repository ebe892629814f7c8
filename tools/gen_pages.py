"""src/http/pages/* -> pages_gen.inc: the built-in pages as texts of C."""
import os
import sys


def c_bytes(data):
    return '"' + "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in data) + '"'


def main(table, *files):
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Made from src/http/pages/. */\n")
        for path in files:
            name, data = os.path.basename(path).replace(".", "_"), open(path, "rb").read()
            out.write(f"static const char pages_{name}[] =\n")
            out.write("".join(f"    {c_bytes(data[at:at + 120])}\n" for at in range(0, len(data), 120)))
            out.write(";\n")


main(*sys.argv[1:])
