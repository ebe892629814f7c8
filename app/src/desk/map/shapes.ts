/** What stands on the map, as the server gives it (GET /map), sorted for drawing. Pure. */
import { area as areaOf, bounds, inside, middle, type Bounds, type Ring, type Spot } from "./geo/plane";

export type Geometry = { type: "Point"; coordinates: Spot } | { type: "LineString"; coordinates: Spot[] } | { type: "MultiLineString"; coordinates: Spot[][] } | { type: "Polygon"; coordinates: Ring[] } | { type: "MultiPolygon"; coordinates: Ring[][] };
export type AreaKind = "village" | "grid" | "cell" | "building" | "factory";
export type MarkKind = "lane" | "gate" | "barrier";

interface Thing {
  /** number on the map: the id that colours are kept by */
  n: number;
  id: string;
  code: string;
  name: string;
  geometry: Geometry | null;
  /** where its label stands */
  spot: Spot | null;
  version: string | null;
}
export interface AreaShape extends Thing {
  kind: AreaKind;
  address: string;
  use: string;
  keeper: string;
  floors: number;
  /** m², 0 for a point */
  size: number;
  box: Bounds | null;
}
export interface MarkShape extends Thing {
  kind: MarkKind;
  use: string;
  /** ms; null: no such end */
  from: number | null;
  to: number | null;
}
export interface Shapes {
  areas: AreaShape[];
  /** buildings and factories: what is covered door by door */
  buildings: AreaShape[];
  marks: MarkShape[];
  byCode: Map<string, AreaShape>;
  byId: Map<string, AreaShape | MarkShape>;
  byNumber: Map<number, AreaShape | MarkShape>;
  village: AreaShape | null;
  bounds: Bounds | null;
}
export const none: Shapes = { areas: [], buildings: [], marks: [], byCode: new Map(), byId: new Map(), byNumber: new Map(), village: null, bounds: null };

interface Raw {
  type: string;
  geometry: Geometry | null;
  properties: Record<string, unknown> | null;
  id?: unknown;
}

const text = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
const moment = (value: unknown): number | null => {
  const ms = typeof value === "number" ? value : typeof value === "string" && value !== "" ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? null : ms;
};
export const isBuilding = (kind: string): boolean => kind === "building" || kind === "factory";

export const ringsOf = (geometry: Geometry | null): Ring[] => (geometry?.type === "Polygon" ? geometry.coordinates : geometry?.type === "MultiPolygon" ? geometry.coordinates.flat() : []);
export const spotsOf = (geometry: Geometry | null): Spot[] => (geometry === null ? [] : geometry.type === "Point" ? [geometry.coordinates] : geometry.type === "LineString" ? geometry.coordinates : geometry.type === "MultiLineString" ? geometry.coordinates.flat() : ringsOf(geometry).flat());
/** The lines of a lane or barrier, whether of one part or several. */
export const linesOf = (geometry: Geometry | null): Spot[][] => (geometry?.type === "LineString" ? [geometry.coordinates] : geometry?.type === "MultiLineString" ? geometry.coordinates : []);

/** A polygon's own outline, of several the largest. */
function outline(geometry: Geometry | null): Ring | null {
  if (geometry?.type === "Polygon") return geometry.coordinates[0] ?? null;
  if (geometry?.type !== "MultiPolygon") return null;
  return geometry.coordinates.map((part) => part[0]!).sort((a, b) => areaOf(b) - areaOf(a))[0] ?? null;
}

function labelSpot(geometry: Geometry | null): Spot | null {
  if (geometry?.type === "Point") return geometry.coordinates;
  const line = linesOf(geometry)[0];
  if (line !== undefined) return line[Math.floor(line.length / 2)] ?? null;
  const ring = outline(geometry);
  return ring === null || ring.length === 0 ? null : middle(ring);
}

/** 2 lies before 10 in people's eyes. */
export const byCode = (a: { code: string }, b: { code: string }): number => a.code.localeCompare(b.code, "en", { numeric: true });

