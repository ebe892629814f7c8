/** The field phone: what is open, who writes, and what the screens are told. */
import { signal, type Signal } from "@preact/signals";
import { b64, random, unb64 } from "../base/bytes";
import { sealer, signer } from "../base/crypt";
import { readCard } from "../ledger/card";
import { grown, makeEntry, type Draft } from "../ledger/entry";
import { Disk, type Left } from "./disk";
import { PhoneError, type Env } from "./env";
import { MARK } from "./enrolled";
import { Idle } from "./idle";
import { lay, taken } from "./overlay";
import { chainOf, draftOf, keptOf, ownOf, type Own } from "./own";
import type { OwnEntry, Phone, PhoneState, SyncState } from "./phone";
import { Position } from "./position";
import type { MemberRecord, RoundRecord } from "./records";
import { Register } from "./register";
import { prepare, search } from "./search";
import { giveAside, keepAside, openDb, plain, putPlain, type Db, type DeviceRow } from "./store/db";
import { Turn } from "./store/turn";
import { openVault, pinRow } from "./store/vault";
import { reflected, Sync, wrong, type Host, type Live } from "./sync";
import { Views } from "./views";

const LARGEST = 512 * 1024;
const LITTLE = 30 * 1024 * 1024;
const ROOM_EVERY = 20 * 60000;
const CALM: SyncState = { online: true, busy: "no", unsent: 0, held: 0, pulledAt: null, problem: null, clockMs: null, full: false, elsewhere: false };

export class Engine implements Phone, Host {
  readonly state = signal<PhoneState>("new");
  readonly sync = signal<SyncState>(CALM);
  readonly version = signal(0);
  readonly round = signal<RoundRecord | null>(null);
  readonly me = signal<MemberRecord | null>(null);
  readonly siteName = signal("");
  readonly device = signal<string | null>(null);
  readonly lockAfterMinutes: Signal<number> = signal(10);

  private opened: Live | null = null;
  private views = new Views(new Register(), []);
  private tail: Promise<unknown> = Promise.resolve();
  private drafting: Promise<unknown> = Promise.resolve();
  private readonly turn: Turn;
  private readonly idle: Idle;
  private readonly syncing: Sync;
  private readonly position: Position;
  private running: Promise<void> | null = null;
  private again = false;
  private fails = 0;
  private roomAt = 0;

  private constructor(
    readonly env: Env,
    private readonly db: Db,
  ) {
    this.turn = new Turn(env, db, (mine) => this.turned(mine));
    this.syncing = new Sync(this);
    this.idle = new Idle(env, { minutes: () => this.lockAfterMinutes.value, open: () => this.opened !== null, lock: () => this.lock(), sync: () => void this.syncNow() });
    this.position = new Position(env, {
      ready: () => this.opened !== null && this.turn.mine && this.sync.value.online && !this.opened.revoked,
      post: (place) => this.syncing.place(this.opened!, place),
      keep: (until) => void putPlain(this.db, "shareUntil", until).catch(() => undefined),
    });
    if (env.channel !== null) env.channel.onmessage = (event) => this.heard(event.data as string);
  }

  static async begin(env: Env): Promise<Engine> {
    let gone = () => undefined as void;
    const db = await openDb(env.name, () => gone());
    const engine = new Engine(env, db);
    gone = () => engine.lock();
    await engine.first();
    return engine;
  }

  /** How it stands before anybody gave the PIN. */
  private async first(): Promise<void> {
    const device = await plain(this.db, "device");
    this.lockAfterMinutes.value = (await plain(this.db, "lockAfter")) ?? 10;
    this.lockAfterMinutes.subscribe((minutes) => void plain(this.db, "lockAfter").then((kept) => (kept ?? 10) === minutes ? undefined : putPlain(this.db, "lockAfter", minutes)).catch(() => undefined));
    if (device !== undefined) {
      this.device.value = device.device;
      this.mark(device.device);
      const chain = await plain(this.db, "chain");
      this.tell({ unsent: (chain?.n ?? 0) - ((await plain(this.db, "received")) ?? 0), pulledAt: (await plain(this.db, "pulledAt")) ?? null });
      this.state.value = "locked";
    } else if ((await plain(this.db, "wiped")) !== undefined) this.state.value = "wiped";
  }

  /** For main.tsx, which asks before anything is opened (enrolled.ts). */
  private mark(text: string): void {
    try {
      this.env.kept?.setItem(MARK, text);
    } catch {
      /* a browser that keeps nothing there: the app's address with ?field opens the phone */
    }
  }

