/**
 * Finding somebody while one types. What is typed says where to look: Han in names, digits at the ends of numbers and in door codes, letters in
 * what a name sounds like, which alone must be made first (prepare) and is kept as long as the record is the same.
 */
import { inOrder } from "./order";
import type { DoorRecord, PersonRecord } from "./records";
import type { Register } from "./register";

export interface Found {
  person: PersonRecord | null;
  door: DoorRecord | null;
}

/** What letters are compared with: the name in small ones, its pinyin in one piece, the initials of that. */
interface Sound {
  name: string;
  whole: string;
  initials: string;
}
const sounds = new WeakMap<PersonRecord, Sound>();

function soundOf(person: PersonRecord): Sound {
  let sound = sounds.get(person);
  if (sound === undefined) {
    const pinyin = person.pinyin?.toLowerCase() ?? "";
    let initials = "";
    let begins = true;
    for (let at = 0; at < pinyin.length; at++) {
      const between = pinyin[at] === " " || pinyin[at] === "'";
      if (begins && !between) initials += pinyin[at];
      begins = between;
    }
    sounds.set(person, (sound = { name: person.name?.toLowerCase() ?? "", whole: pinyin.replaceAll(" ", "").replaceAll("'", ""), initials }));
  }
  return sound;
}

const plain = (text: string): string => text.toLowerCase().replace(/[\s·]+/g, "-");
const NOT = 3;

/** 0: the first of its texts begins so; 1: another does; 2: it is in one of them; 3: no. */
function rank(text: string | undefined, want: string, best: number): number {
  const at = text === undefined ? -1 : text.indexOf(want);
  return at < 0 ? NOT : at === 0 ? best : 2;
}

interface Wanted {
  text: string;
  /** as codes of doors are compared */
  code: string;
  letters: boolean;
  /** letters or digits, without which no number and no code can be meant */
  written: boolean;
}

function personRank(person: PersonRecord, want: Wanted): number {
  const { text } = want;
  const sound = want.letters ? soundOf(person) : null;
  const best = rank(sound === null ? person.name : sound.name, text, 0);
  if (!want.written || best === 0) return best;
  const number = rank(person.phone?.slice(-4), text, 1);
  return sound === null ? Math.min(best, number) : Math.min(best, number, rank(sound.whole, text, 1), rank(sound.initials, text, 1));
}

function doorRank(door: DoorRecord, want: Wanted): number {
  const named = door.name === undefined ? NOT : rank(plain(door.name), want.code, 1);
  return Math.min(named, rank(codeOf(door), want.code, 0));
}

const codes = new WeakMap<DoorRecord, string>();
function codeOf(door: DoorRecord): string | undefined {
  if (door.code === undefined) return undefined;
  let code = codes.get(door);
  if (code === undefined) codes.set(door, (code = plain(door.code)));
  return code;
}

export function search(register: Register, text: string, limit: number): Found[] {
  const typed = text.trim().toLowerCase().replaceAll(" ", "");
  if (typed === "") return [];
  const want: Wanted = { text: typed, code: plain(text.trim()), letters: /[^\p{Script=Han}\d]/u.test(typed), written: /[^\p{Script=Han}]/u.test(typed) };
  const piles: Found[][] = [[], [], []];
  for (const door of register.doors.values()) {
    const at = doorRank(door, want);
    if (at < NOT && piles[at]!.length < 400) piles[at]!.push({ person: null, door });
  }
  for (const person of register.people.values()) {
    const at = personRank(person, want);
    if (at < NOT && piles[at]!.length < 400) piles[at]!.push({ person, door: register.doors.get(person.door ?? "") ?? null });
  }
  const out: Found[] = [];
  for (const pile of piles) if (out.length < limit) out.push(...inOrder(pile, (one) => one.door?.code ?? "").slice(0, limit - out.length));
  return out;
}

const SLICE_MS = 5;

/** Makes what a search wants before anybody types, in slices between which the screen lives; it ends when `wanted` says no. */
export function prepare(register: Register, wanted: () => boolean): void {
  const people = register.people.values();
  const doors = register.doors.values();
  const slice = () => {
    if (!wanted()) return;
    const until = performance.now() + SLICE_MS;
    for (let n = 1; ; n++) {
      const person = people.next();
      const door = doors.next();
      if (!person.done) soundOf(person.value);
      if (!door.done) codeOf(door.value);
      if (person.done && door.done) break;
      if (n % 64 === 0 && performance.now() > until) return void setTimeout(slice, 0);
    }
    search(register, "a", 1); // once round, so that the browser has translated it before somebody waits
  };
  setTimeout(slice, 0);
}
