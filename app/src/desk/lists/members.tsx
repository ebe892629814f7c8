/** Who works here, and what each may do where and how long. */
import { grantsAdd, grantsEnd, grantsList, membersAdd, membersList, type Grant, type GrantNew, type Member } from "../../api/api";
import { roles } from "../../api/roles";
import { Note } from "../../ui/parts";
import { coded, t } from "../../words";
import { areaById, areaOptions, forgetNames, memberName, memberOptions } from "../base/areas";
import { AskButton, instants, reason, said, type Blank, type Question } from "../base/form";
import { page } from "../base/reading";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import { count, facts, moment, mono, named, tag, text } from "../tables/columns";
import type { Column, TableDef } from "../tables/table";
import { newAccount } from "./accounts";
import { askInvite } from "./invite";

export const roleBlank = (): Blank => ({ name: "role", label: t("col.role"), type: "choice", must: true, options: (Object.keys(roles) as (keyof typeof roles)[]).map((one) => ({ value: one, label: coded("role", one) })) });
export const areaBlank = (): Blank => ({ name: "area", label: t("col.area"), type: "area", options: areaOptions, hint: t("grants.area_hint") });

const newGrant = (then: () => void, member = ""): Question => ({
  title: t("grants.add"),
  blanks: [
    { name: "member", label: t("col.member"), type: "choice", must: true, options: memberOptions, value: member },
    roleBlank(),
    areaBlank(),
    { name: "from", label: t("col.from"), type: "time", hint: t("grants.from_hint") },
    { name: "to", label: t("col.to"), type: "time", hint: t("grants.to_hint") },
    { name: "reason", label: t("form.reason"), max: 500 },
  ],
  yes: t("grants.add_go"),
  done: t("grants.added"),
  send: (values) => grantsAdd(api(), { member: values["member"]!, role: values["role"] as GrantNew["role"], ...said(values, "area", "reason"), ...instants(values, "from", "to") }),
  then,
});

const newMember = (then: () => void): Question => ({
  title: t("members.add"),
  blanks: [
    { name: "name", label: t("col.name"), must: true },
    { name: "phone", label: t("col.phone"), max: 32 },
  ],
  yes: t("do.add"),
  done: t("members.added"),
  send: (values) => membersAdd(api(), { name: values["name"]!, ...said(values, "phone") }),
  then: () => {
    forgetNames();
    then();
  },
});

const memberColumns: Column<Member>[] = [
  text("name", "col.name", (row) => row.name ?? t("members.forgotten"), 9, { narrow: "head" }),
  mono("phone", "col.phone", (row) => row.phone, 10),
  count("grants", "grants.title", (row) => row.grants, { cell: (row) => (row.grants === 0 ? <span class="soft">0</span> : <a href={`#/grants?member=${row.id}`}>{row.grants}</a>) }),
];

export const members: TableDef<Member> = {
  ...named("members"),
  may: "member.read",
  id: (row) => row.id,
  page: page(membersList),
  columns: memberColumns,
  head: (again) => may("member.write") && <AskButton of={newMember(again)} kind="main">{t("members.add")}</AskButton>,
  open: (row, again) => (
    <>
      <h2>{row.name ?? t("members.forgotten")}</h2>
      <Facts facts={facts(memberColumns, row, "name")} />
      {row.grants === 0 && <Note tone="warn">{t("members.no_grants")}</Note>}
      <div class="row wrap">
        {may("device.write") && <button type="button" class="button main" onClick={() => askInvite(again, row.id)}>{t("devices.invite")}</button>}
        {may("member.write") && <AskButton of={newGrant(again, row.id)}>{t("grants.add")}</AskButton>}
        {may("account.write") && <AskButton of={newAccount(again, row.id)} />}
        <a class="button" href={`#/grants?member=${row.id}`}>{t("members.grants")}</a>
      </div>
    </>
  ),
};

export const grantState = (row: Grant): "ended" | "over" | "later" | "holds" => {
  const now = Date.now();
  if (row.ended) return "ended";
  if (row.to !== null && new Date(row.to).getTime() < now) return "over";
  return row.from !== null && new Date(row.from).getTime() > now ? "later" : "holds";
};
export const grantArea = (row: Grant): string => (row.area === null ? t("say.whole_site") : areaById(row.area));

const end = (row: Grant, then: () => void): Question => ({
  title: t("grants.end", { name: memberName(row.member) }),
  say: t("grants.end_say"),
  blanks: [reason()],
  yes: t("grants.end_go"),
  bad: true,
  done: t("grants.end_done"),
  send: (values) => grantsEnd(api(), row.id, { reason: values["reason"]! }, { version: row.version }),
  then,
});

const grantColumns: Column<Grant>[] = [
  text("member", "col.member", (row) => memberName(row.member), 8, { narrow: "head" }),
  text("role", "col.role", (row) => coded("role", row.role), 8),
  text("area", "col.area", grantArea, 10),
  tag("state", "col.state", (row) => t(`grants.${grantState(row)}`), (row) => (grantState(row) === "holds" ? "good" : "none"), 6),
  moment("from", "col.from", (row) => row.from, { narrow: "off" }),
  moment("to", "col.to", (row) => row.to),
  text("emergency", "col.emergency", (row) => (row.emergency ? t("say.yes") : ""), 5, { rare: true, narrow: "off" }),
  text("reason", "form.reason", (row) => row.reason, 10, { rare: true, narrow: "off" }),
];

export const grants: TableDef<Grant> = {
  ...named("grants"),
  may: "member.read",
  id: (row) => row.id,
  page: page(grantsList),
  filters: [{ name: "member", label: "grants.one_member", type: "only" }],
  columns: grantColumns,
  head: (again) => may("member.write") && <AskButton of={newGrant(again)} kind="main">{t("grants.add")}</AskButton>,
  open: (row, again) => (
    <>
      <h2>{memberName(row.member)}</h2>
      <Facts facts={facts(grantColumns, row, "member")} />
      {!row.ended && may("member.write") && <AskButton of={end(row, again)} kind="bad" />}
    </>
  ),
};
