/**
 * How the map does with a large village: PEOPLE=54000 SEED=3 tools/app node -e 'import("vite").then((vite) => vite.runnerImport("./tests/measure/map_large.ts"))'.
 * Prints the number of buildings, the time until the map stands, and the frames and script time while the replay plays and while the map is moved.
 */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { World } from "../browser/world";
import { Stand, WEBGL } from "../desk_map/stand";

/** Frames of so many seconds, and how long a frame kept the script busy (which the graphics do not count in). */
const frames = (page: Page, seconds: number) => page.evaluate((ms) => new Promise<{ frames: number; busiest: number }>((done) => {
  let count = 0;
  let busiest = 0;
  const watch = new PerformanceObserver((list) => { for (const one of list.getEntries()) busiest = Math.max(busiest, one.duration); });
  watch.observe({ entryTypes: ["longtask"] });
  const begun = performance.now();
  const next = () => {
    count++;
    if (performance.now() - begun < ms) requestAnimationFrame(next);
    else { watch.disconnect(); done({ frames: count, busiest: Math.round(busiest) }); }
  };
  requestAnimationFrame(next);
}), seconds * 1000);

const stand = await Stand.begin(Number(process.env["PEOPLE"] ?? 54000), Number(process.env["SEED"] ?? 3));
try {
  const buildings = stand.features.filter((one) => ["building", "factory"].includes(one.properties["kind"])).length;
  const browser = await stand.world.browser(...WEBGL);
  const { page, problems } = await stand.page(browser, World.desk);
  const begun = Date.now();
  await page.goto(`${stand.world.url}/#/map?round=1`);
  await page.waitForSelector(".map-written");
  console.log(`${buildings} buildings; map after ${Date.now() - begun} ms`);
  await page.waitForLoadState("networkidle").catch(() => undefined);
  await page.waitForTimeout(3000);
  if (process.env["SCREENS"] !== undefined) await page.screenshot({ path: join(process.env["SCREENS"], "large-map.png") });
  await page.locator(".maplibregl-canvas").focus();
  for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowRight");
  console.log("moving", JSON.stringify(await frames(page, 4)));
  await page.goto(`${stand.world.url}/#/replay?round=1`);
  await page.locator(".map-play").click();
  console.log("replay", JSON.stringify(await frames(page, 8)));
  if (process.env["SCREENS"] !== undefined) await page.screenshot({ path: join(process.env["SCREENS"], "large-replay.png") });
  if (problems.length > 0) console.log(problems);
} finally {
  await stand.end();
}
