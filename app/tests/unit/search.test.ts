/** Who is found by what is typed, and in which order. */
import { expect, test } from "vitest";
import { byCode, inOrder } from "../../src/field/order";
import type { PersonRecord } from "../../src/field/records";
import { Register } from "../../src/field/register";
import { search } from "../../src/field/search";
import { dice, id } from "../fake_village";

function register(...people: Partial<PersonRecord>[]): Register {
  const out = new Register();
  for (const [n, code] of ["3-1-2·201", "3-1-10·101", "3-1-2·101"].entries()) out.take({ is: "door", id: id(3, n), area: id(2, 1), code, kind: "flat" });
  out.take({ is: "door", id: id(3, 3), area: id(2, 1), code: "3-2-1", kind: "shop", name: "阿珍小吃 A 店" });
  people.forEach((one, n) => out.take({ is: "person", id: id(5, n), door: id(3, n % 3), ...one }));
  return out;
}
const village = () => register(
  { name: "林志强", pinyin: "lin zhi qiang", phone: "138****1234" }, { name: "陈林", pinyin: "chen lin", phone: "139****9138" }, { name: "吕思", pinyin: "lü si" },
  { name: "Nguyễn Văn A", phone: "135****0001" }, { name: "西安", pinyin: "xi'an" }, { name: "林小林", pinyin: "lin xiao lin" }, { phone: "138****1234" },
);
const names = (text: string, limit = 20) => search(village(), text, limit).map((one) => one.person?.name ?? one.door?.code ?? "?");

test("by name, pinyin, initials, the end of a number, and the door", () => {
  expect(names("林")).toEqual(["林小林", "林志强", "陈林"]);
  expect(names("志强")).toEqual(["林志强"]);
  expect(names("linzhi")).toEqual(["林志强"]);
  expect(names("LIN zhi")).toEqual(["林志强"]);
  expect(names("lzq")).toEqual(["林志强"]);
  expect(names("xian")).toEqual(["西安"]);
  expect(names("xa")).toEqual(["西安"]);
  expect(names("nguyễn")).toEqual(["Nguyễn Văn A"]);
  expect(names("1234").sort()).toEqual(["3-1-2·201", "林志强"]); // the one without a name is told by his door
  expect(names("3-1-2·1")).toEqual(["3-1-2·101"]);
  expect(names("3-1-2 101")).toEqual(["3-1-2·101"]);
  expect(names("阿珍")).toEqual(["3-2-1"]);
  expect(names("a 店")).toEqual(["3-2-1"]);
  expect(names("没有这个人")).toEqual([]);
  expect(names("  ")).toEqual([]);
});

test("who begins so comes first, then in the order in which one walks, and no more than are wanted", () => {
  expect(names("3-1")).toEqual(["3-1-2·101", "3-1-2·201", "3-1-10·101"]);
  expect(names("3-1", 2)).toEqual(["3-1-2·101", "3-1-2·201"]);
  expect(names("lin", 2)).toEqual(["林小林", "林志强"]);
});

test("a list put in order all at once lies as when two and two are compared", () => {
  const roll = dice(5);
  const codes = Array.from({ length: 300 }, () => `${Math.floor(roll() * 12)}-${Math.floor(roll() * 30)}${roll() < 0.5 ? `·${Math.floor(roll() * 12)}0${Math.floor(roll() * 4)}` : ""}`);
  expect(inOrder(codes, (code) => code)).toEqual([...codes].sort(byCode));
});
