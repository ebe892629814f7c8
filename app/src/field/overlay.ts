/**
 * What an entry of this phone changes in what it knows, by the rules of the site (src/desk/fold_*.c): so that a tick shows at once and with no
 * network what the site will say of it later. Pure: records in, records out.
 */
import type { Own } from "./own";
import type { AnswersRecord, DoorRecord, MarkRecord, NeedRecord, PersonRecord, RoundRecord, SiteThing, VisitRecord } from "./records";
import type { Register } from "./register";

type Effect = (look: Register, own: Own) => SiteThing[];

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Without the members that say nothing, as the site tells records. */
function said<T extends object>(record: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== "" && value !== false)) as T;
}

export const excused = (mark: MarkRecord): boolean => (mark.decision !== undefined ? mark.decision === "excused" : mark.state === "excused");
/** Owed: of the roster, found or arrived, and not excused. Whoever was done without being in it counts as found. */
export const isOwed = (mark: MarkRecord | null | undefined): boolean => mark != null && (mark.roster === true || mark.how !== undefined || mark.state === "done") && (mark.state === "done" || !excused(mark));
export const isCovered = (mark: MarkRecord | null | undefined): boolean => mark != null && mark.state === "done";

const open = (look: Register, id: unknown): RoundRecord | null => {
  const round = look.rounds.get(String(id));
  return round === undefined || round.closed || round.past ? null : round;
};

/** Done outranks everything; a person's decision stands against whatever is said at the door. */
function ticked(mark: MarkRecord | undefined, outside: "found" | "arrived", round: string, item: Record<string, unknown>, at: string): MarkRecord | null {
  const state = text(item["state"]);
  if (mark?.decision === "excused") return null;
  if (mark?.state === "done" && state !== "done") return null;
  const excuse = text(item["excuse"]);
  const how = mark?.how ?? (state === "done" && mark?.roster !== true ? outside : undefined);
  return said<MarkRecord>({ is: "mark", round, person: String(item["person"]), door: mark?.door, roster: mark?.roster, how, state: state === "none" ? undefined : state, excuse: excuse === "none" ? undefined : excuse, decision: mark?.decision, at });
}

const visit: Effect = (look, own) => {
  const round = open(look, own.body["round"]);
  if (round === null || !look.doors.has(own.on)) return [];
  const out: SiteThing[] = [];
  const outcome = text(own.body["outcome"]);
  if (outcome !== undefined) {
    const had = look.visits.get(round.id)?.get(own.on);
    const heads = own.body["heads"];
    out.push(said<VisitRecord>({ is: "visit", round: round.id, door: own.on, outcome, heads: typeof heads === "number" ? heads : undefined, visits: (had?.visits ?? 0) + 1, at: own.at }));
  }
  for (const item of (own.body["people"] as Record<string, unknown>[] | undefined) ?? []) {
    const person = look.people.get(String(item["person"]));
    if (person === undefined) continue;
    // On no roster, and yet met: who had left before is found, everybody else was registered after the freeze. When exactly, only the site knows.
    const mark = ticked(look.marks.get(round.id)?.get(person.id), person.left ? "found" : "arrived", round.id, item, own.at);
    if (mark !== null) out.push(mark);
  }
  return out;
};

/** What a door is called on its card: its building, and what is written at the door. */
export function doorPlace(door: Pick<DoorRecord, "unit" | "floor" | "room">): string {
  const told = door.floor !== undefined && (door.room ?? "").startsWith(door.floor); // 301 says that it is on 3
  return [door.unit, told ? undefined : door.floor, door.room].filter((part) => part !== undefined && part !== "").join("-");
}

const doorSet: Effect = (look, own) => {
  const had = look.doors.get(own.on);
  const body = own.body;
  const area = text(body["building"]);
  const door = said<DoorRecord>({ is: "door", id: own.on, area: area as string, code: undefined, kind: body["kind"] as DoorRecord["kind"], unit: text(body["unit"]), floor: text(body["floor"]), room: text(body["room"]), name: text(body["name"]), card: had?.card, heads: had?.heads, revoked: had?.revoked });
  const place = doorPlace(door);
  door.code = `${area === undefined ? (door.name ?? "") : (look.areas.get(area)?.code ?? "")}${place === "" ? "" : "·"}${place}`;
  return [door];
};

const householdSet: Effect = (_look, own) => [{ is: "household", id: own.on, door: String(own.body["door"]), kind: String(own.body["kind"]) }];

const hidden = (value: string, from: number, to: number): string => [...value].map((digit, at, all) => (at >= from && at < all.length - to ? "*" : digit)).join("");
export const maskedDocument = (value: string): string => (value.length > 8 ? hidden(value, 4, 4) : hidden(value, 1, 1));
export const maskedPhone = (value: string): string => hidden(value, value.length > 7 ? 3 : 0, 4);

