/** Geometry, drawing, undoing, and the course of a round: pure, no browser. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { may, mayAt, me } from "../../src/desk/session/session";
import { percent, stepOf } from "../../src/desk/map/coverage";
import { added, drawingOf, empty, geometryOf, placed, removed, split, wrong, type Drawing } from "../../src/desk/map/edit/drawing";
import { begun, did, redone, replaced, undone } from "../../src/desk/map/edit/history";
import { crossings, wrongLine, wrongRing } from "../../src/desk/map/geo/check";
import { area, distance, inside, middle, moved, open, roundLength, shut, signedArea, type Ring, type Spot } from "../../src/desk/map/geo/plane";
import { snap } from "../../src/desk/map/geo/snap";
import { countAt, courseOf, stateAt, steps, trend, upTo } from "../../src/desk/map/replay/course";
import { around, find, inForce, nameOf, nextCode, read, under } from "../../src/desk/map/shapes";

const home: Spot = [118.55, 24.75];
/** So many metres east and north of home. */
const at = (east: number, north: number): Spot => moved(home, east, north);
const square: Ring = [at(0, 0), at(10, 0), at(10, 10), at(0, 10)];
const bowTie: Ring = [at(0, 0), at(10, 10), at(10, 0), at(0, 10)];
const hook: Ring = [at(0, 0), at(30, 0), at(30, 4), at(4, 4), at(4, 30), at(0, 30)];

test("lengths and areas are those of the ground", () => {
  expect(distance(home, at(30, 40))).toBeCloseTo(50, 3);
  expect(area(square)).toBeCloseTo(100, 3);
  expect(area(shut(square))).toBeCloseTo(100, 3);
  expect(signedArea(square)).toBeGreaterThan(0);
  expect(signedArea(square.toReversed())).toBeLessThan(0);
  expect([0.7, 3, 5, 60, 199, 1000].map(roundLength)).toEqual([0.5, 2, 5, 50, 100, 1000]);
});

test("a ring is kept closed and counter-clockwise, whichever way it was drawn", () => {
  for (const ring of [square, square.toReversed(), shut(square), shut(hook)]) {
    const kept = shut(ring);
    expect(kept[0]).toEqual(kept.at(-1));
    expect(signedArea(kept)).toBeGreaterThan(0);
    expect(open(kept)).toHaveLength(open(ring).length);
  }
});

test("a label stands inside its outline, also in an L", () => {
  expect(distance(middle(square), at(5, 5))).toBeLessThan(0.01);
  expect(inside(middle(hook), hook)).toBe(true);
  fc.assert(fc.property(fc.array(fc.double({ min: 2, max: 60, noNaN: true }), { minLength: 3, maxLength: 12 }), (radii) => {
    const star = radii.map((radius, n) => at(radius * Math.cos((2 * Math.PI * n) / radii.length), radius * Math.sin((2 * Math.PI * n) / radii.length)));
    expect(inside(middle(star), star)).toBe(true);
  }));
});

test("what crosses itself is told with the sides that do", () => {
  expect(crossings(square)).toEqual([]);
  expect(crossings(hook)).toEqual([]);
  expect(crossings(bowTie)).toEqual([[0, 2]]);
  expect(wrongRing(square)).toBeNull();
  expect(wrongRing(shut(square))).toBeNull();
  expect(wrongRing(bowTie)).toEqual({ fault: "crossing", at: [0, 2] });
  expect(wrongRing(square.slice(0, 2))?.fault).toBe("few");
  expect(wrongRing([...square, square[3]!])?.fault).toBe("same");
  expect(wrongRing([at(0, 0), at(10, 0), at(20, 0)])?.fault).toBe("flat");
  expect(wrongRing([at(0, 0), at(10, 0), at(5, 0), at(5, 9)])?.fault).toBe("crossing");
  expect(wrongRing([...square.slice(0, 3), [NaN, 1]])?.fault).toBe("outside");
  expect(wrongLine([at(0, 0)])?.fault).toBe("few");
  expect(wrongLine([at(0, 0), at(0.5, 0)])?.fault).toBe("short");
  expect(wrongLine([at(0, 0), at(9, 0), at(0, 1)])).toBeNull();
});

test("a star never crosses itself; with two corners swapped it may, and the order of corners does not matter", () => {
  fc.assert(fc.property(fc.integer({ min: 4, max: 14 }), fc.integer({ min: 0, max: 20 }), (count, turned) => {
    const ring = Array.from({ length: count }, (_, n) => at(20 * Math.cos((2 * Math.PI * n) / count), 20 * Math.sin((2 * Math.PI * n) / count)));
    expect(crossings(ring)).toEqual([]);
    const around = ring.map((_, n) => ring[(n + turned) % count]!);
    expect(crossings(around)).toEqual([]);
    const swapped = ring.with(0, ring[2]!).with(2, ring[0]!);
    expect(crossings(swapped).length > 0).toBe(crossings(swapped.toReversed()).length > 0);
    if (count > 4) expect(crossings(swapped).length).toBeGreaterThan(0);
  }));
});

