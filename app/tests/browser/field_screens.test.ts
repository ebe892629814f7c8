/** The field's screens over a village in memory: what they show, what they record, and that everybody can use them. */
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OwnEntry } from "../../src/field/phone";
import { ids, screens, show, Stage, type Look } from "./stage";

let stage: Stage;
beforeAll(async () => { stage = await Stage.begin(); }, 120000);
afterAll(() => stage.end());

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const own = (page: Page): Promise<OwnEntry[]> => page.evaluate(() => (window as any).fake.own());
const to = (page: Page, path: string) => page.evaluate((hash) => { location.hash = hash; }, path);

/** With what is heavy about a page: its violations that keep people out. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => await (window as any).axe.run(document, { resultTypes: ["violations"] }));
  return (found.violations as { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[]).filter((one) => one.impact === "serious" || one.impact === "critical").flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`));
}

/** Of a phone's page the browser makes the view as wide as what is in it: it is held against the screen. */
const tooWide = (page: Page): Promise<number> => page.evaluate((width) => Math.max(document.documentElement.scrollWidth, innerWidth) - width, page.viewportSize()!.width);

const looks: Look[] = [{ language: "zh" }, { language: "en" }, { language: "zh", dark: true }];
test.each(looks)("every screen opens without an error and keeps nobody out: %o", async (look) => {
  const { page, problems } = await stage.page(look);
  const found: string[] = [];
  for (const screen of screens) {
    await show(stage, page, screen);
    found.push(...(await faults(page)).map((fault) => `${screen.name}: ${fault}`));
    const wide = await tooWide(page);
    if (wide > 0) found.push(`${screen.name}: ${wide} px wider than the phone`);
    const codes = await page.evaluate(() => /[0-9a-f]{8}-[0-9a-f]{4}-|field\.[a-z_]+\.|undefined|\[object/.exec(document.body.innerText)?.[0] ?? "");
    if (codes !== "") found.push(`${screen.name}: says ${codes}`);
  }
  expect(found).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
}, 600000);

const sizes: [string, Look, string][] = [
  ["twice the letters", { language: "zh" }, "200%"], ["twice the letters in English", { language: "en" }, "200%"],
  ["a small phone", { language: "en", viewport: { width: 320, height: 568 } }, "100%"], ["a phone that lies flat", { language: "en", viewport: { width: 844, height: 390 } }, "100%"],
];
test.each(sizes)("nothing is wider than the screen: %s", async (_name, look, letters) => {
  const { page } = await stage.page(look);
  const found: string[] = [];
  for (const screen of screens) {
    await show(stage, page, screen);
    await page.evaluate((size) => (document.documentElement.style.fontSize = size), letters);
    const wide = await tooWide(page);
    if (wide > 0) found.push(`${screen.name}: ${wide} px`);
  }
  expect(found).toEqual([]);
  await page.context().close();
}, 300000);

test("all keys of the pad are in sight, on a small phone and on one that lies flat", async () => {
  for (const viewport of [{ width: 320, height: 568 }, { width: 844, height: 390 }]) for (const language of ["zh", "en"] as const) {
    const { page } = await stage.page({ language, viewport });
    for (const screen of screens.filter((one) => ["lock", "enrol-pin"].includes(one.name))) {
      await show(stage, page, screen);
      const below = await page.evaluate(() => Math.max(...[...document.querySelectorAll(".pin-keys button")].map((key) => key.getBoundingClientRect().bottom)) - innerHeight);
      expect(below, `${screen.name} ${viewport.width}`).toBeLessThanOrEqual(0);
    }
    await page.context().close();
  }
});

test("a tick is saved as one visit, the door's state changes, and the next door is offered", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url(`/door/${ids.door(24)}`));
  await page.getByRole("checkbox").first().click();
  await page.getByRole("button", { name: "保存（已采 1 人）" }).click();
  await page.getByText("1 / 3 人").waitFor();
  const entries = await own(page);
  expect(entries.map((one) => [one.kind, one.on])).toEqual([["visit", ids.door(24)]]);
  expect(entries[0]!.body).toMatchObject({ outcome: "done", people: [{ state: "done" }] });
  await page.getByRole("button", { name: "下一户" }).click();
  await page.waitForFunction((id) => location.hash === `#/door/${id}`, ids.door(25));
  await page.getByText("1 条没上传").waitFor();
  await to(page, `/building/${ids.building(4)}`);
  expect(await page.locator(`a[href="#/door/${ids.door(24)}"]`).innerText()).toMatch(/还差人[\s\S]*1 \/ 3/);
});

