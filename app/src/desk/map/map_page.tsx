/** The map of the command post. */
import { effect } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Empty, Note } from "../../ui/parts";
import { query } from "../../ui/route";
import { t } from "../../words";
import { trouble } from "../base/asked";
import { Loading, Wrong } from "../base/shown";
import { round as liveRound } from "../live/live";
import { may } from "../session/session";
import { goWith } from "../tables/filter";
import { useAddress, type Thing } from "./address";
import { Choice, EditPanel } from "./edit/edit_panel";
import { Editor, mayChange, underWork, whatOf, type What } from "./edit/editor";
import { Handles } from "./edit/handles";
import "./map.css";
import { age, fresh, MapModel } from "./model";
import { Legend } from "./parts/legend";
import { BuildingList } from "./parts/list";
import { ThingPanel } from "./parts/panel";
import { Stage, Zoom } from "./parts/stage";
import { ToolBar } from "./parts/tool_bar";
import { PrintDialog } from "./print/print_sheet";
import { isBuilding, type AreaShape } from "./shapes";
import type { MapView } from "./view/map_view";

const PHONES_EVERY = 30000;

/** Colours, filters, choice and phones go from the model to the map as they change. */
function useShown(model: MapModel, view: MapView | null): void {
  useEffect(() => {
    if (view === null) return;
    const ends = [
      effect(() => view.setCounts(model.counts.value)),
      effect(() => view.setDim(model.dim.value)),
      effect(() => view.choose(model.chosen.value)),
      effect(() => {
        const now = Date.now();
        view.setPhones(model.phones.value.map((one) => ({ spot: one.spot, label: `${one.name} ${age(one.at, now)}`, fresh: fresh(one, now) })));
      }),
    ];
    return () => ends.forEach((end) => end());
  }, [model, view]);
}

/** Loads, and keeps up with the rounds and with where phones are. */
function useKept(model: MapModel): void {
  useEffect(() => {
    void model.load();
    void model.hearPhones();
    const timer = setInterval(() => document.visibilityState === "visible" && void model.hearPhones(), PHONES_EVERY);
    return () => clearInterval(timer);
  }, [model]);
  useEffect(() => effect(() => void model.follow(liveRound.value?.number)), [model]);
}

function show(view: MapView | null, one: Thing): void {
  if (view === null) return;
  if ("box" in one && one.box !== null && !isBuilding(one.kind)) view.fit(one.box);
  else if (one.spot !== null) view.centre(one.spot);
}

/** Nobody loses a drawing by closing the tab without a word. */
function useUnsaved(): void {
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => underWork.value?.dirty.value && event.preventDefault();
    window.addEventListener("beforeunload", leave);
    return () => window.removeEventListener("beforeunload", leave);
  }, []);
}

/** What was begun on another visit goes on, on this map; what was only opened is forgotten. */
function takeUp(model: MapModel): void {
  const editor = underWork.peek();
  if (editor === null) return;
  if (editor.dirty.peek()) editor.model = model;
  else underWork.value = null;
}

function modelOf(number: string): MapModel {
  const model = new MapModel(number);
  model.unfinished.value = query().has("left");
  model.area.value = query().get("in") ?? "";
  takeUp(model);
  return model;
}

export function MapPage() {
  const number = query().get("round") ?? "0";
  const list = query().has("list");
  const model = useMemo(() => modelOf(number), [number]);
  const [view, setView] = useState<MapView | null>(null);
  const [choosing, choose] = useState(false);
  const [printing, print] = useState(false);
  const [lost, lose] = useState<string | null>(null);
  const aim = useRef<Thing | null>(null);
  useShown(model, view);
  useKept(model);
  useUnsaved();
  useAddress(model, (one) => { aim.current = one; show(view, one); }, lose);
  useEffect(() => {
    if (aim.current !== null) show(view, aim.current);
  }, [view]);
  const turn = (on: boolean) => {
    const has = query();
    if (on) has.set("list", "1");
    else has.delete("list");
    goWith(has);
  };
  const found = (one: AreaShape) => {
    if (isBuilding(one.kind) || !list) model.chosen.value = one.n;
    aim.current = one;
    show(view, one);
  };
  const begin = (what: What, old: Thing | null) => {
    const editor = new Editor(model, what, old);
    void editor.begin();
    choose(false);
    if (list) turn(false);
    underWork.value = editor;
  };
  const end = (kept: string | null, changed: boolean) => {
    underWork.value = null;
    if (changed) void model.reload(kept).catch((error: unknown) => lose(trouble(error).what));
  };
  const shapes = model.shapes.value;
  const editor = underWork.value;
  const thing = model.thing.value;
  const drawing = choosing || editor !== null;
  const side = choosing ? <Choice model={model} onChoose={(what) => begin(what, null)} onClose={() => choose(false)} />
    : editor !== null ? <EditPanel editor={editor} view={view} onEnd={end} />
    : thing !== null ? <ThingPanel model={model} one={thing} onEdit={mayChange(model, thing) ? () => begin(whatOf(thing), thing) : null} onClose={() => (model.chosen.value = null)} /> : null;
  const escape = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !drawing && !(event.target as Element).matches("dialog *, input, select")) model.chosen.value = null;
  };
  return (
    <div class={`map-page${drawing ? " map-drawing" : ""}`} onKeyDown={escape}>
      <a class="skip" href="#list" onClick={(event) => { event.preventDefault(); turn(true); }}>{t("map.skip")}</a>
      <ToolBar model={model} list={list} onList={() => turn(!list)} onDraw={() => choose(editor === null)} onPrint={() => print(true)} onFound={found} />
      {lost !== null && <Note tone="warn">{lost}</Note>}
      <Wrong wrong={model.wrong.value} again={() => void model.load()} />
      {!model.loaded.value && model.wrong.value === null && <Loading />}
      {model.loaded.value && (
        <div class={`map-body${side === null ? "" : " sided"}`}>
          {list && <BuildingList model={model} onChoose={found} />}
          <div class="map-stage-box" hidden={list}>
            <Stage shapes={shapes} counts={model.counts.value} onView={setView} onChoose={(n) => !drawing && (model.chosen.value = n)}>
              {view !== null && <Zoom view={view} shapes={shapes} />}
              {view !== null && editor !== null && !editor.wordsOnly && <Handles editor={editor} view={view} />}
              {!drawing && may("round.read") && shapes.buildings.length > 0 && <Legend />}
              {shapes.areas.length === 0 && shapes.marks.length === 0 && !drawing && <div class="map-broken"><Empty hint={t("map.empty_hint")}>{t("map.empty")}</Empty></div>}
            </Stage>
          </div>
          {side}
        </div>
      )}
      {printing && <PrintDialog model={model} onClose={() => print(false)} />}
    </div>
  );
}
