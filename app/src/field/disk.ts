/** What lies on the disk and how it gets there: every function here is one transaction, after everything has been sealed. */
import { utf8 } from "../base/bytes";
import type { Sealer } from "../base/crypt";
import { cellText, sharedText } from "./cells";
import { PhoneError } from "./env";
import { ownOf, type Kept, type Own } from "./own";
import type { AnyRecord } from "./records";
import { Register } from "./register";
import { plain, together, writing, type ChainRow, type Db, type EntryRow, type PinRow, type Plain, type Tx } from "./store/db";
import type { Turn } from "./store/turn";

/** The phone's secret and its session, sealed. */
export interface Secret {
  secret: string;
  token: string;
}
/** What a chain that is over has said and the site does not count. */
export type Left = Pick<Own, "n" | "id" | "kind" | "on" | "at" | "state" | "reason" | "body" | "clear">;

/** Everything an open phone has in memory of its disk. */
export interface Loaded {
  secret: Secret;
  register: Register;
  own: Own[];
  chain: ChainRow;
  received: number;
  cursor: string | null;
  unheard: number | null;
  left: Left[];
  /** what was tapped in and is not recorded yet */
  drafts: Map<string, string>;
  forked: boolean;
  revoked: boolean;
}

const words = new TextDecoder();
const DRAFT = "draft ";
const drafted = (): IDBKeyRange => IDBKeyRange.bound(DRAFT, `${DRAFT}\uffff`);
const sealText = (sealer: Sealer, text: string): Promise<Uint8Array> => sealer.seal(utf8(text));

async function openText(sealer: Sealer, sealed: Uint8Array | undefined): Promise<string | null> {
  if (sealed === undefined) return null;
  const bytes = await sealer.open(sealed);
  if (bytes === null) throw new Error("sealed under another key");
  return words.decode(bytes);
}

export class Disk {
  constructor(
    readonly db: Db,
    private readonly turn: Turn,
    private readonly sealer: Sealer,
  ) {}

  /** Only the tab whose turn it is writes. */
  private write<T>(work: (tx: Tx) => Promise<T> | T): Promise<T> {
    return writing(this.db, async (tx) => {
      if (!(await this.turn.still(tx))) throw new PhoneError("elsewhere");
      return work(tx);
    });
  }

  async load(): Promise<Loaded> {
    const tx = this.db.transaction(["plain", "sealed", "cell", "entry"], "readonly");
    const at = <K extends keyof Plain>(key: K) => tx.objectStore("plain").get(key) as Promise<Plain[K] | undefined>;
    const sealed = (key: string) => tx.objectStore("sealed").get(key);
    const [chain, received, cursor, unheard, forked, revoked, secret, shared, left, cells, rows, names, parts] = await Promise.all([
      at("chain"), at("received"), at("cursor"), at("unheard"), at("forked"), at("revoked"), sealed("secret"), sealed("shared"), sealed("left"), tx.objectStore("cell").getAll(), tx.objectStore("entry").getAll(), tx.objectStore("sealed").getAllKeys(drafted()), tx.objectStore("sealed").getAll(drafted()),
    ]);
    const register = new Register();
    const take = (text: string | null) => {
      for (const record of JSON.parse(text ?? "[]") as AnyRecord[]) register.take(record);
    };
    take(await openText(this.sealer, shared));
    // all are opened at once, and read one after the other as they come
    const texts = cells.map((cell) => openText(this.sealer, cell));
    const said = rows.map(async (row) => ownOf({ ...row, ...(JSON.parse((await openText(this.sealer, row.sealed))!) as { text: string; part: string }) }));
    const drafts = new Map<string, string>();
    for (const [at, name] of names.entries()) drafts.set(name.slice(DRAFT.length), (await openText(this.sealer, parts[at]))!);
    for (const text of texts) take(await text);
    register.dirty.clear();
    register.sharedDirty = false;
    return {
      secret: JSON.parse((await openText(this.sealer, secret)) ?? '{"secret":"","token":""}') as Secret, register, own: await Promise.all(said), chain: chain ?? { n: 0, head: new Uint8Array(32) }, received: received ?? 0,
      cursor: cursor ?? null, unheard: unheard ?? null, left: JSON.parse((await openText(this.sealer, left)) ?? "[]") as Left[], drafts, forked: forked ?? false, revoked: revoked ?? false,
    };
  }

