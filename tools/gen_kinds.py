"""spec/kinds.json -> kinds_gen.h (enums of kinds, fields and values) and kinds_gen.inc (their tables)."""
import json
import sys

TYPES = {"id", "text", "int", "bool", "time", "enum", "list"}


def c_name(*words):
    return "_".join(["KINDS", *words]).replace(".", "_").upper()


def c_text(text):
    return json.dumps(text, ensure_ascii=False)


def field_row(field, items):
    kind = field["type"].rstrip("?")
    assert kind in TYPES, f"unknown type {field['type']}"
    required = "false" if field["type"].endswith("?") else "true"
    values = f"kinds_{field['enum']}_texts, {c_name(field['enum'], 'COUNT')}" if kind == "enum" else "NULL, 0"
    item = f"{items}, {len(field['item'])}" if kind == "list" else "NULL, 0"
    personal = "true" if field.get("personal") else "false"
    place = "true" if field.get("place") else "false"
    assert place == "false" or kind == "id", field["name"]
    return f"{{{c_text(field['name'])}, KINDS_TYPE_{kind.upper()}, {required}, {personal}, {place}, {field.get('max', 0)}, {values}, {item}}},"


def write_header(spec, out):
    out.write("/* Made from spec/kinds.json. */\n#ifndef KINDS_GEN_H\n#define KINDS_GEN_H\n\n")
    for name, values in spec["enums"].items():
        rows = ", ".join(c_name(name, value) for value in values)
        out.write(f"enum kinds_{name} {{ {rows}, {c_name(name, 'COUNT')} }};\n")
    out.write("\nenum kinds_kind {\n")
    for kind in spec["kinds"]:
        out.write(f"    {c_name(kind['kind'])}, /* {kind['en']} */\n")
    out.write("    KINDS_COUNT\n};\n\n")
    most = 0
    for kind in spec["kinds"]:
        most = max(most, len(kind["fields"]))
        rows = ", ".join(c_name(kind["kind"], field["name"]) for field in kind["fields"])
        out.write(f"enum {{ {rows} }};\n")
        for field in kind["fields"]:
            if "item" in field:
                rows = ", ".join(c_name(kind["kind"], field["name"], item["name"]) for item in field["item"])
                out.write(f"enum {{ {rows} }};\n")
                most = max(most, len(field["item"]))
    out.write(f"\nenum {{ KINDS_FIELDS_MAX = {most} }};\n\n")
    for name in spec["enums"]:
        out.write(f"extern const char *const kinds_{name}_texts[{c_name(name, 'COUNT')}];\n")
    out.write("\n#endif\n")


def write_table(spec, out):
    out.write("/* Made from spec/kinds.json. */\n")
    for name, values in spec["enums"].items():
        rows = ", ".join(c_text(value) for value in values)
        out.write(f"const char *const kinds_{name}_texts[{c_name(name, 'COUNT')}] = {{{rows}}};\n")
    for kind in spec["kinds"]:
        base = "kinds_" + kind["kind"].replace(".", "_")
        for field in kind["fields"]:
            if "item" in field:
                out.write(f"static const struct kinds_field {base}_{field['name']}_items[] = {{\n")
                out.write("".join(f"    {field_row(item, '')}\n" for item in field["item"]) + "};\n")
        out.write(f"static const struct kinds_field {base}_fields[] = {{\n")
        out.write("".join(f"    {field_row(field, base + '_' + field['name'] + '_items')}\n" for field in kind["fields"]) + "};\n")
    out.write("static const struct kinds_spec kinds_specs[KINDS_COUNT] = {\n")
    for kind in spec["kinds"]:
        base = "kinds_" + kind["kind"].replace(".", "_")
        office = "true" if kind["made"] == "office" else "false"
        out.write(f"    {{{c_text(kind['kind'])}, {office}, {{{c_text(kind['zh'])}, {c_text(kind['en'])}}}, "
                  f"{base}_fields, {len(kind['fields'])}}},\n")
    out.write("};\n")


def main(path, header, table):
    spec = json.load(open(path, encoding="utf-8"))
    with open(header, "w", encoding="utf-8") as out:
        write_header(spec, out)
    with open(table, "w", encoding="utf-8") as out:
        write_table(spec, out)


main(*sys.argv[1:])
