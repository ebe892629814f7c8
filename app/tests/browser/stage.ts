/** Where the field's screens are tried without an engine: the app built for tests, served with the server's own content policy. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { build } from "vite";

const APP = join(import.meta.dirname, "../..");
const types: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json" };
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

export type Look = { language?: "zh" | "en"; dark?: boolean; viewport?: { width: number; height: number }; /** false: a reload finds the tab's memory */ fresh?: boolean };

export class Stage {
  private readonly folder = mkdtempSync(join(tmpdir(), "doorward-stage-"));
  private server!: Server;
  browser!: Browser;

  static async begin(...args: string[]): Promise<Stage> {
    const stage = new Stage();
    await build({ root: APP, configFile: join(APP, "vite.config.ts"), mode: "test", logLevel: "error", build: { outDir: stage.folder, emptyOutDir: true } });
    stage.server = createServer((request, answer) => {
      const path = new URL(request.url ?? "/", "http://localhost").pathname;
      if (path === "/api/v1/authority") return answer.end("a certificate"); // a server that vouches for itself
      const file = join(stage.folder, path === "/" ? "index.html" : path);
      if (path.includes("..") || !existsSync(file)) return answer.writeHead(404).end();
      answer.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": POLICY }).end(readFileSync(file));
    });
    await new Promise<void>((done) => stage.server.listen(0, "127.0.0.1", done));
    stage.browser = await stage.launch(...args);
    return stage;
  }

  launch(...args: string[]): Promise<Browser> {
    return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--host-resolver-rules=MAP village.test 127.0.0.1", ...args] });
  }

  /** A browser whose camera sees this picture (JPEG). */
  async camera(picture: Buffer): Promise<Browser> {
    const file = join(this.folder, "camera.mjpeg");
    writeFileSync(file, picture);
    return this.launch(`--use-file-for-fake-video-capture=${file}`);
  }

