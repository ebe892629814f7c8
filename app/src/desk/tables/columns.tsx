/** Columns of the usual kinds, and what a list is called: so that a list says only what is its own. */
import { Tag, type Tone } from "../../ui/parts";
import { number, when, type Word } from "../../words";
import { zh } from "../../words/zh";
import { DoorLink } from "../base/door_link";
import type { Fact } from "../base/shown";
import type { Column, TableDef } from "./table";

type More<T> = Partial<Column<T>>;
type Of<T, V> = (row: T) => V | null | undefined;

export const text = <T,>(key: string, title: Word, of: Of<T, string>, width: number, more?: More<T>): Column<T> => ({ key, title, text: (row) => of(row) ?? "", width, ...more });

/** Numbers of things: those that nobody reads in words or looks up. */
export const mono = <T,>(key: string, title: Word, of: Of<T, string>, width: number, more?: More<T>): Column<T> => text(key, title, of, width, { cell: (row) => <span class="mono">{of(row) ?? ""}</span>, ...more });

export const count = <T,>(key: string, title: Word, of: Of<T, number>, more?: More<T>): Column<T> => ({
  key,
  title,
  text: (row) => ((n) => (n === null || n === undefined ? "" : number(n)))(of(row)),
  by: (row) => of(row) ?? "",
  width: 6,
  num: true,
  ...more,
});

export const moment = <T,>(key: string, title: Word, of: Of<T, string>, more?: More<T>): Column<T> => ({ key, title, text: (row) => when(of(row)), by: (row) => of(row) ?? "", width: 10.5, ...more });

/** A word that stands out; beside the name where the screen is narrow. */
export const tag = <T,>(key: string, title: Word, of: Of<T, string>, tone: (row: T) => Tone, width: number, more?: More<T>): Column<T> =>
  text(key, title, of, width, { cell: (row) => ((word) => (word ? <Tag tone={tone(row)}>{word}</Tag> : ""))(of(row)), narrow: "side", ...more });

/** A place that leads to its door on the map. */
export const place = <T,>(key: string, title: Word, of: Of<T, string>, door: Of<T, string>, width: number, more?: More<T>): Column<T> =>
  text(key, title, of, width, { cell: (row) => <DoorLink door={door(row) ?? null}>{of(row) ?? ""}</DoorLink>, ...more });

/** What a row's panel says first: its columns, one below the other. */
export const facts = <T,>(columns: readonly Column<T>[], row: T, ...without: string[]): Fact[] =>
  columns.filter((column) => !without.includes(column.key) && column.text(row) !== "").map((column) => [column.title, column.cell?.(row) ?? column.text(row)]);

type Named = { [W in Word]: W extends `${infer Name}.none_hint` ? Name : never }[Word];
/** A list's words are found by its name. */
export const named = (name: Named): Pick<TableDef<unknown>, "name" | "title" | "none" | "none_hint" | "hint"> => ({
  name,
  title: `${name}.title` as Word,
  none: `${name}.none` as Word,
  none_hint: `${name}.none_hint` as Word,
  ...(`${name}.hint` in zh ? { hint: `${name}.hint` as Word } : {}),
});
