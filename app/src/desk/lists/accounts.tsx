/** Who signs in at a desk. */
import { accountsAdd, accountsLink, accountsList, accountsSet, type Account, type Link } from "../../api/api";
import { Note, Tag } from "../../ui/parts";
import { t } from "../../words";
import { memberOptions } from "../base/areas";
import { AskButton, said, type Question } from "../base/form";
import { page } from "../base/reading";
import { Facts } from "../base/shown";
import { api, me } from "../session/session";
import { count, facts, moment, mono, named, tag, text } from "../tables/columns";
import type { Column, TableDef } from "../tables/table";
import { showLink } from "./link_window";

export const newAccount = (then: () => void, member = ""): Question => ({
  title: t("accounts.add"),
  blanks: [
    { name: "member", label: t("col.member"), type: "choice", must: true, options: memberOptions, value: member },
    { name: "login", label: t("sign_in.login"), must: true, max: 64, hint: t("accounts.login_hint") },
    { name: "password", label: t("accounts.first_password"), type: "password", hint: t("accounts.password_hint") },
  ],
  yes: t("accounts.add"),
  done: t("accounts.added"),
  send: (values) => accountsAdd(api(), { member: values["member"]!, login: values["login"]!, ...said(values, "password") }),
  then,
});

const state = (row: Account): string => t(row.disabled ? "accounts.disabled" : row.locked !== null ? "accounts.is_locked" : "accounts.good");
const nameOf = (row: Account): string => row.name ?? row.login;

/** What can be done with somebody else's account. */
function acts(row: Account, then: () => void): Record<"password" | "link" | "untie" | "turn", Question> {
  const name = nameOf(row);
  return {
    password: {
      title: t("accounts.password", { name }),
      say: t("accounts.password_say"),
      blanks: [{ name: "password", label: t("own.password_new"), type: "password", must: true, hint: t("own.password_hint") }],
      yes: t("do.save"),
      done: t("accounts.password_done"),
      send: (values) => accountsSet(api(), row.login, { password: values["password"]! }),
      then,
    },
    link: { title: t("accounts.link"), say: t("accounts.link_say"), yes: t("accounts.link_go"), send: () => accountsLink(api(), row.login), then: (link) => showLink(link as Link) },
    untie: { title: t("accounts.untie"), say: t("accounts.untie_say"), yes: t("accounts.untie"), bad: true, done: t("accounts.untied"), send: () => accountsSet(api(), row.login, { untie: true }), then },
    turn: {
      title: t(row.disabled ? "accounts.enable" : "accounts.disable", { name }),
      say: row.disabled ? undefined : t("accounts.disable_say"),
      yes: t(row.disabled ? "accounts.enable_go" : "accounts.disable_go"),
      bad: !row.disabled,
      done: t("accounts.changed"),
      send: () => accountsSet(api(), row.login, { disabled: !row.disabled }),
      then,
    },
  };
}

const columns: Column<Account>[] = [
  text("name", "col.member", (row) => row.name, 8, { narrow: "head" }),
  mono("login", "sign_in.login", (row) => row.login, 9),
  tag("state", "col.state", state, (row) => (row.disabled ? "none" : row.locked !== null ? "bad" : "good"), 7),
  text("second", "own.second", (row) => t(row.second ? "say.yes" : "say.no"), 7, { cell: (row) => <Tag tone={row.second ? "good" : "warn"}>{t(row.second ? "say.yes" : "say.no")}</Tag>, narrow: "off" }),
  count("identities", "accounts.identities", (row) => row.identities || null, { rare: true, narrow: "off" }),
  count("sessions", "accounts.sessions", (row) => row.sessions),
  moment("seen", "accounts.seen", (row) => row.seen),
  moment("locked", "accounts.locked", (row) => row.locked, { rare: true, narrow: "off" }),
];

function AccountPanel({ row, again }: { row: Account; again: () => void }) {
  const can = acts(row, again);
  return (
    <>
      <h2>{nameOf(row)}</h2>
      <Facts facts={facts(columns, row, "name")} />
      {!row.second && row.password && <Note tone="warn">{t("accounts.no_second")}</Note>}
      {row.member === me.value?.member ? (
        <a class="button" href="#/me">{t("own.title")}</a>
      ) : (
        <div class="row wrap">
          <AskButton of={can.password}>{t("accounts.password_go")}</AskButton>
          <AskButton of={can.link}>{t("accounts.link")}</AskButton>
          {row.identities > 0 && <AskButton of={can.untie} />}
          <AskButton of={can.turn} kind={row.disabled ? "" : "bad"} />
        </div>
      )}
    </>
  );
}

export const accounts: TableDef<Account> = {
  ...named("accounts"),
  may: "account.write",
  id: (row) => row.login,
  page: page(accountsList),
  columns,
  head: (again) => <AskButton of={newAccount(again)} kind="main" />,
  open: (row, again) => <AccountPanel row={row} again={again} />,
};
