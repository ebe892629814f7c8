/** Finding somebody while one types: a line of text for each person and door, made once and kept as long as its record is the same. */
import type { DoorRecord, PersonRecord } from "./records";
import type { Register } from "./register";
import { byCode } from "./order";

export interface Found {
  person: PersonRecord | null;
  door: DoorRecord | null;
}

const personLines = new WeakMap<PersonRecord, string>();
const doorLines = new WeakMap<DoorRecord, string>();
const BETWEEN = "\n";
const plain = (text: string): string => text.toLowerCase().replace(/[\s·]+/g, "-");

/** Name, pinyin without spaces, initials, end of the phone number. */
function personLine(person: PersonRecord): string {
  let line = personLines.get(person);
  if (line === undefined) {
    const sounds = person.pinyin?.toLowerCase().split(/[\s']+/) ?? [];
    line = [person.name?.toLowerCase() ?? "", sounds.join(""), sounds.map((one) => one[0] ?? "").join(""), person.phone?.slice(-4) ?? ""].join(BETWEEN);
    personLines.set(person, line);
  }
  return line;
}

function doorLine(door: DoorRecord): string {
  let line = doorLines.get(door);
  if (line === undefined) doorLines.set(door, (line = plain([door.code ?? "", door.name ?? ""].join(BETWEEN))));
  return line;
}

/** 0: it begins so; 1: a part of it begins so; 2: it is in it; 3: no. */
function rank(line: string, want: string): number {
  const at = line.indexOf(want);
  if (at < 0) return 3;
  if (at === 0) return 0;
  return line.includes(BETWEEN + want) ? 1 : 2;
}

export function search(register: Register, text: string, limit: number): Found[] {
  const want = text.trim().toLowerCase().replaceAll(" ", "");
  const code = plain(text.trim());
  if (want === "") return [];
  const piles: Found[][] = [[], [], []];
  for (const door of register.doors.values()) {
    const at = rank(doorLine(door), code);
    if (at < 3 && piles[at]!.length < 400) piles[at]!.push({ person: null, door });
  }
  for (const person of register.people.values()) {
    const at = rank(personLine(person), want);
    if (at < 3 && piles[at]!.length < 400) piles[at]!.push({ person, door: register.doors.get(person.door ?? "") ?? null });
  }
  const out: Found[] = [];
  for (const pile of piles) out.push(...pile.sort((a, b) => byCode(a.door?.code ?? "", b.door?.code ?? "")).slice(0, limit - out.length));
  return out;
}

/** Makes the lines before anybody types. */
export function prepare(register: Register): void {
  for (const person of register.people.values()) personLine(person);
  for (const door of register.doors.values()) doorLine(door);
}