  /** A phone that was just enrolled: nothing of an earlier one stays but what it has left unsaid. */
  async enrolled(device: Plain["device"], pin: PinRow, secret: Secret, left: readonly Left[]): Promise<void> {
    const sealed = await sealText(this.sealer, JSON.stringify(secret));
    const kept = await sealText(this.sealer, JSON.stringify(left));
    await this.write(async (tx) => {
      const rows = tx.objectStore("plain");
      const [lease, lockAfter] = [await rows.get("lease"), await rows.get("lockAfter")];
      await together(() => rows.clear(), () => tx.objectStore("sealed").clear(), () => tx.objectStore("cell").clear(), () => tx.objectStore("entry").clear());
      if (lease !== undefined) await rows.put(lease, "lease");
      if (lockAfter !== undefined) await rows.put(lockAfter, "lockAfter");
      await together(() => rows.put(device, "device"), () => rows.put(pin, "pin"), () => rows.put({ n: 0, head: new Uint8Array(32) } satisfies ChainRow, "chain"), () => rows.put(0, "received"), () => tx.objectStore("sealed").put(sealed, "secret"), () => tx.objectStore("sealed").put(kept, "left"));
    });
  }

  async secret(secret: Secret): Promise<void> {
    const sealed = await sealText(this.sealer, JSON.stringify(secret));
    await this.write((tx) => tx.objectStore("sealed").put(sealed, "secret"));
  }

  async set<K extends keyof Plain>(key: K, value: Plain[K]): Promise<void> {
    await this.write((tx) => tx.objectStore("plain").put(value, key));
  }

  /**
   * Entries and the chain's new end, together. false: the chain on the disk does not end at `before` (another tab has written), and nothing
   * was written. left: what is still unsaid of an earlier chain afterwards.
   */
  async record(before: ChainRow, after: ChainRow, entries: readonly Kept[], left: readonly Left[] | null): Promise<boolean> {
    const rows: EntryRow[] = await Promise.all(entries.map(async ({ text, part, ...row }) => ({ ...row, sealed: await sealText(this.sealer, JSON.stringify({ text, part })) })));
    const kept = left === null ? null : await sealText(this.sealer, JSON.stringify(left));
    return this.write(async (tx) => {
      const chain = (await tx.objectStore("plain").get("chain")) as ChainRow;
      if (chain.n !== before.n || chain.head.some((byte, at) => byte !== before.head[at])) return false;
      await together(...rows.map((row) => () => tx.objectStore("entry").add(row)), () => tx.objectStore("plain").put(after, "chain"), ...(kept === null ? [] : [() => tx.objectStore("sealed").put(kept, "left")]));
      return true;
    });
  }

  async recorded(): Promise<number> {
    return (await plain(this.db, "chain"))?.n ?? 0;
  }

  async left(left: readonly Left[]): Promise<void> {
    const kept = await sealText(this.sealer, JSON.stringify(left));
    await this.write((tx) => tx.objectStore("sealed").put(kept, "left"));
  }

  /** null: it is recorded, or nobody wants it any more. */
  async draft(name: string, text: string | null): Promise<void> {
    const sealed = text === null ? null : await sealText(this.sealer, text);
    await this.write<unknown>((tx) => (sealed === null ? tx.objectStore("sealed").delete(DRAFT + name) : tx.objectStore("sealed").put(sealed, DRAFT + name)));
  }

  /** What became of own entries, and up to which one there is a receipt. */
  async became(changed: readonly Own[], received: number): Promise<void> {
    await this.write(async (tx) => {
      await together(() => this.rows(tx, changed), () => tx.objectStore("plain").put(received, "received"));
    });
  }