test("a door is ticked and saved by the keyboard alone", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url(`/door/${ids.door(24)}`));
  await page.getByRole("checkbox").first().waitFor();
  const onto = async (name: RegExp) => {
    for (let steps = 0; steps < 40; steps++) {
      await page.keyboard.press("Tab");
      const said = await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");
      if (name.test(said)) return;
    }
    throw new Error(`no way to ${name}`);
  };
  await onto(/，已采；/);
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await onto(/：其他（点开改）/);
  await page.keyboard.press("Enter");
  await onto(/^外出$/);
  await page.keyboard.press("Enter");
  await page.locator("dialog").waitFor({ state: "detached" });
  await onto(/^保存/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => (window as any).fake.own().length > 0);
  expect((await own(page))[0]!.body["people"]).toMatchObject([{ state: "done" }, { state: "away" }]);
});

test("a window keeps the focus while it is open, and gives it back to where it came from", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url(`/door/${ids.door(24)}`));
  const opener = page.getByRole("button", { name: /：其他（点开改）/ }).first();
  await opener.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  const inside = () => page.evaluate(() => document.activeElement?.closest("dialog") !== null);
  const stops = await page.getByRole("dialog").locator("button, a").count();
  for (const key of ["Tab", "Shift+Tab"]) for (let n = 0; n <= stops; n++) {
    await page.keyboard.press(key);
    expect(await inside()).toBe(true);
  }
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
});

test("everybody in one tap; nobody home for the whole door; a head count that differs is said", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url(`/door/${ids.door(24)}`));
  await page.getByRole("button", { name: /全部已采/ }).click();
  await page.getByRole("button", { name: "门里点到几人：加一" }).click();
  await page.getByRole("button", { name: "门里点到几人：加一" }).click();
  await page.getByText("比登记多 1 人").waitFor();
  await page.getByRole("button", { name: /^保存/ }).click();
  await page.getByText("3 / 3 人").waitFor();
  await to(page, `/door/${ids.door(25)}`);
  await page.getByRole("heading", { name: "西安路5号 102" }).waitFor();
  await page.getByRole("button", { name: "没人在家" }).click();
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForFunction(() => (window as any).fake.own().length === 2);
  const [all, none] = await own(page);
  expect(all!.body).toMatchObject({ outcome: "done", heads: 4 });
  expect(none!.body).toMatchObject({ outcome: "nobody_home", people: [{ state: "nobody_home" }, { state: "nobody_home" }] });
  await to(page, "/second");
  await page.getByRole("link", { name: /102/ }).first().waitFor();
});

test("ticks outlive a reload, and a full phone says so and loses none", async () => {
  const { page } = await stage.page({ fresh: false });
  await page.goto(stage.url(`/door/${ids.door(24)}`));
  await page.getByRole("checkbox").first().click();
  await page.reload();
  await page.getByRole("checkbox", { checked: true }).waitFor();
  await page.evaluate(() => { const { sync } = (window as any).fake; sync.value = { ...sync.value, full: true }; });
  await page.getByRole("button", { name: /^保存/ }).click();
  await page.getByRole("alert").getByText("手机存满了").waitFor();
  expect(await own(page)).toEqual([]);
  expect(await page.getByRole("checkbox", { checked: true }).count()).toBe(1);
});

