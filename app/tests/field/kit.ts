/** What tests of the phone's engine stand on: phones in node, each with a database of its own, and a network that cuts wherever it likes. */
import "fake-indexeddb/auto";
import { connect, createServer, type Server, type Socket } from "node:net";
import { Engine } from "../../src/field/engine";
import type { Env } from "../../src/field/env";
import type { AnyRecord } from "../../src/field/records";
import { Register } from "../../src/field/register";
import type { World } from "../browser/world";

/** The same numbers for the same seed. */
export class Dice {
  private state: number;
  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }
  chance(p: number): boolean {
    return this.next() < p;
  }
}

/** A seed from SEED, else a fresh one; told, so that a failure can be had again. */
export function seed(): number {
  const said = process.env["SEED"];
  const chosen = said === undefined ? Math.floor(Math.random() * 1e9) : Number(said);
  console.log(`seed ${chosen} (SEED=${chosen} runs the same)`);
  return chosen;
}

/** The browser's lock manager, as far as the phone asks it. */
export class Locks {
  private readonly held = new Map<string, (() => void)[]>();
  request(name: string, options: LockOptions, work: (lock: Lock | null) => unknown): Promise<unknown> {
    const queue = this.held.get(name);
    if (queue === undefined) return this.run(name, options, work);
    if (options.ifAvailable) return Promise.resolve(work(null));
    return new Promise((done, failed) => {
      const go = () => done(this.run(name, options, work));
      queue.push(go);
      options.signal?.addEventListener("abort", () => {
        const at = queue.indexOf(go);
        if (at >= 0) queue.splice(at, 1);
        failed(new DOMException("aborted", "AbortError"));
      });
    });
  }
  private async run(name: string, _options: LockOptions, work: (lock: Lock | null) => unknown): Promise<unknown> {
    const queue: (() => void)[] = [];
    this.held.set(name, queue);
    try {
      return await work({ name, mode: "exclusive" });
    } finally {
      const next = queue.shift();
      this.held.delete(name);
      if (next !== undefined) {
        next();
        const taken = this.held.get(name);
        if (taken !== undefined) taken.push(...queue);
      }
    }
  }
}

let made = 0;
export interface Handle {
  env: Env;
  /** how far the clock is ahead, ms */
  ahead: number;
}

/** A phone's surroundings; the same handle opens the same phone again after it was killed. */
export function surroundings(url: () => string, more: Partial<Env> = {}): Handle {
  const handle: Handle = { env: null as never, ahead: 0 };
  const locks = new Locks();
  handle.env = {
    name: `phone-${++made}`,
    get base() { return `${url()}/api/v1`; },
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now() + handle.ahead,
    locks: locks as unknown as LockManager,
    channel: null, rounds: 1000, reserve: 0, estimate: async () => null, persist: async () => true, kept: null, page: null, geo: null, language: () => "en", lively: false,
    ...more,
  };
  return handle;
}

export async function enrolled(world: World, member: string, token: string, url = () => `http://127.0.0.1:${world.port}`, more: Partial<Env> = {}): Promise<{ handle: Handle; phone: Engine }> {
  const handle = surroundings(url, more);
  const phone = await Engine.begin(handle.env);
  await phone.enrol(await world.invitation(member, token), "2580");
  return { handle, phone };
}

/** As after the browser was killed: nothing of its memory is left. */
export async function reopened(handle: Handle, pin = "2580"): Promise<Engine> {
  handle.env.locks = new Locks() as unknown as LockManager;
  const phone = await Engine.begin(handle.env);
  const { open } = await phone.unlock(pin);
  if (!open) throw new Error("the PIN did not open the phone");
  return phone;
}

/** What a fresh bundle tells this phone's member. */
export async function bundle(world: World, phone: Engine): Promise<Register> {
  const token = phone.live()!.secret.token;
  const answer = await fetch(`http://127.0.0.1:${world.port}/api/v1/sync/bundle`, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`bundle: ${answer.status} ${await answer.text()}`);
  const register = new Register();
  for (const line of (await answer.text()).split("\n")) if (line !== "") register.take(JSON.parse(line) as AnyRecord);
  return register;
}

/** Everything a register holds but what the phone keeps on its own, in one order. */
export function contents(register: Register): Record<string, unknown[]> {
  const sorted = (all: Iterable<unknown>) => [...all].map((one) => JSON.stringify(Object.fromEntries(Object.entries(one as object).sort(([a], [b]) => (a < b ? -1 : 1))))).sort();
  const nested = (all: Map<string, Map<string, unknown>>) => sorted([...all.values()].flatMap((one) => [...one.values()]));
  return {
    site: sorted(register.site === null ? [] : [register.site]), members: sorted(register.members.values()), grants: sorted(register.grants.values()), areas: sorted(register.areas.values()), doors: sorted(register.doors.values()),
    households: sorted(register.households.values()), people: sorted(register.people.values()), rounds: sorted(register.rounds.values()), marks: nested(register.marks), visits: nested(register.visits), answers: nested(register.answers), needs: sorted(register.needs.values()),
  };
}

/** What the ledger holds of a device: number to text. */
export async function ledger(world: World, token: string, device: string): Promise<Map<number, { text: string; state: string; reason: string }>> {
  const out = new Map<number, { text: string; state: string; reason: string }>();
  let cursor = "0";
  for (let more = true; more; ) {
    const page = await world.call("GET", `/entries?cursor=${cursor}&limit=1000`, undefined, token);
    for (const item of page.items) {
      if (item.device !== device) continue;
      if (out.has(item.n) && out.get(item.n)!.text !== item.text) throw new Error(`entry ${item.n} is there twice`);
      out.set(item.n, item);
    }
    cursor = page.next;
    more = page.more;
  }
  return out;
}

/** A way to the server that breaks after a random number of bytes, up or down. */
export class BadWay {
  good = false;
  cuts = 0;
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  port = 0;

  constructor(
    private readonly to: () => number,
    private readonly dice: Dice,
  ) {}

  async open(): Promise<void> {
    this.server = createServer((near) => this.join(near));
    await new Promise<void>((done) => this.server!.listen(0, "127.0.0.1", done));
    this.port = (this.server.address() as { port: number }).port;
  }

  private budget(): number {
    return this.good || this.dice.chance(0.15) ? Infinity : Math.floor(2 ** (5 + this.dice.next() * 13));
  }

  private join(near: Socket): void {
    const far = connect(this.to(), "127.0.0.1");
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    const carry = (from: Socket, to: Socket, left: number) => from.on("data", (bytes: Buffer) => {
      left -= bytes.length;
      if (left >= 0) return void to.write(bytes);
      this.cuts++;
      // what came before the cut arrives, and the rest never
      to.write(bytes.subarray(0, Math.max(0, bytes.length + left)), () => { near.destroy(); far.destroy(); });
    });
    carry(near, far, this.budget());
    carry(far, near, this.budget());
  }

  /** Every connection that stands breaks now. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((done) => this.server?.close(() => done()));
  }
}

