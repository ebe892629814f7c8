/** Pictures of the map's screens, to be looked at: SCREENS=folder tools/app node -e 'import("vite").then((vite) => vite.runnerImport("./tests/measure/map_screens.ts"))'; ONLY=map,edit names some. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { World } from "../browser/world";
import { Stand, WEBGL } from "../desk_map/stand";

const folder = process.env["SCREENS"] ?? "screens";
const only = (process.env["ONLY"] ?? "").split(",").filter((word) => word !== "");
mkdirSync(folder, { recursive: true });

async function drawn(page: Page): Promise<void> {
  await page.waitForSelector(".map-written");
  await page.waitForLoadState("networkidle").catch(() => undefined);
  await page.waitForTimeout(1500); // pictures only: fonts and the last frame
}

const shots: Record<string, (page: Page) => Promise<void>> = {
  map: async () => undefined,
  panel: async (page) => { await page.locator(".map-search input").fill("1-1-4"); await page.keyboard.press("Enter"); await page.waitForSelector(".map-panel"); },
  list: async (page) => { await page.locator(".map-bar .row button").first().click(); await page.waitForSelector(".map-list table"); },
  choose: async (page) => { await page.locator(".map-bar .row button").nth(1).click(); await page.waitForSelector(".map-whats"); },
  edit: async (page) => { await page.locator(".map-search input").fill("1-1-4"); await page.keyboard.press("Enter"); await page.locator(".map-panel .button.small").first().click(); await page.waitForSelector(".map-dot"); },
  print: async (page) => { await page.locator(".map-bar .row button").nth(2).click(); await page.locator("dialog .button.main").click(); await page.waitForSelector(".map-preview img"); await page.emulateMedia({ media: "print" }); await page.pdf({ path: join(folder, `print-${page.viewportSize()!.width}.pdf`), preferCSSPageSize: true, printBackground: true }); await page.emulateMedia({ media: "screen" }); },
  replay: async (page) => { const range = page.locator("input[type=range]"); await range.focus(); for (let n = 0; n < 26; n++) await page.keyboard.press("Shift+ArrowRight"); },
};

const stand = await Stand.begin();
try {
  const browser = await stand.world.browser(...WEBGL);
  for (const [name, shot] of Object.entries(shots)) {
    if (only.length > 0 && !only.includes(name)) continue;
    for (const [size, options] of [["desk", World.desk], ["phone", World.phone]] as const) {
      for (const [language, scheme] of [["zh", "light"], ["en", "dark"], ...(name === "map" ? [["zh", "dark"], ["en", "light"]] : [])] as ["zh" | "en", "light" | "dark"][]) {
        const { page, problems } = await stand.page(browser, { ...options, colorScheme: scheme }, language);
        await page.goto(`${stand.world.url}/#/${name === "replay" ? "replay?round=1" : "map?round=1"}`);
        await drawn(page);
        await shot(page);
        await page.waitForTimeout(800);
        await page.screenshot({ path: join(folder, `${name}-${size}-${language}-${scheme}.png`) });
        if (problems.length > 0) console.log(name, size, problems);
        await page.context().close();
      }
    }
  }
} finally {
  await stand.end();
}
