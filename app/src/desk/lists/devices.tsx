/** Phones and other chains of entries: who has not been heard of, what is outstanding. */
import { devicesList, devicesRevoke, type Device } from "../../api/api";
import { Note, Tag, type Tone } from "../../ui/parts";
import { coded, number, t } from "../../words";
import { memberName } from "../base/areas";
import { AskButton, reason, type Question } from "../base/form";
import { page } from "../base/reading";
import { Facts, type Fact } from "../base/shown";
import { api, may } from "../session/session";
import { count, facts, moment, named, tag, text } from "../tables/columns";
import type { Column, TableDef } from "../tables/table";
import { askInvite } from "./invite";

const QUIET = 30 * 60 * 1000;

/** When it last spoke: what it handed in another way than over the network was heard too. */
const heard = (row: Device): string | null => row.heard ?? row.last;

/** How a device does, in a word. */
function state(row: Device): { word: string; tone: Tone } {
  if (row.revoked) return { word: t("devices.revoked"), tone: "none" };
  if (row.kind !== "phone") return { word: t("devices.office"), tone: "none" };
  const at = heard(row);
  if (at === null) return { word: t("devices.never"), tone: "warn" };
  if (Date.now() - new Date(at).getTime() > QUIET) return { word: t("devices.quiet"), tone: "bad" };
  if ((row.outstanding ?? 0) > 0) return { word: t("devices.behind"), tone: "warn" };
  return { word: t("devices.good"), tone: "good" };
}

const clock = (row: Device): string => (row.clock_ms === null || Math.abs(row.clock_ms) < 60000 ? "" : t(row.clock_ms > 0 ? "devices.clock_ahead" : "devices.clock_behind", { n: Math.round(Math.abs(row.clock_ms) / 60000) }));
const title = (row: Device): string => (row.kind === "phone" ? row.name : t(`devices.kind_${row.kind}`, { name: row.name }));

const columns: Column<Device>[] = [
  text("name", "devices.one", title, 9, { narrow: "head" }),
  text("member", "col.member", (row) => memberName(row.member), 7),
  tag("state", "col.state", (row) => state(row).word, (row) => state(row).tone, 8),
  moment("heard", "devices.heard", heard),
  count("received", "devices.received", (row) => row.received, { narrow: "off" }),
  count("outstanding", "devices.outstanding", (row) => row.outstanding || null),
  count("held", "devices.held", (row) => row.held || null, { cell: (row) => (row.held === 0 ? "" : <a href="#/held">{number(row.held)}</a>) }),
  moment("last", "devices.last", (row) => row.last, { narrow: "off" }),
  text("clock", "devices.clock", clock, 7, { rare: true, narrow: "off" }),
  count("pulled", "devices.pulled", (row) => row.pulled, { rare: true, narrow: "off" }),
  moment("until", "devices.until", (row) => row.until, { rare: true, narrow: "off" }),
  text("kind", "col.kind", (row) => coded("devices.kinds", row.kind), 6, { rare: true, narrow: "off" }),
];

const revoke = (row: Device, then: () => void): Question => ({
  title: t("devices.revoke", { name: row.name }),
  say: t("devices.revoke_say"),
  blanks: [reason()],
  yes: t("devices.revoke_go"),
  bad: true,
  done: t("devices.revoke_done"),
  send: (values) => devicesRevoke(api(), row.id, { reason: values["reason"]! }),
  then,
});

/** Which of its entries are here, and which are not yet. */
function numbers(row: Device): Fact[] {
  const out = row.outstanding ?? 0;
  return [
    ["devices.received", row.received > 0 ? t("devices.numbers", { n: number(row.received) }) : "0"],
    ["devices.outstanding", out > 0 ? t("devices.outstanding_numbers", { from: number(row.received + 1), to: number(row.received + out), n: number(out) }) : ""],
  ];
}

export const devices: TableDef<Device> = {
  ...named("devices"),
  may: "device.read",
  table: "devices",
  id: (row) => row.id,
  page: async ({ silent, all }, cursor, limit, signal) => {
    const some = await page(devicesList)(silent === undefined ? {} : { silent: "30" }, cursor, limit, signal);
    return all === undefined ? { ...some, items: some.items.filter((one) => one.kind === "phone") } : some;
  },
  filters: [
    { name: "silent", label: "devices.only_silent", type: "tick" },
    { name: "all", label: "devices.with_office", type: "tick" },
  ],
  columns,
  head: (again) => may("device.write") && <button type="button" class="button main" onClick={() => askInvite(again)}>{t("devices.invite")}</button>,
  open: (row, again) => (
    <>
      <h2>{title(row)}</h2>
      <p><Tag tone={state(row).tone}>{state(row).word}</Tag></p>
      <Facts facts={[...facts(columns, row, "name", "state", "received", "outstanding"), ...numbers(row)]} />
      {(row.outstanding ?? 0) > 0 && <Note tone="warn">{t("devices.outstanding_say")}</Note>}
      {may("device.write") && row.kind === "phone" && !row.revoked && <AskButton of={revoke(row, again)} kind="bad" />}
    </>
  ),
  tone: (row) => (state(row).tone === "bad" ? "bad" : "none"),
};
