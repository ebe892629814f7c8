/** The frame of every page: where one can go, who one is, whether what is shown is live. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Toast } from "../../ui/parts";
import { go, route } from "../../ui/route";
import { language, number, t } from "../../words";
import { AskButton, Asking } from "../base/form";
import { Icon } from "../base/shown";
import { loadAreas } from "../base/areas";
import { Countdown } from "../base/countdown";
import { connected, follow, held, numbers } from "../live/live";
import { again, me, signOut, site } from "../session/session";
import { LanguageButton } from "../session/sign_in";
import { endEmergency, ownEmergency } from "../lists/emergencies";
import { InviteWindow } from "../lists/invite";
import { LinkWindow } from "../lists/link_window";
import { Exporting } from "../tables/export";
import { Help } from "./help";
import { help, listen } from "./keys";
import { Pages } from "./pages";
import { all, allowed, home, parts, type Place } from "./places";

const here = (place: Place): boolean => {
  const path = route.value.split("?")[0]!;
  return place.path === "/" ? path === "/" || path.startsWith("/board") : path === place.path || path.startsWith(`${place.path}/`);
};

/** How many wait behind a page. */
function waiting(place: Place): number {
  if (place.path === "/held") return held.value?.waiting ?? 0;
  if (place.path === "/reviews") return numbers.value?.review ?? 0;
  return 0;
}

function Side({ onGo }: { onGo: () => void }) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }), [route.value.split("?")[0]]);
  return (
    <nav ref={nav} class="side" id="side" aria-label={t("nav.title")}>
      {parts.map((part) => {
        const places = part.places.filter(allowed);
        if (places.length === 0) return null;
        return (
          <div key={part.title} class="side-part">
            <h2>{t(part.title)}</h2>
            <ul>
              {places.map((place) => {
                const count = waiting(place);
                return (
                  <li key={place.path}>
                    <a href={`#${place.path}`} aria-current={here(place) ? "page" : undefined} onClick={onGo}>
                      <Icon of={place.icon} />
                      <span class="grow">{t(place.title)}</span>
                      {count > 0 && <span class="badge" aria-label={t("nav.waiting", { n: count })}>{number(count)}</span>}
                    </a>
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

function Me() {
  const name = me.value?.name ?? t("say.unknown");
  const [open, turn] = useState(false);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if ((event.target as Element).closest(".me") === null) turn(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  return (
    <div class="drop me" onKeyDown={(event) => event.key === "Escape" && turn(false)}>
      <button type="button" class="button plain small" aria-expanded={open} onClick={() => turn(!open)}>
        <span class="face" aria-hidden="true">{name.slice(0, 1)}</span>
        <span class="me-name">{name}</span>
        <span aria-hidden="true">▾</span>
      </button>
      {open && (
        <div class="drop-box" onClick={() => turn(false)}>
          <a class="button plain" href="#/me">{t("own.title")}</a>
          <button type="button" class="button plain" onClick={() => (help.value = true)}>{t("keys.title")}</button>
          <span class="narrow-only"><LanguageButton /></span>
          <button type="button" class="button plain" onClick={() => void signOut(false)}>{t("own.out_here")}</button>
        </div>
      )}
    </div>
  );
}

/** Whoever acts by an emergency grant sees it all the time. */
function EmergencyBar() {
  const open = ownEmergency();
  if (open?.to == null) return null;
  return (
    <div class="emergency" role="status">
      <Icon of="alarm" />
      <span class="grow">
        {t("emergencies.bar")} <Countdown until={open.to} onOver={() => void again()} />
      </span>
      <AskButton of={endEmergency(() => undefined)} />
    </div>
  );
}

function Top({ menu, open }: { menu: () => void; open: boolean }) {
  return (
    <header class="top no-print">
      <button type="button" class="button plain small menu" aria-expanded={open} aria-controls="side" aria-label={t("nav.title")} onClick={menu}>
        <Icon of="menu" />
      </button>
      <a class="brand" href="#/">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <span class="brand-name">{t("app.name")}</span>
      </a>
      <strong class="site-name cut">{site.value?.name ?? ""}</strong>
      {site.value?.synthetic && <span class="tag warn synthetic" title={t("site.synthetic_say")}>{t("site.synthetic")}</span>}
      <span class="grow" />
      <span class={`live ${connected.value ? "up" : "down"}`} role="status">
        <i aria-hidden="true" />
        <span class="live-word">{t(connected.value ? "live.up" : "live.down")}</span>
      </span>
      <span class="wide-language"><LanguageButton /></span>
      <Me />
    </header>
  );
}

export function Shell() {
  const [open, turn] = useState(false);
  useEffect(() => {
    void loadAreas();
    const ends = [follow(), listen()];
    return () => ends.forEach((end) => end());
  }, []);
  useEffect(() => {
    if (!open) return;
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      turn(false);
      document.querySelector<HTMLElement>(".menu")?.focus();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [open]);
  const path = route.value.split("?")[0]!;
  useEffect(() => {
    const place = all.find(here);
    document.title = `${place === undefined ? t("app.name") : t(place.title)} · ${site.value?.name ?? t("app.name")}`;
  }, [path, language.value, site.value]);
  useEffect(() => {
    const first = home();
    const wants = all.find((place) => here(place));
    if (path === "/" && wants !== undefined && !allowed(wants) && first !== undefined) go(first.path, true);
  }, [path]);
  return (
    <div class={`shell ${open ? "side-open" : ""}`}>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>
        {t("nav.skip")}
      </a>
      <Top menu={() => turn(!open)} open={open} />
      <Side onGo={() => turn(false)} />
      {open && <div class="veil" onClick={() => turn(false)} />}
      <main id="main" tabIndex={-1} class={path === "/map" || path === "/replay" ? "full" : ""}>
        <EmergencyBar />
        <Pages />
      </main>
      <Asking />
      <Exporting />
      <InviteWindow />
      <LinkWindow />
      <Help />
      <Toast />
    </div>
  );
}
