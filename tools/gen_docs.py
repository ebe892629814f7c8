#!/usr/bin/env python3
"""spec/ -> docs/commands.md, docs/errors.md, docs/entries.md, docs/papers.md, docs/settings.md, packaging/doorward.1, packaging/doorward.conf and shell completions. --check: fails when what
stands there is not what would be written."""
import json
import os
import sys

from spec_options import expand

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOTE = "made from spec/ by tools/gen_docs.py"


def spec(name):
    return json.load(open(os.path.join(ROOT, "spec", name), encoding="utf-8"))


def commands():
    return expand(spec("commands.json"), spec("settings.json")["settings"])


def default_of(option):
    return option.get("default", "")


def type_of(setting):
    """What may stand there, in a word or two."""
    if setting["type"] == "choice":
        return " ".join(f"`{c}`" for c in setting["choices"])
    if setting["type"] == "int":
        return f"{setting['min']} to {setting['most']}"
    return {"bool": "`yes` `no`", "duration": "`30m` `12h` `7d`", "address": "`ADDRESS:PORT`"}.get(setting["type"], setting["type"])


def settings_md():
    data = spec("settings.json")
    out = f"# Settings 设置\n\n<!-- {NOTE} -->\nAn option goes before the variable of the environment, that before the configuration file, that before the default. "
    out += "选项优先于环境变量，环境变量优先于配置文件，都没有时用默认值。\n\nThe file is `/etc/doorward.conf` or the one of `--config FILE`: lines of `name = value`, `#` begins a line that says nothing. "
    out += "A mistake in it is told with file, line and name. `doorward doctor` looks at all of it.\nOn SIGHUP (`systemctl reload doorward`) `serve` reads the file again and takes over what is marked ↻.\n\n"
    out += "| Setting | Variable | Type | Default | 说明 | Meaning |\n|---|---|---|---|---|---|\n"
    for s in data["settings"]:
        name = f"`{s['name']}`" + (" ↻" if s.get("reload") else "") + ("" if s.get("file", True) else " (not in the file)")
        out += f"| {name} | `{s['env']}` | {type_of(s)} | {'`' + s['default'] + '`' if s['default'] else ''} | {s['zh']} | {s['en']} |\n".replace("zh|en", "zh\\|en")
    return out


def conf_example():
    out = f"# doorward: the configuration file 配置文件 ({NOTE})\n# name = value 名称 = 值; docs/settings.md, man doorward, doorward doctor\n"
    for s in spec("settings.json")["settings"]:
        if s.get("file", True):
            out += f"\n# {s['en']}\n# {s['zh']}\n# {s['name']} = {s['default']}".rstrip() + "\n"
    return out


def usage(command):
    words = ["doorward", command["words"]] + (["[OPTIONS]"] if command["options"] else [])
    for operand in command["operands"]:
        words.append((operand["name"] if operand["required"] else f"[{operand['name']}]") + ("..." if operand["many"] else ""))
    return " ".join(words)


def option_name(option):
    return f"--{option['name']}" + (f" {option['value']}" if option.get("value") else "")


def option_rows(options):
    rows = "".join(f"| `{option_name(o)}` | {o['zh']} | {o['en']} | {('`' + default_of(o) + '`') if default_of(o) else ''} |\n".replace("zh|en", "zh\\|en") for o in options)
    return "| Option | 说明 | Meaning | Default |\n|---|---|---|---|\n" + rows + "\n" if options else ""


def commands_md():
    data = commands()
    out = f"# Commands 命令\n\n<!-- {NOTE} -->\nExit status: 0 done, 1 failed, 2 wrong usage. Errors go to standard error; with `--json` as one object.\n\n## Common options\n\n"
    out += option_rows(data["globals"])
    for command in data["commands"]:
        out += f"## {command['words']}\n\n{command['zh']}. {command['en'][0].upper() + command['en'][1:]}.\n\n`{usage(command)}`\n\n"
        out += option_rows(command["options"])
        out += "```\n" + "\n".join(command["examples"]) + "\n```\n\n"
    return out.rstrip("\n") + "\n"


def errors_md():
    data = spec("errors.json")
    rows = "".join(f"| E_{e['code']} | {e['zh']} | {e['en']} | {e['fix_zh']} | {e['fix_en']} |\n" for e in data["errors"])
    return f"# Errors 错误\n\n<!-- {NOTE} -->\n| Code | 含义 | Meaning | 怎么办 | What to do |\n|---|---|---|---|---|\n{rows}"


