/** A member shares where his phone is, in a real browser with the app as it was built: the command post sees it, and a browser that may not tell says so. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "./world";

let world: World;
beforeAll(async () => { world = await World.begin(120, 3); }, 120000);
afterAll(() => world.end(), 60000);

async function joined(page: Page, invite: string): Promise<void> {
  await page.goto(`${world.url}/#enrol=${invite}`);
  for (const words of ["设 6 位密码", "再按一遍"]) {
    await page.getByText(words).waitFor();
    await page.keyboard.type("258036");
  }
  await page.locator(".quicks").waitFor();
  await page.goto(`${world.url}/#/settings`);
}

test("switched on in the settings it is on the command post's list, and off when the phone is locked", async () => {
  const token = await world.signIn();
  const member = world.account("keeper", "林包栋", "keeper", "1-1");
  const { page, context, problems } = await world.page(await world.browser(), { ...World.phone, geolocation: { longitude: 118.5, latitude: 24.7, accuracy: 15 }, permissions: ["geolocation"] });
  await joined(page, await world.invitation(member, token));
  const share = page.getByRole("switch", { name: "共享我的位置" });
  expect(await share.getAttribute("aria-checked")).toBe("false");
  expect((await world.call("GET", "/positions", undefined, token)).items).toEqual([]);
  await share.click();
  await page.getByText("发过一次").waitFor();
  expect((await world.call("GET", "/positions", undefined, token)).items).toMatchObject([{ name: "林包栋", lon: 1185000000, lat: 247000000, accuracy: 15 }]);
  await page.goto(`${world.url}/#/`);
  await page.getByRole("link", { name: "正在共享我的位置" }).click();
  await page.getByRole("button", { name: "现在锁上" }).click();
  await page.locator(".pin").waitFor();
  await page.keyboard.type("258036");
  await page.getByRole("switch", { name: "共享我的位置", checked: false }).waitFor();
  expect(problems).toEqual([]);
  await context.close();
});

test("a browser that may not tell its place says what to do, and the switch is off", async () => {
  const token = await world.signIn();
  const member = world.account("other", "王包栋", "keeper", "1-1");
  const { page, context } = await world.page(await world.browser(), World.phone);
  await joined(page, await world.invitation(member, token));
  await page.getByRole("switch", { name: "共享我的位置" }).click();
  await page.getByText("没有定位权限").waitFor();
  await page.getByRole("switch", { name: "共享我的位置", checked: false }).waitFor();
  await context.close();
});
