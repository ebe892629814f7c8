/** A small village for screens: five buildings, forty doors, a hundred people. The same every time. */
import type { AreaRecord, DoorRecord, FormField, HouseholdRecord, MarkRecord, MemberRecord, NeedRecord, PersonRecord, RoundRecord, VisitRecord } from "../src/field/records";

/** mulberry32 */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const surnames: [string, string][] = [["林", "lin"], ["陈", "chen"], ["王", "wang"], ["吴", "wu"], ["黄", "huang"], ["蔡", "cai"], ["许", "xu"], ["庄", "zhuang"], ["苏", "su"], ["曾", "zeng"], ["欧阳", "ouyang"]];
const given: [string, string][] = [["志强", "zhiqiang"], ["秀英", "xiuying"], ["小明", "xiaoming"], ["雅芳", "yafang"], ["建国", "jianguo"], ["丽华", "lihua"], ["文杰", "wenjie"], ["阿珍", "azhen"], ["子轩", "zixuan"], ["美玲", "meiling"], ["德福", "defu"], ["玉兰", "yulan"], ["俊杰", "junjie"], ["思雨", "siyu"]];
const streets = ["东明巷12号", "东明巷14号", "西安路3号", "西安路5号", "后山新村1栋"];

export const id = (kind: number, n: number): string => `018f0000-0000-7000-8000-${String(kind).padStart(4, "0")}${String(n).padStart(8, "0")}`;

export interface Village {
  areas: AreaRecord[];
  doors: DoorRecord[];
  households: HouseholdRecord[];
  people: PersonRecord[];
  members: MemberRecord[];
  round: RoundRecord;
  marks: Map<string, MarkRecord>;
  visits: Map<string, VisitRecord>;
  answers: Map<string, Record<string, unknown>>;
  needs: NeedRecord[];
}

const forms: Record<string, FormField[]> = {
  pcr: [],
  antigen: [{ name: "reading", of: "person", type: "choice", choices: ["negative", "positive", "invalid"], required: true, zh: "读数", en: "reading" }],
  sweep: [{ name: "living", of: "door", type: "int", required: true, zh: "在住人数", en: "people living here" }, { name: "rooms", of: "door", type: "int", zh: "房间数", en: "rooms" }],
  inspection: [
    { name: "containers", of: "door", type: "int", required: true, zh: "积水容器", en: "containers with water" },
    { name: "positive", of: "door", type: "int", required: true, zh: "有蚊幼的容器", en: "containers with larvae" },
    { name: "action", of: "door", type: "choice", choices: ["emptied", "treated", "refused", "none"], zh: "处置", en: "action" },
  ],
  vaccination: [{ name: "dose", of: "person", type: "int", required: true, zh: "剂次", en: "dose" }, { name: "lot", of: "person", type: "text", required: true, zh: "批号", en: "lot" }, { name: "reaction", of: "person", type: "choice", choices: ["none", "mild", "severe"], zh: "不良反应", en: "reaction" }],
  evacuation: [{ name: "shelter", of: "person", type: "text", required: true, zh: "避灾点", en: "shelter" }, { name: "returned", of: "person", type: "choice", choices: ["yes"], after_close: true, zh: "已返回", en: "returned" }],
};

