/** Who sits at this desk, what he may do, and how the round stands now: what the map takes from the rest of the command post. */
import { signal } from "@preact/signals";
import { Api } from "../../api/api";
import { language } from "../../words";
import type { Count } from "./coverage";

const apis = { zh: new Api("/api/v1", undefined, "zh"), en: new Api("/api/v1", undefined, "en") };
export const api = (): Api => apis[language.value];

/** The latest round's numbers by code, as the live stream says them. */
export const live = signal<ReadonlyMap<string, Count>>(new Map());
export const liveRound = signal(0);
export const connected = signal(false);

interface Event {
  round?: { number: number };
  areas?: (Count & { area: string | null; code: string })[];
}

/** Listens for as long as a map is open. */
export function follow(): () => void {
  const source = new EventSource("/api/v1/live?buildings=true");
  const hear = (fresh: boolean) => (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as Event;
    if (event.round !== undefined) liveRound.value = event.round.number;
    if (event.areas === undefined) return;
    const next = new Map(fresh ? [] : live.value);
    for (const one of event.areas) next.set(one.area === null ? "" : one.code, one);
    live.value = next;
  };
  source.addEventListener("state", hear(true));
  source.addEventListener("change", hear(false));
  source.onopen = () => (connected.value = true);
  source.onerror = () => (connected.value = false);
  return () => source.close();
}
