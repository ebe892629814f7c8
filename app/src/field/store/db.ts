/**
 * The phone's database. Plain stand ids of device and site, counts and times; everything that names or describes somebody is sealed under the
 * data key (vault.ts): a record a building, one for what all share, one an own entry.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { joined, random } from "../../base/bytes";
import { PhoneError } from "../env";

export interface EntryRow {
  n: number;
  /** its number at the site; null: no receipt told it yet */
  seq: number | null;
  state: "phone" | "received" | "held" | "void";
  reason: string | null;
  /** {"text","part"} */
  sealed: Uint8Array;
}

/** Who this phone is. */
export interface DeviceRow {
  device: string;
  site: string;
  siteKey: string;
}

export interface PinRow {
  salt: Uint8Array;
  rounds: number;
  /** the data key, under the key that the PIN gives */
  sealed: Uint8Array;
}

export interface ChainRow {
  n: number;
  head: Uint8Array;
}

export interface Plain {
  device: DeviceRow;
  pin: PinRow;
  tries: { count: number; at: number };
  chain: ChainRow;
  /** entries up to this one have a receipt */
  received: number;
  cursor: string;
  /** what became of own entries is to be heard from this number of the site on: a bundle does not tell it */
  unheard: number;
  pulledAt: number;
  clock: number;
  lockAfter: number;
  /** its position is shared until then */
  shareUntil: number | null;
  /** another phone has this one's chain: it must enrol anew */
  forked: boolean;
  /** revoked: what it knew is deleted, and it only hands in what it still holds */
  revoked: boolean;
  wiped: number;
  /** room that is kept for the entries that a full disk would else refuse */
  reserve: Uint8Array;
  lease: { holder: string; until: number };
}

interface Schema extends DBSchema {
  plain: { key: string; value: unknown };
  sealed: { key: string; value: Uint8Array };
  cell: { key: string; value: Uint8Array };
  entry: { key: number; value: EntryRow };
}

export type Db = IDBPDatabase<Schema>;
export const TABLES = ["plain", "sealed", "cell", "entry"] as const;

/** stale: another tab is about to bring a newer version of the database and must not wait for this one. */
export function openDb(name: string, stale: () => void): Promise<Db> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore("plain");
      db.createObjectStore("sealed");
      db.createObjectStore("cell");
      db.createObjectStore("entry", { keyPath: "n" });
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      stale();
    },
  });
}

export async function plain<K extends keyof Plain>(db: Db, key: K): Promise<Plain[K] | undefined> {
  return (await db.get("plain", key)) as Plain[K] | undefined;
}

export const putPlain = async <K extends keyof Plain>(db: Db, key: K, value: Plain[K]): Promise<void> => void (await writing(db, (tx) => tx.objectStore("plain").put(value, key)));

const whole = (db: Db) => db.transaction(TABLES, "readwrite", { durability: "strict" });
export type Tx = ReturnType<typeof whole>;

/**
 * All of it is on the disk when this resolves, or none of it. Nothing but the database may be awaited in `work`, or the transaction ends on its own.
 * A disk that takes no more is told as PhoneError("full").
 */
export async function writing<T>(db: Db, work: (tx: Tx) => Promise<T> | T): Promise<T> {
  let tx: Tx | null = null;
  try {
    tx = whole(db);
    const done = tx.done;
    done.catch(() => undefined); // it is awaited below, or the cause is thrown before
    const value = await work(tx);
    await done;
    return value;
  } catch (error) {
    try {
      tx?.abort();
    } catch {
      /* it has ended by itself */
    }
    if (full(error) || full(tx?.error)) throw new PhoneError("full");
    throw error;
  }
}

/**
 * Writes so many bytes aside, over those that lie there: whether the disk takes them is the one sure word on how full it is, for what browsers say
 * of it is a guess, or the same for everybody. false: it does not, and what lay there stays.
 */
export async function keepAside(db: Db, bytes: number): Promise<boolean> {
  if (bytes === 0) return true;
  const noise = joined(...Array.from({ length: Math.ceil(bytes / 65536) }, () => random(65536))); // nothing that a disk could make smaller
  try {
    await putPlain(db, "reserve", noise);
    return true;
  } catch (error) {
    if (error instanceof PhoneError && error.code === "full") return false;
    throw error;
  }
}

/** Gives what was kept aside to whoever needs it now. false: there was nothing. */
export async function giveAside(db: Db): Promise<boolean> {
  if ((await plain(db, "reserve")) === undefined) return false;
  await writing(db, (tx) => tx.objectStore("plain").delete("reserve"));
  return true;
}

/** All that a transaction is to do. What is refused at once does not leave the others' refusals unheard. */
export const together = (...jobs: (() => Promise<unknown>)[]): Promise<unknown> => Promise.all(jobs.map(async (job) => job()));

const full = (error: unknown): boolean => (error as { name?: string } | null | undefined)?.name === "QuotaExceededError";
