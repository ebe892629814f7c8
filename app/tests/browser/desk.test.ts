import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { busy, come, deskOf, faults, field, member, PAGES, Phone, signIn, yes, type Busy } from "./desk_world.ts";
import { World } from "./world.ts";

let world: World;
let browser: Browser;
let site: Busy;
beforeAll(async () => {
  world = await World.begin();
  site = await busy(world);
  browser = await world.browser();
}, 180000);
afterAll(() => world.end());

const desk = (language: "zh" | "en" = "en") => deskOf(world, browser, language);
const get = (path: string): Promise<any> => world.call("GET", path, undefined, site.token);
const tile = async (page: Page, word: string): Promise<number> => Number((await page.locator(`[data-tile="board.${word}"] .tile-n`).innerText()).replace(/\D/g, ""));

test("a wrong password is said in words; signing out ends the session", async () => {
  const { page, context } = await world.page(browser, World.desk, "en");
  await page.goto(`${world.url}/?desk&sign_in=UNREACHED`);
  await page.getByText("The identity provider cannot be reached").waitFor();
  await page.locator("input[name=login]").fill("chen");
  await page.locator("input[name=password]").fill("not his password");
  await page.locator("button[type=submit]").click();
  await page.getByText("Login or password is wrong").waitFor();
  await page.locator("button", { hasText: "中文" }).click();
  await page.getByText("登录指挥台").first().waitFor();
  await page.locator("button", { hasText: "English" }).click();
  await signIn(page, world, "en");
  await page.locator(".me > button").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.locator("input[name=login]").waitFor();
  await page.reload();
  await page.locator("input[name=login]").waitFor();
  await context.close();
});

test("the board's numbers are the server's, and change when a phone hands in", async () => {
  const { page, problems, close } = await desk();
  await page.locator("[data-tile]").first().waitFor();
  const round = await get("/rounds/0");
  for (const word of ["owed", "covered", "missing", "found", "arrived"]) expect(await tile(page, word)).toBe(round[word]);
  const areas = (await get("/rounds/0/areas?buildings=true&limit=1000")).items;
  expect(await page.locator("[role=treegrid] tbody tr").count()).toBe(areas.length);
  const { items } = await get("/rounds/0/missing?limit=1");
  await world.call("POST", "/rounds/0/visits", { door: items[0].door, outcome: "done", people: [{ person: items[0].id, state: "done" }] }, site.token);
  await page.waitForFunction((before) => Number(document.querySelector('[data-tile="board.missing"] .tile-n')!.textContent!.replace(/\D/g, "")) === before - 1, round.missing);
  expect(await tile(page, "covered")).toBe(round.covered + 1);
  expect(problems).toEqual([]);
  await close();
});

test("two tabs share one stream, and the second goes on when the first is closed", async () => {
  const { page: first, context } = await world.page(browser, World.desk, "en");
  await signIn(first, world, "en");
  await first.locator(".live.up").waitFor();
  const second = await context.newPage();
  const streams: string[] = [];
  second.on("request", (request) => request.url().includes("/api/v1/live") && streams.push(request.url()));
  await second.goto(`${world.url}/?desk`);
  await second.locator(".live.up").waitFor();
  expect(streams).toEqual([]);
  await first.close();
  await second.waitForEvent("request", (request) => request.url().includes("/api/v1/live"));
  await second.locator(".live.up").waitFor();
  await context.close();
});

