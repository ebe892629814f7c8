/** This phone's own entries, as they lie in memory while it is open. */
import { type Chain, type Draft, type Entry, type Part } from "../ledger/entry";
import type { OwnEntry } from "./phone";

export interface Own extends OwnEntry {
  text: string;
  part: string;
  /** its number at the site; null: not told yet */
  seq: number | null;
  /** whom and what it is about */
  about: string[];
}

export interface Kept {
  n: number;
  seq: number | null;
  state: OwnEntry["state"];
  reason: string | null;
  text: string;
  part: string;
}

/** Clear values by field; those of items by list, place and field: "people/0/evidence". */
function clearOf(part: string): Record<string, string> {
  const clear: Record<string, string> = {};
  if (part === "") return clear;
  for (const [name, value] of Object.entries(JSON.parse(part) as Part)) {
    if (Array.isArray(value)) clear[name] = value[1]!;
    else for (const [field, one] of Object.entries(value)) if (Array.isArray(one)) clear[`${name}/${field}`] = one[1]!;
  }
  return clear;
}

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? (value as Record<string, unknown>[]) : []);

export function ownOf(kept: Kept): Own {
  const said = JSON.parse(kept.text) as { id: string; kind: string; on: string; at: string; body: Record<string, unknown> };
  const about = [said.on, ...list(said.body["people"]).map((item) => String(item["person"]))];
  for (const field of ["door", "building", "household"]) if (typeof said.body[field] === "string") about.push(said.body[field] as string);
  return { ...kept, id: said.id, kind: said.kind, on: said.on, at: said.at, body: said.body, clear: clearOf(kept.part), about };
}

/** The same once more, to be recorded by another chain: what a phone that was set back has said and the site does not count. */
export function draftOf(own: Pick<OwnEntry, "kind" | "on" | "body" | "clear">): Draft {
  const body: Record<string, unknown> = { ...own.body };
  const personal: Record<string, string> = {};
  const items = list(body["people"]).map((item) => ({ body: { ...item }, personal: {} as Record<string, string> }));
  for (const [name, value] of Object.entries(own.clear)) {
    const at = name.split("/");
    if (at.length === 1) {
      personal[name] = value;
      delete body[name];
    } else {
      const item = items[Number(at[1])];
      if (item === undefined) continue;
      item.personal[at[2]!] = value;
      delete item.body[at[2]!];
    }
  }
  const draft: Draft = { kind: own.kind, on: own.on, body, personal };
  if (items.length === 0) return draft;
  delete body["people"];
  return { ...draft, list: { name: "people", who: "person", items } };
}

/** What an entry is to the store. */
export const keptOf = (entry: Entry): Kept => ({ n: entry.n, seq: null, state: "phone", reason: null, text: entry.text, part: entry.part });

export const chainOf = (device: { device: string; site: string }, row: { n: number; head: Uint8Array }): Chain => ({ site: device.site, device: device.device, n: row.n, head: row.head });
