/** The desk for those who do not see it or use no mouse: every window of every page, at a desk and on a phone; and the way from the board to a person by keys. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { busy, come, deskOf, faults, field, openFirst, PAGES, yes } from "./desk_world.ts";
import { PASSWORD, World } from "./world.ts";

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await World.begin(200, 6);
  await busy(world);
  browser = await world.browser();
}, 180000);
afterAll(() => world.end());

const inside = (page: Page): Promise<boolean> => page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest("dialog") !== null);

/** A window that asks: read by axe, kept in by Tab, left by Escape, and the keyboard is where it was. */
async function window(page: Page, name: string): Promise<string[]> {
  const found = (await faults(page)).map((fault) => `${name}: ${fault}`);
  for (let at = 0; at < 4; at++) {
    await page.keyboard.press("Tab");
    if (!(await inside(page))) found.push(`${name}: Tab leads out of the window`);
  }
  const words = await page.locator("dialog[open]").innerText();
  if (/undefined|\[object|NaN|[0-9a-f]{8}-[0-9a-f]{4}-/.test(words)) found.push(`${name}: says ${words.slice(0, 80)}`);
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  return found;
}

/** Buttons that ask before they do anything: all but those with a key, which act at once. */
const ASKS = "#main .page-do button, #main .panel .stack > button:not(:has(kbd)), #main .panel .stack > .row button:not(:has(kbd)), #main .toolbar > button:not([title]), #main .batches tr:first-child button, #main .papers li:first-child button";

/** `seen`: windows that were looked at on another page already. */
async function windows(page: Page, path: string, seen: Set<string>): Promise<string[]> {
  const found: string[] = [];
  if ((await page.locator("#main [role=grid]").count()) > 0) await openFirst(page);
  const buttons = page.locator(ASKS);
  for (let at = 0; at < (await buttons.count()); at++) {
    const button = buttons.nth(at);
    const name = (await button.innerText()).trim();
    if (seen.has(name) || !(await button.isVisible())) continue;
    seen.add(name);
    await button.focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    found.push(...(await window(page, `${path} ${name}`)));
    await page.waitForFunction(() => document.activeElement !== document.body, undefined, { timeout: 5000 }).catch(() => found.push(`${path} ${name}: the keyboard is not given back`));
  }
  return found;
}

const cases: [string, "zh" | "en", BrowserContextOptions][] = [
  ["zh at a desk", "zh", { ...World.desk, colorScheme: "dark" }],
  ["en on a phone", "en", World.phone],
];
test.each(cases)("every window of every page can be read and left by everybody (%s)", async (_name, language, options) => {
  const { page, problems, close } = await deskOf(world, browser, language, options);
  const found: string[] = [];
  const seen = new Set<string>();
  for (const path of PAGES.filter((one) => one !== "/me" && !one.startsWith("/names"))) {
    await come(page, path);
    found.push(...(await windows(page, path, seen)));
    if ((await page.locator("#main .panel").count()) > 0) {
      await page.keyboard.press("Escape");
      await page.locator("#main .panel").waitFor({ state: "detached" });
    }
  }
  expect(seen.size).toBeGreaterThan(20);
  expect(found).toEqual([]);
  expect(problems).toEqual([]);
  await close();
}, 120000);

test.each(cases)("the door, the side, menus and windows that show something have no fault either (%s)", async (_name, language, options) => {
  const { page, context } = await world.page(browser, options, language);
  const found: string[] = [];
  const look = async (name: string) => found.push(...(await faults(page)).map((fault) => `${name}: ${fault}`));
  await page.goto(`${world.url}/?desk`);
  await page.locator("input[name=login]").fill("chen");
  await page.locator("input[name=password]").fill("wrong");
  await page.locator("button[type=submit]").click();
  await page.locator(".note.bad").waitFor();
  await look("sign-in");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("button[type=submit]").click();
  await page.locator("nav.side").waitFor({ state: "attached" });
  await come(page, "/devices");
  if (await page.locator(".menu").isVisible()) {
    await page.locator(".menu").click();
    await page.locator(".shell.side-open").waitFor();
    await look("side");
    await page.keyboard.press("Escape");
    await page.locator(".shell:not(.side-open)").waitFor();
  }
  await page.locator(".me > button").click();
  await look("me");
  await page.locator(".me .drop-box button").first().click();
  await page.locator("dialog[open] kbd").first().waitFor({ state: "attached" });
  await look("keys");
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.locator(".page-do button").first().click();
  await field(page, "member").locator("option").nth(2).waitFor({ state: "attached" });
  await field(page, "member").selectOption("new");
  await field(page, "who").fill("李试");
  await look("invite");
  await yes(page);
  await page.locator("dialog[open] svg.qr").waitFor();
  await look("code");
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await come(page, "/persons");
  const columns = page.locator(".toolbar .drop button");
  if (await columns.isVisible()) {
    await columns.click();
    await look("columns");
  }
  expect(found).toEqual([]);
  await context.close();
}, 60000);

test("no page has a serious fault on a phone", async () => {
  const { page, close } = await deskOf(world, browser, "zh", World.phone);
  const found: string[] = [];
  for (const path of PAGES) {
    await come(page, path);
    found.push(...(await faults(page)).map((fault) => `${path}: ${fault}`));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) found.push(`${path}: ${wide} px too wide`);
  }
  expect(found).toEqual([]);
  await close();
}, 60000);

test("from the board to a name and on to the person, and back, without a mouse", async () => {
  const { page, problems, close } = await deskOf(world, browser);
  const key = async (...keys: string[]) => {
    for (const one of keys) await page.keyboard.press(one);
  };
  await page.locator("[role=treegrid] tbody tr").first().waitFor();
  await page.locator("[role=treegrid] tbody tr[tabindex='0']").focus();
  await key("ArrowDown", "ArrowDown"); // the first cell
  await page.locator("[role=treegrid] tr:focus[aria-level='3']").waitFor();
  await key("ArrowLeft");
  await page.locator("[role=treegrid] tr:focus[aria-expanded=false]").waitFor();
  await key("ArrowRight", "ArrowRight");
  await page.locator("[role=treegrid] tr:focus[aria-level='4']").waitFor();
  await key("Enter");
  await page.waitForFunction(() => location.hash.startsWith("#/missing?round="));
  await page.locator("[role=grid] .grid-row").first().waitFor();
  // The table has the keyboard: nobody need tab there.
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "grid");
  await key("Enter");
  await page.locator(".panel h2").waitFor();
  const first = await page.locator(".panel h2").innerText();
  await key("j");
  await page.waitForFunction((name) => document.querySelector(".panel h2") !== null && document.querySelector(".panel h2")!.textContent !== name, first);
  await key("d");
  await page.locator("dialog[open]").waitFor();
  await key("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "grid");
  await key("Escape");
  await page.locator(".panel").waitFor({ state: "detached" });
  await key("g", "u");
  await page.waitForFunction(() => location.hash === "#/persons");
  await page.locator("[role=grid] .grid-row").first().waitFor();
  await key("/");
  await page.waitForFunction(() => document.activeElement?.classList.contains("main-search") === true);
  const name = (await world.call("GET", "/persons?limit=1", undefined, await world.signIn())).items[0].name as string;
  await page.keyboard.type(name);
  await key("Enter");
  await page.waitForFunction(() => location.hash.includes("find="));
  await page.locator("[role=grid] .grid-row", { hasText: name }).first().waitFor();
  await key("Escape"); // out of the field, into the table
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "grid");
  await key("g", "b");
  await page.locator("[data-tile]").first().waitFor();
  expect(problems).toEqual([]);
  await close();
});
