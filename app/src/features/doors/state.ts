/** How a door and a person stand, as the screens say it: a word, a picture and a tone, never a colour alone. */
import type { DoorView, PersonView } from "../../field/phone";
import type { DoorRecord } from "../../field/records";
import { coded, t } from "../../words";
import { didWord, phone } from "../here";
import type { Picture } from "../icons";
import type { Tone } from "../../ui/parts";

export interface Look {
  text: string;
  icon: Picture;
  tone: Tone;
}

const outcomes: Record<string, [Picture, Tone]> = { nobody_home: ["nobody", "warn"], refused: ["stop", "bad"], empty: ["empty", "none"], moved: ["moved", "none"], excused: ["excused", "none"] };
const states: Record<string, [Picture, Tone]> = { ...outcomes, done: ["check", "good"], away: ["away", "warn"], unknown_here: ["what", "none"] };

/** Those who live here now. */
export const living = (view: DoorView): PersonView[] => view.people.filter((one) => !one.person.left);

export function doorLook(view: DoorView): Look {
  if (view.owed > 0 && view.covered >= view.owed) return { text: didWord(), icon: "check", tone: "good" };
  const outcome = view.visit?.outcome;
  const known = outcome === undefined || outcome === "done" ? undefined : outcomes[outcome];
  if (known !== undefined) return { text: coded("outcome", outcome), icon: known[0], tone: known[1] };
  if (view.people.some((one) => one.mark?.state === "refused" && !one.covered)) return { text: t("outcome.refused"), icon: "stop", tone: "bad" };
  if (view.owed === 0) return view.visit === null ? { text: t("field.look.nobody_owed"), icon: "door", tone: "none" } : { text: t("outcome.done"), icon: "check", tone: "good" };
  return view.covered === 0 ? { text: t("field.look.owed"), icon: "door", tone: "info" } : { text: t("field.look.some"), icon: "again", tone: "warn" };
}

export function stateLook(state: string | undefined): Look {
  const known = state === undefined ? undefined : states[state];
  if (known === undefined) return { text: t("state.none"), icon: "door", tone: "info" };
  return { text: state === "done" ? didWord() : coded("state", state), icon: known[0], tone: known[1] };
}

const numeric = (text: string): boolean => /^\d+$/.test(text);
/** What is written on the door itself. */
export const doorShort = (door: DoorRecord): string => door.name || door.room || coded("door", door.kind);
export const unitText = (unit: string): string => (numeric(unit) ? t("field.building.unit", { n: unit }) : unit);
export const floorText = (floor: string): string => (/^-?\d+$/.test(floor) ? t("field.building.floor", { n: floor }) : floor);

/** A building's doors in the order in which one walks. */
export const doorsOf = (building: string): DoorView[] => phone().building(building)?.floors.flatMap((floor) => floor.doors) ?? [];

const open = (view: DoorView): boolean => view.owed > view.covered;

/** The next door in order where somebody is missing: in this building, then in those behind it, at last from the beginning. */
export function nextDoor(from: DoorView): DoorView | null {
  const here = doorsOf(from.area.id);
  const at = here.findIndex((view) => view.door.id === from.door.id);
  const found = here.slice(at + 1).find(open) ?? here.slice(0, Math.max(at, 0)).find((view) => open(view) && view.visit === null);
  if (found !== undefined) return found;
  const all = phone().buildings();
  const building = all.findIndex((one) => one.area.id === from.area.id);
  for (const one of [...all.slice(building + 1), ...all.slice(0, Math.max(building, 0))]) {
    if (one.owed <= one.covered) continue;
    const there = doorsOf(one.area.id).find(open);
    if (there !== undefined) return there;
  }
  return null;
}
