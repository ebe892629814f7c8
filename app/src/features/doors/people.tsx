/** Who lives behind a door: one tap says done, the button beside it says anything else. */
import { Fragment } from "preact";
import { useState } from "preact/hooks";
import type { DoorView, OwnEntry, PersonView } from "../../field/phone";
import { Empty, Field, Note, tell } from "../../ui/parts";
import { coded, t } from "../../words";
import { didWord, keep, phone } from "../here";
import { Icon } from "../icons";
import { Choices, Sheet } from "../inputs";
import { elsewhere, takeOutDrafts } from "../tubes/fill";
import { change, draftOf, stateOf, tick } from "./draft";
import { PersonForm } from "./form";
import { flagsOf } from "./person_data";
import { living, stateLook } from "./state";

const WHYS = ["left", "died", "exempt"] as const;
const STATES = ["away", "refused", "moved", "unknown_here", "nobody_home", "excused"] as const;

/** The last visit of this phone that says of somebody that he was done. */
const saidDone = (person: string): OwnEntry | undefined =>
  phone().own().findLast((one) => one.kind === "visit" && one.state !== "void" && ((one.body["people"] as { person: string; state: string }[] | undefined) ?? []).some((who) => who.person === person && who.state === "done"));

/** Done outranks whatever is said later, so a mistake is taken back with its visit, and his place in an open tube with it; what else the visit said is tapped in again, to be saved. */
function TakeBack({ door, one, onClose }: { door: string; one: PersonView; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const entry = saidDone(one.person.id);
  const name = one.person.name ?? t("say.unknown");
  const tube = elsewhere(one.person.id);
  const back = async () => {
    setBusy(true);
    const body = entry!.body as { people: { person: string; state: string; excuse?: string }[]; heads?: number };
    const out = tube === null || tube.sealed ? [] : takeOutDrafts(tube, one.person.id);
    const own = await keep({ kind: "entry.void", on: entry!.on, body: { device: phone().device.value, n: entry!.n } }, ...out);
    if (own !== null) {
      const rest = body.people.flatMap(({ person, state, excuse }, at) => {
        const evidence = entry!.clear[`people/${at}/evidence`];
        return person === one.person.id ? [] : [[person, { state, ...(excuse === undefined ? {} : { excuse }), ...(evidence === undefined ? {} : { evidence }) }] as const];
      });
      change(door, { ticks: { ...Object.fromEntries(rest), ...draftOf(door).value.ticks }, heads: draftOf(door).value.heads ?? body.heads ?? null, note: draftOf(door).value.note || (entry!.clear["note"] ?? "") });
      tell(t(rest.length > 0 ? "field.people.save_rest" : "field.history.undone"));
    }
    onClose();
  };
  return (
    <Sheet title={t("field.people.is_done", { name, did: didWord() })} onClose={onClose}>
      {entry === undefined ? <p>{t("field.people.by_others")}</p> : (
        <>
          <p>{t("field.people.back_how")}</p>
          {tube?.sealed && <Note tone="warn">{t("field.people.in_sealed", { name, code: tube.code })}</Note>}
          <button class="button bad wide big" disabled={busy} onClick={() => void back()}><Icon name="undo" /> {t("field.people.back_now")}</button>
        </>
      )}
      <a class="button wide" href={`#/door/${door}/person/${one.person.id}`}>{t("field.people.correct")}</a>
      <a class="button wide" href={`#/need?of=person&on=${one.person.id}`}><Icon name="hand" /> {t("field.need.title")}</a>
    </Sheet>
  );
}

function StateSheet({ door, one, onClose }: { door: string; one: PersonView; onClose: () => void }) {
  const [excusing, setExcusing] = useState(false);
  const [why, setWhy] = useState<string | null>(null);
  const [evidence, setEvidence] = useState("");
  const now = stateOf(one, draftOf(door).value);
  const name = one.person.name ?? t("say.unknown");
  const say = (state: string) => {
    if (state === "excused") return setExcusing(true);
    tick(door, one.person.id, { state });
    onClose();
  };
  const excuse = () => {
    tick(door, one.person.id, { state: "excused", excuse: why!, evidence: evidence.trim() });
    onClose();
  };
  if (excusing)
    return (
      <Sheet title={t("field.people.why_excused", { name })} onClose={onClose}>
        <Choices label={t("field.people.why")} show={false} big choices={WHYS.map((value) => ({ value, label: coded("excuse", value) }))} value={why} onChange={setWhy} />
        <Field label={t("field.people.evidence")} hint={t("field.people.evidence_hint")}><input type="text" maxLength={160} value={evidence} onInput={(event) => setEvidence(event.currentTarget.value)} /></Field>
        <button class="button main wide big" disabled={why === null || evidence.trim() === ""} onClick={excuse}>{t("do.ok")}</button>
      </Sheet>
    );
  return (
    <Sheet title={t("field.people.how_is", { name })} onClose={onClose}>
      <Choices label={t("field.people.how_is", { name })} show={false} big value={now} onChange={say} choices={STATES.map((value) => ({ value, label: coded("state", value), icon: stateLook(value).icon }))} />
      <div class="row wrap">
        {(draftOf(door).value.ticks[one.person.id] !== undefined || one.mark?.state !== undefined) && <button class="button grow" onClick={() => { tick(door, one.person.id, one.mark?.state === undefined || one.mark.state === "none" ? null : { state: "none" }); onClose(); }}><Icon name="undo" /> {t("field.people.take_back")}</button>}
        <a class="button grow" href={`#/door/${door}/person/${one.person.id}`}>{t("field.people.correct")}</a>
      </div>
      <a class="button wide" href={`#/need?of=person&on=${one.person.id}`}><Icon name="hand" /> {t("field.need.title")}</a>
    </Sheet>
  );
}

/** What is hidden takes no room. */
const short = (masked: string | undefined): string => masked?.replace(/\*{2,}/g, "…") ?? "";
const details = (one: PersonView): string[] => [one.person.birth === undefined ? "" : ageText(one.person.birth), short(one.person.document), short(one.person.phone)].filter((part) => part !== "");

/** Who wants special care is seen before one knocks. */
function care(one: PersonView): string {
  const { flags, others } = flagsOf(one.person.flags);
  return [...flags.map((flag) => t(`field.flag.${flag}`)), ...others].join(" · ");
}

function ageText(birth: string): string {
  const digits = birth.replace(/\D/g, "");
  const year = Number(digits.slice(0, 4));
  if (year < 1880) return "";
  const now = new Date();
  const before = (now.getMonth() + 1) * 100 + now.getDate() < Number(digits.slice(4, 8) || "0");
  return t("field.people.age", { n: now.getFullYear() - year - (before ? 1 : 0) });
}

function Row({ door, one, onMore }: { door: string; one: PersonView; onMore: () => void }) {
  const draft = draftOf(door).value;
  const state = stateOf(one, draft);
  const drafted = draft.ticks[one.person.id] !== undefined;
  const look = stateLook(state === "none" && one.mark?.excuse !== undefined && one.mark.excuse !== "none" ? "excused" : state);
  const done = state === "done";
  const tap = () => {
    if (drafted && done) tick(door, one.person.id, null);
    else if (done) onMore();
    else tick(door, one.person.id, { state: "done" });
  };
  const name = one.person.name ?? t("say.unknown");
  const how = one.mark?.how;
  const shown = state === "none" ? t("field.people.other") : look.text;
  return (
    <li class={`person ${done ? "done" : ""} ${drafted ? "drafted" : ""}`}>
      <button class="tick" role="checkbox" aria-checked={done} aria-label={t("field.people.tick", { name, did: didWord(), state: look.text })} onClick={tap}>
        <span class="tick-box">{done && <Icon name="check" size={28} />}</span>
        <span class="grow">
          <strong class="name">{name}</strong>{" "}
          {how !== undefined && <span class="tag info">{coded("how", how)}</span>}{" "}
          {!one.owed && !done && <span class="tag">{t("field.people.not_owed")}</span>}
          <span class="soft small details">{details(one).map((part, at) => <Fragment key={part}>{at > 0 && " · "}<span class="whole">{part}</span></Fragment>)}</span>
          {care(one) !== "" && <span class="small details care"><Icon name="heart" size={16} /> <span>{care(one)}</span></span>}
        </span>
      </button>
      <button class={`state ${look.tone}`} aria-label={t("field.people.change", { name, shown })} onClick={onMore}><Icon name={state === "none" ? "other" : look.icon} size={22} /><span>{shown}</span></button>
    </li>
  );
}

export function People({ view }: { view: DoorView }) {
  const [open, setOpen] = useState<string | null>(null);
  const door = view.door.id;
  const people = living(view);
  const chosen = people.find((one) => one.person.id === open);
  if (people.length === 0) return <Empty hint={t("field.people.none_hint")}>{t("field.people.none")}</Empty>;
  return (
    <>
      <ul class="people" aria-label={t("field.people.title")}>
        {people.map((one) => (
          <Fragment key={one.person.id}>
            <Row door={door} one={one} onMore={() => setOpen(one.person.id)} />
            <PersonForm door={door} one={one} />
          </Fragment>
        ))}
      </ul>
      {chosen !== undefined && (chosen.mark?.state === "done" ? <TakeBack door={door} one={chosen} onClose={() => setOpen(null)} /> : <StateSheet door={door} one={chosen} onClose={() => setOpen(null)} />)}
    </>
  );
}