  live(): Live | null {
    return this.opened;
  }

  tell(state: Partial<SyncState>): void {
    this.sync.value = { ...this.sync.value, ...state };
  }

  settle(): void {
    const live = this.opened;
    if (live === null) return;
    live.register.rollback();
    const seen = reflected(live.own, live.cursor);
    lay(live.register, live.own.filter((one) => one.n > seen), live.device.device);
    this.views = new Views(live.register, live.own);
    this.bump();
  }

  private bump(): void {
    const live = this.opened;
    if (live !== null) {
      this.tell({ unsent: live.chain.n - live.received, held: live.own.filter((one) => one.state === "held").length });
      this.round.value = live.register.round();
      this.me.value = live.register.me();
      this.siteName.value = live.register.site?.name ?? "";
    }
    this.version.value++;
  }

  async reread(): Promise<void> {
    const live = this.opened;
    if (live === null) return;
    const loaded = await live.disk.load();
    if (this.opened !== live) return;
    Object.assign(live, loaded);
    this.settle();
  }

  wiped(): void {
    this.mark("-");
    this.lock();
    this.device.value = null;
    this.tell({ ...CALM });
    this.state.value = "wiped";
    this.env.channel?.postMessage("wiped");
  }

  private turned(mine: boolean): void {
    this.tell({ elsewhere: this.opened !== null && !mine });
    if (mine && this.opened !== null) void this.reread().then(() => this.soon(0));
  }

  /** From the tab that writes. */
  private heard(word: string): void {
    if (word === "wiped" && this.state.value !== "new") {
      this.lock();
      this.state.value = "wiped";
    }
    if (word === "written" && this.opened !== null && !this.turn.mine) void this.reread().catch(() => undefined);
  }

  /** Memory and turn after the PIN was right, or after enrolling. */
  private async open(device: DeviceRow, key: Uint8Array): Promise<Live> {
    const sealed = await sealer(key);
    await this.turn.begin();
    const disk = new Disk(this.db, this.turn, sealed);
    const loaded = await disk.load();
    const live: Live = { ...loaded, device, disk, signer: await signer(unb64(loaded.secret.secret)!), ended: new AbortController() };
    this.keys.set(live, key);
    this.opened = live;
    this.settle();
    this.device.value = device.device;
    this.tell({ elsewhere: !this.turn.mine, clockMs: (await plain(this.db, "clock")) ?? null });
    this.state.value = "open";
    this.idle.begin();
    this.roomAt = 0;
    void this.room();
    this.env.persist().catch(() => undefined);
    this.warm(live);
    const until = (await plain(this.db, "shareUntil")) ?? null;
    if (this.opened === live) this.position.begin(until);
    return live;
  }

  /** What came with a sync is made ready for searching too; what is ready already costs a look. */
  private warm(live: Live): void {
    const { register } = live;
    if (this.env.lively) prepare(register, () => this.opened === live && live.register === register);
  }

  /** The data key of what is open, for another PIN. */
  private readonly keys = new WeakMap<Live, Uint8Array>();

  async enrol(invite: string, pin: string, progress?: (bytes: number) => void): Promise<void> {
    const had = this.opened;
    const there = await plain(this.db, "device");
    if (there !== undefined && had === null) throw new PhoneError("enrolled");
    await this.turn.begin();
    if (!this.turn.mine) throw new PhoneError("elsewhere");
    if (!(await keepAside(this.db, this.env.reserve))) throw new PhoneError("full"); // before the invitation is used up
    const key = had === null ? random(32) : this.keys.get(had)!;
    const secret = random(32);
    const pair = await signer(secret);
    const row = await pinRow(pin, key, this.env.rounds);
    const answer = await this.syncing.enrol(invite, pair.publicKey);
    const device: DeviceRow = { device: answer.device, site: answer.site, siteKey: answer.site_key };
    had?.ended.abort();
    await this.running;
    const begun = this.tail.then(async () => {
      // whatever the site does not count of the chain that is over is to be said again
      const left = had === null ? [] : [...had.left, ...had.own.slice(had.received).map(leftOf)];
      await new Disk(this.db, this.turn, await sealer(key)).enrolled(device, row, { secret: b64(secret), token: answer.token }, left);
      this.opened = null;
    });
    this.tail = begun.catch(() => undefined);
    await begun;
    this.mark(device.device);
    await this.open(device, key);
    await this.syncNow(progress);
  }

