/** What is tapped in at a door before it is saved. It survives a look elsewhere, a reload and a phone that dies. */
import { signal, type Signal } from "@preact/signals";
import type { DoorView, PersonView, TubeView } from "../../field/phone";
import type { FormField, RoundRecord } from "../../field/records";
import type { Draft } from "../../ledger/entry";
import { phone } from "../here";
import { living } from "./state";

export interface Tick {
  state: string;
  excuse?: string;
  evidence?: string;
}
export type Answers = Record<string, string | number>;
export interface DoorDraft {
  ticks: Record<string, Tick>;
  outcome: string | null;
  heads: number | null;
  note: string;
  door: Answers;
  people: Record<string, Answers>;
}

const blank = (): DoorDraft => ({ ticks: {}, outcome: null, heads: null, note: "", door: {}, people: {} });
const drafts = new Map<string, Signal<DoorDraft>>();
/** What was tapped in one round says nothing in the next. */
const key = (door: string) => `${phone().round.value?.id ?? ""} ${door}`;

export function draftOf(door: string): Signal<DoorDraft> {
  const name = key(door);
  let found = drafts.get(name);
  if (found === undefined) drafts.set(name, (found = signal({ ...blank(), ...(JSON.parse(phone().drafts().get(name) ?? "{}") as Partial<DoorDraft>) })));
  return found;
}

export function change(door: string, by: Partial<DoorDraft>): void {
  const draft = draftOf(door);
  draft.value = { ...draft.value, ...by };
  phone().keepDraft(key(door), isBlank(draft.value) ? null : JSON.stringify(draft.value));
}

export function dropDraft(door: string): void {
  draftOf(door).value = blank();
  phone().keepDraft(key(door), null);
}

/** Nothing of what was tapped in stays in memory: the phone was stopped. */
export const forgetDrafts = (): void => drafts.clear();

export const isBlank = (draft: DoorDraft): boolean =>
  Object.keys(draft.ticks).length === 0 && draft.outcome === null && draft.heads === null && draft.note.trim() === "" && Object.keys(draft.door).length === 0 && Object.keys(draft.people).length === 0;

/** The doors with a draft, also of before the app was closed. */
export function unsaved(): string[] {
  const doors = [...drafts.keys(), ...phone().drafts().keys()].filter((name) => name.startsWith(key(""))).map((name) => name.slice(key("").length));
  return [...new Set(doors)].filter((door) => !isBlank(draftOf(door).value));
}

/** As it would be after saving. */
export const stateOf = (one: PersonView, draft: DoorDraft): string => draft.ticks[one.person.id]?.state ?? one.mark?.state ?? "none";

export function tick(door: string, person: string, what: Tick | null): void {
  const ticks = { ...draftOf(door).value.ticks };
  if (what === null) delete ticks[person];
  else ticks[person] = what;
  const outcome = what?.state === "done" ? null : draftOf(door).value.outcome;
  change(door, { ticks, outcome });
}

/** Of whom nothing was said yet; "nobody home" was said of the door, and not of them. Who was away or refused is ticked by himself. */
export const unspoken = (view: DoorView, draft: DoorDraft): PersonView[] =>
  living(view).filter((one) => one.owed && (stateOf(one, draft) === "none" || (stateOf(one, draft) === "nobody_home" && draft.ticks[one.person.id] === undefined)));

export function tickAll(view: DoorView): void {
  const draft = draftOf(view.door.id).value;
  const ticks = { ...draft.ticks };
  for (const one of unspoken(view, draft)) ticks[one.person.id] = { state: "done" };
  change(view.door.id, { ticks, outcome: null });
}

/** Everybody who is owed and of whom nothing was said stands as the whole door. */
export function setOutcome(view: DoorView, outcome: string): void {
  const draft = draftOf(view.door.id).value;
  const ticks = Object.fromEntries(Object.entries(draft.ticks).filter(([, one]) => one.state !== "done"));
  change(view.door.id, { outcome: draft.outcome === outcome ? null : outcome, ticks: draft.outcome === outcome ? draft.ticks : ticks });
}

export const newlyDone = (view: DoorView, draft: DoorDraft): string[] => living(view).filter((one) => draft.ticks[one.person.id]?.state === "done").map((one) => one.person.id);

/** A form that was begun and lacks something that is required: the names of what is missing. */
export function lacking(form: FormField[], of: "door" | "person", answers: Answers | undefined): FormField[] {
  if (answers === undefined || Object.keys(answers).length === 0) return [];
  return form.filter((field) => field.of === of && field.required && (answers[field.name] === undefined || answers[field.name] === ""));
}

/** As the site takes answers: texts, and none that is empty. */
const filled = (answers: Answers): Record<string, string> => Object.fromEntries(Object.entries(answers).flatMap(([name, value]) => (value === "" ? [] : [[name, String(value).trim()]])));

/** What the site tells, as a form shows it. */
export function answersOf(form: FormField[], told: Record<string, unknown> | null): Answers {
  const out: Answers = {};
  for (const [name, value] of Object.entries(told ?? {})) {
    const int = form.find((field) => field.name === name)?.type === "int" ? Number(value) : NaN;
    if (Number.isInteger(int) || typeof value === "string") out[name] = Number.isInteger(int) ? int : (value as string);
  }
  return out;
}

function formDraft(round: string, on: string, of: "door" | "person", answers: Answers): Draft {
  return { kind: "form.fill", on, body: { round, of }, personal: { answers: JSON.stringify(filled(answers)) } };
}

/** The visit, then the forms, then the tube: what one press of "save" records, together or not at all. */
export function visitDrafts(view: DoorView, draft: DoorDraft, round: RoundRecord, into: TubeView | null, fresh: string[]): Draft[] {
  const outcome = draft.outcome ?? "done";
  const ticks: Record<string, Tick> = { ...draft.ticks };
  if (outcome !== "done") for (const one of living(view)) if (one.owed && !one.covered) ticks[one.person.id] ??= { state: outcome };
  const body: Record<string, unknown> = { round: round.id, outcome };
  if (draft.heads !== null) body["heads"] = draft.heads;
  const visit: Draft = { kind: "visit", on: view.door.id, body };
  const amended = view.visit?.outcome === "done" && isBlank({ ...draft, door: {}, people: {} }); // nobody knocked once more
  if (draft.note.trim() !== "") visit.personal = { note: draft.note.trim() };
  const items = Object.entries(ticks).map(([person, one]) => ({
    body: { person, state: one.state, ...(one.excuse === undefined ? {} : { excuse: one.excuse }) },
    ...(one.evidence ? { personal: { evidence: one.evidence } } : {}),
  }));
  if (items.length > 0) visit.list = { name: "people", who: "person", items };
  const all = amended ? [] : [visit];
  if (Object.keys(filled(draft.door)).length > 0) all.push(formDraft(round.id, view.door.id, "door", draft.door));
  for (const [person, answers] of Object.entries(draft.people)) if (Object.keys(filled(answers)).length > 0) all.push(formDraft(round.id, person, "person", answers));
  if (into !== null && fresh.length > 0) all.push(fillDraft(into, fresh));
  return all;
}

export function fillDraft(tube: TubeView, people: string[]): Draft {
  const last = tube.people.reduce((most, one) => Math.max(most, one.position), 0);
  return { kind: "tube.fill", on: tube.id, body: {}, list: { name: "people", who: "person", items: people.map((person, at) => ({ body: { person, position: last + at + 1 } })) } };
}
