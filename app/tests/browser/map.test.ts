/** The map and the replay in a real browser on a real server. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { MapWorld, WEBGL } from "./map_world";
import { World } from "./world";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let stand: MapWorld;
let browser: Browser;
const open: Page[] = [];
let problems: string[] = [];
beforeAll(async () => {
  stand = await MapWorld.begin();
  browser = await stand.world.browser(...WEBGL);
}, 180000);
afterEach(async () => {
  for (const page of open.splice(0)) await page.context().close();
});
afterAll(() => stand?.end());

/** reducedMotion: the map jumps instead of flying, so that a test meets it where it goes. */
async function at(path: string, options = World.desk, language: "zh" | "en" = "zh", login = "chen"): Promise<Page> {
  const made = await stand.page(browser, { ...options, reducedMotion: "reduce" }, language, login);
  open.push(made.page);
  problems = made.problems;
  await made.page.goto(`${stand.world.url}/?desk#${path}`);
  await made.page.locator(".map-list, .map-page:not(:has(.map-list)) .map-written").first().waitFor();
  return made.page;
}

/** Of what lies at a spot of the drawn map, below what is written on it: 0 to 255 each. */
async function colour(page: Page, dx: number, dy: number): Promise<number[]> {
  const box = (await page.locator(".map-box").boundingBox())!;
  const shot = await page.screenshot({ clip: { x: box.x + box.width / 2 + dx, y: box.y + box.height / 2 + dy, width: 1, height: 1 } });
  return page.evaluate(async (data) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], { type: "image/png" }));
    const pen = new OffscreenCanvas(1, 1).getContext("2d")!;
    pen.drawImage(image, 0, 0);
    return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }, shot.toString("base64"));
}
const NEARLY = [0x9c, 0xc7, 0xe6];

async function seek(page: Page, what: string): Promise<void> {
  await page.locator(".map-search input").fill(what);
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("Enter");
}

async function serious(page: Page): Promise<string[]> {
  return (await page.evaluate(`(async () => { ${axe}; const found = await axe.run(); return found.violations.filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => one.id + ": " + one.nodes.map((node) => node.target).join(" ") + " " + one.nodes[0].failureSummary); })()`)) as string[];
}

test("a building is found by its address, coloured by its coverage, and names who is missing", async () => {
  const page = await at("/map?round=1");
  await seek(page, "北明巷6号");
  const panel = page.locator(".map-panel");
  await panel.locator(".map-names li").first().waitFor();
  const [row] = (await stand.all("/rounds/1/areas?buildings=true")).filter((one) => one.code === "1-1-4");
  expect(await panel.locator(".map-numbers b").allTextContents()).toEqual([row.owed, row.covered, row.missing].map(String));
  expect(await panel.locator(".map-names li").count()).toBe(row.missing);
  expect(await panel.getByText("看户门").getAttribute("href")).toBe("#/doors?area=1-1-4");
  // the chosen building is in the middle; beside its writing one sees its colour
  await expect.poll(() => colour(page, -45, 0)).toEqual(NEARLY);
  expect(problems).toEqual([]);
});

test("the map is a page of the shell: one main, one h1, one stream, and phones that share where they are", async () => {
  await stand.phones();
  const streams: string[] = [];
  const made = await stand.page(browser, { ...World.desk, reducedMotion: "reduce" });
  open.push(made.page);
  const { page } = made;
  page.on("request", (request) => request.url().includes("/api/v1/live") && streams.push(request.url()));
  await page.goto(`${stand.world.url}/?desk#/map?round=1`);
  await page.waitForSelector(".map-written");
  await page.locator(".live.up").waitFor();
  for (const one of ["main", "h1", "[aria-live=polite]"]) expect(await page.locator(one).count(), one).toBe(1);
  expect(streams).toHaveLength(1);
  await page.getByRole("button", { name: "列表" }).click();
  await page.locator(".map-list section li", { hasText: "小林" }).waitFor();
  expect(await page.locator(".map-list section li").count()).toBe(2);
  expect(made.problems).toEqual([]);
});

