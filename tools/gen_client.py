"""spec/routes/*.json -> app/src/api/api.ts: the types of the API, and one function a route (client()). spec/roles.json -> app/src/api/roles.ts: who may
do what (roles()), for screens that show only what their caller may use. gen_docs.py writes and checks both."""
import json
import re

HEAD = '''/* Made from spec/routes/ by tools/gen_client.py. */

/** What is wrong and what to do (RFC 9457). */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

export interface Extra {
  /** Refused (MOVED_ON) when the item was changed meanwhile: its `version`. */
  version?: string;
  /** The same call under the same key has the same answer and no further effect, for a day. */
  once?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

type Values = Record<string, string | number | boolean | null | undefined>;

/** One server and who calls it. A browser's session is its cookie; a program gives its token. */
export class Api {
  constructor(
    readonly base = "/api/v1",
    readonly token?: string,
    readonly language: "zh" | "en" = "zh",
    readonly ask: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  async send(method: string, path: string, query?: Values, body?: BodyInit, type?: string, extra: Extra = {}): Promise<Response> {
    const words = new URLSearchParams();
    for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined && value !== null) words.set(key, String(value));
    const headers: Record<string, string> = { "Accept-Language": this.language, "X-Doorward": "1", ...extra.headers };
    if (this.token !== undefined) headers["Authorization"] = `Bearer ${this.token}`;
    if (type !== undefined) headers["Content-Type"] = type;
    if (extra.version !== undefined) headers["If-Match"] = `"${extra.version}"`;
    if (extra.once !== undefined) headers["Idempotency-Key"] = extra.once;
    const asked = words.toString();
    const init: RequestInit = { method, headers, credentials: "same-origin" };
    if (body !== undefined) init.body = body;
    if (extra.signal !== undefined) init.signal = extra.signal;
    const answer = await this.ask(this.base + path + (asked === "" ? "" : `?${asked}`), init);
    if (!answer.ok) throw new ApiError((await answer.json()) as Problem);
    return answer;
  }

  async json<T>(method: string, path: string, query?: Values, body?: unknown, extra?: Extra): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.send(method, path, query, text, text === undefined ? undefined : "application/json", extra);
    return (await answer.json()) as T;
  }
}

/** Every item of a list, page after page. */
export async function* every<T>(page: (cursor?: string) => Promise<{ items: T[]; next: string | null }>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const one = await page(cursor);
    yield* one.items;
    cursor = one.next ?? undefined;
  } while (cursor !== undefined);
}
'''
SCALARS = {"id": "string", "text": "string", "int": "number", "number": "number", "bool": "boolean", "time": "string", "date": "string", "any": "unknown"}


def ts(kind, enums):
    if kind.endswith("?"):
        return ts(kind[:-1], enums) + " | null"
    if kind.endswith("[]"):
        inner = ts(kind[:-2], enums)
        return f"({inner})[]" if "|" in inner else inner + "[]"
    if kind.startswith(("enum:", "choice:")):
        values = enums[kind[5:]] if kind.startswith("enum:") else kind[7:].split("|")
        return " | ".join(json.dumps(v) for v in values)
    if kind.startswith("map:"):
        return f"Record<string, {ts(kind[4:], enums)}>"
    return SCALARS.get(kind, kind)


def interface(name, spec, enums):
    fields = "".join(f"  {f['name']}{'?' if f.get('optional') else ''}: {ts(f['type'], enums)};\n" for f in spec["fields"])
    return f"/** {spec['en']} */\nexport " + (f"type {name} = Record<string, never>;\n" if not fields else f"interface {name} {{\n{fields}}}\n")


def camel(name):
    return re.sub(r"[._](\w)", lambda m: m.group(1).upper(), name)


def function(route, enums):
    params = re.findall(r"\{(\w+)\}", route["path"])
    args, path = ["api: Api"] + [f"{p}: string" for p in params], re.sub(r"\{(\w+)\}", r"${encodeURIComponent(\1)}", route["path"])
    where = f"`{path}`" if params else json.dumps(path)
    query = route.get("query", [])
    binary = route.get("body") and route.get("takes", "application/json") != "application/json"
    if route.get("body"):
        args.append("body: BodyInit" if binary else f"body: {ts(route['body'], enums)}")
    if query:
        needed = any(q.get("required") for q in query)
        args.append(f"query{'' if needed else '?'}: {{ " + "; ".join(f"{q['name']}{'' if q.get('required') else '?'}: {ts(q['type'], enums)}" for q in query) + " }")
    args.append("extra?: Extra")
    given = "query" if query else "undefined"
    answer = route.get("answer")
    if answer and not binary:
        call = f"api.json<{ts(answer, enums)}>({json.dumps(route['method'])}, {where}, {given}, {'body' if route.get('body') else 'undefined'}, extra)"
        returns = ts(answer, enums)
    else:
        sent = "body, " + json.dumps(route["takes"]) if binary else "JSON.stringify(body), \"application/json\"" if route.get("body") else "undefined, undefined"
        call = f"api.send({json.dumps(route['method'])}, {where}, {given}, {sent}, extra)"
        returns = ts(answer, enums) if answer else "Response"
        if answer:
            call = f"(async () => (await (await {call}).json()) as {returns})()"
    may = {"public": "nobody need be known", "self": "whoever is signed in"}.get(route["may"], route["may"])
    return f"/** {route['en']}（{route['zh']}）; {may} */\nexport const {camel(route['name'])} = ({', '.join(args)}): Promise<{returns}> =>\n  {call};\n"


def client(spec, enums, codes):
    problem = {"en": "a problem document", "fields": [{"name": "type", "type": "text"}, {"name": "title", "type": "text"}, {"name": "status", "type": "int"}, {"name": "code", "type": "choice:" + "|".join(c["code"] for c in codes)},
                                                      {"name": "fix", "type": "text"}] + [{"name": n, "type": t, "optional": True} for n, t in (("detail", "text"), ("field", "text"), ("file", "text"), ("row", "int"), ("instance", "text"))]}
    types = [interface(name, one, enums) for name, one in list(spec["types"].items()) + [("Problem", problem)]]
    return "\n".join([HEAD] + types + [function(route, enums) for route in spec["routes"]])


def roles(spec):
    """Screens leave out what a caller may not do; what he may do is decided by the server, each time."""
    all_may = [a["may"] for a in spec["abilities"]]
    out = "/* Made from spec/roles.json by tools/gen_client.py. */\n\n"
    out += "export type May =\n" + "\n".join(f"  | {json.dumps(may)}" for may in all_may) + ";\n\n"
    out += "export type Role = " + " | ".join(json.dumps(r["role"]) for r in spec["roles"]) + ";\n\n"
    out += "/** What each role may do in the areas of its grant. */\nexport const roles: Record<Role, readonly May[]> = {\n"
    for role in spec["roles"]:
        may = all_may if role["may"] == ["*"] else role["may"]
        out += f"  {role['role']}: [" + ", ".join(json.dumps(m) for m in may) + "],\n"
    return out + "};\n"
