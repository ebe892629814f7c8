import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { newId } from "../../src/base/ids";
import { Engine } from "../../src/field/engine";
import { waitAfter } from "../../src/field/store/vault";
import { World } from "../browser/world";
import { enrolled, ledger, reopened, surroundings } from "./kit";

let world: World;
let token: string;
let member: string;
beforeAll(async () => {
  world = await World.begin(120, 3);
  token = await world.signIn();
  member = world.account("keeper", "林包栋", "grid_leader");
}, 120000);
afterAll(() => world.end(), 60000);
afterEach(() => vi.restoreAllMocks());

const anyDoor = (phone: Engine) => [...phone.live()!.register.doors.keys()][0]!;
const knock = (phone: Engine) => phone.record({ kind: "visit", on: anyDoor(phone), body: { round: phone.round.value!.id, outcome: "nobody_home" }, personal: { note: "秘密的话" } });

test("a wrong PIN never opens and costs growing waits, the right one does, and another PIN keeps everything", async () => {
  const { handle, phone } = await enrolled(world, member, token);
  await knock(phone);
  phone.lock();
  expect(phone.state.value).toBe("locked");
  expect(phone.buildings()).toEqual([]);
  expect(phone.own()).toEqual([]);
  await expect(knock2(phone)).rejects.toThrow("locked");
  let waits = 0;
  for (let at = 0; at < 7; at++) {
    const { open, waitMs } = await phone.unlock("1111");
    expect(open).toBe(false);
    if (waitMs > 0) {
      waits++;
      // too early: not even the right one is tried, and it is not counted
      expect(await phone.unlock("2580")).toMatchObject({ open: false });
      handle.ahead += waitMs;
    }
  }
  expect(waits).toBe(4);
  expect(waitAfter(50)).toBe(15 * 60000);
  expect(await phone.unlock("2580")).toEqual({ open: true, waitMs: 0 });
  expect(phone.sync.value.unsent).toBe(1);
  expect(await phone.changePin("0000", "9999")).toBe(false);
  expect(await phone.changePin("2580", "9999")).toBe(true);
  phone.close();
  const again = await reopened(handle, "9999");
  expect(again.own()).toHaveLength(1);
  expect(again.own()[0]!.clear).toEqual({ note: "秘密的话" });
  again.lock();
  expect((await again.unlock("2580")).open).toBe(false);
  again.close();
});
const knock2 = (phone: Engine) => phone.record({ kind: "visit", on: newId(), body: {} });

test("what lies on the disk names nobody", async () => {
  const { handle, phone } = await enrolled(world, member, token);
  await knock(phone);
  const name = [...phone.live()!.register.people.values()].find((one) => one.name !== undefined)!.name!;
  phone.close();
  const db = await new Promise<IDBDatabase>((done) => { const ask = indexedDB.open(handle.env.name); ask.onsuccess = () => done(ask.result); });
  const bytes: string[] = [];
  for (const table of db.objectStoreNames) {
    const rows = await new Promise<unknown[]>((done) => { const ask = db.transaction(table).objectStore(table).getAll(); ask.onsuccess = () => done(ask.result); });
    bytes.push(JSON.stringify(rows, (_key, value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value)));
  }
  db.close();
  for (const secret of [name, "秘密的话", "person.set", "nobody_home"]) expect(bytes.join("")).not.toContain(secret);
});

test.each(["locks", "lease"])("of two tabs one writes, and the other takes over what it wrote when it is closed (%s)", async (how) => {
  const { handle, phone } = await enrolled(world, member, token, undefined, how === "lease" ? { locks: null } : {});
  await knock(phone);
  const other = await Engine.begin(handle.env);
  expect((await other.unlock("2580")).open).toBe(true);
  expect(other.sync.value.elsewhere).toBe(true);
  expect(other.own()).toHaveLength(1);
  await expect(knock(other)).rejects.toThrow("elsewhere");
  await knock(phone);
  phone.lock();
  await vi.waitFor(() => expect(other.sync.value.elsewhere).toBe(false), { timeout: 20000 });
  await vi.waitFor(() => expect(other.own()).toHaveLength(2));
  await knock(other);
  expect(other.own().map((one) => one.n)).toEqual([1, 2, 3]);
  await phone.unlock("2580");
  expect(phone.sync.value.elsewhere).toBe(true);
  await other.syncNow();
  expect([...(await ledger(world, token, other.device.value!)).keys()]).toEqual([1, 2, 3]);
  phone.close();
  other.close();
}, 60000);

