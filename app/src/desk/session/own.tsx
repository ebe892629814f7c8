/** What somebody does about himself: password, second factor, identity, signing out. */
import { useRef, useState } from "preact/hooks";
import { ApiError, authLink, authPassword, authTotpBegin, authTotpConfirm, authWays, type Link, type TotpNew } from "../../api/api";
import { Field, Note, tell } from "../../ui/parts";
import { coded, language, t, when } from "../../words";
import { trouble, useAsked, type Trouble } from "../base/asked";
import { areaById } from "../base/areas";
import { ask } from "../base/form";
import { Qr } from "../base/qr";
import { copy, Facts, Head, Wrong } from "../base/shown";
import { api, me, signOut } from "./session";
import { ProviderLink } from "./sign_in";

export function askPassword(): void {
  ask({
    title: t("own.password"),
    say: <p class="soft small">{t("own.password_say")}</p>,
    blanks: [
      { name: "old", label: t("own.password_old"), type: "password", must: true },
      { name: "new", label: t("own.password_new"), type: "password", must: true, hint: t("own.password_hint") },
      { name: "repeat", label: t("own.password_repeat"), type: "password", must: true },
    ],
    yes: t("do.save"),
    done: t("own.password_done"),
    send: async (values) => {
      if (values["new"] !== values["repeat"]) throw new Error(t("own.password_differs"));
      await authPassword(api(), { old: values["old"]!, new: values["new"]! });
    },
    then: () => void signOut(false),
  });
}

/** The codes are shown once: whoever goes on says that he kept them. */
function Codes({ codes, done }: { codes: string[]; done: () => void }) {
  const list = useRef<HTMLUListElement>(null);
  return (
  <div class="stack">
    <p>{t("own.second_codes")}</p>
    <ul ref={list} class="codes mono">
      {codes.map((code) => (
        <li key={code}>{code}</li>
      ))}
    </ul>
    <div class="row wrap">
      <button type="button" class="button" onClick={() => copy(codes.join("\n"), list.current)}>
        {t("do.copy")}
      </button>
      <button type="button" class="button" onClick={() => window.print()}>
        {t("do.print")}
      </button>
      <button type="button" class="button main" onClick={done}>
        {t("own.second_kept")}
      </button>
    </div>
  </div>
  );
}

function Second() {
  const [begun, set] = useState<TotpNew | null>(null);
  const [code, put] = useState("");
  const [codes, show] = useState<string[] | null>(null);
  const [wrong, fail] = useState<Trouble | null>(null);
  const [there, stands] = useState(false);
  // Nothing tells before whether there is one: the server refuses a second.
  const start = () => authTotpBegin(api()).then(set, (error: unknown) => (error instanceof ApiError && error.problem.code === "STATE" ? stands(true) : fail(trouble(error))));
  const confirm = async (event: Event) => {
    event.preventDefault();
    fail(null);
    try {
      show((await authTotpConfirm(api(), { code })).codes);
    } catch (error) {
      fail(trouble(error));
    }
  };
  if (codes !== null) return <Codes codes={codes} done={() => { show(null); stands(true); tell(t("own.second_done")); }} />;
  if (there) return <Note tone="good">{t("own.second_there")}</Note>;
  if (begun === null)
    return (
      <div class="stack">
        <p class="soft">{t("own.second_say")}</p>
        <Wrong wrong={wrong} />
        <button type="button" class="button" onClick={() => void start()}>
          {t("own.second_begin")}
        </button>
      </div>
    );
  return (
    <form class="stack" onSubmit={confirm}>
      <p>{t("own.second_scan")}</p>
      <Qr text={begun.url} label={t("own.second")} />
      <details>
        <summary class="small soft">{t("own.second_type")}</summary>
        <code class="mono wrap-any">{new URL(begun.url).searchParams.get("secret") ?? ""}</code>
      </details>
      <Field label={t("own.second_code")}>
        <input type="text" class="mono big" inputMode="numeric" required maxLength={6} autocomplete="one-time-code" value={code} onInput={(event) => put(event.currentTarget.value)} />
      </Field>
      <Wrong wrong={wrong} />
      <button type="submit" class="button main">
        {t("own.second_confirm")}
      </button>
    </form>
  );
}

function Identity() {
  const ways = useAsked((signal) => authWays(api(), { signal }), [language.value]);
  const [link, set] = useState<Link | null>(null);
  const [wrong, fail] = useState<Trouble | null>(null);
  if (!ways.value?.provider) return null;
  return (
    <section class="card stack">
      <h2>{t("own.identity", { name: ways.value.provider })}</h2>
      <p class="soft">{t("own.identity_say")}</p>
      <Wrong wrong={wrong} />
      {link?.url ? (
        <ProviderLink to={link.url} kind="main">
          {t("own.identity_go")}
        </ProviderLink>
      ) : (
        <button type="button" class="button" onClick={() => void authLink(api()).then(set, (error: unknown) => fail(trouble(error)))}>
          {t("own.identity_begin")}
        </button>
      )}
    </section>
  );
}

export function OwnPage() {
  const who = me.value!;
  return (
    <>
      <Head title={t("own.title")} hint={who.name ?? undefined} />
      <div class="columns">
        <section class="card stack">
          <h2>{t("own.may")}</h2>
          {who.grants.map((grant) => (
            <Facts
              key={grant.id}
              facts={[
                ["col.role", coded("role", grant.role)],
                ["col.area", grant.area === null ? t("say.whole_site") : areaById(grant.area) || grant.code],
                ["col.to", when(grant.to)],
                ["col.emergency", grant.emergency ? t("say.yes") : ""],
              ]}
            />
          ))}
          <p class="soft small">{t("own.until", { when: when(who.until) })}</p>
        </section>
        <section class="card stack">
          <h2>{t("own.password")}</h2>
          <p class="soft">{t("own.password_say")}</p>
          <button type="button" class="button" onClick={askPassword}>
            {t("own.password_change")}
          </button>
        </section>
        <section class="card stack">
          <h2>{t("own.second")}</h2>
          <Second />
        </section>
        <Identity />
        <section class="card stack">
          <h2>{t("own.out")}</h2>
          <div class="row wrap">
            <button type="button" class="button" onClick={() => void signOut(false)}>
              {t("own.out_here")}
            </button>
            <button type="button" class="button bad" onClick={() => ask({ title: t("own.out_everywhere"), say: t("own.out_everywhere_say"), yes: t("own.out_everywhere"), bad: true, send: () => signOut(true) })}>
              {t("own.out_everywhere")}
            </button>
          </div>
        </section>
      </div>
    </>
  );
}
