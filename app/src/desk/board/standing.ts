/** The numbers of a round: asked once, then kept as they are by the live stream. */
import { useEffect, useRef, useState } from "preact/hooks";
import { roundsAreas, roundsList, roundsShow, type Round, type RoundArea } from "../../api/api";
import { useAsked, type Asked } from "../base/asked";
import { whole } from "../base/reading";
import { liveAreas, round as liveRound, seq } from "../live/live";
import { api } from "../session/session";

export interface Standing {
  round: Round;
  areas: RoundArea[];
}

export const useRounds = (): Asked<Round[]> => useAsked((signal) => whole(roundsList, {}, signal), [liveRound.value?.number, liveRound.value?.closed]);

/** Another number after changes, at most every `ms`: to ask again what the stream does not tell. */
export function useBeat(ms: number): number {
  const [beat, set] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        set((n) => n + 1);
      }, ms);
  }, [seq.value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return beat;
}

/** Found, arrived and recovered are not in the stream. */
export function useStanding(number: number | null): Asked<Standing> {
  const beat = useBeat(2000);
  const asked = useAsked<Standing>(
    async (signal) => {
      const name = String(number ?? 0);
      const [round, areas] = await Promise.all([roundsShow(api(), name, { signal }), whole((api, query: Parameters<typeof roundsAreas>[2], extra) => roundsAreas(api, name, query, extra), { buildings: true }, signal)]);
      return { round, areas };
    },
    [number, liveRound.value?.number, liveRound.value?.closed, beat],
  );
  return { ...asked, value: asked.value === null ? null : fresh(asked.value) };
}

/** What the stream said last goes before what was asked earlier. */
function fresh(standing: Standing): Standing {
  if (liveRound.value?.number !== standing.round.number) return standing;
  const live = liveAreas.value;
  const whole = live.get("");
  const round = whole === undefined ? standing.round : { ...standing.round, owed: whole.owed, covered: whole.covered, missing: whole.missing };
  const areas = standing.areas.map((area) => {
    const now = area.area === null ? whole : live.get(area.code);
    return now === undefined ? area : { ...area, owed: now.owed, covered: now.covered, missing: now.missing };
  });
  return { round, areas };
}

export const share = (covered: number, owed: number): string => (owed === 0 ? "—" : covered >= owed ? "100%" : `${Math.min(99.9, Math.floor((1000 * covered) / owed) / 10).toFixed(1)}%`);