test("who may only look is shown no tool and asks for nothing that is refused; a cell's leader draws in his cell, and no barrier", async () => {
  stand.world.account("look", "看看", "viewer");
  stand.world.account("lead", "片长", "group_leader", "1-1");
  const viewer = await at("/map", World.desk, "zh", "look");
  await seek(viewer, "1-1-4");
  await viewer.locator(".map-panel h2").waitFor();
  expect(await viewer.locator(".map-bar .row button").allInnerTexts()).toEqual(["列表"]);
  expect(await viewer.locator(".map-panel .button, .map-panel a").allInnerTexts()).toEqual(["✕"]);
  expect(problems).toEqual([]);
  const leader = await at("/map?area=1-1-4", World.desk, "zh", "lead");
  await leader.locator(".map-panel").getByRole("button", { name: "修改" }).waitFor();
  await leader.getByRole("button", { name: "画图" }).click();
  await leader.locator(".map-whats").waitFor();
  const whats = await leader.locator(".map-whats button").allInnerTexts();
  expect(whats).toContain("楼栋（轮廓）");
  for (const not of ["网格", "围挡", "卡口", "巷子"]) expect(whats).not.toContain(not);
  expect(problems).toEqual([]);
});

test("from the board to the names to a door on the map, and back the same way", async () => {
  const made = await stand.page(browser, { ...World.desk, reducedMotion: "reduce" });
  open.push(made.page);
  const { page } = made;
  await page.goto(`${stand.world.url}/?desk#/?round=1`);
  await page.locator('[data-tile="board.covered"]').click();
  const link = page.locator("[role=grid] a[href^='#/map?door=']").first();
  await link.waitFor();
  const names = page.url();
  const place = await link.innerText();
  await link.click();
  await page.locator(".map-panel .map-door").waitFor();
  expect(place).toContain(await page.locator(".map-panel .map-door strong").innerText());
  expect(place).toContain((await page.locator(".map-panel h2").innerText()).split(" ").at(-1)!);
  // what is looked at on the map takes no step of its own
  await seek(page, "1-1-7");
  await page.locator(".map-panel h2", { hasText: "1-1-7" }).waitFor();
  expect(page.url()).toContain("area=1-1-7");
  await page.getByText("看户门").click();
  await page.locator("[role=grid] [role=row]").nth(1).waitFor();
  await page.goBack();
  await page.locator(".map-panel h2", { hasText: "1-1-7" }).waitFor();
  await page.goBack();
  await link.waitFor();
  expect(page.url()).toBe(names);
  await page.goBack();
  await page.locator("[data-tile]").first().waitFor();
  expect(made.problems).toEqual([]);
});

