/** Who works here and what they may do: members, grants, accounts, emergencies. */
import { accountsAdd, accountsLink, accountsList, accountsSet, emergenciesEnd, emergenciesList, emergenciesOpen, grantsAdd, grantsEnd, grantsList, membersAdd, membersList, type Account, type Grant, type GrantNew, type Link, type Member } from "../../api/api";
import { roles } from "../../api/roles";
import { Note, Tag } from "../../ui/parts";
import { coded, number, t, when } from "../../words";
import { areaById, areaOptions, forgetNames, memberName, memberOptions } from "../base/areas";
import { Countdown } from "../base/countdown";
import { ask, instant, reason, said } from "../base/form";
import { Facts } from "../base/shown";
import { again as meAgain, api, may, me } from "../session/session";
import type { TableDef } from "../tables/table";
import { showLink } from "./link_window";
import { askInvite } from "./invite";

const roleOptions = () => (Object.keys(roles) as (keyof typeof roles)[]).map((one) => ({ value: one, label: coded("role", one) }));

export function askGrant(then: () => void, member?: string): void {
  ask({
    title: t("grants.add"),
    blanks: [
      { name: "member", label: t("col.member"), type: "choice", must: true, options: memberOptions, value: member ?? "" },
      { name: "role", label: t("col.role"), type: "choice", must: true, options: roleOptions() },
      { name: "area", label: t("col.area"), type: "area", options: areaOptions, hint: t("grants.area_hint") },
      { name: "from", label: t("col.from"), type: "time", hint: t("grants.from_hint") },
      { name: "to", label: t("col.to"), type: "time", hint: t("grants.to_hint") },
      { name: "reason", label: t("form.reason"), max: 500 },
    ],
    yes: t("grants.add_go"),
    done: t("grants.added"),
    send: (values) => {
      const body: GrantNew = { member: values["member"]!, role: values["role"] as GrantNew["role"] };
      const [area, from, to, why] = [said(values, "area"), instant(said(values, "from")), instant(said(values, "to")), said(values, "reason")];
      if (area !== undefined) body.area = area;
      if (from !== undefined) body.from = from;
      if (to !== undefined) body.to = to;
      if (why !== undefined) body.reason = why;
      return grantsAdd(api(), body);
    },
    then,
  });
}

