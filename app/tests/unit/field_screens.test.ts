import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { birthday, resident } from "../../src/features/doors/document";
import { headsDiffer } from "../../src/features/doors/heads";
import { dataOf, newPerson, personal } from "../../src/features/doors/person_data";
import { inviteOf } from "../../src/features/enrol/enrol";
import { usePhone } from "../../src/features/here";
import { boxText, deviceText, meaning } from "../../src/features/scan/resolve";
import { stripOf } from "../../src/features/shell/strip";
import { moments } from "../../src/features/sweep/refusals";
import { zh } from "../../src/words/zh";
import { zhDesk } from "../../src/words/zh_desk";
import { zhField } from "../../src/words/zh_field";
import { zhMap } from "../../src/words/zh_map";
import { Fake } from "../fake_phone";
import { id } from "../fake_village";

const ROOT = join(import.meta.dirname, "../../..");

test("every code that a screen may meet has words", () => {
  const kinds = JSON.parse(readFileSync(join(ROOT, "spec/kinds.json"), "utf8")) as { kinds: { kind: string; made: string }[] };
  const wanted = kinds.kinds.filter((one) => one.made === "field").map((one) => `field.entry.${one.kind}`);
  for (const file of readdirSync(join(ROOT, "policy"))) {
    const pack = JSON.parse(readFileSync(join(ROOT, "policy", file), "utf8")) as { rounds: { kind: string; fields: { choices?: string[] }[] }[] };
    for (const round of pack.rounds) wanted.push(`field.did.${round.kind}`, ...round.fields.flatMap((field) => (field.choices ?? []).map((choice) => `field.answer.${choice}`)));
  }
  expect(wanted.filter((key) => !(key in zh))).toEqual([]);
});

test("no two word files say the same key", () => {
  const others = new Set([...Object.keys(zhDesk), ...Object.keys(zhMap)]);
  expect(Object.keys(zhField).filter((key) => others.has(key))).toEqual([]);
});

test("an invitation is found in a link, in what was pasted round it, and alone", () => {
  const code = "q6h0J1v2mX8c5dYt3wRk9sLbNzFgPaUe7iOxTjHyVlQ";
  for (const text of [code, ` ${code}\n`, `https://site.test/#enrol=${code}`, `请加入 http://10.0.0.2:8080/#enrol=${code}`]) expect(inviteOf(text)).toBe(code);
  for (const text of ["", "/", "你好", "https://site.test/", "A0001"]) expect(inviteOf(text)).toBeNull();
});

test("a resident's number says whether it is right, the birthday and the sex", () => {
  expect(resident("11010519491231002X")).toEqual({ birth: "19491231", sex: "f" });
  expect(resident("１１０１０５ 19491231 002x")).toEqual({ birth: "19491231", sex: "f" });
  for (const wrong of ["110105194912310021", "1101051949123100", "", "没有"]) expect(resident(wrong)).toBeNull();
  expect(birthday("1990-01-02")).toBe("19900102");
  for (const none of ["19900231", "2990-01-01", "1990", ""]) expect(birthday(none)).toBeNull();
});

test("only what was changed is said of a person, and a masked value is nothing to change", () => {
  const person = { is: "person" as const, id: id(5, 1), name: "林志强", sex: "m", birth: "19800101", document: "3505***********1001", phone: "138****1001" };
  const before = dataOf(person);
  expect([before.doc, before.phone]).toEqual(["", ""]);
  expect(personal(before, before)).toEqual({});
  expect(personal({ ...before, phone: "138 0013 8000", flags: ["alone", "pregnant"] }, before)).toEqual({ phone: "13800138000", flags: "独居、孕妇" });
  const cared = dataOf({ ...person, flags: "高龄，行动不便、独居" });
  expect([cared.flags, cared.others]).toEqual([["alone", "very_old"], ["行动不便"]]);
  expect(personal({ ...cared, flags: ["very_old", "alone"] }, cared)).toEqual({});
  expect(personal({ ...cared, flags: ["very_old"] }, cared)).toEqual({ flags: "高龄、行动不便" });
  expect(personal({ ...cared, flags: [], others: [] }, cared)).toEqual({ flags: "无" });
  expect(dataOf({ ...person, flags: "无" }).others).toEqual([]);
  const partly = dataOf({ ...person, flags: "高龄", flags_hidden: true });
  expect(personal({ ...partly, flags: [], note: " 走不动 " }, partly)).toEqual({ note: "走不动" });
  const round = { is: "round" as const, id: id(7, 1), number: 1, kind: "pcr", freeze: "2022-04-08T00:00:00.000+08:00" };
  const made = newPerson(id(5, 2), { ...before, name: "王五" }, id(3, 1), undefined, "found", round);
  expect(made.map((one) => [one.kind, one.body])).toEqual([["person.set", { door: id(3, 1), from: round.freeze }], ["round.add", { round: id(7, 1), how: "found", door: id(3, 1) }]]);
  expect(newPerson(id(5, 2), before, id(3, 1), undefined, "arrived", round)[0]!.body).not.toHaveProperty("from");
});

test("heads differ when they are counted and are not what the register or the card says", () => {
  expect([headsDiffer(null, 3, 2), headsDiffer(3, 3, 3), headsDiffer(3, undefined, 3), headsDiffer(3, 2, 3), headsDiffer(4, 3, 3)]).toEqual([false, false, false, true, true]);
});

test("what a code means: handovers, tubes, cards, doors, and strangers'", async () => {
  const fake = new Fake("pcr", false);
  usePhone(fake);
  const [box, device] = [id(3, 1), id(9, 2)];
  expect(await meaning(boxText(box, "箱 1/2", device))).toEqual({ is: "box", id: box, device, code: "箱 1/2" });
  expect(await meaning(deviceText(device, box))).toEqual({ is: "device", device, box });
  expect(await meaning(" a 0001 ")).toEqual({ is: "new_tube", code: "A0001" });
  await fake.record({ kind: "tube.open", on: id(10, 1), body: { round: fake.round.value!.id, code: "A0001", capacity: 5, use: "pool" } });
  expect(await meaning("a0001")).toEqual({ is: "tube", id: id(10, 1) });
  expect(await meaning("4-2-1·102")).toMatchObject({ is: "door" });
  expect(await meaning("CARD:4-2-1·102:1")).toMatchObject({ is: "bad_card", state: "older", door: id(3, 1) });
  expect(await meaning("AQ".repeat(57))).toMatchObject({ is: "bad_card", state: "foreign", door: null });
});

test("the strip says the worst first by its tone, and what is unsent always", () => {
  const sync = new Fake("pcr", false).sync.value;
  expect(stripOf(sync).tone).toBe("good");
  expect(stripOf({ ...sync, unsent: 3 })).toMatchObject({ tone: "warn", icon: "phone" });
  expect(stripOf({ ...sync, clockMs: -600000 }).tone).toBe("warn");
  expect(stripOf({ ...sync, full: true, unsent: 3 }).tone).toBe("bad");
});

test("one promises to come at moments that are still to be", () => {
  const now = new Date(2022, 3, 8, 20, 30);
  expect(moments(now).every((one) => Number(one.value) > now.getTime())).toBe(true);
  expect(moments(now)).toHaveLength(4);
});
