/**
 * How fast a slow phone opens and finds: a village of 7,000 households in Chromium with its processor held back four times, over a real server.
 *   npm run build && DOORWARD_PROGRAM=… node --experimental-strip-types tests/measure/phone_speed.ts [people] [slower]
 * Prints medians of some tries; the page is made of the sources (vite's own server), for only the engine is measured.
 */
import { createServer } from "vite";
import { World } from "../browser/world.ts";

const people = Number(process.argv[2] ?? 18000);
const slower = Number(process.argv[3] ?? 4);
const median = (all: number[]) => [...all].sort((a, b) => a - b)[all.length >> 1]!;

const world = await World.begin(people, 11);
process.env["DOORWARD"] = `http://127.0.0.1:${world.port}`;
const vite = await createServer({ root: new URL("../..", import.meta.url).pathname, server: { port: 0, host: "127.0.0.1", proxy: { "/api": { target: process.env["DOORWARD"], changeOrigin: true } } }, logLevel: "error" });
await vite.listen();
const url = vite.resolvedUrls!.local[0]!.replace("127.0.0.1", "localhost");
try {
  const token = await world.signIn();
  const member = world.account("leader", "吴网格", "grid_leader");
  const { page, context } = await world.page(await world.browser(), World.phone);
  page.setDefaultTimeout(300000);
  // an empty page of that origin, so that nothing but the engine runs
  await page.route("**/measure", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>measure</title>" }));
  await page.goto(`${url}measure`);
  const slow = await context.newCDPSession(page);
  await slow.send("Emulation.setCPUThrottlingRate", { rate: slower });
  const load = await page.evaluate(async ([module, invite]) => {
    const { openPhone } = await import(/* @vite-ignore */ module!);
    const phone = await openPhone();
    const began = performance.now();
    await phone.enrol(invite, "2580");
    return { ms: performance.now() - began, problem: phone.sync.value.problem, buildings: phone.buildings().length };
  }, ["/src/field/open.ts", await world.invitation(member, token)]);
  console.log(`first load: ${Math.round(load.ms)} ms, ${load.buildings} buildings, problem ${JSON.stringify(load.problem)}`);
  const tries = [];
  for (let turn = 0; turn < 5; turn++) {
    await page.goto(`${url}measure`);
    tries.push(await page.evaluate(async ([module, bare]) => {
      const { openPhone } = await import(/* @vite-ignore */ module!);
      const { stretched } = await import(/* @vite-ignore */ bare!);
      const began = performance.now();
      await stretched("2580", new Uint8Array(16), 600000);
      const pin = performance.now() - began;
      const phone = await openPhone();
      const timed = (work: () => unknown) => { const from = performance.now(); work(); return performance.now() - from; };
      const from = performance.now();
      await phone.unlock("2580");
      const open = performance.now() - from;
      let buildings: any[] = [];
      const list = timed(() => (buildings = phone.buildings()));
      const biggest = buildings.reduce((a, b) => (a.doors > b.doors ? a : b));
      const building = timed(() => phone.building(biggest.area.id));
      const searches = ["林", "志强", "138", "3-1", "qzx"].map((text) => timed(() => phone.search(text, 20)));
      const again = ["陈", "阿妹", "5678", "1-2", "张伟"].map((text) => timed(() => phone.search(text, 20)));
      const { door, area } = phone.building(biggest.area.id).floors[0].doors[0];
      const before = performance.now();
      await phone.record({ kind: "visit", on: door.id, body: { round: phone.round.value.id, outcome: "nobody_home" } });
      const record = performance.now() - before;
      const usage = (await navigator.storage.estimate()).usage ?? 0;
      return { pin, open, list, building, first: searches[0]!, search: Math.max(...searches.slice(1), ...again), record, doors: buildings.reduce((sum, one) => sum + one.doors, 0), people: (phone as any).live().register.people.size as number, usage, area };
    }, ["/src/field/open.ts", "/src/base/crypt.ts"]));
  }
  const last = tries[tries.length - 1]!;
  console.log(`${last.doors} doors, ${last.people} people, ${Math.round(last.usage / 1024)} KiB on the disk, processor ${slower} times slower`);
  console.log(`the PIN alone (600,000 rounds): ${Math.round(median(tries.map((one) => one.pin)))} ms`);
  for (const what of ["open", "list", "building", "first", "search", "record"] as const) console.log(`${{ open: "unlock until everything can be shown, PIN included", list: "all buildings with their counts", building: "the largest building", first: "a search at once, before its lines are made (they are 0.4 s after the unlock)", search: "the slowest of nine more", record: "recording a visit, on the disk" }[what]}: ${median(tries.map((one) => one[what])).toFixed(1)} ms`);
} finally {
  await vite.close();
  await world.end();
}
process.exit(0);
