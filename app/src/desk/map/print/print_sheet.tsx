/** Choosing what to print, and the sheets as they will come out of the printer. */
import { useEffect, useRef, useState } from "preact/hooks";
import { createPortal } from "preact/compat";
import { Dialog, Field, Note } from "../../../ui/parts";
import { number, t } from "../../../words";
import { LegendList } from "../parts/legend";
import { datesOf } from "../parts/stage";
import { trouble } from "../../base/asked";
import type { MapModel } from "../model";
import { isBuilding, nameOf, under } from "../shapes";
import { render, type Paper, type Sheet } from "./render";

const two = (n: number): string => String(n).padStart(2, "0");
/** On paper a time without its day is worth nothing tomorrow. */
const stamp = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;

const letGo = (sheets: Sheet[]) => sheets.forEach((one) => URL.revokeObjectURL(one.url));

function Page({ sheet, model, paper }: { sheet: Sheet; model: MapModel; paper: Paper }) {
  const count = model.counts.value.get(sheet.area) ?? { owed: 0, covered: 0, missing: 0 };
  const round = model.round.value;
  return (
    <section class={`map-sheet ${paper}`}>
      <header>
        <h1>{t("print.sheet", { area: sheet.title })}</h1>
        <p>
          {round !== null && <>{t("round.title", { n: round.number, kind: t(`round.${round.kind}`) })} · </>}
          {t("print.numbers", { owed: number(count.owed), covered: number(count.covered), missing: number(count.missing) })}
        </p>
      </header>
      <img src={sheet.url} alt={t("print.picture", { area: sheet.title })} />
      <footer>
        <LegendList look="light" />
        <span class="map-number-hint">{t("map.number_hint")}</span>
        <span class="map-scale"><i style={{ width: `${sheet.bar}px` }} />{t("print.scale", { n: number(sheet.metres) })}</span>
        <span>{t("print.date", { at: stamp(new Date()) })}</span>
      </footer>
    </section>
  );
}

export function PrintDialog({ model, onClose }: { model: MapModel; onClose: () => void }) {
  const areas = model.shapes.value.areas.filter((one) => !isBuilding(one.kind));
  const [area, choose] = useState(model.area.value);
  const [paper, lay] = useState<Paper>("a4");
  const [each, split] = useState(false);
  const [busy, work] = useState<{ n: number; all: number } | null>(null);
  const [sheets, show] = useState<Sheet[]>([]);
  const [wrong, fail] = useState<string | null>(null);
  const kept = useRef<Sheet[]>([]);
  kept.current = sheets;
  useEffect(() => () => letGo(kept.current), []);
  const forget = () => {
    letGo(sheets);
    show([]);
  };
  const make = async () => {
    forget();
    fail(null);
    const cells = each ? areas.filter((one) => one.kind === "cell" && under(one.code, area) && one.geometry !== null) : [];
    const whole = model.shapes.value.byCode.get(area) ?? model.shapes.value.areas.find((one) => one.kind === "village");
    const wanted = cells.length > 0 ? cells.map((one) => ({ area: one.code, title: nameOf(one) })) : [{ area, title: whole === undefined ? t("map.all_areas") : nameOf(whole) }];
    const done: Sheet[] = [];
    try {
      for (const [at, one] of wanted.entries()) {
        work({ n: at + 1, all: wanted.length });
        const sheet = await render({ shapes: model.shapes.value, counts: model.counts.value, paper, dates: datesOf, ...one });
        if (sheet !== null) done.push(sheet);
      }
      if (done.length === 0) fail(t("print.failed"));
    } catch (error) {
      fail(trouble(error).what);
    }
    work(null);
    show(done);
  };
  return (
    <Dialog title={t("print.title")} onClose={onClose}>
      <Field label={t("print.area")}>
        <select value={area} onChange={(event) => { choose(event.currentTarget.value); forget(); }}>
          <option value="">{t("map.all_areas")}</option>
          {areas.filter((one) => one.kind !== "village").map((one) => <option key={one.n} value={one.code}>{nameOf(one)}</option>)}
        </select>
      </Field>
      <div class="map-two">
        <Field label={t("print.paper")}>
          <select value={paper} onChange={(event) => { lay(event.currentTarget.value as Paper); forget(); }}>
            <option value="a4">{t("print.a4")}</option>
            <option value="a3">{t("print.a3")}</option>
          </select>
        </Field>
        <Field label={t("print.sheets")}>
          <select value={each ? "each" : "one"} onChange={(event) => { split(event.currentTarget.value === "each"); forget(); }}>
            <option value="one">{t("print.one")}</option>
            <option value="each">{t("print.each")}</option>
          </select>
        </Field>
      </div>
      {wrong !== null && <Note tone="bad">{wrong}</Note>}
      <p role="status" class="soft small">{busy !== null ? t("print.busy", busy) : sheets.length > 0 ? t("print.ready", { n: sheets.length }) : ""}</p>
      {sheets.length > 0 && <div class="map-preview">{sheets.map((one) => <img key={one.area} src={one.url} alt={t("print.picture", { area: one.title })} />)}</div>}
      <div class="row wrap">
        <button type="button" class={`button ${sheets.length > 0 ? "" : "main"}`} disabled={busy !== null} onClick={() => void make()}>{t("print.make")}</button>
        {sheets.length > 0 && <button type="button" class="button main" onClick={() => window.print()}>{t("do.print")}</button>}
        <button type="button" class="button" onClick={onClose}>{t("do.close")}</button>
      </div>
      {sheets.length > 0 && createPortal(<div class="map-sheets">{sheets.map((one) => <Page key={one.area} sheet={one} model={model} paper={paper} />)}</div>, document.body)}
    </Dialog>
  );
}
