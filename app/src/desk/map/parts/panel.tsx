/** What is known of the building (grid, gate, barrier) that was clicked, and who is missing there. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Missing } from "../../../api/api";
import { Bar, Empty, Note, Tag } from "../../../ui/parts";
import { coded, number, t, when } from "../../../words";
import { percent, stepOf, type Count } from "../coverage";
import { loadMissing, trouble, type MapModel, type Trouble } from "../model";
import { inForce, isBuilding, nameOf, type AreaShape, type MarkShape } from "../shapes";
import { stepWord } from "./legend";

/** So many names at first; the rest is one tap away. */
const SHOWN = 60;

function Names({ model, one, count }: { model: MapModel; one: AreaShape; count: Count }) {
  const [names, set] = useState<Missing[] | null>(null);
  const [wrong, fail] = useState<Trouble | null>(null);
  const [all, more] = useState(false);
  useEffect(() => {
    let gone = false;
    loadMissing(model.number, one.code).then((found) => !gone && (set(found), fail(null)), (error: unknown) => !gone && fail(trouble(error)));
    return () => { gone = true; };
  }, [one.code, count.missing]);
  if (wrong !== null) return <Note tone="bad">{wrong.what} {wrong.todo}</Note>;
  if (names === null) return <p class="soft" role="status">{t("say.loading")}</p>;
  if (names.length === 0) return <Note tone="good">{t("map.nobody_missing")}</Note>;
  return (
    <>
      <ul class="map-names">
        {(all ? names : names.slice(0, SHOWN)).map((person) => (
          <li key={person.id}>
            <strong>{person.name}</strong>
            <span class="soft small">{person.place}</span>
            <Tag tone={person.reason === "refused" ? "bad" : person.reason === "none" ? "none" : "warn"}>{coded("state", person.reason)}</Tag>
          </li>
        ))}
      </ul>
      {!all && names.length > SHOWN && <button type="button" class="button wide" onClick={() => more(true)}>{t("map.all_names", { n: names.length })}</button>}
    </>
  );
}

function AreaPart({ model, one }: { model: MapModel; one: AreaShape }) {
  const count = model.counts.value.get(one.code) ?? { owed: 0, covered: 0, missing: 0 };
  const step = stepOf(count);
  const facts: [string, string][] = [
    [t("map.keeper"), one.keeper === "" ? (isBuilding(one.kind) ? t("map.no_keeper") : "") : one.keeper],
    [t("map.address"), one.name !== "" && one.address !== nameOf(one) ? one.address : ""],
    [t("map.floors"), one.floors > 0 ? number(one.floors) : ""],
    [t("map.use"), coded("map.use", one.use)],
  ];
  return (
    <>
      <dl class="map-facts">
        {facts.filter(([, value]) => value !== "").map(([name, value]) => (
          <div key={name}><dt>{name}</dt><dd>{value}</dd></div>
        ))}
      </dl>
      <div class="map-numbers">
        <div><b>{number(count.owed)}</b><span>{t("map.owed")}</span></div>
        <div><b>{number(count.covered)}</b><span>{t("map.covered")}</span></div>
        <div class={count.missing > 0 ? "left" : ""}><b>{number(count.missing)}</b><span>{t("map.missing")}</span></div>
      </div>
      {count.owed > 0 && <Bar done={count.covered} all={count.owed} label={t("map.percent", { n: percent(count) })} />}
      <p class="soft small">{t(stepWord(step))}{count.owed > 0 ? ` · ${percent(count)}%` : ""}</p>
      {count.owed > 0 && (
        <>
          <h3>{t("map.missing_names")}</h3>
          <Names key={one.code} model={model} one={one} count={count} />
        </>
      )}
      <div class="row wrap">
        <a class="button small" href={`#/doors?area=${one.code}`}>{t("map.to_doors")}</a>
        <a class="button small" href={`#/missing?round=${model.round.value?.number ?? 0}&area=${one.code}`}>{t("map.to_missing")}</a>
      </div>
    </>
  );
}

const MarkPart = ({ one }: { one: MarkShape }) => (
  <>
    <p>
      <Tag tone={inForce(one, Date.now()) ? "info" : "none"}>{t(inForce(one, Date.now()) ? "map.in_force" : "map.not_in_force")}</Tag>
    </p>
    <dl class="map-facts">
      {one.code !== "" && <div><dt>{t("map.code")}</dt><dd>{one.code}</dd></div>}
      {one.from !== null && <div><dt>{t("map.from")}</dt><dd>{when(one.from)}</dd></div>}
      {one.to !== null && <div><dt>{t("map.to")}</dt><dd>{when(one.to)}</dd></div>}
    </dl>
  </>
);

interface Props {
  model: MapModel;
  one: AreaShape | MarkShape;
  onEdit: (() => void) | null;
  onClose: () => void;
}

export function ThingPanel({ model, one, onEdit, onClose }: Props) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus({ preventScroll: true }), [one.n]);
  const mark = one.kind === "gate" || one.kind === "barrier" || one.kind === "lane";
  return (
    <aside class="map-panel stack" aria-label={nameOf(one)} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <div class="row">
        <div class="grow">
          <h2 ref={head} tabIndex={-1}>{nameOf(one) || coded("map.kind", one.kind)}</h2>
          <span class="soft small">{mark ? coded("map.kind", one.kind) : coded("kind", one.kind)}</span>
        </div>
        {onEdit !== null && <button type="button" class="button small" onClick={onEdit}>{t("do.edit")}</button>}
        <button type="button" class="button plain small" aria-label={t("do.close")} onClick={onClose}>✕</button>
      </div>
      {mark ? <MarkPart one={one as MarkShape} /> : <AreaPart model={model} one={one as AreaShape} />}
      {one.geometry === null && <Empty hint={t("map.no_outline_hint")}>{t("map.no_outline")}</Empty>}
    </aside>
  );
}
