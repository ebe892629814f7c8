/** What a table is: its columns, where its rows come from, what can be done with one. Every list of the desk is one of these. */
import type { ComponentChildren } from "preact";
import type { May } from "../../api/roles";
import type { Word } from "../../words";
import type { Option } from "../base/form";

export interface Column<T> {
  key: string;
  title: Word;
  /** what is filtered, sorted and copied; shown unless `cell` says otherwise */
  text: (row: T) => string;
  cell?: (row: T) => ComponentChildren;
  /** sorts other than by its text */
  by?: (row: T) => number | string;
  /** of the whole width, in rem */
  width: number;
  num?: boolean;
  /** not shown until somebody chooses it */
  rare?: boolean;
  /** where the screen is narrow: head is the first line, else in the second; off is left out */
  narrow?: "head" | "side" | "off";
}

export interface Filter {
  name: string;
  label: Word;
  /** only: it comes from a link and can be taken away */
  type: "find" | "area" | "choice" | "tick" | "only";
  options?: () => Promise<Option[]> | Option[];
}

export type Asking = Record<string, string>;

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface TableDef<T> {
  /** names what is kept of it in the browser, and its place */
  name: string;
  may: May;
  title: Word;
  hint?: Word;
  none: Word;
  none_hint: Word;
  columns: Column<T>[];
  id: (row: T) => string;
  page: (asking: Asking, cursor: string | undefined, limit: number, signal: AbortSignal) => Promise<Page<T>>;
  /** those the server answers to; the others filter what is loaded */
  filters?: Filter[];
  /** the table of GET /tables that holds the same, to be exported */
  table?: string;
  /** buttons above the table */
  head?: (again: () => void) => ComponentChildren;
  /** what a row opens; `again` loads the list anew */
  open?: (row: T, again: () => void) => ComponentChildren;
  /** a letter does this with the row one stands on */
  keys?: Record<string, (row: T, again: () => void) => void>;
  keys_hint?: Word;
  tone?: (row: T) => "bad" | "warn" | "none";
  /** changes when the list should be looked at again */
  stirred?: () => unknown;
}