test("a corner within reach is taken before a side that is nearer, and nothing from far", () => {
  const lines = [shut(square)];
  expect(snap(at(11, 1), lines, 3)).toEqual({ spot: square[1], to: "corner" });
  const side = snap(at(5, 1.5), lines, 3);
  expect(side.to).toBe("side");
  expect(distance(side.spot, at(5, 0))).toBeLessThan(0.01);
  expect(snap(at(50, 50), lines, 3)).toEqual({ spot: at(50, 50), to: null });
  fc.assert(fc.property(fc.double({ min: -20, max: 30, noNaN: true }), fc.double({ min: -20, max: 30, noNaN: true }), (x, y) => {
    expect(distance(snap(at(x, y), lines, 3).spot, at(x, y))).toBeLessThan(3.01);
  }));
});

test("vertices are added behind the chosen one, moved, split and removed; nothing is changed in place", () => {
  let drawing: Drawing = empty("ring");
  for (const spot of square) drawing = added(drawing, spot);
  expect(drawing.spots).toEqual(square);
  const before = drawing;
  const wider = split(drawing, 3);
  expect(wider.spots).toHaveLength(5);
  expect(distance(wider.spots[4]!, at(0, 5))).toBeLessThan(0.01);
  expect(removed(wider, 4).spots).toEqual(square);
  expect(placed(drawing, 0, at(-1, -1)).spots[0]).toEqual(at(-1, -1));
  expect(drawing).toBe(before);
  expect(drawing.spots).toEqual(square);
  expect(wrong(drawing)).toBeNull();
  expect(split({ form: "line", spots: square, chosen: 3 }, 3).spots).toHaveLength(4); // a line's end has no side behind it
  const kept = geometryOf(drawing);
  expect(kept.type).toBe("Polygon");
  expect(drawingOf(kept)!.spots).toHaveLength(4);
  expect(added(added(empty("point"), home), at(1, 1)).spots).toEqual([at(1, 1)]);
  expect(drawingOf({ type: "Polygon", coordinates: [shut(square), shut(square)] })).toBeNull();
});

test("undo and redo: any number of steps back and forth leaves what was", () => {
  fc.assert(fc.property(fc.array(fc.integer(), { maxLength: 40 }), fc.nat(50), (values, back) => {
    let history = begun(-1);
    const path = [-1];
    for (const value of values) {
      history = did(history, value);
      if (value !== path.at(-1)) path.push(value);
    }
    const end = history.now;
    const steps = Math.min(back, path.length - 1);
    for (let n = 0; n < back; n++) history = undone(history);
    expect(history.now).toBe(path[path.length - 1 - steps]);
    for (let n = 0; n < back; n++) history = redone(history);
    expect(history.now).toBe(end);
  }));
  // a drag is one step, and something new forgets what was undone
  let drag = did(begun(0), 1);
  for (const value of [2, 3, 4]) drag = replaced(drag, value);
  expect(undone(drag).now).toBe(0);
  expect(redone(did(undone(drag), 9)).now).toBe(9);
});

const village = read({
  features: [
    { type: "Feature", geometry: { type: "Polygon", coordinates: [shut([at(-50, -50), at(50, -50), at(50, 50), at(-50, 50)])] }, properties: { id: "v", kind: "village", code: "350599", name: "仿真村" } },
    { type: "Feature", geometry: { type: "Polygon", coordinates: [shut([at(-40, -40), at(40, -40), at(40, 40), at(-40, 40)])] }, properties: { id: "g", kind: "grid", code: "1", name: "第1网格" } },
    { type: "Feature", geometry: { type: "Polygon", coordinates: [shut(square)] }, properties: { id: "b", kind: "building", code: "1-2", address: "北明巷4号", keeper: "王五" } },
    { type: "Feature", geometry: { type: "Point", coordinates: at(20, 20) }, properties: { id: "c", kind: "factory", code: "1-10", name: "新发鞋业", address: "北明巷2号" } },
    { type: "Feature", geometry: null, properties: { id: "d", kind: "building", code: "1-3" } },
    { type: "Feature", geometry: { type: "LineString", coordinates: [at(0, 0), at(9, 9)] }, properties: { id: "l", kind: "barrier", code: "W1", from: "2022-04-01T08:00:00+08:00", to: "2022-04-02T08:00:00+08:00" } },
    { type: "Feature", geometry: null, properties: { kind: "something else" } },
  ],
});

