/** Pairs to review, refusals, needs, exports, who looked at what. */
import { auditList, exportsDrop, exportsList, refusalsFollow, refusalsList, reviewsDecide, reviewsList, type ExportJob, type FollowNew, type Look, type Refusal, type Review } from "../../api/api";
import { Note, Tag, tell } from "../../ui/parts";
import { coded, number, t, when, type Word } from "../../words";
import { zh } from "../../words/zh";
import { areaByCode, memberName } from "../base/areas";
import { trouble } from "../base/asked";
import { DoorLink } from "../base/door_link";
import { ask, said } from "../base/form";
import { Facts } from "../base/shown";
import { numbers } from "../live/live";
import { api, may } from "../session/session";
import { askExport, ExportFiles } from "../tables/export";
import type { TableDef } from "../tables/table";
import { PersonPanel } from "./person_panel";

async function decide(row: Review, decision: "same" | "different", again: () => void): Promise<void> {
  try {
    await reviewsDecide(api(), row.a.id, row.b.id, { decision });
    tell(t(decision === "same" ? "reviews.same_done" : "reviews.different_done"));
  } catch (error) {
    tell(trouble(error).what);
  }
  again();
}
const same = (row: Review, again: () => void): void =>
  ask({ title: t("reviews.same_title", { a: row.a.name, b: row.b.name }), say: t("reviews.same_say"), yes: t("reviews.same"), done: t("reviews.same_done"), send: () => reviewsDecide(api(), row.a.id, row.b.id, { decision: "same" }), then: again });

