/** Which columns are shown. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../words";
import type { Column } from "./table";

export function ColumnChoice<T>({ columns, shown, set }: { columns: Column<T>[]; shown: Set<string>; set: (shown: Set<string>) => void }) {
  const [open, turn] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!box.current!.contains(event.target as Node)) turn(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const put = (key: string, on: boolean) => {
    const next = new Set(shown);
    if (on) next.add(key);
    else next.delete(key);
    if (next.size > 0) set(next);
  };
  return (
    <div class="drop wide-only" ref={box} onKeyDown={(event) => event.key === "Escape" && turn(false)}>
      <button type="button" class="button small" aria-expanded={open} onClick={() => turn(!open)}>
        {t("table.columns")}
      </button>
      {open && (
        <fieldset class="drop-box">
          <legend class="small soft">{t("table.columns_say")}</legend>
          {columns.map((column) => (
            <label class="tick" key={column.key}>
              <input type="checkbox" checked={shown.has(column.key)} onChange={(event) => put(column.key, event.currentTarget.checked)} />
              <span>{t(column.title)}</span>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}
