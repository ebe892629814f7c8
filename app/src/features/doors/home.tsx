/** My doors: how far the round is, who is looked for, and the buildings in the order in which one walks. */
import { useState } from "preact/hooks";
import type { BuildingView } from "../../field/phone";
import { Bar, Empty, Note } from "../../ui/parts";
import { number, t, when } from "../../words";
import { didWord, phone, placeText, roundTitle, seen } from "../here";
import { Icon, type Picture } from "../icons";
import { Line } from "../inputs";
import { Long } from "../long";
import { useScanGo } from "../scan/go";
import { Notices } from "../shell/notices";
import { Screen } from "../shell/screen";
import { unsaved } from "./draft";

const Quick = ({ href, icon, children, count }: { href: string; icon: Picture; children: string; count?: number }) => (
  <a class="quick" href={`#${href}`}>
    <Icon name={icon} size={28} />
    <span>{children}</span>
    {count !== undefined && count > 0 && <b class="count">{count}</b>}
  </a>
);

const Building = ({ one }: { one: BuildingView }) => {
  const left = one.owed - one.covered;
  const name = phone().areaText(one.area);
  return (
    <a class="card building" href={`#/building/${one.area.id}`}>
      <div class="row">
        <strong class="grow">{name}</strong>
        {one.owed === 0 ? <span class="soft small">{t("field.home.doors", { n: one.doors })}</span> : left === 0 ? <span class="tag good">✓ {t("field.home.all_done")}</span> : <span class="tag warn">{t("field.home.left", { n: left })}</span>}
        <Icon name="next" size={18} />
      </div>
      {one.owed > 0 && <Bar done={one.covered} all={one.owed} label={t("field.home.bar", { name, done: one.covered, all: one.owed })} />}
      <div class="soft small row"><span class="grow">{t("field.home.doors", { n: one.doors })}</span>{one.owed > 0 && <span>{one.covered} / {one.owed}</span>}</div>
    </a>
  );
};

const Found = ({ text }: { text: string }) => {
  const found = seen().search(text, 20);
  if (found.length === 0) return <Empty hint={t("field.home.not_found_hint")}>{t("field.home.not_found")}</Empty>;
  return (
    <ul class="list" aria-label={t("field.home.found", { n: found.length })}>
      {found.map((one, at) => (
        <li key={one.person?.id ?? one.door?.id ?? at}>
          <a class="line" href={`#/door/${one.door?.id ?? one.person?.door ?? ""}`}>
            <Icon name={one.person === null ? "door" : "me"} />
            <span class="grow"><strong>{one.person?.name ?? one.place}</strong>{one.person !== null && <><br /><span class="soft small">{one.place}</span></>}</span>
            <Icon name="next" size={18} />
          </a>
        </li>
      ))}
    </ul>
  );
};

const Progress = ({ owed, covered }: { owed: number; covered: number }) => {
  const round = phone().round.value;
  if (round === null) return <Note>{t("field.home.no_round_hint")}</Note>;
  return (
    <section class="card progress" aria-label={t("field.home.progress")}>
      <div class="row">
        <div class="grow"><span class="huge">{number(owed - covered)}</span> <span>{t("field.home.missing")}</span></div>
        <div class="numbers"><span>{didWord()} <b>{number(covered)}</b></span><span>{t("field.home.owed")} <b>{number(owed)}</b></span></div>
      </div>
      <Bar done={covered} all={owed} label={t("field.home.bar", { name: roundTitle(), done: covered, all: owed })} />
      {round.deadline !== undefined && <span class="soft small">{t("field.home.until", { at: when(round.deadline) })}</span>}
    </section>
  );
};

/** Doors where something was tapped in and not saved. */
const Unsaved = () => {
  const doors = unsaved().flatMap((id) => phone().door(id) ?? []);
  if (doors.length === 0) return null;
  return (
    <Note tone="warn">
      <strong>{t("field.home.unsaved", { n: doors.length })}</strong>
      <div class="row wrap">{doors.map((view) => <a key={view.door.id} class="button small" href={`#/door/${view.door.id}`}>{placeText(view)}</a>)}</div>
    </Note>
  );
};

export function Home() {
  useScanGo();
  const [text, setText] = useState("");
  const here = seen();
  const buildings = here.buildings();
  const sum = (of: "owed" | "covered") => buildings.reduce((all, one) => all + one[of], 0);
  const tubes = (here.round.value?.capacity ?? 0) > 0;
  return (
    <Screen title={t("field.home.title")} sub={roundTitle()}>
      <Notices />
      <Progress owed={sum("owed")} covered={sum("covered")} />
      <Unsaved />
      {here.sharing.value.until !== null && <Line href="/settings" icon="place">{t("field.share.on")}</Line>}
      <input type="search" aria-label={t("field.home.search")} placeholder={t("field.home.search")} value={text} onInput={(event) => setText(event.currentTarget.value)} autocomplete="off" />
      {text.trim() !== "" ? <Found text={text.trim()} /> : (
        <>
          <nav class="quicks" aria-label={t("field.home.quick")}>
            <Quick href="/scan" icon="scan">{t("field.home.scan")}</Quick>
            {tubes && <Quick href="/tubes" icon="tube">{t("field.tab.tubes")}</Quick>}
            <Quick href="/refusals" icon="stop" count={here.refusals().length}>{t("field.refusals.title")}</Quick>
            <Quick href="/second" icon="again">{t("field.tab.second")}</Quick>
            <Quick href="/needs" icon="hand" count={here.needs().filter((one) => !one.closed).length}>{t("field.tab.needs")}</Quick>
            <Quick href="/register" icon="plus">{t("field.register.title")}</Quick>
            <Quick href="/street" icon="street">{t("field.street.title")}</Quick>
            <Quick href="/mine" icon="list">{t("field.mine.title")}</Quick>
          </nav>
          <h2>{t("field.home.buildings")}</h2>
          {buildings.length === 0 ? <Empty hint={t("field.home.no_buildings_hint")}>{t("field.home.no_buildings")}</Empty> : <Long all={buildings}>{(one) => <Building key={one.area.id} one={one} />}</Long>}
        </>
      )}
    </Screen>
  );
}