def entries_md():
    data = spec("kinds.json")
    out = f"# Entries 台账条目\n\n<!-- {NOTE} -->\n{data['_about']}\n\n"
    for kind in data["kinds"]:
        out += f"## {kind['kind']}\n\n{kind['zh']} ({kind['en']}); made: {kind['made']}.\n\n"
        if kind["fields"]:
            out += "| Field | Type | |\n|---|---|---|\n"
        for field in kind["fields"]:
            kind_of = field["type"] + (f" of {', '.join(data['enums'][field['enum']])}" if "enum" in field else "")
            out += f"| {field['name']} | {kind_of} | {'personal' if field.get('personal') else ''} |\n"
            for item in field.get("item", []):
                kind_of = item["type"] + (f" of {', '.join(data['enums'][item['enum']])}" if "enum" in item else "")
                out += f"| {field['name']}[].{item['name']} | {kind_of} | {'personal' if item.get('personal') else ''} |\n"
        out += "\n"
    return out.rstrip("\n") + "\n"


def papers_md():
    data = spec("papers.json")
    out = f"# Papers 表单\n\n<!-- {NOTE} -->\nWhat `doorward paper` writes, column by column. Masked values are shown in full only with `--reveal --reason`, which is recorded.\n"
    shown = {"name": "王*明", "stairs": "王＊", "doc": "3505****0017", "phone": "138****5678", "hide": "＊"}
    for paper in data["papers"]:
        out += f"\n## {paper['zh']}: {paper['en']}\n\n| 列 | Column | Masked as |\n|---|---|---|\n"
        for column in paper["columns"]:
            mask = shown.get(column.get("mask"), "").replace("*", "\\*")
            out += f"| {column['zh']} | {column['en']} | {mask} |\n"
    return out


def roff(text):
    return text.replace("\\", "\\\\").replace("-", "\\-")


def man_page():
    data = commands()
    out = f'.\\" {NOTE}\n.TH DOORWARD 1\n.ad l\n.nh\n.SH NAME\ndoorward \\- reach every door, miss no one\n.SH SYNOPSIS\n.B doorward\n.I COMMAND\n[OPTIONS] [ARGUMENTS]\n.SH COMMANDS\n'
    for command in data["commands"]:
        out += f".SS {roff(usage(command))}\n{roff(command['en'])}.\n{roff(command['zh'])}。\n"
        for option in command["options"]:
            out += f".TP\n.B {roff(option_name(option))}\n{roff(option['en'])}\n"
        for example in command["examples"]:
            out += f".PP\n.nf\n{roff(example)}\n.fi\n"
    out += ".SH COMMON OPTIONS\n"
    for option in data["globals"]:
        out += f".TP\n.B {roff(option_name(option))}\n{roff(option['en'])}\n"
    out += ".SH SETTINGS\nAn option goes before its variable of the environment, that before the configuration file (lines of name = value), that before the default.\n"
    for s in spec("settings.json")["settings"]:
        out += f".TP\n.B {roff(s['name'])}\n{roff(s['en'])}. {roff(s['zh'])}。 {s['env']}" + (f"; default {roff(s['default'])}" if s["default"] else "") + ".\n"
    out += ".SH FILES\n.TP\n.I /etc/doorward.conf\nthe configuration file\n"
    return out + ".SH EXIT STATUS\n0 done, 1 failed, 2 wrong usage.\n"


def bash_completion():
    data = commands()
    common = " ".join(f"--{o['name']}" for o in data["globals"])
    first = " ".join(dict.fromkeys(c["words"].split()[0] for c in data["commands"]))
    cases = ""
    for command in data["commands"]:
        cases += f'    "{command["words"]}") options="{" ".join("--" + o["name"] for o in command["options"])}" ;;\n'
    seconds = {}
    for command in data["commands"]:
        words = command["words"].split()
        if len(words) > 1:
            seconds.setdefault(words[0], []).append(words[1])
    second = "".join(f'    {word}) words="{" ".join(rest)}" ;;\n' for word, rest in seconds.items())
    return f'''# {NOTE}
_doorward() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} options="" words=""
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "{first} --help --version" -- "$current")
        return
    fi
    case "${{COMP_WORDS[1]}}" in
{second}    esac
    if [ "$COMP_CWORD" -eq 2 ] && [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    local command="${{COMP_WORDS[1]}}"
    [ -n "$words" ] && command="$command ${{COMP_WORDS[2]}}"
    case "$command" in
{cases}    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options {common}" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}}
complete -F _doorward doorward
'''


def main():
    made = {"docs/commands.md": commands_md(), "docs/errors.md": errors_md(), "docs/entries.md": entries_md(), "docs/papers.md": papers_md(), "docs/settings.md": settings_md(), "packaging/doorward.conf": conf_example(),
            "packaging/doorward.1": man_page(), "packaging/doorward.bash": bash_completion()}
    stale = []
    for path, text in made.items():
        full = os.path.join(ROOT, path)
        there = open(full, encoding="utf-8").read() if os.path.exists(full) else None
        if there == text:
            continue
        stale.append(path)
        if "--check" not in sys.argv:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            open(full, "w", encoding="utf-8").write(text)
    if "--check" in sys.argv and stale:
        sys.exit("stale, run make docs: " + ", ".join(stale))


main()
