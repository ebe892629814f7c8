/** The drawn map: maplibre below, what is written above it. Colours change by the state of single features; nothing is loaded anew for a tick. */
import { Map as Maplibre, ScaleControl, setWorkerUrl, type MapMouseEvent } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { stepOf, STEPS, type Count } from "../coverage";
import { inside, mercator, type Bounds, type Spot } from "../geo/plane";
import { ringsOf, type Geometry, type Shapes } from "../shapes";
import { write, type PhoneMark, type Written } from "./labels";
import { layersOf, styleOf } from "./style";
import type { Theme } from "./theme";
import { t } from "../../../words";

setWorkerUrl(workerUrl);

export interface ViewOptions {
  shapes: Shapes;
  theme: Theme;
  /** what a screen reader calls it */
  title: string;
  dates: Written["dates"];
  /** as it stands when the map is first drawn, so that it comes in its colours */
  counts?: ReadonlyMap<string, Count>;
  /** for paper: so many dots a CSS pixel, one area, nobody touches it */
  paper?: { area: string; dots: number };
  onChoose?: (n: number | null) => void;
}
const ROOFS = ["roof", "dot"];
/** Around what is shown, more where legend and buttons float. */
function room(box: HTMLElement): { top: number; bottom: number; left: number; right: number } {
  const edge = Math.min(48, box.clientWidth * 0.06);
  return box.clientWidth > 860 ? { top: 40, bottom: 40, left: 270, right: 76 } : { top: Math.max(edge, 60), bottom: edge + 30, left: edge, right: edge };
}

export class MapView {
  readonly map: Maplibre;
  private readonly canvas = document.createElement("canvas");
  private readonly steps = new Map<number, number>();
  private readonly source = new Map<number, "roofs" | "dots" | "areas">();
  private chosen: number | null = null;
  private ready = false;
  /** where the map was sent last, until a hand moved it elsewhere */
  private aim: ((calm: boolean) => void) | null = null;
  private wish: (() => void)[] = [];
  readonly written: Written;
  /** told with every frame, for what stands above the map */
  onFrame: (() => void) | null = null;
  /** a drawing is under work: clicks belong to it */
  onPoint: ((spot: Spot, exact: boolean) => void) | null = null;

