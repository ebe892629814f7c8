/** Which rows are shown, in which order. Pure, so that it can be tested by itself. */
import type { Column } from "./table";

export interface Order {
  key: string;
  down: boolean;
}

const collators: Record<string, Intl.Collator> = {};
const collator = (language: string): Intl.Collator => (collators[language] ??= new Intl.Collator(language === "zh" ? "zh-CN" : "en", { numeric: true }));

export function arrange<T>(rows: readonly T[], columns: readonly Column<T>[], words: string, order: Order | null, language: string): readonly T[] {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter((word) => word !== "");
  let out = rows;
  if (wanted.length > 0)
    out = rows.filter((row) => {
      const text = columns.map((column) => column.text(row)).join("\n").toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
  const column = order === null ? undefined : columns.find((one) => one.key === order.key);
  if (column === undefined) return out;
  const compare = collator(language).compare;
  const value = column.by ?? column.text;
  const keyed = out.map((row, at) => ({ row, at, key: value(row) }));
  const sign = order!.down ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === "" || b.key === "") return a.key === b.key ? a.at - b.at : a.key === "" ? 1 : -1; // what is empty comes last either way
    const by = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : compare(String(a.key), String(b.key));
    return by === 0 ? a.at - b.at : by * sign;
  });
  return keyed.map((one) => one.row);
}
