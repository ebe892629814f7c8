/** The names behind a number: owed, covered, found, arrived, recovered, excused. */
import { useMemo } from "preact/hooks";
import { Empty, Tag } from "../../ui/parts";
import { query } from "../../ui/route";
import { coded, t, when, type Word } from "../../words";
import { areaByCode, areas, loadAreas } from "../base/areas";
import { DoorLink } from "../base/door_link";
import { Head } from "../base/shown";
import { PersonPanel } from "../lists/person_panel";
import { may } from "../session/session";
import type { TableDef } from "../tables/table";
import { TablePage } from "../tables/table_page";
import { roundTitle } from "./board_page";
import { names, whats, type Named, type What } from "./names";
import { useRounds } from "./standing";

/** Whether an area's code lies in another: by the tree, since a village's code is none of its buildings'. */
function isUnder(code: string, top: string): boolean {
  const found = areas.value.byCode;
  for (let area = found.get(code); area !== undefined; area = area.parent === null ? undefined : areas.value.byId.get(area.parent)) if (area.code === top) return true;
  return false;
}

const table = (round: number, what: What, area: string | null): TableDef<Named> => ({
  name: "names",
  may: "round.read",
  title: `board.${what}` as Word,
  none: "names.none",
  none_hint: "names.none_hint",
  id: (row) => row.person,
  page: async (_asking, _cursor, _limit, signal) => {
    await loadAreas();
    return { items: await names(round, what, area, isUnder, signal), next: null };
  },
  columns: [
    { key: "name", title: "col.name", text: (row) => row.who?.name ?? t("names.away"), width: 8, narrow: "head" },
    { key: "place", title: "col.place", text: (row) => row.who?.place ?? (row.area === null ? "" : areaByCode(row.area)), cell: (row) => <DoorLink door={row.door}>{row.who?.place ?? areaByCode(row.area ?? "")}</DoorLink>, width: 20 },
    { key: "state", title: "col.state", text: (row) => coded("state", row.state ?? "none"), cell: (row) => <Tag tone={row.state === "done" ? "good" : "none"}>{coded("state", row.state ?? "none")}</Tag>, width: 8, narrow: "side" },
    { key: "how", title: "col.how", text: (row) => coded("how", row.how ?? "none"), width: 6 },
    { key: "excuse", title: "missing.excuse", text: (row) => (row.excuse === null ? "" : coded("excuse", row.excuse)), width: 6, rare: what !== "excused" },
    { key: "phone", title: "col.phone", text: (row) => row.who?.phone ?? "", width: 10 },
    { key: "at", title: "col.when", text: (row) => when(row.at), by: (row) => row.at ?? "", width: 10.5 },
  ],
  open: (row) => <PersonPanel id={row.person} />,
});

export function NamesPage({ what }: { what: string }) {
  const rounds = useRounds();
  const has = query();
  const asked = has.get("round");
  const area = has.get("area");
  const round = asked === null ? rounds.value?.[0] : rounds.value?.find((one) => String(one.number) === asked);
  const known = (whats as readonly string[]).includes(what) ? (what as What) : null;
  const def = useMemo(() => (round === undefined || known === null ? null : table(round.number, known, area)), [round?.number, known, area]);
  if (known === null) return <Empty hint={t("nav.nowhere_hint")}>{t("nav.nowhere")}</Empty>;
  const title = t(`board.${known}` as Word, { n: "" });
  return (
    <div class="table-frame">
      <Head title={title} hint={round === undefined ? undefined : `${roundTitle(round)}${area === null ? "" : ` · ${areaByCode(area)}`}`}>
        <a class="button" href={`#/?round=${round?.number ?? 0}${area === null ? "" : `&area=${area}`}`}>
          {t("names.board")}
        </a>
      </Head>
      {may("export.write") && may("register.read") ? def !== null && <TablePage def={def} embedded key={`${what}${area}`} /> : <Empty hint={t("names.not_allowed_hint")}>{t("names.not_allowed")}</Empty>}
    </div>
  );
}
