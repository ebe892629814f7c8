/** What goes wrong between a phone and its site: revoked, copied, a site from a backup, a server that says later. */
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Engine } from "../../src/field/engine";
import { World } from "../browser/world";
import { bundle, contents, enrolled, ledger, reopened } from "./kit";

let world: World;
let token: string;
let member: string;
beforeAll(async () => {
  world = await World.begin(120, 3);
  token = await world.signIn();
  member = world.account("keeper", "林包栋", "grid_leader");
}, 120000);
afterAll(() => world.end(), 60000);

const doors = (phone: Engine) => [...phone.live()!.register.doors.keys()];
const knock = (phone: Engine, at = 0, outcome = "nobody_home") => phone.record({ kind: "visit", on: doors(phone)[at]!, body: { round: phone.round.value!.id, outcome } });

/** Another copy of a phone's database: a profile that was backed up or copied. */
async function copied(from: string, to: string): Promise<void> {
  const open = (name: string, make?: (db: IDBDatabase) => void) => new Promise<IDBDatabase>((done) => {
    const ask = indexedDB.open(name, 1);
    ask.onupgradeneeded = () => make?.(ask.result);
    ask.onsuccess = () => done(ask.result);
  });
  const old = await open(from);
  const fresh = await open(to, (db) => { for (const table of old.objectStoreNames) db.createObjectStore(table, table === "entry" ? { keyPath: "n" } : {}); });
  for (const table of old.objectStoreNames) {
    const store = old.transaction(table).objectStore(table);
    const [keys, rows] = await Promise.all([store.getAllKeys(), store.getAll()].map((ask) => new Promise<any[]>((done) => (ask.onsuccess = () => done(ask.result)))));
    const tx = fresh.transaction(table, "readwrite");
    rows!.forEach((row, at) => (table === "entry" ? tx.objectStore(table).put(row) : tx.objectStore(table).put(row, keys![at])));
    await new Promise((done) => (tx.oncomplete = done));
  }
  old.close();
  fresh.close();
}

test("a revoked phone hands in what it holds, and then deletes everything", async () => {
  const { handle, phone } = await enrolled(world, member, token);
  await knock(phone);
  await phone.syncNow();
  await knock(phone, 1);
  await world.call("POST", `/devices/${phone.device.value}/revoke`, { reason: "丢了" }, token);
  const device = phone.device.value!;
  await phone.syncNow();
  expect(phone.state.value).toBe("wiped");
  const site = await ledger(world, token, device);
  expect([...site.values()].map((one) => [one.state, one.reason])).toEqual([["accepted", "none"], ["held", "revoked"]]);
  expect(phone.buildings()).toEqual([]);
  phone.close();
  const again = await Engine.begin(handle.env);
  expect(again.state.value).toBe("wiped");
  // and it may be a phone again
  await again.enrol(await world.invitation(member, token), "1357");
  expect(again.state.value).toBe("open");
  expect(again.buildings().length).toBeGreaterThan(0);
  again.close();
});

test("a revoked phone that cannot hand in keeps what is unsent, and nothing of what the site told", async () => {
  const { handle, phone } = await enrolled(world, member, token);
  await world.call("POST", `/devices/${phone.device.value}/revoke`, { reason: "丢了" }, token);
  const device = phone.device.value!;
  await knock(phone);
  const real = handle.env.fetch;
  // the push before is cut, then the pull is refused, and the push after is cut too
  let pulls = 0;
  handle.env.fetch = async (input, init) => {
    if (init?.method === "POST" && String(input).includes("/entries")) throw new TypeError("cut");
    if (String(input).includes("cursor")) pulls++;
    return real(input, init);
  };
  await phone.syncNow();
  expect(phone.sync.value.problem?.code).toBe("UNREACHED");
  expect(pulls).toBe(0); // it pushes first
  handle.env.fetch = real;
  await phone.syncNow();
  expect(phone.state.value).toBe("wiped");
  expect([...(await ledger(world, token, device)).values()].map((one) => one.reason)).toEqual(["revoked"]);
  phone.close();
});

