"""spec/routes/*.json -> routes_gen.h, routes_gen.inc (the routes of the server) and, as openapi_json(), the description of the API."""
import json
import re
import sys

SCALARS = {"id": {"type": "string", "format": "uuid"}, "text": {"type": "string"}, "int": {"type": "integer", "format": "int64"}, "number": {"type": "number"},
           "bool": {"type": "boolean"}, "time": {"type": "string", "format": "date-time"}, "date": {"type": "string"}, "any": {}}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def c_text(text):
    return "NULL" if text is None else json.dumps(text, ensure_ascii=False)


def schema_of(kind, enums):
    """A type as JSON Schema: "int", "text?" (may be null), "enum:state", "Area", "Area[]"."""
    if kind.endswith("?"):
        inner = schema_of(kind[:-1], enums)
        if "$ref" in inner:
            return {"anyOf": [inner, {"type": "null"}]}
        return {**inner, "type": [inner["type"], "null"], **({"enum": inner["enum"] + [None]} if "enum" in inner else {})}
    if kind.endswith("[]"):
        return {"type": "array", "items": schema_of(kind[:-2], enums)}
    if kind.startswith("enum:"):
        return {"type": "string", "enum": enums[kind[5:]]}
    if kind.startswith("choice:"):
        return {"type": "string", "enum": kind[7:].split("|")}
    if kind.startswith("map:"):
        return {"type": "object", "additionalProperties": schema_of(kind[4:], enums)}
    return dict(SCALARS[kind]) if kind in SCALARS else {"$ref": f"#/components/schemas/{kind}"}


def type_schema(spec, enums, loose):
    """loose: an answer, of which a caller may have asked for some fields only."""
    fields = {f["name"]: {**schema_of(f["type"], enums), **({"maxLength": f["max"]} if "max" in f else {}),
                          **({"description": f["en"]} if "en" in f else {})} for f in spec["fields"]}
    required = [f["name"] for f in spec["fields"] if not f.get("optional")]
    return {"type": "object", "description": spec["en"], "properties": fields, "additionalProperties": False,
            **({"required": required} if required and not loose else {}), **({"examples": [spec["example"]]} if "example" in spec else {})}


def params_of(route, enums):
    out = [{"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}} for name in re.findall(r"\{(\w+)\}", route["path"])]
    if route.get("match"):
        out.append({"name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"}, "description": "the item's version in quotes: refused (MOVED_ON) when it was changed meanwhile"})
    if route["method"] == "POST" and route["may"] != "public":
        out.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "minLength": 1, "maxLength": 200},
                    "description": "a key of the caller's own: the same call under it, for a day, has the same answer and no further effect"})
    if route.get("ranges"):
        out.append({"name": "Range", "in": "header", "required": False, "schema": {"type": "string"}, "description": "bytes=FIRST-LAST: one part"})
    for query in route.get("query", []):
        schema = schema_of(query["type"], enums)
        for key, name in (("min", "minimum"), ("most", "maximum"), ("default", "default")):
            if key in query:
                schema[name] = query[key]
        out.append({"name": query["name"], "in": "query", "required": query.get("required", False), "schema": schema, "description": query["en"]})
    return out


PAGED = [{"name": "cursor", "type": "text", "zh": "下一页的起点", "en": "where the next page begins"},
         {"name": "limit", "type": "int", "min": 1, "most": 1000, "default": 100, "zh": "每页条数", "en": "items of a page"},
         {"name": "fields", "type": "text", "zh": "只要这些字段，逗号分隔", "en": "only these fields, separated by commas"}]


def with_pages(spec):
    for route in spec["routes"]:
        if route.get("page"):
            route["query"] = route.get("query", []) + PAGED
            route["answer"] = f"{route['page']}Page"
            spec["types"].setdefault(route["answer"], {"zh": "一页", "en": f"a page of {route['page']}", "fields": [
                {"name": "items", "type": f"{route['page']}[]"}, {"name": "next", "type": "text?"}], "of": route["page"]})
    return spec


