/** What a browser keeps of a table: which columns somebody wants to see. */
import type { Column } from "./table";

const key = (table: string): string => `doorward.columns.${table}`;

export function shownColumns<T>(table: string, columns: readonly Column<T>[]): Set<string> {
  try {
    const kept = JSON.parse(localStorage.getItem(key(table)) ?? "null") as unknown;
    if (Array.isArray(kept)) {
      const known = kept.filter((one): one is string => columns.some((column) => column.key === one));
      if (known.length > 0) return new Set(known);
    }
  } catch {
    /* a browser that keeps nothing */
  }
  return new Set(columns.filter((column) => !column.rare).map((column) => column.key));
}

export function keepColumns(table: string, shown: Set<string>): void {
  try {
    localStorage.setItem(key(table), JSON.stringify([...shown]));
  } catch {
    /* it holds for this time */
  }
}