/** Side by side; what differs is marked by more than a colour. */
function Pair({ row }: { row: Review }) {
  const lines: [Word, string, string][] = [
    ["col.name", row.a.name, row.b.name],
    ["col.document", row.a.document, row.b.document],
    ["col.place", row.a.place, row.b.place],
  ];
  return (
    <table class="pair">
      <thead>
        <tr><th scope="col"><span class="hidden">{t("reviews.field")}</span></th><th scope="col">{t("reviews.first")}</th><th scope="col">{t("reviews.second")}</th></tr>
      </thead>
      <tbody>
        {lines.map(([word, a, b]) => (
          <tr key={word} class={a === b ? "" : "differs"}>
            <th scope="row">{t(word)}{a !== b && <Tag tone="warn">{t("reviews.differs")}</Tag>}</th>
            <td>{a}</td>
            <td>{b}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export const reviews: TableDef<Review> = {
  name: "reviews",
  may: "review.decide",
  title: "reviews.title",
  hint: "reviews.hint",
  none: "reviews.none",
  none_hint: "reviews.none_hint",
  id: (row) => `${row.a.id} ${row.b.id}`,
  page: (_asking, cursor, limit, signal) => reviewsList(api(), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  columns: [
    { key: "why", title: "col.why", text: (row) => coded("like", row.why), cell: (row) => <Tag tone="warn">{coded("like", row.why)}</Tag>, width: 12, narrow: "side" },
    { key: "a", title: "reviews.first", text: (row) => `${row.a.name} ${row.a.document}`, width: 13, narrow: "head" },
    { key: "a_place", title: "col.place", text: (row) => row.a.place, width: 12 },
    { key: "b", title: "reviews.second", text: (row) => `${row.b.name} ${row.b.document}`, width: 13, narrow: "off" },
    { key: "b_place", title: "reviews.second_place", text: (row) => row.b.place, width: 12, narrow: "off" },
  ],
  open: (row, again) => (
    <>
      <h2>{coded("like", row.why)}</h2>
      <Pair row={row} />
      <div class="row wrap">
        <button type="button" class="button main" onClick={() => same(row, again)}>{t("reviews.same")} <kbd>s</kbd></button>
        <button type="button" class="button" onClick={() => void decide(row, "different", again)}>{t("reviews.different")} <kbd>d</kbd></button>
      </div>
      <p class="soft small">{t("reviews.undo_hint")}</p>
    </>
  ),
  keys: { s: same, d: (row, again) => void decide(row, "different", again) },
  keys_hint: "reviews.keys",
  stirred: () => numbers.value?.review,
};

function askFollow(row: Refusal, then: () => void): void {
  ask({
    title: t("refusals.follow", { who: row.name ?? row.door_code ?? row.code }),
    blanks: [
      { name: "step", label: t("refusals.step"), type: "choice", must: true, options: (["tried", "promised", "settled"] as const).map((one) => ({ value: one, label: coded("step", one) })) },
      { name: "next", label: t("refusals.next"), type: "time", when: (values) => values["step"] !== "settled" },
      { name: "note", label: t("col.note"), type: "long", max: 500 },
    ],
    yes: t("do.save"),
    done: t("refusals.followed"),
    send: (values) => {
      const body: FollowNew = { step: values["step"] as FollowNew["step"] };
      if (said(values, "next") !== undefined && values["step"] !== "settled") body.next = new Date(values["next"]!).toISOString();
      if (said(values, "note") !== undefined) body.note = values["note"]!;
      return refusalsFollow(api(), (row.person ?? row.door)!, body);
    },
    then,
  });
}

export const refusals: TableDef<Refusal> = {
  name: "refusals",
  may: "round.read",
  title: "refusals.title",
  hint: "refusals.hint",
  none: "refusals.none",
  none_hint: "refusals.none_hint",
  id: (row) => `${row.door} ${row.person} ${Date.parse(row.since)}`,
  page: (asking, cursor, limit, signal) => refusalsList(api(), { ...asking, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  filters: [{ name: "area", label: "col.area", type: "area" }],
  columns: [
    { key: "who", title: "refusals.who", text: (row) => row.name ?? t("refusals.whole_door"), width: 8, narrow: "head" },
    { key: "door", title: "col.door", text: (row) => row.door_code ?? areaByCode(row.code), cell: (row) => <DoorLink door={row.door}>{row.door_code ?? areaByCode(row.code)}</DoorLink>, width: 10 },
    { key: "step", title: "refusals.step", text: (row) => (row.step === null ? t("refusals.nothing") : coded("step", row.step)), cell: (row) => <Tag tone={row.step === null ? "bad" : "warn"}>{row.step === null ? t("refusals.nothing") : coded("step", row.step)}</Tag>, width: 7, narrow: "side" },
    { key: "times", title: "refusals.times", text: (row) => number(row.times), by: (row) => row.times, width: 6, num: true, narrow: "off" },
    { key: "last", title: "refusals.last", text: (row) => when(row.last), by: (row) => row.last, width: 10.5 },
    { key: "next", title: "refusals.next", text: (row) => when(row.next), by: (row) => row.next ?? "", width: 10.5 },
    { key: "note", title: "col.note", text: (row) => row.note, width: 12, narrow: "off" },
  ],
  open: (row, again) => {
    const facts = <Facts facts={[["col.door", row.door_code ?? areaByCode(row.code)], ["refusals.where", coded("where", row.where)], ["refusals.times", number(row.times)], ["refusals.tries", number(row.tries)], ["refusals.since", when(row.since)], ["refusals.last", when(row.last)], ["refusals.step", row.step === null ? t("refusals.nothing") : coded("step", row.step)], ["refusals.next", when(row.next)], ["col.keeper", row.keeper === null ? "" : memberName(row.keeper)], ["col.note", row.note]]} />;
    const act = may("visit.write") && <button type="button" class="button main" onClick={() => askFollow(row, again)}>{t("refusals.follow_go")}</button>;
    return row.person === null ? <><h2>{row.door_code ?? areaByCode(row.code)}</h2>{facts}{act}</> : <PersonPanel id={row.person}>{facts}{act}</PersonPanel>;
  },
};

/** As far as servers tell it; those of today do not. */
export interface Need {
  id: string;
  what: string;
  urgent?: boolean;
  note?: string | null;
  at?: string | null;
  closed?: boolean;
  name?: string | null;
  place?: string | null;
  door?: string | null;
}

export const needs: TableDef<Need> = {
  name: "needs",
  may: "register.read",
  title: "needs.title",
  none: "needs.none",
  none_hint: "needs.none_hint",
  id: (row) => row.id,
  page: (asking, cursor, limit, signal) => api().json("GET", "/needs", { ...asking, limit, ...(cursor === undefined ? {} : { cursor }) }, undefined, { signal }),
  columns: [
    { key: "what", title: "needs.what", text: (row) => coded("need", row.what), width: 8, narrow: "head" },
    { key: "urgent", title: "needs.urgent", text: (row) => (row.urgent ? t("needs.urgent") : ""), cell: (row) => (row.urgent ? <Tag tone="bad">{t("needs.urgent")}</Tag> : ""), width: 5, narrow: "side" },
    { key: "place", title: "col.place", text: (row) => `${row.name ?? ""} ${row.place ?? ""}`.trim(), cell: (row) => <DoorLink door={row.door ?? null}>{`${row.name ?? ""} ${row.place ?? ""}`.trim()}</DoorLink>, width: 14 },
    { key: "note", title: "col.note", text: (row) => row.note ?? "", width: 14 },
    { key: "at", title: "col.when", text: (row) => when(row.at), by: (row) => row.at ?? "", width: 10.5 },
    { key: "closed", title: "col.state", text: (row) => t(row.closed ? "needs.closed" : "needs.open"), width: 6, narrow: "off" },
  ],
  tone: (row) => (row.urgent && !row.closed ? "bad" : "none"),
};

const what = (row: Look): string => (`look.${row.what}` in zh ? t(`look.${row.what}` as Word) : t("look.other"));

export const audit: TableDef<Look> = {
  name: "audit",
  may: "audit.read",
  title: "audit.title",
  hint: "audit.hint",
  none: "audit.none",
  none_hint: "audit.none_hint",
  id: (row) => String(row.seq),
  page: (_asking, cursor, limit, signal) => auditList(api(), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  columns: [
    { key: "at", title: "col.when", text: (row) => when(row.at), by: (row) => row.at, width: 10.5 },
    { key: "name", title: "audit.who", text: (row) => row.name ?? t("audit.office"), width: 8, narrow: "head" },
    { key: "what", title: "audit.what", text: what, width: 12, narrow: "side" },
    { key: "reason", title: "form.reason", text: (row) => row.reason, width: 18 },
    { key: "people", title: "col.people", text: (row) => number(row.people), by: (row) => row.people, width: 6, num: true, narrow: "off" },
  ],
  open: (row) => (
    <>
      <h2>{what(row)}</h2>
      <Facts facts={[["audit.who", row.name ?? t("audit.office")], ["col.when", when(row.at)], ["form.reason", row.reason], ["col.people", number(row.people)]]} />
    </>
  ),
};

export const exports: TableDef<ExportJob> = {
  name: "exports",
  may: "export.write",
  title: "exports.title",
  hint: "exports.hint",
  none: "exports.none",
  none_hint: "exports.none_hint",
  id: (row) => row.id,
  page: (_asking, cursor, limit, signal) => exportsList(api(), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  columns: [
    { key: "made", title: "col.when", text: (row) => when(row.made), by: (row) => row.made, width: 10.5, narrow: "head" },
    { key: "name", title: "exports.table", text: (row) => (`table.of.${row.name}` in zh ? t(`table.of.${row.name}` as Word) : t("exports.everything")), width: 9 },
    { key: "format", title: "export.format", text: (row) => row.format.toUpperCase(), width: 5 },
    { key: "state", title: "col.state", text: (row) => coded("job", row.state), cell: (row) => <Tag tone={row.state === "done" ? "good" : row.state === "failed" ? "bad" : "none"}>{coded("job", row.state)}</Tag>, width: 6, narrow: "side" },
    { key: "rows", title: "imports.rows", text: (row) => (row.result === null ? "" : number(row.result.rows)), by: (row) => row.result?.rows ?? "", width: 6, num: true },
    { key: "until", title: "exports.until", text: (row) => when(row.until), by: (row) => row.until, width: 10.5, narrow: "off" },
  ],
  head: () => may("export.write", true) && <button type="button" class="button" onClick={() => askExport(null)}>{t("export.all")}</button>,
  open: (row, again) => (
    <>
      <h2>{when(row.made)}</h2>
      <Facts facts={[["col.state", coded("job", row.state)], ["exports.until", when(row.until)]]} />
      {row.problem !== null && <Note tone="bad">{row.problem.title} {row.problem.detail} {row.problem.fix}</Note>}
      <ExportFiles job={row} />
      {row.state === "done" && <button type="button" class="button bad" onClick={() => ask({ title: t("exports.drop"), say: t("exports.drop_say"), yes: t("do.delete"), bad: true, done: t("exports.dropped"), send: () => exportsDrop(api(), row.id), then: again })}>{t("do.delete")}</button>}
    </>
  ),
};