test("what was recorded by mistake is taken back", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url(`/door/${ids.door(24)}`));
  await page.getByRole("button", { name: /全部已采/ }).click();
  await page.getByRole("button", { name: /^保存/ }).click();
  await page.getByText("3 / 3 人").waitFor();
  await to(page, "/mine");
  await page.locator("main .list .line").first().click();
  await page.getByRole("button", { name: "记错了，撤销这一条" }).click();
  await page.locator("dialog").waitFor({ state: "detached" });
  expect((await own(page))[1]).toMatchObject({ kind: "entry.void", on: ids.door(24), body: { n: 1 } });
  await to(page, `/door/${ids.door(24)}`);
  await page.getByText("0 / 3 人").waitFor();
});

test("a tick that was saved by mistake is taken back with its visit, and the others of it are ticked again", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url(`/door/${ids.door(24)}`));
  await page.getByRole("button", { name: /全部已采/ }).click();
  await page.getByRole("button", { name: /^保存/ }).click();
  await page.getByText("3 / 3 人").waitFor();
  await page.getByRole("checkbox").first().click();
  await page.getByRole("button", { name: "点错了，撤销" }).click();
  await page.getByRole("button", { name: "保存（已采 2 人）" }).click();
  await page.getByText("2 / 3 人").waitFor();
  expect((await own(page)).map((one) => [one.kind, one.state])).toEqual([["visit", "void"], ["entry.void", "phone"], ["visit", "phone"]]);
});

test("someone new at the door is registered and owed; a number that is wrong is said; only what changed is amended", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url(`/door/${ids.door(24)}/add`));
  await page.getByLabel("姓名").fill("王小二");
  await page.getByLabel("证件号").fill("110101199003070008");
  await page.getByText("身份证号不对").waitFor();
  await page.getByLabel("证件号").fill("11010519491231002X");
  expect(await page.getByLabel("出生日期").inputValue()).toBe("19491231");
  expect(await page.getByRole("button", { name: "女" }).getAttribute("aria-pressed")).toBe("true");
  await page.getByRole("button", { name: "独居" }).click();
  await page.getByRole("button", { name: "一直住这" }).click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByText("0 / 4 人").waitFor();
  const [person, added] = await own(page);
  expect(person).toMatchObject({ kind: "person.set", clear: { name: "王小二", sex: "f", birth: "19491231", doc: "11010519491231002X", doc_type: "resident", flags: "独居" } });
  expect(added).toMatchObject({ kind: "round.add", on: person!.on, body: { how: "found", door: ids.door(24) } });
  await to(page, `/door/${ids.door(24)}/person/${person!.on}`);
  await page.getByLabel("手机").fill("13800138000");
  await page.getByRole("button", { name: "保存改动" }).click();
  await page.waitForFunction(() => (window as any).fake.own().length === 3);
  expect((await own(page))[2]!.clear).toEqual({ phone: "13800138000" });
});

/** Opens a tube by what a Bluetooth scanner types. */
async function openTube(page: Page, code: string, capacity: string): Promise<void> {
  await to(page, "/tubes");
  await page.getByRole("heading", { name: "采样管" }).waitFor();
  await page.getByRole("heading", { name: "采样管" }).focus();
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: capacity, exact: true }).click();
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await page.getByRole("heading", { name: `${code} 管` }).waitFor();
}

