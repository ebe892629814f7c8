/**
 * The PIN. What it opens is a random key that never changes, so that another PIN seals one small record anew and nothing else. Wrong ones are
 * counted on the disk before they are tried, and cost growing waits; nothing is ever deleted for them.
 */
import { random } from "../../base/bytes";
import { sealer, stretched } from "../../base/crypt";
import { PhoneError } from "../env";
import { plain, putPlain, type Db, type PinRow, type Plain } from "./db";

const FREE = 4;
const LONGEST = 15 * 60000;

/** How long to wait after so many wrong ones. */
export const waitAfter = (count: number): number => (count < FREE ? 0 : Math.min(LONGEST, 5000 * 2 ** (count - FREE)));

export async function pinRow(pin: string, dataKey: Uint8Array, rounds: number): Promise<PinRow> {
  const salt = random(16);
  return { salt, rounds, sealed: await (await sealer(await stretched(pin, salt, rounds))).seal(dataKey) };
}

async function keyBy(pin: string, row: PinRow): Promise<Uint8Array | null> {
  return (await sealer(await stretched(pin, row.salt, row.rounds))).open(row.sealed);
}

type Tries = Plain["tries"];

const left = (tries: Tries, now: number): number => Math.max(0, tries.at + waitAfter(tries.count) - now);

/** A disk that takes no more must not shut the phone: what it could not be told is counted here, as long as the page lives. */
const unwritten = new WeakMap<Db, Tries>();

async function count(db: Db, tries: Tries): Promise<void> {
  try {
    await putPlain(db, "tries", tries);
    unwritten.delete(db);
  } catch (error) {
    if (!(error instanceof PhoneError && error.code === "full")) throw error;
    unwritten.set(db, tries);
  }
}

/** How often it was tried in vain, as of now: a clock that was set back makes the wait begin anew, once, and neither shorter nor a day long. */
async function tried(db: Db, now: number): Promise<Tries> {
  const tries = unwritten.get(db) ?? (await plain(db, "tries")) ?? { count: 0, at: 0 };
  if (tries.at <= now) return tries;
  const anew = { ...tries, at: now };
  await count(db, anew);
  return anew;
}

/** key null: wrong, or too early. */
export async function openVault(db: Db, pin: string, now: number): Promise<{ key: Uint8Array | null; waitMs: number }> {
  const row = await plain(db, "pin");
  if (row === undefined) return { key: null, waitMs: 0 };
  const tries = await tried(db, now);
  const early = left(tries, now);
  if (early > 0) return { key: null, waitMs: early };
  const counted = { count: tries.count + 1, at: now };
  await count(db, counted);
  const key = await keyBy(pin, row);
  if (key === null) return { key, waitMs: waitAfter(counted.count) };
  await count(db, { count: 0, at: now });
  return { key, waitMs: 0 };
}
