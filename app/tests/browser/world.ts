/**
 * What browser tests stand on: a real server with a small synthetic village, real Chromium, and the app as it was built (run `npm run build` first).
 * DOORWARD_PROGRAM names the program; else that of a build folder beside the app.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";

const ROOT = join(import.meta.dirname, "../../..");
export const PASSWORD = "七号楼下见面-2022";

function program(): string {
  const named = process.env["DOORWARD_PROGRAM"];
  const found = [named ?? "", ...["build-check", "build-quick", "build"].map((folder) => join(ROOT, folder, "src/doorward"))].find((path) => path !== "" && existsSync(path));
  if (found === undefined) throw new Error("no doorward program: build it, or set DOORWARD_PROGRAM");
  return found;
}

export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "doorward-app-"));
  readonly program = program();
  port = 0;
  /** the app's files that the server gives out */
  app = join(ROOT, "app/dist");
  private child: ChildProcess | null = null;
  private browsers: Browser[] = [];

  /** The commander's login is "chen". A round is open in which everybody is missing. */
  static async begin(people = 300, seed = 3): Promise<World> {
    const world = new World();
    world.run("demo", "--people", String(people), "--seed", String(seed), "--dir", ".");
    world.run("round", "open", "--kind", "pcr");
    world.account("chen", "陈站长", "commander");
    await world.serve();
    return world;
  }

  run(...words: string[]): any {
    const answer = execFileSync(this.program, [...words, ...(words[0] === "demo" ? [] : ["--store", "site.db"]), "--json", "--quiet"], { cwd: this.folder, env: { ...process.env, DOORWARD_CONFIG: "/dev/null", DOORWARD_PASSPHRASE: PASSWORD }, maxBuffer: 1 << 28, encoding: "utf8" });
    return answer === "" ? null : JSON.parse(answer);
  }

  /** A member with one grant and a login. */
  account(login: string, name: string, role: string, area?: string): string {
    const member: string = this.run("member", "add", name).id;
    this.run("grant", "give", member, "--role", role, ...(area === undefined ? [] : ["--area", area]));
    this.run("account", "add", login, member);
    return member;
  }

  async serve(...more: string[]): Promise<void> {
    this.child = spawn(this.program, ["serve", "--store", "site.db", "--listen", `127.0.0.1:${this.port}`, "--app", this.app, "--calls", "0", "--sign-ins", "0", ...more], { cwd: this.folder, env: { ...process.env, DOORWARD_CONFIG: "/dev/null" }, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: this.child.stdout! })) {
      const found = /:(\d+)\//.exec(line);
      if (found === null) continue;
      this.port = Number(found[1]);
      return;
    }
    throw new Error("the server did not begin");
  }

  /** As when the network or the server is gone; serve() brings it back at the same port. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  }

  /** localhost counts as a secure context. */
  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async call(method: string, path: string, body?: unknown, token?: string): Promise<any> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/v1${path}`, { method, headers: { "Content-Type": "application/json", "Accept-Language": "en", ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  async signIn(login = "chen"): Promise<string> {
    return (await this.call("POST", "/auth/session", { login, password: PASSWORD })).token;
  }

  /** What a leader's QR holds, for one phone of a member. */
  async invitation(member: string, token: string): Promise<string> {
    return (await this.call("POST", "/devices/invites", { member, name: "测试手机" }, token)).invite;
  }

  async browser(...args: string[]): Promise<Browser> {
    const path = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
    const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox", "--disable-dev-shm-usage", "--use-fake-ui-for-media-stream", ...args] });
    this.browsers.push(browser);
    return browser;
  }

  static readonly phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
  static readonly desk: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

  /** A page of a profile of its own; what goes wrong in it is told by problems(). */
  async page(browser: Browser, options: BrowserContextOptions, language: "zh" | "en" = "zh"): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
    const context = await browser.newContext({ ...options, locale: language === "zh" ? "zh-CN" : "en-GB", timezoneId: "Asia/Shanghai" });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(`${message.text()} ${message.location().url}`));
    return { context, page, problems };
  }

  async end(): Promise<void> {
    for (const browser of this.browsers) await browser.close();
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
