/** What people behind doors need: urgent ones first, struck off once they are done. */
import { needsClose, needsList, type Need } from "../../api/api";
import { Tag } from "../../ui/parts";
import { coded, t } from "../../words";
import { areaByCode, memberName } from "../base/areas";
import { AskButton, type Question } from "../base/form";
import { page } from "../base/reading";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import { facts, moment, named, place, tag, text } from "../tables/columns";
import type { Column, TableDef } from "../tables/table";
import { PersonPanel } from "./person_panel";

const whats = ["food", "medicine", "illness", "childcare", "elder_care", "repair", "noise", "rubbish", "pet", "other"] as const;

const close = (row: Need, then: () => void): Question => ({
  title: t("needs.close", { what: coded("need", row.what) }),
  say: t("needs.close_say"),
  blanks: [{ name: "reason", label: t("needs.how"), type: "long", must: true, max: 500 }],
  yes: t("needs.close_go"),
  done: t("needs.close_done"),
  send: (values) => needsClose(api(), row.id, { reason: values["reason"]! }),
  then,
});

const doorOf = (row: Need): string => row.door_code ?? areaByCode(row.code);

const columns: Column<Need>[] = [
  text("what", "needs.what", (row) => coded("need", row.what), 9, { cell: (row) => <>{coded("need", row.what)} {row.urgent && <Tag tone="bad">{t("needs.urgent")}</Tag>}</>, narrow: "head" }),
  text("who", "col.name", (row) => row.name, 7),
  place("door", "col.door", doorOf, (row) => row.door, 10),
  text("note", "col.note", (row) => row.note, 16),
  moment("at", "col.when", (row) => row.at),
  text("by", "needs.by", (row) => memberName(row.by), 7, { narrow: "off" }),
  tag("state", "col.state", (row) => t(row.closed === null ? "needs.open" : "needs.closed"), (row) => (row.closed !== null ? "good" : row.urgent ? "bad" : "warn"), 6),
  moment("closed", "needs.closed_at", (row) => row.closed, { rare: true, narrow: "off" }),
  text("how", "needs.how", (row) => row.reason, 12, { rare: true, narrow: "off" }),
];

export const needs: TableDef<Need> = {
  ...named("needs"),
  may: "need.read",
  id: (row) => row.id,
  page: ({ closed, ...asking }, cursor, limit, signal) => page(needsList)({ ...asking, ...(closed === undefined ? { open: "true" } : {}) }, cursor, limit, signal),
  filters: [
    { name: "area", label: "col.area", type: "area" },
    { name: "what", label: "needs.what", type: "choice", options: () => whats.map((one) => ({ value: one, label: coded("need", one) })) },
    { name: "closed", label: "needs.with_closed", type: "tick" },
  ],
  columns,
  open: (row, again) => {
    const says = (
      <>
        <Facts facts={facts(columns, row, "who", ...(row.person === null ? [] : ["door"]))} />
        {row.closed === null && may("need.write") && <AskButton of={close(row, again)} kind="main" />}
      </>
    );
    return row.person === null ? <><h2>{doorOf(row)}</h2>{says}</> : <PersonPanel id={row.person}>{says}</PersonPanel>;
  },
  tone: (row) => (row.urgent && row.closed === null ? "bad" : "none"),
};
