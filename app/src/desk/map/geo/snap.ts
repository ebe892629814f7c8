/** A vertex that comes near another one is that one: neighbours then share their corners and no sliver lies between them. Pure. */
import { metres, moved, type Spot } from "./plane";

export interface Snapped {
  spot: Spot;
  /** to a corner, to a side, or to nothing */
  to: "corner" | "side" | null;
}

/** Nearest point of a stretch, in metres. */
function onto(point: [number, number], a: [number, number], b: [number, number]): [number, number] {
  const dx = b[0] - a[0], dy = b[1] - a[1];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.max(0, Math.min(1, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square));
  return [a[0] + along * dx, a[1] + along * dy];
}

/** Lines are open or closed rings of others. A corner within reach outranks a side that is nearer. */
export function snap(spot: Spot, lines: readonly (readonly Spot[])[], reach: number): Snapped {
  let corner: Spot | null = null, side: Spot | null = null;
  let nearCorner = reach, nearSide = reach;
  for (const line of lines) {
    for (let at = 0; at < line.length; at++) {
      const here = metres(line[at]!, spot);
      const far = Math.hypot(...here);
      if (far <= nearCorner) {
        nearCorner = far;
        corner = line[at]!;
      }
      if (at === 0) continue;
      const foot = onto([0, 0], metres(line[at - 1]!, spot), here);
      const away = Math.hypot(...foot);
      if (away <= nearSide) {
        nearSide = away;
        side = moved(spot, ...foot);
      }
    }
  }
  if (corner !== null) return { spot: corner, to: "corner" };
  return side !== null ? { spot: side, to: "side" } : { spot, to: null };
}
