/**
 * How fast a slow phone opens, finds and saves: a village of 7,000 households in Chromium with its processor held back, over a real server.
 *   npm run build && DOORWARD_PROGRAM=… tools/app node tests/measure/phone_speed.ts [people] [slower] [tries]
 * First the engine alone (made of the sources by vite's own server), then the app as it was built, from the last digit or key to the picture. A
 * first search is the very first thing asked after the unlock, in the same breath, before anything was made ready for it.
 */
import type { Page } from "playwright-core";
import { createServer } from "vite";
import { World } from "../browser/world.ts";

const people = Number(process.argv[2] ?? 18000);
const slower = Number(process.argv[3] ?? 4);
const tries = Number(process.argv[4] ?? 5);
const PIN = "258036";
/** What is typed: the first of each kind is asked first after an unlock, the others when all is ready. */
const TYPED = { "a name": ["林", "志强", "陈阿"], "pinyin": ["lin", "zhiqiang", "chena"], "initials": ["lzq", "qzx", "cam"], "the end of a number": ["138", "5678", "0011"], "a door": ["3-1", "1-2", "2-1-1"] };

const sorted = (all: readonly number[]) => [...all].sort((a, b) => a - b);
const told = (all: readonly number[]) => `${sorted(all)[all.length >> 1]!.toFixed(1)} ms (${sorted(all)[0]!.toFixed(1)} to ${sorted(all).at(-1)!.toFixed(1)})`;

async function slowed(page: Page): Promise<void> {
  page.setDefaultTimeout(300000);
  await (await page.context().newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slower });
}

/** Unlocks in a fresh page and asks for `first` at once; then everything else. */
const engineOnce = (page: Page, first: string, later: string[]) => page.evaluate(async ([module, bare, pin, first, later]) => {
  const { openPhone } = await import(/* @vite-ignore */ module as string);
  const { stretched } = await import(/* @vite-ignore */ bare as string);
  const timed = (work: () => unknown) => { const from = performance.now(); work(); return performance.now() - from; };
  const begun = performance.now();
  await stretched(pin as string, new Uint8Array(16), 600000);
  const pinMs = performance.now() - begun;
  const phone = await openPhone();
  const from = performance.now();
  await phone.unlock(pin as string);
  const open = performance.now() - from;
  const searched = timed(() => phone.search(first as string, 20));
  let buildings: any[] = [];
  const list = timed(() => (buildings = phone.buildings()));
  const biggest = buildings.reduce((a, b) => (a.doors > b.doors ? a : b));
  const building = timed(() => phone.building(biggest.area.id));
  await new Promise((done) => setTimeout(done, 1500)); // what is made ready in slices is ready
  const after = (later as string[]).map((text) => timed(() => phone.search(text, 20)));
  const { door } = phone.building(biggest.area.id).floors[0].doors[0];
  const before = performance.now();
  await phone.record({ kind: "visit", on: door.id, body: { round: phone.round.value.id, outcome: "nobody_home" } });
  const record = performance.now() - before;
  const usage = (await navigator.storage.estimate()).usage ?? 0;
  return { pin: pinMs, open, list, building, searched, after, record, doors: buildings.reduce((sum, one) => sum + one.doors, 0), people: (phone as any).live().register.people.size as number, usage };
}, ["/src/field/open.ts", "/src/base/crypt.ts", PIN, first, later] as const);

