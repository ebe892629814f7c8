/** What somebody has to know or do before he goes on, in full, with the way to it. */
import { Note } from "../../ui/parts";
import { t } from "../../words";
import { phone } from "../here";
import { Icon } from "../icons";
import { updateNow, updateWaits } from "../me/update";
import { clockWrong } from "./strip";

/** Of a clock that is further off people are told on the first screen already. */
const FAR_OFF = 30 * 60000;

function span(ms: number): string {
  const minutes = Math.round(ms / 60000);
  if (minutes < 90) return t("field.sync.minutes", { n: minutes });
  return minutes < 23.5 * 60 ? t("field.sync.hours", { n: Math.round(minutes / 60) }) : t("field.sync.days", { n: Math.round(minutes / 1440) });
}

export function ClockNote({ from = 0 }: { from?: number }) {
  const sync = phone().sync.value;
  const off = Math.abs(sync.clockMs ?? 0);
  return clockWrong(sync) && off >= from ? <Note tone="warn">{t(sync.clockMs! > 0 ? "field.sync.clock_fast" : "field.sync.clock_slow", { n: span(off) })}</Note> : null;
}

/** Another phone has this one's chain. */
export const Fork = () =>
  phone().sync.value.problem?.code !== "FORK" ? null : (
    <Note tone="bad">
      <p>{t("field.sync_problem.fork")}</p>
      <a class="button main wide big" href="#/rejoin"><Icon name="scan" /> {t("field.sync.rejoin")}</a>
    </Note>
  );

export function Leftover() {
  const left = phone().leftovers().length;
  return left === 0 ? null : <Note tone="warn"><p>{t("field.left.some", { n: left })}</p><a class="button small" href="#/leftovers">{t("field.left.look")}</a></Note>;
}

export const Update = () =>
  updateWaits.value ? <Note tone="info"><div class="row"><span class="grow">{t("field.settings.update")}</span><button class="button main" onClick={() => void updateNow()}>{t("field.settings.update_now")}</button></div></Note> : null;

/** On the first screen. */
export const Notices = () => <><Fork /><Leftover /><ClockNote from={FAR_OFF} /><Update /></>;
