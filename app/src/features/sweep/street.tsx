/** Somebody met in the street: who, what came of it, where. */
import { useState } from "preact/hooks";
import { newId } from "../../base/ids";
import type { Draft } from "../../ledger/entry";
import { Empty, Field, tell } from "../../ui/parts";
import { coded, t } from "../../words";
import { dataOf, personal, type PersonData } from "../doors/person_data";
import { PersonFields } from "../doors/person_edit";
import { Entries, latestFirst } from "../doors/history";
import { keep, phone, seen } from "../here";
import { Icon, type Picture } from "../icons";
import { Choices } from "../inputs";
import { Screen } from "../shell/screen";

const OUTCOMES: [string, Picture][] = [["went_home", "home"], ["taken_home", "elder_care"], ["allowed_out", "excused"], ["refused", "stop"], ["outsider", "what"]];

export function streetDrafts(person: string | null, data: PersonData, outcome: string, place: string): Draft[] {
  const id = person ?? newId();
  const drafts: Draft[] = person === null ? [{ kind: "person.set", on: id, body: {}, personal: personal(data, dataOf(null)) }] : [];
  const door = person === null ? undefined : phone().person(person)?.person.door;
  const meet: Draft = { kind: "street.meet", on: id, body: { outcome, ...(door === undefined ? {} : { door }) } };
  if (place.trim() !== "") meet.personal = { place: place.trim() };
  return [...drafts, meet];
}

function Who({ person, setPerson, data, setData }: { person: string | null; setPerson: (id: string | null) => void; data: PersonData | null; setData: (data: PersonData | null) => void }) {
  const [text, setText] = useState("");
  const found = text.trim() === "" ? [] : phone().search(text.trim(), 60).filter((one) => one.person !== null).slice(0, 8);
  if (person !== null)
    return <div class="card row"><Icon name="me" /><span class="grow"><strong>{phone().person(person)?.person.name}</strong><span class="soft small details">{phone().personPlace(person)}</span></span><button class="button small" onClick={() => setPerson(null)}>{t("field.street.other")}</button></div>;
  if (data !== null)
    return <section class="card stack"><PersonFields data={data} set={(by) => setData({ ...data, ...by })} person={null} place={false} /><button class="button" onClick={() => setData(null)}>{t("field.street.search_again")}</button></section>;
  return (
    <section class="stack tight">
      <input type="search" aria-label={t("field.street.who")} placeholder={t("field.street.who")} value={text} onInput={(event) => setText(event.currentTarget.value)} autocomplete="off" />
      <ul class="list">{found.map((one) => <li key={one.person!.id}><button class="line" onClick={() => setPerson(one.person!.id)}><Icon name="me" /><span class="grow"><strong>{one.person!.name}</strong><span class="soft small details">{one.place}</span></span></button></li>)}</ul>
      {text.trim() !== "" && found.length === 0 && <Empty>{t("field.home.not_found")}</Empty>}
      <button class="button wide" onClick={() => setData({ ...dataOf(null), name: /\d/.test(text) ? "" : text.trim() })}><Icon name="plus" /> {t("field.street.unknown")}</button>
    </section>
  );
}

export function Street() {
  seen();
  const [person, setPerson] = useState<string | null>(null);
  const [data, setData] = useState<PersonData | null>(null);
  const [outcome, setOutcome] = useState<string | null>(null);
  const [place, setPlace] = useState("");
  const [busy, setBusy] = useState(false);
  const ready = outcome !== null && (person !== null || (data !== null && data.name.trim() !== ""));
  const met = latestFirst(phone().own()).filter((one) => one.kind === "street.meet");
  const save = async () => {
    setBusy(true);
    const own = await keep(...streetDrafts(person, data ?? dataOf(null), outcome!, place));
    setBusy(false);
    if (own === null) return;
    tell(t("field.street.saved"));
    setPerson(null);
    setData(null);
    setOutcome(null);
    setPlace("");
  };
  return (
    <Screen title={t("field.street.title")} up="/" foot={<button class="button main tall wide" disabled={!ready || busy} onClick={() => void save()}>{t("do.save")}</button>}>
      <Who person={person} setPerson={setPerson} data={data} setData={setData} />
      <Choices label={t("field.street.what")} big value={outcome} onChange={setOutcome} choices={OUTCOMES.map(([value, icon]) => ({ value, label: coded("field.met", value), icon }))} />
      <Field label={t("field.street.place")}><input type="text" maxLength={120} value={place} onInput={(event) => setPlace(event.currentTarget.value)} /></Field>
      {met.length > 0 && <><h2>{t("field.street.met")}</h2><Entries entries={met} /></>}
    </Screen>
  );
}
