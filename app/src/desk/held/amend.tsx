/** Putting an entry right: its fields as they were meant. What points to somebody stays as it is. */
import { useState } from "preact/hooks";
import type { HeldShown } from "../../api/api";
import { Field } from "../../ui/parts";
import { coded, t } from "../../words";
import { trouble, type Trouble } from "../base/asked";
import { Wrong } from "../base/shown";
import { fieldName, valueText } from "./said";
import { subject } from "./subjects";

type Body = Record<string, unknown>;
const choices: Record<string, readonly string[]> = {
  outcome: ["done", "nobody_home", "refused", "empty", "moved", "excused"],
  state: ["none", "away", "nobody_home", "refused", "empty", "moved", "unknown_here", "excused", "done"],
  how: ["none", "found", "arrived"],
};

function Value({ field, value, set }: { field: string; value: unknown; set: (value: unknown) => void }) {
  const label = fieldName(field);
  const options = choices[field];
  if (subject(field, value) !== null)
    return (
      <div class="field">
        <span>{label}</span>
        <strong>{valueText(field, value)}</strong>
      </div>
    );
  if (options !== undefined)
    return (
      <Field label={label}>
        <select value={String(value)} onChange={(event) => set(event.currentTarget.value)}>
          {options.map((one) => (
            <option key={one} value={one} selected={one === value}>{coded(field, one)}</option>
          ))}
        </select>
      </Field>
    );
  if (typeof value === "boolean")
    return (
      <label class="tick">
        <input type="checkbox" checked={value} onChange={(event) => set(event.currentTarget.checked)} />
        <span>{label}</span>
      </label>
    );
  if (typeof value === "number")
    return (
      <Field label={label}>
        <input type="number" value={value} onInput={(event) => set(Number(event.currentTarget.value))} />
      </Field>
    );
  return (
    <Field label={label}>
      <input type="text" value={value === null || value === undefined ? "" : String(value)} onInput={(event) => set(event.currentTarget.value)} />
    </Field>
  );
}

function Values({ body, set }: { body: Body; set: (body: Body) => void }) {
  return (
    <>
      {Object.entries(body).map(([field, value]) =>
        Array.isArray(value) ? (
          <fieldset key={field} class="stack items">
            <legend>{fieldName(field)}</legend>
            {value.map((item, at) =>
              typeof item === "object" && item !== null ? (
                <div key={at} class="item">
                  <Values body={item as Body} set={(changed) => set({ ...body, [field]: value.map((one, other) => (other === at ? changed : one)) })} />
                </div>
              ) : (
                <Value key={at} field={field} value={item} set={(changed) => set({ ...body, [field]: value.map((one, other) => (other === at ? changed : one)) })} />
              ),
            )}
          </fieldset>
        ) : (
          <Value key={field} field={field} value={value} set={(changed) => set({ ...body, [field]: changed })} />
        ),
      )}
    </>
  );
}

export function Amend({ shown, cancel, send }: { shown: HeldShown; cancel: () => void; send: (body: Body) => Promise<void> }) {
  const [body, set] = useState<Body>(() => structuredClone((shown.body ?? {}) as Body));
  const [wrong, fail] = useState<Trouble | null>(null);
  const [busy, work] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    work(true);
    fail(null);
    try {
      await send(body);
    } catch (error) {
      fail(trouble(error));
    }
    work(false);
  };
  return (
    <form class="stack" onSubmit={submit}>
      <p class="soft small">{t("held.amend_say")}</p>
      <Values body={body} set={set} />
      <Wrong wrong={wrong} />
      <div class="row wrap">
        <button type="button" class="button" onClick={cancel}>{t("do.cancel")}</button>
        <button type="submit" class="button main" disabled={busy}>{t("held.amend_go")}</button>
      </div>
    </form>
  );
}
