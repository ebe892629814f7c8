/** Phones that were stopped, lost, tried by strangers, wiped clean or set back: nothing recorded is lost, and nobody's name stays on them. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join as path } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allSent, choosePin, dice, doors, join, keeper, listen, received, say, tapAll, tick, to, unlock, unsent } from "./bad_steps";
import { typePin } from "./walk";
import { World } from "./world";

let world: World;
let browser: Browser;
let token: string;
beforeAll(async () => {
  world = await World.begin(200, 1 + dice.below(1000));
  browser = await world.browser();
  token = await world.signIn();
}, 180000);
afterAll(() => world.end());

/** A phone whose profile lies in a folder, so that it can be copied and searched. */
async function device(folder: string): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const context = await chromium.launchPersistentContext(folder, { ...World.phone, executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion: "reduce", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const page = context.pages()[0] ?? (await context.newPage());
  const problems: string[] = [];
  listen(page, problems);
  return { context, page, problems };
}
const profile = (): string => mkdtempSync(path(world.folder, "profile-"));

const names = (page: Page): Promise<string[]> => page.locator("li.person strong.name").allInnerTexts();

/** All that the browser keeps for this site, as text. */
const kept = (page: Page): Promise<string> => page.evaluate(async () => {
  const out: string[] = [document.title, document.body.innerText, document.cookie, location.href];
  const bytes = (all: Uint8Array) => new TextDecoder().decode(all) + new TextDecoder("utf-16le").decode(all.slice(0, all.length & ~1));
  const tell = (value: unknown): string => (value instanceof Uint8Array ? bytes(value) : value !== null && typeof value === "object" ? Object.values(value).map(tell).join(" ") : String(value));
  for (const store of [localStorage, sessionStorage]) for (let at = 0; at < store.length; at++) out.push(store.key(at)!, store.getItem(store.key(at)!)!);
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise<IDBDatabase>((done) => { const ask = indexedDB.open(name!); ask.onsuccess = () => done(ask.result); });
    for (const table of db.objectStoreNames) {
      const store = db.transaction(table).objectStore(table);
      for (const ask of [store.getAllKeys(), store.getAll()]) out.push(tell(await new Promise<unknown[]>((done) => (ask.onsuccess = () => done(ask.result)))));
    }
    db.close();
  }
  for (const name of await caches.keys()) for (const asked of await (await caches.open(name)).keys()) out.push(asked.url, await (await caches.match(asked))!.text());
  return out.join("\n");
});

/** Files of a profile in which one of these stands, as UTF-8 or as the browser's own UTF-16. */
function filesWith(folder: string, wanted: string[]): string[] {
  const needles = wanted.flatMap((one) => [Buffer.from(one, "utf8"), Buffer.from(one, "utf16le")]);
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const file = path(folder, name);
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true && needles.some((needle) => readFileSync(file).includes(needle));
  });
}

test("a phone that was revoked while it was away hands in what it holds, wipes itself, and may join again", async () => {
  const member = keeper(world);
  const folder = profile();
  const { context, page, problems } = await device(folder);
  await page.goto(`${world.url}/#enrol=${await world.invitation(member, token)}`);
  const id = await choosePin(page);
  const there = await doors(page, 3);
  await tick(page, there[0]!);
  await allSent(page);
  await context.setOffline(true);
  await tick(page, there[1]!);
  const people = await names(page);
  await page.locator("li.person button.state").first().click();
  await page.locator("dialog a[href*='/person/']").click(); // who stands in the heading now is not to stand in the browser's history
  await page.getByRole("heading", { name: people[0]!, exact: true }).waitFor();
  await tapAll(page, there[2]!);
  await page.locator("textarea").fill("王医生说要轻声");
  await unsent(page, 1);
  const before = await kept(page);
  expect(before.includes(id) && before.includes(there[2]!)).toBe(true);
  expect(people.length).toBeGreaterThan(0);
  const shown = await page.locator("body").innerText();
  expect(people.filter((name) => before.replace(shown, "").includes(name))).toEqual([]); // sealed, while it is in use too
  await world.call("POST", `/devices/${id}/revoke`, { reason: "丢了" }, token);
  await page.reload();
  await unlock(page);
  await unsent(page, 1);
  await context.setOffline(false);
  await page.getByText(say("field.wiped.title")).waitFor({ timeout: 60000 });
  expect((await received(world, token, id)).map((one) => [one.n, one.on, one.state, one.reason])).toEqual([[1, there[0], "accepted", "none"], [2, there[1], "held", "revoked"]]);
  for (const reload of [false, true]) {
    if (reload) await page.reload();
    await page.getByText(say("field.wiped.title")).waitFor();
    const left = await kept(page);
    expect([...people, "王医生", id, ...there].filter((word) => left.includes(word))).toEqual([]);
  }
  // whoever gets a new code may go on
  await page.getByRole("button", { name: say("field.wiped.join") }).click();
  await page.getByLabel(say("field.enrol.type")).fill(await world.invitation(member, token));
  await page.getByRole("button", { name: say("field.enrol.next") }).click();
  expect(await choosePin(page)).not.toBe(id);
  await page.locator("a.building").first().waitFor();
  expect(problems.filter((one) => !/status of 40[13]/.test(one))).toEqual([]);
  await context.close();
  expect(filesWith(folder, people)).toEqual([]);
}, 240000);

