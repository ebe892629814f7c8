/** What belongs to one row, beside the table; over it where the screen is narrow. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../words";
import { isAsking } from "../base/form";

export function Panel({ onClose, children }: { onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const narrow = matchMedia("(max-width: 1100px)").matches;
    if (narrow) box.current?.focus();
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || isAsking()) return;
      event.preventDefault();
      onClose();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, []);
  return (
    <aside ref={box} class="panel" tabIndex={-1} aria-label={t("table.panel")}>
      <button type="button" class="button plain small panel-close" onClick={onClose} aria-label={t("do.close")}>
        ✕
      </button>
      <div class="stack">{children}</div>
    </aside>
  );
}
