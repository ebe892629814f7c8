import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { tree } from "../../src/desk/board/area_tree";
import { outlook, upToNow, type Point } from "../../src/desk/board/course";
import { share } from "../../src/desk/board/standing";
import { left } from "../../src/desk/base/countdown";
import { csv, decode, headerRow } from "../../src/desk/imports/peek";
import { liveAreas, held, round, take } from "../../src/desk/live/live";
import { arrange } from "../../src/desk/tables/arrange";
import { leads } from "../../src/desk/tables/moving";
import type { Column } from "../../src/desk/tables/table";
import { en } from "../../src/words/en";
import { zh } from "../../src/words/zh";

const HOUR = 3600000;
const at = (ms: number): string => new Date(ms).toISOString();
const point = (ms: number, covered: number, owed = 100): Point => ({ at: at(ms), owed, covered, found: 0, arrived: 0, recovered: 0 });

test("the outlook goes by the last hour, and tells what that means for the deadline", () => {
  const now = 10 * HOUR;
  const points = [point(0, 0), point(8 * HOUR, 10), point(9 * HOUR, 20), point(now, 60)];
  const look = outlook(points, 12 * HOUR, now);
  expect(look.pace).toBe(40);
  expect(look.finish).toBe(now + HOUR);
  expect(look.late).toBe(-HOUR);
  expect(outlook(points, 10.5 * HOUR, now).late).toBe(0.5 * HOUR);
});

test("no pace without progress, no promise without points, and done is done", () => {
  expect(outlook([], null, 0)).toEqual({ pace: 0, finish: null, early: false, done: false, late: null });
  expect(outlook([point(0, 5), point(HOUR, 5)], null, HOUR).finish).toBeNull();
  expect(outlook([point(0, 5), point(HOUR, 100)], 2 * HOUR, 5 * HOUR)).toEqual({ pace: 0, finish: null, early: false, done: true, late: -HOUR });
  // A standstill makes the pace fall, so that nobody is promised an end that does not come.
  expect(outlook([point(0, 0), point(HOUR, 50)], null, 2 * HOUR).pace).toBeLessThan(outlook([point(0, 0), point(HOUR, 50)], null, HOUR).pace);
});

test("of the first minutes nothing is promised", () => {
  expect(outlook([point(0, 0), point(60000, 50)], 5 * HOUR, 60000)).toEqual({ pace: 0, finish: null, early: true, done: false, late: null });
  expect(outlook([point(0, 0), point(20 * 60000, 50)], null, 20 * 60000).finish).not.toBeNull();
});

test("a course goes up to how it stands now, and is left alone when it knows that", () => {
  const points = [point(0, 0), point(HOUR, 50)];
  expect(upToNow(points, { owed: 100, covered: 50 }, 2 * HOUR)).toBe(points);
  expect(upToNow(points, { owed: 101, covered: 60 }, 2 * HOUR).at(-1)).toEqual({ ...point(2 * HOUR, 60), owed: 101 });
  expect(upToNow(points, { owed: 100, covered: 60 }, 0).at(-1)!.at).toBe(at(HOUR)); // a desk whose clock is behind
  expect(upToNow([], { owed: 9, covered: 3 }, 0)).toEqual([]);
});

interface Line { name: string; n: number }
const columns: Column<Line>[] = [
  { key: "name", title: "col.name", text: (row) => row.name, width: 1 },
  { key: "n", title: "col.people", text: (row) => String(row.n), by: (row) => row.n, width: 1, num: true },
];

test("arranging keeps every row, in order, whatever the rows", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ name: fc.string(), n: fc.integer() })), fc.boolean(), (rows, down) => {
      const out = arrange(rows, columns, "", { key: "n", down }, "zh");
      expect([...out].sort((a, b) => a.n - b.n).map((one) => one.n)).toEqual(rows.map((one) => one.n).sort((a, b) => a - b));
      for (let i = 1; i < out.length; i++) expect(down ? out[i - 1]!.n >= out[i]!.n : out[i - 1]!.n <= out[i]!.n).toBe(true);
    }),
  );
});

