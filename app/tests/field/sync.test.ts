/**
 * The model of the sync: phones that record at random, at the same doors, over ways that break at any byte, with wrong clocks, killed in the
 * middle of anything. However it goes: no entry is lost, none is there twice, and in the end a phone knows exactly what a fresh bundle tells.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/field/engine";
import { taken } from "../../src/field/overlay";
import { World } from "../browser/world";
import { act } from "./acts";
import { BadWay, bundle, contents, Dice, enrolled, ledger, reopened, seed, type Handle } from "./kit";

let world: World;
let token: string;
let members: string[];
let buildings: string[];
beforeAll(async () => {
  world = await World.begin(150, 7);
  world.run("round", "open", "--kind", "sweep");
  token = await world.signIn();
  buildings = (await world.call("GET", "/areas?limit=500", undefined, token)).items.filter((area: { kind: string }) => area.kind === "building").map((area: { code: string }) => area.code);
  members = [world.account("one", "吴网格", "grid_leader"), world.account("two", "李小组", "group_leader", buildings[0])];
  world.run("grant", "give", members[1]!, "--role", "group_leader", "--area", buildings[1]!);
}, 120000);
afterAll(() => world.end(), 60000);

interface Walker {
  phone: Engine;
  handle: Handle;
  way: BadWay;
  /** entries that were shown as recorded */
  shown: string[];
}

const moments = async (count: number) => {
  for (let at = 0; at < count; at++) await new Promise((done) => setImmediate(done));
};

/** Now and then a call goes out twice, and the first answer is lost. */
function stutter(dice: Dice): typeof fetch {
  return async (input, init) => {
    if (init?.method === "POST" && String(input).includes("/entries") && dice.chance(0.2)) await fetch(input, init).catch(() => undefined);
    return fetch(input, init);
  };
}

async function walker(member: string, dice: Dice): Promise<Walker> {
  const way = new BadWay(() => world.port, dice);
  way.good = true;
  await way.open();
  const { phone, handle } = await enrolled(world, member, token, () => `http://127.0.0.1:${way.port}`, { fetch: stutter(dice) });
  way.good = false;
  handle.ahead = Math.floor((dice.next() - 0.5) * 10 * 86400000);
  return { phone, handle, way, shown: [] };
}

async function killed(walker: Walker): Promise<void> {
  walker.phone.close();
  walker.phone = await reopened(walker.handle);
}

async function step(walker: Walker, dice: Dice): Promise<void> {
  const { phone } = walker;
  const what = dice.next();
  if (what < 0.55) {
    const drafts = Array.from({ length: 1 + dice.below(4) }, () => act(phone, dice, walker.handle.env.now()));
    const recorded = phone.record(...drafts).then((own) => void walker.shown.push(...own.map((one) => one.id)));
    if (dice.chance(0.2)) {
      await moments(dice.below(6));
      recorded.catch(() => undefined);
      await killed(walker);
    } else await recorded;
  } else if (what < 0.85) {
    await phone.syncNow();
  } else {
    const syncing = phone.syncNow();
    await moments(dice.below(400));
    if (dice.chance(0.5)) walker.way.drop();
    else await killed(walker);
    await syncing;
  }
}

async function settled(walkers: Walker[]): Promise<void> {
  for (const { way } of walkers) {
    way.good = true;
    way.drop();
  }
  for (let turn = 0; turn < 3; turn++) for (const { phone } of walkers) await phone.syncNow();
}

test("nothing is lost, nothing is there twice, and every phone ends with what the site knows", async () => {
  const dice = new Dice(seed());
  const walkers = [await walker(members[0]!, dice), await walker(members[1]!, dice), await walker(members[0]!, dice)];
  for (let turn = 0; turn < 160; turn++) {
    await step(dice.of(walkers), dice);
    if (turn === 60) world.run("grant", "give", members[1]!, "--role", "keeper", "--area", buildings[2]!);
    if (turn === 90) {
      await world.stop();
      for (const one of walkers) await one.phone.syncNow();
      await world.serve();
    }
  }
  await settled(walkers);
  const kept = JSON.stringify(world.run("verify"));
  expect(kept).not.toContain("error");
  for (const { phone, shown, way, handle } of walkers) {
    expect(phone.sync.value).toMatchObject({ problem: null, unsent: 0 });
    const own = phone.own();
    const site = await ledger(world, token, phone.device.value!);
    expect([...site.keys()].sort((a, b) => a - b)).toEqual(own.map((one) => one.n));
    const texts = phone.live()!.own;
    for (const one of texts) expect(site.get(one.n)!.text).toBe(one.text);
    // what it took back itself the phone knows; a server that was started anew calls it accepted until the next void
    const back = taken(texts, phone.device.value!);
    for (const one of own) expect([one.n, one.kind, one.state]).toEqual([one.n, one.kind, back.has(one.n) ? "void" : site.get(one.n)!.state === "accepted" ? "received" : site.get(one.n)!.state]);
    const ids = own.map((one) => one.id);
    for (const id of shown) expect(ids.filter((other) => other === id)).toHaveLength(1);
    const said = contents(await bundle(world, phone));
    expect(contents(phone.live()!.register)).toEqual(said);
    phone.close();
    const again = await reopened(handle);
    expect(contents(again.live()!.register)).toEqual(said);
    again.close();
    await way.close();
  }
  console.log(`cut connections: ${walkers.map((one) => one.way.cuts).join(", ")}; entries: ${walkers.map((one) => one.shown.length).join(", ")}`);
}, 600000);
