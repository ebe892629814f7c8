/** A phone joins: the leader's code, a PIN twice, and the first load. */
import { signal } from "@preact/signals";
import { useLayoutEffect, useState } from "preact/hooks";
import { secure } from "../../base/crypt";
import { Field, Note } from "../../ui/parts";
import { go, route } from "../../ui/route";
import { language, number, t } from "../../words";
import { phone } from "../here";
import { Icon } from "../icons";
import { later } from "../later";
import { LanguageButton } from "./lock";
import { PinPad } from "./pin_pad";
import { Unsafe } from "./safe";

/** Of a link, of what was pasted round it, or the code alone. */
export const inviteOf = (text: string): string | null => /(?:enrol=|^\s*)([\w-]{20,})\s*$/.exec(text)?.[1] ?? null;

const Eye = later(() => import("../scan/eye").then((module) => module.Eye));

type Step = { at: "code" } | { at: "pin"; first: string | null; differ: boolean } | { at: "load"; bytes: number } | { at: "failed"; why: string };

const Ask = ({ found }: { found: (invite: string) => void }) => {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const [camera, setCamera] = useState(false);
  const take = (said: string) => {
    const invite = inviteOf(said);
    setWrong(invite === null);
    if (invite !== null) found(invite);
  };
  return (
    <>
      <Unsafe />
      <p>{t("field.enrol.ask")}</p>
      {camera || !secure() ? <Eye found={take} /> : (
        <button class="button main wide big" onClick={() => setCamera(true)}><Icon name="scan" /> {t("field.enrol.scan")}</button>
      )}
      <form class="stack" onSubmit={(event) => { event.preventDefault(); take(text); }}>
        <Field label={t("field.enrol.type")}>
          <input type="text" autocomplete="off" autocapitalize="off" spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </Field>
        {wrong && <Note tone="bad">{t("field.enrol.wrong_code")}</Note>}
        <button class="button wide" disabled={text.trim() === ""}>{t("field.enrol.next")}</button>
      </form>
    </>
  );
};

const failure = (error: unknown): string => {
  const code = (error as { problem?: { code?: string } }).problem?.code;
  /* Without a word of the site nothing was heard from it: no network, or it broke off. */
  const own = (error as { code?: unknown }).code;
  if (code === undefined) return own === "full" ? t("field.trouble.full") : own === "elsewhere" ? t("field.sync.elsewhere") : t("error.network");
  return ["INVITE", "NOT_FOUND", "UNKNOWN_CALLER", "FORBIDDEN", "EXPIRED", "STATE"].includes(code) ? t("field.enrol.used") : (error as Error).message;
};

/* The steps outlive the screen: a phone is open before its first load has come, and goes on saying so. */
const now = signal<Step>({ at: "code" });
const invited = signal<string | null>(null);
const setStep = (step: Step): void => void (now.value = step);
export const joining = (): boolean => now.value.at === "load";

function found(code: string): void {
  invited.value = code;
  setStep({ at: "pin", first: null, differ: false });
}

async function join(pin: string): Promise<void> {
  setStep({ at: "load", bytes: 0 });
  try {
    await phone().enrol(invited.value!, pin, (bytes) => setStep({ at: "load", bytes }));
    go(phone().leftovers().length > 0 ? "/leftovers" : "/", true);
    setStep({ at: "code" });
  } catch (error) {
    setStep({ at: "failed", why: failure(error) });
  }
}

/** up: of a phone that has joined already, where it goes back to. */
export function Enrol({ up }: { up?: string }) {
  const link = inviteOf(route.value);
  useLayoutEffect(() => { if (link !== null && !joining()) found(link); }, [link]);
  const step = now.value;
  const typed = (pin: string) => {
    if (step.at !== "pin") return;
    if (step.first === null) setStep({ at: "pin", first: pin, differ: false });
    else if (step.first === pin) void join(pin);
    else setStep({ at: "pin", first: null, differ: true });
  };
  return (
    <main class={`gate ${step.at === "pin" ? "beside" : ""}`} lang={language.value === "zh" ? "zh-CN" : "en"}>
      <div class="row">{up !== undefined && <a class="icon-button" href={`#${up}`} aria-label={t("do.back")}><Icon name="back" /></a>}<span class="grow" /><LanguageButton /></div>
      <div class="gate-head">
        <img src="/icon.svg" alt="" width={64} height={64} />
        <h1>{t("app.name")}</h1>
        <p class="soft">{t("app.motto")}</p>
      </div>
      {step.at === "code" && <Ask found={found} />}
      {step.at === "pin" && (
        <>
          <h2 class="middle" aria-live="polite">{t(step.first === null ? "field.enrol.pin" : "field.enrol.pin_again")}</h2>
          <p class="soft middle small">{t("field.enrol.pin_why")}</p>
          {step.differ && <Note tone="bad">{t("field.enrol.pin_differs")}</Note>}
          <PinPad label={t("field.enrol.pin")} done={typed} />
        </>
      )}
      {step.at === "load" && (
        <div class="empty" role="status">
          <span class="spinner" aria-hidden="true" />
          <strong>{t("field.enrol.loading")}</strong>
          <span>{t("field.enrol.loaded", { n: number(Math.round(step.bytes / 1024)) })}</span>
          <span>{t("field.enrol.stay")}</span>
        </div>
      )}
      {step.at === "failed" && (
        <>
          <Note tone="bad">{step.why}</Note>
          <button class="button main wide big" onClick={() => found(invited.value!)}>{t("do.again")}</button>
          <button class="button wide" onClick={() => setStep({ at: "code" })}>{t("field.enrol.other_code")}</button>
        </>
      )}
    </main>
  );
}
