/** Rounds: how each stands or stood. */
import { roundsList, type Round } from "../../api/api";
import { t } from "../../words";
import { roundTitle } from "../board/board_page";
import { askCloseRound, askOpenRound } from "../board/round_acts";
import { share } from "../board/standing";
import { page } from "../base/reading";
import { Facts } from "../base/shown";
import { round as liveRound } from "../live/live";
import { may } from "../session/session";
import { count, facts, moment, named, tag, text } from "../tables/columns";
import type { Column, TableDef } from "../tables/table";

const state = (row: Round): string => t(row.closed ? "round.is_closed" : "round.is_open");

const columns: Column<Round>[] = [
  text("title", "col.round", roundTitle, 12, { cell: (row) => <a href={`#/?round=${row.number}`}>{roundTitle(row)}</a>, by: (row) => row.number, narrow: "head" }),
  tag("state", "col.state", state, (row) => (row.closed ? "none" : "good"), 6),
  moment("freeze", "round.freeze_at", (row) => row.freeze, { width: 11.5, narrow: "off" }),
  moment("deadline", "round.deadline", (row) => row.deadline, { width: 11.5, narrow: "off" }),
  count("roster", "board.roster", (row) => row.roster, { narrow: "off" }),
  count("excused", "state.excused", (row) => row.excused, { narrow: "off" }),
  count("found", "board.found", (row) => row.found, { rare: true, narrow: "off" }),
  count("arrived", "board.arrived", (row) => row.arrived, { rare: true, narrow: "off" }),
  count("owed", "board.owed", (row) => row.owed),
  count("covered", "board.covered", (row) => row.covered),
  count("missing", "board.missing", (row) => row.missing, { cell: (row) => (row.missing === 0 ? "0" : <a href={`#/missing?round=${row.number}`}>{String(row.missing)}</a>) }),
  text("share", "board.progress", (row) => share(row.covered, row.owed), 6, { by: (row) => (row.owed === 0 ? 0 : row.covered / row.owed), num: true, narrow: "off" }),
];

export const rounds: TableDef<Round> = {
  ...named("rounds"),
  may: "round.read",
  table: "rounds",
  id: (row) => row.id,
  page: page(roundsList),
  columns,
  head: (again) => may("round.run", true) && <button type="button" class="button main" onClick={() => askOpenRound(again)}>{t("round.open")}</button>,
  open: (row, again) => (
    <>
      <h2>{roundTitle(row)}</h2>
      <Facts facts={facts(columns, row, "title")} />
      <div class="row wrap">
        <a class="button main" href={`#/?round=${row.number}`}>{t("names.board")}</a>
        <a class="button" href={`#/missing?round=${row.number}`}>{t("missing.title")}</a>
        {may("lab.read") && row.kind === "pcr" && <a class="button" href={`#/tubes?round=${row.number}`}>{t("tubes.title")}</a>}
        {!row.closed && may("round.run", true) && <button type="button" class="button" onClick={() => askCloseRound(row, again)}>{t("round.close")}</button>}
      </div>
    </>
  ),
  stirred: () => `${liveRound.value?.number} ${liveRound.value?.closed}`,
};
