/** What one taps instead of typing. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "../ui/parts";
import { t } from "../words";
import { Icon, type Picture } from "./icons";

/** A number by − and +. null: not said yet; the first tap begins at `start`. */
export function Stepper({ label, value, start = 0, min = 0, max = 999, onChange }: { label: string; value: number | null; start?: number; min?: number; max?: number; onChange: (value: number) => void }) {
  const move = (by: number) => onChange(value === null ? Math.min(max, Math.max(min, start)) : Math.min(max, Math.max(min, value + by)));
  return (
    <div class="stepper" role="group" aria-label={label}>
      <span class="grow">{label}</span>
      <span class="turn">
        <button type="button" class="round" aria-label={t("field.input.less", { label })} disabled={value !== null && value <= min} onClick={() => move(-1)}>−</button>
        <output aria-live="polite" class={value === null ? "soft" : ""}>{value ?? "–"}</output>
        <button type="button" class="round" aria-label={t("field.input.more", { label })} disabled={value !== null && value >= max} onClick={() => move(1)}>＋</button>
      </span>
    </div>
  );
}

export interface Choice {
  value: string;
  label: string;
  icon?: Picture;
  tone?: string;
}

/** One of several, or (many) any of them: all in sight, one tap. */
export function Choices({ label, choices, value, onChange, big, show = true }: { label: string; choices: Choice[]; value: string | null | string[]; onChange: (value: string) => void; big?: boolean; show?: boolean }) {
  const on = (one: string) => (Array.isArray(value) ? value.includes(one) : value === one);
  return (
    <div class="choices" role="group" aria-label={label}>
      {show && <span class="soft small">{label}</span>}
      <div class={big ? "choice-grid" : "chips"}>
        {choices.map((choice) => (
          <button key={choice.value} type="button" class={`${big ? "picture" : "chip"} ${choice.tone ?? ""}`} aria-pressed={on(choice.value)} onClick={() => onChange(choice.value)}>
            {choice.icon !== undefined && <Icon name={choice.icon} size={big ? 30 : 20} />}
            <span>{choice.label}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** On or off, said in a word beside the picture of it. */
export const Switch = ({ on, set, icon, label, state }: { on: boolean; set: (on: boolean) => void; icon: Picture; label: string; state: string }) => (
  <button type="button" class="line switch" role="switch" aria-checked={on} aria-label={label} onClick={() => set(!on)}>
    <Icon name={icon} />
    <span class="grow">{label}<span class="soft small details">{state}</span></span>
    <i aria-hidden="true" />
  </button>
);

/** A window that comes from below, where the thumb is. */
export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  /* The window itself has the focus, not the cross that closes it: nobody came for that. */
  useEffect(() => {
    const dialog = box.current!.querySelector("dialog")!;
    dialog.tabIndex = -1;
    dialog.focus();
  }, []);
  return (
    <div class="sheet" ref={box}>
      <Dialog title={title} onClose={onClose}>{children}</Dialog>
    </div>
  );
}

/** A line that leads somewhere. */
export const Line = ({ href, icon, children, end }: { href: string; icon?: Picture; children: ComponentChildren; end?: ComponentChildren }) => (
  <a class="line" href={`#${href}`}>
    {icon !== undefined && <Icon name={icon} />}
    <span class="grow">{children}</span>
    {end}
    <Icon name="next" size={18} />
  </a>
);
