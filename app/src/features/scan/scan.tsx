/** The place to scan from: a door's card, a tube, another phone's handover. Loaded when it is asked for. */
import { useState } from "preact/hooks";
import { Field, Note } from "../../ui/parts";
import { go } from "../../ui/route";
import { t, type Word } from "../../words";
import { Screen } from "../shell/screen";
import { Eye } from "./eye";
import { leads } from "./go";
import { meaning, type Meaning } from "./resolve";
import { useWedge } from "./wedge";

/** To scan, and always to type instead. */
export function Scanner({ found, hint, label }: { found: (text: string) => void; hint?: string; label: string }) {
  const [text, setText] = useState("");
  useWedge(found);
  return (
    <>
      <Eye found={found} {...(hint === undefined ? {} : { hint })} />
      <form class="row" onSubmit={(event) => { event.preventDefault(); if (text.trim() !== "") found(text.trim()); setText(""); }}>
        <div class="grow"><Field label={label}>
          <input type="text" autocomplete="off" autocapitalize="characters" spellcheck={false} enterkeyhint="go" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </Field></div>
        <button class="button main low" disabled={text.trim() === ""}>{t("do.ok")}</button>
      </form>
    </>
  );
}

export default function Scan() {
  const [bad, setBad] = useState<Extract<Meaning, { is: "bad_card" }> | null>(null);
  const found = async (text: string) => {
    const what = await meaning(text);
    const path = leads(what);
    setBad(what.is === "bad_card" ? what : null);
    if (path !== null) go(path);
  };
  return (
    <Screen title={t("field.scan.title")}>
      {bad !== null && (
        <Note tone="bad">
          <p>{t(`field.card.${bad.state}` as Word)}</p>
          {bad.door !== null && <a class="button small" href={`#/door/${bad.door}`}>{t("field.card.go_anyway")}</a>}
        </Note>
      )}
      <Scanner found={(text) => void found(text)} label={t("field.scan.type")} />
      <p class="soft small">{t("field.scan.wedge")}</p>
    </Screen>
  );
}
