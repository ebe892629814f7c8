/** Sealed tubes go into a box, and boxes from hand to hand. */
import { useState } from "preact/hooks";
import { newId } from "../../base/ids";
import type { BoxView } from "../../field/phone";
import { Empty, Field, Note, Tag, tell } from "../../ui/parts";
import { go } from "../../ui/route";
import { t } from "../../words";
import { keep, phone, seen } from "../here";
import { Icon } from "../icons";
import { Choices, Line, Sheet } from "../inputs";
import { later } from "../later";
import { sameCode } from "../scan/resolve";
import { Screen } from "../shell/screen";

const Scanner = later(() => import("../scan/scan").then((module) => module.Scanner));

const stage = (box: BoxView) => (box.given !== null ? <Tag tone="good">{t("field.box.given")}</Tag> : box.taken !== null ? <Tag tone="info">{t("field.box.taken")}</Tag> : <Tag tone="warn">{t("field.box.here")}</Tag>);

function Pack({ onClose }: { onClose: () => void }) {
  const sealed = phone().tubes().filter((one) => one.sealed && one.box === null);
  const [chosen, setChosen] = useState(sealed.map((one) => one.id));
  const [code, setCode] = useState("");
  const [scanning, setScanning] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const pack = async () => {
    if (phone().boxes().some((one) => sameCode(one.code, code))) return setSaid(t("field.box.known", { code }));
    const id = newId();
    const own = await keep({ kind: "box.pack", on: id, body: { code: code.trim().toUpperCase() }, list: { name: "tubes", who: "tube", items: chosen.map((tube) => ({ body: { tube } })) } });
    if (own === null) return onClose();
    tell(t("field.box.packed", { n: chosen.length, code }));
    go(`/give/${id}`);
  };
  if (scanning) return <Sheet title={t("field.box.code")} onClose={() => setScanning(false)}><Scanner found={(text) => { setCode(text.toUpperCase()); setScanning(false); }} label={t("field.box.code")} /></Sheet>;
  return (
    <Sheet title={t("field.box.pack")} onClose={onClose}>
      <Choices label={t("field.box.which")} value={chosen} onChange={(tube) => setChosen(chosen.includes(tube) ? chosen.filter((one) => one !== tube) : [...chosen, tube])} choices={sealed.map((one) => ({ value: one.id, label: `${one.code} · ${one.people.length}` }))} />
      <div class="row">
        <div class="grow"><Field label={t("field.box.code")}><input type="text" autocomplete="off" autocapitalize="characters" maxLength={60} value={code} onInput={(event) => setCode(event.currentTarget.value)} /></Field></div>
        <button class="button low" aria-label={t("field.box.scan_code")} onClick={() => setScanning(true)}><Icon name="scan" /></button>
      </div>
      {said !== null && <Note tone="bad">{said}</Note>}
      <button class="button main wide big" disabled={chosen.length === 0 || code.trim() === ""} onClick={() => void pack()}>{t("field.box.do_pack", { n: chosen.length })}</button>
    </Sheet>
  );
}

export function Boxes() {
  const here = seen();
  const [packing, setPacking] = useState(false);
  const boxes = here.boxes();
  const sealed = here.tubes().filter((one) => one.sealed && one.box === null).length;
  return (
    <Screen title={t("field.box.title")} up="/tubes">
      <button class="button main wide big" disabled={sealed === 0} onClick={() => setPacking(true)}><Icon name="box" /> {t("field.box.pack")} {sealed > 0 && `(${sealed})`}</button>
      {sealed === 0 && <p class="soft small middle">{t("field.box.nothing")}</p>}
      <Line href="/scan" icon="scan">{t("field.box.take")}</Line>
      <h2>{t("field.box.mine")}</h2>
      {boxes.length === 0 ? <Empty hint={t("field.box.none_hint")}>{t("field.box.none")}</Empty> : (
        <ul class="list">
          {boxes.map((box) => (
            <li key={box.id}><a class="line" href={`#/give/${box.id}`}><Icon name="box" /><span class="grow"><strong class="mono">{box.code}</strong><span class="soft small details">{t("field.box.tubes", { n: box.tubes.length })}</span></span>{stage(box)}<Icon name="next" size={18} /></a></li>
          ))}
        </ul>
      )}
      {packing && <Pack onClose={() => setPacking(false)} />}
    </Screen>
  );
}
