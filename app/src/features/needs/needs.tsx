/** Needs: raised in three taps, and what is open. */
import { useState } from "preact/hooks";
import { Empty, Field, Note, tell } from "../../ui/parts";
import { go, query } from "../../ui/route";
import { coded, t, when } from "../../words";
import { keep, phone, placeText, seen } from "../here";
import { Icon, isPicture } from "../icons";
import { Choices } from "../inputs";
import { Screen } from "../shell/screen";

const WHAT = ["food", "medicine", "illness", "childcare", "elder_care", "repair", "noise", "rubbish", "pet", "other"] as const;

const placeOf = (of: string, on: string): string => {
  if (of === "person") return [phone().person(on)?.person.name ?? "", phone().personPlace(on)].filter((one) => one !== "").join(" · ");
  const view = phone().door(on);
  return view === null ? "" : placeText(view);
};

export function RaiseNeed() {
  seen();
  const asked = query();
  const of = asked.get("of") === "person" ? "person" : "door";
  const on = asked.get("on") ?? "";
  const [what, setWhat] = useState<string | null>(null);
  const [urgent, setUrgent] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const place = placeOf(of, on);
  const door = of === "door" ? on : (phone().person(on)?.person.door ?? "");
  const save = async () => {
    setBusy(true);
    const own = await keep({ kind: "need.raise", on, body: { of, what, urgent: urgent === "yes" }, personal: { note: note.trim() } });
    setBusy(false);
    if (own === null) return;
    tell(t("field.need.saved"));
    go(`/door/${door}`, true);
  };
  if (place === "") return <Screen title={t("field.need.title")} up="/needs"><Empty hint={t("field.need.where_hint")}>{t("field.screen.gone")}</Empty></Screen>;
  return (
    <Screen title={t("field.need.title")} sub={place} up={`/door/${door}`} foot={<button class="button main tall wide" disabled={busy || what === null || urgent === null} onClick={() => void save()}>{t("do.save")}</button>}>
      <Choices label={t("field.need.what")} big value={what} onChange={setWhat} choices={WHAT.map((value) => ({ value, label: coded("need", value), ...(isPicture(value) ? { icon: value } : {}) }))} />
      <Choices label={t("field.need.how")} big value={urgent} onChange={setUrgent} choices={[{ value: "yes", label: t("field.need.urgent"), icon: "held", tone: "bad" }, { value: "no", label: t("field.need.not_urgent"), icon: "check" }]} />
      <Field label={t("field.need.note")}><textarea rows={2} maxLength={300} value={note} onInput={(event) => setNote(event.currentTarget.value)} /></Field>
    </Screen>
  );
}

export function Needs() {
  const here = seen();
  const open = here.needs().filter((one) => !one.closed).sort((a, b) => Number(b.urgent ?? false) - Number(a.urgent ?? false) || (b.at ?? "").localeCompare(a.at ?? ""));
  return (
    <Screen title={t("field.needs.title")} sub={t("field.needs.sub", { n: open.length })} {...((here.round.value?.capacity ?? 0) > 0 ? { up: "/" } : {})}>
      {open.length === 0 ? <Empty hint={t("field.needs.none_hint")}>{t("field.needs.none")}</Empty> : <Note>{t("field.needs.hint")}</Note>}
      <ul class="list">
        {open.map((one) => (
          <li key={one.id}>
            <a class="line" href={`#/door/${one.of === "door" ? one.on : (here.person(one.on)?.person.door ?? "")}`}>
              <Icon name={isPicture(one.what) ? one.what : "other"} />
              <span class="grow"><strong>{coded("need", one.what)}</strong> {one.note ?? ""}<span class="soft small details">{placeOf(one.of, one.on)} · {when(one.at)}</span></span>
              {one.urgent && <span class="tag bad">{t("field.need.urgent")}</span>}
            </a>
          </li>
        ))}
      </ul>
    </Screen>
  );
}
