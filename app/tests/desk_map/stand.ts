/**
 * The map on a real server with a real synthetic village. Only where phones are is answered here,
 * until the server knows it (its OpenAPI page says so).
 */
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { build } from "vite";
import { PASSWORD, World } from "../browser/world";

export const WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
interface Feature {
  id: string;
  properties: Record<string, any>;
  geometry: any;
}

export class Stand {
  features: Feature[] = [];
  private paths = new Set<string>();
  token = "";
  private constructor(readonly world: World) {}

  static async begin(people = 400, seed = 3): Promise<Stand> {
    const world = new World();
    world.run("demo", "--people", String(people), "--seed", String(seed), "--dir", ".");
    world.account("chen", "陈站长", "commander");
    const out = join(world.folder, "app");
    await build({ configFile: join(import.meta.dirname, "vite.config.ts"), logLevel: "error", build: { outDir: out, emptyOutDir: true } });
    await world.serve("--app", out);
    const stand = new Stand(world);
    stand.token = await world.signIn();
    await stand.learn();
    return stand;
  }

  private async learn(): Promise<void> {
    const page = await this.world.call("GET", "/openapi.json", undefined, this.token);
    this.paths = new Set(Object.keys(page.paths));
    const village = (await this.map()).find((one) => one.properties["kind"] === "village")!.geometry.coordinates[0] as [number, number][];
    const wall = (code: string, name: string, from: number, to: number, until: string | null) => this.call("POST", "/features", { kind: "barrier", code, name, from: "2022-03-20T00:00:00Z", to: until, geometry: { type: "LineString", coordinates: [village[from], village[to]] } });
    await wall("W1", "西口围挡", 1, 3, null);
    await this.call("POST", "/features", { kind: "barrier", code: "W2", name: "南口围挡", from: new Date(Date.now() + 86400000).toISOString(), geometry: { type: "LineString", coordinates: [village[5], village[7]] } });
    await this.map();
  }

  call(method: string, path: string, body?: unknown): Promise<any> {
    return this.world.call(method, path, body, this.token);
  }

  /** As the server has it now. */
  async map(): Promise<Feature[]> {
    this.features = (await this.call("GET", "/map")).features;
    return this.features;
  }
  async feature(code: string): Promise<Feature | undefined> {
    return (await this.map()).find((one) => one.properties["code"] === code);
  }

  async all(path: string): Promise<any[]> {
    const items: any[] = [];
    let cursor: string | null = null;
    do {
      const page: any = await this.world.call("GET", `${path}${path.includes("?") ? "&" : "?"}limit=1000${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`, undefined, this.token);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  }

  has(path: string): boolean {
    return this.paths.has(path) || this.paths.has(`/api/v1${path}`);
  }

  positions(): unknown {
    const at = (code: string): [number, number] => (this.features.find((one) => one.properties["code"] === code)?.geometry.coordinates[0][0] ?? [118.5504, 24.7497]) as [number, number];
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60000).toISOString();
    return { items: [{ device: "d1", member: "m1", name: "小林", lon: at("1-1-5")[0], lat: at("1-1-5")[1], accuracy: 8, at: ago(0) }, { device: "d2", member: "m2", name: "阿芳", lon: at("1-1-12")[0], lat: at("1-1-12")[1], accuracy: 20, at: ago(34) }], next: null };
  }

  /** A page of somebody who is signed in. */
  async page(browser: Browser, options: BrowserContextOptions, language: "zh" | "en" = "zh"): Promise<{ page: Page; problems: string[] }> {
    const { context, page, problems } = await this.world.page(browser, options, language);
    await context.request.post(`${this.world.url}/api/v1/auth/session`, { data: { login: "chen", password: PASSWORD }, headers: { "X-Doorward": "1" } });
    const api = (path: string) => `**/api/v1${path}`;
    if (!this.has("/positions")) await page.route(api("/positions"), (route) => route.fulfill({ json: this.positions() }));
    return { page, problems };
  }

  end(): Promise<void> {
    return this.world.end();
  }
}
