/** The order in which one walks: 2 before 10, and what has no unit first. */

const RUN = /\d+|\D+/g;

export function byCode(a: string, b: string): number {
  if (a === b) return 0;
  const left = a.match(RUN) ?? [];
  const right = b.match(RUN) ?? [];
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