test("behind every number stand as many names", async () => {
  const { page, close } = await desk();
  const find = async (what: string, place: string) => {
    await come(page, place);
    await page.locator("[data-tile]").first().waitFor();
    const shown = await tile(page, what);
    await page.locator(`[data-tile="board.${what}"]`).click();
    if (shown === 0) await page.locator("#main .empty").waitFor();
    else {
      await page.locator("[role=grid] [aria-sort=none] button").first().click(); // sorted is all of it
      await page.locator(".count", { hasText: new RegExp(`^${shown.toLocaleString("en-GB")} rows`) }).waitFor();
    }
    if (shown > 0) expect(await page.locator("[role=grid] .grid-row a").first().getAttribute("href")).toMatch(/^#\/map\?door=/);
  };
  const buildings = ((await get("/rounds/1/areas?buildings=true&limit=1000")).items as { code: string; depth: number; covered: number; missing: number }[]).filter((one) => one.covered > 0 && one.missing > 0);
  for (const what of ["owed", "covered", "missing", "found", "arrived", "recovered"]) await find(what, "/?round=1");
  for (const what of ["owed", "covered", "missing", "recovered", "found"]) await find(what, `/?round=1&area=${buildings.at(-1)!.code}`);
  await come(page, "/?round=1");
  await page.getByRole("link", { name: "are excused" }).click();
  await page.locator(".count", { hasText: new RegExp(`^${(await get("/rounds/1")).excused} rows`) }).waitFor();
  await close();
});

test("the missing list names people and doors, and a decision takes one away", async () => {
  const { page, problems, close } = await desk();
  await come(page, "/missing");
  const { missing } = await get("/rounds/0");
  const { items } = await get("/rounds/0/missing?limit=1");
  const row = page.locator("[role=grid] [role=row]").nth(1);
  expect(await row.innerText()).toContain(items[0].name);
  expect(await row.locator("a").first().getAttribute("href")).toBe(`#/map?door=${items[0].door}`);
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("d");
  await field(page, "decision").selectOption("excused");
  await field(page, "excuse").selectOption("left");
  await field(page, "evidence").fill("his landlord says he went home");
  await yes(page);
  await page.locator("dialog").waitFor({ state: "detached" });
  expect((await get("/rounds/0")).missing).toBe(missing - 1);
  expect(((await get("/rounds/0/missing?limit=1000")).items as { id: string }[]).some((one) => one.id === items[0].id)).toBe(false);
  await page.waitForFunction((name) => !document.querySelectorAll("[role=grid] [role=row]")[1]?.textContent?.includes(name), items[0].name);
  expect(problems).toEqual([]);
  await close();
});

test("a person is masked until a reason is given, and the look is on record", async () => {
  const { page, close } = await desk();
  await come(page, "/persons");
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("Enter");
  await page.locator(".panel h2").waitFor();
  expect(await page.locator(".panel").innerText()).toContain("****");
  await page.getByRole("button", { name: "See in full" }).click();
  await field(page, "reason").fill("to call him back");
  await yes(page);
  await page.locator(".panel .note").waitFor();
  expect(await page.locator(".panel .note").innerText()).not.toContain("****");
  expect((await get("/audit?limit=1")).items[0].reason).toBe("to call him back");
  await close();
});

test("held entries are decided one by one by keys", async () => {
  const { page, problems, close } = await desk();
  await come(page, "/held");
  const before = (await get("/held")).items;
  expect(before.length).toBe(site.held);
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("Enter");
  await page.locator(".panel", { hasText: "after this phone was revoked" }).waitFor();
  await page.getByRole("button", { name: "See what it says" }).click();
  await field(page, "reason").fill("to decide on it");
  await yes(page);
  await page.locator(".panel", { hasText: "nobody home" }).waitFor();
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("a");
  await page.waitForFunction((n) => document.querySelectorAll("[role=grid] [role=row]").length === n, before.length);
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("v");
  await yes(page);
  await page.locator("dialog").waitFor({ state: "detached" });
  const after = (await get("/held")).items as { seq: number }[];
  expect(after.map((one) => one.seq)).toEqual(before.slice(2).map((one: { seq: number }) => one.seq));
  expect(problems).toEqual([]);
  await close();
});

test("a list is tried, taken and undone", async () => {
  const { page, problems, close } = await desk();
  const file = join(world.folder, "new.csv");
  writeFileSync(file, "楼栋,房号,姓名,证件号码,联系电话\n1-1-1,101,测试一,,13900000001\n1-1-1,101,测试二,,13900000002\n1-1-9999,101,测试三,,\n");
  const before = (await get("/site")).persons;
  await come(page, "/imports");
  await page.locator("input[type=file]").setInputFiles(file);
  await page.locator(".mapping summary").click();
  await page.locator(".mapping", { hasText: "证件号码" }).waitFor();
  await page.getByRole("button", { name: "Try it" }).click();
  await page.locator(".import-job[data-state=ready]").waitFor();
  expect(await page.locator("[data-sum=rows]").innerText()).toBe("3");
  expect((await get("/site")).persons).toBe(before);
  await page.locator(".troubles td", { hasText: "4" }).first().waitFor();
  await page.getByRole("button", { name: "Import it" }).click();
  await page.locator(".import-job[data-state=done]").waitFor();
  expect((await get("/site")).persons).toBeGreaterThan(before);
  await page.getByRole("button", { name: "Undo new.csv" }).click();
  await field(page, "reason").fill("a test");
  await yes(page);
  await page.locator("dialog").waitFor({ state: "detached" });
  expect((await get("/site")).persons).toBe(before);
  expect(problems).toEqual([]);
  await close();
});

test("a phone is invited by a code on the screen, and the desk sees it come", async () => {
  const who = await member(world, site.token, "吴亚芳", "sampler", "1");
  const { page, problems, close } = await desk();
  await come(page, "/devices");
  await page.getByRole("button", { name: "Invite a phone" }).click();
  await field(page, "member").locator(`option[value="${who}"]`).waitFor({ state: "attached" });
  await field(page, "member").selectOption(who);
  await field(page, "name").fill("Wu's phone");
  const answer = page.waitForResponse((response) => response.url().endsWith("/devices/invites"));
  await yes(page);
  const { invite } = await (await answer).json();
  await page.locator("svg.qr").waitFor();
  await page.locator("[role=timer]").first().waitFor();
  new Phone(world, "wu").say("enrol", "--url", `http://127.0.0.1:${world.port}`, "--invite", invite);
  await page.locator("dialog .note.good").waitFor();
  expect(problems).toEqual([]);
  await close();
});

test("tables go by keys, sort, filter and keep their columns", async () => {
  const { page, close } = await desk();
  await come(page, "/persons");
  const grid = page.locator("[role=grid]");
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  expect(await grid.getAttribute("aria-activedescendant")).toBe("persons-row-2");
  await page.keyboard.press("Enter");
  await page.locator(".panel h2").waitFor();
  await page.keyboard.press("j");
  await page.locator('#persons-row-3[aria-selected="true"]').waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".panel").waitFor({ state: "detached" });
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await page.locator("[aria-sort=ascending]").waitFor();
  const all = (await get("/site")).persons;
  await page.waitForFunction(() => document.querySelector("[role=grid]")!.getAttribute("aria-rowcount") !== "-1");
  expect(Number(await grid.getAttribute("aria-rowcount"))).toBeLessThanOrEqual(all + 1);
  expect(await page.locator("[role=grid] .grid-row").count()).toBeLessThan(80);
  await grid.focus();
  await page.keyboard.press("End");
  const last = Number(await grid.getAttribute("aria-rowcount")) - 2;
  await page.locator(`#persons-row-${last}`).waitFor();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.locator(".drop-box label", { hasText: "Sex" }).click();
  await page.reload();
  await page.locator("[role=columnheader]").first().waitFor();
  expect(await page.locator("[role=columnheader]", { hasText: "Sex" }).count()).toBe(0);
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.waitForFunction(() => location.hash === "#/held");
  await page.keyboard.press("?");
  await page.locator("dialog kbd").first().waitFor();
  await close();
});