test("many rows are arranged as few are, whatever is in them", () => {
  const long = Array.from({ length: 2500 }, (_, n) => ({ name: ["林 1-1-10", "", "阿 1-1-2", "林 1-1-2"][n % 4]!, n: n % 7 }));
  expect(arrange(long, columns, "林 1-1-2", null, "zh").length).toBe(625);
  expect(arrange(long, columns, "林", null, "zh").length).toBe(1250);
  const down = arrange(long, columns, "", { key: "name", down: true }, "zh").map((one) => one.name);
  expect(down.indexOf("")).toBe(1875);
  expect(new Set(down.slice(0, 625))).toEqual(new Set(["林 1-1-10"]));
});

test("filtering wants every word, somewhere; sorting counts numbers in names as numbers, and empty comes last", () => {
  const rows = ["1-1-10 北明巷", "1-1-2 南明巷", "", "1-1-1 北明巷"].map((name, n) => ({ name, n }));
  expect(arrange(rows, columns, "北明 10", null, "zh").map((one) => one.n)).toEqual([0]);
  expect(arrange(rows, columns, "", { key: "name", down: false }, "zh").map((one) => one.n)).toEqual([3, 1, 0, 2]);
  expect(arrange(rows, columns, "", { key: "name", down: true }, "zh").map((one) => one.n)).toEqual([0, 1, 3, 2]);
});

test("keys never lead out of a table", () => {
  fc.assert(
    fc.property(fc.constantFrom("ArrowDown", "ArrowUp", "j", "k", "PageDown", "PageUp", "Home", "End"), fc.integer({ min: 1, max: 60000 }), fc.nat(), (key, count, from) => {
      const to = leads(key, from % count, count, 20)!;
      expect(to).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThan(count);
    }),
  );
  expect(leads("x", 0, 5, 3)).toBeUndefined();
});

test("a share is whole only when everybody is covered", () => {
  expect(share(99999, 100000)).toBe("99.9%");
  expect(share(3, 3)).toBe("100%");
  expect(share(0, 0)).toBe("—");
});

test("areas become a tree by their depth", () => {
  const rows = [0, 1, 2, 3, 3, 2, 1].map((depth, n) => ({ area: String(n), code: String(n), depth, roster: 0, excused: 0, found: 0, arrived: 0, owed: 0, covered: 0, missing: 0, recovered: 0 }));
  expect(tree(rows).map((node) => node.parent)).toEqual([null, 0, 1, 2, 2, 1, 0]);
  expect(tree(rows).map((node) => node.level)).toEqual([1, 2, 3, 4, 4, 3, 2]);
});

beforeEach(() => take("state", { seq: 0, areas: [] }));
test("a change says only what is different; another round and a state begin anew", () => {
  const area = (code: string, covered: number) => ({ area: code === "" ? null : code, code, owed: 9, covered, missing: 9 - covered });
  take("state", { seq: 1, round: { number: 1, closed: 0 }, areas: [area("", 1), area("1", 1)], held: { waiting: 2, last: 5 } });
  take("change", { seq: 2, areas: [area("", 2)] });
  expect(liveAreas.value.get("")!.covered).toBe(2);
  expect(liveAreas.value.get("1")!.covered).toBe(1);
  expect(held.value!.waiting).toBe(2);
  take("change", { seq: 3, round: { number: 2, closed: 0 }, areas: [area("", 0)] });
  expect([...liveAreas.value.keys()]).toEqual([""]);
  expect(round.value!.number).toBe(2);
});

test("a list's head is read as offices write it", () => {
  const gb = Uint8Array.from([0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xb5, 0xe7, 0xbb, 0xb0, 0x0a]); // 姓名,电话
  expect(csv(decode(gb))[0]).toEqual(["姓名", "电话"]);
  expect(csv('a;"b;""c""\nd";e\n1;2;3')).toEqual([["a", 'b;"c"\nd', "e"], ["1", "2", "3"]]);
  expect(headerRow([["洋埭村人员登记表"], ["姓名", "证件号", "电话"], ["林", "", ""]])).toBe(1);
  expect(headerRow([])).toBe(-1);
});

test("any text is a list or none, and never an error", () => {
  fc.assert(fc.property(fc.string(), (text) => { headerRow(csv(text)); }));
});

test("a countdown says hours only when there are", () => {
  expect(left(59_001)).toBe("1:00");
  expect(left(3_600_000)).toBe("1:00:00");
  expect(left(-5)).toBe("0:00");
});

test("both languages fill in the same names", () => {
  const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]!).sort();
  for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect(new Set(names(en[key])), key).toEqual(new Set(names(zh[key])));
});
