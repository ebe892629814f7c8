/** What colours and signs mean. Folded away on a phone. */
import { useState } from "preact/hooks";
import { t, type Word } from "../../../words";
import { COLOURS, INK, STEPS, type Step } from "../coverage";
import { theme, type Theme } from "../view/theme";

export const stepWord = (step: Step): Word => `map.step_${step}`;
const SIGN: Record<Step, string> = { none: "", unbegun: "8", some: "5", half: "3", nearly: "1", done: "✓" };

/** sign: beside a real number the legend's example would be read as one */
export const Swatch = ({ step, look, sign = SIGN[step] }: { step: Step; look: Theme; sign?: string }) => (
  <i class={`map-swatch ${step}`} style={{ background: step === "none" ? undefined : COLOURS[look][step], color: INK[look][step] }} aria-hidden="true">
    {sign}
  </i>
);

export function LegendList({ look }: { look: Theme }) {
  return (
    <ul class="map-keys">
      {STEPS.toReversed().map((step) => (
        <li key={step}>
          <Swatch step={step} look={look} />
          {t(stepWord(step))}
        </li>
      ))}
      <li><i class="map-swatch line" aria-hidden="true" />{t("map.barrier_now")}</li>
      <li><i class="map-swatch line not" aria-hidden="true" />{t("map.barrier_not")}</li>
    </ul>
  );
}

export function Legend() {
  const [open, turn] = useState(() => matchMedia("(min-width: 760px) and (min-height: 521px)").matches);
  return (
    <div class="map-legend">
      <button type="button" class="map-legend-turn" aria-expanded={open} onClick={() => turn(!open)}>
        {t("map.legend")} <span aria-hidden="true">{open ? "▾" : "▴"}</span>
      </button>
      {open && (
        <>
          <LegendList look={theme.value} />
          <p class="soft small">{t("map.number_hint")}</p>
        </>
      )}
    </div>
  );
}
