/** Rows of a table, page after page as they are needed. */
import { batch, signal } from "@preact/signals";
import { trouble, type Trouble } from "../base/asked";
import type { Asking, TableDef } from "./table";

const FIRST = 200;
const MORE = 1000;

/** One reading of a list: its rows so far, and whether there are more. A new question, or looking again, makes a new one. */
export class Source<T> {
  readonly rows = signal<T[]>([]);
  /** how many are here, also those that are not shown yet */
  readonly read = signal(0);
  readonly all = signal(false);
  readonly busy = signal(false);
  readonly wrong = signal<Trouble | null>(null);
  private cursor: string | undefined;
  private control = new AbortController();
  private work: Promise<void> | null = null;
  private next: T[] = [];
  private waits = false;

  constructor(
    private readonly def: TableDef<T>,
    private readonly asking: Asking,
  ) {}

  /** The next page; who asks while one is on its way waits for that one. */
  more(): Promise<void> {
    if (this.all.value || this.control.signal.aborted) return Promise.resolve();
    this.work ??= this.page().finally(() => {
      this.work = null;
    });
    return this.work;
  }

  /** All that there are, shown when the last is here: sorted anew with every page, sixty thousand rows would take sixty times as long. */
  async rest(): Promise<void> {
    if (this.waits) return;
    this.waits = true;
    while (!this.all.value && this.wrong.value === null && !this.control.signal.aborted) await this.more();
    this.waits = false;
    this.show();
  }

  private show(): void {
    if (this.next.length === 0) return;
    this.rows.value = this.rows.value.concat(this.next);
    this.next = [];
  }

  private async page(): Promise<void> {
    batch(() => {
      this.busy.value = true;
      this.wrong.value = null;
    });
    try {
      const page = await this.def.page(this.asking, this.cursor, this.cursor === undefined ? FIRST : MORE, this.control.signal);
      batch(() => {
        for (const one of page.items) this.next.push(one);
        this.read.value += page.items.length;
        if (!this.waits || this.cursor === undefined || page.next === null) this.show();
        this.cursor = page.next ?? undefined;
        this.all.value = page.next === null;
        this.busy.value = false;
      });
    } catch (error) {
      if (this.control.signal.aborted) return;
      batch(() => {
        this.wrong.value = trouble(error);
        this.busy.value = false;
      });
    }
  }

  end(): void {
    this.control.abort();
  }
}
