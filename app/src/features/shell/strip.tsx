/** On every screen: what has not reached the site yet, and what stands in the way. */
import type { SyncState } from "../../field/phone";
import { t, when } from "../../words";
import { phone } from "../here";
import { Icon, type Picture } from "../icons";

/** Of a clock that is further off people are told: times on lists would look wrong. */
export const CLOCK_MS = 120000;

export const clockWrong = (sync: SyncState): boolean => sync.clockMs !== null && Math.abs(sync.clockMs) > CLOCK_MS;

export function stripOf(sync: SyncState): { tone: "good" | "warn" | "bad"; icon: Picture; words: string[] } {
  const words: string[] = [];
  words.push(sync.busy !== "no" ? t("field.strip.busy") : sync.unsent > 0 ? t("field.strip.unsent", { n: sync.unsent }) : t("field.strip.all_sent"));
  if (sync.elsewhere) words.push(t("field.strip.elsewhere"));
  if (sync.full) words.push(t("field.strip.full"));
  if (sync.held > 0) words.push(t("field.strip.held", { n: sync.held }));
  if (clockWrong(sync)) words.push(t("field.strip.clock"));
  if (!sync.online) words.push(t("field.strip.offline"));
  else if (sync.problem !== null) words.push(t("field.strip.problem"));
  words.push(sync.pulledAt === null ? t("field.strip.never") : t("field.strip.pulled", { at: when(sync.pulledAt) }));
  const bad = sync.elsewhere || sync.full;
  const warn = sync.unsent > 0 || sync.held > 0 || clockWrong(sync) || !sync.online || sync.problem !== null;
  return { tone: bad ? "bad" : warn ? "warn" : "good", icon: bad || sync.held > 0 ? "held" : sync.unsent > 0 ? "phone" : "sent", words };
}

export function Strip() {
  const { tone, icon, words } = stripOf(phone().sync.value);
  return (
    <a class={`strip ${tone}`} href="#/sync" aria-label={t("field.strip.label", { what: words.join("，") })}>
      <Icon name={icon} size={18} />
      <span class="grow">{words.join(" · ")}</span>
    </a>
  );
}
