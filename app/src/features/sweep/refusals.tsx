/** Refusals that are not settled, and the doors for a second pass with the reason. */
import { useState } from "preact/hooks";
import { timeText } from "../../base/time";
import type { DoorView } from "../../field/phone";
import { Empty, Field, tell } from "../../ui/parts";
import { coded, t, when } from "../../words";
import { doorLook, doorShort, living, unitText } from "../doors/state";
import { keep, phone, placeText, seen } from "../here";
import { Icon } from "../icons";
import { Choices, Sheet } from "../inputs";
import { Long } from "../long";
import { Screen } from "../shell/screen";

interface Refused { of: "door" | "person"; id: string; who: string; view: DoorView }

/** The whole door refused, or some behind it. */
export function refused(view: DoorView): Refused[] {
  const people = living(view).filter((one) => one.mark?.state === "refused");
  if (view.visit?.outcome === "refused" || people.length === 0) return [{ of: "door", id: view.door.id, who: t("field.refusals.whole"), view }];
  return people.map((one) => ({ of: "person", id: one.person.id, who: one.person.name ?? t("say.unknown"), view }));
}

/** Moments at which one usually promises to come again. */
export function moments(now = new Date()): { value: string; label: string }[] {
  const at = (days: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const all = [new Date(now.getTime() + 3600000), new Date(now.getTime() + 3 * 3600000), at(0, 19), at(1, 9), at(1, 19)];
  return all.filter((one) => one > now).map((one) => ({ value: String(one.getTime()), label: when(one.getTime()) }));
}

function Follow({ one, onClose }: { one: Refused; onClose: () => void }) {
  const [step, setStep] = useState<string | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const own = await keep({ kind: "refusal.follow", on: one.id, body: { of: one.of, step, ...(step === "promised" && next !== null ? { next: timeText(Number(next)) } : {}) }, personal: { note: note.trim() } });
    if (own !== null) tell(t("field.refusals.saved"));
    onClose();
  };
  return (
    <Sheet title={`${placeText(one.view)} · ${one.who}`} onClose={onClose}>
      <Choices label={t("field.refusals.step")} show={false} big value={step} onChange={setStep} choices={[{ value: "tried", label: t("field.follow.tried"), icon: "again" }, { value: "promised", label: t("field.follow.promised"), icon: "hand" }, { value: "settled", label: t("field.follow.settled"), icon: "check" }]} />
      {step === "promised" && <Choices label={t("field.refusals.when")} value={next} onChange={setNext} choices={moments()} />}
      <Field label={t("field.refusals.note")}><input type="text" maxLength={160} value={note} onInput={(event) => setNote(event.currentTarget.value)} /></Field>
      <button class="button main wide big" disabled={busy || step === null || (step === "promised" && next === null)} onClick={() => void save()}>{t("do.save")}</button>
    </Sheet>
  );
}

/** What this phone said last about a refusal. */
function lastStep(id: string): string {
  const entry = phone().own().findLast((one) => one.kind === "refusal.follow" && one.on === id && one.state !== "void");
  if (entry === undefined) return "";
  const next = entry.body["next"] as string | undefined;
  return `${coded("field.follow", entry.body["step"] as string)}${next === undefined ? "" : ` · ${when(next)}`}`;
}

export function Refusals() {
  const here = seen();
  const [open, setOpen] = useState<string | null>(null);
  const all = here.refusals().flatMap(refused);
  const chosen = all.find((one) => one.id === open);
  return (
    <Screen title={t("field.refusals.title")} up="/">
      {all.length === 0 && <Empty hint={t("field.refusals.none_hint")}>{t("field.refusals.none")}</Empty>}
      <ul class="list">
        {all.map((one) => (
          <li key={one.id} class="card stack tight">
            <div class="row"><Icon name="stop" /><span class="grow"><strong>{placeText(one.view)}</strong> {one.who}{lastStep(one.id) !== "" && <span class="soft small details">{lastStep(one.id)}</span>}</span></div>
            <div class="row"><button class="button main-soft grow" onClick={() => setOpen(one.id)}>{t("field.refusals.do")}</button><a class="button grow" href={`#/door/${one.view.door.id}`}>{t("field.refusals.to_door")}</a></div>
          </li>
        ))}
      </ul>
      {chosen !== undefined && <Follow one={chosen} onClose={() => setOpen(null)} />}
    </Screen>
  );
}

/** Doors where somebody knocked and somebody is still missing. */
export const secondPass = (): DoorView[] => phone().visited().filter((view) => view.owed > view.covered);

export function Second() {
  const here = seen();
  const doors = secondPass();
  const groups = new Map<string, DoorView[]>();
  for (const view of doors) groups.set(view.area.id, [...(groups.get(view.area.id) ?? []), view]);
  return (
    <Screen title={t("field.tab.second")} sub={t("field.second.sub", { n: doors.length })}>
      {doors.length === 0 && <Empty hint={t("field.second.none_hint")}>{t("field.second.none")}</Empty>}
      <Long all={[...groups.values()]}>{(views) => (
        <section key={views[0]!.area.id} class="stack tight">
          <h2>{here.areaText(views[0]!.area)}</h2>
          <ul class="list">
            {views.map((view) => {
              const look = doorLook(view);
              return <li key={view.door.id}><a class="line" href={`#/door/${view.door.id}`}><Icon name={look.icon} /><span class="grow"><strong>{[view.door.unit ? unitText(view.door.unit) : "", doorShort(view.door)].join(" ")}</strong><span class="soft small details">{t("field.second.visits", { n: view.visit?.visits ?? 1 })} · {when(view.visit?.at)}</span></span><span class="end"><span class={`tag ${look.tone}`}>{look.text}</span><b>{view.covered} / {view.owed}</b></span></a></li>;
            })}
          </ul>
        </section>
      )}</Long>
    </Screen>
  );
}
