/** Areas with who answers for each; a building without a keeper is nobody's. */
import { areasKeep, areasList, type Area } from "../../api/api";
import { Tag } from "../../ui/parts";
import { coded, t } from "../../words";
import { areaById, areaName, forgetNames, loadAreas } from "../base/areas";
import { AskButton, said, type Question } from "../base/form";
import { page } from "../base/reading";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import { count, facts, named, text } from "../tables/columns";
import type { Column, TableDef } from "../tables/table";

const kinds = ["village", "grid", "cell", "building", "factory"] as const;
const kept = (row: Area): boolean => row.kind === "building" || row.kind === "factory";

const keeper = (row: Area, then: () => void): Question => ({
  title: t("areas.keep", { area: areaName(row) }),
  blanks: [
    { name: "name", label: t("col.name"), must: true, value: row.keeper_name ?? "" },
    { name: "phone", label: t("col.phone"), max: 32 },
  ],
  yes: t("do.save"),
  done: t("areas.kept"),
  send: (values) => areasKeep(api(), row.id, { name: values["name"]!, ...said(values, "phone") }, { version: row.version }),
  then: () => {
    forgetNames();
    void loadAreas(true);
    then();
  },
});

const columns: Column<Area>[] = [
  text<Area>("name", "col.area", areaName, 14, { cell: (row) => <a href={`#/map?area=${row.code}`}>{areaName(row)}</a>, narrow: "head" }),
  text("kind", "col.kind", (row) => coded("kind", row.kind), 6, { narrow: "side" }),
  text("parent", "areas.parent", (row) => areaById(row.parent), 10, { narrow: "off" }),
  text("keeper", "col.keeper", (row) => row.keeper_name ?? (kept(row) ? t("areas.nobody") : ""), 9, { cell: (row) => row.keeper_name ?? (kept(row) ? <Tag tone="bad">{t("areas.nobody")}</Tag> : "") }),
  text("address", "areas.address", (row) => row.address, 12, { rare: true }),
  text("use", "col.use", (row) => row.use, 8, { rare: true, narrow: "off" }),
  count("floors", "areas.floors", (row) => row.floors || null, { width: 5, rare: true, narrow: "off" }),
];

export const areasTable: TableDef<Area> = {
  ...named("areas"),
  may: "area.read",
  table: "areas",
  id: (row) => row.id,
  page: page(areasList),
  filters: [{ name: "kind", label: "col.kind", type: "choice", options: () => kinds.map((one) => ({ value: one, label: coded("kind", one) })) }],
  columns,
  open: (row, again) => (
    <>
      <h2>{areaName(row)}</h2>
      <Facts facts={facts(columns, row, "name")} />
      <div class="row wrap">
        {kept(row) && may("area.write") && <AskButton of={keeper(row, again)} kind="main">{t("areas.keep_go")}</AskButton>}
        <a class="button" href={`#/map?area=${row.code}`}>{t("door.on_map")}</a>
        {may("register.read") && <a class="button" href={`#/doors?area=${row.code}`}>{t("doors.title")}</a>}
        {may("round.read") && <a class="button" href={`#/missing?area=${row.code}`}>{t("missing.title")}</a>}
      </div>
    </>
  ),
};
