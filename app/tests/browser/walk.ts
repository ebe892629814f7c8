/**
 * What journeys walk with: a phone that is a browser of its own (its profile outlives a killed process, its camera sees what it is held to, its
 * connection can be cut while the command post's stays), and the steps that volunteers take on it, by the words that stand on the screen.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from "playwright-core";
import { prepareZXingModule, readBarcodes, writeBarcode } from "zxing-wasm/full";
import { en } from "../../src/words/en.ts";
import { zh } from "../../src/words/zh.ts";
import { World } from "./world.ts";

export type Language = "zh" | "en";
export type Word = keyof typeof zh;
export type Say = (key: Word, values?: Record<string, string | number>) => string;
/** What the app says, for tests that look for it: a changed word is no broken test. */
export const words = (language: Language): Say => (key, values = {}) => (language === "zh" ? zh : en)[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

export const PIN = "135790";
const BREAKS = /ERR_(CONNECTION|INTERNET|EMPTY|NETWORK|FAILED|SOCKET|ABORTED)|Failed to load resource: net::/;

/** The way of one phone to the server, which can be cut. */
export class Line {
  private server!: Server;
  private readonly open = new Set<Socket>();
  private up = true;

  static async begin(world: World): Promise<Line> {
    const line = new Line();
    line.server = createServer((near) => {
      if (!line.up) return near.destroy();
      const far = connect(world.port, "127.0.0.1");
      for (const [one, other] of [[near, far], [far, near]] as const) {
        line.open.add(one);
        one.on("error", () => other.destroy()).on("close", () => { line.open.delete(one); other.destroy(); }).pipe(other);
      }
    });
    await new Promise<void>((done) => line.server.listen(0, "127.0.0.1", done));
    return line;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.up = false;
    for (const one of this.open) one.destroy();
  }

  mend(): void {
    this.up = true;
  }

  end(): void {
    this.cut();
    this.server.close();
  }
}

/** Every process of a browser has its profile's folder among its words; the one without a type is the browser itself. */
function processOf(profile: string): number {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    let said: string[] = [];
    try {
      said = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    } catch {
      continue; // it has just ended
    }
    if (said.includes(`--user-data-dir=${profile}`) && !said.some((word) => word.startsWith("--type="))) return Number(pid);
  }
  throw new Error(`no browser has ${profile}`);
}

export class Handset {
  readonly problems: string[] = [];
  readonly profile: string;
  readonly line: Line;
  readonly say: Say;
  readonly language: Language;
  page!: Page;
  private context!: BrowserContext;

  private constructor(world: World, line: Line, language: Language) {
    this.profile = mkdtempSync(join(world.folder, "phone-"));
    this.line = line;
    this.language = language;
    this.say = words(language);
  }

  static async begin(world: World, language: Language = "zh"): Promise<Handset> {
    const phone = new Handset(world, await Line.begin(world), language);
    await phone.start();
    return phone;
  }