  async unlock(pin: string): Promise<{ open: boolean; waitMs: number }> {
    if (this.opened !== null) return { open: true, waitMs: 0 };
    const device = await plain(this.db, "device");
    if (device === undefined) return { open: false, waitMs: 0 };
    const { key, waitMs } = await openVault(this.db, pin, this.env.now());
    if (key === null) return { open: false, waitMs };
    await this.open(device, key);
    this.soon(0);
    return { open: true, waitMs: 0 };
  }

  lock(): void {
    if (this.opened === null) return;
    this.opened.ended.abort();
    this.opened = null;
    this.views = new Views(new Register(), []);
    this.turn.end();
    this.idle.end();
    this.position.pause();
    this.round.value = null;
    this.me.value = null;
    this.tell({ busy: "no", elsewhere: false });
    this.state.value = "locked";
    this.version.value++;
  }

  async changePin(old: string, fresh: string): Promise<boolean> {
    const { key } = await openVault(this.db, old, this.env.now());
    if (key === null) return false;
    await putPlain(this.db, "pin", await pinRow(fresh, key, this.env.rounds));
    return true;
  }

  record(...drafts: Draft[]): Promise<OwnEntry[]> {
    return this.commit(drafts, null);
  }

  /** One after the other, for each entry names the one before it. */
  private commit(drafts: readonly Draft[], left: ((now: readonly Left[]) => Left[]) | null): Promise<Own[]> {
    const next = this.tail.then(() => this.write(drafts, left));
    this.tail = next.catch(() => undefined);
    return next;
  }

  private async write(drafts: readonly Draft[], left: ((now: readonly Left[]) => Left[]) | null, tries = 2): Promise<Own[]> {
    const live = this.opened;
    if (live === null) throw new PhoneError("locked");
    if (!this.turn.mine) throw new PhoneError("elsewhere");
    let chain = chainOf(live.device, live.chain);
    const entries = drafts.map((draft) => {
      const entry = makeEntry(chain, draft, this.env.now());
      if (entry.text.length * 3 + entry.part.length > LARGEST && new TextEncoder().encode(entry.text).length > LARGEST) throw new PhoneError("large");
      chain = grown(chain, entry);
      return entry;
    });
    const kept = entries.map(keptOf);
    const after = { n: chain.n, head: chain.head };
    const rest = left === null ? null : left(live.left);
    try {
      if (!(await live.disk.record(live.chain, after, kept, rest))) {
        await this.reread();
        if (tries > 0) return await this.write(drafts, left, tries - 1);
        throw new PhoneError("elsewhere");
      }
    } catch (error) {
      if (!(error instanceof PhoneError && error.code === "full")) throw error;
      this.tell({ full: true });
      if (tries > 0 && (await giveAside(this.db).catch(() => false))) return await this.write(drafts, left, tries - 1);
      throw error;
    }
    const own = kept.map(ownOf);
    if (live !== this.opened) return own; // it is on the disk, and the phone was locked meanwhile
    live.own.push(...own);
    live.chain = after;
    if (rest !== null) live.left = rest;
    if (drafts.some((draft) => draft.kind === "entry.void")) this.settle();
    else {
      lay(live.register, own, live.device.device);
      this.views.more(own, live.register.dirty);
      this.bump();
    }
    this.env.channel?.postMessage("written");
    this.soon(1500);
    if (this.sync.value.full) void this.room();
    return own;
  }

  get sharing(): Phone["sharing"] {
    return this.position.sharing;
  }
  share = (on: boolean): void => this.position.share(on);

  private soon(ms: number): void {
    if (this.env.lively) this.idle.after(ms);
  }

  syncNow(progress?: (bytes: number) => void): Promise<void> {
    if (this.running !== null) {
      this.again = true;
      return this.running;
    }
    this.running = this.run(progress).finally(() => (this.running = null));
    return this.running;
  }

  private async run(progress?: (bytes: number) => void): Promise<void> {
    do {
      this.again = false;
      const live = this.opened;
      if (live === null || !this.turn.mine) return;
      try {
        await this.syncing.once(live, progress);
        this.fails = 0;
        if (this.opened === live) this.tell({ busy: "no", problem: null, online: true });
        if (this.position.sharing.value.at === null) this.position.look();
        this.env.channel?.postMessage("written");
        this.warm(live);
        this.soon(this.env.lively ? 150000 + 60000 * Math.random() : 0);
      } catch (error) {
        if (this.opened !== live) return;
        const { problem, wait, cut } = wrong(error);
        this.fails++;
        this.tell({ busy: "no", problem, online: !cut });
        this.soon(wait ?? Math.min(300000, 2000 * 2 ** this.fails) * (0.5 + Math.random()));
        return;
      }
      await this.room();
    } while (this.again);
  }