test("numbers are used once even if a tab believes in a chain that is not the disk's", async () => {
  const { handle, phone } = await enrolled(world, member, token);
  const blind = await Engine.begin({ ...handle.env, locks: surroundings(() => "").env.locks });
  await blind.unlock("2580");
  await knock(phone);
  await knock(blind);
  await Promise.all([knock(phone), knock(phone), knock(blind)]);
  phone.close();
  blind.close();
  const again = await reopened(handle);
  expect(again.own().map((one) => one.n)).toEqual([1, 2, 3, 4, 5]);
  await again.syncNow();
  expect(again.sync.value).toMatchObject({ problem: null, unsent: 0 });
  again.close();
});

test("a full disk refuses the whole record, tells so, and loses nothing of before", async () => {
  const { handle, phone } = await enrolled(world, member, token);
  await knock(phone);
  const put = IDBObjectStore.prototype.put;
  for (const method of ["add", "put"] as const) {
    const spy = vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore) {
      throw new DOMException("no room", "QuotaExceededError");
    });
    await expect(knock(phone)).rejects.toThrow("full");
    spy.mockRestore();
  }
  expect(IDBObjectStore.prototype.put).toBe(put);
  expect(phone.sync.value.full).toBe(true);
  expect(phone.own()).toHaveLength(1);
  expect(phone.sync.value.unsent).toBe(1);
  await knock(phone);
  phone.close();
  const again = await reopened(handle);
  expect(again.own().map((one) => one.n)).toEqual([1, 2]);
  // a page that finds no room is not half taken either
  await again.syncNow();
  const before = again.live()!.cursor;
  await world.call("POST", "/members", { name: "新队员" }, token);
  const spy = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => { throw new DOMException("no room", "QuotaExceededError"); });
  await again.syncNow();
  spy.mockRestore();
  expect(again.sync.value.problem?.code).toBe("FULL");
  expect(again.live()!.cursor).toBe(before);
  await again.syncNow();
  expect(again.sync.value.problem).toBeNull();
  expect(again.members().map((one) => one.name)).toContain("新队员");
  again.close();
});

test("a full disk gives an entry the room that was kept aside for it, and says so", async () => {
  const { handle, phone } = await enrolled(world, member, token, undefined, { reserve: 70000 });
  let freed = false;
  const { add, put, delete: drop } = IDBObjectStore.prototype;
  const full = () => { throw new DOMException("no room", "QuotaExceededError"); };
  const spies = [
    vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (this: IDBObjectStore, ...words) { return freed ? add.apply(this, words) : full(); }),
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...words) { return words[1] === "reserve" ? full() : put.apply(this, words); }),
    vi.spyOn(IDBObjectStore.prototype, "delete").mockImplementation(function (this: IDBObjectStore, key) { freed ||= key === "reserve"; return drop.call(this, key); }),
  ];
  await knock(phone);
  expect(freed).toBe(true);
  expect(phone.sync.value).toMatchObject({ full: true, unsent: 1 });
  await vi.waitFor(() => expect(phone.sync.value.full).toBe(true));
  for (const spy of spies) spy.mockRestore();
  await knock(phone);
  await vi.waitFor(() => expect(phone.sync.value.full).toBe(false));
  phone.close();
  const again = await reopened(handle);
  expect(again.own().map((one) => one.n)).toEqual([1, 2]);
  again.close();
});

test("the phone locks when nobody touched it for so long, also in the background", async () => {
  const page = new EventTarget() as EventTarget & { visibilityState: string; defaultView: EventTarget };
  page.visibilityState = "visible";
  page.defaultView = new EventTarget();
  const { handle, phone } = await enrolled(world, member, token, undefined, { page: page as unknown as Document });
  phone.lockAfterMinutes.value = 5;
  handle.ahead += 4 * 60000;
  page.dispatchEvent(new Event("visibilitychange"));
  expect(phone.state.value).toBe("open");
  page.dispatchEvent(new Event("pointerdown"));
  handle.ahead += 4 * 60000;
  page.dispatchEvent(new Event("visibilitychange"));
  expect(phone.state.value).toBe("open");
  handle.ahead += 2 * 60000;
  page.dispatchEvent(new Event("visibilitychange"));
  expect(phone.state.value).toBe("locked");
  expect(phone.live()).toBeNull();
  phone.close();
});
