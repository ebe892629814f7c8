/** The filters of a table that the server answers to. */
import { useEffect, useState } from "preact/hooks";
import { language, t } from "../../words";
import { areaOptions } from "../base/areas";
import type { Option } from "../base/form";
import { go, query, route, withQuery } from "../../ui/route";
import type { Filter } from "./table";

/** The same place with other words behind the ?. */
export const goWith = (asked: URLSearchParams): void => go(withQuery(route.value, asked), true);

/** Filters stand in the address, so that a list can be linked to and the back key goes back. */
function setAsking(name: string, value: string): void {
  const asked = query();
  if (value === "") asked.delete(name);
  else asked.set(name, value);
  asked.delete("open");
  goWith(asked);
}

export function FilterInput({ filter, value }: { filter: Filter; value: string }) {
  const [text, set] = useState(value);
  const [options, load] = useState<Option[]>([]);
  useEffect(() => set(value), [value]);
  useEffect(() => {
    const list = filter.type === "area" ? areaOptions() : filter.options?.();
    if (list !== undefined) void Promise.resolve(list).then(load, () => undefined);
  }, [filter.name, language.value]);
  const label = t(filter.label);
  /** An area may be called by its name too. */
  const meant = (typed: string): string => {
    const word = typed.trim();
    if (word === "" || options.some((one) => one.value === word)) return word;
    const like = options.filter((one) => one.label.includes(word));
    return (like.find((one) => one.label === word) ?? (like.length === 1 ? like[0]! : { value: word })).value;
  };
  if (filter.type === "only")
    return value === "" ? null : (
      <button type="button" class="button small" onClick={() => setAsking(filter.name, "")} aria-label={t("table.unfilter", { filter: label })}>
        {label} <span aria-hidden="true">✕</span>
      </button>
    );
  if (filter.type === "tick")
    return (
      <label class="tick">
        <input type="checkbox" checked={value !== ""} onChange={(event) => setAsking(filter.name, event.currentTarget.checked ? "true" : "")} />
        <span>{label}</span>
      </label>
    );
  if (filter.type === "choice")
    return (
      <select aria-label={label} value={value} onChange={(event) => setAsking(filter.name, event.currentTarget.value)}>
        <option value="">{`${label}${t("say.colon")}${t("say.all")}`}</option>
        {options.map((one) => (
          <option key={one.value} value={one.value} selected={one.value === value}>
            {one.label}
          </option>
        ))}
      </select>
    );
  return (
    <form
      class="filter-text"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setAsking(filter.name, meant(text));
      }}
    >
      <input type="search" class={filter.type === "find" ? "main-search" : ""} aria-label={label} placeholder={label} value={text} list={filter.type === "area" ? `filter-${filter.name}` : undefined} autocomplete="off"
        onInput={(event) => set(event.currentTarget.value)} onChange={(event) => setAsking(filter.name, meant(event.currentTarget.value))} />
      {filter.type === "area" && (
        <datalist id={`filter-${filter.name}`}>
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </datalist>
      )}
    </form>
  );
}
