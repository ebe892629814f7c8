/** The round once more, in English and shorter, on a phone that holds a village of three thousand people. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { member, signIn } from "./desk_world.ts";
import { allSent, buildings, code, enrolPhone, go, goDoor, Handset, missingByDoor, openTube, personRow, picture, printedCards, putAway, save, scan, unlock, unsent, wedge, words, type Printed, type Who } from "./walk.ts";
import { World } from "./world.ts";

const SEED = 13;
const say = words("en");
let world: World;
let token: string;
let board: Page;
let phone: Handset;
let people: Who[];
let card: Printed;

const get = (path: string): Promise<any> => world.call("GET", path, undefined, token);

beforeAll(async () => {
  console.log(`journey_en: seed ${SEED}`);
  world = await World.begin(3000, SEED);
  token = await world.signIn();
  for (const building of await buildings(world, token)) {
    people = [...(await missingByDoor(world, token, building)).values()].find((who) => who.length === 3) ?? [];
    if (people.length === 0) continue;
    card = (await printedCards(world, token, building)).get(people[0]!.door)!;
    break;
  }
  ({ page: board } = await world.page(await world.browser(), World.desk, "en"));
  await signIn(board, world, "en");
  phone = await Handset.begin(world, "en");
  await enrolPhone(phone, await world.invitation(await member(world, token, "Maria Lin", "sampler"), token));
}, 240000);
afterAll(async () => {
  await phone?.end();
  await putAway();
  await world.end();
});

test("three thousand people are counted, listed and found", async () => {
  const { page } = phone;
  const round = await get("/rounds/0");
  expect(round.owed).toBeGreaterThan(2500);
  await page.locator(".progress .huge").getByText(round.missing.toLocaleString("en-GB"), { exact: true }).waitFor();
  const houses = ((await get("/areas?limit=1000")).items as { kind: string }[]).filter((one) => one.kind === "building" || one.kind === "factory").length;
  // a long list is drawn as one comes to it
  await page.waitForFunction((all) => {
    const shown = document.querySelectorAll("a.building");
    shown[shown.length - 1]?.scrollIntoView();
    return shown.length === all;
  }, houses);
  const search = page.locator("input[type=search]");
  await search.fill(people[0]!.name);
  await page.locator(`main .list a[href="#/door/${people[0]!.door}"]`).first().waitFor();
  await search.fill("lin");
  expect(await page.locator("main .list .line").count()).toBe(20);
  await search.fill("");
  await page.locator("a.building").first().click();
  await page.locator("a.tile").last().waitFor();
  await go(phone, "/second");
  await page.getByText(say("field.second.none")).waitFor();
});

test("in English, with no network: a card, a tube, a household, a killed browser", async () => {
  const { page } = phone;
  await phone.goOffline();
  phone.point(await picture(await code("E0001", "Code128")));
  await go(phone, "/tubes");
  await page.getByRole("button", { name: say("field.tube.new") }).click();
  await page.getByText("E0001", { exact: true }).waitFor();
  await openTube(phone, 5);
  await scan(phone, await card.seen());
  await page.locator(".note.good").waitFor();
  await page.getByRole("button", { name: say("field.door.everyone", { did: say("field.did.pcr"), n: 3 }) }).click();
  await save(phone);
  await page.getByText(say("field.building.count", { done: 3, all: 3 })).first().waitFor();
  await unsent(phone, 3);
  await phone.kill();
  await phone.again(true);
  await phone.page.getByText(say("field.lock.unsent", { n: 3 })).waitFor();
  await unlock(phone);
  await go(phone, "/tubes");
  await wedge(phone.page, "E0001");
  await phone.page.getByText(say("field.tube.room", { n: 2 })).waitFor();
  await phone.page.getByRole("button", { name: say("field.tube.seal"), exact: true }).click();
  await phone.page.locator("dialog .button.main").click();
  await phone.page.getByText(say("field.tube.is_sealed")).waitFor();
  await goDoor(phone, people[0]!.door);
  for (const one of people) await personRow(phone, one.name).getByRole("checkbox", { checked: true }).waitFor();
});

test("it arrives, and the board shows it", async () => {
  const before = Number((await board.locator('[data-tile="board.covered"] .tile-n').innerText()).replace(/\D/g, ""));
  await phone.goOnline();
  await allSent(phone);
  await board.waitForFunction((n) => Number(document.querySelector('[data-tile="board.covered"] .tile-n')!.textContent!.replace(/\D/g, "")) === n, before + 3);
  expect((await get("/rounds/0/tubes")).items).toMatchObject([{ code: "E0001", stage: "sealed", people: 3, doubtful: 0 }]);
  expect(phone.problems).toEqual([]);
});