test("a tube takes as many as it holds and no more; nobody stands in two; sealed it goes into a box and from hand to hand", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url("/"));
  await openTube(page, "A0001", "1 人");
  await to(page, `/door/${ids.door(24)}`);
  await page.getByRole("button", { name: /全部已采/ }).click();
  await page.getByRole("button", { name: /^保存/ }).click();
  await page.getByRole("alert").getByText("A0001 管只剩 1 个位置").waitFor();
  expect((await own(page)).map((one) => one.kind)).toEqual(["tube.open"]);
  await openTube(page, "A0002", "5 人");
  await to(page, `/door/${ids.door(24)}`);
  await page.getByText("3 / 5").waitFor();
  await page.getByRole("button", { name: /^保存/ }).click();
  await page.getByText("3 / 3 人").waitFor();
  expect((await own(page)).at(-1)).toMatchObject({ kind: "tube.fill", body: { people: [{ position: 1 }, { position: 2 }, { position: 3 }] } });
  await to(page, "/tubes");
  await page.getByRole("link", { name: /A0001/ }).click();
  await page.getByRole("heading", { name: "A0001 管" }).waitFor();
  await page.getByRole("button", { name: "放人" }).click();
  const name = await page.evaluate((id) => (window as any).fake.door(id).people[0].person.name as string, ids.door(24));
  await page.getByRole("searchbox").fill(name);
  await page.getByRole("button", { name: new RegExp(`${name}.*西安路5号 101`) }).click();
  await page.getByRole("alert").getByText(`${name} 已经在 A0002 管里`).waitFor();
  await to(page, "/tubes");
  await page.getByRole("link", { name: /A0002/ }).click();
  await page.getByRole("heading", { name: "A0002 管" }).waitFor();
  await page.getByRole("button", { name: "封管" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "封管" }).click();
  await page.getByText("已封，不能再放").waitFor();
  await to(page, "/boxes");
  await page.getByRole("button", { name: /把封好的管装箱/ }).click();
  await page.getByRole("dialog").getByLabel("箱号", { exact: true }).fill("X01");
  await page.getByRole("button", { name: "装箱（1 支）" }).click();
  await page.getByRole("img", { name: "X01 箱的交接码" }).waitFor();
  const pack = (await own(page)).at(-1)!;
  expect(pack).toMatchObject({ kind: "box.pack", body: { code: "X01", tubes: [{}] } });
  const other = ids.person(77);
  await page.getByRole("button", { name: "扫对方的码" }).click();
  await page.getByLabel(/输入号码/).fill(`doorward:device/${other}/${pack.on}`);
  await page.getByRole("button", { name: "好", exact: true }).click();
  await page.getByText("这一箱已交出").waitFor();
  expect((await own(page)).at(-1)).toMatchObject({ kind: "box.hand", on: pack.on, body: { side: "give", other } });
  await to(page, `/take?box=${ids.door(1)}&device=${other}&code=X02`);
  await page.getByRole("button", { name: "接收这一箱" }).click();
  await page.getByRole("img", { name: "我这部手机的码" }).waitFor();
  expect((await own(page)).at(-1)).toMatchObject({ kind: "box.hand", on: ids.door(1), body: { side: "take", other } });
});

test("a door card is read with a picture, and a card that is not ours is refused", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url("/scan"));
  const shown = await page.evaluate(() => new Promise<number>((done) => { const wait = () => { const eye = document.querySelector("video"); if (eye !== null && eye.videoWidth > 0) done(eye.videoWidth); else requestAnimationFrame(wait); }; wait(); }));
  expect(shown).toBeGreaterThan(0);
  const picture = await codePicture("CARD:4-2-4·101:2");
  await page.locator("input[type=file]").setInputFiles({ name: "card.svg.png", mimeType: "image/png", buffer: picture });
  await page.getByText("门牌卡是真的，第 2 版").waitFor();
  await to(page, "/scan");
  await page.getByLabel(/输入号码/).fill("AQ".repeat(57));
  await page.getByRole("button", { name: "好", exact: true }).click();
  await page.getByText("这不是本村发的门牌卡").waitFor();
});

test("the camera sees a door card and leads to the door", async () => {
  const browser = await stage.camera(await codePicture("CARD:4-2-4·101:2", "jpeg"));
  const { page, problems } = await stage.page({}, browser);
  await page.goto(stage.url("/scan"));
  await page.getByText("门牌卡是真的，第 2 版").waitFor();
  expect(problems).toEqual([]);
  await browser.close();
});

