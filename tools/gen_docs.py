#!/usr/bin/env python3
"""spec/ -> docs/api.md, docs/commands.md, docs/errors.md, docs/entries.md, docs/papers.md, docs/settings.md, app/src/api/api.ts, app/src/api/roles.ts, packaging/doorward.1, packaging/doorward.conf and shell completions. --check: fails when what
stands there is not what would be written."""
import glob
import json
import os
import sys

from spec_options import expand

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "tools"))
import gen_client
import gen_routes
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
    return {"bool": "`yes` `no`", "duration": "`30m` `12h` `7d`", "address": "`ADDRESS:PORT`", "url": "`https://…`"}.get(setting["type"], setting["type"])


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
        out += f"## {kind['kind']}\n\n{kind['zh']} ({kind['en']}); made: {kind['made']}{', may: ' + kind['may'] if 'may' in kind else ''}, read: {kind['read']}.\n\n"
        if kind["fields"]:
            out += "| Field | Type | |\n|---|---|---|\n"
        for field in kind["fields"]:
            kind_of = field["type"] + (f" of {', '.join(data['enums'][field['enum']])}" if "enum" in field else "")
            notes = [name for name in ("personal", "place") if field.get(name)] + ([f"max {field['max']}"] if "max" in field else [])
            out += f"| {field['name']} | {kind_of} | {', '.join(notes)} |\n"
            for item in field.get("item", []):
                kind_of = item["type"] + (f" of {', '.join(data['enums'][item['enum']])}" if "enum" in item else "")
                notes = [name for name in ("personal",) if item.get(name)] + ([f"max {item['max']}"] if "max" in item else [])
                out += f"| {field['name']}[].{item['name']} | {kind_of} | {', '.join(notes)} |\n"
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


def routes():
    at = lambda path: os.path.join(ROOT, path)
    return gen_routes.load(glob.glob(at("spec/routes/*.json")), at("spec/kinds.json"), at("spec/errors.json"))


def field_type(kind, enums):
    if kind.startswith(("enum:", "choice:")):
        optional = kind.endswith("?")
        values = enums[kind[5:].rstrip("?")] if kind.startswith("enum:") else kind[7:].rstrip("?").split("|")
        return ", ".join(values) + (" or null" if optional else "")
    return kind.replace("map:", "map of ").replace("?", " or null").replace("|", "\\|")


def api_md():
    data, enums, _ = routes()
    may = {"public": "everybody", "self": "whoever is signed in"}
    out = f"""# API 接口

<!-- {NOTE} -->
`/api/v1`, described in OpenAPI 3.1 at `/api/v1/openapi.json`; `app/src/api/api.ts` calls it from TypeScript. The ability that a route asks for stands in
`spec/roles.json`; what lies outside of the caller's areas is not found.

- A browser's session is its cookie, and every change needs the header `X-Doorward: 1`; a program sends `Authorization: Bearer TOKEN`.
- Lists are pages: `limit` (1 to 1000), `cursor` (what the page before gave as `next`), `fields=id,name` for some members only.
- An answer that follows from the ledger has an `ETag`; `If-None-Match` with it answers 304 while nothing was recorded.
- `If-Match: "VERSION"` where an item has a `version`: the change is refused with MOVED_ON when somebody else was quicker.
- `Idempotency-Key: KEY` on a POST: for 24 hours the same call under it has the same answer and no further effect; another call under it is refused.
- What is wrong is a problem document (RFC 9457) with `code`, `field` and what to do (`fix`), in Chinese, or in English for `Accept-Language: en`.
- Imports and exports are jobs: `queued`, `running`, then `ready` (an import that was tried waits for its commit), `done`, `failed` or `cancelled`. A job
  outlives the server as done or failed. Files of an export are fetched whole or by `Range`.

"""
    for tag in dict.fromkeys(r["name"].split(".")[0] for r in data["routes"]):
        out += f"## {tag}\n\n| Call | 说明 | What it does | Ability | Takes | Answers |\n|---|---|---|---|---|---|\n"
        for r in (r for r in data["routes"] if r["name"].split(".")[0] == tag):
            takes = [f"?{q['name']}" for q in r.get("query", []) if q["name"] not in ("cursor", "limit", "fields")] + ([r["body"]] if r.get("body") else [])
            answers = r.get("answer") or ", ".join(r.get("types", [r.get("type", "")]))
            out += f"| `{r['method']} {r['path']}` | {r['zh']} | {r['en']} | {may.get(r['may'], r['may'])} | {' '.join(takes)} | {answers} |\n"
        out += "\n"
    out += "# Types 类型\n\n"
    for name, one in data["types"].items():
        if one.get("of") or not one["fields"]:
            continue
        out += f"## {name}\n\n{one['zh']}: {one['en']}.\n\n| Field | Type |\n|---|---|\n"
        out += "".join(f"| {f['name']}{' (optional)' if f.get('optional') else ''} | {field_type(f['type'], enums)} |\n" for f in one["fields"])
        if "example" in one:
            out += f"\n```json\n{json.dumps(one['example'], ensure_ascii=False)}\n```\n"
        out += "\n"
    return out.rstrip("\n") + "\n"


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
    made = {"docs/api.md": api_md(), "app/src/api/api.ts": gen_client.client(*routes()), "app/src/api/roles.ts": gen_client.roles(spec("roles.json")), "docs/commands.md": commands_md(), "docs/errors.md": errors_md(), "docs/entries.md": entries_md(), "docs/papers.md": papers_md(), "docs/settings.md": settings_md(), "packaging/doorward.conf": conf_example(),
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
