/** Nothing is read before the PIN; what is unsent is counted even here. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Note } from "../../ui/parts";
import { language, speak, t } from "../../words";
import { phone } from "../here";
import { Icon } from "../icons";
import { updateNow, updateWaits } from "../me/update";
import { PinPad } from "./pin_pad";

export const LanguageButton = () => (
  <button class="button plain small" lang={language.value === "zh" ? "en" : "zh-CN"} onClick={() => speak(language.value === "zh" ? "en" : "zh")}>{t("do.language")}</button>
);

const short = (ms: number): string => (ms > 90000 ? t("field.lock.minutes", { n: Math.ceil(ms / 60000) }) : t("field.lock.seconds", { n: Math.ceil(ms / 1000) }));

export function Lock() {
  /* Not by the clock on the wall, which may be set while one waits. */
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(performance.now());
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const left = until - now;
  useEffect(() => {
    if (left <= 0) return;
    const ticking = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(ticking);
  }, [until, left > 0]);
  const tried = async (pin: string) => {
    setBusy(true);
    setWrong(false);
    setFailed(null);
    try {
      const answer = await phone().unlock(pin);
      setWrong(!answer.open);
      setNow(performance.now());
      setUntil(performance.now() + answer.waitMs);
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  /* A newer app comes in before somebody begins to type. */
  const touched = useRef(false);
  useEffect(() => {
    if (updateWaits.value && !touched.current) void updateNow();
  }, [updateWaits.value]);
  const unsent = phone().sync.value.unsent;
  return (
    <main class="gate low beside" onPointerDown={() => (touched.current = true)}>
      <div class="row"><span class="grow" /><LanguageButton /></div>
      <div class="gate-head">
        <span class="seal"><Icon name="lock" size={30} /></span>
        <h1>{phone().siteName.value || t("app.name")}</h1>
        <p class="soft">{t("field.lock.ask")}</p>
      </div>
      <div class="gate-say" aria-live="assertive">
        {left > 0 ? <Note tone="bad">{t("field.lock.wait", { time: short(left) })}</Note> : wrong ? <Note tone="bad">{t("field.lock.wrong")}</Note> : failed !== null ? <Note tone="bad">{t("field.not_open", { why: failed })}</Note> : busy ? <Note>{t("field.lock.opening")}</Note> : null}
      </div>
      <PinPad label={t("field.lock.ask")} off={left > 0 || busy} done={(pin) => void tried(pin)} />
      <p class={`gate-foot small ${unsent > 0 ? "" : "soft"}`}>{unsent > 0 ? t("field.lock.unsent", { n: unsent }) : t("field.lock.all_sent")}</p>
    </main>
  );
}
