/** Which rows are shown, in which order. Pure, so that it can be tested by itself. */
import type { Column } from "./table";

export interface Order {
  key: string;
  down: boolean;
}

const collators: Record<string, Intl.Collator> = {};
const collator = (language: string): Intl.Collator => (collators[language] ??= new Intl.Collator(language === "zh" ? "zh-CN" : "en", { numeric: true }));

/** Of many rows the text that is searched is made once: each letter typed asks for it again. */
const MANY = 2000;
const texts = new WeakMap<readonly Column<never>[], { language: string; of: WeakMap<object, string> }>();

function searched<T>(columns: readonly Column<T>[], language: string, many: boolean): (row: T) => string {
  const make = (row: T): string => columns.map((column) => column.text(row)).join("\n").toLowerCase();
  if (!many) return make;
  const key = columns as unknown as readonly Column<never>[];
  let kept = texts.get(key);
  if (kept?.language !== language) texts.set(key, (kept = { language, of: new WeakMap() }));
  const of = kept.of;
  return (row) => {
    let text = of.get(row as object);
    if (text === undefined) of.set(row as object, (text = make(row)));
    return text;
  };
}

/** Words compare slowly and many are the same: each different one gets its place once, and rows are sorted by places. What is empty has none. */
function places(keys: readonly (string | number)[], language: string): number[] {
  const words = [...new Set(keys)].filter((key): key is string => typeof key === "string" && key !== "").sort(collator(language).compare);
  const place = new Map<string, number>();
  for (const [at, word] of words.entries()) place.set(word, at > 0 && collator(language).compare(words[at - 1]!, word) === 0 ? place.get(words[at - 1]!)! : at);
  return keys.map((key) => (typeof key === "number" ? key : key === "" ? NaN : place.get(key)!));
}

export function arrange<T>(rows: readonly T[], columns: readonly Column<T>[], words: string, order: Order | null, language: string): readonly T[] {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter((word) => word !== "");
  const text = searched(columns, language, rows.length > MANY);
  const out = wanted.length === 0 ? rows : rows.filter((row) => ((has) => wanted.every((word) => has.includes(word)))(text(row)));
  const column = order === null ? undefined : columns.find((one) => one.key === order.key);
  if (column === undefined) return out;
  const place = places(out.map(column.by ?? column.text), language);
  const sign = order!.down ? -1 : 1;
  const at = Array.from(out.keys()).sort((a, b) => {
    const [x, y] = [place[a]!, place[b]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) === Number.isNaN(y) ? a - b : Number.isNaN(x) ? 1 : -1; // what is empty comes last either way
    return x === y ? a - b : (x - y) * sign;
  });
  return at.map((one) => out[one]!);
}
