/** Pictures of every state of the map and the replay in the shell, to be looked at: node tests/measure/map_screens.ts FOLDER [NAME…], after npm run build. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { MapWorld, WEBGL } from "../browser/map_world.ts";
import { World } from "../browser/world.ts";

const [folder = "screens", ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const button = (page: Page, n: number) => page.locator(".map-bar .row button").nth(n).click();
async function choose(page: Page, code: string): Promise<void> {
  await page.locator(".map-search input").fill(code);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".map-panel");
}
interface Shot {
  path?: string;
  /** before the page is opened */
  before?: (page: Page) => Promise<unknown>;
  act?: (page: Page) => Promise<unknown>;
  /** the map is not drawn in it */
  bare?: boolean;
}
const empty = (page: Page) => page.route("**/api/v1/map", (route) => route.fulfill({ json: { type: "FeatureCollection", features: [] } }));

const shots: Record<string, Shot> = {
  map: {},
  loading: { bare: true, before: (page) => page.route("**/api/v1/map", () => undefined), act: (page) => page.waitForSelector(".loading") },
  empty: { before: empty },
  chosen: { act: (page) => choose(page, "1-1-4") },
  gate: { act: (page) => choose(page, "1-1").then(() => page.waitForTimeout(300)) },
  list: { act: async (page) => { await button(page, 0); await page.waitForSelector(".map-list table"); } },
  "list-chosen": { act: async (page) => { await button(page, 0); await page.locator(".map-link").first().click(); await page.waitForSelector(".map-panel .map-names"); } },
  search: { act: async (page) => { await page.locator(".map-search input").fill("1-1"); await page.waitForSelector("[role=option]"); } },
  draw: { act: async (page) => { await button(page, 1); await page.waitForSelector(".map-whats"); } },
  edit: { act: async (page) => { await choose(page, "1-1-4"); await page.locator(".map-panel .button.small").first().click(); await page.waitForSelector(".map-dot"); } },
  barrier: {
    act: async (page) => {
      await button(page, 1);
      await page.locator(".map-whats button").nth(6).click();
      for (const way of ["ArrowLeft", "ArrowDown"]) {
        await page.locator(".map-tools button").nth(2).click();
        await page.locator(".map-dot:not(.side)").last().focus();
        for (let n = 0; n < 6; n++) await page.keyboard.press(`Shift+${way}`);
      }
      await page.locator("input[type=datetime-local]").first().fill("2022-05-02T08:00");
      await page.locator("input[type=datetime-local]").last().fill("2022-05-01T08:00");
      await page.locator(".map-panel .button.main").click();
      await page.locator(".note.bad").waitFor();
      await page.locator(".note.bad").scrollIntoViewIfNeeded();
    },
  },
  print: { act: async (page) => { await button(page, 2); await page.locator("dialog .button.main").click(); await page.waitForSelector(".map-preview img"); } },
  gone: { act: async (page) => { await choose(page, "1-1-4"); await page.route("**/api/v1/**", (route) => route.abort()); await page.locator(".map-panel .button.plain").first().click(); await choose(page, "1-1-7"); } },
  "gone-first": { bare: true, before: (page) => page.route("**/api/v1/map", (route) => route.abort()), act: (page) => page.waitForSelector(".note.bad") },
  replay: { path: "/replay?round=1", act: async (page) => { const range = page.locator("input[type=range]"); await range.focus(); for (let n = 0; n < 26; n++) await page.keyboard.press("Shift+ArrowRight"); } },
  "replay-legend": { path: "/replay?round=1", act: async (page) => { if ((await page.locator(".map-keys").count()) === 0) await page.locator(".map-legend-turn").click(); } },
  "replay-none": { path: "/replay", bare: true, before: (page) => page.route("**/api/v1/rounds?*", (route) => route.fulfill({ json: { items: [], next: null } })), act: (page) => page.waitForSelector(".empty") },
};

const sizes = { desk: World.desk, phone: { ...World.phone, deviceScaleFactor: 1 }, land: { ...World.phone, deviceScaleFactor: 1, viewport: { width: 844, height: 390 } } };
const looks = [["zh", "light"], ["en", "dark"], ["zh", "dark"], ["en", "light"]] as const;
const stand = await MapWorld.begin();
try {
  await stand.phones();
  const browser = await stand.world.browser(...WEBGL);
  for (const [name, shot] of Object.entries(shots)) {
    if (only.length > 0 && !only.includes(name)) continue;
    for (const [size, options] of Object.entries(sizes))
      for (const [language, scheme] of looks.slice(0, name === "map" || name === "replay" ? 4 : 2)) {
        const { page, problems } = await stand.page(browser, { ...options, colorScheme: scheme, reducedMotion: "reduce" }, language);
        await shot.before?.(page);
        await page.goto(`${stand.world.url}/?desk#${shot.path ?? "/map?round=1"}`);
        if (shot.bare !== true) await page.waitForSelector(".map-written");
        await page.waitForTimeout(700); // pictures only: fonts and the last frame
        await shot.act?.(page);
        await page.waitForTimeout(700);
        await page.screenshot({ path: join(folder, `${name}-${size}-${language}-${scheme}.png`) });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) console.log(`${name} ${size} ${language}: ${wide} px too wide`);
        for (const problem of problems) if (!problem.includes("ERR_FAILED")) console.log(name, size, problem);
        await page.context().close();
      }
  }
} finally {
  await stand.end();
}
