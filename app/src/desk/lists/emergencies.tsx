/** What somebody gave himself because it could not wait. */
import { emergenciesEnd, emergenciesList, emergenciesOpen, type Grant } from "../../api/api";
import { Note, Tag } from "../../ui/parts";
import { t } from "../../words";
import { memberName } from "../base/areas";
import { Countdown } from "../base/countdown";
import { AskButton, reason, said, type Question } from "../base/form";
import { page } from "../base/reading";
import { Facts } from "../base/shown";
import { again as meAgain, api, may, me } from "../session/session";
import { facts, moment, named, text } from "../tables/columns";
import type { Column, TableDef } from "../tables/table";
import { areaBlank, grantArea, grantState } from "./members";

/** His own, while it lasts. */
export const ownEmergency = (): Grant | undefined => me.value?.grants.find((grant) => grant.emergency && grantState(grant) === "holds");

const changed = (then: () => void) => (): void => {
  void meAgain();
  then();
};

const begin = (then: () => void): Question => ({
  title: t("emergencies.open"),
  say: <Note tone="warn">{t("emergencies.open_say")}</Note>,
  blanks: [
    reason(),
    areaBlank(),
    { name: "minutes", label: t("emergencies.minutes"), type: "choice", must: true, value: "60", options: ["30", "60", "120", "240"].map((one) => ({ value: one, label: t("say.minutes", { n: one }) })) },
  ],
  yes: t("emergencies.open_go"),
  bad: true,
  done: t("emergencies.opened"),
  send: (values) => emergenciesOpen(api(), { reason: values["reason"]!, minutes: Number(values["minutes"]), ...said(values, "area") }),
  then: changed(then),
});

export const endEmergency = (then: () => void): Question => ({ title: t("emergencies.end"), say: t("emergencies.end_say"), yes: t("emergencies.end"), done: t("emergencies.ended"), send: () => emergenciesEnd(api()), then: changed(then) });

const open = (row: Grant): boolean => grantState(row) === "holds";
const nameOf = (row: Grant): string => memberName(row.member) || (row.member === me.value?.member ? (me.value.name ?? "") : "");

const columns: Column<Grant>[] = [
  text("member", "col.member", nameOf, 8, { narrow: "head" }),
  text("state", "col.state", (row) => t(`grants.${grantState(row)}`), 7, { cell: (row) => (open(row) && row.to !== null ? <Tag tone="bad"><Countdown until={row.to} /></Tag> : <Tag>{t(`grants.${grantState(row)}`)}</Tag>), narrow: "side" }),
  text("area", "col.area", grantArea, 9),
  text("reason", "form.reason", (row) => row.reason, 16),
  moment("from", "col.from", (row) => row.from, { narrow: "off" }),
  moment("to", "col.to", (row) => row.to, { narrow: "off" }),
];

export const emergencies: TableDef<Grant> = {
  ...named("emergencies"),
  may: "site.read",
  id: (row) => row.id,
  /** Who may not see everybody's sees his own. */
  page: async (...asked) => (may("audit.read") ? page(emergenciesList)(...asked) : { items: (me.value?.grants ?? []).filter((grant) => grant.emergency), next: null }),
  columns,
  head: (again) => (ownEmergency() === undefined ? <AskButton of={begin(again)} kind="bad">{t("emergencies.open")}</AskButton> : <AskButton of={endEmergency(again)} />),
  open: (row) => (
    <>
      <h2>{nameOf(row)}</h2>
      <Facts facts={facts(columns, row, "member")} />
    </>
  ),
  tone: (row) => (open(row) ? "bad" : "none"),
};
