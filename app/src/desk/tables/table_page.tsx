/** A table with what belongs to it: filters, search, columns, export, and the panel of the row that is open. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { query } from "../../ui/route";
import { language, number, t } from "../../words";
import { Empty } from "../../ui/parts";
import { useBack } from "../base/asked";
import { Head, Loading, Wrong } from "../base/shown";
import { may } from "../session/session";
import { arrange, type Order } from "./arrange";
import { ColumnChoice } from "./column_choice";
import { askExport } from "./export";
import { FilterInput, goWith } from "./filter";
import { Grid } from "./grid";
import { keepColumns, shownColumns } from "./kept";
import { Panel } from "./panel";
import { Source } from "./source";
import type { Asking, TableDef } from "./table";

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

interface Reading<T> {
  /** being read */
  source: Source<T>;
  /** to be shown: what was read before, until the new one has something */
  shown: Source<T>;
  again: () => void;
}

function useReading<T>(def: TableDef<T>, asking: Asking): Reading<T> {
  const [turn, setTurn] = useState(0);
  const source = useMemo(() => new Source(def, asking), [def, JSON.stringify(asking), turn, language.value]);
  const [old, keep] = useState<Source<T> | null>(null);
  const again = () => {
    keep(source);
    setTurn((n) => n + 1);
  };
  useEffect(() => {
    void source.more().then(() => keep(null));
    return () => source.end();
  }, [source]);
  useBack(source.wrong.value !== null, again);
  const stirred = def.stirred?.();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else again();
  }, [stirred]);
  return { source, shown: old !== null && source.rows.value.length === 0 && source.busy.value ? old : source, again };
}

interface BarProps<T> {
  def: TableDef<T>;
  asking: Asking;
  words: string;
  setWords: (words: string) => void;
  count: number;
  all: boolean;
  again: () => void;
  columns: Set<string>;
  setColumns: (columns: Set<string>) => void;
}

function Toolbar<T>({ def, asking, words, setWords, count, all, again, columns, setColumns }: BarProps<T>) {
  const finds = def.filters?.some((filter) => filter.type === "find") ?? false;
  return (
    <div class="toolbar no-print">
      {(def.filters ?? []).map((filter) => (
        <FilterInput key={filter.name} filter={filter} value={asking[filter.name] ?? ""} />
      ))}
      <input type="search" class={finds ? "" : "main-search"} aria-label={t("table.filter")} placeholder={t("table.filter")} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      <span class="soft small count" role="status">
        {t(all ? "table.count" : "table.count_more", { n: number(count) })}
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
  );
}

function Nothing<T>({ def, source, filtered }: { def: TableDef<T>; source: Source<T>; filtered: boolean }) {
  if (source.wrong.value !== null) return null;
  if (source.busy.value) return <Loading />;
  return filtered ? <Empty hint={t("table.none_hint")}>{t("table.none")}</Empty> : <Empty hint={t(def.none_hint)}>{t(def.none)}</Empty>;
}

/** Which row is open stands in the address too. */
function open<T>(def: TableDef<T>, row: T | null): void {
  if (row !== null && def.open === undefined) return;
  const has = query();
  if (row === null) has.delete("open");
  else has.set("open", def.id(row));
  goWith(has);
}

const toGrid = (): void => document.querySelector<HTMLElement>("[role=grid]")?.focus();

/** Escape leads from the fields above into the table. */
function leaveField(event: KeyboardEvent): void {
  if (event.key !== "Escape" || !(event.target instanceof HTMLInputElement) || event.target.type !== "search") return;
  event.preventDefault();
  event.stopPropagation();
  toGrid();
}

export function TablePage<T>({ def, embedded = false }: { def: TableDef<T>; embedded?: boolean }) {
  const asking = asked(def);
  const { source, shown, again } = useReading(def, asking);
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order | null>(null);
  const [columns, setColumns] = useState(() => shownColumns(def.name, def.columns));
  useEffect(() => {
    if (words.trim() !== "" || order !== null) void source.rest(); // sorted and searched is all of it, or it would be wrong
  }, [words, order, source]);
  const rows = shown.rows.value;
  const list = useMemo(() => arrange(rows, def.columns, words, order, language.value), [rows, words, order, language.value, def]);
  const openId = query().get("open");
  const opened = openId === null ? undefined : rows.find((row) => def.id(row) === openId);
  const close = () => {
    open(def, null);
    toGrid();
  };
  // What the panel shows needs no column beside it.
  const visible = def.columns.filter((column) => columns.has(column.key) && (opened === undefined || column.narrow !== "off"));
  const press = (key: string, row: T): boolean => {
    const act = def.keys?.[key];
    act?.(row, again);
    return act !== undefined;
  };
  return (
    <div class={`table-page ${opened === undefined ? "" : "has-panel"}`}>
      <div class="table-main" onKeyDown={leaveField}>
        {!embedded && (
          <Head title={t(def.title)} hint={def.hint === undefined ? undefined : t(def.hint)}>
            {def.head?.(again)}
          </Head>
        )}
        <Toolbar def={def} asking={asking} words={words} setWords={setWords} count={shown.all.value ? list.length : shown.read.value} all={shown.all.value} again={again} columns={columns} setColumns={setColumns} />
        <Wrong wrong={source.wrong.value} again={again} />
        {list.length === 0 ? (
          <Nothing def={def} source={source} filtered={words !== "" || Object.keys(asking).some((name) => name !== "round")} />
        ) : (
          <Grid def={def} columns={visible} rows={list} all={shown.all.value} busy={shown.busy.value} order={order} onOrder={setOrder} onEnd={() => void source.more()}
            chosen={openId} onOpen={(row) => open(def, row)} onMove={(row) => opened !== undefined && open(def, row)} onKey={press} />
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