/** A QR code as a photograph of it, drawn by the browser. */
async function codePicture(text: string, type: "png" | "jpeg" = "png"): Promise<Buffer> {
  const { default: qrcode } = await import("qrcode-generator");
  const code = qrcode(0, "M");
  code.addData(Buffer.from(text, "utf8").toString("latin1"));
  code.make();
  const page = await stage.browser.newPage({ viewport: { width: 640, height: 480 } });
  await page.setContent(code.createSvgTag({ cellSize: 10, margin: 40 }));
  const picture = await page.screenshot({ type });
  await page.close();
  return picture;
}

test("a wrong PIN opens nothing, too many must wait, the right one opens; what is unsent is counted", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url("/", "state=locked&sync=offline"));
  await page.getByText("还有 12 条没上传").waitFor();
  for (const digit of "111111") await page.getByRole("button", { name: digit, exact: true }).click();
  await page.getByText("密码不对").waitFor();
  for (const digit of "222222333333") await page.getByRole("button", { name: digit, exact: true }).click();
  await page.getByText(/按错太多次/).waitFor();
  expect(await page.getByRole("button", { name: "1", exact: true }).isDisabled()).toBe(true);
  await page.goto(stage.url("/", "state=locked&x=1"));
  await page.getByRole("heading", { name: "洋埭村" }).waitFor();
  await page.keyboard.type("246810");
  await page.getByRole("heading", { name: "我的门户" }).waitFor();
});

test("a phone joins by its leader's link: a PIN twice, and the doors are there; a used code is told", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url("enrol=q6h0J1v2mX8c5dYt3wRk9sLbNzFgPaUe7iOxTjHyVlQ", "state=new"));
  for (const pin of ["123456", "123457"]) { await page.locator(".pin").waitFor(); await page.keyboard.type(pin); }
  await page.getByText("两遍不一样").waitFor();
  await page.keyboard.type("123456");
  await page.getByText("再按一遍").waitFor();
  await page.keyboard.type("123456");
  await page.getByRole("heading", { name: "我的门户" }).waitFor();
  await page.goto(stage.url("/", "state=new&x=2"));
  await page.getByLabel(/邀请码、链接/).fill("http://192.168.1.5:8080/#enrol=used0J1v2mX8c5dYt3wRk9sLbNzFgPaUe7iOxTjHyVlQ");
  await page.getByRole("button", { name: "下一步" }).click();
  for (const again of [0, 1]) { await page.getByText(again === 0 ? "设 6 位密码" : "再按一遍").waitFor(); await page.keyboard.type("123456"); }
  await page.getByText("邀请码用过了或过期了").waitFor();
});

test("a phone that was revoked, and one that the site takes no more, join anew with another code", async () => {
  const { page } = await stage.page();
  for (const [path, what, button] of [["/", "state=wiped", "扫新的邀请码"], ["/sync", "sync=fork", "扫邀请码，重新加入"]] as const) {
    await page.goto(stage.url(path, what));
    await page.getByText(button).click();
    await page.getByLabel(/邀请码、链接/).fill("q6h0J1v2mX8c5dYt3wRk9sLbNzFgPaUe7iOxTjHyVlQ");
    await page.getByRole("button", { name: "下一步" }).click();
    for (const words of ["设 6 位密码", "再按一遍"]) { await page.getByText(words).waitFor(); await page.keyboard.type("123456"); }
    await page.getByRole("heading", { name: "我的门户" }).waitFor();
  }
  await page.goto(stage.url("enrol=q6h0J1v2mX8c5dYt3wRk9sLbNzFgPaUe7iOxTjHyVlQ", "x=3"));
  await page.getByRole("heading", { name: "我的门户" }).waitFor();
});

test("over plain HTTP one is told what is missing and goes on with a photograph", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url("/", "state=new", "village.test"));
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await page.getByText("不能开摄像头扫码").waitFor();
  expect(await page.getByRole("link", { name: "下载证书" }).getAttribute("href")).toBe("/api/v1/authority");
  await page.locator("input[type=file]").setInputFiles({ name: "code.png", mimeType: "image/png", buffer: await codePicture("https://site.test/#enrol=q6h0J1v2mX8c5dYt3wRk9sLbNzFgPaUe7iOxTjHyVlQ") });
  await page.getByText("给这部手机设 6 位密码").waitFor();
});