  /** what: of the fake (tests/fake_phone.ts). host: another name than localhost is no secure context. */
  url(path = "/", what = "", host = "localhost"): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}/?field&fake${what === "" ? "" : `&${what}`}#${path}`;
  }

  async page(look: Look = {}, browser = this.browser): Promise<{ page: Page; problems: string[] }> {
    const options: BrowserContextOptions = { viewport: look.viewport ?? { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, permissions: ["camera"], locale: look.language === "en" ? "en-GB" : "zh-CN", timezoneId: "Asia/Shanghai", colorScheme: look.dark === true ? "dark" : "light", reducedMotion: "reduce" };
    const context = await browser.newContext(options);
    if (look.fresh !== false) await context.addInitScript(() => { try { sessionStorage.clear(); } catch { /* an empty page has none */ } });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    return { page, problems };
  }

  async end(): Promise<void> {
    await this.browser.close();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const door = (n: number) => `018f0000-0000-7000-8000-0003${String(n).padStart(8, "0")}`;
const person = (n: number) => `018f0000-0000-7000-8000-0005${String(n).padStart(8, "0")}`;
const building = (n: number) => `018f0000-0000-7000-8000-0002${String(n).padStart(8, "0")}`;
export const ids = { door, person, building };

/** Every screen of the field phone: its name, where it is, and what the fake is told. */
/** Opens tube A0007 and puts the three of a door into it. */
async function fillTube(page: Page): Promise<void> {
  await page.locator(".button.main.tall").click();
  await page.goto(page.url().replace(/#.*/, `#/door/${door(24)}`));
  await page.locator(".button.main-soft").click();
  await page.locator("footer .button.main").click();
  await page.goto(page.url().replace(/#.*/, "#/tubes"));
  await page.locator("main .list .line").first().click();
  await page.locator(".tube-count").waitFor();
}

export const screens: { name: string; path: string; what?: string; host?: string; prepare?: (page: Page) => Promise<void> }[] = [
  { name: "enrol", path: "/", what: "state=new" },
  { name: "enrol-pin", path: "enrol=q6h0J1v2mX8c5dYt3wRk9sLbNzFgPaUe7iOxTjHyVlQ", what: "state=new" },
  { name: "enrol-plain", path: "/", what: "state=new", host: "village.test" },
  { name: "lock", path: "/", what: "state=locked&sync=offline" },
  { name: "wiped", path: "/", what: "state=wiped" },
  { name: "home", path: "/" },
  { name: "home-search", path: "/", prepare: async (page) => { await page.locator("input[type=search]").fill("l"); } },
  { name: "home-empty", path: "/", what: "empty&round=none" },
  { name: "building", path: `/building/${building(1)}` },
  { name: "building-units", path: `/building/${building(5)}` },
  { name: "door", path: `/door/${door(24)}`, prepare: async (page) => { await page.getByRole("checkbox").first().click(); } },
  { name: "door-partly", path: `/door/${door(3)}` },
  { name: "door-state", path: `/door/${door(24)}`, prepare: async (page) => { await page.locator("button.state").first().click(); } },
  { name: "door-excused", path: `/door/${door(24)}`, prepare: async (page) => { await page.locator("button.state").first().click(); await page.locator("dialog .picture").last().click(); } },
  { name: "door-heads", path: `/door/${door(24)}`, prepare: async (page) => { for (let n = 0; n < 3; n++) await page.locator(".stepper .round").last().click(); } },
  { name: "card-good", path: "/scan", prepare: async (page) => { await page.locator("form input").fill("CARD:4-2-4·101:2"); await page.locator("form .button").click(); await page.locator(".note.good").waitFor(); } },
  { name: "card-old", path: "/scan", prepare: async (page) => { await page.locator("form input").fill("CARD:4-2-4·101:1"); await page.locator("form .button").click(); await page.locator(".note.bad").waitFor(); } },
  { name: "door-antigen", path: `/door/${door(24)}`, what: "round=antigen" },
  { name: "door-inspection", path: `/door/${door(24)}`, what: "round=inspection" },
  { name: "door-vaccination", path: `/door/${door(24)}`, what: "round=vaccination", prepare: async (page) => { await page.getByRole("checkbox").first().click(); } },
  { name: "door-inspected", path: `/door/${door(3)}`, what: "round=inspection" },
  { name: "door-vaccinated", path: `/door/${door(1)}`, what: "round=vaccination" },
  { name: "door-evacuated", path: `/door/${door(1)}`, what: "round=evacuation" },
  { name: "person-add", path: `/door/${door(24)}/add` },
  { name: "person-edit", path: `/door/${door(24)}/person/${person(60)}` },
  { name: "person-cared", path: `/door/${door(6)}/person/${person(16)}` },
  { name: "scan", path: "/scan" },
  { name: "tubes", path: "/tubes" },
  { name: "tube-open", path: "/tubes?open=A0007" },
  { name: "door-tube", path: "/tubes?open=A0007", prepare: async (page) => { await fillTube(page); await page.goto(page.url().replace(/#.*/, `#/door/${door(25)}`)); await page.locator(".button.main-soft").click(); } },
  { name: "tube", path: "/tubes?open=A0007", prepare: fillTube },
  { name: "tube-add", path: "/tubes?open=A0007", prepare: async (page) => { await fillTube(page); await page.locator("footer .button.main").click(); await page.locator("dialog input").fill("林"); } },
  { name: "give", path: "/tubes?open=A0007", prepare: async (page) => {
    await fillTube(page);
    await page.locator("footer .button").first().click();
    await page.locator("dialog .button.main").click();
    await page.goto(page.url().replace(/#.*/, "#/boxes"));
    await page.locator("main .button.main").click();
    await page.locator("dialog input").fill("X01");
    await page.locator("dialog .button.main").click();
    await page.locator(".qr").waitFor();
  } },
  { name: "boxes", path: "/boxes" },
  { name: "take", path: `/take?box=${door(1)}&device=${door(2)}&code=X01` },
  { name: "register", path: `/register?building=${building(1)}`, what: "round=sweep" },
  { name: "street", path: "/street" },
  { name: "refusals", path: "/refusals" },
  { name: "refusal-follow", path: "/refusals", prepare: async (page) => { await page.locator("main .button.main-soft").first().click(); } },
  { name: "home-unsaved", path: `/door/${door(24)}`, prepare: async (page) => { await page.locator("button.tick").first().click(); await page.goto(page.url().replace(/#.*/, "#/")); await page.locator(".quicks").waitFor(); } },
  { name: "second", path: "/second" },
  { name: "need", path: `/need?of=door&on=${door(24)}` },
  { name: "needs", path: "/needs" },
  { name: "mine", path: "/mine", prepare: async (page) => {
    await page.goto(page.url().replace(/#.*/, `#/door/${door(24)}`));
    await page.locator(".button.main-soft").click();
    await page.locator("footer .button.main").click();
    await page.evaluate(() => (window as any).fake.hold(1, "outside"));
    await page.goto(page.url().replace(/#.*/, "#/mine"));
  } },
  { name: "mine-empty", path: "/mine" },
  { name: "leftovers", path: "/leftovers", prepare: async (page) => {
    await page.evaluate((id) => (window as any).fake.leave({ kind: "visit", on: id, body: { outcome: "done" } }, { kind: "need.raise", on: id, body: { of: "door", what: "food", urgent: false } }), door(24));
    await page.locator("main .list .line").first().waitFor();
  } },
  { name: "settings", path: "/settings" },
  { name: "settings-shared", path: "/settings", what: "share=on" },
  { name: "settings-denied", path: "/settings", what: "share=denied" },
  { name: "sync", path: "/sync", what: "sync=bad" },
  { name: "sync-fork", path: "/sync", what: "sync=fork" },
  { name: "rejoin", path: "/rejoin", what: "sync=fork" },
];

let shown = 0;
/** Opens a screen as a reader of the list above finds it. Every screen has a heading; what is shown while the phone opens has none. */
export async function show(stage: Stage, page: Page, screen: (typeof screens)[number]): Promise<void> {
  /* Another query each time: the page is loaded anew, and so is the village. */
  await page.goto(stage.url(screen.path, `${screen.what ?? ""}&n=${++shown}`, screen.host));
  await page.locator("h1").first().waitFor();
  if (screen.prepare !== undefined) await screen.prepare(page);
  await page.waitForFunction(() => !document.body.innerText.includes("正在载入") && !document.body.innerText.includes("Loading…"));
}