test("filters and list stand in the address; Enter on the map opens the building in the middle; Escape gives the keyboard back", async () => {
  const page = await at("/map?round=1&left=1&list=1&area=1-1-5");
  await page.locator(".map-panel h2", { hasText: "1-1-5" }).waitFor();
  expect(await page.getByLabel("只看没做完的").isChecked()).toBe(true);
  await page.getByRole("button", { name: "地图", exact: true }).click();
  await page.waitForFunction(() => !location.hash.includes("list"));
  await page.keyboard.press("Escape");
  await page.locator(".map-panel").waitFor({ state: "detached" });
  await page.waitForFunction(() => !location.hash.includes("area="));
  const canvas = page.locator(".maplibregl-canvas");
  await canvas.focus();
  await page.keyboard.press("Enter");
  await page.locator(".map-panel h2", { hasText: "1-1-5" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".map-panel").waitFor({ state: "detached" });
  await expect.poll(() => canvas.evaluate((one) => one === document.activeElement)).toBe(true);
});

test("a door's link opens its building", async () => {
  const area = await stand.feature("1-1-7");
  const [door] = (await stand.all("/doors?area=1-1-7")) as { id: string; area: string }[];
  expect(door!.area).toBe(area!.properties["id"]);
  const page = await at(`/map?round=1&door=${door!.id}`);
  await page.locator(".map-panel h2", { hasText: "1-1-7" }).waitFor();
  await page.goto(`${stand.world.url}/?desk#/map?round=1&door=00000000-0000-7000-8000-000000000001`);
  await page.locator(".note.warn").waitFor();
});

test("the list says the same as the map, follows the filters, and is reached by keyboard", async () => {
  const page = await at("/map?round=1");
  await page.locator("#main").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const rows = page.locator(".map-list tbody tr");
  await rows.first().waitFor();
  const all = (await stand.map()).filter((one) => ["building", "factory"].includes(one.properties["kind"]));
  expect(await rows.count()).toBe(all.length);
  await page.getByLabel("只看没做完的").check();
  const open = (await stand.all("/rounds/1/areas?buildings=true")).filter((one) => one.missing > 0 && all.some((area) => area.properties["code"] === one.code));
  await expect.poll(() => rows.count()).toBe(open.length);
  await page.locator(".map-link").first().click();
  await page.locator(".map-panel").waitFor();
});

test("what a phone reports changes the colour without loading the map anew", async () => {
  const page = await at("/map?round=1");
  await seek(page, "1-1-11");
  await expect.poll(() => colour(page, -45, 0)).toEqual(NEARLY);
  let loads = 0;
  page.on("request", (request) => request.url().endsWith("/map") && loads++);
  const [person] = await stand.all("/rounds/1/missing?area=1-1-11");
  await stand.call("POST", "/rounds/1/visits", { door: person.door, outcome: "done", people: [{ person: person.id, state: "done" }] });
  await page.locator(".map-panel .note.good").waitFor();
  await expect.poll(() => colour(page, -45, 0)).toEqual([0x2b, 0x7b, 0xba]);
  expect(loads).toBe(0);
});

test("an outline is changed by keyboard, undone, done again, and kept", async () => {
  const before = (await stand.feature("1-1-3"))!;
  const page = await at("/map?round=1");
  await seek(page, "1-1-3");
  await page.locator(".map-panel").getByText("修改").click();
  const dots = page.locator(".map-dot:not(.side)");
  await expect.poll(() => dots.count()).toBe(4);
  await dots.nth(1).focus();
  for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Enter");
  await expect.poll(() => dots.count()).toBe(5);
  await page.keyboard.press("Delete");
  await expect.poll(() => dots.count()).toBe(4);
  await page.keyboard.press("Control+z");
  await expect.poll(() => dots.count()).toBe(5);
  await page.keyboard.press("Control+y");
  await expect.poll(() => dots.count()).toBe(4);
  await page.getByLabel("层数").fill("9");
  await page.getByText("保存", { exact: true }).click();
  await page.locator(".map-panel .map-numbers").waitFor();
  const after = (await stand.feature("1-1-3"))!;
  expect(after.properties["floors"]).toBe(9);
  expect(after.geometry.coordinates[0]).toHaveLength(5);
  expect(after.geometry).not.toEqual(before.geometry);
  expect(problems).toEqual([]);
});

test("a barrier is drawn with a finger and with dates; a crossing outline and wrong dates are told before anything is sent", async () => {
  const page = await at("/map?round=1");
  const box = (await page.locator(".map-box").boundingBox())!;
  const dots = page.locator(".map-dot:not(.side)");
  const tap = async (dx: number, dy: number) => {
    const before = await dots.count();
    await page.mouse.click(box.x + box.width / 2 + dx, box.y + box.height / 2 + dy);
    await expect.poll(() => dots.count()).toBe(before + 1);
  };
  const narrow = () => expect.poll(async () => (await page.locator(".map-box").boundingBox())!.width).toBe(box.width);
  const writes: string[] = [];
  page.on("request", (request) => request.method() === "POST" && writes.push(request.url()));
  await page.getByText("画图").click();
  await page.getByText("楼栋（轮廓）").click();
  // the panel opened beside the map: it is another size now
  await expect.poll(async () => (await page.locator(".map-box").boundingBox())!.width).toBeLessThan(box.width);
  box.width = (await page.locator(".map-box").boundingBox())!.width;
  await page.getByLabel("自动对齐").uncheck();
  for (const [dx, dy] of [[-200, -200], [-100, -100], [-100, -200], [-200, -100]] as const) await tap(dx, dy);
  await page.locator(".note.bad").waitFor();
  await page.getByText("保存", { exact: true }).click();
  expect(await page.locator(".map-dot.bad").count()).toBeGreaterThan(0);
  await page.getByText("取消", { exact: true }).click();
  await page.getByText("不要了", { exact: true }).click();
  await page.getByText("画图").click();
  await page.getByRole("button", { name: "围挡" }).click();
  await narrow();
  await tap(-150, 150);
  await tap(120, 150);
  await page.getByRole("textbox", { name: "编号" }).fill("W9");
  await page.getByLabel("从什么时候起").fill("2022-05-02T08:00");
  await page.getByLabel(/到什么时候止/).fill("2022-05-01T08:00");
  await page.getByText("保存", { exact: true }).click();
  await page.locator(".note.bad").waitFor();
  expect(writes).toEqual([]);
  await page.getByLabel(/到什么时候止/).fill("");
  await page.getByText("保存", { exact: true }).click();
  await page.locator(".map-panel h2", { hasText: /^W9$/ }).waitFor();
  const made = (await stand.feature("W9"))!;
  expect(made.properties["kind"]).toBe("barrier");
  expect(made.geometry.coordinates).toHaveLength(2);
  expect(Date.parse(made.properties["from"])).toBe(Date.parse("2022-05-02T08:00:00+08:00"));
  // and taken away again: from now on
  expect(made.properties["to"]).toBeNull();
  await page.locator(".map-panel").getByText("修改").click();
  await page.locator(".map-panel").getByText("撤掉", { exact: true }).click();
  await page.getByRole("dialog").getByText("撤掉", { exact: true }).click();
  await expect.poll(async () => (await stand.feature("W9"))!.properties["to"]).not.toBeNull();
});

test("a drawing stays when one looks at another page; half a date is told; an answer that was lost makes no second one", async () => {
  const page = await at("/map?round=1");
  await page.getByRole("button", { name: "画图" }).click();
  await page.getByRole("button", { name: "围挡" }).click();
  const dots = page.locator(".map-dot:not(.side)");
  const add = page.getByText("在图中央加点");
  await add.click();
  await dots.first().focus();
  for (let n = 0; n < 4; n++) await page.keyboard.press("Shift+ArrowLeft");
  await add.click();
  await expect.poll(() => dots.count()).toBe(2);
  await page.getByRole("textbox", { name: "编号" }).fill("W8");
  await page.locator("nav.side").getByText("回放").click();
  await page.locator("h1", { hasText: "回放" }).waitFor();
  await page.goBack();
  await expect.poll(() => dots.count()).toBe(2);
  expect(await page.getByRole("textbox", { name: "编号" }).inputValue()).toBe("W8");
  const from = page.getByLabel("从什么时候起");
  await from.focus();
  await page.keyboard.type("05");
  const writes: string[] = [];
  page.on("request", (request) => request.method() === "POST" && writes.push(request.url()));
  const save = page.getByText("保存", { exact: true });
  await save.click();
  await page.locator(".note.bad", { hasText: "没填完整" }).waitFor();
  expect(await from.evaluate((one) => one === document.activeElement)).toBe(true);
  expect(writes).toEqual([]);
  await from.fill("2022-05-02T08:00");
  // the server takes it, and its answer does not come through
  await page.route("**/api/v1/features", async (route) => { await route.fetch(); await route.abort(); }, { times: 1 });
  await save.click();
  await page.locator(".map-do .note.bad").waitFor();
  await save.click();
  await page.locator(".map-panel h2", { hasText: /^W8$/ }).waitFor();
  expect(writes).toHaveLength(2);
  expect((await stand.map()).filter((one) => one.properties["code"] === "W8")).toHaveLength(1);
});

test("a new building has the next code of the cell it is drawn in", async () => {
  const page = await at("/map?round=1");
  await page.getByText("画图").click();
  await page.getByText("楼栋（一个点）").click();
  await page.getByText("在图中央加点").click();
  await expect.poll(() => page.getByRole("textbox", { name: "编号" }).inputValue()).toBe("1-1-16");
  await page.getByText("保存", { exact: true }).click();
  await page.locator(".map-panel h2", { hasText: "1-1-16" }).waitFor();
  expect((await stand.feature("1-1-16"))!.geometry.type).toBe("Point");
});

test("who was slower is told, and neither loses what he did", async () => {
  const page = await at("/map?round=1");
  await seek(page, "1-1-13");
  const heard = page.waitForResponse((answer) => answer.url().includes("/areas/") && answer.request().method() === "GET");
  await page.locator(".map-panel").getByText("修改").click();
  await heard;
  await expect.poll(() => page.getByLabel("层数").inputValue()).not.toBe("");
  const area = (await stand.feature("1-1-13"))!;
  await stand.world.call("GET", `/areas/${area.properties["id"]}`, undefined, stand.token);
  await fetch(`${stand.world.url}/api/v1/areas/${area.properties["id"]}`, { method: "PUT", headers: { "Content-Type": "application/json", Authorization: `Bearer ${stand.token}`, "If-Match": `"${area.properties["version"]}"` }, body: JSON.stringify({ floors: 11 }) }).then((answer) => expect(answer.ok).toBe(true));
  await page.getByLabel("名称").fill("小白楼");
  await page.getByText("保存", { exact: true }).click();
  await page.getByText("用我的覆盖").click();
  await page.locator(".map-panel h2", { hasText: "小白楼" }).waitFor();
  expect((await stand.feature("1-1-13"))!.properties["name"]).toBe("小白楼");
});

test("a sheet to print is a picture at the paper's resolution, with legend, scale and date", async () => {
  const page = await at("/map?round=1");
  await page.getByRole("button", { name: "打印" }).click();
  await page.getByText("生成").click();
  const image = page.locator(".map-preview img");
  await image.waitFor({ timeout: 50000 });
  expect(await image.evaluate((one: HTMLImageElement) => one.decode().then(() => one.naturalWidth))).toBeGreaterThan(3000);
  await page.emulateMedia({ media: "print" });
  const sheet = page.locator(".map-sheet");
  expect(await sheet.locator(".map-keys li").count()).toBeGreaterThan(5);
  expect(await sheet.locator("footer").innerText()).toMatch(/\d+ 米[\s\S]*打印时间/);
  expect(await page.locator("#app").isVisible()).toBe(false);
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)).toHaveLength(1);
});

