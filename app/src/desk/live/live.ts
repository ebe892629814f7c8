/**
 * How things stand, as the server says it (docs/live.md). Browsers open few connections to one server, so one tab listens and tells the others: who
 * holds the lock is that tab, and when it is closed the next one takes over. Where there are no locks (a plain address on a network), each tab
 * listens for itself.
 */
import { batch, signal } from "@preact/signals";
import { siteShow } from "../../api/api";
import { api, me } from "../session/session";

export interface LiveArea {
  area: string | null;
  code: string;
  owed: number;
  covered: number;
  missing: number;
}
export interface LiveEvent {
  seq: number;
  round?: { number: number; closed: number };
  areas?: LiveArea[];
  numbers?: { doors: number; households: number; persons: number; review: number };
  lab?: { tubes: number; results: number; positive: number };
  held?: { waiting: number; last: number };
}
type Said = { type: "state" | "change"; event: LiveEvent } | { type: "line"; up: boolean } | { type: "who" };

export const seq = signal(0);
export const round = signal<LiveEvent["round"] | null>(null);
/** By code; "" is the whole. */
export const liveAreas = signal<ReadonlyMap<string, LiveArea>>(new Map());
export const numbers = signal<LiveEvent["numbers"] | null>(null);
export const held = signal<LiveEvent["held"] | null>(null);
export const lab = signal<LiveEvent["lab"] | null>(null);
/** Whether what is shown is how it stands now. */
export const connected = signal(false);

/** A whole state replaces; a change says only what is different. */
export function take(type: "state" | "change", event: LiveEvent): void {
  batch(() => {
    seq.value = event.seq;
    const other = event.round !== undefined && event.round.number !== round.value?.number;
    if (event.round !== undefined) round.value = event.round;
    if (event.areas !== undefined || type === "state" || other) {
      const next = new Map(type === "state" || other ? [] : liveAreas.value);
      for (const area of event.areas ?? []) next.set(area.area === null ? "" : area.code, area);
      liveAreas.value = next;
    }
    if (event.numbers !== undefined) numbers.value = event.numbers;
    if (event.held !== undefined) held.value = event.held;
    if (event.lab !== undefined) lab.value = event.lab;
  });
}

/** Everything as one state, for a tab that has just come. */
const whole = (): LiveEvent => ({
  seq: seq.value,
  ...(round.value ? { round: round.value } : {}),
  areas: [...liveAreas.value.values()],
  ...(numbers.value ? { numbers: numbers.value } : {}),
  ...(held.value ? { held: held.value } : {}),
  ...(lab.value ? { lab: lab.value } : {}),
});

/** Listens until told to stop. A browser comes back by itself after a cut, but not after a refusal: then we do. */
function listen(tell: (said: Said) => void, until: AbortSignal): void {
  let source: EventSource | null = null;
  let later: ReturnType<typeof setTimeout> | undefined;
  let wait = 1000;
  const open = () => {
    source = new EventSource(`/api/v1/live?buildings=true${seq.value > 0 ? `&after=${seq.value}` : ""}`);
    for (const type of ["state", "change"] as const)
      source.addEventListener(type, (message) => tell({ type, event: JSON.parse((message as MessageEvent<string>).data) as LiveEvent }));
    source.onopen = () => {
      wait = 1000;
      tell({ type: "line", up: true });
    };
    source.onerror = () => {
      tell({ type: "line", up: false });
      if (source?.readyState !== EventSource.CLOSED) return;
      void siteShow(api()).catch(() => undefined); // a stream does not tell why it was refused: a call of one whose session is over ends it here too
      later = setTimeout(open, wait);
      wait = Math.min(wait * 2, 30000);
    };
  };
  open();
  until.addEventListener("abort", () => {
    clearTimeout(later);
    source?.close();
  });
}

/** From signing in to signing out. */
export function follow(): () => void {
  const control = new AbortController();
  const channel = "BroadcastChannel" in window && navigator.locks !== undefined ? new BroadcastChannel(`doorward.live.${me.value?.member ?? ""}`) : null;
  let leads = false;
  const hear = (said: Said) => {
    if (said.type === "line") connected.value = said.up;
    else if (said.type !== "who") take(said.type, said.event);
  };
  const tell = (said: Said) => {
    hear(said);
    channel?.postMessage(said);
  };
  if (channel === null) listen(hear, control.signal);
  else {
    channel.onmessage = (message: MessageEvent<Said>) => {
      if (message.data.type !== "who") hear(message.data);
      else if (leads) {
        if (seq.value > 0) channel.postMessage({ type: "state", event: whole() } satisfies Said);
        channel.postMessage({ type: "line", up: connected.value } satisfies Said);
      }
    };
    channel.postMessage({ type: "who" } satisfies Said);
    const led = navigator.locks.request("doorward.live", { signal: control.signal }, () => {
      leads = true;
      listen(tell, control.signal);
      return new Promise<void>((done) => control.signal.addEventListener("abort", () => done()));
    });
    led.catch(() => undefined); // signing out while waiting for the lock
  }
  return () => {
    control.abort();
    channel?.close();
    batch(() => {
      seq.value = 0;
      round.value = null;
      liveAreas.value = new Map();
      numbers.value = held.value = lab.value = null;
      connected.value = false;
    });
  };
}
