/** What this phone recorded, and what became of each. Used of one door, and of everything. */
import { useState } from "preact/hooks";
import type { OwnEntry } from "../../field/phone";
import { Tag, tell, type Tone } from "../../ui/parts";
import { coded, t, when } from "../../words";
import { keep, phone, placeText } from "../here";
import { Icon, type Picture } from "../icons";
import { Sheet } from "../inputs";

const looks: Record<OwnEntry["state"], [Tone, Picture]> = { phone: ["info", "phone"], received: ["good", "sent"], held: ["warn", "held"], void: ["none", "undo"] };

interface Listed { person?: string; state?: string }

/** One line of what an entry says, in people's words. */
export function entrySays(entry: OwnEntry): string {
  const body = entry.body as { people?: Listed[]; outcome?: string; what?: string; step?: string; how?: string; code?: string };
  const parts: string[] = [];
  if (body.outcome !== undefined) parts.push(coded(entry.kind === "street.meet" ? "field.met" : "outcome", body.outcome));
  if (entry.kind === "visit") {
    const states = new Map<string, number>();
    for (const one of body.people ?? []) states.set(one.state ?? "", (states.get(one.state ?? "") ?? 0) + 1);
    for (const [state, n] of states) parts.push(t("field.history.states", { state: coded("state", state), n }));
  }
  if (entry.kind === "tube.fill" || entry.kind === "tube.seal") parts.push(t("field.history.people", { n: body.people?.length ?? 0 }));
  if (entry.kind === "need.raise") parts.push(coded("need", body.what));
  if (entry.kind === "refusal.follow") parts.push(coded("field.follow", body.step));
  if (entry.kind === "round.add") parts.push(coded("how", body.how));
  if (body.code !== undefined) parts.push(body.code);
  const clear = entry.clear["note"] ?? entry.clear["name"];
  if (clear !== undefined) parts.push(clear);
  return parts.join(" · ");
}

/** Where or whom an entry is about. */
export function entryAbout(entry: OwnEntry): string {
  const here = phone();
  const door = here.door(entry.on);
  if (door !== null) return placeText(door);
  const person = here.person(entry.on);
  if (person !== null) return [person.person.name ?? "", here.personPlace(entry.on)].filter((one) => one !== "").join(" · ");
  return here.tubes().find((one) => one.id === entry.on)?.code ?? here.boxes().find((one) => one.id === entry.on)?.code ?? "";
}

/** What can be taken back: facts of the work, not the taking back itself. */
const UNDO = new Set(["visit", "round.add", "form.fill", "tube.fill", "refusal.follow", "street.meet", "need.raise", "stay.end"]);

function EntrySheet({ entry, onClose }: { entry: OwnEntry; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const device = phone().device.value;
  const undo = async () => {
    setBusy(true);
    const own = await keep({ kind: "entry.void", on: entry.on, body: { device, n: entry.n } });
    setBusy(false);
    if (own !== null) tell(t("field.history.undone"));
    onClose();
  };
  return (
    <Sheet title={coded("field.entry", entry.kind)} onClose={onClose}>
      <p>{entryAbout(entry)}</p>
      <p>{entrySays(entry)}</p>
      <p><Tag tone={looks[entry.state][0]}>{t(`field.sent.${entry.state}`)}</Tag> {when(entry.at)}</p>
      {entry.state === "held" && <p class="note warn">{t("field.history.held", { why: coded("held", entry.reason) })}</p>}
      {entry.state !== "void" && UNDO.has(entry.kind) && device !== null && <button class="button bad wide big" disabled={busy} onClick={() => void undo()}><Icon name="undo" /> {t("field.history.undo")}</button>}
    </Sheet>
  );
}

export function Entries({ entries, about = true }: { entries: OwnEntry[]; about?: boolean }) {
  const [open, setOpen] = useState<number | null>(null);
  const chosen = entries.find((one) => one.n === open);
  return (
    <>
      <ul class="list">
        {entries.map((entry) => (
          <li key={entry.n}>
            <button class={`line ${entry.state}`} onClick={() => setOpen(entry.n)}>
              <Icon name={looks[entry.state][1]} size={20} />
              <span class="grow">
                <strong>{coded("field.entry", entry.kind)}</strong> <span class="small">{entrySays(entry)}</span>
                {about && <span class="soft small details">{entryAbout(entry)}</span>}
                {entry.state === "held" && <span class="small details warn-text">{coded("held", entry.reason)}</span>}
              </span>
              <span class="end small"><Tag tone={looks[entry.state][0]}>{t(`field.sent.${entry.state}`)}</Tag><span class="soft">{when(entry.at)}</span></span>
            </button>
          </li>
        ))}
      </ul>
      {chosen !== undefined && <EntrySheet entry={chosen} onClose={() => setOpen(null)} />}
    </>
  );
}

export const latestFirst = (entries: OwnEntry[]): OwnEntry[] => entries.filter((one) => one.kind !== "entry.void").sort((a, b) => b.n - a.n);
