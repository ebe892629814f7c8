import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../browser/world";
import { act } from "./acts";
import { bundle, contents, Dice, enrolled, seed } from "./kit";

let world: World;
let token: string;
let member: string;
beforeAll(async () => {
  world = await World.begin(150, 5);
  world.run("round", "open", "--kind", "sweep");
  token = await world.signIn();
  member = world.account("leader", "吴网格", "grid_leader");
}, 120000);
afterAll(() => world.end(), 60000);

/** Moments are the site's to correct; how names sound, and whether somebody who was on no roster and is done was found or arrived, it alone reckons. */
const known = (one: string): string => {
  const { at, pinyin, how, ...record } = JSON.parse(one) as Record<string, unknown>;
  return JSON.stringify({ ...record, ...(how === undefined || record["state"] === "done" ? {} : { how }) });
};
const timeless = (all: Record<string, unknown[]>) => Object.fromEntries(Object.entries(all).map(([kind, list]) => [kind, (list as string[]).map(known).sort()]));

test("whatever is recorded with no network, the phone shows what the site will say of it", async () => {
  const dice = new Dice(seed());
  const { phone } = await enrolled(world, member, token);
  for (let turn = 0; turn < 25; turn++) {
    const drafts = [];
    for (let at = 0; at < 12; at++) {
      const draft = act(phone, dice, Date.now());
      drafts.push(draft);
      await phone.record(draft);
    }
    const laid = timeless(contents(phone.live()!.register));
    const shown = phone.buildings().map(({ area, owed, covered }) => ({ area: area.code, owed, covered }));
    await phone.syncNow();
    expect(phone.sync.value.problem).toBeNull();
    const held = phone.own().filter((one) => one.state === "held");
    expect(held.map((one) => [one.kind, one.reason, one.body])).toEqual([]);
    const said = timeless(contents(await bundle(world, phone)));
    for (const kind of Object.keys(said)) expect(laid[kind], `turn ${turn}, ${kind}: ${JSON.stringify(drafts)}`).toEqual(said[kind]);
    expect(timeless(contents(phone.live()!.register))).toEqual(said);
    expect(phone.buildings().map(({ area, owed, covered }) => ({ area: area.code, owed, covered }))).toEqual(shown);
  }
  phone.close();
}, 300000);

test("the sums of its buildings are the site's own", async () => {
  const { phone } = await enrolled(world, member, token);
  const status = world.run("round", "status", "--round", String(phone.round.value!.number), "--buildings");
  const site = new Map((status.areas as { code: string; owed: number; covered: number }[]).map((one) => [one.code, one]));
  for (const { area, owed, covered } of phone.buildings()) expect({ area: area.code, owed, covered }).toEqual({ area: area.code, owed: site.get(area.code)?.owed ?? 0, covered: site.get(area.code)?.covered ?? 0 });
  expect(phone.buildings().some((one) => one.owed > 0)).toBe(true);
  phone.close();
}, 120000);
