/** The register as texts for the disk: one of each building, one of what all share. One record a building is read thirty times sooner than one a door. */
import type { SiteThing } from "./records";
import type { Register } from "./register";

export function sharedText(register: Register): string {
  const all: SiteThing[] = [...register.members.values(), ...register.grants.values(), ...register.areas.values(), ...register.rounds.values()];
  if (register.site !== null) all.unshift(register.site);
  return JSON.stringify(all);
}

/** One building's records, those of its doors first, so that they are found when what lies behind them comes. */
export function cellText(register: Register, cell: string): string {
  const doors = cell === "" ? [...register.doors.values()].filter((door) => (door.area ?? "") === "").map((door) => door.id) : register.doorsOf.get(cell);
  const all: (SiteThing | undefined)[] = [];
  for (const id of doors) {
    all.push(register.doors.get(id));
    for (const household of register.householdsOf.get(id)) all.push(register.households.get(household));
  }
  const people = doors.flatMap((id) => [...register.peopleOf.get(id)]);
  for (const id of people) all.push(register.people.get(id));
  const subjects = [...doors, ...people];
  for (const [, marks] of register.marks) for (const id of people) all.push(marks.get(id));
  for (const [, visits] of register.visits) for (const id of doors) all.push(visits.get(id));
  for (const [, answers] of register.answers) for (const id of subjects) all.push(answers.get(id));
  for (const id of subjects) {
    all.push(register.follows.get(id));
    for (const need of register.needsOn.get(id)) all.push(register.needs.get(need));
  }
  if (cell === "") lost(register, all);
  return JSON.stringify(all.filter((record) => record !== undefined));
}

/** What belongs to something that is not here. */
function lost(register: Register, all: (SiteThing | undefined)[]): void {
  const known = (subject: string) => register.doors.has(subject) || register.people.has(subject);
  for (const household of register.households.values()) if (!register.doors.has(household.door)) all.push(household);
  const strayed = [...register.people.values()].filter((person) => person.door === undefined || !register.doors.has(person.door));
  all.push(...strayed);
  const here = new Set(strayed.map((person) => person.id));
  for (const [, marks] of register.marks) for (const mark of marks.values()) if (here.has(mark.person) || !register.people.has(mark.person)) all.push(mark);
  for (const [, visits] of register.visits) for (const visit of visits.values()) if (!register.doors.has(visit.door)) all.push(visit);
  for (const [, answers] of register.answers) for (const one of answers.values()) if (here.has(one.on) || !known(one.on)) all.push(one);
  for (const one of [...register.needs.values(), ...register.follows.values()]) if (here.has(one.on) || !known(one.on)) all.push(one);
}
