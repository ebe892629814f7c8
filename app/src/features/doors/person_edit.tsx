/** A person who was found or came, one whose data are wrong, one who moved out. As little typing as there can be. */
import { useState } from "preact/hooks";
import { newId } from "../../base/ids";
import { timeText } from "../../base/time";
import type { PersonRecord } from "../../field/records";
import { Empty, Field, Note, tell } from "../../ui/parts";
import { go } from "../../ui/route";
import { coded, t } from "../../words";
import { keep, phone, placeText, seen } from "../here";
import { Icon } from "../icons";
import { Choices, Sheet } from "../inputs";
import { Screen } from "../shell/screen";
import { birthday, folded, resident } from "./document";
import { dataOf, FLAGS, flagsOf, newPerson, PAPERS, personal, type Flag, type PersonData } from "./person_data";

/** Special groups; those that no chip of ours has, as the register says them. */
function Groups({ data, set, person }: { data: PersonData; set: (by: Partial<PersonData>) => void; person: PersonRecord | null }) {
  if (data.hidden) return <Field label={t("field.person.flags_note")} hint={t("field.person.flags_hidden")}><input type="text" maxLength={300} value={data.note} onInput={(event) => set({ note: event.currentTarget.value })} /></Field>;
  const own = flagsOf(person?.flags).others;
  const turned = <T,>(all: T[], one: T): T[] => (all.includes(one) ? all.filter((other) => other !== one) : [...all, one]);
  const choices = [...FLAGS.map((value) => ({ value, label: t(`field.flag.${value}`) })), ...own.map((word) => ({ value: word, label: word }))];
  return <Choices label={t("field.person.flags")} choices={choices} value={[...data.flags, ...data.others]} onChange={(one) => set(own.includes(one) ? { others: turned(data.others, one) } : { flags: turned(data.flags, one as Flag) })} />;
}

function Fields({ data, set, person, place }: { data: PersonData; set: (by: Partial<PersonData>) => void; person: PersonRecord | null; place?: boolean }) {
  const typedDoc = (doc: string) => {
    const says = data.paper === "resident" ? resident(doc) : null;
    set(says === null ? { doc } : { doc, birth: says.birth, sex: says.sex });
  };
  const badDoc = data.paper === "resident" && folded(data.doc).length >= 15 && resident(data.doc) === null;
  const badBirth = data.birth !== "" && data.birth.replace(/\D/g, "").length >= 8 && birthday(data.birth) === null;
  return (
    <>
      <Field label={t("field.person.name")}><input type="text" autocomplete="off" maxLength={60} value={data.name} onInput={(event) => set({ name: event.currentTarget.value })} /></Field>
      <Field label={t("field.person.phone")}><input type="tel" inputMode="tel" autocomplete="off" maxLength={20} placeholder={person?.phone ?? ""} value={data.phone} onInput={(event) => set({ phone: event.currentTarget.value })} /></Field>
      <Choices label={t("field.person.paper")} choices={PAPERS.map((value) => ({ value, label: coded("field.paper", value) }))} value={data.paper} onChange={(paper) => set({ paper })} />
      {data.paper !== "none" && <Field label={t("field.person.doc")}><input type="text" autocomplete="off" autocapitalize="characters" spellcheck={false} maxLength={30} placeholder={person?.document ?? ""} value={data.doc} onInput={(event) => typedDoc(event.currentTarget.value)} /></Field>}
      {badDoc && <Note tone="warn">{t("field.person.bad_doc")}</Note>}
      <Choices label={t("field.person.sex")} choices={[{ value: "m", label: t("field.person.m") }, { value: "f", label: t("field.person.f") }]} value={data.sex} onChange={(sex) => set({ sex })} />
      <Field label={t("field.person.birth")} hint={t("field.person.birth_hint")}><input type="text" inputMode="numeric" autocomplete="off" maxLength={12} value={data.birth} onInput={(event) => set({ birth: event.currentTarget.value })} /></Field>
      {badBirth && <Note tone="warn">{t("field.person.bad_birth")}</Note>}
      {place !== false && <Groups data={data} set={set} person={person} />}
    </>
  );
}
export { Fields as PersonFields };

