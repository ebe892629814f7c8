/** The whole round as a volunteer walks it, from the invitation on the command post's screen to the box in the rider's hands, with no network in between. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { come, member, signIn } from "./desk_world.ts";
import { allSent, buildings, cardsOf, choosePin, code, enrolPhone, go, goDoor, Handset, missingByDoor, openTube, personRow, picture, printedCards, putAway, save, sayOf, scan, tapsKept, unlock, unsent, wedge, words, type Printed, type Who } from "./walk.ts";
import { World } from "./world.ts";

const SEED = 5;
const say = words("zh");
let world: World;
let other: World;
let token: string;
let board: Page;
let desk: Page;
let phone: Handset;
let rider: Handset;
/** Who is missing behind doors of the building. */
let behind: Map<string, Who[]>;
/** As they hang at the doors of the building now, and as they were before they were issued anew. */
let cards: Map<string, Printed>;
let before: Map<string, Printed>;
/** Doors of this journey: three go into the tube and two do not, a small one, one whose card was revoked, one whose card is older. */
let [many, three, small, voided, renewed]: string[] = [];
/** Whose card has a stranger's site. */
let strange: Printed;

const get = (path: string): Promise<any> => world.call("GET", path, undefined, token);
const tile = async (word: string): Promise<number> => Number((await board.locator(`[data-tile="board.${word}"] .tile-n`).innerText()).replace(/\D/g, ""));
const who = (door: string, at: number): Who => behind.get(door)![at]!;
const did = say("field.did.pcr");

/** One that has the doors that this journey needs. */
async function aBuilding(): Promise<string> {
  for (const building of await buildings(world, token)) {
    behind = await missingByDoor(world, token, building);
    const doors = [...behind.keys()];
    [many, three] = [doors[0], doors.find((door, at) => at > 0 && behind.get(door)!.length === 3)];
    [small, voided, renewed] = doors.filter((door) => door !== many && door !== three);
    if (behind.get(many ?? "")?.length === 4 && three !== undefined && renewed !== undefined) return building;
  }
  throw new Error("no building has such doors: take another seed");
}

beforeAll(async () => {
  console.log(`journey_round: seed ${SEED}`);
  world = await World.begin(400, SEED);
  token = await world.signIn();
  const building = await aBuilding();
  before = await printedCards(world, token, building);
  cards = await printedCards(world, token, building, { reissue: true });
  other = new World();
  other.run("demo", "--people", "60", "--seed", "9", "--dir", ".");
  other.run("card", "print", "--area", "1-1-1", "--out", "cards.pdf");
  strange = [...(await cardsOf(other, readFileSync(join(other.folder, "cards.pdf")))).values()][0]!;
  await world.call("POST", `/doors/${voided}/card/revoke`, { reason: "丢了" }, token);
  const { page } = await world.page(await world.browser(), World.desk, "zh");
  board = page;
  await signIn(board, world, "zh");
  await board.locator("[data-tile]").first().waitFor();
}, 180000);
afterAll(async () => {
  await phone?.end();
  await rider?.end();
  await putAway();
  await other?.end();
  await world.end();
});

test("a phone is enrolled by scanning the code on the command post's screen", async () => {
  await member(world, token, "林小燕", "sampler", "1");
  desk = await board.context().newPage();
  await desk.goto(`${world.url}/?desk`);
  await desk.locator("nav.side").waitFor();
  await come(desk, "/devices");
  await desk.getByRole("button", { name: say("devices.invite") }).click();
  await desk.locator("dialog [name=member] option", { hasText: "林小燕" }).waitFor({ state: "attached" });
  await desk.locator("dialog [name=member]").selectOption({ label: "林小燕" });
  await desk.locator("dialog [name=name]").fill("林小燕的手机");
  await desk.locator("dialog button[type=submit]").click();
  await desk.locator("svg.qr").waitFor();
  phone = await Handset.begin(world);
  phone.point(await desk.screenshot({ type: "jpeg", quality: 85 }));
  await phone.page.goto(phone.line.url);
  await phone.page.getByRole("link", { name: say("sign_in.phone_go") }).click();
  await phone.page.getByRole("button", { name: say("field.enrol.scan") }).click();
  await choosePin(phone);
  await desk.getByText(say("devices.enrolled", { name: "林小燕的手机" })).waitFor();
});

