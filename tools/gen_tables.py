"""schema/*.sql -> tables_gen.h and tables_gen.inc: for every table the statements that write, read, clear and count it."""
import re
import sys


def read_tables(paths):
    tables = {}
    for path in paths:
        text = re.sub(r"--[^\n]*", "", open(path, encoding="utf-8").read())
        text = re.sub(r"CREATE TABLE [^;]*/\* reference \*/;", "", text)  # not of the ledger: its module writes it
        for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\)(?: /\* narrow \*/)?;", text, re.S):
            key = re.search(r"PRIMARY KEY \(([^)]*)\)", body)
            columns = [part.split()[0] for part in body[:key.start()].split(",") if part.strip()]
            tables[name] = (columns, [column.strip() for column in key.group(1).split(",")])
        for name, column in re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", text):
            tables[name][0].append(column)
    return tables


APPEND_ONLY = {"entry", "receipt"}


def write_row(out, name, columns, key):
    marks = ", ".join(f"${i + 1}" for i in range(len(columns)))
    # What is not given again stays: geometries are not kept in memory.
    sets = ", ".join(f"{c} = COALESCE(excluded.{c}, {name}.{c})" if c == "geometry" else f"{c} = excluded.{c}"
                     for c in columns if c not in key)
    then = f" ON CONFLICT ({', '.join(key)}) DO {'UPDATE SET ' + sets if sets else 'NOTHING'}" if name not in APPEND_ONLY else ""
    order = f" ORDER BY {', '.join(key[1:])}" if len(key) > 1 else ""
    out.write(f'    [TABLES_{name.upper()}] = {{"{name}", {len(columns)},\n')
    insert = f"INTO {name} ({', '.join(columns)}) VALUES ({marks})"
    replace = "NULL" if name in APPEND_ONLY or "geometry" in columns else f'"INSERT OR REPLACE {insert}"'
    out.write(f'        {{"INSERT {insert}{then}",\n         {replace}}},\n')
    out.write(f'        {{"SELECT {", ".join(columns[1:])} FROM {name} WHERE site_id = $1{order}", NULL}},\n')
    out.write(f'        {{"DELETE FROM {name} WHERE site_id = $1", NULL}},\n')
    out.write(f'        {{"SELECT count(*) FROM {name} WHERE site_id = $1", NULL}},\n')
    home = "SELECT site_id FROM entry WHERE seq = 1" if name == "site" else "SELECT site_id FROM site"
    out.write(f'        {{"SELECT count(*) FROM {name} WHERE site_id NOT IN ({home})", NULL}}}},\n')


def main(header, table, *schemas):
    tables = read_tables(sorted(schemas))
    with open(header, "w", encoding="utf-8") as out:
        names = ", ".join(f"TABLES_{name.upper()}" for name in tables)
        most = max(len(columns) for columns, _ in tables.values())
        out.write("/* Made from schema/. */\n#ifndef TABLES_GEN_H\n#define TABLES_GEN_H\n\n")
        out.write(f"enum tables_name {{ {names}, TABLES_COUNT }};\nenum {{ TABLES_COLUMNS_MAX = {most} }};\n\n#endif\n")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Made from schema/. */\nstatic const struct tables_sql tables_sql[TABLES_COUNT] = {\n")
        for name, (columns, key) in tables.items():
            write_row(out, name, columns, key)
        out.write("};\n")


main(*sys.argv[1:])
