/**
 * The PIN. What it opens is a random key that never changes, so that another PIN seals one small record anew and nothing else. Wrong ones are
 * counted on the disk before they are tried, and cost growing waits; nothing is ever deleted for them.
 */
import { random } from "../../base/bytes";
import { sealer, stretched } from "../../base/crypt";
import { plain, putPlain, type Db, type PinRow } from "./db";

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

function left(tries: { count: number; at: number }, now: number): number {
  const wait = waitAfter(tries.count);
  // a clock that was set back does not shorten the wait
  return now < tries.at ? wait : Math.max(0, tries.at + wait - now);
}

/** key null: wrong, or too early. */
export async function openVault(db: Db, pin: string, now: number): Promise<{ key: Uint8Array | null; waitMs: number }> {
  const row = await plain(db, "pin");
  const tries = (await plain(db, "tries")) ?? { count: 0, at: 0 };
  if (row === undefined) return { key: null, waitMs: 0 };
  const early = left(tries, now);
  if (early > 0) return { key: null, waitMs: early };
  const counted = { count: tries.count + 1, at: now };
  await putPlain(db, "tries", counted);
  const key = await keyBy(pin, row);
  if (key === null) return { key, waitMs: waitAfter(counted.count) };
  await putPlain(db, "tries", { count: 0, at: now });
  return { key, waitMs: 0 };
}

/** How long the next try has to wait. */
export async function waitNow(db: Db, now: number): Promise<number> {
  const tries = await plain(db, "tries");
  return tries === undefined ? 0 : left(tries, now);
}
