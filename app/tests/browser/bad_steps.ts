/** What tests of bad days share: a phone that is one page of a browser, joined to a real site, and what the site has of it. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { Dice, ledger, seed } from "../field/kit";
import { PIN, typePin, words } from "./walk";
import { World } from "./world";

export const say = words("zh");
export const dice = new Dice(seed());
/** What a browser says in its console when nobody answers, and of headers that count in a secure context only: that is not the app's fault. */
const BREAKS = /Opener-Policy header has been ignored|ERR_(CONNECTION|INTERNET|EMPTY|NETWORK|FAILED|SOCKET|ABORTED)|Failed to load resource: net::/;

export interface Field {
  context: BrowserContext;
  page: Page;
  problems: string[];
  device: string;
}

let people = 0;
/** Somebody who goes to the doors of a group. */
export const keeper = (world: World, area = "1-1"): string => world.account(`keeper${++people}`, `包栋${people}号`, "group_leader", area);

export function listen(page: Page, problems: string[]): void {
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && !BREAKS.test(message.text()) && problems.push(`${message.text()} ${message.location().url}`));
}

/** From the invitation until the doors are there. In a secure context also until the app's files are kept. */
export async function choosePin(page: Page): Promise<string> {
  await page.getByRole("heading", { name: say("field.enrol.pin"), exact: true }).waitFor();
  await typePin(page);
  await page.getByRole("heading", { name: say("field.enrol.pin_again"), exact: true }).waitFor();
  await typePin(page);
  await page.locator("header.top").waitFor({ timeout: 90000 });
  await page.getByText(say("field.strip.all_sent")).first().waitFor({ timeout: 90000 });
  await page.waitForFunction(() => !isSecureContext || navigator.serviceWorker.controller !== null, undefined, { timeout: 90000 });
  return page.evaluate(() => localStorage.getItem("doorward.device")!);
}

export interface How {
  member?: string;
  url?: string;
  options?: BrowserContextOptions;
  /** before the app begins: a wrong clock, say */
  before?: (context: BrowserContext, page: Page) => Promise<void>;
}

export async function join(world: World, browser: Browser, token: string, how: How = {}): Promise<Field> {
  const context = await browser.newContext({ ...World.phone, locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion: "reduce", ...how.options });
  const page = await context.newPage();
  const problems: string[] = [];
  listen(page, problems);
  await how.before?.(context, page);
  await page.goto(`${how.url ?? world.url}/#enrol=${await world.invitation(how.member ?? keeper(world), token)}`);
  return { context, page, problems, device: await choosePin(page) };
}

export async function unlock(page: Page, pin = PIN): Promise<void> {
  await page.getByText(say("field.lock.ask")).first().waitFor();
  await typePin(page, pin);
  await page.locator("header.top").waitFor({ timeout: 90000 });
}

export async function to(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => { location.hash = `#${hash}`; }, path);
}

/** Doors where somebody is owed and nobody was yet, at least so many, in the order in which one walks. */
export async function doors(page: Page, n: number): Promise<string[]> {
  await to(page, "/");
  await page.locator("a.building").first().waitFor();
  const buildings = await page.locator("a.building").evaluateAll((all) => all.map((one) => one.getAttribute("href")!.slice(1)));
  const found: string[] = [];
  for (const building of buildings) {
    if (found.length >= n) break;
    await to(page, building);
    await page.locator(`a.icon-button[href='#/register?building=${building.split("/").pop()}']`).waitFor();
    found.push(...(await page.locator("a.tile.info").evaluateAll((all) => all.map((one) => one.getAttribute("href")!.slice("#/door/".length)))));
  }
  if (found.length < n) throw new Error(`only ${found.length} doors are owed`);
  return found.slice(0, n);
}

/** Everybody behind a door, tapped and not saved. */
export async function tapAll(page: Page, door: string): Promise<void> {
  await to(page, `/door/${door}`);
  const all = page.locator(".button.main-soft.tall");
  await page.locator(`footer .button.main`).waitFor();
  await all.click();
  await page.locator("li.person.drafted").first().waitFor();
}

export const press = (page: Page): Promise<void> => page.locator("footer .button.main").click();

/** Saved when the door's own words say so, whatever else the screen shows. */
export async function tick(page: Page, door: string): Promise<void> {
  await tapAll(page, door);
  await press(page);
  await page.locator("li.person.drafted").first().waitFor({ state: "detached" });
}

export const unsent = (page: Page, n: number): Promise<void> => page.getByText(say("field.strip.unsent", { n })).first().waitFor();
export const allSent = (page: Page): Promise<void> => page.getByText(say("field.strip.all_sent")).first().waitFor({ timeout: 90000 });

export const strip = (page: Page): Promise<string> => page.locator("header.top .strip").innerText();

/** What the site has of a phone, in its own order. */
export async function received(world: World, token: string, device: string): Promise<{ n: number; kind: string; on: string; at: number; state: string; reason: string; body: any }[]> {
  const all = await ledger(world, token, device);
  return [...all.entries()].sort(([a], [b]) => a - b).map(([n, item]) => {
    const said = JSON.parse(item.text) as { kind: string; on: string; body: unknown };
    return { n, kind: said.kind, on: said.on, at: Date.parse((item as unknown as { at: string }).at), state: item.state, reason: item.reason, body: said.body };
  });
}

export const covered = async (world: World, token: string): Promise<number> => (await world.call("GET", "/rounds/0", undefined, token)).covered as number;

/** A clock that is wrong: this context's Date is so far ahead, and its timers go on as they are. */
export async function clockAhead(context: BrowserContext, ms: number): Promise<void> {
  await context.addInitScript((by) => {
    const Real = Date;
    class Wrong extends Real {
      constructor(...words: unknown[]) {
        if (words.length === 0) super(Real.now() + ((globalThis as any).ahead ?? by));
        else super(...(words as [string]));
      }
      static override now(): number {
        return Real.now() + ((globalThis as any).ahead ?? by);
      }
    }
    globalThis.Date = Wrong as DateConstructor;
  }, ms);
}
