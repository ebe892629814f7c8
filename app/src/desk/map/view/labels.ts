/**
 * What is written on the map: numbers and names on a canvas above it, drawn anew with every frame. So Chinese needs no fonts from a server, a number
 * changes without the map loading anything, and the same hand writes for the screen and for paper.
 */
import { INK, stepOf, type Count, type Step } from "../coverage";
import type { Spot } from "../geo/plane";
import { inForce, isBuilding, linesOf, ringsOf, under, type AreaShape, type MarkShape, type Shapes } from "../shapes";
import { GROUND, type Ground, type Theme } from "./theme";

export interface PhoneMark {
  spot: Spot;
  label: string;
  /** heard of lately */
  fresh: boolean;
}
export interface Written {
  shapes: Shapes;
  counts: ReadonlyMap<string, Count>;
  /** buildings that stand back are not written on */
  dim: ReadonlySet<number>;
  phones: readonly PhoneMark[];
  theme: Theme;
  now: number;
  /** paper: codes are always written, and only those under this area */
  paper: string | null;
  /** the words of dates beside a barrier */
  dates: (mark: MarkShape) => string;
}
export type Project = (spot: Spot) => { x: number; y: number };
interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

const FONT = '"PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "WenQuanYi Micro Hei", system-ui, sans-serif';
/** In whole pixels: a browser keeps what it has shaped by font, and a village of fractions of a pixel would be shaped anew with every frame. */
const font = (size: number, weight = 400): string => `${weight} ${Math.round(size)}px ${FONT}`;

const meets = (box: Box, others: readonly Box[]): boolean => others.some((one) => box.x < one.x + one.w && one.x < box.x + box.w && box.y < one.y + one.h && one.y < box.y + box.h);

class Hand {
  private taken: Box[] = [];
  /** where numbers stand: a plate goes elsewhere if it can */
  private numbers: Box[] = [];
  private style = "";
  constructor(readonly pen: CanvasRenderingContext2D, readonly width: number, readonly height: number, readonly look: Ground) {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
  }
  away(x: number, y: number, margin = 60): boolean {
    return x < -margin || y < -margin || x > this.width + margin || y > this.height + margin;
  }
  /** Reading a font's words takes longer than writing with it. */
  font(style: string): void {
    if (style !== this.style) this.pen.font = this.style = style;
  }
  take(box: Box): void {
    this.taken.push(box);
  }
  number(box: Box): void {
    this.numbers.push(box);
  }
  text(text: string, x: number, y: number, style: string, colour: string, halo: string | null = this.look.halo): void {
    this.font(style);
    if (halo !== null) {
      this.pen.strokeStyle = halo;
      this.pen.lineWidth = 3.5;
      this.pen.strokeText(text, x, y);
    }
    this.pen.fillStyle = colour;
    this.pen.fillText(text, x, y);
  }
  /** Words on a small plate, so far above or below a spot; where both are taken by other plates there is none. */
  plate(text: string, x: number, at: number, off: readonly number[], size: number, ink: string, back: string, weight = 600): void {
    this.font(font(size, weight));
    const w = this.pen.measureText(text).width + size;
    const h = size * 1.6;
    if (x > 0 && x < this.width) x = Math.max(w / 2 + 4, Math.min(this.width - w / 2 - 4, x));
    const places = off.map((far) => ({ x: x - w / 2, y: at + far - h / 2, w, h })).filter((box) => !meets(box, this.taken));
    const place = places.find((box) => !meets(box, this.numbers)) ?? places[0];
    if (place === undefined) return;
    this.take(place);
    const y = place.y + h / 2;
    this.pen.fillStyle = back;
    this.pen.beginPath();
    this.pen.roundRect(x - w / 2, y - h / 2, w, h, h / 2);
    this.pen.fill();
    this.pen.fillStyle = ink;
    this.pen.fillText(text, x, y + size * 0.06);
  }
}

