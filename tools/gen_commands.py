"""spec/commands.json, spec/settings.json -> commands_gen.h, commands_gen.inc: the tables the command line is read and explained by."""
import json
import sys

from spec_options import expand


def c_text(text):
    return "NULL" if text is None else json.dumps(text, ensure_ascii=False)


def option_row(option, settings, base):
    setting = "SETTINGS_NAME_" + option["setting"].upper() if "setting" in option else "-1"
    fallback = option.get("default")
    choices = f"{base}_{option['name'].replace('-', '_')}_choices" if "choices" in option else "NULL"
    return (f"    {{{c_text(option['name'])}, {c_text(option.get('value', ''))}, CLI_{option['type'].upper()}, "
            f"{str(option.get('required', False)).lower()}, {c_text(fallback)}, {setting}, {choices}, "
            f"{{{c_text(option['zh'])}, {c_text(option['en'])}}}}},\n")


def write_options(out, options, settings, base, static="static "):
    for option in options:
        if "choices" in option:
            values = ", ".join(c_text(choice) for choice in option["choices"])
            out.write(f"static const char *const {base}_{option['name'].replace('-', '_')}_choices[] = {{{values}, NULL}};\n")
    rows = "".join(option_row(option, settings, base) for option in options)
    out.write(f"{static}const struct cli_option {base}[] = {{\n{rows or '    {0},'}}};\n")


def write_command(out, command, settings):
    base = "commands_" + command["words"].replace(" ", "_")
    write_options(out, command["options"], settings, base + "_options")
    rows = "".join(f"    {{{c_text(o['name'])}, {str(o['required']).lower()}, {str(o['many']).lower()}, "
                   f"{{{c_text(o['zh'])}, {c_text(o['en'])}}}}},\n" for o in command["operands"])
    out.write(f"static const struct cli_operand {base}_operands[] = {{\n{rows or '    {0},'}}};\n")
    examples = ", ".join(c_text(example) for example in command["examples"] + [None])
    out.write(f"static const char *const {base}_examples[] = {{{examples}}};\n")
    function = "cmd_" + command["words"].replace(" ", "_")
    return (f"    {{{c_text(command['words'])}, {{{c_text(command['zh'])}, {c_text(command['en'])}}}, {base}_options, "
            f"{len(command['options'])}, {base}_operands, {len(command['operands'])}, {base}_examples, {function}}},\n")


def main(commands_path, settings_path, header, table):
    settings = json.load(open(settings_path, encoding="utf-8"))["settings"]
    spec = expand(json.load(open(commands_path, encoding="utf-8")), settings)
    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/commands.json. */\n#ifndef COMMANDS_GEN_H\n#define COMMANDS_GEN_H\n\n#include \"cli/cli.h\"\n\n")
        for command in spec["commands"]:
            out.write(f"dw_err cmd_{command['words'].replace(' ', '_')}(struct cli *cli);\n")
        out.write("\n#endif\n")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/commands.json. */\n")
        write_options(out, spec["globals"], settings, "commands_globals", "")
        most = max(len(command["options"]) for command in spec["commands"]) + len(spec["globals"])
        out.write(f'_Static_assert({most} <= CLI_OPTIONS, "a command with its global options");\n')
        out.write(f"const int commands_global_count = {len(spec['globals'])};\n")
        rows = "".join(write_command(out, command, settings) for command in spec["commands"])
        out.write(f"const struct cli_command commands_all[] = {{\n{rows}}};\n")
        out.write(f"const int commands_count = {len(spec['commands'])};\n")


main(*sys.argv[1:])
