/** What the round asks at a door or of a person: choices are tapped, numbers stepped, and what was written last is offered again. */
import { signal } from "@preact/signals";
import type { DoorView, PersonView } from "../../field/phone";
import type { FormField } from "../../field/records";
import { Field } from "../../ui/parts";
import { coded, language, t } from "../../words";
import { phone } from "../here";
import { Choices, Stepper } from "../inputs";
import { answersOf, change, draftOf, stateOf, tick, type Answers } from "./draft";

/** The last words given in a field, since a lot or a shelter is the same at every door of an evening. */
const lastSaid = signal<Record<string, string>>({});
export const rememberSaid = (answers: Answers): void => {
  const words = Object.entries(answers).filter((one): one is [string, string] => typeof one[1] === "string" && one[1] !== "");
  lastSaid.value = { ...lastSaid.value, ...Object.fromEntries(words) };
};

const label = (field: FormField): string => (language.value === "zh" ? field.zh : field.en) + (field.required ? t("field.form.required") : "");

function One({ field, value, onChange }: { field: FormField; value: string | number | undefined; onChange: (value: string | number | undefined) => void }) {
  if (field.type === "choice") return <Choices label={label(field)} choices={(field.choices ?? []).map((one) => ({ value: one, label: coded("field.answer", one) }))} value={typeof value === "string" ? value : null} onChange={(one) => onChange(one === value ? undefined : one)} />;
  if (field.type === "int") return <Stepper label={label(field)} value={typeof value === "number" ? value : null} onChange={onChange} />;
  const before = lastSaid.value[field.name];
  return (
    <div class="stack tight">
      <Field label={label(field)}><input type="text" maxLength={200} value={value ?? ""} onInput={(event) => onChange(event.currentTarget.value)} /></Field>
      {before !== undefined && before !== value && <button type="button" class="chip" onClick={() => onChange(before)}>{t("field.form.again", { text: before })}</button>}
    </div>
  );
}

/** What was answered before is shown until it is changed; an answer that is taken out leaves its name, so that it does not come back. */
const shown = (fields: FormField[], before: Record<string, unknown> | null, draft: Answers | undefined): Answers => ({ ...answersOf(fields, before), ...draft });
const changed = (answers: Answers, name: string, value: string | number | undefined): Answers => ({ ...answers, [name]: value ?? "" });

const Given = () => <p class="soft small">✓ {t("field.form.given")}</p>;

/** Answers of a person count as met: a reading says that the test was done. */
export function PersonForm({ door, one }: { door: string; one: PersonView }) {
  const fields = phone().form().filter((field) => field.of === "person");
  const draft = draftOf(door).value;
  const done = stateOf(one, draft) === "done";
  if (fields.length === 0 || (!done && one.answers === null && phone().round.value?.kind !== "antigen")) return null;
  const id = one.person.id;
  const answers = shown(fields, one.answers, draft.people[id]);
  const set = (name: string, value: string | number | undefined) => {
    change(door, { people: { ...draftOf(door).value.people, [id]: changed(answers, name, value) } });
    if (!done && value !== undefined) tick(door, id, { state: "done" });
  };
  return (
    <li class="person-form stack" aria-label={t("field.form.of", { name: one.person.name ?? "" })}>
      {one.answers !== null && draft.people[id] === undefined && <Given />}
      {fields.map((field) => <One key={field.name} field={field} value={answers[field.name]} onChange={(value) => set(field.name, value)} />)}
    </li>
  );
}

export function DoorForm({ view }: { view: DoorView }) {
  const fields = phone().form().filter((field) => field.of === "door");
  if (fields.length === 0) return null;
  const door = view.door.id;
  const draft = draftOf(door).value.door;
  const answers = shown(fields, view.answers, draft);
  return (
    <section class="card stack" aria-label={t("field.form.title")}>
      {view.answers !== null && Object.keys(draft).length === 0 && <Given />}
      {fields.map((field) => <One key={field.name} field={field} value={answers[field.name]} onChange={(value) => change(door, { door: changed(answers, field.name, value) })} />)}
    </section>
  );
}
