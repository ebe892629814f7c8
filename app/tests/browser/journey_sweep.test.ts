/** A sweep with no network: doors that no list has, people with what they need help for, a need, a second pass; and all of it arrives. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { member } from "./desk_world.ts";
import { allSent, buildings, chip, enrolPhone, go, goDoor, Handset, missingByDoor, putAway, save, syncNow, unsent, words } from "./walk.ts";
import { World } from "./world.ts";

const SEED = 11;
const say = words("zh");
let world: World;
let token: string;
let phone: Handset;
/** an area's id, and a door in it where somebody is missing */
let building: string;
let door: string;

const get = (path: string): Promise<any> => world.call("GET", path, undefined, token);
const picture = (text: string) => phone.page.locator("button.picture", { hasText: new RegExp(`^${text}$`) });

beforeAll(async () => {
  console.log(`journey_sweep: seed ${SEED}`);
  world = await World.begin(300, SEED);
  world.run("round", "open", "--kind", "sweep");
  token = await world.signIn();
  const code = (await buildings(world, token))[0]!;
  building = ((await get("/areas?limit=1000")).items as { id: string; code: string }[]).find((one) => one.code === code)!.id;
  door = [...(await missingByDoor(world, token, code)).keys()][0]!;
  phone = await Handset.begin(world);
  await enrolPhone(phone, await world.invitation(await member(world, token, "苏志愿", "volunteer", "1"), token));
  await phone.goOffline();
}, 180000);
afterAll(async () => {
  await phone?.end();
  await putAway();
  await world.end();
});

const HOMES = [
  { kind: "flat", household: "family", room: "909", name: "", person: "陈独老", flags: ["alone", "very_old"] },
  { kind: "dormitory", household: "dormitory", room: "宿舍3", name: "", person: "阮打工", flags: ["pregnant"] },
  { kind: "shop", household: "shop", room: "", name: "阿强小吃", person: "张阿强", flags: ["hypertension", "diabetes"] },
  { kind: "factory_gate", household: "factory", room: "", name: "华新鞋厂", person: "刘门卫", flags: [] },
] as const;

test("households, a dormitory, a shop and a factory are registered on the way, with who needs what", async () => {
  const { page } = phone;
  let said = 0;
  for (const home of HOMES) {
    await go(phone, `/building/${building}`);
    await page.locator(`a[href="#/register?building=${building}"]`).click();
    await picture(say(`door.${home.kind}`)).click();
    if (home.name !== "") await page.getByLabel(say("field.register.name")).fill(home.name);
    if (home.room !== "") await page.getByLabel(say("field.register.room")).fill(home.room);
    await save(phone);
    await page.getByRole("link", { name: say("field.person.add") }).click();
    await picture(say("field.person.found")).click();
    await page.getByLabel(say("field.person.name")).fill(home.person);
    for (const flag of home.flags) await chip(phone, say(`field.flag.${flag}`)).click();
    await save(phone);
    await page.locator("strong.name", { hasText: home.person }).waitFor();
    await unsent(phone, (said += 4));
  }
});

test("a need is raised in three taps", async () => {
  await goDoor(phone, door);
  await phone.page.getByRole("link", { name: say("field.need.title") }).click();
  await picture(say("need.medicine")).click();
  await picture(say("field.need.urgent")).click();
  await save(phone);
  await phone.page.getByText(say("field.door.need_open", { what: say("need.medicine") })).waitFor();
});

test("where nobody was home there is a second pass, which leads back to the door and ends there", async () => {
  const { page } = phone;
  await picture(say("outcome.nobody_home")).click();
  await save(phone);
  await unsent(phone, 18);
  await page.goto(`${phone.line.url}/#/`);
  await page.locator("nav.tabs a[href='#/second']").click();
  await page.locator("main .list .line", { hasText: say("outcome.nobody_home") }).click();
  await page.waitForFunction((id) => location.hash === `#/door/${id}`, door);
  await page.getByRole("button", { name: /^全部/ }).click();
  await save(phone);
  await go(phone, "/second");
  await page.getByText(say("field.second.none")).waitFor();
  await unsent(phone, 19);
});

test("all of it arrives", async () => {
  await phone.goOnline();
  await syncNow(phone);
  await allSent(phone);
  const doors = (await get("/doors?limit=1000")).items as { id: string; kind: string; room: string; name: string }[];
  const households = (await get("/households?limit=1000")).items as { door: string; kind: string }[];
  const people = (await get("/persons?limit=1000")).items as { id: string; name: string; door: string }[];
  for (const home of HOMES) {
    const found = doors.filter((one) => one.kind === home.kind && one.room === home.room && one.name === home.name);
    expect(found.length).toBe(1);
    expect(households.filter((one) => one.door === found[0]!.id).map((one) => one.kind)).toEqual([home.household]);
    const [who] = people.filter((one) => one.door === found[0]!.id);
    expect(who?.name).toBe(home.person);
    const { values } = await world.call("POST", `/persons/${who!.id}/reveal`, { reason: "核对特殊人群" }, token);
    expect((values.flags ?? "").split("、").filter((one: string) => one !== "")).toEqual(home.flags.map((flag) => say(`field.flag.${flag}`)));
  }
  expect((await get("/needs?open=true")).items).toMatchObject([{ of: "door", door, what: "medicine", urgent: true }]);
  expect(await get("/rounds/0")).toMatchObject({ kind: "sweep", found: 4 });
  expect((await get("/held")).items).toEqual([]);
  expect(phone.problems).toEqual([]);
});
