/** What the phone needs of its browser, in one place, so that a test can give it a bad network, a wrong clock or a full disk. */
import { DATABASE } from "./enrolled";

export interface Env {
  /** name of the database */
  name: string;
  base: string;
  fetch: typeof fetch;
  now: () => number;
  /** null: no Web Locks here (plain HTTP); a lease in the database then tells which tab writes */
  locks: LockManager | null;
  channel: BroadcastChannel | null;
  /** of the PIN: 600,000 where the browser itself reckons; in script that would be half a minute */
  rounds: number;
  /** bytes that are kept aside on the disk, for entries that it would else refuse */
  reserve: number;
  estimate: () => Promise<{ usage?: number; quota?: number } | null>;
  persist: () => Promise<unknown>;
  kept: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
  page: Document | null;
  /** null: this browser tells no place */
  geo: Pick<Geolocation, "getCurrentPosition"> | null;
  language: () => "zh" | "en";
  /** syncs by itself: at the start, after each record, now and then */
  lively: boolean;
}

function storage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

export function browserEnv(language: () => "zh" | "en"): Env {
  return {
    name: DATABASE,
    base: "/api/v1",
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
    locks: navigator.locks ?? null,
    channel: typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("doorward"),
    rounds: globalThis.crypto?.subtle === undefined ? 60000 : 600000,
    reserve: 1 << 20, // some hundred visits
    estimate: async () => (await navigator.storage?.estimate?.()) ?? null,
    persist: async () => navigator.storage?.persist?.(),
    kept: storage(),
    page: document,
    geo: navigator.geolocation ?? null,
    language,
    lively: true,
  };
}

/** What stops a record or an opening; `message` is the code: "full", "elsewhere", "locked", "large". */
export class PhoneError extends Error {
  constructor(readonly code: "full" | "elsewhere" | "locked" | "large" | "enrolled") {
    super(code);
  }
}
