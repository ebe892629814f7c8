/** The rows: only those in sight are in the page, however many there are. Arrows move, Enter opens, letters do what the table says. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../words";
import { byKeys } from "../base/by_keys";
import type { Order } from "./arrange";
import { leads, show, useSight } from "./moving";
import type { Column, TableDef } from "./table";

const WIDE = 42;
const NARROW = 66;

const query = "(max-width: 760px)";
export function useNarrow(): boolean {
  const [narrow, set] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const heard = () => set(media.matches);
    media.addEventListener("change", heard);
    return () => media.removeEventListener("change", heard);
  }, []);
  return narrow;
}

interface Props<T> {
  def: TableDef<T>;
  columns: Column<T>[];
  rows: readonly T[];
  all: boolean;
  busy: boolean;
  order: Order | null;
  onOrder: (order: Order | null) => void;
  onEnd: () => void;
  chosen: string | null;
  onOpen: (row: T) => void;
  onKey: (key: string, row: T) => boolean;
  /** the row that one stands on now */
  onMove: (row: T) => void;
}

const shown = <T,>(column: Column<T>, row: T): ComponentChildren => column.cell?.(row) ?? column.text(row);

function Header<T>({ columns, order, onOrder, template }: { columns: Column<T>[]; order: Order | null; onOrder: (order: Order | null) => void; template: string }) {
  return (
    <div role="rowgroup" class="grid-head">
      <div role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {columns.map((column, at) => {
          const mine = order?.key === column.key;
          const turn = () => onOrder(!mine ? { key: column.key, down: false } : order.down ? null : { key: column.key, down: true });
          return (
            <div key={column.key} role="columnheader" aria-colindex={at + 1} aria-sort={mine ? (order.down ? "descending" : "ascending") : "none"} class={column.num ? "num" : ""}>
              <button type="button" onClick={turn} title={t("table.sort", { column: t(column.title) })}>
                {t(column.title)}
                <span class="sort" aria-hidden="true">{mine ? (order.down ? "▼" : "▲") : "↕"}</span>
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function NarrowRow<T>({ columns, row }: { columns: Column<T>[]; row: T }) {
  const head = columns.filter((column) => column.narrow === "head");
  const side = columns.filter((column) => column.narrow === "side");
  const rest = columns.filter((column) => column.narrow === undefined && column.text(row) !== "");
  return (
    <div role="gridcell" aria-colindex={1} class="narrow-row">
      <div class="row">
        <strong class="grow cut">{head.map((column) => column.text(row)).filter((text) => text !== "").join(" ") || "—"}</strong>
        {side.map((column) => (
          <span key={column.key}>{shown(column, row)}</span>
        ))}
      </div>
      <div class="cut soft small">{rest.map((column) => (column.num ? `${t(column.title)} ${column.text(row)}` : column.text(row))).join(" · ")}</div>
    </div>
  );
}

interface RowProps<T> {
  def: TableDef<T>;
  columns: Column<T>[];
  row: T;
  index: number;
  here: boolean;
  chosen: boolean;
  narrow: boolean;
  height: number;
  template: string;
  onOpen: () => void;
}

function GridRow<T>({ def, columns, row, index, here, chosen, narrow, height, template, onOpen }: RowProps<T>) {
  const open = (event: MouseEvent) => {
    if ((event.target as Element).closest("a, button") === null) onOpen();
  };
  return (
    <div
      id={rowId(def.name, index)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={chosen}
      class={`grid-row ${here ? "here" : ""} tone-${def.tone?.(row) ?? "none"}`}
      style={{ top: `${index * height}px`, height: `${height}px`, ...(narrow ? {} : { gridTemplateColumns: template }) }}
      onClick={open}
    >
      {narrow ? (
        <NarrowRow columns={columns} row={row} />
      ) : (
        columns.map((column, at) => (
          <div key={column.key} role="gridcell" aria-colindex={at + 1} class={`cut ${column.num ? "num" : ""}`} title={column.cell === undefined ? column.text(row) : undefined}>
            {shown(column, row)}
          </div>
        ))
      )}
    </div>
  );
}

const rowId = (table: string, index: number): string => `${table}-row-${index}`;

/** The row one stands on; the one that is open, when that changes. */
function useHere<T>({ def, rows, chosen }: Props<T>): [number, (at: number) => void] {
  const [at, setAt] = useState(0);
  useEffect(() => {
    const index = chosen === null ? -1 : rows.findIndex((row) => def.id(row) === chosen);
    if (index >= 0) setAt(index);
  }, [chosen, rows]);
  return [Math.min(at, Math.max(0, rows.length - 1)), setAt];
}

export function Grid<T>(props: Props<T>) {
  const { def, columns, rows, all, busy, order, onOrder, onEnd, chosen, onOpen, onKey, onMove } = props;
  const box = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const height = narrow ? NARROW : WIDE;
  const { from, fits, look } = useSight(box, height, rows.length, !all && !busy, onEnd);
  const [here, stand] = useHere(props);
  useEffect(() => {
    // Whoever came here by keys left what he stood on: he stands in the table.
    if (byKeys() && document.activeElement === document.body) box.current!.focus({ preventScroll: true });
  }, []);
  const key = (event: KeyboardEvent) => {
    const element = box.current!;
    if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[here];
    const to = leads(event.key, here, rows.length, Math.max(1, Math.floor(element.clientHeight / height) - 2));
    if (to !== undefined && rows[to] !== undefined) {
      stand(to);
      show(element, to, height, narrow ? 0 : WIDE);
      onMove(rows[to]);
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") element.scrollLeft += event.key === "ArrowRight" ? 120 : -120;
    else if ((event.key === "Enter" || event.key === " ") && row !== undefined) onOpen(row);
    else if (row === undefined || !onKey(event.key, row)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const template = columns.map((column) => `minmax(${column.width}rem, ${column.width}fr)`).join(" ");
  const least = narrow ? {} : { minWidth: `${columns.reduce((sum, column) => sum + column.width, 0)}rem` };
  const inSight = rows.length > 0 && here >= from && here < from + fits;
  return (
    <div ref={box} class={`grid ${narrow ? "narrow" : ""}`} role="grid" tabIndex={0} aria-label={t(def.title)} aria-rowcount={all ? rows.length + 1 : -1} aria-colcount={narrow ? 1 : columns.length} aria-busy={busy}
      aria-activedescendant={inSight ? rowId(def.name, here) : undefined} onScroll={look} onKeyDown={key}>
      {!narrow && (
        <div style={least} role="presentation" class="grid-sticky">
          <Header columns={columns} order={order} onOrder={onOrder} template={template} />
        </div>
      )}
      <div role="rowgroup" class="grid-body" style={{ height: `${rows.length * height}px`, ...least }}>
        {rows.slice(from, from + fits).map((row, offset) => {
          const index = from + offset;
          return (
            <GridRow key={def.id(row)} def={def} columns={columns} row={row} index={index} here={index === here} chosen={chosen === def.id(row)} narrow={narrow} height={height} template={template}
              onOpen={() => { stand(index); onOpen(row); }} />
          );
        })}
      </div>
    </div>
  );
}
