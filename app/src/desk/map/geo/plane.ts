/** A village is small: lengths and areas are reckoned on a flat plane in metres around a point of it. Pure. */
export type Spot = [lon: number, lat: number];
export type Ring = Spot[];
export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

const EARTH = 6371008.8;
const RAD = Math.PI / 180;

/** East and north of an origin, in metres. */
export function metres(spot: Spot, origin: Spot): [x: number, y: number] {
  return [(spot[0] - origin[0]) * RAD * EARTH * Math.cos(origin[1] * RAD), (spot[1] - origin[1]) * RAD * EARTH];
}

/** The spot so many metres east and north of an origin. */
export function moved(origin: Spot, east: number, north: number): Spot {
  return [origin[0] + east / (RAD * EARTH * Math.cos(origin[1] * RAD)), origin[1] + north / (RAD * EARTH)];
}

export function distance(a: Spot, b: Spot): number {
  const [x, y] = metres(b, a);
  return Math.hypot(x, y);
}

export function bounds(spots: Iterable<Spot>): Bounds | null {
  let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
  for (const [lon, lat] of spots) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west === Infinity ? null : { west, south, east, north };
}

/** Whether a ring says its first spot again at its end, as GeoJSON does. */
export const closed = (ring: Ring): boolean => ring.length > 1 && ring[0]![0] === ring.at(-1)![0] && ring[0]![1] === ring.at(-1)![1];
/** As it is edited: each vertex once. */
export const open = (ring: Ring): Ring => (closed(ring) ? ring.slice(0, -1) : ring);
/** As GeoJSON wants it: closed, and counter-clockwise. */
export function shut(ring: Ring): Ring {
  const once = open(ring);
  const turned = signedArea(once) < 0 ? once.toReversed() : once;
  return turned.length === 0 ? [] : [...turned, turned[0]!];
}

/** Square metres; positive when it runs counter-clockwise. */
export function signedArea(ring: Ring): number {
  const once = open(ring);
  if (once.length < 3) return 0;
  const flat = once.map((spot) => metres(spot, once[0]!));
  let twice = 0;
  for (let at = 0; at < flat.length; at++) {
    const [ax, ay] = flat[at]!;
    const [bx, by] = flat[(at + 1) % flat.length]!;
    twice += ax * by - bx * ay;
  }
  return twice / 2;
}
export const area = (ring: Ring): number => Math.abs(signedArea(ring));

export const lengthOf = (line: Spot[]): number => line.slice(1).reduce((sum, spot, at) => sum + distance(line[at]!, spot), 0);

export function inside(spot: Spot, ring: Ring): boolean {
  let within = false;
  const once = open(ring);
  for (let at = 0, before = once.length - 1; at < once.length; before = at++) {
    const [ax, ay] = once[at]!;
    const [bx, by] = once[before]!;
    if (ay > spot[1] !== by > spot[1] && spot[0] < ((bx - ax) * (spot[1] - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}

/** Where a ring's label stands: its centre of mass, or, when that lies outside (an L), the middle of its widest stretch at that height. */
export function middle(ring: Ring): Spot {
  const once = open(ring);
  const first = once[0] ?? [0, 0];
  const whole = signedArea(once);
  if (Math.abs(whole) < 1e-6) {
    const box = bounds(once) ?? { west: first[0], east: first[0], south: first[1], north: first[1] };
    return [(box.west + box.east) / 2, (box.south + box.north) / 2];
  }
  let x = 0, y = 0;
  const flat = once.map((spot) => metres(spot, first));
  for (let at = 0; at < flat.length; at++) {
    const [ax, ay] = flat[at]!;
    const [bx, by] = flat[(at + 1) % flat.length]!;
    const cross = ax * by - bx * ay;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  const centre = moved(first, x / (6 * whole), y / (6 * whole));
  return inside(centre, once) ? centre : widest(once, centre);
}

function widest(ring: Ring, at: Spot): Spot {
  const cuts: number[] = [];
  for (let here = 0, before = ring.length - 1; here < ring.length; before = here++) {
    const [ax, ay] = ring[here]!;
    const [bx, by] = ring[before]!;
    if (ay > at[1] !== by > at[1]) cuts.push(((bx - ax) * (at[1] - ay)) / (by - ay) + ax);
  }
  cuts.sort((a, b) => a - b);
  let best: Spot = ring[0]!;
  let width = -1;
  for (let pair = 0; pair + 1 < cuts.length; pair += 2) {
    const wide = cuts[pair + 1]! - cuts[pair]!;
    if (wide > width) {
      width = wide;
      best = [(cuts[pair]! + cuts[pair + 1]!) / 2, at[1]];
    }
  }
  return best;
}

/** A length that reads well on a scale bar: 1, 2 or 5 times a power of ten, at most so long. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const lead = most / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
}

/** Where a spot lies on the world's map, each from 0 to 1. */
export const mercator = (spot: Spot): [x: number, y: number] => [(spot[0] + 180) / 360, 0.5 - Math.log(Math.tan(Math.PI / 4 + (spot[1] * RAD) / 2)) / (2 * Math.PI)];