test("the replay goes by slider, by steps and by itself", async () => {
  const page = await at("/replay?round=1");
  const clock = page.locator(".map-clock");
  const first = await clock.innerText();
  const range = page.locator("input[type=range]");
  await range.focus();
  await page.keyboard.press("Shift+ArrowRight");
  expect(await clock.innerText()).not.toBe(first);
  await page.locator(".map-steps button").last().click();
  expect(await page.locator(".map-steps [aria-current]").count()).toBe(1);
  await page.keyboard.press("Home");
  await range.focus();
  await page.keyboard.press("Home");
  await expect.poll(() => clock.innerText()).toBe(first);
  await page.locator(".map-told").click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "暂停" }).waitFor();
  await expect.poll(() => clock.innerText()).not.toBe(first);
  expect(problems).toEqual([]);
});

const near = async (page: Page) => { await seek(page, "1-1-5"); await page.locator(".map-panel h2").waitFor(); };
const states: [string, string, (page: Page) => Promise<void>][] = [
  ["a building", "/map?round=1", async (page) => { await near(page); await page.locator(".map-names li").first().waitFor(); }],
  ["the choice of what to draw", "/map?round=1", async (page) => { await page.getByRole("button", { name: "Draw" }).click(); await page.locator(".map-whats").waitFor(); }],
  ["the editor, and its question", "/map?round=1", async (page) => { await near(page); await page.locator(".map-panel").getByText("Edit").click(); await page.locator(".map-dot").first().waitFor(); await page.getByLabel("Floors").fill("77"); await page.keyboard.press("Escape"); await page.locator("dialog").waitFor(); }],
  ["the list", "/map?round=1&list=1&area=1-1-5", async (page) => { await page.locator(".map-list table").waitFor(); await page.locator(".map-names li").first().waitFor(); }],
  ["the print window", "/map?round=1", async (page) => { await page.locator(".map-bar").getByRole("button", { name: "Print" }).click(); await page.locator("dialog").waitFor(); }],
  ["the replay", "/replay?round=1", async (page) => { if ((await page.locator(".map-keys").count()) === 0) await page.locator(".map-legend-turn").click(); }],
];
test.each(states)("nothing serious for who cannot see or use a mouse, and nothing too wide: %s", async (_, path, act) => {
  for (const [options, colorScheme] of [[World.desk, "dark"], [World.phone, "light"]] as const) {
    const page = await at(path, { ...options, colorScheme }, "en");
    await act(page);
    expect(await serious(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
});

test("when the server is gone its last numbers stay, and it is said that they are old", async () => {
  const page = await at("/map?round=1");
  await page.locator(".live.up").waitFor();
  const sum = await page.locator(".map-sum b").innerText();
  await stand.world.stop();
  await page.locator(".map-sum .tag", { hasText: "没有实时更新" }).waitFor();
  expect(await page.locator(".map-sum b").innerText()).toBe(sum);
  await seek(page, "1-1-8");
  await page.locator(".map-panel .note.bad").waitFor();
  await stand.world.serve();
  await page.locator(".live.up").waitFor();
  await page.locator(".map-names li").first().waitFor(); // what failed meanwhile is asked again by itself
});