  constructor(readonly box: HTMLElement, private readonly options: ViewOptions) {
    const paper = options.paper;
    this.written = { shapes: options.shapes, counts: options.counts ?? new Map(), dim: new Set(), phones: [], theme: options.theme, now: Date.now(), paper: paper?.area ?? null, dates: options.dates };
    this.index(options.shapes);
    this.map = new Maplibre({
      container: box, style: styleOf(options.theme, layersOf(options.shapes, this.written.now, this.written.counts)), attributionControl: false, interactive: paper === undefined, maxZoom: 23, minZoom: 10, dragRotate: false, pitchWithRotate: false,
      fadeDuration: 0, maxPitch: 0, renderWorldCopies: false, ...(paper === undefined ? {} : { pixelRatio: paper.dots }), canvasContextAttributes: { preserveDrawingBuffer: paper !== undefined, antialias: paper !== undefined }, // lines and roofs have soft edges of their own; a desk without a graphics card pays four times
      locale: { "Map.Title": options.title, "ScaleControl.Meters": t("map.metres"), "ScaleControl.Kilometers": t("map.kilometres") }, ...this.start(options.shapes.bounds),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.doubleClickZoom.disable();
    if (paper === undefined) this.map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-right");
    this.map.on("load", () => {
      this.ready = true;
      for (const wish of this.wish) wish();
      this.wish = [];
    });
    // a panel opens beside it and the map is made smaller: what it was to show is shown again
    this.map.on("resize", () => this.aim?.(true));
    this.map.on("movestart", (event) => { if (event.originalEvent !== undefined) this.aim = null; });
    const { bounds } = options.shapes;
    if (bounds !== null && paper === undefined) this.aim = this.fitting(bounds);
    this.canvas.className = "map-written";
    this.canvas.setAttribute("aria-hidden", "true");
    this.map.getCanvasContainer().append(this.canvas);
    this.map.on("render", () => this.write());
    this.map.once("idle", () => performance.mark("map coloured")); // tests/measure/map_large.ts
    this.map.on("click", (event) => this.click(event));
    this.map.getCanvas().addEventListener("keydown", (event) => event.key === "Enter" && this.enter());
    this.map.on("mousemove", (event) => (this.map.getCanvas().style.cursor = this.onPoint !== null ? "crosshair" : this.under(event.point) === null ? "" : "pointer"));
  }

  private start(bounds: Bounds | null): object {
    return bounds === null ? { center: [118.55, 24.75], zoom: 15 } : { bounds: [bounds.west, bounds.south, bounds.east, bounds.north], fitBoundsOptions: { padding: room(this.box) } };
  }

  private index(shapes: Shapes): void {
    this.source.clear();
    this.steps.clear();
    for (const one of shapes.buildings) this.steps.set(one.n, STEPS.indexOf(stepOf(this.written.counts.get(one.code)))); // the data come in these colours
    for (const one of shapes.areas) if (one.geometry !== null) this.source.set(one.n, one.kind !== "building" && one.kind !== "factory" ? "areas" : one.geometry.type === "Point" ? "dots" : "roofs");
  }

  private later(wish: () => void): void {
    if (this.ready) wish();
    else this.wish.push(wish);
  }

  private state(n: number, state: Record<string, unknown>): void {
    const source = this.source.get(n);
    if (source !== undefined) this.map.setFeatureState({ source, id: n }, state);
  }

  /** Something was drawn or changed: the only time that sources get other data. */
  setShapes(shapes: Shapes): void {
    this.written.shapes = shapes;
    this.index(shapes);
    const layers = layersOf(shapes, this.written.now, this.written.counts);
    this.later(() => {
      for (const [name, data] of Object.entries(layers)) {
        this.map.removeFeatureState({ source: name });
        (this.map.getSource(name) as { setData?: (data: unknown) => void } | undefined)?.setData?.(data);
      }
      this.paint();
      for (const n of this.written.dim) this.state(n, { dim: true });
      if (this.chosen !== null) this.state(this.chosen, { chosen: true });
    });
  }

  setCounts(counts: ReadonlyMap<string, Count>): void {
    this.written.counts = counts;
    this.later(() => this.paint());
  }

  /** Only what is another colour than before. */
  private paint(): void {
    for (const one of this.written.shapes.buildings) {
      const step = STEPS.indexOf(stepOf(this.written.counts.get(one.code)));
      if (this.steps.get(one.n) === step) continue;
      this.steps.set(one.n, step);
      this.state(one.n, { step });
    }
    this.map.triggerRepaint();
  }

  setDim(dim: ReadonlySet<number>): void {
    const before = this.written.dim;
    this.written.dim = dim;
    this.later(() => {
      for (const n of before) if (!dim.has(n)) this.state(n, { dim: false });
      for (const n of dim) if (!before.has(n)) this.state(n, { dim: true });
      this.map.triggerRepaint();
    });
  }

  setPhones(phones: readonly PhoneMark[]): void {
    this.written.phones = phones;
    this.map.triggerRepaint();
  }

  choose(n: number | null): void {
    const before = this.chosen;
    this.chosen = n;
    this.later(() => {
      if (before !== null) this.state(before, { chosen: false });
      if (n !== null) this.state(n, { chosen: true });
    });
  }

  draft(geometry: Geometry | null): void {
    this.later(() => {
      const source = this.map.getSource("draft") as { setData?: (data: unknown) => void } | undefined;
      source?.setData?.({ type: "FeatureCollection", features: geometry === null ? [] : [{ type: "Feature", properties: {}, geometry }] });
    });
  }

  private go(way: (calm: boolean) => void): void {
    this.aim = way;
    way(matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  private fitting(bounds: Bounds) {
    return (calm: boolean) => void this.map.fitBounds([bounds.west, bounds.south, bounds.east, bounds.north], { padding: room(this.box), maxZoom: 21, animate: !calm, duration: 400 });
  }

  fit(bounds: Bounds): void {
    this.go(this.fitting(bounds));
  }

  /** One step nearer (1) or farther (-1). */
  zoom(by: number): void {
    this.aim = null;
    this.map.zoomTo(this.map.getZoom() + by);
  }

  /** Into the middle, near enough to read it. */
  centre(spot: Spot): void {
    const zoom = Math.max(this.map.getZoom(), 19.5);
    this.go((calm) => this.map.easeTo({ center: spot, zoom, animate: !calm, duration: 400 }));
  }

  project(spot: Spot): { x: number; y: number } {
    return this.map.project(spot);
  }

  unproject(x: number, y: number): Spot {
    return this.map.unproject([x, y]).toArray() as Spot;
  }

  metresPerPixel(): number {
    const centre = this.map.getCenter();
    return (Math.cos((centre.lat * Math.PI) / 180) * 40075016.7) / (512 * 2 ** this.map.getZoom());
  }

  /** What lies under a finger: a building before the area it stands in. */
  private under({ x, y }: { x: number; y: number }): number | null {
    if (!this.ready) return null;
    const reach = 4;
    const box: [[number, number], [number, number]] = [[x - reach, y - reach], [x + reach, y + reach]];
    const exact = this.map.queryRenderedFeatures([x, y], { layers: ROOFS });
    const found = exact[0] ?? this.map.queryRenderedFeatures(box, { layers: [...ROOFS, "barrier", "barrier-not"] })[0];
    if (found !== undefined) return Number(found.id);
    for (const mark of this.written.shapes.marks) {
      if (mark.kind !== "gate" || mark.spot === null) continue;
      const at = this.map.project(mark.spot);
      if (Math.hypot(at.x - x, at.y - y) < 18) return mark.n;
    }
    return null;
  }

  private click(event: MapMouseEvent): void {
    if (this.onPoint !== null) this.onPoint(event.lngLat.toArray() as Spot, event.originalEvent.altKey);
    else this.options.onChoose?.(this.under(event.point));
  }

  /** The same by keyboard, for what lies in the middle, drawn already or not. */
  private enter(): void {
    const middle = this.map.getCenter();
    const spot = middle.toArray() as Spot;
    const roof = this.written.shapes.buildings.find((one) => ringsOf(one.geometry).some((ring) => inside(spot, ring)));
    if (this.onPoint !== null) this.onPoint(spot, false);
    else this.options.onChoose?.(roof?.n ?? this.under(this.map.project(middle)));
  }

  /** map.project for thousands of spots a frame: nothing here is turned or tilted, so that it is a shift and a scale. */
  private projection(): (spot: Spot) => { x: number; y: number } {
    const centre = this.map.getCenter();
    const at = this.map.project(centre);
    const [cx, cy] = mercator([centre.lng, centre.lat]);
    const size = 512 * 2 ** this.map.getZoom();
    return (spot) => {
      const [x, y] = mercator(spot);
      return { x: at.x + (x - cx) * size, y: at.y + (y - cy) * size };
    };
  }

  private write(): void {
    const { canvas, map } = this;
    const below = map.getCanvas();
    const width = below.clientWidth, height = below.clientHeight;
    const dots = map.getPixelRatio();
    const w = Math.round(width * dots), h = Math.round(height * dots);
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w;
      canvas.height = h;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const pen = canvas.getContext("2d")!;
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.clearRect(0, 0, width, height);
    write(pen, width, height, this.written, this.projection());
    this.onFrame?.();
  }

  /** Everything has been drawn, colours and all. */
  settled(): Promise<void> {
    return new Promise((done) => {
      this.later(() => {
        this.map.once("idle", () => done());
        this.map.triggerRepaint();
      });
    });
  }

  /** Map and writing as one picture. */
  picture(): HTMLCanvasElement {
    const below = this.map.getCanvas();
    const whole = document.createElement("canvas");
    whole.width = below.width;
    whole.height = below.height;
    const pen = whole.getContext("2d")!;
    pen.drawImage(below, 0, 0);
    pen.drawImage(this.canvas, 0, 0, below.width, below.height);
    return whole;
  }

  end(): void {
    this.map.remove();
  }
}
