/** Six digits by big keys, or by those of a keyboard. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../words";

export const PIN_DIGITS = 6;
const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "⌫"];

/** done: what was typed; what it answers says whether the pad is emptied. */
export function PinPad({ label, off, done }: { label: string; off?: boolean; done: (pin: string) => void }) {
  const [pin, draw] = useState("");
  /* Fingers are faster than drawing: what was pressed is not kept by what was drawn. */
  const pressed = useRef("");
  const setPin = (digits: string) => {
    pressed.current = digits;
    draw(digits);
  };
  const press = (key: string) => {
    if (off) return;
    const next = key === "⌫" ? pressed.current.slice(0, -1) : pressed.current + key;
    if (next.length < PIN_DIGITS) return setPin(next);
    setPin("");
    done(next);
  };
  const call = useRef(press);
  call.current = press;
  useLayoutEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^\d$/.test(event.key)) call.current(event.key);
      else if (event.key === "Backspace") call.current("⌫");
    };
    window.addEventListener("keydown", heard);
    return () => window.removeEventListener("keydown", heard);
  }, []);
  return (
    <div class="pin" role="group" aria-label={label}>
      <div class="pin-dots" role="img" aria-label={t("field.pin.typed", { n: pin.length, all: PIN_DIGITS })}>
        {Array.from({ length: PIN_DIGITS }, (_, at) => <i key={at} class={at < pin.length ? "on" : ""} />)}
      </div>
      <div class="pin-keys">
        {keys.map((key) => key === "" ? <span key="none" /> : (
          <button key={key} type="button" disabled={off} aria-label={key === "⌫" ? t("field.pin.erase") : key} onClick={() => press(key)}>{key}</button>
        ))}
      </div>
    </div>
  );
}
