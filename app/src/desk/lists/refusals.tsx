/** Who refused, until he was met or it is settled. */
import { refusalsFollow, refusalsList, type FollowNew, type Refusal } from "../../api/api";
import { coded, t } from "../../words";
import { areaByCode, memberName } from "../base/areas";
import { AskButton, instants, said, type Question } from "../base/form";
import { page } from "../base/reading";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import { count, facts, moment, named, place, tag, text } from "../tables/columns";
import type { Column, TableDef } from "../tables/table";
import { PersonPanel } from "./person_panel";

const doorOf = (row: Refusal): string => row.door_code ?? areaByCode(row.code);

const follow = (row: Refusal, then: () => void): Question => ({
  title: t("refusals.follow", { who: row.name ?? doorOf(row) }),
  blanks: [
    { name: "step", label: t("refusals.step"), type: "choice", must: true, options: (["tried", "promised", "settled"] as const).map((one) => ({ value: one, label: coded("step", one) })) },
    { name: "next", label: t("refusals.next"), type: "time", when: (values) => values["step"] !== "settled" },
    { name: "note", label: t("col.note"), type: "long", max: 500 },
  ],
  yes: t("do.save"),
  done: t("refusals.followed"),
  send: (values) => refusalsFollow(api(), (row.person ?? row.door)!, { step: values["step"] as FollowNew["step"], ...said(values, "note"), ...(values["step"] === "settled" ? {} : instants(values, "next")) }),
  then,
});

const columns: Column<Refusal>[] = [
  text("who", "refusals.who", (row) => row.name ?? t("refusals.whole_door"), 8, { narrow: "head" }),
  place("door", "col.door", doorOf, (row) => row.door, 10),
  tag("step", "refusals.step", (row) => (row.step === null ? t("refusals.nothing") : coded("step", row.step)), (row) => (row.step === null ? "bad" : "warn"), 7),
  text("where", "refusals.where", (row) => coded("where", row.where), 6, { rare: true, narrow: "off" }),
  count("times", "refusals.times", (row) => row.times, { narrow: "off" }),
  count("tries", "refusals.tries", (row) => row.tries, { rare: true, narrow: "off" }),
  moment("since", "refusals.since", (row) => row.since, { rare: true, narrow: "off" }),
  moment("last", "refusals.last", (row) => row.last),
  moment("next", "refusals.next", (row) => row.next),
  text("keeper", "col.keeper", (row) => memberName(row.keeper), 8, { rare: true, narrow: "off" }),
  text("note", "col.note", (row) => row.note, 12, { narrow: "off" }),
];

export const refusals: TableDef<Refusal> = {
  ...named("refusals"),
  may: "round.read",
  id: (row) => `${row.door} ${row.person} ${Date.parse(row.since)}`,
  page: page(refusalsList),
  filters: [{ name: "area", label: "col.area", type: "area" }],
  columns,
  open: (row, again) => {
    const says = (
      <>
        <Facts facts={facts(columns, row, "who", ...(row.person === null ? [] : ["door"]))} />
        {may("visit.write") && <AskButton of={follow(row, again)} kind="main">{t("refusals.follow_go")}</AskButton>}
      </>
    );
    return row.person === null ? <><h2>{doorOf(row)}</h2>{says}</> : <PersonPanel id={row.person}>{says}</PersonPanel>;
  },
};
