/** A phone that was revoked has handed in what it held and deleted the rest. With a new invitation it joins again. */
import { useState } from "preact/hooks";
import { route } from "../../ui/route";
import { t } from "../../words";
import { Icon } from "../icons";
import { Enrol, inviteOf } from "./enrol";
import { LanguageButton } from "./lock";

export function Wiped() {
  const [joining, setJoining] = useState(false);
  if (joining || inviteOf(route.value) !== null) return <Enrol />;
  return (
    <main class="gate">
      <div class="row"><span class="grow" /><LanguageButton /></div>
      <div class="gate-head">
        <span class="seal"><Icon name="lock" size={30} /></span>
        <h1>{t("field.wiped.title")}</h1>
        <p>{t("field.wiped.text")}</p>
        <p class="soft">{t("field.wiped.hint")}</p>
      </div>
      <button class="button main wide big" onClick={() => setJoining(true)}><Icon name="scan" /> {t("field.wiped.join")}</button>
    </main>
  );
}
