/** A scanner that is a keyboard: a run of keys that ends with Enter, wherever the focus is, unless somebody types into a field. */
import { useLayoutEffect, useRef } from "preact/hooks";

/** Scanners type within milliseconds; whoever pauses so long began anew. */
const PAUSE_MS = 1500;
const SHORTEST = 3;

const typing = (target: EventTarget | null) => target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

export function useWedge(found: (text: string) => void): void {
  const call = useRef(found);
  call.current = found;
  useLayoutEffect(() => {
    let run = "";
    let last = 0;
    const heard = (event: KeyboardEvent) => {
      if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.timeStamp - last > PAUSE_MS) run = "";
      last = event.timeStamp;
      if (event.key.length === 1) run += event.key;
      else if (event.key === "Enter" && run.trim().length >= SHORTEST) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const text = run.trim();
        run = "";
        call.current(text);
      } else if (event.key !== "Shift") run = "";
    };
    window.addEventListener("keydown", heard, true);
    return () => window.removeEventListener("keydown", heard, true);
  }, []);
}
