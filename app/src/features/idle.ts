/** A phone that lies about locks itself. */
import { useEffect } from "preact/hooks";
import { phone } from "./here";

const LOOK_MS = 10000;

export function useIdleLock(): void {
  useEffect(() => {
    let last = Date.now();
    const touched = () => {
      /* Timers sleep while the phone does: the first touch after a long while must not count as work. */
      if (!late()) last = Date.now();
    };
    const late = () => Date.now() - last > phone().lockAfterMinutes.value * 60000;
    const look = () => {
      if (phone().state.value === "open" && late()) phone().lock();
      if (phone().state.value !== "open") last = Date.now();
    };
    const events = ["pointerdown", "keydown", "scroll"] as const;
    for (const name of events) window.addEventListener(name, touched, { passive: true, capture: true });
    document.addEventListener("visibilitychange", look);
    const timer = setInterval(look, LOOK_MS);
    return () => {
      for (const name of events) window.removeEventListener(name, touched, { capture: true });
      document.removeEventListener("visibilitychange", look);
      clearInterval(timer);
    };
  }, []);
}
