/** What is known of the building (grid, gate, barrier) that was clicked, and who is missing there. */
import { useState } from "preact/hooks";
import type { Door } from "../../../api/api";
import { Bar, Empty, Note, Tag } from "../../../ui/parts";
import { coded, number, t, when } from "../../../words";
import { useAsked } from "../../base/asked";
import { Wrong } from "../../base/shown";
import { may } from "../../session/session";
import { percent, stepOf, type Count } from "../coverage";
import { loadMissing, type MapModel } from "../model";
import { inForce, isBuilding, nameOf, type AreaShape, type MarkShape } from "../shapes";
import { useHead } from "./head";
import { stepWord } from "./legend";

/** So many names at first; the rest is one tap away. */
const SHOWN = 60;

function Names({ model, one, count }: { model: MapModel; one: AreaShape; count: Count }) {
  const { value, wrong, again } = useAsked(() => loadMissing(model.number, one.code), [one.code, count.missing]);
  const [all, more] = useState(false);
  if (wrong !== null) return <Wrong wrong={wrong} again={again} />;
  if (value === null) return <p class="soft" role="status">{t("say.loading")}</p>;
  if (value.length === 0) return <Note tone="good">{t("map.nobody_missing")}</Note>;
  const door = model.door.value?.id ?? null;
  const here = (person: { door: string | null }) => door !== null && person.door === door;
  const names = door === null ? value : value.toSorted((a, b) => Number(here(b)) - Number(here(a)));
  return (
    <>
      <ul class="map-names">
        {(all ? names : names.slice(0, SHOWN)).map((person) => (
          <li key={person.id} class={here(person) ? "here" : ""}>
            <strong>{person.name}</strong>
            <span class="soft small">{person.place.replace(nameOf(one), "").trim()}</span>
            <Tag tone={person.reason === "refused" ? "bad" : person.reason === "none" ? "none" : "warn"}>{coded("state", person.reason)}</Tag>
          </li>
        ))}
      </ul>
      {!all && names.length > SHOWN && <button type="button" class="button wide" onClick={() => more(true)}>{t("map.all_names", { n: names.length })}</button>}
    </>
  );
}

/** 2-302: unit and room, or what stands on its sign. */
const doorName = (door: Door): string => (door.name !== "" ? door.name : [door.unit, door.room].filter((part) => part !== "").join("-") || door.code);

function AreaPart({ model, one }: { model: MapModel; one: AreaShape }) {
  const count = model.counts.value.get(one.code) ?? { owed: 0, covered: 0, missing: 0 };
  const step = stepOf(count);
  const door = model.door.value?.area === one.id ? model.door.value : null;
  const facts: [string, string][] = [
    [t("map.keeper"), one.keeper === "" ? (isBuilding(one.kind) ? t("map.no_keeper") : "") : one.keeper],
    [t("map.address"), one.name !== "" && one.address !== nameOf(one) ? one.address : ""],
    [t("map.floors"), one.floors > 0 ? number(one.floors) : ""],
    [t("map.use"), coded("map.use", one.use)],
  ];
  return (
    <>
      {door !== null && <p class="note info map-door"><span>{t("map.door")}</span> <strong>{doorName(door)}</strong></p>}
      <dl class="map-facts">
        {facts.filter(([, value]) => value !== "").map(([name, value]) => (
          <div key={name}><dt>{name}</dt><dd>{value}</dd></div>
        ))}
      </dl>
      {may("round.read") && <div class="map-numbers">
        <div><b>{number(count.owed)}</b><span>{t("map.owed")}</span></div>
        <div><b>{number(count.covered)}</b><span>{t("map.covered")}</span></div>
        <div class={count.missing > 0 ? "left" : ""}><b>{number(count.missing)}</b><span>{t("map.missing")}</span></div>
      </div>}
      {count.owed > 0 && <Bar done={count.covered} all={count.owed} label={t("map.percent", { n: percent(count) })} />}
      {may("round.read") && <p class="soft small">{t(stepWord(step))}{count.owed > 0 ? ` · ${percent(count)}%` : ""}</p>}
      {count.owed > 0 && (
        <>
          <h3>{t("map.missing_names")}</h3>
          <Names key={one.code} model={model} one={one} count={count} />
        </>
      )}
      <div class="row wrap">
        {may("register.read") && <a class="button small" href={`#/doors?area=${one.code}`}>{t("map.to_doors")}</a>}
        {model.round.value !== null && <a class="button small" href={`#/missing?round=${model.round.value.number}&area=${one.code}`}>{t("map.to_missing")}</a>}
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
  const head = useHead(one.n);
  const mark = one.kind === "gate" || one.kind === "barrier" || one.kind === "lane";
  return (
    <aside class="map-panel stack" aria-label={nameOf(one)}>
      <div class="row">
        <div class="grow">
          <h2 ref={head} tabIndex={-1}>{nameOf(one) || coded("map.kind", one.kind)}</h2>
          <span class="soft small">{mark ? coded("map.kind", one.kind) : coded("kind", one.kind)}</span>
        </div>
        {onEdit !== null && <button type="button" class="button small" onClick={onEdit}>{t("do.edit")}</button>}
        <button type="button" class="button plain small" aria-label={t("do.close")} onClick={onClose}>✕</button>
      </div>
      {mark ? <MarkPart one={one as MarkShape} /> : <AreaPart model={model} one={one as AreaShape} />}
      {one.geometry === null && <Empty hint={onEdit === null ? undefined : t("map.no_outline_hint")}>{t("map.no_outline")}</Empty>}
    </aside>
  );
}
