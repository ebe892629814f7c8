/** The names behind a number of the board: owed, covered, found, arrived, recovered, excused. The missing have a page of their own. */
import { useMemo } from "preact/hooks";
import { roundsPeople, type RoundPerson } from "../../api/api";
import { Empty } from "../../ui/parts";
import { query } from "../../ui/route";
import { coded, t, type Word } from "../../words";
import { areaByCode } from "../base/areas";
import { page } from "../base/reading";
import { Head } from "../base/shown";
import { PersonPanel } from "../lists/person_panel";
import { liveAreas, round as liveRound } from "../live/live";
import { moment, named, place, tag, text } from "../tables/columns";
import type { TableDef } from "../tables/table";
import { TablePage } from "../tables/table_page";
import { roundTitle } from "./board_page";
import { useRounds } from "./standing";

const whats = ["owed", "covered", "found", "arrived", "recovered", "excused"] as const;
type What = (typeof whats)[number];
const isWhat = (word: string): word is What => (whats as readonly string[]).includes(word);

const table = (round: number, what: What): TableDef<RoundPerson> => ({
  ...named("names"),
  title: `board.${what}` as Word,
  may: "round.read",
  id: (row) => row.id,
  page: page((api, query: Parameters<typeof roundsPeople>[2], extra) => roundsPeople(api, String(round), { ...query, what }, extra)),
  filters: [{ name: "area", label: "col.area", type: "area" }],
  columns: [
    text("name", "col.name", (row) => row.name, 8, { narrow: "head" }),
    place("place", "col.place", (row) => row.place, (row) => row.door, 20),
    tag("state", "col.state", (row) => coded("state", row.state), (row) => (row.state === "done" ? "good" : "none"), 8),
    text("how", "col.how", (row) => coded("how", row.how), 6),
    text("excuse", "missing.excuse", (row) => (row.excuse === "none" ? "" : coded("excuse", row.excuse)), 6, { rare: what !== "excused" }),
    text("phone", "col.phone", (row) => row.phone, 10),
    moment("at", "col.when", (row) => row.at),
  ],
  open: (row) => <PersonPanel id={row.id} />,
  stirred: () => (liveRound.value?.number === round ? liveAreas.value.get("")?.covered : null),
});

export function NamesPage({ what }: { what: string }) {
  const rounds = useRounds();
  const has = query();
  const [asked, area] = [has.get("round"), has.get("area")];
  const round = asked === null || asked === "0" ? rounds.value?.[0] : rounds.value?.find((one) => String(one.number) === asked);
  const def = useMemo(() => (round === undefined || !isWhat(what) ? null : table(round.number, what)), [round?.number, what]);
  if (!isWhat(what)) return <Empty hint={t("nav.nowhere_hint")}>{t("nav.nowhere")}</Empty>;
  const scope = area === null ? "" : `&area=${area}`;
  return (
    <div class="table-frame">
      <Head title={t(`board.${what}` as Word, { n: "" })} hint={round === undefined ? undefined : `${roundTitle(round)}${area === null ? "" : ` · ${areaByCode(area)}`}`}>
        <a class="button" href={`#/?round=${round?.number ?? 0}${scope}`}>
          {t("names.board")}
        </a>
      </Head>
      {def !== null && <TablePage def={def} embedded key={`${round?.number} ${what}`} />}
    </div>
  );
}
