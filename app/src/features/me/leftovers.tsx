/** After a phone joined anew because it had been copied or set back: what the site does not count of the old one, to be said again or let go. */
import { useState } from "preact/hooks";
import type { OwnEntry } from "../../field/phone";
import { Empty, Note, tell } from "../../ui/parts";
import { coded, t, when } from "../../words";
import { entryAbout, entrySays } from "../doors/history";
import { phone, reason, seen, trouble } from "../here";
import { Icon } from "../icons";
import { Screen } from "../shell/screen";

function One({ entry, on, set }: { entry: OwnEntry; on: boolean; set: () => void }) {
  return (
    <li>
      <button class="line" role="checkbox" aria-checked={on} onClick={set}>
        <span class="tick-box small">{on && <Icon name="check" size={20} />}</span>
        <span class="grow"><strong>{coded("field.entry", entry.kind)}</strong> <span class="small">{entrySays(entry)}</span><span class="soft small details">{[entryAbout(entry), when(entry.at)].filter((part) => part !== "").join(" · ")}</span></span>
      </button>
    </li>
  );
}

export function Leftovers() {
  const entries = seen().leftovers();
  const [off, setOff] = useState<string[]>([]);
  const [sure, setSure] = useState(false);
  const chosen = entries.filter((one) => !off.includes(one.id)).map((one) => one.id);
  const doing = async (what: Promise<unknown>, said: string) => {
    try {
      await what;
      tell(said);
    } catch (error) {
      trouble.value = reason(error);
    }
    setSure(false);
  };
  if (entries.length === 0) return <Screen title={t("field.left.title")} up="/sync"><Empty>{t("field.left.none")}</Empty></Screen>;
  return (
    <Screen title={t("field.left.title")} up="/sync" foot={
      <div class="row">
        <button class="button tall" disabled={chosen.length === 0} onClick={() => (sure ? void doing(phone().dropLeftovers(chosen), t("field.left.dropped")) : setSure(true))}>{t(sure ? "field.left.drop_sure" : "field.left.drop", { n: chosen.length })}</button>
        <button class="button main tall grow" disabled={chosen.length === 0} onClick={() => void doing(phone().recordLeftovers(chosen), t("field.left.said"))}>{t("field.left.again", { n: chosen.length })}</button>
      </div>}>
      <Note tone="warn">{t("field.left.why")}</Note>
      <ul class="list">{entries.map((entry) => <One key={entry.id} entry={entry} on={!off.includes(entry.id)} set={() => setOff(off.includes(entry.id) ? off.filter((one) => one !== entry.id) : [...off, entry.id])} />)}</ul>
    </Screen>
  );
}
