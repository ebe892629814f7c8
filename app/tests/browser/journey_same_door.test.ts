/** Two phones at the same door, both with no network, that say different things: whoever comes back first, all end with the same. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { member } from "./desk_world.ts";
import { allSent, buildings, enrolPhone, go, goDoor, Handset, missingByDoor, openTube, personRow, putAway, save, sayOf, syncNow, unsent, wedge, words, type Who } from "./walk.ts";
import { World } from "./world.ts";

const SEED = 7;
const say = words("zh");
let world: World;
let token: string;
let wu: Handset;
let cai: Handset;
/** Two doors with three people each, in one building; one of a building that is taken from Cai while he is away. */
let [first, second, taken]: Who[][] = [];
let grant: string;

const get = (path: string): Promise<any> => world.call("GET", path, undefined, token);

beforeAll(async () => {
  console.log(`journey_same_door: seed ${SEED}`);
  world = await World.begin(400, SEED);
  token = await world.signIn();
  let both = "";
  let lost = "";
  for (const building of await buildings(world, token)) {
    const threes = [...(await missingByDoor(world, token, building)).values()].filter((people) => people.length === 3);
    if (both === "" && threes.length >= 2) [both, first, second] = [building, threes[0], threes[1]];
    else if (lost === "" && threes.length > 0) [lost, taken] = [building, threes[0]];
  }
  const one = await member(world, token, "吴亚芳", "group_leader", "1");
  const two = await member(world, token, "蔡国强", "sampler", both);
  grant = (await world.call("POST", "/grants", { member: two, role: "sampler", area: lost }, token)).id;
  [wu, cai] = [await Handset.begin(world), await Handset.begin(world)];
  await enrolPhone(wu, await world.invitation(one, token));
  await enrolPhone(cai, await world.invitation(two, token));
}, 180000);
afterAll(async () => {
  await wu?.end();
  await cai?.end();
  await putAway();
  await world.end();
});

/** What both say of a door with no network: the first ticks one as done and calls one away; the second, later, says other things of the same three. */
async function differ(people: Who[]): Promise<void> {
  const [a, b, c] = people as [Who, Who, Who];
  for (const phone of [wu, cai]) {
    await phone.goOffline();
    await goDoor(phone, a.door);
  }
  await personRow(wu, a.name).getByRole("checkbox").click();
  await sayOf(wu, b.name, "away");
  await save(wu);
  await unsent(wu, 1);
  await sayOf(cai, a.name, "away");
  await sayOf(cai, b.name, "refused");
  await personRow(cai, c.name).getByRole("checkbox").click();
  await save(cai);
  await unsent(cai, 1);
}

/** A door as a phone shows it: what it says of each, how many, how often somebody was there. */
async function shown(phone: Handset, people: Who[]): Promise<string[]> {
  await goDoor(phone, people[0]!.door);
  const rows = [];
  for (const one of people) rows.push(await personRow(phone, one.name).locator("button.state").innerText());
  rows.push(await phone.page.locator("header.top .soft.small").innerText());
  await go(phone, "/second");
  rows.push((await phone.page.locator(`a[href="#/door/${people[0]!.door}"] .details`).innerText()).replace(/ · .*/, ""));
  return rows;
}

/** The same, as the site has it. */
async function site(people: Who[]): Promise<unknown[]> {
  const marks = (await get("/tables/marks?format=json")) as { round: string; person: string; state: string }[];
  const left = ((await get("/rounds/0/left")).items as { door: string; visits: number; missing: number }[]).find((one) => one.door === people[0]!.door);
  return [...people.map((one) => marks.find((mark) => mark.person === one.id && Number(mark.round) === 2)?.state), left?.missing, left?.visits];
}

const TRUTH = ["done", "refused", "done", 1, 2];
const SHOWN = [say("field.did.pcr"), say("state.refused"), say("field.did.pcr"), say("field.building.count", { done: 2, all: 3 }), say("field.second.visits", { n: 2 })];

test.each([["first", "second"], ["second", "first"]])("the %s comes back before the %s", async (order) => {
  const people = order === "first" ? first! : second!;
  await differ(people);
  const [early, late] = order === "first" ? [wu, cai] : [cai, wu];
  for (const phone of [early, late]) {
    await phone.goOnline();
    await syncNow(phone);
    await allSent(phone);
  }
  await syncNow(early);
  expect(await site(people)).toEqual(TRUTH);
  expect(await shown(wu, people)).toEqual(SHOWN);
  expect(await shown(cai, people)).toEqual(SHOWN);
});

test("nothing was lost and nothing doubled, however often it is said again", async () => {
  for (const phone of [wu, cai]) await syncNow(phone);
  for (const people of [first!, second!]) expect(await site(people)).toEqual(TRUTH);
  expect(await get("/rounds/0")).toMatchObject({ covered: 4, found: 0, arrived: 0 });
  const phones = ((await get("/devices?limit=1000")).items as { name: string; received: number; outstanding: number }[]).filter((one) => one.name === "测试手机");
  expect(phones.map((one) => [one.received, one.outstanding])).toEqual([[2, 0], [2, 0]]);
  expect((await get("/held")).items).toEqual([]);
});

test("a tube's code that both used: the first tube is meant, and the command post is told of the second", async () => {
  for (const [phone, at] of [[wu, 0], [cai, 2]] as const) {
    await phone.goOffline();
    await go(phone, "/tubes");
    await wedge(phone.page, "T0009");
    await openTube(phone, 5);
    await phone.page.getByRole("button", { name: say("field.tube.add"), exact: true }).click();
    await phone.page.locator("dialog .list .line", { hasText: first![at]!.name }).click();
    await phone.page.getByText(say("field.tube.room", { n: 4 })).waitFor();
  }
  for (const phone of [cai, wu]) {
    await phone.goOnline();
    await syncNow(phone);
    await allSent(phone);
  }
  const { items } = await get("/rounds/0/questions");
  expect((items as { question: string; person: string | null }[]).filter((one) => one.question === "code_taken").map((one) => one.person)).toEqual([first![2]!.id]);
});

test("said at a door that was given to somebody else meanwhile: it is held, the phone says why, and it counts once it was decided", async () => {
  await cai.goOffline();
  await goDoor(cai, taken![0]!.door);
  await personRow(cai, taken![0]!.name).getByRole("checkbox").click();
  await cai.page.locator(".tube-line").click();
  await save(cai);
  await unsent(cai, 1);
  await world.call("DELETE", `/grants/${grant}`, undefined, token);
  const before = (await get("/rounds/0")).covered;
  await cai.goOnline();
  await syncNow(cai);
  await cai.page.locator("header.top .strip").getByText(say("field.strip.held", { n: 1 })).waitFor();
  await go(cai, "/mine");
  const line = cai.page.locator("main .list .line.held");
  await line.getByText(say("held.outside")).waitFor();
  expect((await get("/rounds/0")).covered).toBe(before);
  const [held] = (await get("/held")).items;
  expect(held.reason).toBe("outside");
  await world.call("PUT", `/held/${held.seq}`, { decision: "accept" }, token);
  expect((await get("/rounds/0")).covered).toBe(before + 1);
  await syncNow(cai);
  await go(cai, "/mine");
  await line.waitFor({ state: "detached" });
  for (const phone of [wu, cai]) expect(phone.problems).toEqual([]);
});
