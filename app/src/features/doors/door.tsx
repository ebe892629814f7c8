/** A door: check the card, tick people, count heads, save, go on. */
import { useState } from "preact/hooks";
import type { DoorView, TubeView } from "../../field/phone";
import { Empty, Field, Note, tell } from "../../ui/parts";
import { go } from "../../ui/route";
import { coded, t } from "../../words";
import { didWord, keep, phone, placeText, seen } from "../here";
import { Icon } from "../icons";
import { Choices, Line } from "../inputs";
import { useScanGo } from "../scan/go";
import { Screen } from "../shell/screen";
import { activeTube, elsewhere, roomLeft } from "../tubes/fill";
import { change, draftOf, dropDraft, isBlank, lacking, newlyDone, setOutcome, stateOf, tickAll, unspoken, visitDrafts, type DoorDraft } from "./draft";
import { DoorForm, rememberSaid } from "./form";
import { CardCheck, Heads } from "./heads";
import { Entries, latestFirst } from "./history";
import { People } from "./people";
import { living, nextDoor } from "./state";

const OUTCOMES = ["nobody_home", "refused", "empty"] as const;

/** null: nothing stands in the way of saving. */
function hindrance(view: DoorView, draft: DoorDraft, tube: TubeView | null, fresh: string[]): string | null {
  const form = phone().form();
  const missing = [...lacking(form, "door", draft.door).map((one) => [one, ""] as const), ...view.people.flatMap((one) => lacking(form, "person", draft.people[one.person.id]).map((field) => [field, one.person.name ?? ""] as const))];
  if (missing.length > 0) return t("field.door.form_lacks", { what: missing.map(([field, name]) => `${name} ${document.documentElement.lang.startsWith("zh") ? field.zh : field.en}`.trim()).join("、") });
  if (tube !== null && fresh.length > roomLeft(tube)) return t("field.door.tube_full", { code: tube.code, left: roomLeft(tube), n: fresh.length });
  return null;
}

function TubeLine({ tube, fresh, into, setInto }: { tube: TubeView | null; fresh: string[]; into: boolean; setInto: (on: boolean) => void }) {
  if (tube === null) return <Line href="/tubes" icon="tube">{t("field.door.open_tube")}</Line>;
  const over = into && fresh.length > roomLeft(tube);
  return (
    <button class={`line tube-line ${over ? "bad" : ""}`} role="checkbox" aria-checked={into} onClick={() => setInto(!into)}>
      <span class="tick-box small">{into && <Icon name="check" size={20} />}</span>
      <span class="grow">{t("field.door.into_tube", { code: tube.code })}</span>
      <strong class="count-big">{tube.people.length + (into ? fresh.length : 0)} / {tube.capacity}</strong>
    </button>
  );
}

function useSave(view: DoorView) {
  const [into, setInto] = useState(true);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const round = phone().round.value;
  const draft = draftOf(view.door.id).value;
  const tube = (round?.capacity ?? 0) > 0 ? activeTube() : null;
  const fresh = newlyDone(view, draft).filter((person) => elsewhere(person) === null);
  const save = async () => {
    if (round === null) return;
    const used = into ? tube : null;
    const why = hindrance(view, draft, used, fresh);
    setSaid(why);
    if (why !== null) return;
    setBusy(true);
    const own = await keep(...visitDrafts(view, draft, round, used, fresh));
    setBusy(false);
    if (own === null) return;
    rememberSaid(draft.door);
    Object.values(draft.people).forEach(rememberSaid);
    dropDraft(view.door.id);
    setSaved(true);
    tell(t("field.door.saved"));
  };
  return { into, setInto, busy, said, saved, tube, fresh, save, draft, blank: isBlank(draft) };
}

