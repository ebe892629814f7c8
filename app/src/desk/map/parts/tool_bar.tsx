/** Above the map: how it stands, what is looked for, what is shown, what can be done. */
import { number, t } from "../../../words";
import { Tag } from "../../../ui/parts";
import { connected } from "../../live/live";
import { may } from "../../session/session";
import { percent, total } from "../coverage";
import { mayNew, FORMS, type What } from "../edit/editor";
import type { MapModel } from "../model";
import { nameOf, under, type AreaShape } from "../shapes";
import { Search } from "./search";

function Numbers({ model }: { model: MapModel }) {
  const area = model.area.value;
  const counts = model.counts.value;
  // who sees a part of the village has no number of the whole
  const sum = counts.get(area) ?? total(model.shapes.value.buildings.filter((one) => under(one.code, area)).flatMap((one) => counts.get(one.code) ?? []));
  const round = model.round.value;
  return (
    <p class="map-sum">
      {may("round.read") && <span class="soft">{round === null ? t("map.no_round") : t("round.title", { n: round.number, kind: t(`round.${round.kind}`) })}</span>}
      {sum.owed > 0 && <b>{sum.missing > 0 ? t("map.left", { n: number(sum.missing) }) : t("map.all_done")} · {percent(sum)}%</b>}
      {!connected.value && <Tag tone="warn">{t("map.offline")}</Tag>}
    </p>
  );
}

interface Props {
  model: MapModel;
  list: boolean;
  onList: () => void;
  onDraw: () => void;
  onPrint: () => void;
  onFound: (one: AreaShape) => void;
}

export function ToolBar({ model, list, onList, onDraw, onPrint, onFound }: Props) {
  const shapes = model.shapes.value;
  const parts = shapes.areas.filter((one) => one.kind === "grid" || one.kind === "cell");
  const loaded = model.loaded.value;
  const draws = (Object.keys(FORMS) as What[]).some((what) => mayNew(model, what));
  const narrow = (code: string) => {
    model.area.value = code;
    const one = shapes.byCode.get(code) ?? shapes.village;
    if (one !== null) onFound(one);
  };
  return (
    <header class="map-bar">
      <h1 class="map-title" tabIndex={-1}>{t("map.title")}</h1>
      {loaded ? <Numbers model={model} /> : <p class="map-sum" />}
      <Search shapes={shapes} onFound={onFound} />
      <select class="map-area" aria-label={t("map.filter_area")} value={model.area.value} onChange={(event) => narrow(event.currentTarget.value)}>
        <option value="">{t("map.all_areas")}</option>
        {parts.map((one) => <option key={one.n} value={one.code}>{one.kind === "cell" ? "　" : ""}{nameOf(one)}</option>)}
      </select>
      {may("round.read") && <label class="map-check"><input type="checkbox" checked={model.unfinished.value} onChange={(event) => (model.unfinished.value = event.currentTarget.checked)} />{t("map.unfinished")}</label>}
      <span class="row">
        <button type="button" class="button small" disabled={!loaded} onClick={onList}>{t(list ? "map.as_map" : "map.as_list")}</button>
        {draws && <button type="button" class="button small" disabled={!loaded} onClick={onDraw}>{t("edit.title")}</button>}
        {may("document.read") && <button type="button" class="button small" disabled={!loaded} onClick={onPrint}>{t("do.print")}</button>}
      </span>
    </header>
  );
}
