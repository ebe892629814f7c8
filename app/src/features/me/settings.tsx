/** Language, look, lock, and what this app is. */
import { useState } from "preact/hooks";
import { secure } from "../../base/crypt";
import { Note, tell } from "../../ui/parts";
import { language, speak, t, type Language } from "../../words";
import { PinPad } from "../enrol/pin_pad";
import { Unsafe } from "../enrol/safe";
import { phone, reason, seen } from "../here";
import { Icon } from "../icons";
import { Choices, Sheet } from "../inputs";
import { Update } from "../shell/notices";
import { Screen } from "../shell/screen";
import { Share } from "./share";
import { setTheme, theme, type Theme } from "./theme";
import { appVersion } from "./update";

const MINUTES = [1, 5, 15, 30];

type Step = { at: "old" } | { at: "new"; old: string } | { at: "again"; old: string; fresh: string };

function NewPin({ onClose }: { onClose: () => void }) {
  const [step, setStep] = useState<Step>({ at: "old" });
  const [said, setSaid] = useState<string | null>(null);
  const typed = async (pin: string) => {
    setSaid(null);
    if (step.at === "old") return setStep({ at: "new", old: pin });
    if (step.at === "new") return setStep({ at: "again", old: step.old, fresh: pin });
    if (pin !== step.fresh) {
      setSaid(t("field.enrol.pin_differs"));
      return setStep({ at: "new", old: step.old });
    }
    try {
      if (await phone().changePin(step.old, pin)) {
        tell(t("field.settings.pin_changed"));
        return onClose();
      }
      setSaid(t("field.settings.pin_wrong"));
    } catch (error) {
      setSaid(t(reason(error)));
    }
    setStep({ at: "old" });
  };
  return (
    <Sheet title={t("field.settings.pin")} onClose={onClose}>
      <p class="middle" aria-live="polite">{t(step.at === "old" ? "field.settings.pin_old" : step.at === "new" ? "field.settings.pin_new" : "field.enrol.pin_again")}</p>
      {said !== null && <Note tone="bad">{said}</Note>}
      <PinPad label={t("field.settings.pin")} done={(pin) => void typed(pin)} />
    </Sheet>
  );
}

export function Settings() {
  const here = seen();
  const [changing, setChanging] = useState(false);
  const lockAfter = here.lockAfterMinutes;
  return (
    <Screen title={t("field.settings.title")} up="/mine">
      <Update />
      <section class="card stack">
        <Choices label={t("field.settings.language")} value={language.value} onChange={(one) => speak(one as Language)} choices={[{ value: "zh", label: t("field.settings.zh") }, { value: "en", label: t("field.settings.en") }]} />
        <Choices label={t("field.settings.theme")} value={theme.value} onChange={(one) => setTheme(one as Theme)} choices={(["auto", "light", "dark"] as const).map((value) => ({ value, label: t(`field.settings.theme_${value}`) }))} />
      </section>
      <section class="card stack">
        <Choices label={t("field.settings.lock_after")} value={String(lockAfter.value)} onChange={(one) => (lockAfter.value = Number(one))} choices={[...new Set([...MINUTES, lockAfter.value])].sort((a, b) => a - b).map((n) => ({ value: String(n), label: t("field.settings.minutes", { n }) }))} />
        <div class="row wrap">
          <button class="button grow" onClick={() => setChanging(true)}>{t("field.settings.pin")}</button>
          <button class="button grow" onClick={() => { here.share(false); here.lock(); }}><Icon name="lock" /> {t("field.settings.lock_now")}</button>
        </div>
        <p class="soft small">{t("field.settings.lock_hint")}</p>
      </section>
      <Share />
      <section class="card stack tight">
        <h2>{t("field.settings.about")}</h2>
        <p>{t("app.name")} · {t("app.motto")}</p>
        <p class="soft small">{[here.siteName.value, here.me.value?.name ?? ""].filter((one) => one !== "").join(" · ")}</p>
        {appVersion !== "" && <p class="soft small">{t("field.settings.version", { version: appVersion })}</p>}
      </section>
      {!secure() && <Unsafe />}
      {changing && <NewPin onClose={() => setChanging(false)} />}
    </Screen>
  );
}