/** A number that a village reads at a glance: so many are missing; a tick: nobody is. */
const sign = (step: Step, count: Count | undefined): string => (step === "none" ? "" : step === "done" ? "✓" : String(count!.missing));

/** As much of it as fits. */
function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  for (let size = text.length - 1; size > 1; size--) if (pen.measureText(`${text.slice(0, size)}…`).width <= width) return `${text.slice(0, size)}…`;
  return "";
}

function sizeOn(one: AreaShape, project: Project): { w: number; h: number } {
  if (one.box === null || one.geometry?.type === "Point") return { w: 30, h: 30 };
  const a = project([one.box.west, one.box.north]);
  const b = project([one.box.east, one.box.south]);
  return { w: Math.abs(b.x - a.x), h: Math.abs(b.y - a.y) };
}

const hatches = new Map<string, HTMLCanvasElement>();
/** Slanted lines: nobody is owed there. */
function hatch(colour: string): HTMLCanvasElement {
  const known = hatches.get(colour);
  if (known !== undefined) return known;
  const tile = document.createElement("canvas");
  const size = (tile.width = tile.height = 8);
  const pen = tile.getContext("2d")!;
  pen.strokeStyle = colour;
  pen.lineWidth = 1.6;
  for (const from of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(from - 1, size + 1);
    pen.lineTo(from + size + 1, -1);
    pen.stroke();
  }
  hatches.set(colour, tile);
  return tile;
}

function hatched(hand: Hand, one: AreaShape, project: Project): void {
  const { pen } = hand;
  pen.beginPath();
  for (const ring of ringsOf(one.geometry)) {
    for (const [at, spot] of ring.entries()) {
      const { x, y } = project(spot);
      if (at === 0) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    }
    pen.closePath();
  }
  pen.fillStyle = pen.createPattern(hatch(hand.look.hatch), "repeat")!;
  pen.fill("evenodd");
}

function roof(hand: Hand, what: Written, one: AreaShape, project: Project): void {
  const at = project(one.spot!);
  if (hand.away(at.x, at.y)) return;
  const { w, h } = sizeOn(one, project);
  const small = Math.min(w, h);
  const paper = what.paper !== null;
  if (small < 13 && !paper) return;
  const count = what.counts.get(one.code);
  const step = stepOf(count);
  const ink = INK[what.theme][step];
  if (step === "none") hatched(hand, one, project);
  const edge = step === "none" ? hand.look.halo : null;
  const main = sign(step, count);
  // "1-1-12" is six letters of half its height
  const codeSize = Math.max(paper ? 8 : 0, Math.min(14, w / (one.code.length * 0.62 + 0.4), h / 2.6));
  const withCode = paper || codeSize >= 9;
  if (!withCode) {
    if (main !== "") hand.number({ x: at.x - 8, y: at.y - 7, w: 16, h: 14 });
    if (main !== "") hand.text(main, at.x, at.y, font(Math.min(15, Math.max(10, small * 0.55)), 700), ink, null);
    return;
  }
  const wide = codeSize * one.code.length * 0.62 > w * 1.02;
  const place = what.shapes.byCode.size > 0 ? (one.name !== "" && one.name !== one.code ? one.name : one.address) : "";
  const third = h >= codeSize * 4.6 && w >= 78;
  if (third) hand.font(font(Math.min(11, codeSize * 0.85)));
  const words = third ? fitted(hand.pen, place, w - 8) : "";
  const lines = [{ text: one.code, size: codeSize, weight: 500 }, { text: main, size: Math.min(22, codeSize * 1.35), weight: 700 }, { text: words, size: Math.min(11, codeSize * 0.85), weight: 400 }].filter((line) => line.text !== "");
  let y = at.y - lines.reduce((sum, line) => sum + line.size * 1.22, 0) / 2;
  for (const line of lines) {
    y += line.size * 0.61;
    if (line.text === main) hand.number({ x: at.x - line.size, y: y - line.size / 2, w: 2 * line.size, h: line.size });
    hand.text(line.text, at.x, y, font(line.size, line.weight), wide && line.text === one.code ? hand.look.text : ink, wide && line.text === one.code ? hand.look.halo : edge);
    y += line.size * 0.61;
  }
}