function doorsAndPeople(village: Village, roll: () => number): void {
  const pick = <T>(list: T[]): T => list[Math.floor(roll() * list.length)]!;
  for (let n = 0; n < 40; n++) {
    const area = village.areas[1 + Math.floor(n / 8)]!;
    const at = n % 8;
    const unit = area.code.endsWith("5") ? String(1 + Math.floor(at / 4)) : undefined;
    const floor = unit === undefined ? Math.floor(at / 2) + 1 : (at % 4) + 1;
    const shop = at === 0 && n % 16 === 0;
    const room = shop ? "店面1" : `${floor}0${unit === undefined ? (at % 2) + 1 : 1}`;
    const door: DoorRecord = { is: "door", id: id(3, n), area: area.id, code: `${area.code}·${room}`, kind: shop ? "shop" : n % 5 === 4 ? "room" : "flat", floor: String(floor), room, card: 2 };
    if (unit !== undefined) door.unit = unit;
    if (shop) door.name = "阿珍小吃";
    village.doors.push(door);
    village.households.push({ is: "household", id: id(4, n), door: door.id, kind: shop ? "shop" : n % 5 === 4 ? "shared" : "family" });
    const heads = n === 39 ? 0 : n % 2 === 0 ? 3 : 2;
    const family = pick(surnames);
    for (let i = 0; i < heads + (n % 13 === 1 ? 1 : 0); i++) {
      const at = village.people.length;
      const surname = i === 0 || roll() < 0.6 ? family : pick(surnames);
      const name = given[(at * 3 + i) % given.length]!;
      const person: PersonRecord = { is: "person", id: id(5, at), name: surname[0] + name[0], pinyin: `${surname[1]} ${name[1]}`, birth: `${1940 + Math.floor(roll() * 80)}0${1 + (at % 9)}1${at % 9}`, sex: at % 2 === 0 ? "m" : "f", document: "3505***********" + String(1000 + at * 7).slice(-4), phone: `138****${String(1000 + at * 13).slice(-4)}`, door: door.id, household: id(4, n), ...(at % 11 === 5 ? { flags: at % 2 === 1 ? "独居、高龄" : "糖尿病、行动不便" } : {}) };
      village.people.push(person);
      village.marks.set(person.id, { is: "mark", round: village.round.id, person: person.id, roster: true });
    }
    door.heads = heads;
  }
}

function past(village: Village): void {
  const at = new Date(Date.now() - 3600000).toISOString();
  const at_door = (n: number) => village.people.filter((one) => one.door === id(3, n));
  const visit = (n: number, outcome: string, state: string | null, of = 99) => {
    village.visits.set(id(3, n), { is: "visit", round: village.round.id, door: id(3, n), outcome, visits: 1, at });
    if (state !== null) for (const one of at_door(n).slice(0, of)) village.marks.set(one.id, { ...village.marks.get(one.id)!, state, at });
  };
  for (const n of [1, 2, 8, 9, 10, 11, 12, 13, 14, 15, 20]) visit(n, "done", "done");
  visit(3, "done", "done", 1);
  visit(4, "nobody_home", "nobody_home");
  visit(5, "refused", "refused");
  visit(22, "refused", "refused");
  visit(6, "empty", null);
  if (village.round.kind === "inspection") village.answers.set(id(3, 3), { containers: "4", positive: "1", action: "emptied" });
  if (village.round.kind === "vaccination") for (const one of at_door(1)) village.answers.set(one.id, { dose: "2", lot: "202203A17", reaction: "none" });
  if (village.round.kind === "evacuation") for (const one of at_door(1)) village.answers.set(one.id, { shelter: "洋埭小学" });
  village.needs.push({ is: "need", id: id(8, 1), on: id(3, 2), of: "door", what: "food", note: "米快吃完了", at }, { is: "need", id: id(8, 2), on: at_door(3)[0]!.id, of: "person", what: "medicine", urgent: true, note: "降压药只剩两天", at });
}

export function makeVillage(kind = "pcr"): Village {
  const roll = dice(7);
  const round: RoundRecord = { is: "round", id: id(7, 1), number: 3, kind, freeze: new Date(Date.now() - 7200000).toISOString(), form: forms[kind] ?? [], deadline: new Date(Date.now() + 4 * 3600000).toISOString() };
  if (kind === "pcr") round.capacity = 10;
  const village: Village = { areas: [{ is: "area", id: id(2, 0), code: "4", kind: "village", name: "洋埭村" }], doors: [], households: [], people: [], members: [{ is: "member", id: id(6, 1), name: "吴雅芳", me: true }], round, marks: new Map(), visits: new Map(), answers: new Map(), needs: [] };
  streets.forEach((address, n) => village.areas.push({ is: "area", id: id(2, n + 1), code: `4-2-${n + 1}`, kind: "building", parent: id(2, 0), address, floors: 4, keeper: id(6, 1), mine: true }));
  doorsAndPeople(village, roll);
  past(village);
  return village;
}
