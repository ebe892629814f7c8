/** The same as a table: for whom a picture says nothing, for sorting, and where a map cannot be drawn. */
import { useState } from "preact/hooks";
import { Empty, Tag } from "../../../ui/parts";
import { number, t, type Word } from "../../../words";
import { percent, stepOf, total, type Count } from "../coverage";
import { age, fresh, type MapModel } from "../model";
import { byCode, nameOf, type AreaShape } from "../shapes";
import { theme } from "../view/theme";
import { stepWord, Swatch } from "./legend";

const PAGE = 200;
type Column = "code" | "owed" | "covered" | "missing";
const COLUMNS: [Column, Word][] = [["code", "map.building"], ["owed", "map.owed"], ["covered", "map.covered"], ["missing", "map.missing"]];
const nothing: Count = { owed: 0, covered: 0, missing: 0 };

export function BuildingList({ model, onChoose }: { model: MapModel; onChoose: (one: AreaShape) => void }) {
  const [by, sort] = useState<Column>("missing");
  const [pages, more] = useState(1);
  const counts = model.counts.value;
  const of = (one: AreaShape): Count => counts.get(one.code) ?? nothing;
  const rows = model.shown.value.toSorted((a, b) => (by === "code" ? byCode(a, b) : of(b)[by] - of(a)[by] || byCode(a, b)));
  const sum = total(rows.map(of));
  if (rows.length === 0) return <div class="map-list"><Empty hint={t(model.unfinished.value ? "map.none_unfinished_hint" : "map.none_hint")}>{t(model.unfinished.value ? "map.none_unfinished" : "map.none")}</Empty></div>;
  return (
    <div class="map-list" tabIndex={0} role="region" aria-label={t("map.list")}>
      <table>
        <caption>{t("map.list_sum", { n: rows.length, owed: number(sum.owed), covered: number(sum.covered), missing: number(sum.missing) })}</caption>
        <thead>
          <tr>
            {COLUMNS.map(([column, word]) => (
              <th key={column} scope="col" aria-sort={by === column ? (column === "code" ? "ascending" : "descending") : "none"} class={column === "code" ? "" : `n ${column}`}>
                <button type="button" onClick={() => sort(column)}>{t(word)}{by === column && <span aria-hidden="true"> {column === "code" ? "↑" : "↓"}</span>}</button>
              </th>
            ))}
            <th scope="col">{t("map.state")}</th>
            <th scope="col" class="wide-only">{t("map.keeper")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, pages * PAGE).map((one) => {
            const count = of(one);
            const step = stepOf(count);
            return (
              <tr key={one.n}>
                <th scope="row"><button type="button" class="map-link" onClick={() => onChoose(one)}>{nameOf(one)}</button></th>
                <td class="n">{number(count.owed)}</td>
                <td class="n covered">{number(count.covered)}</td>
                <td class="n">{number(count.missing)}</td>
                <td><span class="map-step"><Swatch step={step} look={theme.value} sign={step === "done" ? "✓" : ""} /><span class="word">{t(stepWord(step))}</span>{count.owed > 0 && step !== "done" && step !== "unbegun" && <span>{percent(count)}%</span>}</span></td>
                <td class="wide-only">{one.keeper}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > pages * PAGE && <button type="button" class="button wide" onClick={() => more(pages + 1)}>{t("map.more_rows", { n: rows.length - pages * PAGE })}</button>}
      {model.phones.value.length > 0 && (
        <section class="stack">
          <h2>{t("map.phones")}</h2>
          <ul class="map-names">
            {model.phones.value.map((one) => (
              <li key={one.device}><strong>{one.name}</strong><Tag tone={fresh(one, Date.now()) ? "info" : "none"}>{age(one.at, Date.now())}</Tag></li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