function lane(hand: Hand, one: MarkShape, project: Project): void {
  if (one.name === "" || linesOf(one.geometry).length === 0) return;
  const spots = linesOf(one.geometry)[0]!.map(project);
  // along its longest straight stretch
  let from = 0, to = 0, best = 0;
  for (let a = 0; a + 1 < spots.length; a++) {
    for (let b = a + 1; b < spots.length; b++) {
      const direct = Math.hypot(spots[b]!.x - spots[a]!.x, spots[b]!.y - spots[a]!.y);
      let along = 0;
      for (let at = a; at < b; at++) along += Math.hypot(spots[at + 1]!.x - spots[at]!.x, spots[at + 1]!.y - spots[at]!.y);
      if (direct > best && direct > along * 0.99) [from, to, best] = [a, b, direct];
    }
  }
  if (best < one.name.length * 13 + 30) return;
  const a = spots[from]!, b = spots[to]!;
  const x = (a.x + b.x) / 2, y = (a.y + b.y) / 2;
  if (hand.away(x, y)) return;
  let turned = Math.atan2(b.y - a.y, b.x - a.x);
  if (turned > Math.PI / 2) turned -= Math.PI;
  if (turned <= -Math.PI / 2) turned += Math.PI;
  hand.font(font(11.5));
  hand.pen.save();
  hand.pen.translate(x, y);
  hand.pen.rotate(turned);
  hand.text(one.name, 0, 0, font(11.5), hand.look.soft);
  hand.pen.restore();
}

/** What has ended is drawn (dashed) and not named: the map would fill with the past. */
function barrier(hand: Hand, what: Written, one: MarkShape, project: Project): void {
  if ((one.to !== null && one.to <= what.now) || one.spot === null || linesOf(one.geometry).length === 0) return;
  const spots = linesOf(one.geometry)[0]!.map(project);
  const a = spots[0]!, b = spots.at(-1)!;
  if (Math.hypot(b.x - a.x, b.y - a.y) < 14) return;
  const x = (a.x + b.x) / 2, y = (a.y + b.y) / 2;
  if (hand.away(x, y)) return;
  const text = [one.name !== "" ? one.name : one.code, what.dates(one)].filter((part) => part !== "").join(" ");
  if (text !== "") hand.plate(text, x, y, [15, -15], 11, hand.look.halo, hand.look.barrier);
}

