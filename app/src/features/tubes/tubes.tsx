/** Tubes and boxes of this phone: what is open, what is sealed, what goes where next. */
import { useState } from "preact/hooks";
import { newId } from "../../base/ids";
import type { TubeView } from "../../field/phone";
import { Empty, Note, Tag, tell } from "../../ui/parts";
import { go, query } from "../../ui/route";
import { t } from "../../words";
import { keep, phone, seen } from "../here";
import { Icon } from "../icons";
import { Choices, Line } from "../inputs";
import { later } from "../later";
import { sameCode } from "../scan/resolve";
import { useWedge } from "../scan/wedge";
import { Screen } from "../shell/screen";
import { chooseTube, loose } from "./fill";

const CAPACITIES = [1, 5, 10, 20];
const Scanner = later(() => import("../scan/scan").then((module) => module.Scanner));

const TubeLine = ({ tube }: { tube: TubeView }) => (
  <li>
    <a class="line" href={`#/tube/${tube.id}`}>
      <Icon name="tube" />
      <span class="grow"><strong class="mono">{tube.code}</strong> {tube.use === "retest" && <Tag tone="info">{t("field.tube.retest")}</Tag>}</span>
      {tube.box !== null ? <Tag tone="good">{t("field.tube.boxed")}</Tag> : tube.sealed ? <Tag tone="warn">{t("field.tube.sealed")}</Tag> : <Tag tone="info">{t("field.tube.open")}</Tag>}
      <strong class="count-big">{tube.people.length} / {tube.capacity}</strong>
    </a>
  </li>
);

/** A tube that this phone knows is not opened twice: one goes to it, or is told why not. */
function OpenTube({ code, onClose }: { code: string; onClose: () => void }) {
  const round = phone().round.value!;
  const [capacity, setCapacity] = useState(String(round.capacity ?? 10));
  const [retest, setRetest] = useState(false);
  const [busy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    const id = newId();
    const own = await keep({ kind: "tube.open", on: id, body: { round: round.id, code, capacity: Number(capacity), use: retest ? "retest" : "pool" } });
    setBusy(false);
    if (own === null) return;
    if (!retest) chooseTube(id);
    tell(t("field.tube.opened", { code }));
    onClose();
    go(`/tube/${id}`, true);
  };
  return (
    <section class="card stack">
      <h2>{t("field.tube.open_this")}</h2>
      <p class="code-big mono">{code}</p>
      <Choices label={t("field.tube.capacity")} value={capacity} onChange={setCapacity} choices={CAPACITIES.map((n) => ({ value: String(n), label: t("field.tube.in_one", { n }) }))} />
      <Choices label={t("field.tube.use")} value={retest ? "retest" : "pool"} onChange={(one) => setRetest(one === "retest")} choices={[{ value: "pool", label: t("field.tube.pool") }, { value: "retest", label: t("field.tube.retest") }]} />
      <div class="row"><button class="button tall" onClick={onClose}>{t("do.cancel")}</button><button class="button main tall grow" disabled={busy} onClick={() => void open()}>{t("field.tube.do_open")}</button></div>
    </section>
  );
}

export function Tubes() {
  const here = seen();
  const asked = query().get("open");
  const [scanning, setScanning] = useState(false);
  const tubes = here.tubes();
  const found = (text: string) => {
    const known = tubes.find((one) => sameCode(one.code, text));
    setScanning(false);
    go(known === undefined ? `/tubes?open=${encodeURIComponent(text.trim().toUpperCase())}` : `/tube/${known.id}`, true);
  };
  useWedge(found);
  if (here.round.value === null) return <Screen title={t("field.tube.title")}><Empty hint={t("field.home.no_round_hint")}>{t("field.home.no_round")}</Empty></Screen>;
  const waiting = loose().length;
  const open = tubes.filter((one) => !one.sealed);
  const sealed = tubes.filter((one) => one.sealed && one.box === null);
  return (
    <Screen title={t("field.tube.title")} up="/">
      {asked !== null ? <OpenTube key={asked} code={asked} onClose={() => go("/tubes", true)} /> : scanning ? (
        <section class="stack"><Scanner found={found} label={t("field.tube.type")} hint={t("field.tube.scan_hint")} /><button class="button wide" onClick={() => setScanning(false)}>{t("do.cancel")}</button></section>
      ) : (
        <button class="button main wide big" onClick={() => setScanning(true)}><Icon name="scan" /> {t("field.tube.new")}</button>
      )}
      {waiting > 0 && <Note tone="warn">{t("field.tube.loose", { n: waiting })}</Note>}
      <h2>{t("field.tube.open_ones")}</h2>
      {open.length === 0 ? <Empty hint={t("field.tube.none_hint")}>{t("field.tube.none")}</Empty> : <ul class="list">{open.map((one) => <TubeLine key={one.id} tube={one} />)}</ul>}
      {sealed.length > 0 && <><h2>{t("field.tube.sealed_ones")}</h2><ul class="list">{sealed.map((one) => <TubeLine key={one.id} tube={one} />)}</ul></>}
      <Line href="/boxes" icon="box" end={<Tag>{here.boxes().length}</Tag>}>{t("field.box.title")}</Line>
    </Screen>
  );
}
