/** The names behind a number of the board. The server lists the missing itself; the others follow from the round's marks, as its export gives them, and the register. */
import { personsList, tablesShow, type Person } from "../../api/api";
import { whole } from "../base/reading";
import { api } from "../session/session";

export interface Mark {
  round: string;
  person: string;
  in_roster: string | null;
  how: string | null;
  state: string | null;
  excuse: string | null;
  decision: string | null;
  door: string | null;
  area: string | null;
  at: string | null;
}
export const whats = ["owed", "covered", "found", "arrived", "recovered", "excused"] as const;
export type What = (typeof whats)[number];

const yes = (text: string | null): boolean => text === "1" || text === "true";
const excused = (mark: Mark): boolean => mark.excuse !== null && mark.excuse !== "" && mark.excuse !== "none";
const owed = (mark: Mark): boolean => (yes(mark.in_roster) || mark.how === "found" || mark.how === "arrived") && !excused(mark);

/** Who stands behind a number of a round, in an area and all under it. */
export function behind(marks: readonly Mark[], round: number, what: What, area: string | null, isUnder: (code: string, area: string) => boolean): Mark[] {
  const before = new Set(what === "recovered" ? marks.filter((mark) => Number(mark.round) < round && mark.state === "done").map((mark) => mark.person) : []);
  return marks.filter((mark) => {
    if (Number(mark.round) !== round || (area !== null && !isUnder(mark.area ?? "", area))) return false;
    switch (what) {
      case "owed":
        return owed(mark);
      case "covered":
        return owed(mark) && mark.state === "done";
      case "recovered":
        return owed(mark) && mark.state === "done" && !before.has(mark.person);
      case "excused":
        return excused(mark);
      default:
        return mark.how === what && !excused(mark);
    }
  });
}

export interface Named extends Mark {
  who: Person | undefined;
}

export async function names(round: number, what: What, area: string | null, isUnder: (code: string, area: string) => boolean, signal: AbortSignal): Promise<Named[]> {
  const marks = (await (await tablesShow(api(), "marks", { format: "json" }, { signal })).json()) as Mark[];
  const wanted = behind(marks, round, what, area, isUnder);
  const people = new Map((await whole(personsList, area === null ? {} : { area }, signal)).map((one) => [one.id, one]));
  return wanted.map((mark) => ({ ...mark, who: people.get(mark.person) }));
}
