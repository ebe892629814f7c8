import { b64, joined, random, utf8 } from "../base/bytes";
import { hash } from "../base/crypt";
import { newId } from "../base/ids";
import { timeText } from "../base/time";

/** Clear values beside an entry: field to salt and value; those of item i of a list under "people/i", with whom they are of. */
export type Part = Record<string, [string, string] | Record<string, [string, string] | string>>;

/** An entry as it was signed, byte for byte, and the line that travels beside it ("" when nothing in it is personal). */
export interface Entry {
  n: number;
  id: string;
  kind: string;
  on: string;
  text: string;
  part: string;
}

export interface Chain {
  site: string;
  device: string;
  /** number and hash of the last entry; 0 and 32 zero bytes before the first */
  n: number;
  head: Uint8Array;
}

/** What is to be recorded. personal: fields of the body that stand in it as hashes; people: those of each item of a list, by its place. */
export interface Draft {
  kind: string;
  on: string;
  body: Record<string, unknown>;
  personal?: Record<string, string | undefined>;
  list?: { name: string; who: string; items: { body: Record<string, unknown>; personal?: Record<string, string | undefined> }[] };
}

function hidden(body: Record<string, unknown>, personal: Record<string, string | undefined> | undefined): Record<string, [string, string]> {
  const part: Record<string, [string, string]> = {};
  for (const [field, value] of Object.entries(personal ?? {})) {
    if (value === undefined || value === "") continue;
    const salt = random(16);
    body[field] = b64(hash(joined(salt, utf8(value))));
    part[field] = [b64(salt), value];
  }
  return part;
}

/** The next entry of a chain. Its text has one line, for JSON writes line ends as \n. */
export function makeEntry(chain: Chain, draft: Draft, ms = Date.now()): Entry {
  const body: Record<string, unknown> = { ...draft.body };
  const part: Part = hidden(body, draft.personal);
  if (draft.list !== undefined) {
    const { name, who, items } = draft.list;
    body[name] = items.map((item, at) => {
      const one = { ...item.body };
      const own = hidden(one, item.personal);
      if (Object.keys(own).length > 0) part[`${name}/${at}`] = { who: String(one[who]), ...own };
      return one;
    });
  }
  const id = newId(ms);
  const n = chain.n + 1;
  const text = JSON.stringify({ id, site: chain.site, device: chain.device, n, prev: b64(chain.head), actor: chain.device, at: timeText(ms), kind: draft.kind, on: draft.on, body });
  return { n, id, kind: draft.kind, on: draft.on, text, part: Object.keys(part).length === 0 ? "" : JSON.stringify(part) };
}

export const entryHash = (text: string): Uint8Array => hash(utf8(text));

/** The chain with its next entry. */
export const grown = (chain: Chain, entry: Entry): Chain => ({ ...chain, n: entry.n, head: entryHash(entry.text) });