/** What else GeoJSON may hold (heaps of points, collections) is nothing that a village draws. */
const KNOWN = new Set<unknown>(["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]);

export function read(collection: { features?: unknown[] }): Shapes {
  const areas: AreaShape[] = [];
  const marks: MarkShape[] = [];
  let n = 0;
  for (const feature of (collection.features ?? []) as Raw[]) {
    const has = feature.properties ?? {};
    const kind = text(has["kind"]);
    const geometry = feature.geometry !== null && KNOWN.has(feature.geometry?.type) ? feature.geometry : null;
    const thing: Thing = { n: ++n, id: text(has["id"] ?? feature.id), code: text(has["code"]), name: text(has["name"]), geometry, spot: labelSpot(geometry), version: text(has["version"]) || null };
    if (kind === "lane" || kind === "gate" || kind === "barrier") marks.push({ ...thing, kind, use: text(has["use"]), from: moment(has["from"]), to: moment(has["to"]) });
    else if (kind === "village" || kind === "grid" || kind === "cell" || isBuilding(kind)) {
      const ring = outline(geometry);
      areas.push({ ...thing, kind: kind as AreaKind, address: text(has["address"]), use: text(has["use"]), keeper: text("keeper_name" in has ? has["keeper_name"] : has["keeper"]), floors: Number(has["floors"] ?? 0) || 0, size: ring === null ? 0 : areaOf(ring), box: bounds(spotsOf(geometry)) });
    }
  }
  const buildings = areas.filter((one) => isBuilding(one.kind)).sort(byCode);
  const all = [...areas, ...marks];
  return {
    areas, buildings, marks, byCode: new Map(areas.map((one) => [one.code, one])), byId: new Map(all.map((one) => [one.id, one])), byNumber: new Map(all.map((one) => [one.n, one])),
    village: areas.find((one) => one.kind === "village") ?? null, bounds: bounds(all.flatMap((one) => spotsOf(one.geometry))),
  };
}

/** What people call it: 1-1-3 北明巷4号. */
export function nameOf(one: AreaShape | MarkShape): string {
  const name = one.name !== "" && one.name !== one.code ? one.name : "address" in one ? one.address : "";
  if ("address" in one && isBuilding(one.kind)) return name === "" ? one.code : `${one.code} ${name}`;
  return name !== "" ? name : one.code;
}

/** Codes are paths: 1-1-3 lies in 1-1 and in 1. A village's own code is another, and everything lies in it. */
export const under = (code: string, area: string): boolean => area === "" || code === area || code.startsWith(`${area}-`);
export const parentCode = (code: string): string => code.slice(0, Math.max(0, code.lastIndexOf("-")));

/** Whether a gate or barrier stands at a moment. */
export const inForce = (one: { from: number | null; to: number | null }, now: number): boolean => (one.from === null || one.from <= now) && (one.to === null || one.to > now);

/** What somebody who types a code or a part of an address means; codes that begin so come first. */
export function find(shapes: Shapes, typed: string, limit: number): AreaShape[] {
  const want = typed.trim().toLowerCase().replace(/[－—–]/g, "-").replace(/\s+/g, " ");
  if (want === "") return [];
  const rank = (one: AreaShape): number => {
    const code = one.code.toLowerCase();
    if (code === want) return 0;
    if (code.startsWith(want)) return 1;
    const words = `${one.address} ${one.name} ${one.keeper}`.toLowerCase();
    return words.includes(want) ? 2 : want.split(" ").every((word) => `${code} ${words}`.includes(word)) ? 3 : 9;
  };
  return shapes.areas.map((one) => ({ one, at: rank(one) })).filter((found) => found.at < 9).sort((a, b) => a.at - b.at || byCode(a.one, b.one)).slice(0, limit).map((found) => found.one);
}

/** Whose a new building is: the smallest area of the first of these kinds that a spot lies in. */
export function around(shapes: Shapes, spot: Spot, kinds: readonly AreaKind[]): AreaShape | null {
  for (const kind of kinds) {
    const found = shapes.areas.filter((one) => one.kind === kind && ringsOf(one.geometry).some((ring) => inside(spot, ring))).sort((a, b) => a.size - b.size)[0];
    if (found !== undefined) return found;
  }
  return null;
}

/** The next free number under a parent: 1-1-16. A village's grids are 1, 2, 3. */
export function nextCode(shapes: Shapes, parent: AreaShape): string {
  const head = parent.kind === "village" ? "" : `${parent.code}-`;
  let most = 0;
  for (const one of shapes.areas) {
    if (one.kind === "village" || !one.code.startsWith(head)) continue;
    const rest = one.code.slice(head.length);
    if (/^\d+$/.test(rest)) most = Math.max(most, Number(rest));
  }
  return `${head}${most + 1}`;
}