test("a need in three taps; a refusal is followed up; a door, a household and somebody in the street are registered", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url(`/need?of=door&on=${ids.door(24)}`));
  await page.getByRole("button", { name: "买药" }).click();
  await page.getByRole("button", { name: "急", exact: true }).click();
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForFunction(() => (window as any).fake.own().length === 1);
  await to(page, "/refusals");
  await page.getByRole("button", { name: "跟进" }).first().click();
  await page.getByRole("button", { name: "答应了" }).click();
  await page.getByRole("group", { name: "什么时候再来" }).getByRole("button").first().click();
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await page.waitForFunction(() => (window as any).fake.own().length === 2);
  await to(page, `/register?building=${ids.building(1)}`);
  await page.getByRole("button", { name: "出租房" }).click();
  await page.getByLabel(/门号/).fill("101");
  await page.getByLabel(/门号/).fill("502");
  await page.getByRole("button", { name: "保存，接着登记人" }).click();
  await page.getByRole("heading", { name: /东明巷12号 502/ }).waitFor();
  await to(page, "/street");
  await page.getByRole("searchbox").fill("林志强");
  await page.getByRole("button", { name: /林志强/ }).first().click();
  await page.getByRole("button", { name: "送回家了" }).click();
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForFunction(() => (window as any).fake.own().length === 5);
  const entries = await own(page);
  expect(entries.map((one) => one.kind)).toEqual(["need.raise", "refusal.follow", "door.set", "household.set", "street.meet"]);
  expect(entries[0]!.body).toEqual({ of: "door", what: "medicine", urgent: true });
  expect(entries[1]!.body).toMatchObject({ of: "door", step: "promised" });
  expect(entries[3]!.body).toEqual({ door: entries[2]!.on, kind: "shared" });
});

test("a round's form is filled by taps; one that was begun must be whole", async () => {
  const { page } = await stage.page();
  await page.goto(stage.url(`/door/${ids.door(24)}`, "round=inspection"));
  await page.getByRole("button", { name: /积水容器.*加一/ }).click();
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByRole("alert").getByText("还没填：有蚊幼的容器").waitFor();
  await page.getByRole("button", { name: /有蚊幼的容器.*加一/ }).click();
  await page.getByRole("button", { name: "已倒掉" }).click();
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForFunction(() => (window as any).fake.own().length === 2);
  const form = (await own(page))[1]!;
  expect([form.kind, form.body["of"], JSON.parse(form.clear["answers"]!)]).toEqual(["form.fill", "door", { containers: "0", positive: "0", action: "emptied" }]);
  await page.goto(stage.url(`/door/${ids.door(25)}`, "round=antigen"));
  await page.getByRole("button", { name: "阴性" }).first().click();
  await page.getByRole("button", { name: "保存（已测 1 人）" }).click();
  await page.waitForFunction(() => (window as any).fake.own().length === 2);
  expect((await own(page)).map((one) => one.kind)).toEqual(["visit", "form.fill"]);
});

test("the start of the field phone is small", async () => {
  const { page } = await stage.page();
  const parts = new Map<string, number>();
  page.on("response", (answer) => { if (/\.(js|css|html)$|\/\?/.test(answer.url())) void answer.body().then((body) => parts.set(new URL(answer.url()).pathname, gzipSync(body).length), () => undefined); });
  await page.goto(stage.url("/"));
  await page.getByRole("heading", { name: "我的门户" }).waitFor();
  await expect.poll(() => parts.size).toBeGreaterThan(3);
  const real = [...parts].filter(([path]) => !path.includes("fake_phone"));
  const kib = real.reduce((sum, [, size]) => sum + size, 0) / 1024;
  console.log(`the field's start: ${kib.toFixed(1)} KiB gzip in ${real.length} files`);
  expect(kib).toBeLessThan(250);
  expect(real.some(([path]) => /reader|qr-/.test(path))).toBe(false);
});

