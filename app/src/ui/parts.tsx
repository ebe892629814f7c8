/** Small parts that both halves are built of. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";

export type Tone = "good" | "warn" | "bad" | "info" | "none";

export const Tag = ({ tone = "none", children }: { tone?: Tone; children: ComponentChildren }) => <span class={`tag ${tone}`}>{children}</span>;

export const Note = ({ tone = "info", children }: { tone?: Tone; children: ComponentChildren }) => (
  <div class={`note ${tone}`} role={tone === "bad" ? "alert" : "status"}>
    {children}
  </div>
);

export const Empty = ({ children, hint }: { children: ComponentChildren; hint?: ComponentChildren }) => (
  <div class="empty">
    <strong>{children}</strong>
    {hint !== undefined && <span>{hint}</span>}
  </div>
);

/** How much of a whole, said in words for those who do not see it. */
export const Bar = ({ done, all, label }: { done: number; all: number; label: string }) => (
  <div class="bar" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={all} aria-valuenow={done}>
    <i style={{ width: `${all === 0 ? 0 : Math.round((100 * done) / all)}%` }} />
  </div>
);

export const Field = ({ label, children, hint }: { label: ComponentChildren; children: ComponentChildren; hint?: ComponentChildren }) => (
  <label class="field">
    <span>{label}</span>
    {children}
    {hint !== undefined && <small class="soft">{hint}</small>}
  </label>
);

const STOPS = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]:not([tabindex='-1'])";

/** From the last stop to the first, and back: the focus stays in the window. */
function keepFocus(event: KeyboardEvent): void {
  const dialog = event.currentTarget as HTMLElement;
  const stops = [...dialog.querySelectorAll<HTMLElement>(STOPS)].filter((one) => one.getClientRects().length > 0);
  const [first, last] = [stops[0], stops.at(-1)];
  const now = document.activeElement;
  if (event.key !== "Tab" || first === undefined || last === undefined) return;
  if (event.shiftKey ? now === first || now === dialog : now === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

/** A window in front; Escape and the veil close it, and one is again where one came from. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  const [from] = useState(() => (typeof document === "undefined" ? null : (document.activeElement as HTMLElement | null)));
  useEffect(() => {
    const dialog = box.current!;
    if (!dialog.open) dialog.showModal();
    return () => {
      dialog.close();
      if (from !== null && from !== document.body && from.isConnected) from.focus({ preventScroll: true });
    };
  }, []);
  const veil = (event: MouseEvent) => {
    if (event.target === box.current) onClose();
  };
  return (
    <dialog ref={box} class="dialog stack" aria-label={title} onCancel={(event) => { event.preventDefault(); onClose(); }} onClick={veil} onKeyDown={keepFocus}>
      <div class="row">
        <h2 class="grow">{title}</h2>
        <button class="button plain small" onClick={onClose} aria-label={t("do.close")}>✕</button>
      </div>
      {children}
    </dialog>
  );
}

const toast = signal<string | null>(null);
let ends: ReturnType<typeof setTimeout> | undefined;

/** A word in passing. */
export function tell(text: string): void {
  toast.value = text;
  clearTimeout(ends);
  ends = setTimeout(() => (toast.value = null), 3500);
}

export const Toast = () => <div aria-live="polite">{toast.value !== null && <div class="toast">{toast.value}</div>}</div>;
