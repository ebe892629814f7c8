/** A drawing at work, with its form: what is drawn, what is typed, how it is kept. The map and the panel both look at this. */
import { computed, signal } from "@preact/signals";
import { ApiError, areasAdd, areasSet, areasShow, featuresAdd, featuresEnd, featuresSet, type AreaNew, type FeatureNew } from "../../../api/api";
import { newId } from "../../../base/ids";
import { trouble, type Trouble } from "../../base/asked";
import { api, may, me } from "../../session/session";
import { moved, type Spot } from "../geo/plane";
import { snap } from "../geo/snap";
import type { MapModel } from "../model";
import { around, isBuilding, linesOf, nextCode, ringsOf, type AreaKind, type AreaShape, type Geometry, type MarkKind, type MarkShape } from "../shapes";
import { added, chose, drawingOf, empty, equal, geometryOf, placed, removed, split, wrong, type Drawing, type Form } from "./drawing";
import { begun, did, redone, replaced, undone, type History } from "./history";

export type What = "grid" | "cell" | "building" | "building_point" | "factory" | "lane" | "barrier" | "gate";
export const FORMS: Record<What, Form> = { grid: "ring", cell: "ring", building: "ring", building_point: "point", factory: "ring", lane: "line", barrier: "line", gate: "point" };
export interface Values {
  code: string;
  name: string;
  address: string;
  floors: string;
  use: string;
  parent: string;
  from: string;
  to: string;
}
const blank: Values = { code: "", name: "", address: "", floors: "", use: "", parent: "", from: "", to: "" };
const SNAP_PIXELS = 12;

export const isMark = (what: What): what is MarkKind => what === "lane" || what === "barrier" || what === "gate";
const kindOf = (what: What): AreaKind | MarkKind => (what === "building_point" ? "building" : what);
const PARENTS: Partial<Record<string, AreaKind[]>> = { grid: ["village"], cell: ["grid", "village"], building: ["cell", "grid", "village"], factory: ["cell", "grid", "village"] };

/** Lanes, gates and barriers lie in no area: they ask for the whole site. An area asks for the one that it is to lie in (spec/routes/map.json). */
export function mayNew(model: MapModel, what: What): boolean {
  return isMark(what) ? may("area.write", true) : parentsOf(model, what).length > 0;
}
export const mayChange = (model: MapModel, one: AreaShape | MarkShape): boolean => ("address" in one ? one.kind !== "village" && model.mayDraw(one) : may("area.write", true));
const parentsOf = (model: MapModel, what: What): AreaShape[] => model.shapes.value.areas.filter((one) => PARENTS[kindOf(what)]?.includes(one.kind) && model.mayDraw(one));
export const whatOf = (one: AreaShape | MarkShape): What => (one.kind === "village" ? "grid" : one.kind === "building" && one.geometry?.type === "Point" ? "building_point" : one.kind);