export const members: TableDef<Member> = {
  name: "members",
  may: "member.read",
  title: "members.title",
  none: "members.none",
  none_hint: "members.none_hint",
  id: (row) => row.id,
  page: (_asking, cursor, limit, signal) => membersList(api(), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  columns: [
    { key: "name", title: "col.name", text: (row) => row.name ?? t("members.forgotten"), width: 9, narrow: "head" },
    { key: "phone", title: "col.phone", text: (row) => row.phone ?? "", cell: (row) => <span class="mono">{row.phone ?? ""}</span>, width: 10 },
    { key: "grants", title: "grants.title", text: (row) => number(row.grants), by: (row) => row.grants, cell: (row) => (row.grants === 0 ? <span class="soft">0</span> : <a href={`#/grants?member=${row.id}`}>{number(row.grants)}</a>), width: 6, num: true },
  ],
  head: (again) =>
    may("member.write") && (
      <button type="button" class="button" onClick={() => ask({ title: t("members.add"), blanks: [{ name: "name", label: t("col.name"), must: true }, { name: "phone", label: t("col.phone"), max: 32 }], yes: t("do.add"), done: t("members.added"),
        send: (values) => membersAdd(api(), { name: values["name"]!, ...(said(values, "phone") === undefined ? {} : { phone: values["phone"]! }) }), then: () => { forgetNames(); again(); } })}>
        {t("members.add")}
      </button>
    ),
  open: (row, again) => (
    <>
      <h2>{row.name ?? t("members.forgotten")}</h2>
      <Facts facts={[["col.phone", row.phone], ["grants.title", number(row.grants)]]} />
      <div class="row wrap">
        <a class="button" href={`#/grants?member=${row.id}`}>{t("grants.title")}</a>
        {may("member.write") && <button type="button" class="button" onClick={() => askGrant(again, row.id)}>{t("grants.add")}</button>}
        {may("device.write") && <button type="button" class="button main" onClick={() => askInvite(again, row.id)}>{t("devices.invite")}</button>}
        {may("account.write") && <button type="button" class="button" onClick={() => askAccount(again, row.id)}>{t("accounts.add")}</button>}
      </div>
    </>
  ),
};

const grantState = (row: Grant): "ended" | "over" | "later" | "holds" => (row.ended ? "ended" : row.to !== null && new Date(row.to).getTime() < Date.now() ? "over" : row.from !== null && new Date(row.from).getTime() > Date.now() ? "later" : "holds");

export const grants: TableDef<Grant> = {
  name: "grants",
  may: "member.read",
  title: "grants.title",
  none: "grants.none",
  none_hint: "grants.none_hint",
  id: (row) => row.id,
  page: (asking, cursor, limit, signal) => grantsList(api(), { ...asking, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  filters: [{ name: "member", label: "grants.one_member", type: "only" }],
  columns: [
    { key: "member", title: "col.member", text: (row) => memberName(row.member), width: 8, narrow: "head" },
    { key: "role", title: "col.role", text: (row) => coded("role", row.role), width: 8 },
    { key: "area", title: "col.area", text: (row) => (row.area === null ? t("say.whole_site") : areaById(row.area)), width: 10 },
    { key: "state", title: "col.state", text: (row) => t(`grants.${grantState(row)}`), cell: (row) => <Tag tone={grantState(row) === "holds" ? "good" : "none"}>{t(`grants.${grantState(row)}`)}</Tag>, width: 6, narrow: "side" },
    { key: "from", title: "col.from", text: (row) => when(row.from), by: (row) => row.from ?? "", width: 10.5, narrow: "off" },
    { key: "to", title: "col.to", text: (row) => when(row.to), by: (row) => row.to ?? "", width: 10.5 },
    { key: "emergency", title: "col.emergency", text: (row) => (row.emergency ? t("say.yes") : ""), width: 5, rare: true, narrow: "off" },
    { key: "reason", title: "form.reason", text: (row) => row.reason, width: 10, rare: true, narrow: "off" },
  ],
  head: (again) => may("member.write") && <button type="button" class="button" onClick={() => askGrant(again)}>{t("grants.add")}</button>,
  open: (row, again) => (
    <>
      <h2>{memberName(row.member)}</h2>
      <Facts facts={[["col.role", coded("role", row.role)], ["col.area", row.area === null ? t("say.whole_site") : areaById(row.area)], ["col.state", t(`grants.${grantState(row)}`)], ["col.from", when(row.from)], ["col.to", when(row.to)], ["col.emergency", row.emergency ? t("say.yes") : ""], ["form.reason", row.reason]]} />
      {!row.ended && may("member.write") && (
        <button type="button" class="button bad" onClick={() => ask({ title: t("grants.end", { name: memberName(row.member) }), say: t("grants.end_say"), blanks: [reason()], yes: t("grants.end_go"), bad: true, done: t("grants.end_done"),
          send: (values) => grantsEnd(api(), row.id, { reason: values["reason"]! }, { version: row.version }), then: again })}>
          {t("grants.end_go")}
        </button>
      )}
    </>
  ),
};

function askAccount(then: () => void, member?: string): void {
  ask({
    title: t("accounts.add"),
    blanks: [
      { name: "member", label: t("col.member"), type: "choice", must: true, options: memberOptions, value: member ?? "" },
      { name: "login", label: t("sign_in.login"), must: true, max: 64, hint: t("accounts.login_hint") },
      { name: "password", label: t("accounts.first_password"), type: "password", hint: t("accounts.password_hint") },
    ],
    yes: t("accounts.add"),
    done: t("accounts.added"),
    send: (values) => accountsAdd(api(), { member: values["member"]!, login: values["login"]!, ...(said(values, "password") === undefined ? {} : { password: values["password"]! }) }),
    then,
  });
}

function AccountPanel({ row, again }: { row: Account; again: () => void }) {
  const self = row.member === me.value?.member;
  return (
    <>
      <h2>{row.name ?? row.login}</h2>
      <Facts facts={[["sign_in.login", <span class="mono">{row.login}</span>], ["col.state", accountState(row)], ["own.second", t(row.second ? "say.yes" : "say.no")], ["accounts.identities", row.identities || ""], ["accounts.sessions", number(row.sessions)], ["accounts.seen", when(row.seen)], ["accounts.locked", when(row.locked)]]} />
      {!row.second && row.password && <Note tone="warn">{t("accounts.no_second")}</Note>}
      {self ? (
        <a class="button" href="#/me">{t("own.title")}</a>
      ) : (
        <div class="row wrap">
          <button type="button" class="button" onClick={() => ask({ title: t("accounts.password", { name: row.name ?? row.login }), say: t("accounts.password_say"), blanks: [{ name: "password", label: t("own.password_new"), type: "password", must: true, hint: t("own.password_hint") }], yes: t("do.save"), done: t("accounts.password_done"),
            send: (values) => accountsSet(api(), row.login, { password: values["password"]! }), then: again })}>
            {t("accounts.password_go")}
          </button>
          <button type="button" class="button" onClick={() => ask({ title: t("accounts.link"), say: t("accounts.link_say"), yes: t("accounts.link_go"), send: () => accountsLink(api(), row.login), then: (link) => showLink(link as Link) })}>
            {t("accounts.link")}
          </button>
          {row.identities > 0 && (
            <button type="button" class="button" onClick={() => ask({ title: t("accounts.untie"), say: t("accounts.untie_say"), yes: t("accounts.untie"), bad: true, done: t("accounts.untied"), send: () => accountsSet(api(), row.login, { untie: true }), then: again })}>
              {t("accounts.untie")}
            </button>
          )}
          <button type="button" class={`button ${row.disabled ? "" : "bad"}`} onClick={() => ask({ title: t(row.disabled ? "accounts.enable" : "accounts.disable", { name: row.name ?? row.login }), say: row.disabled ? undefined : t("accounts.disable_say"), yes: t(row.disabled ? "accounts.enable_go" : "accounts.disable_go"), bad: !row.disabled, done: t("accounts.changed"),
            send: () => accountsSet(api(), row.login, { disabled: !row.disabled }), then: again })}>
            {t(row.disabled ? "accounts.enable_go" : "accounts.disable_go")}
          </button>
        </div>
      )}
    </>
  );
}
const accountState = (row: Account): string => t(row.disabled ? "accounts.disabled" : row.locked !== null ? "accounts.is_locked" : "accounts.good");

export const accounts: TableDef<Account> = {
  name: "accounts",
  may: "account.write",
  title: "accounts.title",
  none: "accounts.none",
  none_hint: "accounts.none_hint",
  id: (row) => row.login,
  page: (_asking, cursor, limit, signal) => accountsList(api(), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  columns: [
    { key: "name", title: "col.member", text: (row) => row.name ?? "", width: 8, narrow: "head" },
    { key: "login", title: "sign_in.login", text: (row) => row.login, cell: (row) => <span class="mono">{row.login}</span>, width: 9 },
    { key: "state", title: "col.state", text: accountState, cell: (row) => <Tag tone={row.disabled ? "none" : row.locked !== null ? "bad" : "good"}>{accountState(row)}</Tag>, width: 7, narrow: "side" },
    { key: "second", title: "own.second", text: (row) => t(row.second ? "say.yes" : "say.no"), cell: (row) => <Tag tone={row.second ? "good" : "warn"}>{t(row.second ? "say.yes" : "say.no")}</Tag>, width: 7, narrow: "off" },
    { key: "sessions", title: "accounts.sessions", text: (row) => number(row.sessions), by: (row) => row.sessions, width: 6, num: true },
    { key: "seen", title: "accounts.seen", text: (row) => when(row.seen), by: (row) => row.seen ?? "", width: 10.5 },
  ],
  head: (again) => <button type="button" class="button" onClick={() => askAccount(again)}>{t("accounts.add")}</button>,
  open: (row, again) => <AccountPanel row={row} again={again} />,
};

function askEmergency(then: () => void): void {
  ask({
    title: t("emergencies.open"),
    say: <Note tone="warn">{t("emergencies.open_say")}</Note>,
    blanks: [
      reason(),
      { name: "area", label: t("col.area"), type: "area", options: areaOptions, hint: t("grants.area_hint") },
      { name: "minutes", label: t("emergencies.minutes"), type: "choice", must: true, value: "60", options: ["30", "60", "120", "240"].map((one) => ({ value: one, label: t("say.minutes", { n: one }) })) },
    ],
    yes: t("emergencies.open_go"),
    bad: true,
    done: t("emergencies.opened"),
    send: (values) => emergenciesOpen(api(), { reason: values["reason"]!, minutes: Number(values["minutes"]), ...(said(values, "area") === undefined ? {} : { area: values["area"]! }) }),
    then: () => { void meAgain(); then(); },
  });
}

const open = (row: Grant): boolean => grantState(row) === "holds";
export const emergencies: TableDef<Grant> = {
  name: "emergencies",
  may: "site.read",
  title: "emergencies.title",
  hint: "emergencies.hint",
  none: "emergencies.none",
  none_hint: "emergencies.none_hint",
  id: (row) => row.id,
  page: async (_asking, cursor, limit, signal) => (may("audit.read") ? emergenciesList(api(), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }) : { items: (me.value?.grants ?? []).filter((grant) => grant.emergency), next: null }),
  columns: [
    { key: "member", title: "col.member", text: (row) => memberName(row.member) || (row.member === me.value?.member ? (me.value.name ?? "") : ""), width: 8, narrow: "head" },
    { key: "state", title: "col.state", text: (row) => t(`grants.${grantState(row)}`), cell: (row) => (open(row) && row.to !== null ? <Tag tone="bad"><Countdown until={row.to} /></Tag> : <Tag>{t(`grants.${grantState(row)}`)}</Tag>), width: 7, narrow: "side" },
    { key: "area", title: "col.area", text: (row) => (row.area === null ? t("say.whole_site") : areaById(row.area)), width: 9 },
    { key: "reason", title: "form.reason", text: (row) => row.reason, width: 16 },
    { key: "from", title: "col.from", text: (row) => when(row.from), by: (row) => row.from ?? "", width: 10.5, narrow: "off" },
    { key: "to", title: "col.to", text: (row) => when(row.to), by: (row) => row.to ?? "", width: 10.5, narrow: "off" },
  ],
  head: (again) =>
    me.value?.grants.some((grant) => grant.emergency && !grant.ended) ? (
      <button type="button" class="button" onClick={() => ask({ title: t("emergencies.end"), say: t("emergencies.end_say"), yes: t("emergencies.end"), done: t("emergencies.ended"), send: () => emergenciesEnd(api()), then: () => { void meAgain(); again(); } })}>{t("emergencies.end")}</button>
    ) : (
      <button type="button" class="button bad" onClick={() => askEmergency(again)}>{t("emergencies.open")}</button>
    ),
  open: (row) => (
    <>
      <h2>{memberName(row.member)}</h2>
      <Facts facts={[["col.role", coded("role", row.role)], ["col.area", row.area === null ? t("say.whole_site") : areaById(row.area)], ["form.reason", row.reason], ["col.from", when(row.from)], ["col.to", when(row.to)]]} />
    </>
  ),
  tone: (row) => (open(row) ? "bad" : "none"),
};
