/** What goes wrong on a phone itself: a clock that is a day off, a disk that takes no more. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, CDPSession } from "playwright-core";
import { allSent, clockAhead, covered, dice, doors, join, press, received, say, strip, tapAll, tick, to, unlock, unsent, type Field } from "./bad_steps";
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

const DAY = 86400000;

test.each([["a day ahead", DAY], ["a day behind", -DAY]])("with a clock %s what was recorded offline counts in its round, in its order, and the screen says what is wrong", async (_name, ahead) => {
  const before = Date.now();
  const phone = await join(world, browser, token, { before: (context) => clockAhead(context, ahead) });
  const { page } = phone;
  await page.getByText(say("field.strip.clock")).waitFor();
  const there = await doors(page, 3);
  const had = await covered(world, token);
  await phone.context.setOffline(true);
  for (const door of there) await tick(page, door);
  await unsent(page, 3);
  await page.reload();
  await unlock(page);
  await unsent(page, 3);
  await phone.context.setOffline(false);
  await allSent(page);
  const site = await received(world, token, phone.device);
  expect(site.map((one) => [one.on, one.state])).toEqual(there.map((door) => [door, "accepted"]));
  const times = site.map((one) => one.at);
  expect([...times].sort((a, b) => a - b)).toEqual(times);
  expect(times[0]!).toBeGreaterThanOrEqual(before - 5000);
  expect(times[2]!).toBeLessThanOrEqual(Date.now());
  expect(await covered(world, token)).toBeGreaterThan(had);
  // what is wrong, and that nothing is lost by it
  await page.locator("header.top .strip").click();
  await page.getByText(say(ahead > 0 ? "field.sync.clock_fast" : "field.sync.clock_slow", { n: say("field.sync.days", { n: 1 }) })).waitFor();
  expect(phone.problems).toEqual([]);
  await phone.context.close();
}, 240000);

test("a clock that is set right between recording and sending moves nothing out of its round or its order", async () => {
  const phone = await join(world, browser, token, { before: (context) => clockAhead(context, -DAY) });
  const { page } = phone;
  const there = await doors(page, 2);
  await phone.context.setOffline(true);
  await tick(page, there[0]!);
  await page.evaluate(() => { (globalThis as any).ahead = 0; });
  await tick(page, there[1]!);
  await phone.context.setOffline(false);
  await to(page, "/sync");
  await page.getByRole("button", { name: say("field.sync.now") }).click();
  await allSent(page);
  const site = await received(world, token, phone.device);
  expect(site.map((one) => [one.on, one.state])).toEqual(there.map((door) => [door, "accepted"]));
  expect(site[0]!.at).toBeLessThanOrEqual(site[1]!.at);
  expect(phone.problems).toEqual([]);
  await phone.context.close();
}, 240000);

test("wrong PINs on a clock that is then set back a day do not shut the phone for a day", async () => {
  const phone = await join(world, browser, token, { before: (context) => clockAhead(context, DAY) });
  const { page } = phone;
  await phone.context.setOffline(true);
  await tick(page, (await doors(page, 1))[0]!);
  await page.reload();
  for (let n = 0; n < 4; n++) {
    await page.getByText(say("field.lock.ask")).first().waitFor();
    await typePin(page, "999999");
    await page.getByText(n < 3 ? say("field.lock.wrong") : /^按错太多次/).waitFor();
  }
  await page.evaluate(() => { (globalThis as any).ahead = 0; });
  // the wait begins anew once, by the clock as it is now, and is over then
  for (let n = 0; n < 2; n++) {
    await page.getByRole("button", { name: "1", exact: true }).and(page.locator(":enabled")).waitFor({ timeout: 60000 });
    await typePin(page);
    await page.locator("header.top, .gate-say .note.bad").first().waitFor({ timeout: 60000 });
  }
  await page.locator("header.top").waitFor({ timeout: 60000 });
  await unsent(page, 1);
  await phone.context.close();
}, 240000);

/** How much this site may write in all; undefined: as much as it likes. */
const allow = (cdp: CDPSession, bytes?: number): Promise<unknown> => cdp.send("Storage.overrideQuotaForOrigin", { origin: world.url, ...(bytes === undefined ? {} : { quotaSize: bytes }) });

/** Whether the disk takes so many bytes: what it was allowed before, the browser remembers for half a minute. */
const takes = (phone: Field, bytes: number): Promise<boolean> => phone.page.evaluate(async (size) => {
  const db = await new Promise<IDBDatabase>((done) => {
    const ask = indexedDB.open("probe", 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore("probe");
    ask.onsuccess = () => done(ask.result);
  });
  const tx = db.transaction("probe", "readwrite");
  tx.objectStore("probe").put(Uint8Array.from({ length: size }, () => 256 * Math.random()), "probe");
  const took = await new Promise<boolean>((done) => { tx.oncomplete = () => done(true); tx.onabort = () => done(false); });
  db.close();
  return took;
}, bytes);

test("a disk that takes no more: said before and at once, nothing half saved, what was saved is sent; with room again it goes on", async () => {
  const phone = await join(world, browser, token);
  const { page } = phone;
  const cdp = await phone.context.newCDPSession(page);
  const there = await doors(page, 3);
  await phone.context.setOffline(true);
  await tick(page, there[0]!);
  await unsent(page, 1);

  // little is left: said before anything is refused
  await takes(phone, 400000);
  await allow(cdp, (await page.evaluate(async () => (await navigator.storage.estimate()).usage!)) + 300000);
  await expect.poll(() => takes(phone, 400000), { timeout: 90000, interval: 1500 }).toBe(false);
  await page.reload();
  await unlock(page);
  await page.getByText(say("field.strip.full")).waitFor();
  await tick(page, there[1]!);
  await unsent(page, 2);

  // nothing is left: said at once, where the eyes are
  await allow(cdp, 1000);
  await expect.poll(async () => (await takes(phone, 400000)) || (await takes(phone, 10)), { timeout: 90000, interval: 1500 }).toBe(false);
  await tapAll(page, there[2]!);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await press(page);
  const refused = page.getByRole("alert").filter({ hasText: say("field.trouble.full") });
  await refused.waitFor();
  await expect.poll(() => refused.evaluate((one) => { const { top, bottom } = one.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; })).toBe(true);
  expect(await page.locator("li.person.drafted").count()).toBeGreaterThan(0);
  expect(await strip(page)).toContain(say("field.strip.unsent", { n: 2 }));
  await to(page, "/");
  await to(page, `/door/${there[2]}`);
  await page.locator("li.person.drafted").first().waitFor(); // what was tapped is still there

  // the phone opens though nothing can be written, knows what was saved, and hands it in
  await page.reload();
  await unlock(page);
  await unsent(page, 2);
  await phone.context.setOffline(false);
  await expect.poll(async () => (await received(world, token, phone.device)).map((one) => one.on), { timeout: 60000, interval: 500 }).toEqual(there.slice(0, 2));
  await allSent(page);
  await to(page, "/sync");
  await page.getByText(say("field.sync.full")).waitFor();

  await allow(cdp);
  await tapAll(page, there[2]!);
  await press(page);
  await page.locator("li.person.drafted").first().waitFor({ state: "detached" });
  await expect.poll(async () => (await received(world, token, phone.device)).map((one) => [one.n, one.on]), { timeout: 60000, interval: 500 }).toEqual(there.map((door, at) => [at + 1, door]));
  await allSent(page);
  await page.getByText(say("field.strip.full")).waitFor({ state: "detached" });
  expect(phone.problems).toEqual([]);
  await phone.context.close();
}, 240000);
