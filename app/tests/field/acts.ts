/** What somebody with a phone might record next, drawn by dice from what the phone knows. */
import { newId } from "../../src/base/ids";
import { timeText } from "../../src/base/time";
import type { Engine } from "../../src/field/engine";
import type { Draft } from "../../src/ledger/entry";
import type { Dice } from "./kit";

const STATES = ["none", "away", "nobody_home", "refused", "moved", "excused", "done", "done", "done"];
const OUTCOMES = ["done", "done", "nobody_home", "refused", "empty", "moved", "excused"];
const NAMES = ["郑晓燕", "林志强", "陈阿妹", "Nguyễn Văn A", "买买提·吐尔逊"];

type Act = (phone: Engine, dice: Dice, now: number) => Draft | null;

const doors = (phone: Engine) => [...phone.live()!.register.doors.values()];
const people = (phone: Engine) => [...phone.live()!.register.people.values()];
const openRounds = (phone: Engine) => [...phone.live()!.register.rounds.values()].filter((round) => !round.closed && !round.past);

const visit: Act = (phone, dice) => {
  const door = dice.of(doors(phone));
  const round = dice.of(openRounds(phone));
  const behind = phone.door(door.id)!.people.map((one) => one.person.id).filter(() => dice.chance(0.8));
  if (dice.chance(0.1)) behind.push(dice.of(people(phone)).id);
  const items = [...new Set(behind)].map((person) => {
    // of whom is not of the roster a page does not tell that nothing is said of him any more
    const roster = phone.live()!.register.marks.get(round.id)?.get(person)?.roster === true;
    const state = dice.of(roster ? STATES : STATES.slice(1));
    return { body: { person, state, ...(state === "excused" ? { excuse: dice.of(["left", "died", "exempt", "none"]) } : {}) }, personal: state === "excused" && dice.chance(0.5) ? { evidence: "房东说的" } : {} };
  });
  return { kind: "visit", on: door.id, body: { round: round.id, ...(dice.chance(0.9) ? { outcome: dice.of(OUTCOMES) } : {}), ...(dice.chance(0.5) ? { heads: dice.below(6) } : {}) }, personal: dice.chance(0.2) ? { note: "狗很凶\n要小心" } : {}, ...(items.length === 0 ? {} : { list: { name: "people", who: "person", items } }) };
};

const door: Act = (phone, dice) => {
  const known = dice.of(doors(phone));
  const body = { building: known.area, kind: dice.of(["flat", "room", "shop"]), ...(dice.chance(0.5) ? { unit: "2" } : {}), ...(dice.chance(0.7) ? { floor: "3" } : {}), room: `${300 + dice.below(60)}`, ...(dice.chance(0.3) ? { name: "阿强小吃" } : {}) };
  return { kind: "door.set", on: dice.chance(0.5) ? newId() : known.id, body };
};

const household: Act = (phone, dice) => ({ kind: "household.set", on: newId(), body: { door: dice.of(doors(phone)).id, kind: dice.of(["family", "shared"]) } });

const person: Act = (phone, dice, now) => {
  const at = dice.of(doors(phone));
  const home = phone.door(at.id)!.households[0];
  const place = { door: at.id, ...(home === undefined ? {} : { household: home.id }) };
  const personal = { ...(dice.chance(0.7) ? { name: dice.of(NAMES) } : {}), ...(dice.chance(0.4) ? { phone: `138${10000000 + dice.below(89999999)}` } : {}), ...(dice.chance(0.4) ? { doc: "350500199001010028" } : {}), ...(dice.chance(0.3) ? { sex: dice.of(["男", "女"]) } : {}), ...(dice.chance(0.3) ? { birth: "1990-01-01" } : {}) };
  if (dice.chance(0.4)) return { kind: "person.set", on: newId(), body: place, personal: { name: dice.of(NAMES), ...personal } };
  const known = dice.of(people(phone)).id;
  // where the round meets somebody who has announced a move is told with his mark, and not before he has one
  const marked = openRounds(phone).every((round) => phone.live()!.register.marks.get(round.id)?.get(known)?.roster === true);
  const from = dice.of(marked ? [undefined, -86400000, 7 * 86400000] : [undefined, -86400000]);
  return { kind: "person.set", on: known, body: dice.chance(0.4) ? { ...place, ...(from === undefined ? {} : { from: timeText(now + from) }) } : {}, personal: Object.keys(personal).length === 0 ? { name: "改名" } : personal };
};

const leave: Act = (phone, dice, now) => {
  const who = dice.of(people(phone));
  return who.door === undefined ? null : { kind: "stay.end", on: who.id, body: { door: dice.chance(0.9) ? who.door : dice.of(doors(phone)).id, at: timeText(now - 3600000), why: dice.of(["moved", "left", "died"]) } };
};

const add: Act = (phone, dice) => {
  const who = dice.of(people(phone));
  return who.door === undefined ? null : { kind: "round.add", on: who.id, body: { round: dice.of(openRounds(phone)).id, how: dice.of(["found", "arrived"]), door: who.door } };
};

const form: Act = (phone, dice) => {
  const round = openRounds(phone).find((one) => one.kind === "sweep");
  return round === undefined ? null : { kind: "form.fill", on: dice.of(doors(phone)).id, body: { round: round.id, of: "door" }, personal: { answers: JSON.stringify({ living: String(dice.below(9)), ...(dice.chance(0.5) ? { rooms: "3" } : {}) }) } };
};

const follow: Act = (phone, dice) => ({ kind: "refusal.follow", on: dice.of(doors(phone)).id, body: { of: "door", step: dice.of(["tried", "promised", "settled"]) }, personal: { note: "明天再来" } });

const meet: Act = (phone, dice) => ({ kind: "street.meet", on: dice.of(people(phone)).id, body: { outcome: dice.of(["went_home", "refused", "allowed_out"]) }, personal: { place: "村口" } });

const undo: Act = (phone, dice) => {
  const own = phone.own().filter((one) => one.state === "phone" && one.kind === "visit");
  if (own.length === 0) return null;
  const one = dice.of(own);
  return { kind: "entry.void", on: one.on, body: { device: phone.device.value!, n: one.n, reason: "点错了" } };
};

const ALL: Act[] = [visit, visit, visit, visit, door, household, person, person, leave, add, form, follow, meet];

/** With `undoing`: also takes back what it said. */
export function act(phone: Engine, dice: Dice, now: number, undoing = true): Draft {
  for (;;) {
    const draft = dice.of(undoing ? [...ALL, undo] : ALL)(phone, dice, now);
    if (draft !== null) return draft;
  }
}
