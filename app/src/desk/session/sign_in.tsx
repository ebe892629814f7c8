/** The door of the command post. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, authSignIn, authWays } from "../../api/api";
import { Field, Note } from "../../ui/parts";
import { language, speak, t, type Word } from "../../words";
import { zh } from "../../words/zh";
import { trouble, useAsked, type Trouble } from "../base/asked";
import { Wrong } from "../base/shown";
import { api, begin, ended, hint } from "./session";

/** /?sign_in=CODE: the identity provider sent him back without a session. */
function sentBack(): string | null {
  const code = new URLSearchParams(location.search).get("sign_in");
  if (code === null) return null;
  const key = `sign_in.back.${code}`;
  return t(key in zh ? (key as Word) : "sign_in.back.OTHER");
}

/** The way to the provider. It is tried before the browser goes: one that is out of reach would answer with a page that is none for people. */
export function ProviderLink({ to, kind, children }: { to: string; kind: string; children: ComponentChildren }) {
  const [wrong, fail] = useState<Trouble | null>(null);
  const [busy, work] = useState(false);
  const leave = async (event: MouseEvent) => {
    event.preventDefault();
    work(true);
    fail(null);
    try {
      const answer = await fetch(to, { redirect: "manual", headers: { "Accept-Language": language.value } });
      if (answer.type === "opaqueredirect") {
        hint(true);
        location.assign(to);
        return;
      }
      fail(trouble(new ApiError((await answer.json()) as ApiError["problem"])));
    } catch (error) {
      fail(trouble(error));
    }
    work(false);
  };
  return (
    <>
      <a class={`button ${kind}`} href={to} aria-busy={busy} onClick={(event) => void leave(event)}>
        {busy ? t("say.working") : children}
      </a>
      <Wrong wrong={wrong} />
    </>
  );
}

export function LanguageButton() {
  return (
    <button type="button" class="button plain small" lang={language.value === "zh" ? "en" : "zh-CN"} onClick={() => speak(language.value === "zh" ? "en" : "zh")}>
      {t("do.language")}
    </button>
  );
}

function Password() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [second, ask] = useState<"no" | "code" | "recovery">("no");
  const [busy, work] = useState(false);
  const [wrong, fail] = useState<Trouble | null>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    work(true);
    fail(null);
    try {
      await authSignIn(api(), { login, password, ...(second === "no" ? {} : { code: code.replace(/\s/g, "") }) });
      history.replaceState(null, "", location.pathname + location.search.replace(/[?&]sign_in=[^&]*/, "") + location.hash);
      hint(true);
      await begin();
    } catch (error) {
      const asksForCode = error instanceof ApiError && error.problem.field === "code" && second === "no";
      if (asksForCode) ask("code");
      else if (error instanceof ApiError && error.problem.code === "UNKNOWN_CALLER") fail({ code: "UNKNOWN_CALLER", what: t(second === "no" ? "sign_in.wrong" : "sign_in.wrong_code"), todo: "" });
      else fail(trouble(error));
    }
    work(false);
  };
  return (
    <form class="stack" onSubmit={send}>
      <Field label={t("sign_in.login")}>
        <input type="text" name="login" value={login} required autocomplete="username" autocapitalize="none" spellcheck={false} onInput={(event) => setLogin(event.currentTarget.value)} />
      </Field>
      <Field label={t("sign_in.password")}>
        <input type="password" name="password" value={password} required autocomplete="current-password" onInput={(event) => setPassword(event.currentTarget.value)} />
      </Field>
      {second !== "no" && (
        <Field label={t(second === "code" ? "sign_in.code" : "sign_in.recovery")} hint={t(second === "code" ? "sign_in.code_hint" : "sign_in.recovery_hint")}>
          <input key={second} type="text" name="code" class="mono big" value={code} required autofocus autocomplete="one-time-code" inputMode={second === "code" ? "numeric" : "text"} maxLength={16} onInput={(event) => setCode(event.currentTarget.value)} />
        </Field>
      )}
      {second !== "no" && (
        <button type="button" class="button plain small" onClick={() => ask(second === "code" ? "recovery" : "code")}>
          {t(second === "code" ? "sign_in.use_recovery" : "sign_in.use_code")}
        </button>
      )}
      <Wrong wrong={wrong} />
      <button type="submit" class="button main wide" disabled={busy}>
        {t(busy ? "say.working" : "sign_in.go")}
      </button>
    </form>
  );
}

export function SignIn() {
  const ways = useAsked((signal) => authWays(api(), { signal }), [language.value]);
  useEffect(() => {
    document.title = `${t("sign_in.title")} · ${t("app.name")}`;
  }, [language.value]);
  const back = sentBack();
  return (
    <div class="sign-in">
      <main class="sign-in-box stack">
        <div class="row">
          <img src="/icon.svg" alt="" width="48" height="48" />
          <div class="grow">
            <h1>{t("app.name")}</h1>
            <p class="soft small">{t("app.motto")}</p>
          </div>
          <LanguageButton />
        </div>
        <h2>{t("sign_in.title")}</h2>
        {ended.value && <Note tone="warn">{t("sign_in.ended")}</Note>}
        {back !== null && <Note tone="bad">{back}</Note>}
        {ways.value?.provider && (
          <ProviderLink to="/api/v1/auth/oidc" kind="wide">
            {t("sign_in.provider", { name: ways.value.provider })}
          </ProviderLink>
        )}
        {ways.value?.provider && ways.value.password && <div class="or soft small">{t("sign_in.or")}</div>}
        {ways.value?.password !== false && <Password />}
        <Wrong wrong={ways.wrong} again={ways.again} />
        <p class="soft small">{t("sign_in.phone_hint")}</p>
        <a class="button wide" href="/?field">{t("sign_in.phone_go")}</a>
      </main>
    </div>
  );
}
