/** The rows: only those in sight are in the page, however many there are. Arrows move, Enter opens, letters do what the table says. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../words";
import type { Order } from "./arrange";
import type { Column, TableDef } from "./table";

const WIDE = 42;
const NARROW = 66;
const SPARE = 8;

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

export function Grid<T>({ def, columns, rows, all, busy, order, onOrder, onEnd, chosen, onOpen, onKey, onMove }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState(0);
  const [fits, setFits] = useState(30);
  const [at, setAt] = useState(0);
  const narrow = useNarrow();
  const height = narrow ? NARROW : WIDE;
  const here = Math.min(at, Math.max(0, rows.length - 1));
  const look = () => {
    const element = box.current;
    if (element === null) return; // it is going
    const first = Math.max(0, Math.floor(element.scrollTop / height) - SPARE);
    const count = Math.ceil(element.clientHeight / height) + 2 * SPARE;
    setFrom(first);
    setFits(count);
    if (!all && !busy && first + count >= rows.length) onEnd();
  };
  useLayoutEffect(look, [rows.length, narrow, all, busy]);
  useEffect(() => {
    const watch = new ResizeObserver(look);
    watch.observe(box.current!);
    return () => watch.disconnect();
  });
  useEffect(() => {
    const index = chosen === null ? -1 : rows.findIndex((row) => def.id(row) === chosen);
    if (index >= 0) setAt(index);
  }, [chosen, rows]);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setAt(next);
    const element = box.current!;
    const head = narrow ? 0 : WIDE;
    const top = next * height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height + head > element.scrollTop + element.clientHeight) element.scrollTop = top + height + head - element.clientHeight;
  };
  const key = (event: KeyboardEvent) => {
    if (event.target !== box.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(box.current!.clientHeight / height) - 2);
    const row = rows[here];
    const moves: Record<string, number> = { ArrowDown: here + 1, ArrowUp: here - 1, j: here + 1, k: here - 1, PageDown: here + page, PageUp: here - page, Home: 0, End: rows.length - 1 };
    const to = moves[event.key];
    if (to !== undefined) {
      move(to);
      const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
      if (next !== undefined) onMove(next);
    }
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") box.current!.scrollLeft += event.key === "ArrowRight" ? 120 : -120;
    else if ((event.key === "Enter" || event.key === " ") && row !== undefined) onOpen(row);
    else if (row === undefined || !onKey(event.key, row)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const template = columns.map((column) => `minmax(${column.width}rem, ${column.width}fr)`).join(" ");
  const id = (index: number) => `${def.name}-row-${index}`;
  const least = columns.reduce((sum, column) => sum + column.width, 0);
  return (
    <div
      ref={box}
      class={`grid ${narrow ? "narrow" : ""}`}
      role="grid"
      tabIndex={0}
      aria-label={t(def.title)}
      aria-rowcount={all ? rows.length + 1 : -1}
      aria-colcount={narrow ? 1 : columns.length}
      aria-busy={busy}
      aria-activedescendant={rows.length > 0 && here >= from && here < from + fits ? id(here) : undefined}
      onScroll={look}
      onKeyDown={key}
    >
      {!narrow && <div style={{ minWidth: `${least}rem` }} role="presentation" class="grid-sticky"><Header columns={columns} order={order} onOrder={onOrder} template={template} /></div>}
      <div role="rowgroup" class="grid-body" style={{ height: `${rows.length * height}px`, ...(narrow ? {} : { minWidth: `${least}rem` }) }}>
        {rows.slice(from, from + fits).map((row, offset) => {
          const index = from + offset;
          const tone = def.tone?.(row) ?? "none";
          return (
            <div
              key={def.id(row)}
              id={id(index)}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={chosen !== null && chosen === def.id(row)}
              class={`grid-row ${index === here ? "here" : ""} tone-${tone}`}
              style={{ top: `${index * height}px`, height: `${height}px`, ...(narrow ? {} : { gridTemplateColumns: template }) }}
              onClick={(event) => {
                if ((event.target as Element).closest("a, button") !== null) return;
                setAt(index);
                onOpen(row);
              }}
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
        })}
      </div>
    </div>
  );
}
