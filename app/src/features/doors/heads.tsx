/** How many were counted, against what the card and the register say. */
import type { DoorView } from "../../field/phone";
import { Note } from "../../ui/parts";
import { t } from "../../words";
import { Stepper } from "../inputs";
import { cardSeen } from "../scan/resolve";
import { change, draftOf } from "./draft";
import { living } from "./state";

/** null: nothing to say. */
export function headsDiffer(heads: number | null, card: number | undefined, register: number): boolean {
  return heads !== null && (heads !== register || (card !== undefined && heads !== card));
}

export function Heads({ view }: { view: DoorView }) {
  const register = living(view).length;
  const card = view.door.heads;
  const heads = draftOf(view.door.id).value.heads;
  const before = view.visit?.heads !== undefined && view.visit.heads >= 0 ? view.visit.heads : null;
  return (
    <section class="card stack tight" aria-label={t("field.heads.title")}>
      <Stepper label={t("field.heads.counted")} value={heads} start={before ?? register} onChange={(value) => change(view.door.id, { heads: value })} />
      <div class="soft small row wrap">
        <span>{t("field.heads.register", { n: register })}</span>
        {card !== undefined && <span>{t("field.heads.card", { n: card })}</span>}
        {before !== null && <span>{t("field.heads.before", { n: before })}</span>}
      </div>
      {headsDiffer(heads, card, register) && (
        <Note tone="warn">
          <p>{heads! > register ? t("field.heads.more", { n: heads! - register }) : heads! < register ? t("field.heads.fewer", { n: register - heads! }) : t("field.heads.card_old")}</p>
          {heads! > register && <a class="button small" href={`#/door/${view.door.id}/add`}>{t("field.person.add")}</a>}
        </Note>
      )}
    </section>
  );
}

export function CardCheck({ view }: { view: DoorView }) {
  const seen = cardSeen.value;
  if (view.door.revoked) return <Note tone="bad">{t("field.card.revoked")}</Note>;
  if (seen === null || seen.door !== view.door.id) return null;
  if (seen.state !== "good") return <Note tone="bad">{t(`field.card.${seen.state}`)}</Note>;
  return <Note tone="good">✓ {t("field.card.good", { version: seen.card.version })}{view.door.heads === undefined ? "" : ` · ${t("field.heads.card", { n: view.door.heads })}`}</Note>;
}
