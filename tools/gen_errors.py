"""spec/errors.json -> errors_gen.h (the dw_err codes) and errors_gen.inc (their texts)."""
import json
import sys


def c_string(text):
    return json.dumps(text, ensure_ascii=False)


def main(spec, header, table):
    errors = json.load(open(spec, encoding="utf-8"))["errors"]
    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/errors.json. */\n#ifndef ERRORS_GEN_H\n#define ERRORS_GEN_H\n\n")
        out.write("typedef enum dw_err {\n    DW_OK = 0,\n")
        for error in errors:
            out.write(f"    DW_E_{error['code']}, /* {error['en']} */\n")
        out.write("    DW_E_COUNT\n} dw_err;\n\n#endif\n")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/errors.json. */\n")
        for error in errors:
            texts = ", ".join(c_string(error[key]) for key in ("zh", "en", "fix_zh", "fix_en"))
            out.write(f"[DW_E_{error['code']}] = {{\"{error['code']}\", {error.get('exit', 1)}, {error['http']}, {{{texts}}}}},\n")


main(*sys.argv[1:])
