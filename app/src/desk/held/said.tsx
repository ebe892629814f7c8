/** What an entry says, in words. */
import type { HeldShown } from "../../api/api";
import { coded, t, when, type Word } from "../../words";
import { zh } from "../../words/zh";
import { onField, subject } from "./subjects";

export const fieldName = (field: string): string => (`value.${field}` in zh ? t(`value.${field}` as Word) : field);

/** A field's value for people: names for ids, words for codes. */
export function valueText(field: string, value: unknown): string {
  const named = subject(field, value);
  if (named !== null) return named;
  if (value === null || value === undefined) return t("say.none");
  if (typeof value === "boolean") return t(value ? "say.yes" : "say.no");
  const text = String(value);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return when(text);
  for (const group of [field, field === "kind" ? "door" : "", field === "kind" ? "household" : ""]) if (group !== "" && `${group}.${text}` in zh) return coded(group, text);
  return text;
}

export function Said({ shown }: { shown: HeldShown }) {
  const body = (shown.body ?? {}) as Record<string, unknown>;
  const on = onField(shown.kind);
  return (
    <section class="note info stack">
      <h3>{t(`entry.${shown.kind}` in zh ? (`entry.${shown.kind}` as Word) : "held.entry")}</h3>
      {!shown.whole && <p>{t("held.not_whole")}</p>}
      <dl class="facts">
        {on !== "" && (
          <div>
            <dt>{fieldName(on)}</dt>
            <dd>{subject(on, shown.on)}</dd>
          </div>
        )}
        {Object.entries(body)
          .filter(([, value]) => !Array.isArray(value))
          .map(([field, value]) => (
            <div key={field}>
              <dt>{fieldName(field)}</dt>
              <dd>{valueText(field, value)}</dd>
            </div>
          ))}
      </dl>
      {Object.entries(body)
        .filter((pair): pair is [string, unknown[]] => Array.isArray(pair[1]))
        .map(([field, items]) => (
          <div key={field}>
            <h3>{fieldName(field)}</h3>
            <ul>
              {items.map((item, at) => (
                <li key={at}>{typeof item === "object" && item !== null ? Object.entries(item).map(([name, value]) => valueText(name, value)).join(" · ") : valueText(field, item)}</li>
              ))}
            </ul>
          </div>
        ))}
    </section>
  );
}
