/** A day's work at the desk: rounds opened and closed, pairs and held entries decided, lists taken in, cards and papers printed. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { busy, come, deskOf, done, field, openFirst, yes, type Busy } from "./desk_world.ts";
import { World } from "./world.ts";

let world: World;
let browser: Browser;
let site: Busy;
beforeAll(async () => {
  world = await World.begin(200, 4);
  site = await busy(world);
  browser = await world.browser();
}, 180000);
afterAll(() => world.end());
const get = (path: string): Promise<any> => world.call("GET", path, undefined, site.token);
const desk = () => deskOf(world, browser);

test("a held entry is put right by its fields, the next one accepted and the last one refused, by keys", async () => {
  const { page, problems, close } = await desk();
  await come(page, "/held");
  const before = (await get("/held")).items as { seq: number }[];
  expect(before.length).toBeGreaterThanOrEqual(3);
  await openFirst(page);
  await page.getByRole("button", { name: "Amend" }).click();
  await field(page, "reason").fill("he told me on the phone");
  await yes(page);
  const outcome = page.locator(".panel select").first();
  await outcome.selectOption("refused");
  await page.locator(".panel button[type=submit]").click();
  await page.locator(`.grid-row[aria-selected=true]`).waitFor();
  await page.waitForFunction((n) => document.querySelectorAll("[role=grid] .grid-row").length === n, before.length - 1);
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("a");
  await page.waitForFunction((n) => document.querySelectorAll("[role=grid] .grid-row").length === n, before.length - 2);
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("v");
  await done(page);
  expect((await get("/held")).items.length).toBe(before.length - 3);
  expect(problems).toEqual([]);
  await close();
});

test("a pair is seen in full, told apart, another made one, and that is taken back", async () => {
  const { page, problems, close } = await desk();
  const persons = async () => ((await get("/persons?limit=1000&fields=id")).items as unknown[]).length;
  const pairs = (await get("/reviews?limit=1000")).items as { a: { id: string; name: string }; b: { id: string } }[];
  expect(pairs.length).toBeGreaterThanOrEqual(2);
  await come(page, "/reviews");
  await openFirst(page);
  await page.getByRole("button", { name: "See both in full" }).click();
  await field(page, "reason").fill("to compare them");
  await done(page);
  await page.locator(".panel .soft", { hasText: "was recorded" }).waitFor();
  expect(await page.locator(".pair").innerText()).not.toContain("****");
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("d");
  await page.locator(".last-decided", { hasText: "told apart" }).waitFor();
  await page.locator(".toolbar .count", { hasText: new RegExp(`^${pairs.length - 1} `) }).waitFor();
  const left = (await get("/reviews?limit=1000")).items;
  expect(left.length).toBe(pairs.length - 1);
  const count = await persons();
  await openFirst(page);
  await page.keyboard.press("s");
  await done(page);
  expect(await persons()).toBe(count - 1);
  await page.locator(".last-decided").getByRole("button", { name: "Undo the merge" }).click();
  await field(page, "reason").fill("father and son");
  await done(page);
  expect(await persons()).toBe(count);
  await page.locator(".last-decided").waitFor({ state: "detached" });
  expect(problems).toEqual([]);
  await close();
});

test("a list whose columns nobody could guess (but for the names) is mapped by hand, tried, taken, and undone", async () => {
  const { page, problems, close } = await desk();
  const file = join(world.folder, "odd.csv");
  writeFileSync(file, "甲,乙,姓名,丁\n1-1-1,101,测试甲,13900000011\n1-1-1,101,测试乙,13900000012\n");
  await come(page, "/imports");
  await page.locator("input[type=file]").setInputFiles(file);
  const mapping = page.locator(".mapping");
  if ((await mapping.getAttribute("open")) === null) await page.locator(".mapping summary").click();
  for (const [at, value] of (["building", "room", null, "phone"] as const).entries()) if (value !== null) await mapping.locator("select").nth(at).selectOption(value);
  await page.getByRole("button", { name: "Try it" }).click();
  await page.locator(".import-job[data-state=ready]").waitFor();
  expect(await page.locator("[data-sum=fresh]").innerText()).toBe("2");
  const before = (await get("/site")).persons;
  await page.getByRole("button", { name: "Import it" }).click();
  await page.locator(".import-job[data-state=done]").waitFor();
  expect((await get("/site")).persons).toBe(before + 2);
  await page.locator(".lines .link", { hasText: "odd.csv" }).first().click(); // the job stands in the list too
  await page.locator("dialog[open] [data-sum=fresh]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo odd.csv" }).click();
  await field(page, "reason").fill("a test");
  await done(page);
  expect((await get("/site")).persons).toBe(before);
  expect(problems).toEqual([]);
  await close();
});

test("cards of an area and the staircase list are made and opened", async () => {
  const { page, context, problems, close } = await desk();
  await come(page, "/papers");
  await page.locator("form.card input[name=area]").fill("1-1-1");
  await page.locator("form.card select[name=size]").selectOption("small");
  await page.getByRole("button", { name: "Make the PDF" }).click();
  const ready = page.locator("form.card .note.good a[target=_blank]");
  await ready.waitFor();
  const [pdf] = await Promise.all([context.waitForEvent("page"), ready.click()]);
  expect(pdf.url()).toMatch(/^blob:/);
  await pdf.close();
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("form.card .note.good a[download]").click()]);
  expect(file.suggestedFilename()).toMatch(/1-1-1\.pdf$/);
  expect(readFileSync((await file.path())!).subarray(0, 5).toString()).toBe("%PDF-");
  const list = page.locator(".papers a[target=_blank]").first();
  const [answer] = await Promise.all([context.waitForEvent("response", (response) => response.url().includes("/papers/missing")), list.click()]);
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-type"]).toBe("application/pdf");
  expect(problems).toEqual([]);
  await close();
});

test("a round closes only when everybody is decided; then another is opened", async () => {
  const { page, problems, close } = await desk();
  await come(page, "/");
  await page.locator("[data-tile]").first().waitFor();
  const round = await get("/rounds/0");
  expect(round.missing).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Close the round" }).click();
  await yes(page);
  await page.locator("dialog .note.bad").waitFor(); // who is missing without a decision keeps it open
  expect((await get("/rounds/0")).closed).toBe(false);
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });

  // One by hand, from the list; the rest carried over with one evidence.
  await come(page, "/missing");
  await openFirst(page);
  await page.locator(".panel").getByRole("button", { name: "Decide" }).click();
  await field(page, "decision").selectOption("excused");
  await field(page, "excuse").selectOption("left");
  await field(page, "evidence").fill("moved away in March");
  await done(page);
  expect((await get("/rounds/0")).missing).toBe(round.missing - 1);
  await come(page, "/");
  await page.getByRole("button", { name: "Close the round" }).click();
  await field(page, "carry").fill("the second pass is tomorrow");
  await done(page);
  await page.locator(".page-head .tag", { hasText: "closed" }).waitFor();
  const closed = await get(`/rounds/${round.number}`);
  expect(closed.closed).toBe(true);

  await page.getByRole("button", { name: "Open a round" }).click();
  await field(page, "kind").locator("option[value=sweep]").waitFor({ state: "attached" });
  await field(page, "kind").selectOption("sweep");
  await done(page);
  await page.locator(".page-head h1", { hasText: String(round.number + 1) }).waitFor();
  const next = await get("/rounds/0");
  expect(next).toMatchObject({ number: round.number + 1, kind: "sweep", closed: false, covered: 0 });
  await page.locator('[data-tile="board.missing"] .tile-n', { hasText: next.missing.toLocaleString("en-GB") }).waitFor();
  expect(problems.filter((one) => !/ 409 /.test(one))).toEqual([]);
  await close();
});

test("while the server is away that is said; when it is back, the board is right again by itself", async () => {
  const { page, close } = await desk();
  const missing = () => page.locator('[data-tile="board.missing"] .tile-n');
  await missing().waitFor();
  await page.locator(".live.up").waitFor();
  await world.stop();
  await page.locator(".live.down").waitFor();
  await page.evaluate(() => { location.hash = "#/doors"; });
  await page.locator("#main .note.bad").waitFor();
  await page.evaluate(() => { location.hash = "#/"; });
  await page.locator("#main .note.bad").waitFor();
  await world.serve();
  const { items } = await get("/rounds/0/missing?limit=1");
  await world.call("POST", "/rounds/0/visits", { door: items[0].door, outcome: "done", people: [{ person: items[0].id, state: "done" }] }, site.token);
  await page.locator(".live.up").waitFor();
  const round = await get("/rounds/0");
  await missing().filter({ hasText: new RegExp(`^${round.missing}$`) }).waitFor();
  await come(page, "/doors");
  await page.locator("[role=grid] .grid-row").first().waitFor();
  await close();
});
