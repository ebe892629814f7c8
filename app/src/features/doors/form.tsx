/** What the round asks at a door or of a person: choices are tapped, numbers stepped, and what was written last is offered again. */
import { signal } from "@preact/signals";
import type { DoorView, PersonView } from "../../field/phone";
import type { FormField } from "../../field/records";
import { Field } from "../../ui/parts";
import { coded, language, t } from "../../words";
import { phone } from "../here";
import { Choices, Stepper } from "../inputs";
import { change, draftOf, stateOf, tick, type Answers } from "./draft";

/** The last words given in a field, since a lot or a shelter is the same at every door of an evening. */
const lastSaid = signal<Record<string, string>>({});
export const rememberSaid = (answers: Answers): void => {
  const words = Object.entries(answers).filter((one): one is [string, string] => typeof one[1] === "string" && one[1] !== "");
  lastSaid.value = { ...lastSaid.value, ...Object.fromEntries(words) };
};

const label = (field: FormField): string => (language.value === "zh" ? field.zh : field.en) + (field.required ? ` ${t("field.form.required")}` : "");

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

function without(answers: Answers, name: string, value: string | number | undefined): Answers {
  const next = { ...answers };
  if (value === undefined) delete next[name];
  else next[name] = value;
  return next;
}

const known = (answers: Record<string, unknown> | null): Answers => (answers ?? {}) as Answers;

/** Answers of a person count as met: a reading says that the test was done. */
export function PersonForm({ door, one }: { door: string; one: PersonView }) {
  const fields = phone().form().filter((field) => field.of === "person");
  const draft = draftOf(door).value;
  const done = stateOf(one, draft) === "done";
  if (fields.length === 0 || (!done && phone().round.value?.kind !== "antigen")) return null;
  const id = one.person.id;
  const answers = { ...known(one.answers), ...draft.people[id] };
  const set = (name: string, value: string | number | undefined) => {
    change(door, { people: { ...draftOf(door).value.people, [id]: without(answers, name, value) } });
    if (!done && value !== undefined) tick(door, id, { state: "done" });
  };
  return <li class="person-form stack" aria-label={t("field.form.of", { name: one.person.name ?? "" })}>{fields.map((field) => <One key={field.name} field={field} value={answers[field.name]} onChange={(value) => set(field.name, value)} />)}</li>;
}

export function DoorForm({ view, answers: before }: { view: DoorView; answers: Record<string, unknown> | null }) {
  const fields = phone().form().filter((field) => field.of === "door");
  if (fields.length === 0) return null;
  const door = view.door.id;
  const answers = { ...known(before), ...draftOf(door).value.door };
  return <section class="card stack" aria-label={t("field.form.title")}>{fields.map((field) => <One key={field.name} field={field} value={answers[field.name]} onChange={(value) => change(door, { door: without(answers, field.name, value) })} />)}</section>;
}
