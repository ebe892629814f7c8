/** Who may sit at a desk and how: second factor, accounts, emergencies, phones, the provider, and that looks are on record. */
import { createHmac } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { come, deskOf, done, field, member, openFirst, Phone, signIn, yes } from "./desk_world.ts";
import { PASSWORD, World } from "./world.ts";

let world: World;
let browser: Browser;
let token: string;
beforeAll(async () => {
  world = await World.begin();
  token = await world.signIn();
  browser = await world.browser();
}, 180000);
afterAll(() => world.end());
const get = (path: string): Promise<any> => world.call("GET", path, undefined, token);

const STEP = 30000;
/** What an authenticator shows for a secret, in a step of half a minute. */
function shows(secret: string, step: number): string {
  let bits = "";
  for (const letter of secret) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", key).update(count).digest();
  return String((hash.readUInt32BE(hash[19]! & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}

async function knock(page: Page, login: string, password = PASSWORD): Promise<void> {
  await page.goto(`${world.url}/?desk`);
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
}
async function say(page: Page, code: string): Promise<void> {
  await page.locator("input[name=code]").fill(code);
  await page.locator("button[type=submit]").click();
}

test("a second factor is set up, asked for at the door, and a recovery code opens once", async () => {
  world.account("second", "许二", "grid_leader", "1");
  const { page, context, problems } = await deskOf(world, browser, "en", World.desk, "second");
  await come(page, "/me");
  await page.getByRole("button", { name: "Set it up" }).click();
  await page.locator("svg.qr").waitFor();
  await page.locator("details summary").click();
  const secret = (await page.locator("details code").innerText()).trim();
  const input = page.locator("input[autocomplete=one-time-code]");
  const now = Math.floor(Date.now() / STEP);
  await input.fill("000000" === shows(secret, now) ? "000001" : "000000");
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.locator(".note.bad").waitFor();
  await input.fill(shows(secret, now));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.locator(".codes li").first().waitFor();
  const codes = await page.locator(".codes li").allInnerTexts();
  expect(codes.length).toBeGreaterThanOrEqual(8);
  await page.getByRole("button", { name: "I have kept them" }).click();
  // It is there now, and the page knows that also after it was loaded anew.
  await page.getByText("is set up").first().waitFor();
  await page.locator(".me > button").click();
  await page.getByRole("banner").getByRole("button", { name: "Sign out" }).click();
  await knock(page, "second");
  await page.locator("input[name=code]").waitFor();
  await say(page, shows(secret, now)); // each code is good once
  await page.getByText("code is wrong").waitFor();
  await say(page, shows(secret, Math.max(now, Math.floor(Date.now() / STEP)) + 1));
  await page.locator("nav.side").waitFor({ state: "attached" });
  await context.clearCookies();
  await knock(page, "second");
  await page.getByRole("button", { name: "recovery code" }).click();
  await say(page, codes[0]!);
  await page.locator("nav.side").waitFor({ state: "attached" });
  await context.clearCookies();
  await knock(page, "second");
  await page.getByRole("button", { name: "recovery code" }).click();
  await say(page, codes[0]!);
  await page.getByText("code is wrong").waitFor();
  expect(problems.filter((one) => !/ 40[01] /.test(one))).toEqual([]);
  await context.close();
});

test("an emergency grant is opened with a reason, stands above every page while it runs, and is ended", async () => {
  world.account("group", "钱组长", "group_leader", "1-1");
  const { page, problems, close } = await deskOf(world, browser, "en", World.desk, "group");
  await come(page, "/emergencies");
  await page.getByRole("button", { name: "Open emergency access" }).click();
  await field(page, "reason").fill("a fire in building 3");
  await field(page, "minutes").selectOption("30");
  await done(page);
  const bar = page.locator(".emergency");
  await bar.locator("[role=timer]").waitFor();
  expect(await bar.locator("[role=timer]").innerText()).toMatch(/^(30:00|29:\d\d)$/);
  await come(page, "/missing");
  await bar.waitFor();
  const { items } = await get("/emergencies");
  expect(items[0]).toMatchObject({ reason: "a fire in building 3", emergency: true, ended: false });
  await bar.getByRole("button").click();
  await done(page);
  await bar.waitFor({ state: "detached" });
  expect((await get("/emergencies")).items[0].ended).toBe(true);
  await come(page, "/emergencies");
  await page.getByRole("button", { name: "Open emergency access" }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test("an account is made, its password changed, it is disabled and enabled again", async () => {
  const { page, problems, close } = await deskOf(world, browser);
  const who = await member(world, token, "郑新人", "viewer", "1");
  await come(page, "/accounts");
  await page.getByRole("button", { name: "Add a login" }).click();
  await field(page, "member").locator(`option[value="${who}"]`).waitFor({ state: "attached" });
  await field(page, "member").selectOption(who);
  await field(page, "login").fill("zheng");
  await field(page, "password").fill("short");
  await yes(page);
  await page.locator("dialog .note.bad").waitFor(); // it says why, and stays
  await field(page, "password").fill(PASSWORD);
  await done(page);
  await world.signIn("zheng");
  await page.locator("[role=grid] .grid-row", { hasText: "zheng" }).click();
  await page.getByRole("button", { name: "Set a password" }).click();
  await field(page, "password").fill(`${PASSWORD}-new`);
  await done(page);
  await expect(world.signIn("zheng")).rejects.toThrow();
  await page.getByRole("button", { name: "Disable" }).click();
  await done(page);
  await page.locator(".panel", { hasText: "disabled" }).waitFor();
  await expect(world.call("POST", "/auth/session", { login: "zheng", password: `${PASSWORD}-new` })).rejects.toThrow();
  await page.getByRole("button", { name: "Enable" }).click();
  await done(page);
  await world.call("POST", "/auth/session", { login: "zheng", password: `${PASSWORD}-new` });
  expect(problems.filter((one) => !/ 400 /.test(one))).toEqual([]);
  await close();
});

test("somebody new is invited in one window: member, grant and phone; the link opens the phone's app; the phone is revoked", async () => {
  const { page, problems, close } = await deskOf(world, browser);
  await come(page, "/devices");
  await page.getByRole("button", { name: "Invite a phone" }).click();
  await field(page, "member").selectOption("new");
  await field(page, "who").fill("吴新来");
  await field(page, "phone").fill("13900001234");
  await field(page, "role").selectOption("sampler");
  await field(page, "area").fill("1-1");
  await yes(page);
  await page.locator("dialog svg.qr").waitFor();
  const link = await page.locator("dialog .copy-text code").innerText();
  const other = await world.page(browser, World.phone, "en");
  await other.page.goto(link);
  await other.page.getByText("PIN").first().waitFor();
  await other.context.close();
  new Phone(world, "wu").say("enrol", "--url", `http://127.0.0.1:${world.port}`, "--invite", link.split("enrol=")[1]!);
  await page.locator("dialog .note.good").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  const row = page.locator("[role=grid] .grid-row", { hasText: "吴新来" });
  await row.click();
  await page.locator(".panel h2", { hasText: "吴新来" }).waitFor();
  const { items: members } = await get("/members?limit=1000");
  const made = members.find((one: { name: string }) => one.name === "吴新来");
  expect(made.grants).toBe(1);
  expect((await get(`/grants?member=${made.id}`)).items[0]).toMatchObject({ role: "sampler", code: "1-1" });
  await page.locator(".panel").getByRole("button", { name: "Revoke" }).click();
  await field(page, "reason").fill("lost");
  await done(page);
  await page.locator(".panel .tag", { hasText: "revoked" }).waitFor();
  expect(() => new Phone(world, "wu").say("pull")).toThrow();
  expect(problems).toEqual([]);
  await close();
});

test("the audit says who saw what, and why", async () => {
  const { page, problems, close } = await deskOf(world, browser);
  await come(page, "/persons");
  await openFirst(page);
  await page.getByRole("button", { name: "See in full" }).click();
  await field(page, "reason").fill("his mother asked");
  await done(page);
  await come(page, "/persons?find=139");
  await come(page, "/audit");
  const rows = page.locator("[role=grid] .grid-row");
  await rows.filter({ hasText: "his mother asked" }).first().waitFor();
  expect(await rows.filter({ hasText: "his mother asked" }).first().innerText()).toContain("陈站长");
  expect((await get("/audit?limit=5")).items.map((one: { what: string }) => one.what)).toContain("persons.list");
  expect(problems).toEqual([]);
  await close();
});

test("a session that ended says so, and the desk goes on where it was", async () => {
  const { page, context, close } = await deskOf(world, browser);
  await come(page, "/doors");
  await context.clearCookies();
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("session is over").waitFor();
  await page.locator("input[name=login]").fill("chen");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("button[type=submit]").click();
  await page.locator("[role=grid] .grid-row").first().waitFor();
  expect(page.url()).toContain("#/doors");
  await close();
});

test("a session that was ended elsewhere is told to a screen that nobody touches", async () => {
  world.account("away", "孙外", "viewer", "1");
  const { page, context, close } = await deskOf(world, browser, "en", World.desk, "away");
  await page.locator(".live.up").waitFor();
  await world.call("DELETE", "/auth/session?everywhere=true", undefined, await world.signIn("away"));
  await page.getByText("session is over").waitFor();
  expect(await context.pages()[0]!.locator("input[name=login]").count()).toBe(1);
  await close();
});

test("where there is an identity provider its button stands in front; one that is out of reach is said", async () => {
  await world.stop();
  await world.serve("--public-url", world.url, "--oidc-issuer", "http://127.0.0.1:9/none", "--oidc-client", "doorward", "--oidc-name", "市统一身份");
  const { page, context } = await world.page(browser, World.desk, "zh");
  await page.goto(`${world.url}/?desk`);
  const button = page.getByRole("link", { name: "用市统一身份登录" });
  await button.waitFor();
  await page.locator("input[name=password]").waitFor(); // both ways
  await button.click();
  await page.locator(".note.bad").waitFor();
  await signIn(page, world);
  await come(page, "/me");
  await page.getByRole("heading", { name: "关联市统一身份" }).waitFor();
  await context.close();
});
