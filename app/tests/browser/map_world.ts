/** The map in the command post, as a commander sees it: a real server with a synthetic village, a round half done, and the app as it was built. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { member, phone, signIn } from "./desk_world.ts";
import { World } from "./world.ts";

export const WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
interface Feature {
  id: string;
  properties: Record<string, any>;
  geometry: any;
}
type Kept = Exclude<BrowserContextOptions["storageState"], string | undefined>;

export class MapWorld {
  readonly world: World;
  token = "";
  private readonly kept = new Map<string, Kept>();
  private constructor(world: World) {
    this.world = world;
  }

  static async begin(people = 400, seed = 3): Promise<MapWorld> {
    const world = new World();
    world.run("demo", "--people", String(people), "--seed", String(seed), "--dir", ".");
    world.account("chen", "陈站长", "commander");
    await world.serve();
    const made = new MapWorld(world);
    made.token = await world.signIn();
    await made.walls();
    return made;
  }

  private async walls(): Promise<void> {
    const village = (await this.map()).find((one) => one.properties["kind"] === "village")!.geometry.coordinates[0] as [number, number][];
    const wall = (code: string, name: string, from: number, to: number, begins: string) => this.call("POST", "/features", { kind: "barrier", code, name, from: begins, geometry: { type: "LineString", coordinates: [village[from], village[to]] } });
    await wall("W1", "西口围挡", 1, 3, "2022-03-20T00:00:00Z");
    await wall("W2", "南口围挡", 5, 7, new Date(Date.now() + 86400000).toISOString());
  }

  call(method: string, path: string, body?: unknown): Promise<any> {
    return this.world.call(method, path, body, this.token);
  }

  /** As the server has it now. */
  async map(): Promise<Feature[]> {
    return (await this.call("GET", "/map")).features;
  }
  async feature(code: string): Promise<Feature | undefined> {
    return (await this.map()).find((one) => one.properties["code"] === code);
  }

  async all(path: string): Promise<any[]> {
    const items: any[] = [];
    let cursor: string | null = null;
    do {
      const page: any = await this.call("GET", `${path}${path.includes("?") ? "&" : "?"}limit=1000${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  }

  /** Two phones that share where they are: at two buildings, one now and one half an hour ago. */
  async phones(): Promise<void> {
    for (const [name, code, minutes] of [["小林", "1-1-5", 0], ["阿芳", "1-1-12", 34]] as const) {
      const made = await phone(this.world, this.token, await member(this.world, this.token, name, "sampler", "1"), `${name}的手机`);
      const { token } = JSON.parse(readFileSync(join(this.world.folder, made.name, "phone.json"), "utf8"));
      const [lon, lat] = (await this.feature(code))!.geometry.coordinates[0][0] as [number, number];
      await this.world.call("POST", "/positions", { lon: Math.round(lon * 1e7), lat: Math.round(lat * 1e7), accuracy: 8, at: new Date(Date.now() - minutes * 60000).toISOString() }, token);
    }
  }

  /** A page of somebody who has signed in (once, by the form); it is nowhere yet. */
  async page(browser: Browser, options: BrowserContextOptions, language: "zh" | "en" = "zh", login = "chen"): Promise<{ page: Page; problems: string[] }> {
    let kept = this.kept.get(login);
    if (kept === undefined) {
      const { page, context } = await this.world.page(browser, World.desk, "zh");
      await signIn(page, this.world, "zh", login);
      kept = await context.storageState();
      for (const origin of kept.origins) origin.localStorage = origin.localStorage.filter((one) => one.name !== "doorward.lang");
      this.kept.set(login, kept);
      await context.close();
    }
    return this.world.page(browser, { ...options, storageState: kept }, language);
  }

  end(): Promise<void> {
    return this.world.end();
  }
}