test("a phone that lies about locks itself: nobody's name on it, in its title or its history; wrong PINs cost time and no tick", async () => {
  const phone = await join(world, browser, token, { before: (_context, page) => page.clock.install() });
  const { page } = phone;
  const there = await doors(page, 2);
  await phone.context.setOffline(true);
  await tick(page, there[0]!);
  await tapAll(page, there[1]!);
  const people = await names(page);
  const where = await page.locator("h1").innerText();
  expect(await page.title()).not.toContain(where);
  await page.clock.fastForward("09:30");
  expect(await names(page)).toEqual(people);
  await page.clock.fastForward("01:30");
  await page.getByText(say("field.lock.ask")).first().waitFor();
  const seen = `${await page.title()} ${await page.content()}`;
  expect([...people, where].filter((word) => seen.includes(word))).toEqual([]);
  expect(await page.title()).toBe(say("app.name"));
  await page.getByText(say("field.lock.unsent", { n: 1 })).waitFor();

  const one = page.getByRole("button", { name: "1", exact: true });
  const waits: string[] = [];
  for (let n = 0; n < 8; n++) {
    await one.and(page.locator(":enabled")).waitFor();
    await typePin(page, "111111");
    await page.locator(".gate-say .note.bad").waitFor();
    waits.push(await page.locator(".gate-say").innerText());
    await page.clock.fastForward("03:00");
  }
  expect(new Set(waits.slice(3)).size).toBe(5); // each longer than the one before
  await one.and(page.locator(":enabled")).waitFor();
  await unlock(page);
  await unsent(page, 1);
  await page.locator("li.person.drafted").first().waitFor(); // not even what was only tapped
  await phone.context.setOffline(false);
  await to(page, "/sync");
  await page.getByRole("button", { name: say("field.sync.now") }).click();
  await allSent(page);
  expect((await received(world, token, phone.device)).map((one) => one.on)).toEqual([there[0]]);
  expect(phone.problems).toEqual([]);
  await phone.context.close();
}, 240000);

test("a phone whose storage was cleared joins as a new one, and finds what it had sent", async () => {
  const member = keeper(world);
  const phone = await join(world, browser, token, { member });
  const { page } = phone;
  const there = (await doors(page, 1))[0]!;
  await tick(page, there);
  await allSent(page);
  const cdp = await phone.context.newCDPSession(page);
  await cdp.send("Storage.clearDataForOrigin", { origin: world.url, storageTypes: "all" });
  await page.goto("about:blank");
  await page.goto(`${world.url}/#enrol=${await world.invitation(member, token)}`);
  expect(await choosePin(page)).not.toBe(phone.device);
  await to(page, `/door/${there}`);
  await page.locator("li.person.done").first().waitFor();
  expect(phone.problems).toEqual([]);
  await phone.context.close();
}, 240000);

test("a phone set back to an older state says so; what it recorded meanwhile is set aside, and recorded again by the new one", async () => {
  const member = keeper(world);
  const folder = profile();
  const [offline, online] = [profile(), profile()];
  let phone = await device(folder);
  await phone.page.goto(`${world.url}/#enrol=${await world.invitation(member, token)}`);
  const id = await choosePin(phone.page);
  const there = await doors(phone.page, 4);
  await tick(phone.page, there[0]!);
  await allSent(phone.page);
  await phone.context.close();
  for (const copy of [offline, online]) cpSync(folder, copy, { recursive: true, filter: (name) => !/Singleton/.test(name) });
  phone = await device(folder);
  await phone.page.goto(world.url);
  await unlock(phone.page);
  await tick(phone.page, there[1]!);
  await allSent(phone.page);
  await phone.context.close();

  // with a network it is told before anything is recorded under a number that is used
  phone = await device(online);
  await phone.page.goto(world.url);
  await unlock(phone.page);
  await phone.page.getByText(say("field.sync_problem.fork")).waitFor({ timeout: 60000 });
  await phone.context.close();

  phone = await device(offline);
  const { page } = phone;
  await phone.context.setOffline(true);
  await page.goto(world.url);
  await unlock(page);
  await tick(page, there[2]!);
  await tick(page, there[3]!);
  await phone.context.setOffline(false);
  await to(page, "/");
  await page.getByText(say("field.sync_problem.fork")).waitFor({ timeout: 60000 });
  await unsent(page, 2);
  await page.getByRole("link", { name: say("field.sync.rejoin") }).click();
  await page.getByLabel(say("field.enrol.type")).fill(await world.invitation(member, token));
  await page.getByRole("button", { name: say("field.enrol.next") }).click();
  const fresh = await choosePin(page);
  expect(fresh).not.toBe(id);
  await page.getByRole("heading", { name: say("field.left.title") }).waitFor();
  await page.getByRole("button", { name: say("field.left.again", { n: 2 }) }).click();
  await allSent(page);
  await expect.poll(async () => (await received(world, token, fresh)).map((one) => [one.n, one.on, one.state]), { timeout: 60000, interval: 500 }).toEqual([[1, there[2], "accepted"], [2, there[3], "accepted"]]);
  expect((await received(world, token, id)).map((one) => [one.n, one.on, one.state])).toEqual([[1, there[0], "accepted"], [2, there[1], "accepted"]]);
  await to(page, `/door/${there[1]}`);
  await page.locator("li.person.done").first().waitFor();
  expect(phone.problems.filter((one) => !one.includes("409"))).toEqual([]);
  await phone.context.close();
}, 240000);
