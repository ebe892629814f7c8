/**
 * The map on a real server with a real synthetic village. Calls that this server does not have yet (its OpenAPI page says which) are answered here from
 * the village's own map and the round's own numbers; as soon as it has them, it is asked itself.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page, Route } from "playwright-core";
import { build } from "vite";
import { PASSWORD, World } from "../browser/world";

export const WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
interface Feature {
  type: "Feature";
  properties: Record<string, any>;
  geometry: any;
}
/** What a call changed, for a test to look at. */
export interface Said {
  method: string;
  path: string;
  body: any;
  version: string | undefined;
}

export class Stand {
  features: Feature[] = [];
  readonly said: Said[] = [];
  /** the next change of an area is refused, as when another desk was quicker */
  refuse = false;
  private paths = new Set<string>();
  private token = "";
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
    const map = JSON.parse(readFileSync(join(this.world.folder, "village/map.geojson"), "utf8")) as { features: Feature[] };
    const areas = await this.all("/areas");
    const byCode = new Map(areas.map((one) => [one.code, one]));
    this.features = map.features.map((one, at) => {
      const area = byCode.get(one.properties["code"] ?? "");
      const id = area?.id ?? `00000000-0000-7000-8000-${String(at).padStart(12, "0")}`;
      return { type: "Feature", geometry: one.geometry, properties: { id, kind: one.properties["kind"], code: one.properties["code"] ?? "", name: area?.name ?? one.properties["name"] ?? "", address: area?.address ?? "", use: area?.use ?? one.properties["use"] ?? "", floors: area?.floors ?? 0, keeper: area?.keeper_name ?? null } };
    });
    const village = this.features[0]!.geometry.coordinates[0] as [number, number][];
    const wall = (id: string, code: string, name: string, from: [number, number], to: [number, number], until: string | null): Feature => ({ type: "Feature", geometry: { type: "LineString", coordinates: [from, to] }, properties: { id: `00000000-0000-7000-8000-00000000${id}`, kind: "barrier", code, name, from: "2022-03-20T00:00:00Z", to: until } });
    this.features.push(wall("a001", "W1", "西口围挡", village[1]!, village[3]!, null), wall("a002", "W2", "南口围挡", village[5]!, village[7]!, "2022-04-01T00:00:00Z"));
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

  /** Everybody who was covered, spread over a working day in the order of the buildings, as samplers walk. */
  async course(round: number): Promise<unknown> {
    const areas = (await this.all(`/rounds/${round}/areas?buildings=true`)).filter((one) => this.features.some((feature) => feature.properties["code"] === one.code && ["building", "factory"].includes(feature.properties["kind"])));
    let minute = 20;
    return { items: areas.map((one) => ({ area: one.area, code: one.code, owed: one.owed, minutes: Array.from({ length: one.covered }, () => Math.floor((minute += 1.2))) })), next: null };
  }

  positions(): unknown {
    const at = (code: string): [number, number] => (this.features.find((one) => one.properties["code"] === code)?.geometry.coordinates[0][0] ?? [118.5504, 24.7497]) as [number, number];
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60000).toISOString();
    return { items: [{ device: "d1", member: "m1", name: "小林", lon: at("1-1-5")[0], lat: at("1-1-5")[1], accuracy: 8, at: ago(0) }, { device: "d2", member: "m2", name: "阿芳", lon: at("1-1-12")[0], lat: at("1-1-12")[1], accuracy: 20, at: ago(34) }], next: null };
  }

  private async change(route: Route): Promise<void> {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace("/api/v1", "");
    const body = request.postData() === null ? null : request.postDataJSON();
    this.said.push({ method: request.method(), path, body, version: request.headers()["if-match"] });
    if (this.refuse && path.startsWith("/areas/")) {
      this.refuse = false;
      await route.fulfill({ status: 412, contentType: "application/problem+json", json: { type: "about:blank", title: "已被别人改动", status: 412, code: "MOVED_ON", fix: "重新载入" } });
      return;
    }
    const id = path.split("/")[2];
    const old = this.features.find((one) => one.properties["id"] === id);
    if (request.method() === "DELETE") this.features = this.features.filter((one) => one !== old);
    else if (old === undefined) {
      const made = `00000000-0000-7000-8000-00000000b${String(this.features.length).padStart(3, "0")}`;
      this.features.push({ type: "Feature", geometry: body.geometry, properties: { ...body, geometry: undefined, id: made } });
      await route.fulfill({ status: 201, json: { id: made } });
      return;
    } else {
      const { geometry, ...words } = body;
      this.features = this.features.map((one) => (one === old ? { ...old, geometry: geometry ?? old.geometry, properties: { ...old.properties, ...words } } : one));
    }
    await route.fulfill({ json: old === undefined ? {} : { ...old.properties } });
  }

  /** A page of somebody who is signed in. */
  async page(browser: Browser, options: BrowserContextOptions, language: "zh" | "en" = "zh"): Promise<{ page: Page; problems: string[] }> {
    const { context, page, problems } = await this.world.page(browser, options, language);
    await context.request.post(`${this.world.url}/api/v1/auth/session`, { data: { login: "chen", password: PASSWORD }, headers: { "X-Doorward": "1" } });
    const api = (path: string) => `**/api/v1${path}`;
    if (!this.has("/map")) {
      await page.route(api("/map"), (route) => route.fulfill({ json: { type: "FeatureCollection", features: this.features } }));
      await page.route(api("/features*"), (route) => this.change(route));
      await page.route(api("/features/*"), (route) => this.change(route));
      await page.route(api("/areas/*"), (route) => (route.request().method() === "PUT" ? this.change(route) : route.fallback()));
      await page.route(api("/areas"), (route) => (route.request().method() === "POST" ? this.change(route) : route.fallback()));
    }
    if (!this.has("/positions")) await page.route(api("/positions"), (route) => route.fulfill({ json: this.positions() }));
    if (!this.has("/rounds/{number}/course")) await page.route(api("/rounds/*/course*"), async (route) => route.fulfill({ json: await this.course(Number(/rounds\/(\d+)/.exec(route.request().url())![1])) }));
    return { page, problems };
  }

  end(): Promise<void> {
    return this.world.end();
  }
}
