/** Areas with who answers for each; a building without a keeper is nobody's. */
import { areasKeep, areasList, type Area } from "../../api/api";
import { Tag } from "../../ui/parts";
import { coded, t } from "../../words";
import { areaById, areaName, forgetNames, loadAreas } from "../base/areas";
import { ask, said } from "../base/form";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import type { TableDef } from "../tables/table";

const kinds = ["village", "grid", "cell", "building", "factory"] as const;
const kept = (row: Area): boolean => row.kind === "building" || row.kind === "factory";

function askKeeper(row: Area, then: () => void): void {
  ask({
    title: t("areas.keep", { area: areaName(row) }),
    blanks: [
      { name: "name", label: t("col.name"), must: true, value: row.keeper_name ?? "" },
      { name: "phone", label: t("col.phone"), max: 32 },
    ],
    yes: t("do.save"),
    done: t("areas.kept"),
    send: (values) => areasKeep(api(), row.id, { name: values["name"]!, ...(said(values, "phone") === undefined ? {} : { phone: values["phone"]! }) }, { version: row.version }),
    then: () => {
      forgetNames();
      void loadAreas(true);
      then();
    },
  });
}

export const areasTable: TableDef<Area> = {
  name: "areas",
  may: "area.read",
  title: "areas.title",
  hint: "areas.hint",
  none: "board.no_areas",
  none_hint: "board.no_areas_hint",
  table: "areas",
  id: (row) => row.id,
  page: (asking, cursor, limit, signal) => areasList(api(), { ...asking, limit, ...(cursor === undefined ? {} : { cursor }) } as Parameters<typeof areasList>[1], { signal }),
  filters: [{ name: "kind", label: "col.kind", type: "choice", options: () => kinds.map((one) => ({ value: one, label: coded("kind", one) })) }],
  columns: [
    { key: "name", title: "col.area", text: areaName, cell: (row) => <a href={`#/map?area=${row.code}`}>{areaName(row)}</a>, width: 14, narrow: "head" },
    { key: "kind", title: "col.kind", text: (row) => coded("kind", row.kind), width: 6, narrow: "side" },
    { key: "parent", title: "areas.parent", text: (row) => areaById(row.parent), width: 10, narrow: "off" },
    { key: "keeper", title: "col.keeper", text: (row) => row.keeper_name ?? (kept(row) ? t("areas.nobody") : ""), cell: (row) => (row.keeper_name !== null ? row.keeper_name : kept(row) ? <Tag tone="bad">{t("areas.nobody")}</Tag> : ""), width: 9 },
    { key: "address", title: "areas.address", text: (row) => row.address, width: 12, rare: true },
    { key: "use", title: "col.use", text: (row) => row.use, width: 8, rare: true, narrow: "off" },
    { key: "floors", title: "areas.floors", text: (row) => (row.floors === 0 ? "" : String(row.floors)), by: (row) => row.floors, width: 5, num: true, rare: true, narrow: "off" },
  ],
  open: (row, again) => (
    <>
      <h2>{areaName(row)}</h2>
      <Facts facts={[["col.kind", coded("kind", row.kind)], ["areas.parent", areaById(row.parent)], ["areas.address", row.address], ["areas.floors", row.floors || ""], ["col.keeper", row.keeper_name ?? (kept(row) ? t("areas.nobody") : "")]]} />
      <div class="row wrap">
        {kept(row) && may("area.write") && (
          <button type="button" class="button main" onClick={() => askKeeper(row, again)}>
            {t("areas.keep_go")}
          </button>
        )}
        <a class="button" href={`#/map?area=${row.code}`}>{t("door.on_map")}</a>
        {may("register.read") && <a class="button" href={`#/doors?area=${row.code}`}>{t("doors.title")}</a>}
        {may("round.read") && <a class="button" href={`#/missing?area=${row.code}`}>{t("missing.title")}</a>}
      </div>
    </>
  ),
};
