/** A round as a volunteer walks it, on a real server: enrolled, the network gone, ticked, the browser closed, opened again with no network, and found on the board. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { World } from "./world";

let world: World;
beforeAll(async () => { world = await World.begin(400, 5); }, 180000);
afterAll(() => world.end());

const PIN = "135790";
const typed = async (page: Page) => {
  for (const digit of PIN) await page.getByRole("button", { name: digit, exact: true }).click();
};

test("ticked with no network, it outlives the browser's page and arrives once", async () => {
  const browser = await world.browser();
  const token = await world.signIn();
  const member = world.account("li", "李志愿", "group_leader", "1-1");
  const { page, problems } = await world.page(browser, World.phone, "zh");
  await page.goto(`${world.url}/#enrol=${await world.invitation(member, token)}`);
  await typed(page);
  await page.getByText("再按一遍").waitFor();
  await typed(page);
  await page.locator("a[href^='#/building/']").first().click({ timeout: 60000 });
  // The worker that keeps the app's files has them all before the network goes.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.locator("a[href^='#/door/']").filter({ hasText: "还没去" }).first().click();
  const before = (await world.call("GET", "/rounds/0", undefined, token)).covered as number;
  await world.stop();

  await page.getByRole("button", { name: "全部已采" }).click();
  await page.getByRole("button", { name: /^保存（已采 \d+ 人）$/ }).click();
  await page.getByText("1 条没上传").waitFor();
  await page.reload();
  await typed(page);
  await page.getByText("1 条没上传").waitFor();
  await page.goto(`${world.url}/#/mine`);
  await page.getByText("没上传", { exact: true }).first().waitFor();

  await world.serve();
  await expect.poll(async () => (await world.call("GET", "/rounds/0", undefined, token)).covered as number, { timeout: 120000, interval: 500 }).toBeGreaterThan(before);
  await page.getByText("已收到", { exact: true }).first().waitFor({ timeout: 60000 });
  const phone = (await world.call("GET", "/devices", undefined, token)).items.find((one: { kind: string; name: string }) => one.name === "测试手机");
  expect(phone.received).toBe(1);
  expect(problems.filter((one) => !one.includes("ERR_CONNECTION_REFUSED"))).toEqual([]);
}, 300000);
