/**
 * What phone and site say to each other (docs/sync.md): push until everything has a receipt, then pull until nothing is new. Wherever a
 * connection breaks, the same is said again; nothing counts before it is on the disk, or before the site has signed for it.
 */
import { ApiError, type Receipt } from "../api/api";
import { b64, unb64, utf8 } from "../base/bytes";
import type { Signer } from "../base/crypt";
import { timeMs } from "../base/time";
import { makeUpload, receiptGood, UPLOAD_TYPE } from "../ledger/upload";
import type { Disk, Loaded } from "./disk";
import { PhoneError, type Env } from "./env";
import type { Own } from "./own";
import type { SyncState } from "./phone";
import type { AnyRecord, Item } from "./records";
import { Register } from "./register";
import { Cut, Later, Server } from "./server";
import type { DeviceRow } from "./store/db";

/** An open phone's memory. */
export interface Live extends Loaded {
  device: DeviceRow;
  signer: Signer;
  disk: Disk;
  ended: AbortController;
}

/** What the sync asks of the phone around it. */
export interface Host {
  readonly env: Env;
  live(): Live | null;
  tell(state: Partial<SyncState>): void;
  /** Memory changed: own entries are laid over the site's word again. */
  settle(): void;
  /** Memory may not be what is on the disk: it is read anew. */
  reread(): Promise<void>;
  wiped(): void;
}

const MOST = 300;
const LEAST = 8;
const BYTES = 400000;
const CLOCK_EVERY = 15 * 60000;

/** Where in the site's order a cursor stands. */
export const cursorSeq = (cursor: string | null): number => (cursor === null ? -1 : Number.parseInt(cursor, 10));

/** The last own entry that the records already tell of; those behind it are laid over them. */
export function reflected(own: readonly Own[], cursor: string | null): number {
  const seq = cursorSeq(cursor);
  for (let at = own.length - 1; at >= 0; at--) if (own[at]!.seq !== null && own[at]!.seq! <= seq) return own[at]!.n;
  return 0;
}

interface Page {
  items: Item[];
  records: AnyRecord[];
  next: string | null;
  more: boolean;
  reload: boolean;
}

export class Sync {
  private readonly server: Server;
  private size = MOST;
  private clockAt = 0;
  /** how far back to go when the site lacks something */
  private step = 1;

  constructor(private readonly host: Host) {
    this.server = new Server(host.env);
  }

  async enrol(invite: string, publicKey: Uint8Array): Promise<{ device: string; site: string; site_key: string; token: string }> {
    return this.server.json({ method: "POST", path: "/auth/phone", body: JSON.stringify({ invite, public_key: b64(publicKey) }) });
  }

  /** Once all there and back. What stops it is thrown. */
  async once(live: Live, progress?: (bytes: number) => void): Promise<void> {
    await this.clock(live);
    let refused: ApiError | null = null;
    try {
      await this.push(live);
    } catch (error) {
      if (!(error instanceof ApiError) || live.revoked) throw error;
      refused = error; // that a push is refused is no reason to know nothing new
    }
    if (live.revoked) return this.handedIn(live);
    if (await this.pull(live, progress)) await this.push(live);
    if (refused !== null) throw refused;
    if (live.forked) throw forked();
  }

