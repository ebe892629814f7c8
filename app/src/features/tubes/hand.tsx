/**
 * A box goes from one phone to another, and both sign: the giving phone shows its code, the taking phone scans it, records "take" and shows its own
 * code, which the giving phone scans to record "give".
 */
import { useState } from "preact/hooks";
import { Empty, Note, tell } from "../../ui/parts";
import { query } from "../../ui/route";
import { t } from "../../words";
import { keep, seen } from "../here";
import { Icon } from "../icons";
import { later } from "../later";
import { boxText, deviceText, meaning } from "../scan/resolve";
import { Screen } from "../shell/screen";

const Qr = later(() => import("./qr").then((module) => module.Qr));
const Scanner = later(() => import("../scan/scan").then((module) => module.Scanner));

export function Give({ id }: { id: string }) {
  const here = seen();
  const box = here.boxes().find((one) => one.id === id);
  const [scanning, setScanning] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const own = here.device.value;
  const give = async (device: string) => {
    if (device === own) return setSaid(t("field.hand.own"));
    setScanning(false);
    if ((await keep({ kind: "box.hand", on: id, body: { side: "give", other: device } })) !== null) tell(t("field.hand.gave"));
  };
  const scanned = async (text: string) => {
    const what = await meaning(text);
    if (what.is !== "device") return setSaid(t("field.hand.no_device"));
    if (what.box !== id) return setSaid(t("field.hand.other_box"));
    setSaid(null);
    await give(what.device);
  };
  if (box === undefined || own === null) return <Screen title={t("field.box.title")} up="/boxes"><Empty hint={t("field.screen.gone_hint")}>{t("field.screen.gone")}</Empty></Screen>;
  const asked = query().get("device");
  return (
    <Screen title={t("field.box.name", { code: box.code })} sub={t("field.box.tubes", { n: box.tubes.length })} up="/boxes">
      {said !== null && <Note tone="bad">{said}</Note>}
      {box.given !== null ? <Note tone="good">✓ {t("field.hand.is_given")}</Note> : (
        <>
          <h2>{t("field.hand.step_show")}</h2>
          <Qr text={boxText(box.id, box.code, own)} label={t("field.hand.qr_box", { code: box.code })} />
          <h2>{t("field.hand.step_scan")}</h2>
          {asked !== null ? <button class="button main wide big" onClick={() => void give(asked)}><Icon name="give" /> {t("field.hand.give")}</button>
            : scanning ? <Scanner found={(text) => void scanned(text)} label={t("field.scan.type")} hint={t("field.hand.scan_hint")} />
            : <button class="button main wide big" onClick={() => setScanning(true)}><Icon name="scan" /> {t("field.hand.scan")}</button>}
        </>
      )}
      <h2>{t("field.box.inside")}</h2>
      <ul class="list">{box.tubes.map((tube) => <li key={tube} class="line still"><Icon name="tube" /><span class="grow mono">{here.tubes().find((one) => one.id === tube)?.code ?? t("say.unknown")}</span></li>)}</ul>
    </Screen>
  );
}

/** What was scanned from the giving phone stands in the address. */
export function Take() {
  const here = seen();
  const asked = query();
  const [box, device, code] = [asked.get("box"), asked.get("device"), asked.get("code") ?? ""];
  const own = here.device.value;
  const taken = here.own().some((one) => one.kind === "box.hand" && one.on === box && one.state !== "void" && one.body["side"] === "take");
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    if ((await keep({ kind: "box.hand", on: box!, body: { side: "take", other: device } })) !== null) tell(t("field.hand.took"));
    setBusy(false);
  };
  if (box === null || device === null || own === null) return <Screen title={t("field.hand.take")} up="/boxes"><Empty hint={t("field.hand.take_hint")}>{t("field.screen.gone")}</Empty></Screen>;
  if (device === own) return <Screen title={t("field.hand.take")} up="/boxes"><Note tone="bad">{t("field.hand.own")}</Note></Screen>;
  return (
    <Screen title={t("field.box.name", { code })} up="/boxes">
      {taken ? (
        <>
          <Note tone="good">✓ {t("field.hand.is_taken")}</Note>
          <h2>{t("field.hand.step_back")}</h2>
          <Qr text={deviceText(own, box)} label={t("field.hand.qr_device")} />
        </>
      ) : (
        <>
          <p>{t("field.hand.take_what", { code })}</p>
          <button class="button main wide big" disabled={busy} onClick={() => void take()}><Icon name="box" /> {t("field.hand.take")}</button>
        </>
      )}
    </Screen>
  );
}
