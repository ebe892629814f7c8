/** Nothing is read before the PIN; what is unsent is counted even here. */
import { useEffect, useState } from "preact/hooks";
import { Note } from "../../ui/parts";
import { language, speak, t } from "../../words";
import { phone } from "../here";
import { Icon } from "../icons";
import { PinPad } from "./pin_pad";

export const LanguageButton = () => (
  <button class="button plain small" lang={language.value === "zh" ? "en" : "zh-CN"} onClick={() => speak(language.value === "zh" ? "en" : "zh")}>{t("do.language")}</button>
);

const short = (ms: number): string => (ms > 90000 ? t("field.lock.minutes", { n: Math.ceil(ms / 60000) }) : t("field.lock.seconds", { n: Math.ceil(ms / 1000) }));

export function Lock() {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(Date.now());
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const left = until - now;
  useEffect(() => {
    if (left <= 0) return;
    const ticking = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(ticking);
  }, [until, left > 0]);
  const tried = async (pin: string) => {
    setBusy(true);
    setWrong(false);
    const answer = await phone().unlock(pin);
    setBusy(false);
    setWrong(!answer.open);
    setNow(Date.now());
    setUntil(Date.now() + answer.waitMs);
  };
  const unsent = phone().sync.value.unsent;
  return (
    <main class="gate low beside">
      <div class="row"><span class="grow" /><LanguageButton /></div>
      <div class="gate-head">
        <span class="seal"><Icon name="lock" size={30} /></span>
        <h1>{phone().siteName.value || t("app.name")}</h1>
        <p class="soft">{t("field.lock.ask")}</p>
      </div>
      <div class="gate-say" aria-live="assertive">
        {left > 0 ? <Note tone="bad">{t("field.lock.wait", { time: short(left) })}</Note> : wrong ? <Note tone="bad">{t("field.lock.wrong")}</Note> : busy ? <Note>{t("field.lock.opening")}</Note> : null}
      </div>
      <PinPad label={t("field.lock.ask")} off={left > 0 || busy} done={(pin) => void tried(pin)} />
      <p class={`gate-foot small ${unsent > 0 ? "" : "soft"}`}>{unsent > 0 ? t("field.lock.unsent", { n: unsent }) : t("field.lock.all_sent")}</p>
    </main>
  );
}
