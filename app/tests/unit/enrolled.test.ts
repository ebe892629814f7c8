import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { enrolled } from "../../src/field/enrolled";
import { openDb, putPlain } from "../../src/field/store/db";

afterEach(() => vi.unstubAllGlobals());

test("a browser that was killed before it wrote the phone's mark is a phone all the same, and asking makes no database", async () => {
  vi.stubGlobal("localStorage", { getItem: () => null });
  expect(await enrolled()).toBe(false);
  expect(await indexedDB.databases()).toEqual([]);
  const db = await openDb("doorward", () => undefined);
  expect(await enrolled()).toBe(false);
  await putPlain(db, "device", { device: "a", site: "b", siteKey: "c" });
  expect(await enrolled()).toBe(true);
  db.close();
});

test("the mark alone is enough, and a browser that keeps nothing is no phone", async () => {
  vi.stubGlobal("localStorage", { getItem: () => "a" });
  vi.stubGlobal("indexedDB", undefined);
  expect(await enrolled()).toBe(true);
  vi.stubGlobal("localStorage", { getItem: () => { throw new Error("denied"); } });
  expect(await enrolled()).toBe(false);
});
