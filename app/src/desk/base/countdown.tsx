/** How long until a moment, second by second; said once by a screen reader, not each second. */
import { useEffect, useState } from "preact/hooks";
import { t } from "../../words";

export function left(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const pad = (n: number) => String(n).padStart(2, "0");
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}` : `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

export function Countdown({ until, onOver }: { until: string; onOver?: () => void }) {
  const end = new Date(until).getTime();
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const tick = setInterval(() => {
      set(Date.now());
      if (Date.now() >= end) {
        clearInterval(tick);
        onOver?.();
      }
    }, 1000);
    return () => clearInterval(tick);
  }, [until]);
  return (
    <span class="countdown mono" role="timer" aria-live="off" aria-label={t("say.left", { time: left(end - now) })}>
      {left(end - now)}
    </span>
  );
}