  private async start(): Promise<void> {
    this.context = await chromium.launchPersistentContext(this.profile, {
      ...World.phone, executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", locale: this.language === "zh" ? "zh-CN" : "en-GB", timezoneId: "Asia/Shanghai", reducedMotion: "reduce", permissions: ["camera"],
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${this.camera}`],
    });
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    this.page.on("pageerror", (error) => this.problems.push(String(error)));
    this.page.on("console", (message) => message.type() === "error" && !BREAKS.test(message.text()) && this.problems.push(`${message.text()} ${message.location().url}`));
  }

  private get camera(): string {
    return join(this.profile, "camera.mjpeg");
  }

  /** What the camera sees when it is opened next. */
  point(seen: Buffer): void {
    writeFileSync(`${this.camera}.new`, seen);
    renameSync(`${this.camera}.new`, this.camera); // one that looks goes on seeing what it saw
  }

  /** A screenshot, as another phone's camera would see this one. */
  photo(): Promise<Buffer> {
    return this.page.screenshot({ type: "jpeg", quality: 85 });
  }

  async goOffline(): Promise<void> {
    this.line.cut();
    await this.context.setOffline(true);
  }

  async goOnline(): Promise<void> {
    this.line.mend();
    await this.context.setOffline(false);
  }

  /** As when the battery falls out: nothing is told, nothing is written any more. */
  async kill(): Promise<void> {
    const ended = new Promise((done) => this.context.once("close", done));
    process.kill(processOf(this.profile), "SIGKILL");
    await ended;
  }

  /** The same phone again, with no more network than it had. */
  async again(offline: boolean): Promise<void> {
    for (const left of readdirSync(this.profile).filter((name) => name.startsWith("Singleton"))) rmSync(join(this.profile, left), { force: true }); // a lock of the process that was killed
    await this.start();
    if (offline) await this.context.setOffline(true);
    await this.page.goto(this.line.url);
  }

  async end(): Promise<void> {
    await this.context.close().catch(() => undefined);
    this.line.end();
  }
}

/** By the big keys, as a thumb does it. */
export async function typePin(page: Page, pin = PIN): Promise<void> {
  for (const digit of pin) await page.getByRole("button", { name: digit, exact: true }).click();
}

/** From the moment the invitation is read until the doors are there and the app's files are kept for a day without network. */
export async function choosePin(phone: Handset): Promise<void> {
  const { page, say } = phone;
  await page.getByRole("heading", { name: say("field.enrol.pin"), exact: true }).waitFor();
  await typePin(page);
  await page.getByRole("heading", { name: say("field.enrol.pin_again"), exact: true }).waitFor();
  await typePin(page);
  await page.getByRole("heading", { name: say("field.home.title") }).waitFor({ timeout: 60000 });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 60000 });
  await page.getByText(say("field.strip.all_sent")).waitFor({ timeout: 60000 });
}

/** An invitation's link, opened. */
export async function enrolPhone(phone: Handset, invite: string): Promise<void> {
  await phone.page.goto(`${phone.line.url}/#enrol=${invite}`);
  await choosePin(phone);
}

export async function unlock(phone: Handset): Promise<void> {
  await phone.page.getByText(phone.say("field.lock.ask")).first().waitFor();
  await typePin(phone.page);
  await phone.page.locator("header.top").waitFor({ timeout: 60000 });
}

/** To a screen by its address, as its links lead there. */
export async function go(phone: Handset, path: string): Promise<void> {
  await phone.page.evaluate((to) => { location.hash = `#${to}`; }, path);
  await phone.page.locator("header.top h1").first().waitFor();
}

export async function goDoor(phone: Handset, door: string): Promise<void> {
  await go(phone, `/door/${door}`);
  await phone.page.locator(`header.top a[href^="#/building/"]`).waitFor();
}

/** The camera, opened anew and held to a picture. */
export async function scan(phone: Handset, seen: Buffer): Promise<void> {
  phone.point(seen);
  await go(phone, "/");
  await phone.page.locator("nav.tabs a[href='#/scan']").click();
  await phone.page.locator("video").waitFor({ timeout: 60000 });
}

/** A scanner that is a keyboard: its keys come within milliseconds and end with Enter. */
export async function wedge(page: Page, text: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

/** What was tapped in and not saved is on the disk: it is told on no screen, for it is so within a moment. */
export async function tapsKept(phone: Handset, doors: number): Promise<void> {
  await phone.page.waitForFunction(async (wanted) => {
    const db = await new Promise<IDBDatabase>((done, failed) => {
      const asked = indexedDB.open("doorward");
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    const keys = await new Promise<IDBValidKey[]>((done) => {
      const asked = db.transaction("sealed").objectStore("sealed").getAllKeys();
      asked.onsuccess = () => done(asked.result);
    });
    db.close();
    return keys.filter((key) => String(key).startsWith("draft ")).length === wanted;
  }, doors);
}

export const unsent = (phone: Handset, n: number): Promise<void> => phone.page.getByText(phone.say("field.strip.unsent", { n })).waitFor();
export const allSent = (phone: Handset): Promise<void> => phone.page.getByText(phone.say("field.strip.all_sent")).first().waitFor({ timeout: 60000 });

/** By the strip and the button that it leads to: all there and back. */
export async function syncNow(phone: Handset): Promise<void> {
  const pulled = phone.page.waitForResponse((answer) => answer.url().includes("/api/v1/entries") && answer.request().method() === "GET");
  await phone.page.locator("header.top .strip").click();
  await phone.page.getByRole("button", { name: phone.say("field.sync.now") }).click();
  await pulled;
  await phone.page.getByRole("button", { name: phone.say("field.sync.now"), disabled: false }).waitFor();
}

/** The row of somebody at a door. */
export const personRow = (phone: Handset, name: string): Locator => phone.page.locator("li.person").filter({ has: phone.page.locator("strong.name", { hasText: new RegExp(`^${name}$`) }) });

/** One of several words that stand side by side: what is chosen bears a mark that belongs to its name. */
export const chip = (phone: Handset, text: string): Locator => phone.page.locator("button.chip", { hasText: new RegExp(`^${text}$`) });

/** A code that no tube has had: its tube is opened. */
export async function openTube(phone: Handset, capacity: number): Promise<void> {
  await chip(phone, phone.say("field.tube.in_one", { n: capacity })).click();
  await phone.page.getByRole("button", { name: phone.say("field.tube.do_open"), exact: true }).click();
  await phone.page.getByText(phone.say("field.tube.room", { n: capacity })).waitFor();
}

/** What is not "done" of a person: by the button beside his name. */
export async function sayOf(phone: Handset, name: string, state: "away" | "refused" | "moved"): Promise<void> {
  await personRow(phone, name).locator("button.state").click();
  await phone.page.locator("dialog").getByRole("button", { name: phone.say(`state.${state}`), exact: true }).click();
  await phone.page.locator("dialog").waitFor({ state: "detached" });
}

/** "Save", whatever stands on it. Done when what was said is on the disk: with no network, the strip counts it. */
export async function save(phone: Handset): Promise<void> {
  const strip = phone.page.locator("header.top .strip");
  const before = await strip.innerText();
  await phone.page.locator("footer .button.main").click();
  await phone.page.waitForFunction((text) => document.querySelector<HTMLElement>("header.top .strip")!.innerText !== text, before);
}

const require = createRequire(import.meta.url);
prepareZXingModule({ overrides: { wasmBinary: readFileSync(require.resolve("zxing-wasm/full/zxing_full.wasm")).buffer as ArrayBuffer } });

/** A picture of bars or a QR code, as SVG. */
export async function code(text: string, format: "QRCode" | "Code128" = "QRCode"): Promise<string> {
  const made = await writeBarcode(text, { format, scale: format === "QRCode" ? 8 : 3, addQuietZones: true });
  if (made.error !== "") throw new Error(made.error);
  return made.svg;
}

let paper: Promise<Browser> | null = null;
const WIDE = 640;
const HIGH = 480;
/** On white, as a camera sees it: an SVG's text as large as fits, or what lies round a place of a page (PNG). */
export async function picture(of: string | { png: Buffer; x: number; y: number }): Promise<Buffer> {
  paper ??= chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const page = await (await paper).newPage({ viewport: { width: WIDE, height: HIGH } });
  const [source, style] = typeof of === "string" ? [`data:image/svg+xml,${encodeURIComponent(of)}`, "margin:auto;inset:0;max-width:80%;max-height:80%"] : [`data:image/png;base64,${of.png.toString("base64")}`, `left:${WIDE / 2 - of.x}px;top:${HIGH / 2 - of.y}px`];
  await page.setContent(`<body style="margin:0;background:#fff;overflow:hidden"><img style="position:absolute;${style}" src="${source}">`);
  await page.waitForFunction(() => document.querySelector("img")!.complete);
  const seen = await page.screenshot({ type: "jpeg", quality: 85 });
  await page.close();
  return seen;
}
export const putAway = async (): Promise<void> => void (await (await paper)?.close());

/** A door's printed card: what its code says, and how a camera sees the card. */
export interface Printed { door: string; text: string; seen: () => Promise<Buffer> }

/** The cards of an area as the site prints them. */
export async function printedCards(world: World, token: string, area: string, more: Record<string, unknown> = {}): Promise<Map<string, Printed>> {
  const answer = await fetch(`http://127.0.0.1:${world.port}/api/v1/cards`, { method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` }, body: JSON.stringify({ area, ...more }) });
  if (!answer.ok) throw new Error(await answer.text());
  return cardsOf(world, Buffer.from(await answer.arrayBuffer()));
}

/** By door. */
export async function cardsOf(world: World, pdf: Buffer): Promise<Map<string, Printed>> {
  const folder = mkdtempSync(join(world.folder, "cards-"));
  writeFileSync(join(folder, "cards.pdf"), pdf);
  execFileSync("pdftoppm", ["-r", "100", "-gray", "-png", "cards.pdf", "page"], { cwd: folder });
  const cards = new Map<string, Printed>();
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".png")).sort()) {
    const png = readFileSync(join(folder, name));
    for (const { text, position } of await readBarcodes(png, { formats: ["QRCode"], maxNumberOfSymbols: 20, tryHarder: true })) {
      const door = Buffer.from(text.split("/").pop()!, "base64url").subarray(1, 17).toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
      const { topLeft, bottomRight } = position;
      cards.set(door, { door, text, seen: () => picture({ png, x: (topLeft.x + bottomRight.x) / 2, y: (topLeft.y + bottomRight.y) / 2 }) });
    }
  }
  return cards;
}

export interface Who { id: string; name: string; door: string }
/** Who is missing in an area, by door: the largest first. In a register some people are there twice; journeys call people by their names, so such doors are not among these. */
export async function missingByDoor(world: World, token: string, area: string): Promise<Map<string, Who[]>> {
  const doors = new Map<string, Who[]>();
  for (const one of (await world.call("GET", `/rounds/0/missing?area=${area}&limit=1000`, undefined, token)).items as Who[]) doors.set(one.door, [...(doors.get(one.door) ?? []), one]);
  return new Map([...doors].filter(([, people]) => new Set(people.map((one) => one.name)).size === people.length).sort(([, a], [, b]) => b.length - a.length));
}

/** Codes of the buildings. */
export const buildings = async (world: World, token: string): Promise<string[]> =>
  ((await world.call("GET", "/areas?limit=1000", undefined, token)).items as { code: string; kind: string }[]).filter((one) => one.kind === "building").map((one) => one.code);
