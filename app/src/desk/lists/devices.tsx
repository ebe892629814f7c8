/** Phones and other chains of entries: who has not been heard of, what is outstanding. */
import { devicesList, devicesRevoke, type Device } from "../../api/api";
import { Note, Tag, type Tone } from "../../ui/parts";
import { coded, number, t, when } from "../../words";
import { memberName } from "../base/areas";
import { ask, reason } from "../base/form";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import type { TableDef } from "../tables/table";
import { askInvite } from "./invite";

const QUIET = 30 * 60 * 1000;

/** How a device does, in a word. */
function state(row: Device): { word: string; tone: Tone } {
  if (row.revoked) return { word: t("devices.revoked"), tone: "none" };
  if (row.kind !== "phone") return { word: t("devices.office"), tone: "none" };
  if (row.heard === null) return { word: t("devices.never"), tone: "warn" };
  if (Date.now() - new Date(row.heard).getTime() > QUIET) return { word: t("devices.quiet"), tone: "bad" };
  if ((row.outstanding ?? 0) > 0) return { word: t("devices.behind"), tone: "warn" };
  return { word: t("devices.good"), tone: "good" };
}

const clock = (row: Device): string => (row.clock_ms === null || Math.abs(row.clock_ms) < 60000 ? "" : t(row.clock_ms > 0 ? "devices.clock_ahead" : "devices.clock_behind", { n: Math.round(Math.abs(row.clock_ms) / 60000) }));
const title = (row: Device): string => (row.kind === "phone" ? row.name : t(`devices.kind_${row.kind}`, { name: row.name }));

export const devices: TableDef<Device> = {
  name: "devices",
  may: "device.read",
  title: "devices.title",
  hint: "devices.hint",
  none: "devices.none",
  none_hint: "devices.none_hint",
  table: "devices",
  id: (row) => row.id,
  page: async (asking, cursor, limit, signal) => {
    const page = await devicesList(api(), { limit, ...(asking["silent"] === undefined ? {} : { silent: 30 }), ...(cursor === undefined ? {} : { cursor }) }, { signal });
    return asking["all"] === undefined ? { ...page, items: page.items.filter((one) => one.kind === "phone") } : page;
  },
  filters: [
    { name: "silent", label: "devices.only_silent", type: "tick" },
    { name: "all", label: "devices.with_office", type: "tick" },
  ],
  columns: [
    { key: "name", title: "devices.one", text: title, width: 9, narrow: "head" },
    { key: "member", title: "col.member", text: (row) => memberName(row.member), width: 7 },
    { key: "state", title: "col.state", text: (row) => state(row).word, cell: (row) => <Tag tone={state(row).tone}>{state(row).word}</Tag>, width: 8, narrow: "side" },
    { key: "heard", title: "devices.heard", text: (row) => when(row.heard), by: (row) => row.heard ?? "", width: 10.5 },
    { key: "received", title: "devices.received", text: (row) => number(row.received), by: (row) => row.received, width: 6, num: true, narrow: "off" },
    { key: "outstanding", title: "devices.outstanding", text: (row) => (row.outstanding === null ? "" : number(row.outstanding)), by: (row) => row.outstanding ?? "", width: 6, num: true },
    { key: "held", title: "devices.held", text: (row) => (row.held === 0 ? "" : number(row.held)), by: (row) => row.held, width: 6, num: true },
    { key: "last", title: "devices.last", text: (row) => when(row.last), by: (row) => row.last ?? "", width: 10.5, narrow: "off" },
    { key: "clock", title: "devices.clock", text: clock, width: 7, rare: true, narrow: "off" },
    { key: "until", title: "devices.until", text: (row) => when(row.until), by: (row) => row.until ?? "", width: 10.5, rare: true, narrow: "off" },
  ],
  head: (again) => may("device.write") && <button type="button" class="button main" onClick={() => askInvite(again)}>{t("devices.invite")}</button>,
  open: (row, again) => (
    <>
      <h2>{title(row)}</h2>
      <p><Tag tone={state(row).tone}>{state(row).word}</Tag></p>
      <Facts
        facts={[
          ["col.member", memberName(row.member)],
          ["devices.heard", when(row.heard)],
          ["devices.received", row.received > 0 ? t("devices.numbers", { n: number(row.received) }) : "0"],
          ["devices.outstanding", (row.outstanding ?? 0) > 0 ? t("devices.outstanding_numbers", { from: number(row.received + 1), to: number(row.received + row.outstanding!), n: number(row.outstanding!) }) : ""],
          ["devices.held", row.held > 0 ? <a href="#/held">{number(row.held)}</a> : ""],
          ["devices.last", when(row.last)],
          ["devices.pulled", row.pulled === null ? "" : number(row.pulled)],
          ["devices.clock", clock(row)],
          ["devices.until", when(row.until)],
          ["col.kind", coded("devices.kinds", row.kind)],
        ]}
      />
      {(row.outstanding ?? 0) > 0 && <Note tone="warn">{t("devices.outstanding_say")}</Note>}
      {may("device.write") && row.kind === "phone" && !row.revoked && (
        <button type="button" class="button bad" onClick={() => ask({ title: t("devices.revoke", { name: row.name }), say: t("devices.revoke_say"), blanks: [reason()], yes: t("devices.revoke_go"), bad: true, done: t("devices.revoke_done"), send: (values) => devicesRevoke(api(), row.id, { reason: values["reason"]! }), then: again })}>
          {t("devices.revoke_go")}
        </button>
      )}
    </>
  ),
  tone: (row) => (state(row).tone === "bad" ? "bad" : "none"),
};
