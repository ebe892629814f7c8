/** Everything this phone recorded, the latest first, with what became of it. */
import { useState } from "preact/hooks";
import { Empty } from "../../ui/parts";
import { t } from "../../words";
import { Entries, latestFirst } from "../doors/history";
import { phone, seen } from "../here";
import { Icon } from "../icons";
import { Choices, Line } from "../inputs";
import { Screen } from "../shell/screen";

const PAGE = 50;

export function Mine() {
  const here = seen();
  const [which, setWhich] = useState("all");
  const [shown, setShown] = useState(PAGE);
  const all = latestFirst(here.own());
  const entries = which === "all" ? all : all.filter((one) => one.state === which);
  const count = (state: string) => all.filter((one) => one.state === state).length;
  return (
    <Screen title={t("field.mine.title")} sub={phone().me.value?.name} end={<a class="icon-button" href="#/settings" aria-label={t("field.settings.title")}><Icon name="gear" /></a>}>
      <Choices label={t("field.mine.which")} show={false} value={which} onChange={setWhich} choices={[{ value: "all", label: `${t("say.all")} ${all.length}` }, ...(["phone", "held", "received", "void"] as const).map((state) => ({ value: state, label: `${t(`field.sent.${state}`)} ${count(state)}` }))]} />
      {entries.length === 0 ? <Empty hint={t("field.mine.none_hint")}>{t("field.mine.none")}</Empty> : <Entries entries={entries.slice(0, shown)} />}
      {entries.length > shown && <button class="button wide" onClick={() => setShown(shown + PAGE)}>{t("do.more")}</button>}
      <Line href="/settings" icon="gear">{t("field.settings.title")}</Line>
    </Screen>
  );
}
