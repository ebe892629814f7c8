/** Which tube is being filled, how much room it has, and whether somebody is in one already. */
import { signal } from "@preact/signals";
import type { TubeView } from "../../field/phone";
import type { Draft } from "../../ledger/entry";
import { phone } from "../here";

const chosen = signal<string | null>(null);
export const chooseTube = (id: string): void => void (chosen.value = id);

export const roomLeft = (tube: TubeView): number => Math.max(0, tube.capacity - tube.people.length);

/** The one that was chosen; else the last that is open. */
export function activeTube(): TubeView | null {
  const open = phone().tubes().filter((one) => !one.sealed && one.use === "pool");
  return open.find((one) => one.id === chosen.value) ?? open.at(-1) ?? null;
}

/** The tube in which a person's sample is, of those of this phone. */
export const elsewhere = (person: string, but?: string): TubeView | null => phone().tubes().find((one) => one.use === "pool" && one.id !== but && one.people.some((who) => who.person === person)) ?? null;

/** Who was ticked on this phone and stands in no tube. */
export function loose(): string[] {
  const said = new Map<string, boolean>();
  for (const entry of phone().own()) {
    if (entry.kind !== "visit" || entry.state === "void") continue;
    for (const one of (entry.body["people"] as { person: string; state: string }[] | undefined) ?? []) said.set(one.person, one.state === "done");
  }
  return [...said].filter(([person, done]) => done && elsewhere(person) === null).map(([person]) => person);
}

/** He is taken out by taking back the entry that put him in; who came in with him is put in again. */
export function takeOutDrafts(tube: TubeView, person: string): Draft[] {
  const entry = phone().own().findLast((one) => one.kind === "tube.fill" && one.on === tube.id && one.state !== "void" && ((one.body["people"] as { person: string }[] | undefined) ?? []).some((who) => who.person === person));
  if (entry === undefined) return [];
  const rest = (entry.body["people"] as { person: string; position?: number }[]).filter((one) => one.person !== person);
  const undo: Draft = { kind: "entry.void", on: tube.id, body: { device: phone().device.value, n: entry.n } };
  return rest.length === 0 ? [undo] : [undo, { kind: "tube.fill", on: tube.id, body: {}, list: { name: "people", who: "person", items: rest.map((one) => ({ body: { ...one } })) } }];
}