const personSet: Effect = (look, own) => {
  const had = look.people.get(own.on);
  const clear = own.clear;
  const moves = text(own.body["door"]) !== undefined || had === undefined;
  const person = said<PersonRecord>({
    is: "person", id: own.on,
    name: clear["name"] ?? had?.name, pinyin: clear["name"] === undefined ? had?.pinyin : undefined, birth: clear["birth"] ?? had?.birth, sex: clear["sex"] ?? had?.sex,
    document: clear["doc"] === undefined ? had?.document : maskedDocument(clear["doc"]), phone: clear["phone"] === undefined ? had?.phone : maskedPhone(clear["phone"]), flags: clear["flags"] ?? had?.flags, flags_hidden: had?.flags_hidden,
    door: moves ? text(own.body["door"]) : had.door, household: moves ? text(own.body["household"]) : had.household, left: moves ? undefined : had.left,
  });
  return moves && had !== undefined ? [person, ...moved(look, own, had)] : [person];
};

/** Where the rounds meet him: a move that is only announced is for later. */
function moved(look: Register, own: Own, had: PersonRecord): MarkRecord[] {
  const from = text(own.body["from"]);
  const announced = from !== undefined && Date.parse(from) > Date.parse(own.at);
  const out: MarkRecord[] = [];
  for (const [round, marks] of look.marks) {
    const mark = marks.get(own.on);
    const freeze = look.rounds.get(round)?.freeze;
    if (mark === undefined || freeze === undefined) continue;
    const later = announced && Date.parse(from!) > Date.parse(freeze);
    const door = later ? (mark.door ?? had.door) : undefined;
    if (door !== mark.door) out.push(said<MarkRecord>({ ...mark, door }));
  }
  return out;
}

const stayEnd: Effect = (look, own) => {
  const person = look.people.get(own.on);
  const door = text(own.body["door"]);
  if (person === undefined || (person.door !== undefined && door !== person.door)) return [];
  return [{ ...person, left: true }];
};

const roundAdd: Effect = (look, own) => {
  const round = open(look, own.body["round"]);
  if (round === null || !look.people.has(own.on)) return [];
  const had = look.marks.get(round.id)?.get(own.on);
  const how = had?.roster === true ? undefined : text(own.body["how"]); // of the roster is of the roster
  return [said<MarkRecord>({ ...(had ?? { is: "mark", round: round.id, person: own.on }), how: how === "found" || how === "arrived" ? how : undefined })];
};

const formFill: Effect = (look, own) => {
  const round = open(look, own.body["round"]);
  const answers = own.clear["answers"];
  if (round === null || answers === undefined) return [];
  try {
    return [{ is: "answers", round: round.id, on: own.on, of: String(own.body["of"]), answers: JSON.parse(answers) as Record<string, unknown> } satisfies AnswersRecord];
  } catch {
    return [];
  }
};

const refusalFollow: Effect = (_look, own) => {
  const next = text(own.body["next"]);
  return [{ is: "follow", on: own.on, step: String(own.body["step"]), at: own.at, ...(next === undefined ? {} : { next }) }];
};

/** A need is known by the id of the entry that raised it, which is on the door or person; one that is closed is on the need. */
const needRaise: Effect = (_look, own) => [
  said<NeedRecord>({ is: "need", id: own.id, of: own.body["of"] as NeedRecord["of"], on: own.on, what: String(own.body["what"]), urgent: own.body["urgent"] === true, note: own.clear["note"], closed: undefined, reason: undefined, at: own.at }),
];
const needClose: Effect = (look, own) => {
  const need = look.needs.get(own.on);
  return need === undefined ? [] : [said<NeedRecord>({ ...need, closed: own.at, reason: text(own.body["reason"]) })];
};

const nothing: Effect = () => [];

/** Tubes, boxes and people met in the street change no record: they are told by the entries themselves (views.ts). */
const EFFECTS: Record<string, Effect> = {
  visit, "door.set": doorSet, "household.set": householdSet, "person.set": personSet, "stay.end": stayEnd, "round.add": roundAdd, "form.fill": formFill,
  "refusal.follow": refusalFollow, "need.raise": needRaise, "need.close": needClose,
};

export const effects: Effect = (look, own) => (EFFECTS[own.kind] ?? nothing)(look, own);

/** Numbers of own entries that own entries take back. */
export function taken(own: readonly Own[], device: string): Set<number> {
  const out = new Set<number>();
  for (const one of own) if (one.kind === "entry.void" && one.body["device"] === device && one.state !== "held" && one.state !== "void") out.add(Number(one.body["n"]));
  return out;
}

/** Lays what the site does not tell yet over what it tells. */
export function lay(register: Register, own: readonly Own[], device: string): void {
  register.overlay();
  const void_ = taken(own, device);
  for (const one of own) if (one.state !== "void" && !void_.has(one.n)) for (const record of effects(register, one)) register.put(record);
}
