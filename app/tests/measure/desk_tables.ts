/** How the desk's largest table does: node tests/measure/desk_tables.ts [PEOPLE], after npm run build. Times are of this machine and are printed, not tested. */
import { come, deskOf } from "../browser/desk_world.ts";
import { World } from "../browser/world.ts";

const people = Number(process.argv[2] ?? 54000);
const began = Date.now();
const world = await World.begin(people, 1);
console.log(`a village of ${people} made and served in ${((Date.now() - began) / 1000).toFixed(1)} s`);
try {
  const browser = await world.browser();
  const { page, problems } = await deskOf(world, browser, "zh");
  await page.evaluate(() => {
    (window as any).longest = 0;
    new PerformanceObserver((list) => {
      for (const one of list.getEntries()) (window as any).longest = Math.max((window as any).longest, one.duration);
    }).observe({ type: "longtask", buffered: false });
  });
  /** How long it takes until the page says so, and the longest stretch in which it could not answer. */
  const timed = async (what: string, act: () => Promise<unknown>) => {
    await page.evaluate(() => { (window as any).longest = 0; });
    const from = performance.now();
    await act();
    const all = performance.now() - from;
    await page.waitForTimeout(100); // the observer tells of a long task after it
    console.log(`${what.padEnd(44)} ${all.toFixed(0).padStart(6)} ms, at a stretch ${(await page.evaluate(() => (window as any).longest as number)).toFixed(0)} ms`);
  };
  const whole = () => page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") !== "-1" && document.querySelector("[role=grid]")?.getAttribute("aria-busy") === "false", undefined, { timeout: 120000 });
  const count = () => page.locator(".toolbar .count").innerText();
  const plain = page.locator(".toolbar > input[type=search]");
  await timed("the board comes", () => page.locator("[data-tile]").first().waitFor());
  await timed("persons: the first rows stand there", () => come(page, "/persons"));
  await timed("sorted by name: all are loaded and in order", async () => {
    await page.getByRole("columnheader", { name: "姓名" }).getByRole("button").click();
    await whole();
  });
  console.log(`  ${await count()}`);
  await timed("sorted the other way", async () => {
    await page.getByRole("columnheader", { name: "姓名" }).getByRole("button").click();
    await page.locator("[aria-sort=descending]").waitFor();
  });
  await timed("sorted by place", async () => {
    await page.getByRole("columnheader", { name: "住处" }).getByRole("button").click();
    await page.locator("[role=columnheader]", { hasText: "住处" }).and(page.locator("[aria-sort=ascending]")).waitFor();
  });
  const all = await count();
  await timed("searched in all of them, letter by letter", async () => {
    await plain.pressSequentially("张 1-1");
    await page.waitForFunction((before) => document.querySelector(".toolbar .count")!.textContent !== before, all);
  });
  console.log(`  ${await count()}`);
  await plain.fill("");
  await page.waitForFunction((before) => document.querySelector(".toolbar .count")!.textContent === before, all);
  await timed("to the end and back by keys", async () => {
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.querySelector("[role=grid]")!.scrollTop > 1000);
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.querySelector("[role=grid]")!.scrollTop === 0);
  });
  await timed("the server searches (find)", async () => {
    await page.locator(".main-search").fill("张文");
    await page.keyboard.press("Enter");
    await page.waitForFunction((before) => document.querySelector(".toolbar .count")!.textContent !== before && document.querySelector("[role=grid]")?.getAttribute("aria-busy") !== "true", all);
  });
  console.log(`  ${await count()}; rows in the page: ${await page.locator(".grid-row").count()}`);
  await timed("export of the table (XLSX), until it can be fetched", async () => {
    await page.getByRole("button", { name: "导出" }).click();
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog .files a").first().waitFor({ timeout: 120000 });
  });
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await come(page, "/exports");
  await timed("export of everything (XLSX)", async () => {
    await page.getByRole("button", { name: "导出全部" }).click();
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog .files a").first().waitFor({ timeout: 300000 });
  });
  console.log(`  ${(await page.locator("dialog .files a").allInnerTexts()).map((one) => one.replace(/\s+/g, " ")).join("; ").slice(0, 300)}`);
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  for (const path of ["/missing", "/names/owed", "/doors", "/households"]) {
    await timed(`${path}: the first rows stand there`, async () => {
      await come(page, path);
      await page.locator("[role=grid] .grid-row").first().waitFor({ timeout: 60000 });
    });
  }
  for (const problem of problems) console.log(problem);
} finally {
  await world.end();
}
