/** What the strip says in a word, in full, with what one does about it. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Note, type Tone } from "../../ui/parts";
import { coded, t, when } from "../../words";
import { phone, seen } from "../here";
import { Icon, type Picture } from "../icons";
import { Line } from "../inputs";
import { Screen } from "./screen";
import { ClockNote, Fork, Leftover } from "./notices";

const pressed = signal(false);

async function now(): Promise<void> {
  pressed.value = true;
  await phone().syncNow();
  pressed.value = false;
}

const Fact = ({ icon, label, children }: { icon: Picture; label: string; children: ComponentChildren }) => (
  <div class="fact"><Icon name={icon} /><span class="grow">{label}</span><strong>{children}</strong></div>
);

function problemText(problem: { code: string; detail: string }): string {
  const known = coded("field.sync_problem", problem.code.toLowerCase());
  return known !== problem.code.toLowerCase() ? known : problem.detail || t("field.sync.problem_other");
}

export function SyncPage() {
  const sync = phone().sync.value;
  void seen();
  const busy = pressed.value || sync.busy !== "no";
  const notes: [Tone, string][] = [];
  if (sync.elsewhere) notes.push(["bad", t("field.sync.elsewhere")]);
  if (sync.full) notes.push(["bad", t("field.sync.full")]);
  if (!sync.online) notes.push(["warn", t("field.sync.offline")]);
  if (sync.problem !== null && sync.problem.code !== "FORK") notes.push(["warn", problemText(sync.problem)]);
  return (
    <Screen title={t("field.sync.title")} up="/">
      {notes.map(([tone, text]) => <Note key={text} tone={tone}>{text}</Note>)}
      <ClockNote />
      <Fork />
      <Leftover />
      <section class="card stack">
        <Fact icon="phone" label={t("field.sync.unsent")}>{t("field.sync.count", { n: sync.unsent })}</Fact>
        <Fact icon="held" label={t("field.sync.held")}>{t("field.sync.count", { n: sync.held })}</Fact>
        <Fact icon="sent" label={t("field.sync.pulled")}>{sync.pulledAt === null ? t("field.strip.never") : when(sync.pulledAt)}</Fact>
      </section>
      <button class="button main wide big" disabled={busy} onClick={() => void now()}>
        <Icon name="again" /> {busy ? t("field.sync.busy") : t("field.sync.now")}
      </button>
      <p class="soft small">{t("field.sync.hint")}</p>
      <Line href="/mine" icon="list">{t("field.mine.title")}</Line>
    </Screen>
  );
}