test("a copied phone says so, enrols anew, and what differs is recorded again", async () => {
  const { handle, phone } = await enrolled(world, member, token);
  await knock(phone);
  await phone.syncNow();
  phone.close();
  await copied(handle.env.name, `${handle.env.name}-copy`);
  const one = await reopened(handle);
  const copy = { ...handle, env: { ...handle.env, base: handle.env.base, name: `${handle.env.name}-copy` } };
  const two = await reopened(copy);
  await knock(one, 1);
  await one.syncNow();
  await two.record({ kind: "visit", on: doors(two)[2]!, body: { round: two.round.value!.id, outcome: "refused" }, personal: { note: "要再去" } });
  await two.syncNow();
  expect(two.sync.value.problem?.code).toBe("FORK");
  expect(two.sync.value.unsent).toBe(1);
  expect(two.door(doors(two)[2]!)!.visit?.outcome).toBe("refused");
  await two.enrol(await world.invitation(member, token), "2580");
  expect(two.sync.value.problem).toBeNull();
  expect(two.device.value).not.toBe(one.device.value);
  expect(two.leftovers().map((entry) => [entry.kind, entry.clear["note"]])).toEqual([["visit", "要再去"]]);
  two.close();
  const again = await reopened(copy);
  await again.recordLeftovers(again.leftovers().map((entry) => entry.id));
  expect(again.leftovers()).toEqual([]);
  await again.syncNow();
  expect(again.sync.value).toMatchObject({ problem: null, unsent: 0, held: 0 });
  expect(contents(again.live()!.register)).toEqual(contents(await bundle(world, again)));
  const said = [...(await ledger(world, token, again.device.value!)).values()];
  expect(said.map((entry) => JSON.parse(entry.text).body.outcome)).toEqual(["refused"]);
  one.close();
  again.close();
});

test("a phone that was set back hears from its receipt that the site has more of it", async () => {
  const { handle, phone } = await enrolled(world, member, token);
  await knock(phone);
  phone.close();
  await copied(handle.env.name, `${handle.env.name}-copy`);
  const one = await reopened(handle);
  await knock(one, 1);
  await one.syncNow();
  const two = await reopened({ ...handle, env: { ...handle.env, base: handle.env.base, name: `${handle.env.name}-copy` } });
  await two.syncNow();
  expect(two.sync.value.problem?.code).toBe("FORK");
  one.close();
  two.close();
});

test("a site from a backup gets again what it lacks, though the phone had receipts", async () => {
  const { phone } = await enrolled(world, member, token);
  await knock(phone);
  await phone.syncNow();
  await world.stop();
  const store = readdirSync(world.folder).filter((name) => name.startsWith("site.db"));
  const aside = (name: string) => join(world.folder, `aside-${name}`);
  for (const name of store) if (!name.endsWith(".jobs")) copyFileSync(join(world.folder, name), aside(name));
  await world.serve();
  for (let at = 1; at < 8; at++) {
    await knock(phone, at);
    await phone.syncNow();
  }
  expect(phone.sync.value).toMatchObject({ problem: null, unsent: 0 });
  await world.stop();
  for (const name of store) if (!name.endsWith(".jobs")) copyFileSync(aside(name), join(world.folder, name));
  await world.serve();
  await phone.syncNow();
  await phone.syncNow();
  expect(phone.sync.value).toMatchObject({ problem: null, unsent: 0 });
  const site = await ledger(world, await world.signIn(), phone.device.value!);
  expect([...site.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(contents(phone.live()!.register)).toEqual(contents(await bundle(world, phone)));
  phone.close();
});

test("a session that is over is resumed by the phone's key, and a server that says later is asked later", async () => {
  const { handle, phone } = await enrolled(world, member, await world.signIn());
  phone.live()!.secret = { ...phone.live()!.secret, token: "x".repeat(43) };
  await knock(phone);
  await phone.syncNow();
  expect(phone.sync.value).toMatchObject({ problem: null, unsent: 0 });
  const real = handle.env.fetch;
  handle.env.fetch = async () => new Response("{}", { status: 429, headers: { "Retry-After": "7" } });
  await knock(phone);
  await phone.syncNow();
  expect(phone.sync.value).toMatchObject({ problem: { code: "TOO_MANY" }, unsent: 1 });
  // the sign-in page of a hotel's network is not the site
  handle.env.fetch = async () => new Response("<html>sign in</html>", { status: 200 });
  await phone.syncNow();
  expect(phone.sync.value).toMatchObject({ problem: { code: "UNREACHED" }, unsent: 1, online: false });
  handle.env.fetch = async () => new Response("<html>forbidden</html>", { status: 403 });
  await phone.syncNow();
  expect(phone.state.value).toBe("open");
  handle.env.fetch = real;
  handle.ahead = 3 * 86400000;
  await phone.syncNow();
  expect(phone.sync.value).toMatchObject({ problem: null, unsent: 0, online: true });
  expect(Math.abs(phone.sync.value.clockMs! - 3 * 86400000)).toBeLessThan(60000);
  phone.close();
});

test("a receipt that the site did not sign counts for nothing", async () => {
  const { handle, phone } = await enrolled(world, member, await world.signIn());
  await knock(phone);
  const real = handle.env.fetch;
  handle.env.fetch = async (input, init) => {
    const answer = await real(input, init);
    if (init?.method !== "POST") return answer;
    const said = await answer.json() as any;
    said.receipts[0].first_seq += 1;
    return new Response(JSON.stringify(said), { status: 200 });
  };
  await phone.syncNow();
  expect(phone.sync.value).toMatchObject({ problem: { code: "SIGNATURE" }, unsent: 1 });
  handle.env.fetch = real;
  await phone.syncNow();
  expect(phone.sync.value).toMatchObject({ problem: null, unsent: 0 });
  phone.close();
});