export function AddPerson({ door }: { door: string }) {
  const [data, setData] = useState(dataOf(null));
  const [how, setHow] = useState<string | null>(phone().round.value === null ? "none" : null);
  const [busy, setBusy] = useState(false);
  const view = seen().door(door);
  if (view === null) return <Screen title={t("field.person.add")} up="/"><Empty hint={t("field.screen.gone_hint")}>{t("field.screen.gone")}</Empty></Screen>;
  const same = view.people.find((one) => data.name.trim() !== "" && one.person.name === data.name.trim());
  const save = async (more: boolean) => {
    setBusy(true);
    const own = await keep(...newPerson(newId(), data, door, view.households[0]?.id, how as "found", phone().round.value));
    setBusy(false);
    if (own === null) return;
    tell(t("field.person.added", { name: data.name.trim() }));
    setData(dataOf(null));
    if (!more) go(`/door/${door}`, true);
  };
  const off = busy || data.name.trim() === "" || how === null;
  return (
    <Screen title={t("field.person.add")} sub={placeText(view)} up={`/door/${door}`} foot={
      <div class="row">
        <button class="button tall" disabled={off} onClick={() => void save(true)}>{t("field.person.one_more")}</button>
        <button class="button main tall grow" disabled={off} onClick={() => void save(false)}>{t("do.save")}</button>
      </div>}>
      {phone().round.value !== null && <Choices label={t("field.person.how")} big value={how} onChange={setHow} choices={[{ value: "found", label: t("field.person.found"), icon: "home" }, { value: "arrived", label: t("field.person.arrived"), icon: "moved" }]} />}
      {same !== undefined && <Note tone="warn">{t("field.person.same_name")}</Note>}
      <Fields data={data} set={(by) => setData((before) => ({ ...before, ...by }))} person={null} />
      {off && !busy && <p class="soft small">{t("field.person.wants")}</p>}
    </Screen>
  );
}

const GONE = ["moved", "left", "died", "error"] as const;

function MovedOut({ person, door, onClose }: { person: PersonRecord; door: string; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const end = async (why: string) => {
    if (busy) return;
    setBusy(true);
    const own = await keep({ kind: "stay.end", on: person.id, body: { door, at: timeText(), why } });
    if (own !== null) {
      tell(t("field.person.ended"));
      go(`/door/${door}`, true);
    }
    onClose();
  };
  return (
    <Sheet title={t("field.person.gone_why", { name: person.name ?? "" })} onClose={onClose}>
      <Choices label={t("field.person.gone")} show={false} big value={null} onChange={(why) => void end(why)} choices={GONE.map((value) => ({ value, label: coded("field.gone", value) }))} />
    </Sheet>
  );
}

export function EditPerson({ door, id }: { door: string; id: string }) {
  const one = seen().person(id);
  const [data, setData] = useState(dataOf(one?.person ?? null));
  const [leaving, setLeaving] = useState(false);
  const [busy, setBusy] = useState(false);
  if (one === null) return <Screen title={t("field.person.title")} up={`/door/${door}`}><Empty hint={t("field.screen.gone_hint")}>{t("field.screen.gone")}</Empty></Screen>;
  const said = personal(data, dataOf(one.person));
  const save = async () => {
    setBusy(true);
    const own = await keep({ kind: "person.set", on: id, body: {}, personal: said });
    setBusy(false);
    if (own === null) return;
    tell(t("field.person.corrected"));
    go(`/door/${door}`, true);
  };
  return (
    <Screen title={one.person.name ?? t("field.person.title")} tab={t("field.person.title")} sub={phone().personPlace(id)} up={`/door/${door}`} foot={<button class="button main tall wide" disabled={busy || Object.keys(said).length === 0} onClick={() => void save()}>{t("field.person.save_changes")}</button>}>
      <p class="soft small">{t("field.person.only_changed")}</p>
      <Fields data={data} set={(by) => setData((before) => ({ ...before, ...by }))} person={one.person} />
      <button class="button bad wide" onClick={() => setLeaving(true)}><Icon name="moved" /> {t("field.person.gone")}</button>
      {leaving && <MovedOut person={one.person} door={door} onClose={() => setLeaving(false)} />}
    </Screen>
  );
}
