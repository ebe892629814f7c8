/** The map of the command post. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Empty, Note, Tag, Toast } from "../../ui/parts";
import { query, route } from "../../ui/route";
import { number, t } from "../../words";
import { percent } from "./coverage";
import { EditPanel, Choice } from "./edit/edit_panel";
import { Editor, type What } from "./edit/editor";
import { Handles } from "./edit/handles";
import "./map.css";
import { age, fresh, MapModel, trouble } from "./model";
import { connected, follow } from "./post";
import { Legend } from "./parts/legend";
import { BuildingList } from "./parts/list";
import { ThingPanel } from "./parts/panel";
import { Search } from "./parts/search";
import { Stage, Zoom } from "./parts/stage";
import { PrintDialog } from "./print/print_sheet";
import { isBuilding, nameOf, type AreaShape, type MarkShape } from "./shapes";
import { useHeight } from "./parts/height";
import type { MapView } from "./view/map_view";

const PHONES_EVERY = 30000;

/** Colours, filters, choice and phones go from the model to the map as they change. */
function useShown(model: MapModel, view: MapView | null): void {
  const latest = useRef(view);
  latest.current = view;
  const give = () => {
    const now = Date.now();
    // all of them are read each time, map or no map: an effect hears only of what it has read
    const counts = model.counts.value, dim = model.dim.value, chosen = model.chosen.value, positions = model.positions.value;
    const at = latest.current;
    if (at === null) return;
    at.setCounts(counts);
    at.setDim(dim);
    at.choose(chosen);
    at.setPhones(positions.map((one) => ({ spot: [one.lon, one.lat], label: `${one.name ?? ""} ${age(one.at, now)}`.trim(), fresh: fresh(one, now) })));
  };
  useSignalEffect(give);
  useEffect(give, [view]);
}

/** #/map?door=ID, ?area=CODE: that building in the middle, with its panel. */
async function seek(model: MapModel, view: MapView | null, fail: (what: string) => void): Promise<void> {
  const door = query().get("door");
  const code = query().get("area");
  let one: AreaShape | null = null;
  try {
    if (door !== null) one = await model.chooseDoor(door);
    else if (code !== null) one = model.shapes.value.byCode.get(code) ?? null;
    else return;
  } catch (error) {
    fail(trouble(error).what);
    return;
  }
  if (one === null) {
    fail(t("map.door_lost"));
    return;
  }
  model.chosen.value = one.n;
  show(view, one);
}

function show(view: MapView | null, one: AreaShape | MarkShape): void {
  if (view === null) return;
  if ("box" in one && one.box !== null && !isBuilding(one.kind)) view.fit(one.box);
  else if (one.spot !== null) view.centre(one.spot);
}

function Numbers({ model }: { model: MapModel }) {
  const sum = model.counts.value.get(model.area.value) ?? { owed: 0, covered: 0, missing: 0 };
  const round = model.round.value;
  return (
    <p class="map-sum">
      <span class="soft">{round === null ? t("map.no_round") : t("round.title", { n: round.number, kind: t(`round.${round.kind}`) })}</span>
      {sum.owed > 0 && <b>{sum.missing > 0 ? t("map.left", { n: number(sum.missing) }) : t("map.all_done")} · {percent(sum)}%</b>}
      <Tag tone={connected.value ? "good" : "warn"}>{t(connected.value ? "map.live" : "map.offline")}</Tag>
    </p>
  );
}

interface BarProps {
  model: MapModel;
  list: boolean;
  onList: () => void;
  onDraw: () => void;
  onPrint: () => void;
  onFound: (one: AreaShape) => void;
}

function ToolBar({ model, list, onList, onDraw, onPrint, onFound }: BarProps) {
  const shapes = model.shapes.value;
  return (
    <header class="map-bar">
      <h1 class="map-title">{t("map.title")}</h1>
      <Numbers model={model} />
      <Search shapes={shapes} onFound={onFound} />
      <select class="map-area" aria-label={t("map.filter_area")} value={model.area.value} onChange={(event) => { const code = event.currentTarget.value; model.area.value = code; const one = shapes.byCode.get(code); if (one !== undefined) onFound(one); }}>
        <option value="">{t("map.all_areas")}</option>
        {shapes.areas.filter((one) => one.kind === "grid" || one.kind === "cell").map((one) => <option key={one.n} value={one.code}>{one.kind === "cell" ? "　" : ""}{nameOf(one)}</option>)}
      </select>
      <label class="map-check"><input type="checkbox" checked={model.unfinished.value} onChange={(event) => (model.unfinished.value = event.currentTarget.checked)} />{t("map.unfinished")}</label>
      <span class="row">
        <button type="button" class="button small" aria-pressed={list} onClick={onList}>{t(list ? "map.as_map" : "map.as_list")}</button>
        <button type="button" class="button small" onClick={onDraw}>{t("edit.title")}</button>
        <button type="button" class="button small" onClick={onPrint}>{t("do.print")}</button>
      </span>
    </header>
  );
}

