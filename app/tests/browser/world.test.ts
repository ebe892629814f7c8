import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "./world.ts";

let world: World;
beforeAll(async () => { world = await World.begin(); }, 120000);
afterAll(() => world.end());

test("the app is served, and opens without an error", async () => {
  const { page, problems } = await world.page(await world.browser(), World.phone);
  await page.goto(world.url);
  expect(await page.title()).toContain("doorward");
  expect(problems).toEqual([]);
});