async function engine(world: World, member: string, token: string): Promise<void> {
  process.env["DOORWARD"] = `http://127.0.0.1:${world.port}`;
  const vite = await createServer({ root: new URL("../..", import.meta.url).pathname, server: { port: 0, host: "127.0.0.1", proxy: { "/api": { target: process.env["DOORWARD"], changeOrigin: true } } }, logLevel: "error" });
  await vite.listen();
  const url = vite.resolvedUrls!.local[0]!.replace("127.0.0.1", "localhost");
  const { page, context } = await world.page(await world.browser(), World.phone);
  // an empty page of that origin, so that nothing but the engine runs
  await page.route("**/measure", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>measure</title>" }));
  await page.goto(`${url}measure`);
  await slowed(page);
  const load = await page.evaluate(async ([module, invite, pin]) => {
    const { openPhone } = await import(/* @vite-ignore */ module!);
    const phone = await openPhone();
    const began = performance.now();
    await phone.enrol(invite, pin);
    return { ms: performance.now() - began, problem: phone.sync.value.problem, buildings: phone.buildings().length };
  }, ["/src/field/open.ts", await world.invitation(member, token), PIN]);
  console.log(`first load ${Math.round(load.ms)} ms, ${load.buildings} buildings, problem ${JSON.stringify(load.problem)}`);
  const all = [];
  const firsts = new Map<string, number[]>();
  const laters = new Map<string, number[]>();
  for (let turn = 0; turn < tries; turn++)
    for (const [kind, [first, ...later]] of Object.entries(TYPED)) {
      await page.goto(`${url}measure`);
      const once = await engineOnce(page, first!, later);
      all.push(once);
      firsts.set(kind, [...(firsts.get(kind) ?? []), once.searched]);
      laters.set(kind, [...(laters.get(kind) ?? []), ...once.after]);
    }
  const last = all.at(-1)!;
  console.log(`${last.doors} doors, ${last.people} people, ${Math.round(last.usage / 1024)} KiB on the disk; medians of ${all.length} (least to most)`);
  const words = { pin: "the PIN alone, 600,000 rounds", open: "unlock until everything can be shown, PIN included", list: "all buildings with their counts, at once", building: "the largest building", record: "recording a visit, on the disk" };
  for (const [what, text] of Object.entries(words)) console.log(`${text}: ${told(all.map((one) => one[what as "pin"]))}`);
  for (const kind of Object.keys(TYPED)) console.log(`search by ${kind}: first ${told(firsts.get(kind)!)}, later ${told(laters.get(kind)!)}`);
  await context.close();
  await vite.close();
}

/** From an event until the picture that follows from it stands. */
const untilDrawn = (page: Page, what: "type" | "press", on: string, text: string, then: string) => page.evaluate(([what, on, text, then]) => new Promise<number>((done) => {
  const target = document.querySelector<HTMLInputElement>(on!)!;
  const from = performance.now();
  const look = () => (document.querySelector(then!) !== null ? requestAnimationFrame(() => done(performance.now() - from)) : requestAnimationFrame(look));
  if (what === "type") {
    target.value = text!;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  } else target.click();
  requestAnimationFrame(look);
}), [what, on, text, then] as const);

async function app(world: World, member: string, token: string): Promise<void> {
  const { page, context } = await world.page(await world.browser(), World.phone);
  await page.goto(`${world.url}/#enrol=${await world.invitation(member, token)}`);
  await slowed(page);
  for (const again of [0, 1]) {
    await page.getByText(again === 0 ? "设 6 位密码" : "再按一遍").waitFor();
    await page.keyboard.type(PIN);
  }
  await page.locator(".quicks").waitFor();
  const open: number[] = [], first: number[] = [], later: number[] = [], save: number[] = [];
  for (let turn = 0; turn < tries; turn++) {
    await page.goto(`${world.url}/?turn=${turn}`);
    await page.locator(".pin").waitFor();
    await page.keyboard.type(PIN.slice(0, -1));
    open.push(await untilDrawn(page, "press", `.pin-keys button[aria-label="${PIN.at(-1)!}"]`, "", ".quicks"));
    first.push(await untilDrawn(page, "type", "input[type=search]", "林", "main .list .line"));
    await page.waitForTimeout(1500);
    for (const text of ["lzq", "陈", "3-1"]) {
      await untilDrawn(page, "type", "input[type=search]", "", ".quicks");
      later.push(await untilDrawn(page, "type", "input[type=search]", text, "main .list .line"));
    }
    await page.locator("main .list .line").nth(turn).click();
    await page.locator(".choice-grid .picture").first().click();
    save.push(await untilDrawn(page, "press", "footer .button.main", "", ".toast"));
  }
  console.log(`the app: unlock from the last digit to the first screen ${told(open)}`);
  console.log(`the app: from a key to who was found, first ${told(first)}, later ${told(later)}`);
  console.log(`the app: from "save" to "saved" ${told(save)}`);
  await context.close();
}

const world = await World.begin(people, 11);
try {
  console.log(`processor ${slower} times slower`);
  const token = await world.signIn();
  await engine(world, world.account("leader", "吴网格", "grid_leader"), token);
  await app(world, world.account("second", "林网格", "grid_leader"), token);
} finally {
  await world.end();
}
process.exit(0);