def openapi(spec, enums, errors):
    paths = {}
    for route in spec["routes"]:
        where = {"type": "string"}
        answer = {"description": route["en"]}
        if route.get("answer"):
            answer["content"] = {route.get("type", "application/json"): {"schema": schema_of(route["answer"], enums)}}
        else:
            answer["content"] = {kind: {"schema": {} if kind in ("application/json", "text/event-stream") else where} for kind in route.get("types", [route["type"]] if "type" in route else [])}
        doc = {"operationId": route["name"].replace(".", "_"), "summary": route["en"], "description": route["zh"], "tags": [route["name"].split(".")[0]],
               "parameters": params_of(route, enums),
               "responses": {str(route.get("status", 200)): answer,
                             **({"304": {"description": "not changed since"}} if route["method"] == "GET" and (not route.get("live") or route.get("rest")) else {}),
                             **({"206": {**answer, "description": "the part that Range asks for"}, "304": {"description": "not changed since"}, "416": {"description": "no such part"}} if route.get("ranges") else {}),
                             "default": {"description": "what is wrong and what to do", "headers": {"Retry-After": {"description": "with 423, 429 and 503: seconds to wait", "schema": {"type": "integer", "minimum": 1}}}, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}}}
        if not doc["parameters"]:
            del doc["parameters"]
        if route["may"] == "public":
            doc["security"] = []
        else:
            doc["x-may"] = route["may"] + (", everywhere" if route.get("whole") else "")
        if route.get("body"):
            body = route["body"]
            doc["requestBody"] = {"required": True, "content": {route.get("takes", "application/json"): {"schema": schema_of(body, enums) if body != "bytes" else {"type": "string", "format": "binary"}}}}
        if route.get("root"):
            doc["servers"] = [{"url": "/"}]
        paths.setdefault(route["path"], {})[route["method"].lower()] = doc
    answers = {name: type_schema(t, enums, not t.get("body") and not t.get("of")) for name, t in spec["types"].items()}
    answers["Problem"] = {"type": "object", "description": "RFC 9457, with our code and what to do", "required": ["type", "title", "status", "code", "fix"], "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}, "code": {"type": "string", "enum": [e["code"] for e in errors]},
        "field": {"type": "string"}, "file": {"type": "string"}, "row": {"type": "integer"}, "fix": {"type": "string"}, "instance": {"type": "string"}}}
    return {"openapi": "3.1.0", "info": {"title": "doorward", "version": "1", "summary": "Reach every door, miss no one 不漏一户，不漏一人",
                                         "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
            "servers": [{"url": "/api/v1"}], "paths": paths,
            "security": [{"session": []}, {"bearer": []}],
            "components": {"schemas": answers, "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "doorward"},
                                                                   "bearer": {"type": "http", "scheme": "bearer"}}}}


def merged(files):
    """One table of all files: what they name is named once."""
    spec = {"types": {}, "routes": []}
    for path in sorted(files):
        one = json.load(open(path, encoding="utf-8"))
        assert not set(one["types"]) & set(spec["types"]), path
        spec["types"].update(one["types"])
        spec["routes"] += one["routes"]
    return spec


def load(routes, kinds, errors):
    spec = with_pages(merged(routes))
    entries = json.load(open(kinds, encoding="utf-8"))
    return spec, {**entries["enums"], "kind": [k["kind"] for k in entries["kinds"]]}, json.load(open(errors, encoding="utf-8"))["errors"]


def may_of(may):
    return {"public": "ROUTES_PUBLIC", "self": "ROUTES_SELF"}.get(may) or "ROLES_" + may.replace(".", "_").upper()


def items_of(spec, route):
    return c_text(",".join(f["name"] for f in spec["types"][route["page"]]["fields"]) if route.get("page") else None)


