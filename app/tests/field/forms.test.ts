/** What a round asks at a door and of people: the site takes what the screens make of it, tells it again, and takes what amends it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { answersOf, visitDrafts, type Answers, type DoorDraft } from "../../src/features/doors/draft";
import { dataOf, personal } from "../../src/features/doors/person_data";
import type { Engine } from "../../src/field/engine";
import { World } from "../browser/world";
import { enrolled } from "./kit";

let world: World;
let token: string;
let member: string;
beforeAll(async () => {
  world = await World.begin(300, 3);
  token = await world.signIn();
  member = world.account("leader", "林网格", "grid_leader");
}, 120000);
afterAll(() => world.end(), 60000);

const draft = (more: Partial<DoorDraft>): DoorDraft => ({ ticks: {}, outcome: null, heads: null, note: "", door: {}, people: {}, ...more });
const someDoor = (phone: Engine) => phone.buildings().flatMap((one) => phone.building(one.area.id)!.floors.flatMap((floor) => floor.doors)).find((door) => door.people.filter((one) => one.owed).length >= 2)!;

async function save(phone: Engine, door: string, more: Partial<DoorDraft>): Promise<string[]> {
  const own = await phone.record(...visitDrafts(phone.door(door)!, draft(more), phone.round.value!, null, []));
  await phone.syncNow();
  expect(phone.sync.value.problem).toBeNull();
  return phone.own().slice(-own.length).map((one) => `${one.kind} ${one.state} ${one.reason ?? ""}`.trim());
}

const rounds: { kind: string; of: "door" | "person"; first: Answers; then: Answers; told: Record<string, string> }[] = [
  { kind: "inspection", of: "door", first: { containers: 4, positive: 1, action: "emptied" }, then: { containers: 4, positive: 2, action: "" }, told: { containers: "4", positive: "2" } },
  { kind: "vaccination", of: "person", first: { dose: 2, lot: "202203A17" }, then: { dose: 2, lot: "202203A17", reaction: "mild" }, told: { dose: "2", lot: "202203A17", reaction: "mild" } },
  { kind: "evacuation", of: "person", first: { shelter: "洋埭小学" }, then: { shelter: "文化中心" }, told: { shelter: "文化中心" } },
];

test.each(rounds)("a round of $kind", async ({ kind, of, first, then, told }) => {
  world.run("round", "open", "--kind", kind);
  const { phone } = await enrolled(world, member, token);
  expect(phone.round.value?.kind).toBe(kind);
  expect(phone.form().some((field) => field.after_close)).toBe(false);
  const view = someDoor(phone);
  const [door, person] = [view.door.id, view.people.find((one) => one.owed)!.person.id];
  const said = (answers: Answers) => (of === "door" ? { door: answers } : { people: { [person]: answers } });
  const given = () => (of === "door" ? phone.door(door)! : phone.person(person)!).answers;
  expect(given()).toBeNull();
  expect(await save(phone, door, { ...said(first), ticks: { [person]: { state: "done" } } })).toEqual(["visit received", "form.fill received"]);
  expect(answersOf(phone.form(), given())).toEqual(first);
  const visits = phone.door(door)!.visit!.visits;
  expect(await save(phone, door, said(then))).toEqual(["form.fill received"]);
  expect(given()).toEqual(told);
  expect(phone.door(door)!.visit!.visits).toBe(visits);
  phone.close();
  const other = await enrolled(world, member, token);
  expect((of === "door" ? other.phone.door(door)! : other.phone.person(person)!).answers).toEqual(told);
  other.phone.close();
});

test("special groups that a phone says are told to others, and begin their forms", async () => {
  const { phone } = await enrolled(world, member, token);
  const one = someDoor(phone).people.find((who) => who.owed)!.person;
  await phone.record({ kind: "person.set", on: one.id, body: {}, personal: personal({ ...dataOf(one), flags: ["very_old", "alone"], others: [] }, dataOf(one)) });
  await phone.syncNow();
  phone.close();
  const other = await enrolled(world, member, token);
  expect(dataOf(other.phone.person(one.id)!.person)).toMatchObject({ flags: ["alone", "very_old"], others: [], hidden: false });
  other.phone.close();
});
