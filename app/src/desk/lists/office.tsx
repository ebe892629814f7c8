/** Who looked at what, and files that were made. */
import { auditList, exportsDrop, exportsList, type ExportJob, type Look } from "../../api/api";
import { Note } from "../../ui/parts";
import { coded, t, when, type Word } from "../../words";
import { zh } from "../../words/zh";
import { AskButton, type Question } from "../base/form";
import { page } from "../base/reading";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import { count, facts, moment, named, tag, text } from "../tables/columns";
import { askExport, ExportFiles } from "../tables/export";
import type { Column, TableDef } from "../tables/table";

const what = (row: Look): string => (`look.${row.what}` in zh ? t(`look.${row.what}` as Word) : t("look.other"));

const lookColumns: Column<Look>[] = [
  moment("at", "col.when", (row) => row.at),
  text("name", "audit.who", (row) => row.name ?? t("audit.office"), 8, { narrow: "head" }),
  text("what", "audit.what", what, 12, { narrow: "side" }),
  text("reason", "form.reason", (row) => row.reason, 18),
  count("people", "col.people", (row) => row.people, { narrow: "off" }),
];

export const audit: TableDef<Look> = {
  ...named("audit"),
  may: "audit.read",
  id: (row) => String(row.seq),
  page: page(auditList),
  columns: lookColumns,
  open: (row) => (
    <>
      <h2>{what(row)}</h2>
      <Facts facts={facts(lookColumns, row, "what")} />
    </>
  ),
};

const drop = (row: ExportJob, then: () => void): Question => ({ title: t("exports.drop"), say: t("exports.drop_say"), yes: t("do.delete"), bad: true, done: t("exports.dropped"), send: () => exportsDrop(api(), row.id), then });

const exportColumns: Column<ExportJob>[] = [
  moment("made", "col.when", (row) => row.made, { narrow: "head" }),
  text("name", "exports.table", (row) => (`table.of.${row.name}` in zh ? t(`table.of.${row.name}` as Word) : t("exports.everything")), 9),
  text("format", "export.format", (row) => row.format.toUpperCase(), 5),
  tag("state", "col.state", (row) => coded("job", row.state), (row) => (row.state === "done" ? "good" : row.state === "failed" ? "bad" : "none"), 6),
  count("rows", "imports.rows", (row) => row.result?.rows),
  moment("until", "exports.until", (row) => row.until, { narrow: "off" }),
];

export const exports: TableDef<ExportJob> = {
  ...named("exports"),
  may: "export.write",
  id: (row) => row.id,
  page: page(exportsList),
  columns: exportColumns,
  head: () => may("export.write", true) && <button type="button" class="button" onClick={() => askExport(null)}>{t("export.all")}</button>,
  open: (row, again) => (
    <>
      <h2>{when(row.made)}</h2>
      <Facts facts={facts(exportColumns, row, "made")} />
      {row.problem !== null && <Note tone="bad">{row.problem.title} {row.problem.detail} {row.problem.fix}</Note>}
      <ExportFiles job={row} />
      {row.state === "done" && <AskButton of={drop(row, again)} kind="bad" />}
    </>
  ),
};