  private async rows(tx: Tx, changed: readonly Own[]): Promise<void> {
    const store = tx.objectStore("entry");
    await Promise.all(changed.map(async (one) => {
      const row = await store.get(one.n);
      if (row !== undefined) await store.put({ ...row, seq: one.seq, state: one.state, reason: one.reason });
    }));
  }

  /** A page: its records, what became of own entries, and the cursor behind it. false: another tab has pulled meanwhile. */
  async page(register: Register, before: string | null, after: string, changed: readonly Own[]): Promise<boolean> {
    const cells = [...register.dirty].map((cell) => ({ cell, text: cellText(register, cell) }));
    const shared = register.sharedDirty ? sharedText(register) : null;
    register.dirty.clear();
    register.sharedDirty = false;
    return this.sealedPage(cells, shared, before, after, changed);
  }

  private async sealedPage(cells: { cell: string; text: string }[], shared: string | null, before: string | null, after: string, changed: readonly Own[]): Promise<boolean> {
    const sealed = await Promise.all(cells.map(async ({ cell, text }) => ({ cell, bytes: text === "[]" ? null : await sealText(this.sealer, text) })));
    const all = shared === null ? null : await sealText(this.sealer, shared);
    return this.write(async (tx) => {
      const now = ((await tx.objectStore("plain").get("cursor")) as string | undefined) ?? null;
      if (now !== before) return false;
      const store = tx.objectStore("cell");
      await together(
        ...sealed.map(({ cell, bytes }) => () => (bytes === null ? store.delete(cell) : store.put(bytes, cell))), ...(all === null ? [] : [() => tx.objectStore("sealed").put(all, "shared")]),
        () => this.rows(tx, changed), () => tx.objectStore("plain").put(after, "cursor"),
      );
      return true;
    });
  }

  /** A bundle in place of all that was known. */
  async bundle(register: Register, cursor: string, received: number, unheard: number | null): Promise<void> {
    const names = new Set(["", ...register.areas.keys()]);
    for (const door of register.doors.values()) names.add(door.area ?? "");
    register.dirty.clear();
    register.sharedDirty = false;
    const cells = [...names].map((cell) => ({ cell, text: cellText(register, cell) })).filter(({ text }) => text !== "[]");
    const sealed = await Promise.all(cells.map(async ({ cell, text }) => ({ cell, bytes: await sealText(this.sealer, text) })));
    const shared = await sealText(this.sealer, sharedText(register));
    await this.write(async (tx) => {
      const store = tx.objectStore("cell");
      await store.clear();
      await together(...sealed.map(({ cell, bytes }) => () => store.put(bytes, cell)), () => tx.objectStore("sealed").put(shared, "shared"), () => tx.objectStore("plain").put(cursor, "cursor"), () => tx.objectStore("plain").put(received, "received"), () => this.mark(tx, unheard));
    });
  }

  private mark(tx: Tx, unheard: number | null): Promise<unknown> {
    return unheard === null ? tx.objectStore("plain").delete("unheard") : tx.objectStore("plain").put(unheard, "unheard");
  }

  /** What became of own entries up to a number of the site; null: up to its end. */
  async heard(changed: readonly Own[], unheard: number | null): Promise<void> {
    await this.write((tx) => together(() => this.rows(tx, changed), () => this.mark(tx, unheard)));
  }

  /** Revoked: what the site told is deleted at once, what this phone recorded is not. */
  async revoked(): Promise<void> {
    await this.write(async (tx) => {
      await together(() => tx.objectStore("cell").clear(), () => tx.objectStore("sealed").delete("shared"), () => tx.objectStore("plain").delete("cursor"), () => tx.objectStore("plain").put(true, "revoked"));
    });
  }

  async wipe(now: number): Promise<void> {
    await this.write(async (tx) => {
      await together(() => tx.objectStore("plain").clear(), () => tx.objectStore("sealed").clear(), () => tx.objectStore("cell").clear(), () => tx.objectStore("entry").clear());
      await tx.objectStore("plain").put(now, "wiped");
    });
  }
}