test("a rider's phone is enrolled by opening the link", async () => {
  rider = await Handset.begin(world);
  await enrolPhone(rider, await world.invitation(await member(world, token, "王骑手", "rider"), token));
});

test("cards are read with no network: a good one opens its door, others say what is wrong with them", async () => {
  const { page } = phone;
  await phone.goOffline();
  await scan(phone, await strange.seen());
  await page.getByRole("alert").getByText(say("field.card.foreign")).waitFor();
  await scan(phone, await cards.get(voided!)!.seen());
  await page.getByRole("alert").getByText(say("field.card.revoked")).waitFor();
  await scan(phone, await before.get(renewed!)!.seen());
  await page.getByRole("alert").getByText(say("field.card.older")).waitFor();
  await scan(phone, await cards.get(many!)!.seen());
  await page.locator(".note.good").getByText(say("field.card.good", { version: 2 })).waitFor();
  expect(page.url()).toContain(many);
  expect(await page.locator("li.person").count()).toBeGreaterThanOrEqual(behind.get(many!)!.length);
});

test("a tube is opened by the camera; who is sampled goes into it, one is away, one refuses, the count differs from the card", async () => {
  const { page } = phone;
  phone.point(await picture(await code("T0001", "Code128")));
  await go(phone, "/tubes");
  await page.getByRole("button", { name: say("field.tube.new") }).click();
  await page.getByText("T0001", { exact: true }).waitFor();
  await openTube(phone, 5);
  await unsent(phone, 1);

  await goDoor(phone, many!);
  await personRow(phone, who(many!, 0).name).getByRole("checkbox").click();
  await personRow(phone, who(many!, 1).name).getByRole("checkbox").click();
  await sayOf(phone, who(many!, 2).name, "away");
  await sayOf(phone, who(many!, 3).name, "refused");
  await page.getByText(/^门牌卡 \d+ 人$/).waitFor();
  const more = page.getByRole("button", { name: say("field.input.more", { label: say("field.heads.counted") }) });
  await more.click();
  await more.click();
  await page.getByText(say("field.heads.more", { n: 1 })).waitFor();
  await page.locator(".tube-line").getByText("2 / 5").waitFor();
  await save(phone);
  await unsent(phone, 3);
  await go(phone, "/refusals");
  await page.locator("main .list").getByText(who(many!, 3).name).waitFor();
  await page.getByRole("button", { name: say("field.refusals.do") }).click();
  await page.getByRole("button", { name: say("field.follow.promised") }).click();
  await page.locator("dialog .chips button").last().click();
  await page.locator("dialog .button.main").click();
  await unsent(phone, 4);
});

test("the browser is killed in the middle: what was saved and what was only tapped in are there again", async () => {
  await goDoor(phone, three!);
  await personRow(phone, who(three!, 0).name).getByRole("checkbox").click();
  await tapsKept(phone, 1);
  await phone.kill();
  await phone.again(true);
  await phone.page.getByText(say("field.lock.unsent", { n: 4 })).waitFor();
  await unlock(phone);
  await unsent(phone, 4);
  await phone.page.getByText(say("field.home.unsaved", { n: 1 })).waitFor();
  await go(phone, "/tubes");
  await phone.page.locator("main .list").getByText("2 / 5").waitFor();
  await goDoor(phone, many!);
  await personRow(phone, who(many!, 0).name).getByRole("checkbox", { checked: true }).waitFor();
  await personRow(phone, who(many!, 2).name).getByText(say("state.away"), { exact: true }).waitFor();
  await personRow(phone, who(many!, 3).name).getByText(say("state.refused"), { exact: true }).waitFor();
});

