"""spec/settings.json -> settings_gen.h (their numbers) and settings_gen.inc (their table)."""
import json
import sys


def c_text(text):
    return "NULL" if text is None else json.dumps(text, ensure_ascii=False)


def main(spec, header, table):
    settings = json.load(open(spec, encoding="utf-8"))["settings"]
    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/settings.json. */\n#ifndef SETTINGS_GEN_H\n#define SETTINGS_GEN_H\n\nenum settings_name {\n")
        for s in settings:
            out.write(f"    SETTINGS_NAME_{s['name'].upper()}, /* {s['en']} */\n")
        out.write("    SETTINGS_COUNT\n};\n\n#endif\n")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/settings.json. */\n")
        for s in settings:
            if "choices" in s:
                out.write(f"static const char *const settings_{s['name']}_choices[] = {{{', '.join(map(c_text, s['choices']))}, NULL}};\n")
        out.write("const struct settings_row settings_all[SETTINGS_COUNT] = {\n")
        for s in settings:
            choices = f"settings_{s['name']}_choices" if "choices" in s else "NULL"
            out.write(f"    {{{c_text(s['name'])}, {c_text(s['env'])}, {c_text(s['default'] or None)}, SETTINGS_{s['type'].upper()}, {s.get('min', 0)}, {s.get('most', 0)}, "
                      f"{choices}, {str(s.get('file', True)).lower()}, {str(s.get('reload', False)).lower()}, {{{c_text(s['zh'])}, {c_text(s['en'])}}}}},\n")
        out.write("};\n")


main(*sys.argv[1:])
