/** One tube: who is in it at which place, who may still be put in, and the seal. */
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { TubeView } from "../../field/phone";
import { Empty, Note, tell } from "../../ui/parts";
import { t } from "../../words";
import { fillDraft } from "../doors/draft";
import { living } from "../doors/state";
import { keep, phone, placeText, seen } from "../here";
import { Icon } from "../icons";
import { Line, Sheet } from "../inputs";
import { later } from "../later";
import { meaning } from "../scan/resolve";
import { useWedge } from "../scan/wedge";
import { Screen } from "../shell/screen";
import { chooseTube, elsewhere, loose, roomLeft, takeOutDrafts } from "./fill";

const Scanner = later(() => import("../scan/scan").then((module) => module.Scanner));

const nameOf = (person: string): string => phone().person(person)?.person.name ?? t("say.unknown");

/** null: he may go in. */
export function refusal(tube: TubeView, person: string): string | null {
  if (tube.sealed) return t("field.tube.no_sealed", { code: tube.code });
  if (tube.people.some((one) => one.person === person)) return t("field.tube.no_twice", { name: nameOf(person) });
  const other = tube.use === "pool" ? elsewhere(person, tube.id) : null;
  if (other !== null) return t("field.tube.no_other", { name: nameOf(person), code: other.code });
  return roomLeft(tube) < 1 ? t("field.tube.no_room", { code: tube.code, n: tube.capacity }) : null;
}

function Adding({ tube, said, onClose }: { tube: TubeView; said: string; onClose: (said: string | null) => void }) {
  const [text, setText] = useState("");
  const [scanning, setScanning] = useState(false);
  const [door, setDoor] = useState<string | null>(null);
  const view = door === null ? null : phone().door(door);
  const candidates = view !== null ? living(view).map((one) => one.person.id) : text.trim() !== "" ? phone().search(text.trim(), 60).flatMap((one) => (one.person === null ? [] : [one.person.id])).slice(0, 20) : loose();
  const put = async (person: string) => {
    const why = refusal(tube, person);
    if (why !== null) return onClose(why);
    if ((await keep(fillDraft(tube, [person]))) !== null) tell(t("field.tube.put", { name: nameOf(person) }));
    onClose(null);
  };
  const scanned = async (code: string) => {
    const what = await meaning(code);
    setScanning(false);
    if (what.is === "door") setDoor(what.id);
    else tell(t("field.card.unknown"));
  };
  useEffect(() => {
    if (said !== "") void scanned(said);
  }, [said]);
  return (
    <Sheet title={view === null ? t("field.tube.add") : placeText(view)} onClose={() => onClose(null)}>
      {scanning ? <Scanner found={(code) => void scanned(code)} label={t("field.scan.type")} /> : (
        <>
          <div class="row">
            <input type="search" class="grow" aria-label={t("field.home.search")} placeholder={t("field.home.search")} value={text} onInput={(event) => { setDoor(null); setText(event.currentTarget.value); }} />
            <button class="button" aria-label={t("field.tube.scan_door")} onClick={() => setScanning(true)}><Icon name="scan" /></button>
          </div>
          {view === null && text === "" && <p class="soft small">{t("field.tube.loose_hint")}</p>}
          {candidates.length === 0 && <Empty hint={t("field.tube.nobody_hint")}>{t("field.tube.nobody")}</Empty>}
          <ul class="list">
            {candidates.map((person) => (
              <li key={person}><button class="line" onClick={() => void put(person)}><Icon name="plus" /><span class="grow"><strong>{nameOf(person)}</strong><span class="soft small details">{phone().personPlace(person)}</span></span></button></li>
            ))}
          </ul>
        </>
      )}
    </Sheet>
  );
}

