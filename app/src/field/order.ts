/** The order in which one walks: 2 before 10, and what has no unit first. */

const RUN = /\d+|\D+/g;

const runs = (code: string): readonly string[] => code.match(RUN) ?? [];

export const byCode = (a: string, b: string): number => (a === b ? 0 : byRuns(runs(a), runs(b)));

/** A list in that order; each code is taken apart once. */
export function inOrder<T>(all: readonly T[], code: (one: T) => string): T[] {
  return all.map((one) => ({ one, runs: runs(code(one)) })).sort((a, b) => byRuns(a.runs, b.runs)).map(({ one }) => one);
}

function byRuns(left: readonly string[], right: readonly string[]): number {
  for (let at = 0; at < left.length && at < right.length; at++) {
    const one = left[at]!;
    const two = right[at]!;
    const order = Number(one) - Number(two);
    if (order !== 0 && !Number.isNaN(order)) return order;
    if (Number.isNaN(order) && one !== two) return one < two ? -1 : 1;
  }
  return left.length - right.length;
}

/** The floor as said, or as the room tells it: 301 is on 3, 1203 on 12. */
export function floorOf(door: { floor?: string; room?: string }): string {
  if (door.floor !== undefined && door.floor !== "") return door.floor;
  const room = /^(\d{1,2})\d{2}$/.exec(door.room ?? "");
  return room === null ? "" : room[1]!;
}
