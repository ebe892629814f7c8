/** The numbers of a round: asked once, then kept as they are by the live stream. */
import { useEffect, useRef } from "preact/hooks";
import { every, roundsAreas, roundsList, roundsShow, type Round, type RoundArea } from "../../api/api";
import { useAsked, type Asked } from "../base/asked";
import { liveAreas, round as liveRound, seq } from "../live/live";
import { api } from "../session/session";

export interface Standing {
  round: Round;
  areas: RoundArea[];
}

const all = async <T>(page: (cursor?: string) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> => {
  const out: T[] = [];
  for await (const one of every(page)) out.push(one);
  return out;
};

export const useRounds = (): Asked<Round[]> => useAsked(() => all((cursor) => roundsList(api(), { limit: 1000, ...(cursor === undefined ? {} : { cursor }) })), [liveRound.value?.number, liveRound.value?.closed]);

/** What the stream does not tell (found, arrived, recovered) is asked again after changes, at most every two seconds. */
export function useStanding(number: number | null): Asked<Standing> {
  const asked = useAsked<Standing>(
    async (signal) => {
      const name = String(number ?? 0);
      const [round, areas] = await Promise.all([roundsShow(api(), name, { signal }), all((cursor) => roundsAreas(api(), name, { buildings: true, limit: 1000, ...(cursor === undefined ? {} : { cursor }) }, { signal }))]);
      return { round, areas };
    },
    [number, liveRound.value?.number, liveRound.value?.closed],
  );
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      asked.again();
    }, 2000);
  }, [seq.value]);
  useEffect(() => () => clearTimeout(timer.current), []);
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