/** A moment as the browser's field for it writes one, in this place's time. */
export function localText(ms: number | null): string {
  if (ms === null) return "";
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
const momentOf = (text: string): string | null => (text === "" ? null : new Date(text).toISOString());

export class Editor {
  readonly history: ReturnType<typeof signal<History<Drawing>>>;
  readonly values = signal<Values>(blank);
  readonly snaps = signal(true);
  readonly busy = signal(false);
  readonly failed = signal<Trouble | null>(null);
  readonly conflict = signal(false);
  /** its outline cannot be drawn here (several parts): only its words can be changed */
  readonly wordsOnly: boolean;
  private version: string | null = null;
  private readonly first: Drawing;
  private firstValues = blank;
  /** What was sent last and under which key: sent again because no answer came, it is not made twice. */
  private sent = { text: "", key: "" };

  /** model: of the map that it is drawn on now; the drawing outlives one */
  constructor(public model: MapModel, readonly what: What, readonly old: AreaShape | MarkShape | null) {
    const had = old?.geometry ? drawingOf(old.geometry) : null;
    this.wordsOnly = old?.geometry != null && had === null;
    this.first = had ?? empty(FORMS[what]);
    this.history = signal(begun(this.first));
    if (old !== null) this.values.value = { ...blank, code: old.code, name: old.name, ...("address" in old ? { address: old.address, floors: old.floors > 0 ? String(old.floors) : "", use: old.use } : { from: localText(old.from), to: localText(old.to) }) };
    this.firstValues = this.values.value;
    this.version = old?.version ?? null;
  }

  get drawing(): Drawing {
    return this.history.value!.now;
  }
  readonly wrong = computed(() => (this.wordsOnly ? null : wrong(this.drawing)));
  readonly dirty = computed(() => !equal(this.drawing, this.first) || this.values.value !== this.firstValues);
  get geometry(): Geometry {
    return this.wordsOnly ? this.old!.geometry! : geometryOf(this.drawing);
  }

  /** An area's version, and its words as they are now. */
  async begin(): Promise<void> {
    if (this.old === null || isMark(this.what)) return;
    try {
      const now = await areasShow(api(), this.old.id);
      this.version = now.version;
      const values = { ...this.values.value, name: now.name, address: now.address, use: now.use, floors: now.floors > 0 ? String(now.floors) : "" };
      if (this.values.value !== this.firstValues) return;
      this.values.value = this.firstValues = values;
    } catch (error) {
      this.failed.value = trouble(error);
    }
  }

  /** Corners and sides of everything else. */
  private lines(): Spot[][] {
    const { areas, marks } = this.model.shapes.value;
    return [...areas, ...marks].filter((one) => one.id !== this.old?.id && one.geometry !== null).flatMap((one) => [...linesOf(one.geometry), ...ringsOf(one.geometry)]);
  }
  snapped(spot: Spot, metresPerPixel: number, exact: boolean): Spot {
    return exact || !this.snaps.value ? spot : snap(spot, this.lines(), SNAP_PIXELS * metresPerPixel).spot;
  }

  private step(next: Drawing): void {
    this.history.value = did(this.history.value!, next);
    this.guess();
  }
  add(spot: Spot): void {
    this.step(added(this.drawing, spot));
  }
  split(at: number): void {
    this.step(split(this.drawing, at));
  }
  remove(at: number): void {
    this.step(removed(this.drawing, at));
  }
  clear(): void {
    this.step(empty(this.drawing.form));
  }
  choose(at: number): void {
    this.history.value = { ...this.history.value!, now: chose(this.drawing, at) };
  }
  /** The first move of a drag is a step, the others go on with it. */
  place(at: number, spot: Spot, first: boolean): void {
    const next = placed(this.drawing, at, spot);
    this.history.value = first ? did(this.history.value!, next) : replaced(this.history.value!, next);
  }
  nudge(at: number, east: number, north: number): void {
    const spot = this.drawing.spots[at];
    if (spot !== undefined) this.step(placed(this.drawing, at, moved(spot, east, north)));
  }
  undo(): void {
    this.history.value = undone(this.history.value!);
  }
  redo(): void {
    this.history.value = redone(this.history.value!);
  }

  parents(): AreaShape[] {
    return parentsOf(this.model, this.what);
  }
  /** Where the first corner lies says whose it is, until somebody says otherwise. */
  private guess(): void {
    const spot = this.drawing.spots[0];
    if (this.old !== null || isMark(this.what) || spot === undefined || this.values.value.parent !== "") return;
    const parent = around(this.model.shapes.value, spot, PARENTS[kindOf(this.what)] ?? []);
    if (parent !== null && this.model.mayDraw(parent)) this.set({ parent: parent.id, ...(this.values.value.code === "" ? { code: nextCode(this.model.shapes.value, parent) } : {}) });
  }
  set(some: Partial<Values>): void {
    this.values.value = { ...this.values.value, ...some };
  }
  setParent(id: string): void {
    const parent = this.parents().find((one) => one.id === id);
    this.set({ parent: id, ...(parent === undefined ? {} : { code: nextCode(this.model.shapes.value, parent) }) });
  }

  /** null: it can be kept. */
  fault(): "code" | "parent" | "dates" | null {
    const { code, parent, from, to } = this.values.value;
    if (!isMark(this.what) && this.old === null && parent === "") return "parent";
    if (!isMark(this.what) && this.old === null && code.trim() === "") return "code";
    return from !== "" && to !== "" && Date.parse(from) >= Date.parse(to) ? "dates" : null;
  }

  private once(body: unknown): { once: string } {
    const text = JSON.stringify(body);
    if (text !== this.sent.text) this.sent = { text, key: newId() };
    return { once: this.sent.key };
  }

  private async send(): Promise<string> {
    const { code, name, address, floors, use, parent, from, to } = this.values.value;
    const kind = kindOf(this.what);
    const given = (text: string): string | null => (text.trim() === "" ? null : text.trim());
    const mark = { name: given(name), from: momentOf(from), to: momentOf(to) };
    const area = isBuilding(kind) ? { name: given(name), address: given(address), use: given(use), floors: Number(floors) || null } : { name: given(name) };
    if (this.old === null) {
      if (isMark(this.what)) {
        const body: FeatureNew = { kind: this.what, code: given(code), ...mark, geometry: this.geometry };
        return (await featuresAdd(api(), body, this.once(body))).id;
      }
      const body: AreaNew = { kind: kind as AreaKind, code: code.trim(), parent: this.parents().find((one) => one.id === parent)?.code ?? null, ...area, geometry: this.geometry };
      return (await areasAdd(api(), body, this.once(body))).id;
    }
    const extra = this.version === null ? {} : { version: this.version };
    const drawn = this.wordsOnly || this.drawing.spots.length === 0 ? {} : { geometry: this.geometry };
    if (isMark(this.what)) await featuresSet(api(), this.old.id, { ...mark, ...drawn }, extra);
    else await areasSet(api(), this.old.id, { ...area, ...drawn }, extra);
    return this.old.id;
  }

  /** The id of what was kept; null: it was not, and failed or conflict says why. */
  async save(): Promise<string | null> {
    if (this.busy.value) return null; // a second tap while the first is under way
    this.busy.value = true;
    this.failed.value = null;
    this.conflict.value = false;
    try {
      return await this.send();
    } catch (error) {
      if (error instanceof ApiError && (error.problem.code === "MOVED_ON" || error.problem.status === 412)) this.conflict.value = true;
      else this.failed.value = trouble(error);
      return null;
    } finally {
      this.busy.value = false;
    }
  }

  /** The other's change was seen, and this one is to stand. */
  async saveOver(): Promise<string | null> {
    try {
      this.version = this.old !== null && !isMark(this.what) ? (await areasShow(api(), this.old.id)).version : null;
    } catch (error) {
      this.failed.value = trouble(error);
      return null;
    }
    return this.save();
  }

  /** What is on the map can be taken away from now on (what was, stays known); what has ended already cannot. */
  get stands(): boolean {
    return this.old !== null && !("address" in this.old) && (this.old.to === null || this.old.to > Date.now());
  }
  async destroy(): Promise<boolean> {
    this.busy.value = true;
    this.failed.value = null;
    try {
      await featuresEnd(api(), this.old!.id, this.version === null ? {} : { version: this.version });
      return true;
    } catch (error) {
      this.failed.value = trouble(error);
      return false;
    } finally {
      this.busy.value = false;
    }
  }
}

/** What is being drawn. It stays when somebody goes to look at another page in between, and until somebody else signs in. */
export const underWork = signal<Editor | null>(null);
let drew: string | null | undefined;
me.subscribe((who) => {
  if (!who) return;
  if (who.member !== drew) underWork.value = null;
  drew = who.member;
});