/** Two posts and a bar; the bar is up (slanted) where it is not in force. */
function gate(hand: Hand, what: Written, one: MarkShape, project: Project, named: boolean): void {
  if (one.spot === null) return;
  const { x, y } = project(one.spot);
  if (hand.away(x, y)) return;
  const { pen, look } = hand;
  const now = inForce(one, what.now);
  if (!named) {
    pen.fillStyle = look.gate;
    pen.beginPath();
    pen.arc(x, y, 4, 0, 2 * Math.PI);
    pen.fill();
    return;
  }
  pen.fillStyle = look.halo;
  pen.strokeStyle = look.gate;
  pen.lineWidth = 2.5;
  if (!now) pen.setLineDash([3, 3]);
  pen.beginPath();
  pen.arc(x, y, 12, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.setLineDash([]);
  pen.beginPath();
  pen.moveTo(x - 6, y + 6);
  pen.lineTo(x - 6, y - 5);
  pen.moveTo(x - 6, y - 1);
  pen.lineTo(x + 6, now ? y - 1 : y - 7);
  if (now) pen.moveTo(x + 6, y + 6), pen.lineTo(x + 6, y - 1);
  pen.stroke();
  hand.take({ x: x - 13, y: y - 13, w: 26, h: 26 });
  const text = [one.name !== "" ? one.name : one.code, what.dates(one)].filter((part) => part !== "").join(" ");
  if (text !== "") hand.plate(text, x, y, [24, -24], 11.5, look.halo, look.gate);
}

function phone(hand: Hand, one: PhoneMark, project: Project): void {
  const { x, y } = project(one.spot);
  if (hand.away(x, y)) return;
  const { pen, look } = hand;
  pen.globalAlpha = one.fresh ? 1 : 0.6;
  pen.fillStyle = look.phone;
  pen.strokeStyle = look.halo;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.roundRect(x - 6, y - 10, 12, 20, 3);
  pen.fill();
  pen.stroke();
  pen.fillStyle = look.halo;
  pen.fillRect(x - 3.5, y - 6.5, 7, 11);
  hand.take({ x: x - 8, y: y - 11, w: 16, h: 22 });
  pen.globalAlpha = 1;
  hand.plate(one.label, x, y, [-21, 21], 11, look.halo, one.fresh ? look.phone : look.soft, 500);
}

/** Nothing is written on roofs smaller than this. */
const READABLE = 15;
/** Lanes and gates are named when houses are as large. */
const NAMED = 22;

/** How wide a roof is on the map, usually: it decides what is written for all alike, so that no part of a village looks fuller than another. */
function usualRoof(what: Written, project: Project): number {
  const roofs = what.shapes.buildings.filter((one) => what.paper === null || under(one.code, what.paper));
  const some = roofs.filter((_, at) => at % Math.max(1, Math.floor(roofs.length / 25)) === 0).map((one) => sizeOn(one, project).w).sort((a, b) => a - b);
  return some[some.length >> 1] ?? 0;
}

/** Names of grids and cells, while their buildings are still too small to be read. */
function areaNames(hand: Hand, what: Written, project: Project, usual: number): void {
  for (const kind of ["grid", "cell"] as const) {
    for (const one of what.shapes.areas) {
      if (one.kind !== kind || one.spot === null || (what.paper !== null && !under(one.code, what.paper))) continue;
      const { w } = sizeOn(one, project);
      if (w < (kind === "grid" ? 60 : 100) || usual > (kind === "grid" ? 26 : 40) || (kind === "cell" && usual < READABLE)) continue;
      const at = project(one.spot);
      if (hand.away(at.x, at.y)) continue;
      const count = what.counts.get(one.code);
      const left = count !== undefined && count.owed > 0 ? (count.missing > 0 ? ` ${count.missing}` : " ✓") : "";
      hand.plate(`${one.name !== "" ? one.name : one.code}${left}`, at.x, at.y, [0], kind === "grid" ? 14 : 12, what.theme === "light" ? "#ffffff" : "#0b1512", kind === "grid" ? hand.look.gridLine : hand.look.soft);
    }
  }
}

export function write(pen: CanvasRenderingContext2D, width: number, height: number, what: Written, project: Project): void {
  const hand = new Hand(pen, width, height, GROUND[what.theme]);
  const usual = usualRoof(what, project);
  const named = usual === 0 || usual >= NAMED || what.paper !== null;
  if (named) for (const one of what.shapes.marks) if (one.kind === "lane") lane(hand, one, project);
  if (usual >= READABLE || what.paper !== null) {
    for (const one of what.shapes.buildings) {
      if (one.spot === null || what.dim.has(one.n) || !isBuilding(one.kind)) continue;
      if (what.paper === null || under(one.code, what.paper)) roof(hand, what, one, project);
    }
  }
  for (const one of what.shapes.marks) if (one.kind === "gate") gate(hand, what, one, project, named);
  if (named) for (const one of what.shapes.marks) if (one.kind === "barrier") barrier(hand, what, one, project);
  areaNames(hand, what, project, usual);
  for (const one of what.phones) phone(hand, one, project);
}
