/** The app is renewed at the server while phones are at work: they lose nothing, and never run parts of two builds. */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allSent, dice, doors, join as enrol, listen, press, received, say, tapAll, tick, to, unlock, unsent } from "./bad_steps";
import { World } from "./world";

const APP = join(import.meta.dirname, "../..");
let world: World;
let browser: Browser;
let token: string;
let first: string;
let second: string;
beforeAll(async () => {
  world = await World.begin(200, 1 + dice.below(1000));
  first = join(APP, "dist");
  second = join(world.folder, "second");
  // the same app but for a mark in what is loaded at once and one in what is loaded later
  const mark = { name: "mark", transform: (code: string, id: string) => { const of = /features\/(field_app|scan\/scan)\.tsx$/.exec(id)?.[1]; return of === undefined ? null : `${code}\ndocument.documentElement.dataset[${JSON.stringify(of === "field_app" ? "build" : "scan")}] = "second";`; } };
  await build({ root: APP, configFile: join(APP, "vite.config.ts"), logLevel: "error", plugins: [mark], build: { outDir: second, emptyOutDir: true } });
  execFileSync(process.execPath, [join(APP, "tools/pack.mjs"), second]);
  world.app = join(world.folder, "app");
  deploy(first);
  await world.stop();
  await world.serve();
  browser = await world.browser();
  token = await world.signIn();
}, 240000);
afterAll(() => world.end());

/** The server's files become those of a build. */
function deploy(from: string): void {
  rmSync(world.app, { recursive: true, force: true });
  cpSync(from, world.app, { recursive: true });
}

const parts = (folder: string) => new Set(readdirSync(join(folder, "assets")).map((name) => `/assets/${name}`));
/** Of which build a page runs, by every part that it loaded. */
async function builds(page: Page): Promise<string> {
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname).filter((path) => path.startsWith("/assets/")));
  const [one, two] = [parts(first), parts(second)];
  const marks = await page.evaluate(() => document.documentElement.dataset["build"] ?? "first");
  const of = [...(loaded.every((path) => one.has(path)) ? ["first"] : []), ...(loaded.every((path) => two.has(path)) ? ["second"] : [])];
  return of.includes(marks) ? marks : `${marks}, with parts ${loaded.join(" ")}`;
}
const scanner = async (page: Page): Promise<string> => {
  await to(page, "/scan");
  await page.getByText(say("field.scan.wedge")).waitFor();
  return page.evaluate(() => document.documentElement.dataset["scan"] ?? "first");
};
/** The phone finds a network again, and sees after a while that there is a newer app. */
async function offered(page: Page): Promise<void> {
  await expect.poll(async () => {
    await page.evaluate(() => void dispatchEvent(new Event("online")));
    return page.getByRole("button", { name: say("field.settings.update_now") }).isVisible();
  }, { timeout: 90000, interval: 1000 }).toBe(true);
}

test("renewed while entries wait: it is offered, nothing runs of two builds, nothing is lost, and what waited arrives", async () => {
  deploy(first);
  const phone = await enrol(world, browser, token);
  const { page } = phone;
  const there = await doors(page, 3);
  await phone.context.route("**/api/v1/entries?have=**", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await tick(page, there[0]!);
  await tick(page, there[1]!);
  const other = await phone.context.newPage();
  listen(other, phone.problems);
  await other.goto(world.url);
  await unlock(other);

  deploy(second);
  await to(page, "/");
  await offered(page);
  await unsent(page, 2);
  expect(await builds(page)).toBe("first");
  // what is tapped in is there afterwards
  await tapAll(page, there[2]!);
  await to(page, "/");
  await page.getByRole("button", { name: say("field.settings.update_now") }).click();
  await unlock(page);
  expect(await builds(page)).toBe("second");
  await unsent(page, 2);
  expect(await scanner(page)).toBe("second");
  expect(await builds(page)).toBe("second");
  // another tab goes on with the parts it began with, until somebody there says so
  expect(await scanner(other)).toBe("first");
  expect(await builds(other)).toBe("first");
  await other.close();

  await to(page, `/door/${there[2]}`);
  await page.locator("li.person.drafted").first().waitFor();
  await press(page);
  await page.locator("li.person.drafted").first().waitFor({ state: "detached" });
  await phone.context.unroute("**/api/v1/entries?have=**");
  await to(page, "/sync");
  await page.getByRole("button", { name: say("field.sync.now") }).click();
  await allSent(page);
  expect((await received(world, token, phone.device)).map((one) => [one.n, one.on, one.state])).toEqual(there.map((door, at) => [at + 1, door, "accepted"]));
  expect(phone.problems).toEqual([]);
  await phone.context.close();
}, 240000);

/** A way to the server that breaks in the middle of one file, and is gone from then on. */
class Way {
  breaksAt: RegExp | null = null;
  gone = false;
  private server!: Server;
  async begin(): Promise<string> {
    this.server = createServer((asked, answer) => {
      if (this.gone) return void asked.socket.destroy();
      const onward = request({ port: world.port, host: "127.0.0.1", method: asked.method!, path: asked.url!, headers: asked.headers }, (got) => {
        answer.writeHead(got.statusCode!, got.headers);
        if (this.breaksAt?.test(asked.url!) !== true) return void got.pipe(answer);
        got.once("data", (bytes: Buffer) => answer.write(bytes.subarray(0, bytes.length >> 1), () => { this.gone = true; answer.destroy(); }));
      });
      onward.on("error", () => answer.destroy());
      asked.pipe(onward);
    });
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }
  end(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A newer app that does not come whole is given up. */
const givesUp = (page: Page): Promise<void> => page.evaluate(async () => {
  const registration = (await navigator.serviceWorker.getRegistration())!;
  const ended = new Promise<void>((done) => registration.addEventListener("updatefound", () => {
    const fresh = registration.installing!;
    fresh.addEventListener("statechange", () => fresh.state === "redundant" && done());
  }));
  await registration.update().catch(() => undefined);
  await ended;
});

test("a newer app that came by half is no app: the old one goes on, also with no network; a whole one comes in when the phone is locked", async () => {
  deploy(first);
  const way = new Way();
  const url = await way.begin();
  const phone = await enrol(world, browser, token, { url });
  const { page } = phone;
  const there = await doors(page, 2);

  // its files are of two builds, as while somebody copies them
  deploy(second);
  cpSync(join(first, "index.html"), join(world.app, "index.html"));
  rmSync(join(world.app, "index.html.br"), { force: true });
  rmSync(join(world.app, "index.html.gz"), { force: true });
  await givesUp(page);
  deploy(second);
  way.breaksAt = /\.wasm/;
  await givesUp(page);
  expect(way.gone).toBe(true);
  expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(1);
  await page.reload();
  await unlock(page);
  await tick(page, there[0]!);
  expect(await scanner(page)).toBe("first");
  expect(await builds(page)).toBe("first");

  way.breaksAt = null;
  way.gone = false;
  await tick(page, there[1]!);
  await to(page, "/settings");
  await offered(page);
  expect(await builds(page)).toBe("first");
  await page.getByRole("button", { name: say("field.settings.lock_now") }).click();
  await page.waitForFunction(() => document.documentElement.dataset["build"] === "second");
  await unlock(page);
  expect(await builds(page)).toBe("second");
  await allSent(page);
  expect((await received(world, token, phone.device)).map((one) => [one.n, one.on])).toEqual([[1, there[0]], [2, there[1]]]);
  expect(phone.problems).toEqual([]);
  await phone.context.close();
  way.end();
}, 240000);
