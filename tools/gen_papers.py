"""spec/papers.json, spec/kinds.json -> paper_gen.h (enums of papers and their columns) and paper_gen.inc (their tables and words)."""
import json
import sys

MASKS = ["none", "name", "stairs", "doc", "phone", "hide"]


def c_text(text):
    return json.dumps(text, ensure_ascii=False)


def write_header(spec, out):
    out.write("/* Made from spec/papers.json. */\n#ifndef PAPER_GEN_H\n#define PAPER_GEN_H\n\n")
    papers = [paper["paper"].upper() for paper in spec["papers"]]
    out.write(f"enum paper_kind {{ {', '.join('PAPER_' + name for name in papers)}, PAPER_KINDS }};\n")
    for paper in spec["papers"]:
        base = f"PAPER_{paper['paper'].upper()}_"
        names = ", ".join(base + column["name"].upper() for column in paper["columns"])
        out.write(f"enum {{ {names}, {base}COLUMNS }};\n")
    most = max(len(paper["columns"]) for paper in spec["papers"])
    out.write(f"enum {{ PAPER_COLUMNS_MAX = {most} }};\n")
    out.write(f"enum paper_mask {{ {', '.join('PAPER_MASK_' + mask.upper() for mask in MASKS)} }};\n")
    out.write(f"enum paper_words {{ {', '.join('PAPER_WORDS_' + name.upper() for name in spec['words'])}, PAPER_WORDS }};\n\n#endif\n")


def write_table(spec, enums, out):
    out.write("/* Made from spec/papers.json. */\n")
    for paper in spec["papers"]:
        rows = "".join(f"    {{{c_text(c['name'])}, {{{c_text(c['zh'])}, {c_text(c['en'])}}}, {c['width']}, "
                       f"{str(c.get('number', False)).lower()}, PAPER_MASK_{MASKS[MASKS.index(c.get('mask', 'none'))].upper()}}},\n"
                       for c in paper["columns"])
        out.write(f"static const struct paper_column paper_{paper['paper']}_columns[] = {{\n{rows}}};\n")
    out.write("static const struct paper_spec paper_specs[PAPER_KINDS] = {\n")
    for paper in spec["papers"]:
        out.write(f"    {{{{{c_text(paper['zh'])}, {c_text(paper['en'])}}}, paper_{paper['paper']}_columns, {len(paper['columns'])}}},\n")
    out.write("};\n")
    for paper in spec["papers"]:
        for lang in ("zh", "en"):
            headers = ", ".join(c_text(column[lang]) for column in paper["columns"])
            out.write(f"static const char *const paper_{paper['paper']}_{lang}[] = {{{headers}}};\n")
    rows = "".join(f"    {{paper_{paper['paper']}_zh, paper_{paper['paper']}_en}},\n" for paper in spec["papers"])
    out.write(f"static const char *const *const paper_headers[PAPER_KINDS][2] = {{\n{rows}}};\n")
    for name, words in spec["words"].items():
        assert list(words) == enums[name], f"words of {name} are not its values"
        rows = ", ".join(f"{{{c_text(zh)}, {c_text(en)}}}" for zh, en in words.values())
        out.write(f"static const char *const paper_words_{name}[][2] = {{{rows}}};\n")
    tables = ", ".join(f"paper_words_{name}" for name in spec["words"])
    counts = ", ".join(str(len(words)) for words in spec["words"].values())
    out.write(f"static const char *const (*const paper_words_tables[PAPER_WORDS])[2] = {{{tables}}};\n")
    out.write(f"static const int paper_words_counts[PAPER_WORDS] = {{{counts}}};\n")


def main(papers, kinds, header, table):
    spec = json.load(open(papers, encoding="utf-8"))
    enums = json.load(open(kinds, encoding="utf-8"))["enums"]
    with open(header, "w", encoding="utf-8") as out:
        write_header(spec, out)
    with open(table, "w", encoding="utf-8") as out:
        write_table(spec, enums, out)


main(*sys.argv[1:])
