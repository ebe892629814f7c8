/** The map's own style: everything it draws is ours and comes from the server; no tiles, glyphs or pictures from elsewhere. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { COLOURS, stepOf, STEPS, type Count } from "../coverage";
import { isBuilding, inForce, linesOf, type Shapes } from "../shapes";
import { GROUND, type Theme } from "./theme";

type Collection = { type: "FeatureCollection"; features: { type: "Feature"; id: number; properties: Record<string, unknown>; geometry: unknown }[] };
export interface Layers {
  areas: Collection;
  roofs: Collection;
  dots: Collection;
  lines: Collection;
}
const none = (): Collection => ({ type: "FeatureCollection", features: [] });

/** The sources' data: once a map, not once a tick. */
export function layersOf(shapes: Shapes, now: number, counts: ReadonlyMap<string, Count>): Layers {
  const layers: Layers = { areas: none(), roofs: none(), dots: none(), lines: none() };
  for (const one of shapes.areas) {
    if (one.geometry === null) continue;
    const to = !isBuilding(one.kind) ? layers.areas : one.geometry.type === "Point" ? layers.dots : layers.roofs;
    to.features.push({ type: "Feature", id: one.n, properties: { kind: one.kind, n: one.n, step: STEPS.indexOf(stepOf(counts.get(one.code))) }, geometry: one.geometry });
  }
  for (const one of shapes.marks) {
    if (linesOf(one.geometry).length === 0) continue;
    layers.lines.features.push({ type: "Feature", id: one.n, properties: { kind: one.kind, street: one.use === "street", now: inForce(one, now), n: one.n }, geometry: one.geometry });
  }
  return layers;
}

const byStep = (theme: Theme): ExpressionSpecification =>
  ["match", ["coalesce", ["feature-state", "step"], ["get", "step"], 0], ...STEPS.flatMap((step, at) => [at, COLOURS[theme][step]]), COLOURS[theme].none] as unknown as ExpressionSpecification;
const whether = (name: string, yes: unknown, no: unknown): ExpressionSpecification => ["case", ["boolean", ["feature-state", name], false], yes, no] as unknown as ExpressionSpecification;
/** A width on the ground: doubles with each zoom level. */
const ground = (metres: number): ExpressionSpecification => ["interpolate", ["exponential", 2], ["zoom"], 13, Math.max(0.4, metres * 0.11), 22, metres * 56] as unknown as ExpressionSpecification;
const kind = (...kinds: string[]): ExpressionSpecification => ["in", ["get", "kind"], ["literal", kinds]] as unknown as ExpressionSpecification;

function groundLayers(theme: Theme): LayerSpecification[] {
  const look = GROUND[theme];
  const round = { "line-cap": "round" as const, "line-join": "round" as const };
  return [
    { id: "around", type: "background", paint: { "background-color": look.around } },
    { id: "village", type: "fill", source: "areas", filter: kind("village"), paint: { "fill-color": look.village } },
    { id: "lane-edge", type: "line", source: "lines", filter: kind("lane"), layout: round, paint: { "line-color": look.laneEdge, "line-width": ground(4) } },
    { id: "lane", type: "line", source: "lines", filter: kind("lane"), layout: round, paint: { "line-color": look.lane, "line-width": ground(3) } },
    { id: "cell-line", type: "line", source: "areas", filter: kind("cell"), minzoom: 15.5, layout: round, paint: { "line-color": look.cellLine, "line-width": 1.4, "line-dasharray": [5, 3] } },
    { id: "grid-line", type: "line", source: "areas", filter: kind("grid"), layout: round, paint: { "line-color": look.gridLine, "line-width": 2.2 } },
    { id: "village-line", type: "line", source: "areas", filter: kind("village"), layout: round, paint: { "line-color": look.villageLine, "line-width": 3.2 } },
    { id: "area-chosen", type: "line", source: "areas", layout: round, paint: { "line-color": look.chosen, "line-width": 5, "line-opacity": whether("chosen", 0.85, 0) } },
  ];
}

function roofLayers(theme: Theme): LayerSpecification[] {
  const look = GROUND[theme];
  return [
    { id: "roof", type: "fill", source: "roofs", paint: { "fill-color": byStep(theme), "fill-opacity": whether("dim", 0.13, 1) } },
    { id: "roof-line", type: "line", source: "roofs", paint: { "line-color": look.roofLine, "line-width": ["interpolate", ["linear"], ["zoom"], 15, 0.3, 19, 1.2], "line-opacity": whether("dim", 0.25, 1) } },
    { id: "dot", type: "circle", source: "dots", paint: { "circle-color": byStep(theme), "circle-opacity": whether("dim", 0.13, 1), "circle-stroke-color": look.roofLine, "circle-stroke-width": 1.2, "circle-radius": ["interpolate", ["exponential", 1.6], ["zoom"], 14, 3, 20, 18] } },
    { id: "dot-chosen", type: "circle", source: "dots", paint: { "circle-color": "rgba(0,0,0,0)", "circle-radius": ["interpolate", ["exponential", 1.6], ["zoom"], 14, 6, 20, 22], "circle-stroke-color": look.chosen, "circle-stroke-width": whether("chosen", 3, 0) } },
    { id: "roof-chosen", type: "line", source: "roofs", paint: { "line-color": look.chosen, "line-width": whether("chosen", 4, 0) } },
  ];
}

function lineLayers(theme: Theme): LayerSpecification[] {
  const look = GROUND[theme];
  return [
    { id: "barrier-halo", type: "line", source: "lines", filter: kind("barrier"), paint: { "line-color": look.halo, "line-width": 7 } },
    { id: "barrier", type: "line", source: "lines", filter: ["all", kind("barrier"), ["==", ["get", "now"], true]] as unknown as ExpressionSpecification, paint: { "line-color": look.barrier, "line-width": 4 } },
    { id: "barrier-not", type: "line", source: "lines", filter: ["all", kind("barrier"), ["==", ["get", "now"], false]] as unknown as ExpressionSpecification, paint: { "line-color": look.barrier, "line-width": 2.5, "line-dasharray": [2, 2] } },
    { id: "draft-fill", type: "fill", source: "draft", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": look.draft, "fill-opacity": 0.18 } },
    { id: "draft-line", type: "line", source: "draft", paint: { "line-color": look.draft, "line-width": 2.5 } },
  ];
}

export function styleOf(theme: Theme, data: Layers): StyleSpecification {
  const source = (one: Collection) => ({ type: "geojson" as const, data: one as never, tolerance: 0.1, buffer: 32, maxzoom: 20 });
  return {
    version: 8,
    sources: { areas: source(data.areas), roofs: source(data.roofs), dots: source(data.dots), lines: source(data.lines), draft: source(none()) },
    layers: [...groundLayers(theme), ...roofLayers(theme), ...lineLayers(theme)],
  };
}
