/** Rounds and what the laboratory has of them. */
import { boxesList, holdsList, holdsRelease, labQuestions, roundsList, tubesDecide, tubesList, tubesResult, type Box, type Hold, type Question, type Round, type Tube } from "../../api/api";
import { Tag, type Tone } from "../../ui/parts";
import { query } from "../../ui/route";
import { coded, number, t, when } from "../../words";
import { askCloseRound, askOpenRound } from "../board/round_acts";
import { roundTitle } from "../board/board_page";
import { share } from "../board/standing";
import { ask, said, type Option } from "../base/form";
import { Facts } from "../base/shown";
import { round as liveRound } from "../live/live";
import { api, may } from "../session/session";
import type { Filter, TableDef } from "../tables/table";
import { PersonPanel } from "./person_panel";

export const rounds: TableDef<Round> = {
  name: "rounds",
  may: "round.read",
  title: "rounds.title",
  none: "board.none",
  none_hint: "board.none_hint",
  table: "rounds",
  id: (row) => row.id,
  page: (_asking, cursor, limit, signal) => roundsList(api(), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  columns: [
    { key: "title", title: "col.round", text: (row) => roundTitle(row), cell: (row) => <a href={`#/?round=${row.number}`}>{roundTitle(row)}</a>, by: (row) => row.number, width: 12, narrow: "head" },
    { key: "state", title: "col.state", text: (row) => t(row.closed ? "round.is_closed" : "round.is_open"), cell: (row) => <Tag tone={row.closed ? "none" : "good"}>{t(row.closed ? "round.is_closed" : "round.is_open")}</Tag>, width: 6, narrow: "side" },
    { key: "freeze", title: "round.freeze_at", text: (row) => when(row.freeze), by: (row) => row.freeze, width: 10.5 },
    { key: "roster", title: "board.roster", text: (row) => number(row.roster), by: (row) => row.roster, width: 6, num: true, narrow: "off" },
    { key: "excused", title: "state.excused", text: (row) => number(row.excused), by: (row) => row.excused, width: 6, num: true, narrow: "off" },
    { key: "owed", title: "board.owed", text: (row) => number(row.owed), by: (row) => row.owed, width: 6, num: true },
    { key: "covered", title: "board.covered", text: (row) => number(row.covered), by: (row) => row.covered, width: 6, num: true },
    { key: "missing", title: "board.missing", text: (row) => number(row.missing), by: (row) => row.missing, cell: (row) => (row.missing === 0 ? "0" : <a href={`#/missing?round=${row.number}`}>{number(row.missing)}</a>), width: 6, num: true },
    { key: "share", title: "board.progress", text: (row) => share(row.covered, row.owed), by: (row) => (row.owed === 0 ? 0 : row.covered / row.owed), width: 6, num: true, narrow: "off" },
  ],
  head: (again) => may("round.run", true) && <button type="button" class="button main" onClick={() => askOpenRound(again)}>{t("round.open")}</button>,
  open: (row, again) => (
    <>
      <h2>{roundTitle(row)}</h2>
      <Facts facts={[["round.freeze_at", when(row.freeze)], ["board.roster", number(row.roster)], ["state.excused", number(row.excused)], ["board.found", number(row.found)], ["board.arrived", number(row.arrived)], ["board.owed", number(row.owed)], ["board.covered", `${number(row.covered)} (${share(row.covered, row.owed)})`], ["board.missing", number(row.missing)]]} />
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

async function roundOptions(): Promise<Option[]> {
  return (await roundsList(api(), { limit: 200 })).items.map((round) => ({ value: String(round.number), label: roundTitle(round) }));
}
const roundFilter: Filter = { name: "round", label: "col.round", type: "choice", options: roundOptions };

/** Round 0 of the address is the latest: the API's own word. */
const roundOf = (asking: Record<string, string>): string => asking["round"] ?? "0";
const asked = (): string => query().get("round") ?? "0";

const stageTone: Record<Tube["stage"], Tone> = { open: "warn", sealed: "info", boxed: "info", handed: "info", negative: "good", positive: "bad", invalid: "warn" };

function askResult(tube: Tube, then: () => void): void {
  const round = asked();
  ask({
    title: t("tubes.result", { tube: tube.code }),
    blanks: [
      { name: "result", label: t("col.result"), type: "choice", must: true, options: (["negative", "positive", "invalid"] as const).map((one) => ({ value: one, label: coded("stage", one) })) },
      { name: "method", label: t("tubes.method"), max: 64 },
    ],
    yes: t("do.save"),
    done: t("tubes.result_done"),
    send: (values) => tubesResult(api(), round, tube.code, { result: values["result"] as "negative", ...(said(values, "method") === undefined ? {} : { method: values["method"]! }) }),
    then,
  });
}

export const tubes: TableDef<Tube> = {
  name: "tubes",
  may: "lab.read",
  title: "tubes.title",
  none: "tubes.none",
  none_hint: "tubes.none_hint",
  table: "tubes",
  id: (row) => row.code,
  page: (asking, cursor, limit, signal) => tubesList(api(), roundOf(asking), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  filters: [roundFilter],
  columns: [
    { key: "code", title: "col.tube", text: (row) => row.code, cell: (row) => <span class="mono">{row.code}</span>, width: 9, narrow: "head" },
    { key: "stage", title: "col.state", text: (row) => coded("stage", row.stage), cell: (row) => <Tag tone={stageTone[row.stage]}>{coded("stage", row.stage)}</Tag>, width: 7, narrow: "side" },
    { key: "people", title: "col.people", text: (row) => `${row.people} / ${row.capacity}`, by: (row) => row.people, width: 6, num: true },
    { key: "doubtful", title: "tubes.doubtful", text: (row) => (row.doubtful === 0 ? "" : String(row.doubtful)), by: (row) => row.doubtful, width: 6, num: true },
    { key: "use", title: "col.use", text: (row) => coded("use", row.use), width: 6, narrow: "off" },
    { key: "box", title: "col.box", text: (row) => row.box ?? "", cell: (row) => <span class="mono">{row.box ?? ""}</span>, width: 7 },
    { key: "result_at", title: "col.result_at", text: (row) => when(row.result_at), by: (row) => row.result_at ?? "", width: 10.5 },
  ],
  open: (row, again) => (
    <>
      <h2 class="mono">{row.code}</h2>
      <Facts facts={[["col.state", <Tag tone={stageTone[row.stage]}>{coded("stage", row.stage)}</Tag>], ["col.people", `${row.people} / ${row.capacity}`], ["tubes.doubtful", row.doubtful || ""], ["col.use", coded("use", row.use)], ["col.box", row.box], ["col.result_at", when(row.result_at)]]} />
      {may("lab.write") && <button type="button" class="button" onClick={() => askResult(row, again)}>{t("tubes.result_go")}</button>}
    </>
  ),
  tone: (row) => (row.stage === "positive" ? "bad" : "none"),
};

export const boxes: TableDef<Box> = {
  name: "boxes",
  may: "lab.read",
  title: "boxes.title",
  none: "boxes.none",
  none_hint: "boxes.none_hint",
  id: (row) => row.code,
  page: (_asking, cursor, limit, signal) => boxesList(api(), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  columns: [
    { key: "code", title: "col.box", text: (row) => row.code, cell: (row) => <span class="mono">{row.code}</span>, width: 9, narrow: "head" },
    { key: "tubes", title: "tubes.title", text: (row) => number(row.tubes), by: (row) => row.tubes, width: 6, num: true },
    { key: "packed", title: "boxes.packed", text: (row) => when(row.packed), by: (row) => row.packed ?? "", width: 10.5 },
    { key: "sided", title: "boxes.hand", text: (row) => t(row.one_sided ? "boxes.one_sided" : row.holder === null ? "boxes.not_handed" : "boxes.handed"), cell: (row) => <Tag tone={row.one_sided ? "bad" : row.holder === null ? "warn" : "good"}>{t(row.one_sided ? "boxes.one_sided" : row.holder === null ? "boxes.not_handed" : "boxes.handed")}</Tag>, width: 12, narrow: "side" },
  ],
  open: (row) => (
    <>
      <h2 class="mono">{row.code}</h2>
      <Facts facts={[["tubes.title", number(row.tubes)], ["boxes.packed", when(row.packed)]]} />
      <p>{t(row.one_sided ? "boxes.one_sided_say" : row.holder === null ? "boxes.not_handed" : "boxes.handed")}</p>
    </>
  ),
  tone: (row) => (row.one_sided ? "bad" : "none"),
};

function askSample(question: Question, then: () => void): void {
  const round = asked();
  ask({
    title: t("questions.decide", { name: question.name ?? "", tube: question.tube ?? "" }),
    say: t("questions.decide_say"),
    blanks: [
      { name: "decision", label: t("missing.decision"), type: "choice", must: true, options: [{ value: "keep", label: t("questions.keep") }, { value: "drop", label: t("questions.drop") }] },
      { name: "reason", label: t("form.reason"), max: 500 },
    ],
    yes: t("do.save"),
    done: t("questions.decided"),
    send: (values) => tubesDecide(api(), round, question.tube!, question.sampled_as ?? question.person!, { decision: values["decision"] as "keep" | "drop", ...(said(values, "reason") === undefined ? {} : { reason: values["reason"]! }) }),
    then,
  });
}

const samples = ["over_capacity", "in_another_tube", "code_taken", "not_in_sealed_list", "dropped"];

export const questions: TableDef<Question> = {
  name: "questions",
  may: "lab.read",
  title: "questions.title",
  hint: "questions.hint",
  none: "questions.none",
  none_hint: "questions.none_hint",
  id: (row) => [row.question, row.person, row.sampled_as, row.tube, row.box].join(" "),
  page: (asking, cursor, limit, signal) => labQuestions(api(), roundOf(asking), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  filters: [roundFilter],
  columns: [
    { key: "question", title: "questions.what", text: (row) => coded("question", row.question), cell: (row) => <Tag tone="warn">{coded("question", row.question)}</Tag>, width: 11, narrow: "side" },
    { key: "name", title: "col.name", text: (row) => row.name ?? "", width: 7, narrow: "head" },
    { key: "place", title: "col.place", text: (row) => row.place ?? "", width: 14 },
    { key: "tube", title: "col.tube", text: (row) => row.tube ?? "", cell: (row) => <span class="mono">{row.tube ?? ""}</span>, width: 8 },
    { key: "box", title: "col.box", text: (row) => row.box ?? "", width: 6 },
    { key: "hours", title: "questions.hours", text: (row) => (row.hours === null ? "" : t("say.hours", { n: row.hours })), by: (row) => row.hours ?? "", width: 6, num: true },
  ],
  open: (row, again) => {
    const act = may("tube.write") && row.tube !== null && row.person !== null && samples.includes(row.question) && (
      <button type="button" class="button main" onClick={() => askSample(row, again)}>{t("questions.decide_go")}</button>
    );
    const facts = <Facts facts={[["questions.what", coded("question", row.question)], ["col.tube", row.tube], ["col.box", row.box], ["questions.hours", row.hours === null ? "" : t("say.hours", { n: row.hours })]]} />;
    return row.person === null ? <><h2>{coded("question", row.question)}</h2>{facts}</> : <PersonPanel id={row.person}>{facts}{act}</PersonPanel>;
  },
};

function askRelease(hold: Hold, then: () => void): void {
  ask({
    title: t("holds.end", { name: hold.name }),
    blanks: [
      { name: "how", label: t("holds.how"), type: "choice", must: true, options: [{ value: "released", label: t("holds.released") }, { value: "transferred", label: t("holds.transferred") }] },
      { name: "reason", label: t("form.reason"), max: 500 },
    ],
    yes: t("do.save"),
    done: t("holds.done"),
    send: (values) => holdsRelease(api(), hold.id, { how: values["how"] as "released", ...(said(values, "reason") === undefined ? {} : { reason: values["reason"]! }) }),
    then,
  });
}

const holdState = (row: Hold): string => (row.ended === null ? t("holds.held") : t(`holds.${row.ended}`));

export const holds: TableDef<Hold> = {
  name: "holds",
  may: "lab.read",
  title: "holds.title",
  hint: "holds.hint",
  none: "holds.none",
  none_hint: "holds.none_hint",
  id: (row) => `${row.id} ${row.tube}`,
  page: (_asking, cursor, limit, signal) => holdsList(api(), { limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  columns: [
    { key: "name", title: "col.name", text: (row) => row.name, width: 7, narrow: "head" },
    { key: "place", title: "col.place", text: (row) => row.place, width: 14 },
    { key: "state", title: "col.state", text: holdState, cell: (row) => <Tag tone={row.ended === null ? "bad" : "none"}>{holdState(row)}</Tag>, width: 7, narrow: "side" },
    { key: "own", title: "holds.why", text: (row) => t(row.own_sample ? "holds.own" : "holds.shared"), width: 8 },
    { key: "tube", title: "col.tube", text: (row) => row.tube, cell: (row) => <span class="mono">{row.tube}</span>, width: 8, narrow: "off" },
    { key: "since", title: "holds.since", text: (row) => when(row.since), by: (row) => row.since, width: 10.5 },
    { key: "retests", title: "holds.retests", text: (row) => t("holds.retests_n", { all: row.retests, negative: row.negative, positive: row.positive }), by: (row) => row.retests, width: 12, narrow: "off" },
  ],
  open: (row, again) => (
    <PersonPanel id={row.id}>
      <Facts facts={[["col.state", holdState(row)], ["holds.why", t(row.own_sample ? "holds.own" : "holds.shared")], ["col.tube", row.tube], ["holds.since", when(row.since)], ["holds.retests", t("holds.retests_n", { all: row.retests, negative: row.negative, positive: row.positive })]]} />
      {row.ended === null && may("hold.end") && <button type="button" class="button main" onClick={() => askRelease(row, again)}>{t("holds.end_go")}</button>}
    </PersonPanel>
  ),
  tone: (row) => (row.ended === null ? "bad" : "none"),
};
