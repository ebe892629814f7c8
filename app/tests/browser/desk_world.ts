/** A site in the middle of a round, for a desk to look at: phones that handed in, one that was revoked, a refusal, a look, a laboratory. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { PASSWORD, World } from "./world.ts";

const AXE = readFileSync(join(import.meta.dirname, "../../node_modules/axe-core/axe.min.js"), "utf8");

export class Phone {
  readonly world: World;
  readonly name: string;
  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
  }

  say(...words: string[]): any {
    const [group, verb, ...rest] = words;
    const answer = execFileSync(this.world.program, ["phone", group!, ...(verb === undefined ? [] : [verb, ...rest]), "--dir", this.name, "--json", "--quiet"], { cwd: this.world.folder, env: { ...process.env, DOORWARD_CONFIG: "/dev/null" }, encoding: "utf8" });
    return answer === "" ? null : JSON.parse(answer);
  }
}

/** A phone of a member, enrolled as a field worker does it. */
export async function phone(world: World, token: string, member: string, name: string): Promise<Phone> {
  const made = new Phone(world, name);
  const { invite } = await world.call("POST", "/devices/invites", { member, name }, token);
  made.say("enrol", "--url", `http://127.0.0.1:${world.port}`, "--invite", invite);
  made.say("pull");
  return made;
}

export async function member(world: World, token: string, name: string, role: string, area?: string): Promise<string> {
  const { id } = await world.call("POST", "/members", { name }, token);
  await world.call("POST", "/grants", { member: id, role, ...(area === undefined ? {} : { area }) }, token);
  return id;
}

export interface Busy {
  token: string;
  /** seq of entries that wait */
  held: number;
}

/** Two phones have worked half the village, a third was revoked before it handed in. */
export async function busy(world: World): Promise<Busy> {
  const token = await world.signIn();
  const first = await phone(world, token, await member(world, token, "林小燕", "sampler", "1"), "林小燕的手机");
  first.say("round", "--percent", "55", "--seed", "7");
  first.say("push");
  const lost = await member(world, token, "黄志勇", "volunteer", "1-1");
  const second = await phone(world, token, lost, "黄志勇的手机");
  const { items: missing } = await world.call("GET", "/rounds/0/missing?limit=6", undefined, token);
  const doors = [...new Set((missing as { door: string }[]).map((one) => one.door))].slice(0, 4);
  for (const door of doors) second.say("visit", door, "--as", "nobody_home");
  const { items: devices } = await world.call("GET", "/devices?limit=1000", undefined, token);
  const device = (devices as { id: string; name: string }[]).find((one) => one.name === "黄志勇的手机")!;
  await world.call("POST", `/devices/${device.id}/revoke`, { reason: "手机丢了" }, token);
  second.say("push");
  const { items: held } = await world.call("GET", "/held", undefined, token);
  const refuser = (await world.call("GET", "/rounds/0/missing?limit=40", undefined, token)).items.at(-1);
  await world.call("POST", "/rounds/0/visits", { door: refuser.door, outcome: "refused", people: [{ person: refuser.id, state: "refused" }] }, token);
  await world.call("POST", `/persons/${refuser.id}/reveal`, { reason: "打电话劝说" }, token);
  await world.call("POST", "/needs", { subject: refuser.id, what: "medicine", urgent: true, note: "降压药只够两天" }, token);
  await world.call("POST", "/accounts", { member: lost, login: "huang.zhiyong", password: PASSWORD }, token);
  return { token, held: held.length };
}

/** Through the door of the command post, as a person does it. */
export async function signIn(page: Page, world: World, language: "zh" | "en" = "zh", login = "chen"): Promise<void> {
  await page.goto(`${world.url}/?desk`);
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("button[type=submit]").click();
  await page.locator("nav.side").waitFor({ state: "attached" });
  await page.locator(`html[lang^=${language}]`).waitFor({ state: "attached" });
}

/** A desk in a browser profile of its own, signed in. */
export interface Desk {
  page: Page;
  context: BrowserContext;
  problems: string[];
  close: () => Promise<void>;
}
export async function deskOf(world: World, browser: Browser, language: "zh" | "en" = "en", options: BrowserContextOptions = World.desk, login = "chen"): Promise<Desk> {
  const { page, context, problems } = await world.page(browser, options, language);
  await signIn(page, world, language, login);
  return { page, context, problems, close: () => context.close() };
}

/** The window that asks. */
export const field = (page: Page, name: string) => page.locator(`dialog [name=${name}]`);
export const yes = (page: Page) => page.locator("dialog button[type=submit]").click();
/** Says yes, and waits until the server has taken it and the window is gone. */
export async function done(page: Page): Promise<void> {
  await yes(page);
  await page.locator("dialog").waitFor({ state: "detached" });
}
/** Stands in the table, on its first row, and opens it. */
export async function openFirst(page: Page): Promise<void> {
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.locator(".panel h2, .panel .why").first().waitFor();
}

/** Faults of what is on the screen that keep somebody out: who does not see it, or uses no mouse. */
export async function faults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    const found = await (window as any).axe.run(document, { resultTypes: ["violations"] });
    return found.violations.filter((one: any) => one.impact === "serious" || one.impact === "critical").map((one: any) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
  });
}

export const PAGES = ["/", "/missing", "/needs", "/persons", "/doors", "/areas", "/households", "/reviews", "/refusals", "/rounds", "/tubes?round=1", "/boxes", "/questions?round=1", "/holds", "/devices", "/members", "/grants", "/accounts", "/emergencies", "/held", "/imports", "/exports", "/papers", "/audit", "/me", "/names/covered"];

/** A page has come when nothing on it is loading. */
export async function come(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => { location.hash = `#${to}`; }, path);
  await page.locator("#main h1, #main h2, #main .empty").first().waitFor();
  await page.waitForFunction(() => document.querySelector("#main .loading, #main [aria-busy=true]") === null && document.querySelector("#main h1, #main .empty") !== null);
}
