import { afterAll, beforeAll, expect, test } from "vitest";
import { b64, joined, random, utf8 } from "../../src/base/bytes";
import { signer } from "../../src/base/crypt";
import { idBytes, newId } from "../../src/base/ids";
import { Engine } from "../../src/field/engine";
import { World } from "../browser/world";
import { bundle, contents, enrolled, ledger, reopened } from "./kit";

let world: World;
let token: string;
let keeper: string;
beforeAll(async () => {
  world = await World.begin(300, 3);
  token = await world.signIn();
  keeper = world.account("keeper", "林包栋", "grid_leader");
}, 120000);
afterAll(() => world.end(), 60000);

const someDoor = (phone: Engine, people = 2, skip = 0) => phone.buildings().flatMap((one) => phone.building(one.area.id)!.floors.flatMap((floor) => floor.doors)).filter((door) => door.people.length >= people)[skip]!;

test("a phone enrols, knows its round, and shows at once with no network what the site says after the sync", async () => {
  const { handle, phone } = await enrolled(world, keeper, token);
  expect(phone.sync.value.problem).toBeNull();
  expect(phone.state.value).toBe("open");
  expect(phone.round.value?.kind).toBe("pcr");
  expect(phone.me.value?.name).toBe("林包栋");
  expect(contents(phone.live()!.register)).toEqual(contents(await bundle(world, phone)));

  const door = someDoor(phone);
  const [one, two] = door.people;
  expect(door.owed).toBeGreaterThan(0);
  const round = phone.round.value!.id;
  const person = newId();
  await phone.record(
    { kind: "visit", on: door.door.id, body: { round, outcome: "done", heads: 3 }, personal: { note: "狗很凶" }, list: { name: "people", who: "person", items: [{ body: { person: one!.person.id, state: "done" } }, { body: { person: two!.person.id, state: "excused", excuse: "left" }, personal: { evidence: "房东说的" } }] } },
    { kind: "person.set", on: person, body: { door: door.door.id, ...(door.households[0] === undefined ? {} : { household: door.households[0].id }) }, personal: { name: "郑晓燕", sex: "女", phone: "13800000123", doc: "350500199001010028" } },
    { kind: "round.add", on: person, body: { round, how: "found", door: door.door.id } },
  );
  const before = phone.door(door.door.id)!;
  expect(before.sent).toBe("phone");
  expect(before.people.find((item) => item.person.id === person)).toMatchObject({ owed: true, covered: false });
  expect(phone.sync.value.unsent).toBe(3);
  const laid = contents(phone.live()!.register);

  phone.close();
  const again = await reopened(handle);
  expect(contents(again.live()!.register)).toEqual(laid);
  expect(again.sync.value.unsent).toBe(3);
  await again.syncNow();
  expect(again.sync.value).toMatchObject({ problem: null, unsent: 0, held: 0 });
  expect(again.own().map((entry) => entry.state)).toEqual(["received", "received", "received"]);
  const said = contents(await bundle(world, again));
  expect(contents(again.live()!.register)).toEqual(said);
  // as the site says it, but for the clock's corrections of times, and how names sound, which the site alone reckons
  const timeless = (all: Record<string, unknown[]>) => JSON.parse(JSON.stringify(all).replace(/\\"at\\":\\"[^"]*\\"/g, "").replace(/\\"pinyin\\":\\"[^"]*\\",?/g, ""));
  expect(timeless(laid)).toEqual(timeless(said));
  const after = again.door(door.door.id)!;
  expect({ owed: after.owed, covered: after.covered, heads: after.visit?.heads, people: after.people.length }).toEqual({ owed: before.owed, covered: before.covered, heads: 3, people: before.people.length });
  const held = await ledger(world, token, again.device.value!);
  expect([...held.keys()]).toEqual([1, 2, 3]);
  again.close();
});

test("a door card is checked with no network: by who signed it, and by which one is the last of its door", async () => {
  const { phone } = await enrolled(world, keeper, token);
  const live = phone.live()!;
  const site = await signer(random(32));
  live.device = { ...live.device, siteKey: b64(site.publicKey) };
  const door = live.register.doors.values().next().value!;
  const card = async (id: string, version: number) => {
    const said = joined(Uint8Array.of(1), idBytes(id)!, Uint8Array.of(0, 0, 0, version));
    return `https://dw.example/c#${b64(joined(said, await site.sign(joined(utf8("doorward-card-1\0"), idBytes(live.device.site)!, said))))}`;
  };
  live.register.put({ ...door, card: 2 });
  expect(await phone.checkCard(await card(door.id, 2))).toMatchObject({ state: "good", card: { door: door.id, version: 2 } });
  expect(await phone.checkCard(await card(door.id, 3))).toMatchObject({ state: "good" });
  expect(await phone.checkCard(await card(door.id, 1))).toMatchObject({ state: "older" });
  live.register.put({ ...door, card: 2, revoked: true });
  expect(await phone.checkCard(await card(door.id, 2))).toMatchObject({ state: "revoked" });
  expect(await phone.checkCard(await card(newId(), 1))).toMatchObject({ state: "unknown" });
  expect(await phone.checkCard((await card(door.id, 2)).replace(/.$/, (last) => (last === "A" ? "Q" : "A")))).toEqual({ state: "foreign", card: null });
  expect(await phone.checkCard("https://example.com/menu")).toEqual({ state: "foreign", card: null });
  phone.close();
});

test("needs, tubes and boxes are shown as recorded", async () => {
  const { handle, phone } = await enrolled(world, keeper, token);
  const door = someDoor(phone);
  const round = phone.round.value!.id;
  const [tube, box] = [newId(), newId()];
  const [need] = await phone.record({ kind: "need.raise", on: door.door.id, body: { of: "door", what: "medicine", urgent: true }, personal: { note: "降压药" } });
  expect(phone.door(door.door.id)!.needs).toMatchObject([{ id: need!.id, what: "medicine", urgent: true, note: "降压药" }]);
  await phone.record({ kind: "need.close", on: need!.id, body: { reason: "送到了" } });
  expect(phone.needs()).toEqual([]);
  const people = door.people.slice(0, 2).map((one, at) => ({ person: one.person.id, position: at + 1 }));
  await phone.record({ kind: "tube.open", on: tube, body: { round, code: "A001", capacity: 10, use: "pool" } }, { kind: "tube.fill", on: tube, body: { people: [people[0]] } }, { kind: "tube.fill", on: tube, body: { people: [people[1]] } });
  expect(phone.tubes()).toEqual([{ id: tube, code: "A001", capacity: 10, people, sealed: false, box: null, use: "pool" }]);
  // somebody too many is taken out again before any network comes
  const [wrong] = await phone.record({ kind: "tube.fill", on: tube, body: {}, list: { name: "people", who: "person", items: [{ body: { person: newId(), position: 3 } }] } });
  await phone.record({ kind: "entry.void", on: tube, body: { device: phone.device.value!, n: wrong!.n } });
  expect(phone.tubes()).toMatchObject([{ people }]);
  await phone.record({ kind: "tube.seal", on: tube, body: { people } }, { kind: "box.pack", on: box, body: { code: "B1", tubes: [{ tube }] } }, { kind: "box.hand", on: box, body: { side: "give", other: newId() } });
  phone.close();
  const again = await reopened(handle);
  expect(again.tubes()).toMatchObject([{ sealed: true, box, people }]);
  expect(again.boxes()).toMatchObject([{ id: box, code: "B1", tubes: [tube], taken: null }]);
  again.close();
});