def write_table(spec, text, out):
    out.write("/* Made from spec/routes/. */\n")
    choices = {}
    for kind in (q["type"] for route in spec["routes"] for q in route.get("query", []) if q["type"].startswith("choice:")):
        choices.setdefault(kind, f"routes_choice_{len(choices)}")
    for kind, name in choices.items():
        out.write(f"static const char *const {name}[] = {{{', '.join(c_text(v) for v in kind[7:].split('|'))}}};\n")
    for route in spec["routes"]:
        base = "routes_" + route["name"].replace(".", "_")
        rows = ""
        for q in route.get("query", []):
            kind = q["type"].split(":")[0]
            values = f"kinds_{q['type'][5:]}_texts, KINDS_{q['type'][5:].upper()}_COUNT" if kind == "enum" else "NULL, 0"
            if kind == "choice":
                kind, values = "enum", f"{choices[q['type']]}, {len(q['type'][7:].split('|'))}"
            rows += f"    {{{c_text(q['name'])}, ROUTES_{kind.upper()}, {q.get('min', 0)}, {q.get('most', 2**53)}, {q.get('default', 0) if kind == 'int' else 0}, {values}}},\n"
        out.write(f"static const struct routes_query {base}_queries[] = {{\n{rows}    {{NULL, ROUTES_TEXT, 0, 0, 0, NULL, 0}},\n}};\n")
    out.write("const struct routes_row routes_all[] = {\n")
    for route in spec["routes"]:
        name = route["name"].replace(".", "_")
        flags = " | ".join(flag for key, flag in (("live", "ROUTES_LIVE"), ("inline", "ROUTES_INLINE"), ("bare", "ROUTES_BARE"), ("whole", "ROUTES_WHOLE"),
                                                    ("barred", "ROUTES_BARRED"), ("slow", "ROUTES_SLOW"), ("root", "ROUTES_ROOT"), ("rest", "ROUTES_REST"), ("outside", "ROUTES_OUTSIDE"), ("loose", "ROUTES_LOOSE")) if route.get(key)) or "0"
        out.write(f"    {{{c_text(route['name'])}, ROUTES_{route['method']}, {c_text(route['path'])}, {may_of(route['may'])}, {flags}, "
                  f"{route.get('body_max', 65536) if route.get('body') else 0}, {c_text(route.get('takes', 'application/json') if route.get('body') else None)}, "
                  f"{route.get('status', 200)}, routes_{name}_queries, {items_of(spec, route)}, api_{name}}},\n")
    out.write(f"}};\nconst size_t routes_count = {len(spec['routes'])};\n")
    blob = text.encode()
    out.write("const char routes_openapi[] =\n")
    for at in range(0, len(blob), 120):
        out.write("    " + c_bytes(blob[at:at + 120]) + "\n")
    out.write(f";\nconst size_t routes_openapi_len = {len(blob)};\n")


def c_bytes(data):
    return '"' + "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in data) + '"'


def main(header, table, kinds, errors, *routes):
    spec, enums, codes = load(routes, kinds, errors)
    names = [r["name"] for r in spec["routes"]]
    assert len(set(names)) == len(names) and len({(r["method"], re.sub(r"\{\w+\}", "{}", r["path"])) for r in spec["routes"]}) == len(names)
    assert all(r["method"] in METHODS and r.get("zh") and r.get("en") and r.get("may") for r in spec["routes"])
    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Made from spec/routes/. */\n#ifndef ROUTES_GEN_H\n#define ROUTES_GEN_H\n\n#include \"base/err.h\"\n\nstruct request;\n")
        for name in names:
            out.write(f"dw_err api_{name.replace('.', '_')}(struct request *r);\n")
        out.write("\n#endif\n")
    with open(table, "w", encoding="utf-8") as out:
        write_table(spec, json.dumps(openapi(spec, enums, codes), ensure_ascii=False, separators=(",", ":")), out)


if __name__ == "__main__":
    main(*sys.argv[1:])