const Count = ({ tube }: { tube: TubeView }) => (
  <section class={`card tube-count ${roomLeft(tube) === 0 ? "full" : ""}`}>
    <p class="count-huge"><b>{tube.people.length}</b> / {tube.capacity}</p>
    <p>{tube.sealed ? t(tube.box === null ? "field.tube.is_sealed" : "field.tube.is_boxed") : roomLeft(tube) === 0 ? t("field.tube.is_full") : t("field.tube.room", { n: roomLeft(tube) })}</p>
  </section>
);

function Members({ tube }: { tube: TubeView }) {
  const takeOut = async (person: string) => {
    const drafts = takeOutDrafts(tube, person);
    if (drafts.length > 0 && (await keep(...drafts)) !== null) tell(t("field.tube.out", { name: nameOf(person) }));
  };
  return (
    <ol class="list" aria-label={t("field.tube.people")}>
      {[...tube.people].sort((a, b) => a.position - b.position).map((one) => (
        <li key={one.person} class="line still">
          <b class="place">{one.position}</b>
          <span class="grow"><strong>{nameOf(one.person)}</strong><span class="soft small details">{phone().personPlace(one.person)}</span></span>
          {!tube.sealed && <button class="button small" aria-label={t("field.tube.take_out", { name: nameOf(one.person) })} onClick={() => void takeOut(one.person)}>{t("field.tube.take_out_short")}</button>}
        </li>
      ))}
    </ol>
  );
}

export function Tube({ id }: { id: string }) {
  const tube = seen().tubes().find((one) => one.id === id);
  /** what a scanner that is a keyboard said; "": nothing yet; null: not adding */
  const [adding, setAdding] = useState<string | null>(null);
  const [sealing, setSealing] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  useWedge((text) => tube !== undefined && !tube.sealed && setAdding(text));
  useLayoutEffect(() => chooseTube(tube === undefined || tube.sealed ? "" : tube.id), [tube?.id, tube?.sealed]);
  if (tube === undefined) return <Screen title={t("field.tube.title")} up="/tubes"><Empty hint={t("field.screen.gone_hint")}>{t("field.screen.gone")}</Empty></Screen>;
  const seal = async () => {
    const items = tube.people.map((one) => ({ body: { person: one.person, position: one.position } }));
    if ((await keep({ kind: "tube.seal", on: tube.id, body: {}, list: { name: "people", who: "person", items } })) !== null) tell(t("field.tube.did_seal", { code: tube.code }));
    setSealing(false);
  };
  const add = () => {
    const full = roomLeft(tube) === 0;
    setSaid(full ? t("field.tube.no_room", { code: tube.code, n: tube.capacity }) : null);
    if (!full) setAdding("");
  };
  return (
    <Screen title={t("field.tube.name", { code: tube.code })} up="/tubes" foot={tube.sealed ? undefined : (
      <div class="row">
        <button class="button tall grow" disabled={tube.people.length === 0} onClick={() => setSealing(true)}><Icon name="lock" /> {t("field.tube.seal")}</button>
        <button class="button main tall grow" onClick={add}><Icon name="plus" /> {t("field.tube.add")}</button>
      </div>)}>
      <Count tube={tube} />
      {said !== null && <Note tone="bad">{said}</Note>}
      {tube.people.length === 0 ? <Empty hint={t("field.tube.empty_hint")}>{t("field.tube.empty")}</Empty> : <Members tube={tube} />}
      {tube.sealed && tube.box === null && <Line href="/boxes" icon="box">{t("field.box.pack")}</Line>}
      {adding !== null && <Adding tube={tube} said={adding} onClose={(why) => { setAdding(null); setSaid(why); }} />}
      {sealing && (
        <Sheet title={t("field.tube.seal_ask", { code: tube.code })} onClose={() => setSealing(false)}>
          <p>{t("field.tube.seal_what", { n: tube.people.length, capacity: tube.capacity })}</p>
          <button class="button main wide big" onClick={() => void seal()}>{t("field.tube.seal")}</button>
        </Sheet>
      )}
    </Screen>
  );
}