test("who is on no list is found, who has just come is added, a mistake is taken back", async () => {
  const { page } = phone;
  await goDoor(phone, many!);
  for (const [name, how] of [["陈新来", "arrived"], ["郑漏网", "found"]] as const) {
    await page.getByRole("link", { name: say("field.person.add") }).click();
    await page.getByRole("button", { name: say(`field.person.${how}`) }).click();
    await page.getByLabel(say("field.person.name")).fill(name);
    await save(phone);
    await personRow(phone, name).getByText(say(`how.${how}`)).waitFor();
  }
  await personRow(phone, "郑漏网").getByRole("checkbox").click();
  await personRow(phone, "陈新来").getByRole("checkbox").click();
  await page.locator(".tube-line").getByText("4 / 5").waitFor();
  await save(phone);
  await unsent(phone, 10);
});

test("a tube takes no more than its capacity, and nobody who is in another", async () => {
  const { page } = phone;
  await goDoor(phone, three!);
  await page.getByRole("button", { name: say("field.door.everyone", { did, n: 2 }) }).click();
  await page.locator("footer .button.main").click();
  await page.getByRole("alert").getByText(say("field.door.tube_full", { code: "T0001", left: 1, n: 3 })).waitFor();
  await unsent(phone, 10);
  // a scanner that is a keyboard says the code of a new tube
  await wedge(page, "t0002");
  await openTube(phone, 10);
  await goDoor(phone, three!);
  await page.locator(".tube-line").getByText("3 / 10").waitFor();
  await save(phone);
  await unsent(phone, 13);
  await page.getByText(say("field.building.count", { done: 3, all: 3 })).first().waitFor();

  await go(phone, "/tubes");
  await page.locator("main .line", { hasText: "T0001" }).click();
  await page.getByText(say("field.tube.room", { n: 1 })).waitFor();
  await goDoor(phone, small!);
  await personRow(phone, who(small!, 0).name).getByRole("checkbox").click();
  await page.locator(".tube-line").getByText("5 / 5").waitFor();
  await save(phone);
  await unsent(phone, 15);
  await go(phone, "/tubes");
  await wedge(page, "T0001");
  await page.getByText(say("field.tube.is_full")).waitFor();
  await page.getByRole("button", { name: say("field.tube.add"), exact: true }).click();
  await page.getByRole("alert").getByText(say("field.tube.no_room", { code: "T0001", n: 5 })).waitFor();
  await go(phone, "/tubes");
  await wedge(page, "T0002");
  await page.getByRole("button", { name: say("field.tube.add"), exact: true }).click();
  await page.locator("dialog input[type=search]").fill(who(many!, 0).name);
  await page.locator("dialog .list .line", { hasText: who(many!, 0).name }).first().click();
  await page.getByRole("alert").getByText(say("field.tube.no_other", { name: who(many!, 0).name, code: "T0001" })).waitFor();
  await unsent(phone, 15);
});

test("a mistake is taken back: the tick, and the place in the tube with it", async () => {
  const { page } = phone;
  await goDoor(phone, three!);
  await personRow(phone, who(three!, 2).name).getByRole("checkbox").click();
  await page.getByRole("button", { name: say("field.people.back_now") }).click();
  await page.getByText(say("field.people.save_rest")).waitFor();
  await page.locator("dialog").waitFor({ state: "detached" });
  await sayOf(phone, who(three!, 2).name, "away");
  await save(phone);
  await page.getByText(say("field.building.count", { done: 2, all: 3 })).first().waitFor();
  await go(phone, "/tubes");
  await page.locator("main .line", { hasText: "T0002" }).getByText("2 / 10").waitFor();
});

const sealed = async (tube: string) => {
  const { page } = phone;
  await go(phone, "/tubes");
  await wedge(page, tube);
  await page.getByRole("button", { name: say("field.tube.seal"), exact: true }).click();
  await page.locator("dialog .button.main").click();
  await page.getByText(say("field.tube.is_sealed")).waitFor();
};

