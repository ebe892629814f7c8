/** The frame of every screen: what this phone's state is, where one is and how one goes back, the work, and what the thumb does next. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Note, Toast } from "../../ui/parts";
import { matches, route } from "../../ui/route";
import { t } from "../../words";
import { phone, trouble } from "../here";
import { Icon, type Picture } from "../icons";
import { Strip } from "./strip";

const Tab = ({ href, icon, children }: { href: string; icon: Picture; children: string }) => (
  <a class={`tab ${icon}`} href={`#${href}`} aria-current={matches(href) !== null ? "page" : undefined}>
    <Icon name={icon} />
    <span>{children}</span>
  </a>
);

const Tabs = () => (
  <nav class="tabs" aria-label={t("field.tab.label")}>
    <Tab href="/" icon="home">{t("field.tab.home")}</Tab>
    {(phone().round.value?.capacity ?? 0) > 0 ? <Tab href="/tubes" icon="tube">{t("field.tab.tubes")}</Tab> : <Tab href="/needs" icon="hand">{t("field.tab.needs")}</Tab>}
    <Tab href="/scan" icon="scan">{t("field.tab.scan")}</Tab>
    <Tab href="/second" icon="again">{t("field.tab.second")}</Tab>
    <Tab href="/mine" icon="me">{t("field.tab.mine")}</Tab>
  </nav>
);

/** What kept something from the disk is brought before the eyes, wherever on the screen they were. */
function Trouble() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "center" }), [trouble.value]);
  if (trouble.value === null) return null;
  return (
    <div ref={box}>
      <Note tone="bad">
        <div class="row"><span class="grow">{t(trouble.value)}</span><button class="button small" onClick={() => (trouble.value = null)}>{t("do.ok")}</button></div>
      </Note>
    </div>
  );
}

/** up: where the arrow leads. foot: in place of the tabs. tab: what the browser calls the page, who and where left out: others see that without the PIN. */
export function Screen({ title, tab = title, sub, up, foot, end, children }: { title: string; tab?: string; sub?: ComponentChildren; up?: string; foot?: ComponentChildren; end?: ComponentChildren; children: ComponentChildren }) {
  const head = useRef<HTMLHeadingElement>(null);
  const place = route.value.split("?")[0];
  useEffect(() => {
    document.title = `${tab} · ${t("app.name")}`;
  }, [tab]);
  useEffect(() => head.current?.focus({ preventScroll: true }), [place]);
  return (
    <div class="screen">
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>{t("field.screen.skip")}</a>
      <header class="top">
        <Strip />
        <div class="bar-top">
          {up !== undefined && <a class="icon-button" href={`#${up}`} aria-label={t("do.back")}><Icon name="back" /></a>}
          <div class="grow">
            <h1 ref={head} tabIndex={-1}>{title}</h1>
            {sub !== undefined && <div class="soft small">{sub}</div>}
          </div>
          {end}
        </div>
      </header>
      <main id="main" class="work stack" tabIndex={-1}>
        <Trouble />
        {children}
      </main>
      {foot !== undefined ? <footer class="foot">{foot}</footer> : <Tabs />}
      <Toast />
    </div>
  );
}