function Foot({ view, state }: { view: DoorView; state: ReturnType<typeof useSave> }) {
  const next = nextDoor(view);
  const done = newlyDone(view, state.draft).length;
  const [sure, setSure] = useState(false);
  if (state.blank && (state.saved || (view.owed > 0 && view.covered >= view.owed)))
    return (
      <div class="row">
        <a class="button tall" href={`#/building/${view.area.id}`}>{t("field.door.building")}</a>
        {next === null ? <a class="button main tall grow" href="#/">{t("field.door.all_done")}</a> : <button class="button main tall grow" onClick={() => go(`/door/${next.door.id}`)}>{t("field.door.next", { door: next.area.id === view.area.id ? phone().doorText(next.door) : placeText(next) })} <Icon name="next" /></button>}
      </div>
    );
  return (
    <div class="row">
      {state.blank ? <>{next !== null && <a class="button tall" href={`#/door/${next.door.id}`}>{t("field.door.skip")}</a>}</> : <button class="button tall" onClick={() => { if (sure) dropDraft(view.door.id); setSure(!sure); }}>{t(sure ? "field.door.clear_sure" : "field.door.clear")}</button>}
      <button class="button main tall grow" disabled={state.blank || state.busy || phone().round.value === null} onClick={() => void state.save()}>{state.busy ? t("field.door.saving") : done > 0 ? t("field.door.save_n", { did: didWord(), n: done }) : t("do.save")}</button>
    </div>
  );
}

function Work({ view }: { view: DoorView }) {
  const state = useSave(view);
  const id = view.door.id;
  const draft = state.draft;
  useScanGo();
  const owed = unspoken(view, draft).length;
  const everyone = living(view).every((one) => !one.owed || stateOf(one, draft) === "done");
  const own = latestFirst(phone().own()).filter((one) => one.on === id || view.people.some((who) => who.person.id === one.on));
  return (
    <Screen title={placeText(view)} tab={t("field.door.title")} sub={t("field.building.count", { done: view.covered, all: view.owed })} up={`/building/${view.area.id}`} foot={<Foot view={view} state={state} />}>
      <CardCheck view={view} />
      {state.said !== null && <Note tone="bad">{state.said}</Note>}
      {phone().round.value === null && <Note>{t("field.home.no_round_hint")}</Note>}
      <DoorForm view={view} />
      <People view={view} />
      <div class="row wrap">
        <button class="button main-soft grow tall" disabled={owed === 0} onClick={() => tickAll(view)}><Icon name="check" /> {t(owed > 0 ? "field.door.everyone" : everyone ? "field.door.everyone_done" : "field.door.everyone_else", { did: didWord(), n: owed })}</button>
        <a class="button tall grow" href={`#/door/${id}/add`}><Icon name="plus" /> {t("field.person.add")}</a>
      </div>
      {(phone().round.value?.capacity ?? 0) > 0 && <TubeLine {...state} />}
      <Choices label={t("field.door.whole")} big value={draft.outcome} onChange={(one) => setOutcome(view, one)} choices={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`), icon: value === "refused" ? "stop" : value === "empty" ? "empty" : "nobody" }))} />
      <Heads view={view} />
      <Field label={t("field.door.note")}><textarea rows={2} maxLength={300} value={draft.note} onInput={(event) => change(id, { note: event.currentTarget.value })} /></Field>
      <Line href={`/need?of=door&on=${id}`} icon="hand">{t("field.need.title")}</Line>
      {view.needs.filter((one) => !one.closed).map((one) => <p key={one.id} class="soft small">{t("field.door.need_open", { what: coded("need", one.what) })}</p>)}
      <details class="card"><summary>{t("field.door.history", { n: own.length })}</summary>{own.length === 0 ? <p class="soft">{t("field.door.no_history")}</p> : <Entries entries={own} about={false} />}</details>
    </Screen>
  );
}

export function Door({ id }: { id: string }) {
  const view = seen().door(id);
  if (view === null) return <Screen title={t("field.door.title")} up="/"><Empty hint={t("field.screen.gone_hint")}>{t("field.screen.gone")}</Empty></Screen>;
  return <Work key={id} view={view} />;
}