type Work = { of: "choose" } | { of: "edit"; editor: Editor } | null;

/** The side: what is being drawn, or what was clicked. */
function Side({ model, view, work, begin, end }: { model: MapModel; view: MapView | null; work: Work; begin: (what: What | null, old: AreaShape | MarkShape | null) => void; end: (kept: string | null, changed: boolean) => void }) {
  if (work?.of === "choose") return <Choice onChoose={(what) => begin(what, null)} onClose={() => end(null, false)} />;
  if (work?.of === "edit") return <EditPanel editor={work.editor} view={view} onEnd={end} />;
  const one = model.thing.value;
  if (one === null) return null;
  const edit = one.kind === "village" ? null : () => begin(null, one);
  return <ThingPanel model={model} one={one} onEdit={edit} onClose={() => (model.chosen.value = null)} />;
}

const whatOf = (one: AreaShape | MarkShape): What => (one.kind === "village" ? "grid" : one.kind === "building" && one.geometry?.type === "Point" ? "building_point" : one.kind);

export function MapPage() {
  const asked = query().get("round") ?? "0";
  const model = useMemo(() => new MapModel(asked), [asked]);
  const [view, setView] = useState<MapView | null>(null);
  const [list, turn] = useState(false);
  const [printing, print] = useState(false);
  const [work, setWork] = useState<Work>(null);
  const [lost, lose] = useState<string | null>(null);
  const page = useHeight();
  useShown(model, view);
  useEffect(() => {
    void model.load();
    void model.hearPhones();
    const timer = setInterval(() => document.visibilityState === "visible" && void model.hearPhones(), PHONES_EVERY);
    const quiet = follow();
    return () => { clearInterval(timer); quiet(); };
  }, [model]);
  const loaded = model.loaded.value;
  useEffect(() => {
    lose(null);
    if (loaded) void seek(model, view, lose);
  }, [model, loaded, view === null, route.value]);

  const begin = (what: What | null, old: AreaShape | MarkShape | null) => {
    const editor = new Editor(model, what ?? whatOf(old!), old);
    void editor.begin();
    turn(false);
    setWork({ of: "edit", editor });
  };
  const end = (kept: string | null, changed: boolean) => {
    setWork(null);
    if (changed) void model.reload(kept).catch((error: unknown) => lose(trouble(error).what));
  };
  const found = (one: AreaShape) => {
    model.chosen.value = isBuilding(one.kind) || !list ? one.n : null;
    show(view, one);
  };
  const shapes = model.shapes.value;
  const side = <Side model={model} view={view} work={work} begin={begin} end={end} />;
  const wrong = model.wrong.value;
  return (
    <main class="map-page" ref={page}>
      <a class="skip" href="#list" onClick={(event) => { event.preventDefault(); turn(true); }}>{t("map.skip")}</a>
      <ToolBar model={model} list={list} onList={() => turn(!list)} onDraw={() => setWork({ of: "choose" })} onPrint={() => print(true)} onFound={found} />
      {lost !== null && <Note tone="warn">{lost}</Note>}
      {wrong !== null && <Note tone="bad">{wrong.code === "NOT_FOUND" ? t("map.no_map") : wrong.what} {wrong.todo} <button type="button" class="button small" onClick={() => void model.load()}>{t("do.again")}</button></Note>}
      {!loaded && wrong === null && <p class="soft" role="status">{t("say.loading")}</p>}
      {loaded && (
        <div class={`map-body${model.thing.value !== null || work !== null ? " sided" : ""}`}>
          {list && <BuildingList model={model} onChoose={found} />}
          <div class="map-stage-box" hidden={list}>
            <Stage shapes={shapes} onView={setView} onChoose={(n) => work === null && (model.chosen.value = n)}>
              {view !== null && <Zoom view={view} shapes={shapes} />}
              {view !== null && work?.of === "edit" && !work.editor.wordsOnly && <Handles editor={work.editor} view={view} />}
              {work === null && <Legend />}
              {shapes.areas.length === 0 && shapes.marks.length === 0 && <div class="map-broken"><Empty hint={t("map.empty_hint")}>{t("map.empty")}</Empty></div>}
            </Stage>
          </div>
          {side}
        </div>
      )}
      {printing && <PrintDialog model={model} onClose={() => print(false)} />}
      <Toast />
    </main>
  );
}
