/** Whether a drawing can be kept: what is wrong with it, and where. Pure. */
import { area, distance, lengthOf, metres, open, type Ring, type Spot } from "./plane";

export type Fault = "few" | "same" | "crossing" | "flat" | "short" | "outside";
export interface Wrong {
  fault: Fault;
  /** vertices or the first vertices of sides it is about */
  at: number[];
}

const turn = (a: [number, number], b: [number, number], c: [number, number]): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
const between = (a: [number, number], b: [number, number], c: [number, number]): boolean =>
  Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);

/** Whether two stretches meet, in a crossing or by touching. */
export function meet(a: [number, number], b: [number, number], c: [number, number], d: [number, number]): boolean {
  const abc = Math.sign(turn(a, b, c)), abd = Math.sign(turn(a, b, d)), cda = Math.sign(turn(c, d, a)), cdb = Math.sign(turn(c, d, b));
  if (abc !== abd && cda !== cdb) return true;
  return (abc === 0 && between(a, b, c)) || (abd === 0 && between(a, b, d)) || (cda === 0 && between(c, d, a)) || (cdb === 0 && between(c, d, b));
}

/** Pairs of sides of a ring that meet where they should not. */
export function crossings(ring: Ring): [number, number][] {
  const once = open(ring);
  const flat = once.map((spot) => metres(spot, once[0]!));
  const count = flat.length;
  const found: [number, number][] = [];
  for (let one = 0; one < count; one++) {
    for (let other = one + 1; other < count; other++) {
      const a = flat[one]!, b = flat[(one + 1) % count]!, c = flat[other]!, d = flat[(other + 1) % count]!;
      if (other === one + 1 || (other + 1) % count === one) {
        // neighbours share a vertex; they may not fold back onto each other
        const [from, corner, to] = other === one + 1 ? [a, b, d] : [c, d, b];
        const back = (from[0] - corner[0]) * (to[0] - corner[0]) + (from[1] - corner[1]) * (to[1] - corner[1]) > 0;
        if (back && Math.abs(turn(from, corner, to)) < 1e-9) found.push([one, other]);
      } else if (meet(a, b, c, d)) found.push([one, other]);
    }
  }
  return found;
}

const off = (spot: Spot): boolean => !Number.isFinite(spot[0]) || !Number.isFinite(spot[1]) || Math.abs(spot[0]) > 180 || Math.abs(spot[1]) > 85;

/** Two vertices nearer than this are one. */
const SAME_METRES = 0.02;

export function wrongRing(ring: Ring): Wrong | null {
  const once = open(ring);
  const lost = once.findIndex(off);
  if (lost >= 0) return { fault: "outside", at: [lost] };
  if (once.length < 3) return { fault: "few", at: [] };
  for (let at = 0; at < once.length; at++) {
    const next = (at + 1) % once.length;
    if (distance(once[at]!, once[next]!) < SAME_METRES) return { fault: "same", at: [at, next] };
  }
  const crossed = crossings(once);
  if (area(once) < 1 && once.length === 3) return { fault: "flat", at: [] };
  if (crossed.length > 0) return { fault: "crossing", at: [...new Set(crossed.flat())] };
  return area(once) < 1 ? { fault: "flat", at: [] } : null;
}

export function wrongLine(line: Spot[]): Wrong | null {
  const lost = line.findIndex(off);
  if (lost >= 0) return { fault: "outside", at: [lost] };
  if (line.length < 2) return { fault: "few", at: [] };
  for (let at = 0; at + 1 < line.length; at++) if (distance(line[at]!, line[at + 1]!) < SAME_METRES) return { fault: "same", at: [at, at + 1] };
  return lengthOf(line) < 1 ? { fault: "short", at: [] } : null;
}