test("what the server gives is sorted; names, search, and who lies in what", () => {
  expect(village.buildings.map((one) => one.code)).toEqual(["1-2", "1-3", "1-10"]);
  expect(village.marks).toHaveLength(1);
  expect(village.buildings.map(nameOf)).toEqual(["1-2 北明巷4号", "1-3", "1-10 新发鞋业"]);
  expect(find(village, "1-1", 9).map((one) => one.code)).toEqual(["1-10"]);
  expect(find(village, "北明", 9).map((one) => one.code)).toEqual(["1-2", "1-10"]);
  expect(find(village, "1－10", 9)[0]!.code).toBe("1-10");
  expect(find(village, "王五", 9)[0]!.code).toBe("1-2");
  expect(find(village, "", 9)).toEqual([]);
  expect([under("1-1-3", "1"), under("11-1", "1"), under("1", "1")]).toEqual([true, false, true]);
  expect(around(village, at(5, 5), ["cell", "grid", "village"])!.code).toBe("1");
  expect(around(village, at(500, 5), ["village", "grid"])).toBeNull();
  expect(nextCode(village, village.byCode.get("1")!)).toBe("1-11");
  expect(nextCode(village, village.byCode.get("350599")!)).toBe("2");
  const wall = village.marks[0]!;
  expect([inForce(wall, wall.from! - 1), inForce(wall, wall.from!), inForce(wall, wall.to!)]).toEqual([false, true, false]);
});

test("the colour says done only when nobody is missing, and not begun only when nobody is done", () => {
  expect(stepOf(undefined)).toBe("none");
  fc.assert(fc.property(fc.nat(2000), fc.nat(2000), (owed, some) => {
    const covered = Math.min(owed, some);
    const count = { owed, covered, missing: owed - covered };
    const step = stepOf(count);
    expect(step === "none").toBe(owed === 0);
    expect(step === "done").toBe(owed > 0 && covered === owed);
    expect(step === "unbegun").toBe(owed > 0 && covered === 0);
    if (owed > 0) expect(percent(count) === 100).toBe(covered === owed);
    if (owed > 0) expect(percent(count) === 0).toBe(covered === 0);
  }));
});

const eight = Date.parse("2022-04-01T08:00:00+08:00");
const day = courseOf([
  { code: "1-2", owed: 3, minutes: [10, 5, 40] },
  { code: "1-10", owed: 4, minutes: [7, 8] },
  { code: "1-3", owed: 0, minutes: [] },
], eight);

test("a round at any moment is what had been covered by then", () => {
  expect(stateAt(day, eight + 4 * 60000).get("1-2")).toEqual({ owed: 3, covered: 0, missing: 3 });
  expect(stateAt(day, eight + 10 * 60000).get("1-2")).toEqual({ owed: 3, covered: 2, missing: 1 });
  expect(stateAt(day, eight + 9 * 60000).get("1-10")).toEqual({ owed: 4, covered: 2, missing: 2 });
  expect(steps(day).map((step) => [step.at - eight, step.what, step.code])).toEqual([[5 * 60000, "first", ""], [5 * 60000, "begun", "1-2"], [7 * 60000, "begun", "1-10"], [8 * 60000, "left", "1-10"], [10 * 60000, "half", ""], [40 * 60000, "done", "1-2"]]);
  expect(trend(day, 5).at(-1)).toBe(5);
  expect([day.begin, day.end]).toEqual([eight + 4 * 60000, eight + 40 * 60000]);
  // nobody yet: still a stretch to slide over
  const none = courseOf([], eight);
  expect(none.end).toBeGreaterThan(none.begin);
  expect(steps(none)).toEqual([]);
});

test("coverage only grows, and ends at what was covered", () => {
  fc.assert(fc.property(fc.array(fc.nat(500), { maxLength: 60 }), fc.nat(80), (minutes, owed) => {
    const lane = courseOf([{ code: "1", owed, minutes }], eight).lanes[0]!;
    let before = 0;
    for (let minute = 0; minute <= 500; minute += 7) {
      const count = countAt(lane, eight + minute * 60000);
      expect(count.covered).toBeGreaterThanOrEqual(before);
      expect(count.covered + count.missing).toBe(owed);
      expect(upTo(lane.at, eight + minute * 60000)).toBe(minutes.filter((one) => one <= minute).length);
      before = count.covered;
    }
    expect(countAt(lane, Infinity).covered).toBe(Math.min(minutes.length, owed));
  }));
});

test("who may draw where follows from the area of his grant; a village holds buildings whose codes do not say so", () => {
  const grant = (role: string, area: string | null, more: object = {}) => ({ id: "g", member: "m", role, area, code: area, from: null, to: null, ended: false, emergency: false, reason: "", version: "1", ...more });
  const as = (...grants: object[]) => { me.value = { kind: "officer", member: "m", name: "", device: null, until: "", grants } as unknown as NonNullable<typeof me.value>; };
  as(grant("group_leader", "1-1"));
  expect([mayAt("area.write", "1-1"), mayAt("area.write", "1-1-4"), mayAt("area.write", "1-10"), mayAt("area.write", "1"), may("area.write"), may("area.write", true)]).toEqual([true, true, false, false, true, false]);
  as(grant("grid_leader", "350599"));
  expect(mayAt("area.write", "1-1-4", "350599")).toBe(true);
  as(grant("commander", null));
  expect([mayAt("area.write", "9"), may("area.write", true)]).toEqual([true, true]);
  as(grant("viewer", null), grant("commander", null, { ended: true }));
  expect([mayAt("area.write", "9"), may("area.write")]).toEqual([false, false]);
  me.value = null;
});
