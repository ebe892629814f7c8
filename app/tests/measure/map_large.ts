/**
 * How the map does with a large village: node tests/measure/map_large.ts [PEOPLE] [SLOWER] [PICTURES], after npm run build. The processor is held back SLOWER times
 * (4). Prints when the map first stood in colour, how long frames took while it was moved and zoomed, and how long after somebody was noted down his
 * building had its new colour. The graphics are drawn by the processor too here (there is no graphics card), which a desk does not have to do: what the
 * script itself took is told apart.
 */
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { MapWorld, WEBGL } from "../browser/map_world.ts";
import { World } from "../browser/world.ts";

const people = Number(process.argv[2] ?? 54000);
const slower = Number(process.argv[3] ?? 4);
const pictures = process.argv[4];
const median = (all: number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;
const at95 = (all: number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length * 0.95)] ?? 0;

interface Frames {
  between: number[];
  script: number;
}
const WANTED = 24;

/** So many frames while something is kept going, and how long the script worked in them altogether (its thread's own time, held back). */
async function frames(page: Page, slow: CDPSession, act: () => Promise<void>): Promise<Frames> {
  const script = async () => (await slow.send("Performance.getMetrics")).metrics.find((one) => one.name === "ScriptDuration")!.value * 1000;
  const before = await script();
  await page.evaluate(() => {
    const between: number[] = [];
    let last = performance.now();
    const next = (now: number) => {
      between.push(now - last);
      last = now;
      (window as any).watch = requestAnimationFrame(next);
    };
    (window as any).between = between;
    (window as any).watch = requestAnimationFrame(next);
  });
  const begun = Date.now();
  while ((await page.evaluate(() => (window as any).between.length)) <= WANTED && Date.now() - begun < 60000) await act();
  const between: number[] = await page.evaluate(() => { cancelAnimationFrame((window as any).watch); return (window as any).between; });
  return { between: between.slice(1), script: (await script()) - before };
}
const tell = (what: string, { between, script }: Frames) =>
  console.log(`${what}: ${between.length} frames, ${median(between).toFixed(0)} ms from one to the next (95 in 100: ${at95(between).toFixed(0)}, longest ${Math.max(...between).toFixed(0)}), ${(script / between.length).toFixed(1)} ms of script in each`);

/** Colour of a spot beside the middle of the map, as it is on the screen. */
async function colour(page: Page, dx: number, dy: number): Promise<string> {
  const box = (await page.locator(".map-box").boundingBox())!;
  const shot = await page.screenshot({ clip: { x: box.x + box.width / 2 + dx, y: box.y + box.height / 2 + dy, width: 1, height: 1 } });
  return shot.subarray(-60).toString("hex");
}

const stand = await MapWorld.begin(people);
try {
  const buildings = (await stand.map()).filter((one) => ["building", "factory"].includes(one.properties["kind"])).length;
  const persons = (await stand.call("GET", "/site")).persons;
  const browser = await stand.world.browser(...WEBGL);
  const { page, problems } = await stand.page(browser, World.desk);
  page.setDefaultTimeout(300000);
  const slow = await page.context().newCDPSession(page);
  await slow.send("Performance.enable", { timeDomain: "threadTicks" }); // of the thread itself, whatever else this machine does
  await slow.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await page.goto(`${stand.world.url}/?desk#/me`);
  await page.locator("#main h1").waitFor();
  console.log(`${persons} people, ${buildings} buildings, processor ${slower} times slower`);
  const first = await page.evaluate(() => new Promise<Record<string, number>>((done) => {
    const begun = performance.now();
    location.hash = "#/map?round=1";
    const look = () => {
      const canvas = document.querySelector(".map-written");
      const coloured = performance.getEntriesByName("map coloured")[0];
      if (canvas === null || coloured === undefined) return requestAnimationFrame(look);
      const asked = performance.getEntriesByType("resource").filter((one) => /\/api\/v1\/(map|rounds)/.test(one.name) && one.startTime >= begun) as PerformanceResourceTiming[];
      done({ coloured: coloured.startTime - begun, answered: Math.max(...asked.map((one) => one.responseEnd)) - begun, kib: asked.reduce((sum, one) => sum + one.encodedBodySize, 0) / 1024 });
    };
    look();
  }));
  console.log(`first picture in colour ${Math.round(first["coloured"]!)} ms after the click on the map, of which ${Math.round(first["answered"]!)} ms until the last answer (${Math.round(first["kib"]!)} KiB)`);
  await page.waitForTimeout(3000);
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, "large-map.png") });
  await page.locator(".maplibregl-canvas").focus();
  const keys = (...keys: string[]) => {
    let n = 0;
    return async () => {
      await page.keyboard.press(keys[n++ % keys.length]!);
      await page.waitForTimeout(300);
    };
  };
  const moves = () => keys("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp");
  tell("the whole village, moved", await frames(page, slow, moves()));
  tell("zoomed in and out", await frames(page, slow, keys("Equal", "Equal", "Equal", "Minus", "Minus", "Minus")));
  for (let n = 0; n < 3; n++) await keys("Equal")();
  await page.waitForTimeout(3000);
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, "large-near.png") });
  tell("near by, where codes are read, moved", await frames(page, slow, moves()));
  const [row] = (await stand.all("/rounds/1/areas?buildings=true")).filter((one) => one.missing === 1 && one.area !== null && one.depth >= 3);
  const [person] = await stand.all(`/rounds/1/missing?area=${row.code}`);
  await page.locator(".map-search input").fill(row.code);
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".map-panel .map-names li").first().waitFor();
  await page.waitForTimeout(2500);
  const before = await colour(page, -14, 0);
  const noted = Date.now();
  await stand.call("POST", "/rounds/1/visits", { door: person.door, outcome: "done", people: [{ person: person.id, state: "done" }] });
  const answered = Date.now();
  while ((await colour(page, -14, 0)) === before) if (Date.now() - answered > 30000) throw new Error("the colour did not change");
  console.log(`noted down: answered after ${answered - noted} ms, another colour on the map ${Date.now() - answered} ms later`);
  await page.evaluate(() => { location.hash = "#/replay?round=1"; });
  await page.locator(".map-play").click();
  tell("the replay, playing", await frames(page, slow, () => page.waitForTimeout(300)));
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, "large-replay.png") });
  for (const problem of problems) console.log(problem);
} finally {
  await stand.end();
}
