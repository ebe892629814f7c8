"""spec/roles.json, spec/kinds.json -> roles_gen.h (abilities) and roles_gen.inc (what each role may do, and which abilities making and reading an entry kind ask for)."""
import json
import sys


def c_text(text):
    return json.dumps(text, ensure_ascii=False)


def may_name(may):
    return "ROLES_" + may.replace(".", "_").upper()


def main(roles, kinds, header, table):
    spec = json.load(open(roles, encoding="utf-8"))
    entries = json.load(open(kinds, encoding="utf-8"))
    all_may = [a["may"] for a in spec["abilities"]]
    assert len(all_may) <= 64 and len(set(all_may)) == len(all_may)
    assert [r["role"] for r in spec["roles"]] == entries["enums"]["role"], "spec/kinds.json: enum role"
    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/roles.json. */\n#ifndef ROLES_GEN_H\n#define ROLES_GEN_H\n\nenum roles_may {\n")
        for ability in spec["abilities"]:
            out.write(f"    {may_name(ability['may'])}, /* {ability['en']} */\n")
        out.write("    ROLES_MAY_COUNT\n};\n\n#endif\n")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/roles.json. */\n")
        rows = "".join(f"    {{{c_text(a['may'])}, {{{c_text(a['zh'])}, {c_text(a['en'])}}}}},\n" for a in spec["abilities"])
        out.write(f"static const struct roles_ability roles_abilities[ROLES_MAY_COUNT] = {{\n{rows}}};\n")
        rows = ""
        for role in spec["roles"]:
            may = all_may if role["may"] == ["*"] else role["may"]
            assert set(may) <= set(all_may), role["role"]
            bits = " | ".join(f"1ull << {may_name(m)}" for m in may)
            rows += f"    {{{{{c_text(role['zh'])}, {c_text(role['en'])}}}, {bits}}},\n"
        out.write(f"static const struct roles_role roles_roles[KINDS_ROLE_COUNT] = {{\n{rows}}};\n")
        rows = ""
        for kind in entries["kinds"]:
            may = kind.get("may")
            assert (kind["made"] == "office") == (may is None), f"{kind['kind']}: field kinds name the ability they ask for, office kinds none"
            assert may is None or may in all_may, kind["kind"]
            rows += f"    {may_name(may) if may else '-1'}, /* {kind['kind']} */\n"
        out.write(f"static const int8_t roles_kinds[KINDS_COUNT] = {{\n{rows}}};\n")
        rows = ""
        for kind in entries["kinds"]:
            assert kind["read"] == "all" or kind["read"] in all_may, kind["kind"]
            rows += f"    {'-1' if kind['read'] == 'all' else may_name(kind['read'])}, /* {kind['kind']} */\n"
        out.write(f"static const int8_t roles_reads[KINDS_COUNT] = {{\n{rows}}};\n")


main(*sys.argv[1:])
