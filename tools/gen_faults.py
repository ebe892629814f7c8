"""spec/faults.json -> faults_gen.h (ways of failing, operations) and faults_gen.inc (what each way does)."""
import json
import sys

OPERATIONS = ["begin", "run", "alone", "ask", "commit", "value"]


def c_string(text):
    return json.dumps(text, ensure_ascii=False)


def main(spec, header, table):
    faults = json.load(open(spec, encoding="utf-8"))["faults"]
    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/faults.json. */\n#ifndef FAULTS_GEN_H\n#define FAULTS_GEN_H\n\nenum faulty_how {\n")
        for fault in faults:
            out.write(f"    FAULTY_{fault['name'].upper()}, /* {fault['en']} */\n")
        out.write("    FAULTY_COUNT\n};\n\nenum faulty_operation { ")
        out.write(", ".join(f"FAULTY_AT_{name.upper()}" for name in OPERATIONS) + " };\n\n#endif\n")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/faults.json. */\n")
        for fault in faults:
            strikes = " | ".join(f"1u << FAULTY_AT_{OPERATIONS[OPERATIONS.index(name)].upper()}" for name in fault["strikes"])
            error = "DW_E_" + fault["error"] if fault["error"] else "DW_OK"
            out.write(f"[FAULTY_{fault['name'].upper()}] = {{\"{fault['name']}\", {strikes}, {error}, "
                      f"{{{c_string(fault['zh'])}, {c_string(fault['en'])}}}}},\n")


main(*sys.argv[1:])
