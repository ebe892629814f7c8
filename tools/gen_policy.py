"""policy/*.json -> policy_gen.inc: the kinds of rounds that the packs describe, their forms and measures."""
import json
import sys

OPERATIONS = {"one": 0, "forms": 1, "sum": 2, "count": 3}


def text(value):
    return json.dumps(value, ensure_ascii=False)


def term(words, fields):
    """'sum containers', 'count reading=positive', 'forms door', 'one' as C."""
    operation, _, rest = words.partition(" ")
    assert operation in OPERATIONS, words
    name, _, value = rest.partition("=")
    if operation in ("sum", "count"):
        assert name in [field["name"] for field in fields], f"{words}: no such field"
    if operation == "forms":
        assert name in ("door", "person"), words
    return f"{{{OPERATIONS[operation]}, {text(name)}, {text(value)}}}"


def main(out_path, *packs):
    rounds = []
    for path in sorted(packs):
        pack = json.load(open(path, encoding="utf-8"))
        rounds += [(pack, of) for of in pack["rounds"]]
    kinds = [of["kind"] for _, of in rounds]
    assert len(kinds) == len(set(kinds)), "two packs describe one kind of round"
    with open(out_path, "w", encoding="utf-8") as out:
        out.write("/* Made from policy/. */\n")
        for _, of in rounds:
            kind = of["kind"]
            for field in of["fields"]:
                if field["type"] == "choice":
                    out.write(f"static const char *const policy_{kind}_{field['name']}[] = {{{', '.join(map(text, field['choices']))}, NULL}};\n")
            out.write(f"static const struct policy_field policy_{kind}_fields[] = {{\n")
            for field in of["fields"]:
                choices = f"policy_{kind}_{field['name']}" if field["type"] == "choice" else "NULL"
                out.write(f"    {{{text(field['name'])}, POLICY_{field['type'].upper()}, POLICY_{field['of'].upper()}, {str(field.get('required', False)).lower()}, "
                          f"{str(field.get('after_close', False)).lower()}, {choices}, {{{text(field['zh'])}, {text(field['en'])}}}}},\n")
            out.write("    {NULL, POLICY_TEXT, POLICY_DOOR, false, false, NULL, {NULL, NULL}}};\n")
            out.write(f"static const struct policy_measure policy_{kind}_measures[] = {{\n")
            for measure in of["measures"]:
                out.write(f"    {{{text(measure['name'])}, {{{text(measure['zh'])}, {text(measure['en'])}}}, {term(measure['top'], of['fields'])}, "
                          f"{term(measure['under'], of['fields'])}, {measure['times']}}},\n")
            out.write("    {NULL, {NULL, NULL}, {0, NULL, NULL}, {0, NULL, NULL}, 0}};\n")
        out.write("static const struct policy_round policy_rounds[KINDS_ROUND_KIND_COUNT] = {\n")
        for pack, of in rounds:
            capacities = (of.get("capacities", []) + [0] * 8)[:8]
            out.write(f"    [KINDS_ROUND_KIND_{of['kind'].upper()}] = {{{text(pack['pack'])}, {{{text(of['zh'])}, {text(of['en'])}}}, "
                      f"{{{', '.join(map(str, capacities))}}}, {of.get('capacity', 0)}, {of.get('transport_hours', 0)}, {of.get('result_hours', 0)}, {of.get('retests', 0)}, {of.get('hours', 0)}, "
                      f"policy_{of['kind']}_fields, policy_{of['kind']}_measures}},\n")
        out.write("};\n")


main(*sys.argv[1:])