test("an export is made and fetched", async () => {
  const { page, close } = await desk();
  await come(page, "/doors");
  await page.getByRole("button", { name: "Export" }).click();
  await field(page, "format").selectOption("csv");
  await yes(page);
  const link = page.locator("dialog .files a").first();
  await link.waitFor();
  const begun = page.waitForEvent("download");
  await link.click();
  expect((await begun).suggestedFilename()).toContain(".csv");
  await close();
});

test("cards and papers are made", async () => {
  const { page, context, problems } = await world.page(browser, World.desk, "en");
  await signIn(page, world, "en");
  await come(page, "/papers");
  await page.locator("form.card input[name=area]").fill("1-1-1");
  await page.getByRole("button", { name: "Make the PDF" }).click();
  await page.locator(".note.good a[download]").waitFor();
  const begun = page.waitForEvent("download");
  await page.locator(".note.good a[download]").click();
  expect(readFileSync((await (await begun).path())!).subarray(0, 5).toString()).toBe("%PDF-");
  for (const link of await page.locator(".papers a[target=_blank]").evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href))) expect((await context.request.get(link)).status(), link).toBe(200);
  expect(problems).toEqual([]);
  await context.close();
});

test("who may see a grid only sees its pages and nothing else", async () => {
  world.account("keeper", "包栋", "keeper", "1-1-1");
  const { page, context, problems } = await world.page(browser, World.desk, "en");
  await signIn(page, world, "en", "keeper");
  await page.locator("[data-tile]").first().waitFor();
  const links = await page.locator("nav.side a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  expect(links).toContain("#/missing");
  for (const not of ["#/held", "#/imports", "#/accounts", "#/members", "#/audit"]) expect(links).not.toContain(not);
  await page.evaluate(() => { location.hash = "#/accounts"; });
  await page.getByText("You may not see this page").waitFor();
  expect(problems).toEqual([]);
  await context.close();
});

test("windows that ask are told to screen readers, and give the keyboard back", async () => {
  const { page, close } = await desk();
  await come(page, "/");
  await page.getByRole("button", { name: "Close the round" }).click();
  await page.getByRole("dialog", { name: "Close the round" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.textContent === "Close the round");
  await close();
});

test.each(["zh", "en"] as const)("no page has a serious fault for those who cannot see or use a mouse, nor an error (%s)", async (language) => {
  const { page, problems, close } = await desk(language);
  const seen: string[] = [];
  await page.emulateMedia({ colorScheme: language === "zh" ? "light" : "dark" });
  for (const path of PAGES) {
    await come(page, path);
    const grid = page.locator("#main [role=grid]");
    if ((await grid.count()) > 0) {
      await grid.focus();
      await page.keyboard.press("Enter");
      await page.locator(".panel h2, .panel .why").first().waitFor();
    }
    const words = await page.locator("#main").innerText();
    expect(words, path).not.toMatch(/undefined|\[object|NaN|[0-9a-f]{8}-[0-9a-f]{4}-/);
    seen.push(...(await faults(page)).map((fault) => `${path}: ${fault}`));
  }
  expect(seen).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});
