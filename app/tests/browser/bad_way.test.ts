/** Two tabs of one phone, and an address that is not secure: what is told, and that work goes on. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allSent, choosePin, dice, doors, join, keeper, listen, press, received, say, strip, tapAll, tick, to, unlock, unsent, type Field } from "./bad_steps";
import { code, picture, printedCards, putAway } from "./walk";
import { World } from "./world";

const PLAIN = "dorf.test";
let world: World;
let browser: Browser;
let token: string;
beforeAll(async () => {
  world = await World.begin(200, 1 + dice.below(1000));
  browser = await world.browser(`--host-resolver-rules=MAP ${PLAIN} 127.0.0.1`);
  token = await world.signIn();
}, 180000);
afterAll(async () => {
  await putAway();
  await world.end();
});
const plainUrl = (): string => `http://${PLAIN}:${world.port}`;

/** The first tab records; the second shows and says so; it takes over when the first is closed. Nothing is written twice. */
async function twoTabs(phone: Field, url: string): Promise<void> {
  const { page, context } = phone;
  const there = await doors(page, 3);
  await tick(page, there[0]!);
  await allSent(page);
  const other = await context.newPage();
  listen(other, phone.problems);
  await other.goto(url);
  await unlock(other);
  await other.getByText(say("field.strip.elsewhere")).waitFor();
  await tapAll(other, there[2]!);
  await press(other);
  await other.getByRole("alert").filter({ hasText: say("field.trouble.elsewhere") }).waitFor();
  // what the first records, the second shows
  await context.setOffline(true);
  await tick(page, there[1]!);
  await unsent(other, 1);
  await page.close();
  await other.getByText(say("field.strip.elsewhere")).waitFor({ state: "detached", timeout: 60000 });
  await to(other, `/door/${there[2]}`);
  await other.locator("li.person.drafted").first().waitFor();
  await press(other);
  await other.locator("li.person.drafted").first().waitFor({ state: "detached" });
  await unsent(other, 2);
  await context.setOffline(false);
  await to(other, "/sync");
  await other.getByRole("button", { name: say("field.sync.now") }).click();
  await allSent(other);
  expect((await received(world, token, phone.device)).map((one) => [one.n, one.on, one.state])).toEqual(there.map((door, at) => [at + 1, door, "accepted"]));
  expect(phone.problems).toEqual([]);
  await context.close();
}

test("of two tabs one writes, the other says so and takes over when the first is closed", async () => {
  await twoTabs(await join(world, browser, token), world.url);
}, 240000);

const photo = async (page: Page, text: string): Promise<void> =>
  page.locator("input[type=file]").setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer: await picture(await code(text)) });

test("over plain HTTP it says what is missing and how to mend it, and joins, ticks and sends by photographs and typed codes", async () => {
  const member = keeper(world);
  const context = await browser.newContext({ ...World.phone, locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion: "reduce" });
  const page = await context.newPage();
  const phone: Field = { context, page, problems: [], device: "" };
  listen(page, phone.problems);
  await page.goto(`${plainUrl()}/?field`);
  expect(await page.evaluate(() => [isSecureContext, typeof crypto.subtle, "serviceWorker" in navigator, typeof navigator.locks, typeof navigator.mediaDevices])).toEqual([false, "undefined", false, "undefined", "undefined"]);
  await page.getByText(say("field.unsafe.title")).waitFor();
  await page.getByText(say("field.unsafe.missing")).waitFor();
  await page.getByText(say("field.unsafe.ask")).waitFor(); // this server has no secure address of its own to send anybody to
  await photo(page, `${plainUrl()}/#enrol=${await world.invitation(member, token)}`);
  phone.device = await choosePin(page);
  const there = await doors(page, 2);
  const area = (await world.call("GET", `/doors/${there[0]}`, undefined, token)).area as string;
  const cards = await printedCards(world, token, (await world.call("GET", `/areas/${area}`, undefined, token)).code as string);

  // a card's photograph, and a card's code typed in
  await to(page, "/scan");
  await page.getByText(say("field.scan.no_camera_plain")).waitFor();
  const [one, two] = there.map((door) => cards.get(door)!);
  await photo(page, one!.text);
  await page.waitForFunction((door) => location.hash === `#/door/${door}`, there[0]);
  await page.locator(".note.good").waitFor(); // the card is checked, without the browser's own crypto
  await tick(page, there[0]!);
  await to(page, "/scan");
  await page.getByLabel(say("field.scan.type")).fill(two!.text);
  await page.getByRole("button", { name: say("do.ok"), exact: true }).click();
  await page.waitForFunction((door) => location.hash === `#/door/${door}`, there[1]);
  await allSent(page);
  await context.setOffline(true);
  await tick(page, there[1]!);
  await unsent(page, 1);
  await context.setOffline(false);
  await page.reload();
  await unlock(page);
  await allSent(page);
  expect((await received(world, token, phone.device)).map((entry) => [entry.n, entry.on, entry.state])).toEqual(there.map((door, at) => [at + 1, door, "accepted"]));
  expect(await strip(page)).not.toContain(say("field.strip.full"));
  expect(phone.problems.filter((problem) => !problem.includes("/api/v1/authority"))).toEqual([]);
  await context.close();
}, 240000);

test("over plain HTTP, too, one of two tabs writes", async () => {
  await twoTabs(await join(world, browser, token, { url: plainUrl() }), plainUrl());
}, 240000);