  private async authed<T>(live: Live, call: (token: string) => Promise<T>): Promise<T> {
    try {
      if (live.secret.token !== "") return await call(live.secret.token);
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.code !== "UNKNOWN_CALLER") throw error;
    }
    const at = (await this.server.json<{ now: string }>({ method: "GET", path: "/auth/time", signal: live.ended.signal })).now;
    const sign = b64(await live.signer.sign(utf8(`doorward session ${live.device.device} ${at}`)));
    const { token } = await this.server.json<{ token: string }>({ method: "PUT", path: "/auth/phone", body: JSON.stringify({ device: live.device.device, at, sign }), signal: live.ended.signal });
    live.secret = { ...live.secret, token };
    await this.note(live.disk.secret(live.secret));
    return call(token);
  }

  /** Where the phone is now. */
  async place(live: Live, place: { lon: number; lat: number; accuracy: number }): Promise<void> {
    await this.authed(live, (token) => this.server.json<object>({ method: "POST", path: "/positions", body: JSON.stringify(place), token, signal: live.ended.signal, patience: 20000 }));
  }

  private async clock(live: Live): Promise<void> {
    const { env } = this.host;
    const began = env.now();
    if (this.clockAt !== 0 && Math.abs(began - this.clockAt) < CLOCK_EVERY) return;
    const { now } = await this.server.json<{ now: string }>({ method: "GET", path: "/auth/time", signal: live.ended.signal });
    const ended = env.now();
    const ahead = Math.round((began + ended) / 2 - timeMs(now));
    this.clockAt = ended;
    this.host.tell({ clockMs: ahead });
    await this.note(live.disk.set("clock", ahead));
  }

  /** Good to have on the disk. One that takes no more is told, and keeps nothing from being handed in. */
  private async note(written: Promise<unknown>): Promise<void> {
    try {
      await written;
    } catch (error) {
      if (!(error instanceof PhoneError && error.code === "full")) throw error;
      this.host.tell({ full: true });
    }
  }

  /** From behind the last receipt, in uploads that a bad network can carry. */
  async push(live: Live): Promise<void> {
    while (live.received < live.chain.n && !live.forked) {
      this.host.tell({ busy: "push" });
      const batch = this.batch(live);
      try {
        const receipt = await this.upload(live, batch);
        await this.receipt(live, receipt);
        this.size = Math.min(MOST, this.size * 2);
        this.step = 1;
      } catch (error) {
        if (error instanceof Cut) this.size = Math.max(LEAST, this.size >> 1);
        if (!(error instanceof ApiError)) throw error;
        if (error.problem.code === "FORK") await this.fork(live);
        else if (error.problem.code === "CHAIN" && live.received > 0) await this.further(live);
        else throw error;
      }
    }
  }

  private batch(live: Live): Own[] {
    const batch: Own[] = [];
    let bytes = 0;
    for (let at = live.received; at < live.own.length && batch.length < this.size && bytes < BYTES; at++) {
      const one = live.own[at]!;
      batch.push(one);
      bytes += one.text.length + one.part.length;
    }
    return batch;
  }

  private async upload(live: Live, batch: Own[]): Promise<Receipt> {
    const { device, site, siteKey } = live.device;
    const body = await makeUpload(site, device, batch, live.signer, this.host.env.now());
    const answer = await this.authed(live, (token) => this.server.json<{ receipts: Receipt[] }>({ method: "POST", path: "/entries", query: { have: live.chain.n }, body, type: UPLOAD_TYPE, token, signal: live.ended.signal }));
    const receipt = answer.receipts?.[0];
    if (receipt === undefined || receipt.last < batch[batch.length - 1]!.n) throw new Cut("no receipt");
    const last = live.own[receipt.last - 1];
    if (last === undefined) throw forked(); // the site has more of this phone than the phone: it was set back
    if (!(await receiptGood(receipt, site, unb64(siteKey)!, device, last.text))) throw new ApiError({ type: "", title: "", status: 0, code: "SIGNATURE", fix: "" });
    return receipt;
  }

  private async receipt(live: Live, receipt: Receipt): Promise<void> {
    const changed = live.own.slice(Math.min(live.received, receipt.first - 1), receipt.last).map((one) => ({ ...one, state: one.state === "phone" ? "received" as const : one.state, seq: one.n >= receipt.first ? receipt.first_seq + one.n - receipt.first : one.seq }));
    const received = Math.max(live.received, receipt.last);
    await this.note(live.disk.became(changed, received)); // not on the disk: it is asked for once more when the phone is opened again
    this.become(live, changed);
    live.received = received;
    this.host.settle();
  }

  /** What was received once is not there any more (the site was restored from a backup): it is sent again, from further back. */
  private async further(live: Live): Promise<void> {
    const received = Math.max(0, live.received - this.step);
    this.step *= 4;
    const changed = live.own.slice(received, live.received).map((one) => ({ ...one, state: "phone" as const, seq: null, reason: null }));
    await live.disk.became(changed, received);
    this.become(live, changed);
    live.received = received;
    this.host.settle();
  }

  private async fork(live: Live): Promise<void> {
    await live.disk.set("forked", true);
    live.forked = true;
    this.host.settle();
  }

  /** true: the phone has loaded anew, and says its last entry once more to see whether the site still has it. */
  private async pull(live: Live, progress?: (bytes: number) => void): Promise<boolean> {
    try {
      let again = false;
      let more = true;
      if (live.cursor === null) await this.load(live, progress);
      while (more) {
        this.host.tell({ busy: "pull" });
        const page = await this.authed(live, (token) => this.server.json<Page>({ method: "GET", path: "/entries", query: { cursor: live.cursor!, limit: 500, have: live.chain.n }, token, signal: live.ended.signal }));
        more = page.more || page.reload;
        if (page.reload || page.next === null) {
          await this.load(live, progress);
          again = true;
        } else if (page.next !== live.cursor) await this.page(live, page, page.next);
      }
      await this.hear(live);
      const now = this.host.env.now();
      await this.note(live.disk.set("pulledAt", now));
      this.host.tell({ pulledAt: now });
      return again;
    } catch (error) {
      if (!(error instanceof ApiError) || !(await this.barred(live, error))) throw error;
      await live.disk.revoked();
      live.revoked = true;
      live.cursor = null;
      live.register = new Register();
      this.host.settle();
      await this.push(live);
      await this.handedIn(live);
      return false;
    }
  }

  /** A bundle tells what is known now, and not what became of this phone's own: that stands in the stretch of the ledger that it stepped over. */
  private async hear(live: Live): Promise<void> {
    for (let cursor: string | null = live.unheard === null ? null : String(live.unheard); cursor !== null; ) {
      const from: string = cursor;
      const page = await this.authed(live, (token) => this.server.json<Page>({ method: "GET", path: "/entries", query: { cursor: from, limit: 500, have: live.chain.n }, token, signal: live.ended.signal }));
      const changed = this.told(live, page.items);
      cursor = page.more && page.next !== from ? page.next : null;
      const unheard = cursor === null ? null : cursorSeq(cursor);
      await live.disk.heard(changed, unheard);
      this.become(live, changed);
      live.unheard = unheard;
      this.host.settle();
    }
  }

  private become(live: Live, changed: readonly Own[]): void {
    for (const one of changed) Object.assign(live.own[one.n - 1]!, { state: one.state, seq: one.seq, reason: one.reason });
  }

  /** Revoked, or its time is over: its session is good and it may not read. */
  private async barred(live: Live, error: ApiError): Promise<boolean> {
    if (error.problem.code === "FORBIDDEN") return true;
    if (error.problem.code !== "UNKNOWN_CALLER") return false;
    try {
      await this.server.json({ method: "GET", path: "/auth/me", token: live.secret.token, signal: live.ended.signal });
      return true;
    } catch (other) {
      if (other instanceof ApiError) return false;
      throw other;
    }
  }

  /** All that a revoked phone held is at the site (what forked is kept apart there): the rest goes. */
  private async handedIn(live: Live): Promise<void> {
    if (live.received < live.chain.n && !live.forked) return;
    await live.disk.wipe(this.host.env.now());
    this.host.wiped();
  }

  /** A bundle in place of all that is known; what was cut is thrown away. */
  private async load(live: Live, progress?: (bytes: number) => void): Promise<void> {
    this.host.tell({ busy: "load" });
    let fresh = new Register();
    let next: string | null = null;
    await this.authed(live, (token) => {
      fresh = new Register();
      next = null;
      return this.server.lines({ method: "GET", path: "/sync/bundle", query: { have: live.chain.n }, token, signal: live.ended.signal }, (line) => {
        const record = JSON.parse(line) as AnyRecord;
        if (record.is === "end") next = record.next;
        else fresh.take(record);
      }, progress);
    });
    if (next === null) throw new Cut("the bundle was cut");
    const received = live.cursor === null ? live.received : Math.min(live.received, Math.max(0, live.chain.n - 1));
    const unheard = live.unheard ?? (live.cursor === null ? null : cursorSeq(live.cursor));
    await live.disk.bundle(fresh, next, received, unheard);
    live.register = fresh;
    live.cursor = next;
    live.unheard = unheard;
    live.received = received;
    this.host.settle();
  }

  /** Records and cursor in one transaction. Memory is ahead of the disk for that moment only: should it fail, it is read anew. */
  private async page(live: Live, page: Page, next: string): Promise<void> {
    if (!live.forked && (await this.setBack(live, page.items))) await this.fork(live);
    const changed = this.told(live, page.items);
    const { register } = live;
    const before = live.cursor;
    register.rollback();
    register.dirty.clear();
    register.sharedDirty = false;
    for (const record of page.records) register.take(record);
    const kept = live.disk.page(register, before, next, changed);
    this.become(live, changed);
    live.cursor = next;
    this.host.settle();
    try {
      if (!(await kept)) await this.host.reread();
    } catch (error) {
      const { received } = live;
      await this.host.reread();
      // a disk that took no receipt either: the site has signed all the same
      this.become(live, live.own.slice(live.received, received).map((one) => ({ ...one, state: one.state === "phone" ? "received" : one.state })));
      live.received = Math.max(live.received, received);
      this.host.settle();
      throw error;
    }
  }

  /** Whether the site has of this phone what the phone has not: told before somebody records under a number that is used. */
  private async setBack(live: Live, items: Item[]): Promise<boolean> {
    const mine = items.filter((item) => item.device === live.device.device);
    if (mine.some((item) => item.n <= live.own.length && live.own[item.n - 1]!.text !== item.text)) return true;
    const last = mine.reduce((most, item) => Math.max(most, item.n), 0);
    return last > live.chain.n && last > (await live.disk.recorded()); // memory may be behind the disk, where another tab wrote
  }

  /** What became of this phone's own. */
  private told(live: Live, items: Item[]): Own[] {
    const changed: Own[] = [];
    for (const item of items) {
      const own = item.device === live.device.device ? live.own[item.n - 1] : undefined;
      if (own === undefined || own.text !== item.text) continue;
      const state = item.state === "accepted" ? (item.n <= live.received ? "received" as const : own.state === "held" ? "received" as const : own.state) : item.state;
      changed.push({ ...own, seq: item.seq, state, reason: item.state === "accepted" || !item.reason || item.reason === "none" ? null : item.reason });
    }
    return changed;
  }
}

function forked(): ApiError {
  return new ApiError({ type: "", title: "", status: 409, code: "FORK", fix: "" });
}

/** What went wrong, for the screen; null: nothing that anybody must know. wait: when to try again. */
export function wrong(error: unknown): { problem: SyncState["problem"]; wait: number | null; cut: boolean } {
  if (error instanceof Later) return { problem: { code: "TOO_MANY", detail: "" }, wait: error.ms, cut: false };
  if (error instanceof Cut) return { problem: { code: "UNREACHED", detail: "" }, wait: null, cut: true };
  if (error instanceof ApiError) return { problem: { code: error.problem.code, detail: error.problem.fix || (error.problem.detail ?? "") }, wait: null, cut: false };
  if (error instanceof PhoneError && error.code === "full") return { problem: { code: "FULL", detail: "" }, wait: null, cut: false };
  return { problem: { code: "FAILED", detail: String((error as Error)?.message ?? error) }, wait: null, cut: false };
}
