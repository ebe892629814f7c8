/** The field phone: opens what this browser holds, and shows the screen that the address names. */
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { Phone } from "../field/phone";
import { Empty, Note } from "../ui/parts";
import { go, matches, route } from "../ui/route";
import { language, t } from "../words";
import { Building } from "./doors/building";
import { Door } from "./doors/door";
import { forgetDrafts } from "./doors/draft";
import { Home } from "./doors/home";
import { AddPerson, EditPerson } from "./doors/person_edit";
import { Enrol, inviteOf, joining } from "./enrol/enrol";
import { Lock } from "./enrol/lock";
import { Wiped } from "./enrol/wiped";
import "./field.css";
import { phone, usePhone } from "./here";
import { later } from "./later";
import { Leftovers } from "./me/leftovers";
import { Mine } from "./me/mine";
import { Settings } from "./me/settings";
import { setTheme, theme } from "./me/theme";
import { watchUpdates } from "./me/update";
import { Needs, RaiseNeed } from "./needs/needs";
import { Screen } from "./shell/screen";
import { SyncPage } from "./shell/sync_page";
import { Refusals, Second } from "./sweep/refusals";
import { Register } from "./sweep/register";
import { Street } from "./sweep/street";
import { Boxes } from "./tubes/boxes";
import { Give, Take } from "./tubes/hand";
import { Tube } from "./tubes/tube";
import { Tubes } from "./tubes/tubes";

const Scan = later(() => import("./scan/scan").then((module) => module.default));

type Values = Record<string, string>;
const places: [string, (values: Values) => preact.JSX.Element][] = [
  ["/", () => <Home />],
  ["/building/{id}", ({ id }) => <Building id={id!} />],
  ["/door/{id}", ({ id }) => <Door id={id!} />],
  ["/door/{id}/add", ({ id }) => <AddPerson key={id} door={id!} />],
  ["/door/{id}/person/{person}", ({ id, person }) => <EditPerson key={person} door={id!} id={person!} />],
  ["/scan", () => <Scan />],
  ["/tubes", () => <Tubes />],
  ["/tube/{id}", ({ id }) => <Tube key={id} id={id!} />],
  ["/boxes", () => <Boxes />],
  ["/give/{id}", ({ id }) => <Give key={id} id={id!} />],
  ["/take", () => <Take />],
  ["/register", () => <Register />],
  ["/street", () => <Street />],
  ["/refusals", () => <Refusals />],
  ["/second", () => <Second />],
  ["/need", () => <RaiseNeed />],
  ["/needs", () => <Needs />],
  ["/mine", () => <Mine />],
  ["/settings", () => <Settings />],
  ["/sync", () => <SyncPage />],
  ["/leftovers", () => <Leftovers />],
  ["/rejoin", () => <Enrol up="/sync" />],
];

const invited = (): boolean => inviteOf(route.value) !== null;
/** The site does not take this phone's chain any more: only joining anew helps. */
const forked = (): boolean => phone().sync.value.problem?.code === "FORK";

function Place() {
  /* An invitation that is opened once more by whoever has joined already leads home. */
  if (invited()) return forked() ? <Enrol up="/sync" /> : <Home />;
  for (const [pattern, draw] of places) {
    const values = matches(pattern, route.value);
    if (values !== null) return draw(values);
  }
  return <Screen title={t("field.screen.gone")} up="/"><Empty hint={t("field.screen.gone_hint")}>{t("field.screen.gone")}</Empty></Screen>;
}

/** In a test's build ?fake is a phone that holds a village of its own; no other build has it. */
async function open(): Promise<Phone> {
  if (import.meta.env.MODE === "test" && new URLSearchParams(location.search).has("fake")) return (await import("../../tests/fake_phone")).fakePhone(new URLSearchParams(location.search));
  return (await import("../field/open")).openPhone();
}

function Body() {
  void language.value;
  const state = phone().state.value;
  useLayoutEffect(() => {
    if (state !== "open") document.title = t("app.name");
    if (state === "wiped" && !invited()) go("/", true); // nor does the address tell which door it was
  }, [state, language.value]);
  if (joining()) return <Enrol />;
  switch (state) {
    case "new": return <Enrol />;
    case "locked": return <Lock />;
    case "wiped":
      forgetDrafts();
      return <Wiped />;
    case "open": return <Place />;
  }
}

/** The picture that the phone shows of an app in the background is taken of what stands there then: nothing. */
function veil(): void {
  document.documentElement.classList.toggle("veiled", document.visibilityState === "hidden");
}

export function FieldApp() {
  const [ready, setReady] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    setTheme(theme.value);
    void watchUpdates();
    document.addEventListener("visibilitychange", veil);
    open().then((opened) => { usePhone(opened); setReady(true); }, (error: unknown) => setFailed(error instanceof Error ? error.message : String(error)));
  }, []);
  if (failed !== null) return <main class="gate"><Note tone="bad">{t("field.not_open", { why: failed })}</Note><button class="button main wide" onClick={() => location.reload()}>{t("do.again")}</button></main>;
  return ready ? <Body /> : <main class="gate"><p class="soft middle" role="status">{t("say.loading")}</p></main>;
}
