/** A table with what belongs to it: filters, search, columns, export, and the panel of the row that is open. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { go, query, route } from "../../ui/route";
import { language, number, t } from "../../words";
import { Empty } from "../../ui/parts";
import { areaOptions } from "../base/areas";
import type { Option } from "../base/form";
import { Head, Loading, Wrong } from "../base/shown";
import { may } from "../session/session";
import { arrange, type Order } from "./arrange";
import { ColumnChoice } from "./column_choice";
import { askExport } from "./export";
import { Grid } from "./grid";
import { keepColumns, shownColumns } from "./kept";
import { Panel } from "./panel";
import { Source } from "./source";
import type { Asking, Filter, TableDef } from "./table";

/** Filters stand in the address, so that a list can be linked to and the back key goes back. */
function setAsking(name: string, value: string): void {
  const asked = query();
  if (value === "") asked.delete(name);
  else asked.set(name, value);
  asked.delete("open");
  const text = asked.toString();
  go(route.value.split("?")[0]! + (text === "" ? "" : `?${decodeURIComponent(text)}`), true);
}

function FilterInput({ filter, value }: { filter: Filter; value: string }) {
  const [text, set] = useState(value);
  const [options, load] = useState<Option[]>([]);
  useEffect(() => set(value), [value]);
  useEffect(() => {
    const list = filter.type === "area" ? areaOptions() : filter.options?.();
    if (list !== undefined) void Promise.resolve(list).then(load, () => undefined);
  }, [filter.name, language.value]);
  const label = t(filter.label);
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
        setAsking(filter.name, text.trim());
      }}
    >
      <input type="search" class={filter.type === "find" ? "main-search" : ""} aria-label={label} placeholder={label} value={text} list={filter.type === "area" ? `filter-${filter.name}` : undefined} autocomplete="off"
        onInput={(event) => set(event.currentTarget.value)} onChange={(event) => setAsking(filter.name, event.currentTarget.value.trim())} />
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

/** What is asked of the server: the filters, nothing else of the address. */
function asked<T>(def: TableDef<T>): Asking {
  const has = query();
  const out: Asking = {};
  for (const filter of def.filters ?? []) {
    const value = has.get(filter.name);
    if (value !== null) out[filter.name] = value;
  }
  return out;
}

export function TablePage<T>({ def, embedded = false }: { def: TableDef<T>; embedded?: boolean }) {
  const asking = asked(def);
  const question = JSON.stringify([def.name, asking]);
  const [turn, setTurn] = useState(0);
  const source = useMemo(() => new Source(def, asking), [question, turn, language.value]);
  const [old, keep] = useState<Source<T> | null>(null);
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order | null>(null);
  const [columns, setColumns] = useState(() => shownColumns(def.name, def.columns));
  const again = () => {
    keep(source);
    setTurn((n) => n + 1);
  };
  useEffect(() => {
    void source.more().then(() => keep(null));
    return () => source.end();
  }, [source]);
  const stirred = def.stirred?.();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else again();
  }, [stirred]);
  useEffect(() => {
    if (words.trim() !== "" || order !== null) void source.rest();
  }, [words, order, source]);
  const shown = old !== null && source.rows.value.length === 0 && source.busy.value ? old : source;
  const visible = def.columns.filter((column) => columns.has(column.key));
  const list = useMemo(() => arrange(shown.rows.value, def.columns, words, order, language.value), [shown.rows.value, words, order, language.value, def]);
  const openId = query().get("open");
  const opened = openId === null ? undefined : shown.rows.value.find((row) => def.id(row) === openId);
  const open = (row: T | null) => {
    const has = query();
    if (row === null) has.delete("open");
    else has.set("open", def.id(row));
    const text = has.toString();
    go(route.value.split("?")[0]! + (text === "" ? "" : `?${decodeURIComponent(text)}`), true);
  };
  const close = () => {
    open(null);
    document.querySelector<HTMLElement>("[role=grid]")?.focus();
  };
  const finds = def.filters?.some((filter) => filter.type === "find") ?? false;
  return (
    <div class={`table-page ${opened === undefined ? "" : "has-panel"}`}>
      <div class="table-main">
        {!embedded && (
          <Head title={t(def.title)} hint={def.hint === undefined ? undefined : t(def.hint)}>
            {def.head?.(again)}
          </Head>
        )}
        {def.above?.(shown.rows.value, shown.all.value)}
        <div class="toolbar no-print">
          {(def.filters ?? []).map((filter) => (
            <FilterInput key={filter.name} filter={filter} value={asking[filter.name] ?? ""} />
          ))}
          <input type="search" class={finds ? "" : "main-search"} aria-label={t("table.filter")} placeholder={t("table.filter")} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
          <span class="soft small count" role="status">
            {t(shown.all.value ? "table.count" : "table.count_more", { n: number(list.length) })}
          </span>
          <span class="grow" />
          <button type="button" class="button small" onClick={again} title={t("table.again")}>
            <span aria-hidden="true">↻</span> <span class="wide-word">{t("table.again")}</span>
          </button>
          <ColumnChoice columns={def.columns} shown={columns} set={(next) => { keepColumns(def.name, next); setColumns(next); }} />
          {def.table !== undefined && may("export.write") && (
            <button type="button" class="button small" onClick={() => askExport(def.table!)}>
              {t("table.export")}
            </button>
          )}
        </div>
        <Wrong wrong={source.wrong.value} again={again} />
        {list.length === 0 && !source.busy.value && source.wrong.value === null ? (
          words === "" && Object.keys(asking).length === 0 ? (
            <Empty hint={t(def.none_hint)}>{t(def.none)}</Empty>
          ) : (
            <Empty hint={t("table.none_hint")}>{t("table.none")}</Empty>
          )
        ) : list.length === 0 && source.wrong.value !== null ? null : list.length === 0 ? (
          <Loading />
        ) : (
          <Grid def={def} columns={visible} rows={list} all={shown.all.value} busy={shown.busy.value} order={order} onOrder={setOrder} onEnd={() => void source.more()} chosen={openId}
            onOpen={(row) => def.open !== undefined && open(row)}
            onMove={(row) => opened !== undefined && def.open !== undefined && open(row)}
            onKey={(key, row) => {
              const act = def.keys?.[key];
              act?.(row, again);
              return act !== undefined;
            }} />
        )}
        {def.keys_hint !== undefined && <p class="soft small keys-hint no-print">{t(def.keys_hint)}</p>}
      </div>
      {opened !== undefined && def.open !== undefined && (
        <Panel key={openId} onClose={close}>
          {def.open(opened, again)}
        </Panel>
      )}
    </div>
  );
}