test("sealed, boxed, and handed to the rider: both sign, neither has a network", async () => {
  const { page } = phone;
  await sealed("T0001");
  await sealed("T0002");
  await page.getByRole("link", { name: say("field.box.pack") }).click();
  await page.getByRole("button", { name: say("field.box.pack") }).click();
  await page.locator("dialog").getByLabel(say("field.box.code")).first().fill("X01");
  await page.getByRole("button", { name: say("field.box.do_pack", { n: 2 }) }).click();
  await page.locator(".qr").waitFor();
  await rider.goOffline();
  await scan(rider, await phone.photo());
  await rider.page.getByRole("button", { name: say("field.hand.take"), exact: true }).click();
  await rider.page.getByText(say("field.hand.is_taken")).waitFor();
  await rider.page.locator(".qr").waitFor();
  phone.point(await rider.photo());
  await page.getByRole("button", { name: say("field.hand.scan"), exact: true }).click();
  await page.getByText(say("field.hand.is_given")).waitFor();
  await unsent(rider, 1);
});

test("with the network back everything arrives, and the board that was open all the time changes", async () => {
  const before = { covered: await tile("covered"), found: await tile("found"), arrived: await tile("arrived"), owed: await tile("owed"), missing: await tile("missing") };
  expect([before.found, before.arrived]).toEqual([0, 0]);
  await phone.goOnline();
  await rider.goOnline();
  await allSent(phone);
  await allSent(rider);
  // sampled: two of the first door and two who were on no list, two of the second, one of the third
  const after = { covered: before.covered + 7, found: 1, arrived: 1, owed: before.owed + 2, missing: before.missing - 5 };
  await board.waitForFunction((wanted) => Object.entries(wanted).every(([word, n]) => Number(document.querySelector(`[data-tile="board.${word}"] .tile-n`)?.textContent?.replace(/\D/g, "")) === n), after);
  const round = await get("/rounds/0");
  expect({ covered: round.covered, found: round.found, arrived: round.arrived, owed: round.owed, missing: round.missing }).toEqual(after);
});

test("behind the numbers stand the right names", async () => {
  const names = async (word: string): Promise<string[]> => {
    await come(desk, "/");
    await desk.locator(`[data-tile="board.${word}"]`).click();
    await desk.locator("[role=grid][aria-busy=false]").waitFor();
    return (await desk.locator("[role=grid] .grid-row [aria-colindex='1']").allInnerTexts()).sort();
  };
  await desk.keyboard.press("Escape");
  expect(await names("covered")).toEqual([who(many!, 0).name, who(many!, 1).name, "郑漏网", "陈新来", who(three!, 0).name, who(three!, 1).name, who(small!, 0).name].sort());
  expect(await names("found")).toEqual(["郑漏网"]);
  expect(await names("arrived")).toEqual(["陈新来"]);
  const reasons = new Map(((await get("/rounds/0/missing?limit=1000")).items as { id: string; reason: string }[]).map((one) => [one.id, one.reason]));
  expect([who(many!, 2), who(many!, 3), who(three!, 2)].map((one) => reasons.get(one.id))).toEqual(["away", "refused", "away"]);
  expect((await get("/refusals")).items).toMatchObject([{ name: who(many!, 3).name, step: "promised" }]);
});

test("the server has the tubes as they were handed over, and nothing to ask about them", async () => {
  const tubes = (await get("/rounds/0/tubes")).items;
  expect(tubes).toMatchObject([{ code: "T0001", stage: "handed", people: 5, capacity: 5, doubtful: 0, box: "X01" }, { code: "T0002", stage: "handed", people: 2, capacity: 10, doubtful: 0, box: "X01" }]);
  const box = (await get("/boxes")).items.find((one: { code: string }) => one.code === "X01");
  expect(box).toMatchObject({ tubes: 2, one_sided: false });
  const holder = ((await get("/devices?limit=1000")).items as { id: string; name: string }[]).find((one) => one.id === box.holder);
  expect(holder?.name).toBe("测试手机");
  await come(desk, "/tubes?round=2");
  await desk.locator(".grid-row", { hasText: "T0001" }).getByText(say("stage.handed")).waitFor();
  expect((await get("/held")).items).toEqual([]);
  expect((await get("/rounds/0/questions")).items).toEqual([]);
  for (const one of [phone, rider]) expect(one.problems).toEqual([]);
});
