/** A drawing under work: a point, a line or one ring, each vertex once, and which of them is chosen. Pure. */
import { wrongLine, wrongRing, type Wrong } from "../geo/check";
import { open, shut, type Spot } from "../geo/plane";
import type { Geometry } from "../shapes";

export type Form = "point" | "line" | "ring";
export interface Drawing {
  readonly form: Form;
  readonly spots: readonly Spot[];
  readonly chosen: number;
}

export const empty = (form: Form): Drawing => ({ form, spots: [], chosen: -1 });

/** Holes and further parts are not drawn here: what has them is told and left as it is. */
export function drawingOf(geometry: Geometry): Drawing | null {
  if (geometry.type === "Point") return { form: "point", spots: [geometry.coordinates], chosen: 0 };
  if (geometry.type === "LineString") return { form: "line", spots: geometry.coordinates, chosen: 0 };
  if (geometry.type === "Polygon" && geometry.coordinates.length === 1) return { form: "ring", spots: open(geometry.coordinates[0]!), chosen: 0 };
  return null;
}

/** Seven digits are a centimetre; more would only say that the hand trembled. */
const tidy = (spot: Spot): Spot => [Math.round(spot[0] * 1e7) / 1e7, Math.round(spot[1] * 1e7) / 1e7];

export function geometryOf(drawing: Drawing): Geometry {
  const spots = drawing.spots.map(tidy);
  if (drawing.form === "point") return { type: "Point", coordinates: spots[0] ?? [0, 0] };
  return drawing.form === "line" ? { type: "LineString", coordinates: spots } : { type: "Polygon", coordinates: [shut(spots)] };
}

/** Behind the chosen vertex; a point just moves. */
export function added(drawing: Drawing, spot: Spot): Drawing {
  if (drawing.form === "point") return { ...drawing, spots: [spot], chosen: 0 };
  const at = drawing.chosen < 0 ? drawing.spots.length : drawing.chosen + 1;
  return { ...drawing, spots: drawing.spots.toSpliced(at, 0, spot), chosen: at };
}

/** In the middle of the side behind a vertex; a line's end has none. */
export function split(drawing: Drawing, at: number): Drawing {
  const from = drawing.spots[at];
  const to = drawing.spots[at + 1] ?? (drawing.form === "ring" ? drawing.spots[0] : undefined);
  if (from === undefined || to === undefined || drawing.form === "point" || drawing.spots.length < 2) return drawing;
  return { ...drawing, spots: drawing.spots.toSpliced(at + 1, 0, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]), chosen: at + 1 };
}

export function placed(drawing: Drawing, at: number, spot: Spot): Drawing {
  if (drawing.spots[at] === undefined) return drawing;
  return { ...drawing, spots: drawing.spots.with(at, spot), chosen: at };
}

export function removed(drawing: Drawing, at: number): Drawing {
  if (drawing.spots[at] === undefined) return drawing;
  const spots = drawing.spots.toSpliced(at, 1);
  return { ...drawing, spots, chosen: Math.min(Math.max(at - 1, 0), spots.length - 1) };
}

export const chose = (drawing: Drawing, at: number): Drawing => (at === drawing.chosen ? drawing : { ...drawing, chosen: at });

export function wrong(drawing: Drawing): Wrong | null {
  if (drawing.form === "point") return drawing.spots.length === 1 ? null : { fault: "few", at: [] };
  return drawing.form === "line" ? wrongLine([...drawing.spots]) : wrongRing([...drawing.spots]);
}

export const equal = (a: Drawing, b: Drawing): boolean => a.spots.length === b.spots.length && a.spots.every((spot, at) => spot[0] === b.spots[at]![0] && spot[1] === b.spots[at]![1]);