  /** Whether the disk still takes some: by what the browser says, and by trying, now and then. */
  private async room(): Promise<void> {
    if (this.opened === null) return;
    const said = await this.env.estimate().catch(() => null);
    const little = said?.quota !== undefined && said.usage !== undefined && said.quota - said.usage < LITTLE;
    const now = this.env.now();
    const try_ = this.turn.mine && (this.sync.value.full || Math.abs(now - this.roomAt) >= ROOM_EVERY);
    if (try_) this.roomAt = now;
    const refused = try_ && !(await keepAside(this.db, this.env.reserve).catch(() => true));
    this.tell({ full: little || refused });
  }

  own(): OwnEntry[] {
    const live = this.opened;
    if (live === null) return [];
    const gone = taken(live.own, live.device.device);
    return live.own.map((one) => (gone.has(one.n) ? { ...one, state: "void" as const } : one));
  }

  drafts = (): ReadonlyMap<string, string> => this.opened?.drafts ?? new Map<string, string>();

  /** One after the other, so that the last word stands. A disk that takes no more, or a tab that may not write, keeps it in memory. */
  keepDraft(name: string, text: string | null): void {
    const live = this.opened;
    if (live === null) return;
    if (text === null) live.drafts.delete(name);
    else live.drafts.set(name, text);
    this.drafting = this.drafting.then(() => live.disk.draft(name, text)).catch(() => undefined);
  }

  leftovers(): OwnEntry[] {
    return this.opened?.left ?? [];
  }

  async recordLeftovers(ids: readonly string[]): Promise<OwnEntry[]> {
    const chosen = (this.opened?.left ?? []).filter((one) => ids.includes(one.id));
    return this.commit(chosen.map(draftOf), (now) => now.filter((one) => !ids.includes(one.id)));
  }

  async dropLeftovers(ids: readonly string[]): Promise<void> {
    await this.commit([], (now) => now.filter((one) => !ids.includes(one.id)));
  }

  buildings = (): ReturnType<Phone["buildings"]> => this.views.buildings();
  building = (id: string): ReturnType<Phone["building"]> => this.views.building(id);
  door = (id: string): ReturnType<Phone["door"]> => this.views.door(id);
  doorByCode = (code: string): ReturnType<Phone["doorByCode"]> => this.views.doorByCode(code);
  person = (id: string): ReturnType<Phone["person"]> => this.views.person(id);
  personPlace = (id: string): string => this.views.personPlace(id);
  doorText: Phone["doorText"] = (door) => this.views.doorText(door);
  areaText: Phone["areaText"] = (area) => this.views.areaText(area);
  tubes = (): ReturnType<Phone["tubes"]> => this.views.tubes(this.own());
  boxes = (): ReturnType<Phone["boxes"]> => this.views.boxes(this.own());
  visited = (): ReturnType<Phone["visited"]> => this.views.visited();
  refusals = (): ReturnType<Phone["refusals"]> => this.views.refusals();
  form = (): ReturnType<Phone["form"]> => (this.round.value?.form ?? []).filter((field) => !field.after_close);
  members = (): MemberRecord[] => [...(this.opened?.register.members.values() ?? [])].filter((member) => !member.forgotten);
  needs = (): ReturnType<Phone["needs"]> => [...(this.opened?.register.needs.values() ?? [])].filter((need) => !need.closed);

  search: Phone["search"] = (text, limit) => {
    const live = this.opened;
    return live === null ? [] : search(live.register, text, limit).map(({ person, door }) => ({ person, door, place: this.views.place(door ?? undefined) }));
  };

  checkCard: Phone["checkCard"] = async (scanned) => {
    const live = this.opened;
    const card = live === null ? null : await readCard(scanned, live.device.site, unb64(live.device.siteKey)!);
    if (card === null) return { state: "foreign", card };
    const door = this.views.door(card.door);
    if (door === null) return { state: "unknown", card };
    const known = door.door.card ?? 0;
    if (card.version < known) return { state: "older", card };
    if (card.version === known && door.door.revoked) return { state: "revoked", card };
    return { state: "good", door, card };
  };

  /** Ends as when the browser is killed; for tests and for another database version. */
  close(): void {
    this.idle.end();
    this.position.pause();
    this.opened?.ended.abort();
    this.opened = null;
    this.turn.end();
    this.db.close();
  }
}

const leftOf = ({ n, id, kind, on, at, state, reason, body, clear }: Own): Left => ({ n, id, kind, on, at, state, reason, body, clear });
