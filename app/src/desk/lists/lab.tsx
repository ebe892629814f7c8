/** What the laboratory has of a round. */
import { boxesList, holdsList, holdsRelease, labQuestions, roundsList, tubesDecide, tubesList, tubesResult, type Box, type Hold, type Question as Doubt, type Tube } from "../../api/api";
import type { Tone } from "../../ui/parts";
import { query } from "../../ui/route";
import { coded, t } from "../../words";
import { roundTitle } from "../board/board_page";
import { AskButton, said, type Question } from "../base/form";
import { page } from "../base/reading";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import { count, facts, moment, mono, named, tag, text } from "../tables/columns";
import type { Column, Filter, TableDef } from "../tables/table";
import { PersonPanel } from "./person_panel";

const roundFilter: Filter = { name: "round", label: "col.round", type: "choice", options: async () => (await roundsList(api(), { limit: 200 })).items.map((round) => ({ value: String(round.number), label: roundTitle(round) })) };
/** Round 0 is the latest: the API's own word. */
const asked = (): string => query().get("round") ?? "0";

const stageTone: Record<Tube["stage"], Tone> = { open: "warn", sealed: "info", boxed: "info", handed: "info", negative: "good", positive: "bad", invalid: "warn" };

const result = (tube: Tube, then: () => void): Question => ({
  title: t("tubes.result", { tube: tube.code }),
  blanks: [
    { name: "result", label: t("col.result"), type: "choice", must: true, options: (["negative", "positive", "invalid"] as const).map((one) => ({ value: one, label: coded("stage", one) })) },
    { name: "method", label: t("tubes.method"), max: 64 },
  ],
  yes: t("do.save"),
  done: t("tubes.result_done"),
  send: (values) => tubesResult(api(), asked(), tube.code, { result: values["result"] as "negative", ...said(values, "method") }),
  then,
});

const tubeColumns: Column<Tube>[] = [
  mono("code", "col.tube", (row) => row.code, 9, { narrow: "head" }),
  tag("stage", "col.state", (row) => coded("stage", row.stage), (row) => stageTone[row.stage], 7),
  text("people", "col.people", (row) => `${row.people} / ${row.capacity}`, 6, { by: (row) => row.people, num: true }),
  count("doubtful", "tubes.doubtful", (row) => row.doubtful || null),
  text("use", "col.use", (row) => coded("use", row.use), 6, { narrow: "off" }),
  mono("box", "col.box", (row) => row.box, 7),
  moment("result_at", "col.result_at", (row) => row.result_at, { width: 11.5 }),
];

export const tubes: TableDef<Tube> = {
  ...named("tubes"),
  may: "lab.read",
  table: "tubes",
  id: (row) => row.code,
  page: ({ round, ...asking }, cursor, limit, signal) => page((api, query: Parameters<typeof tubesList>[2], extra) => tubesList(api, round ?? "0", query, extra))(asking, cursor, limit, signal),
  filters: [roundFilter],
  columns: tubeColumns,
  open: (row, again) => (
    <>
      <h2 class="mono">{row.code}</h2>
      <Facts facts={facts(tubeColumns, row, "code")} />
      {may("lab.write") && <AskButton of={result(row, again)}>{t("tubes.result_go")}</AskButton>}
    </>
  ),
  tone: (row) => (row.stage === "positive" ? "bad" : "none"),
};

const handed = (row: Box): "one_sided" | "not_handed" | "handed" => (row.one_sided ? "one_sided" : row.holder === null ? "not_handed" : "handed");

const boxColumns: Column<Box>[] = [
  mono("code", "col.box", (row) => row.code, 9, { narrow: "head" }),
  count("tubes", "tubes.title", (row) => row.tubes),
  moment("packed", "boxes.packed", (row) => row.packed, { width: 11.5 }),
  tag("sided", "boxes.hand", (row) => t(`boxes.${handed(row)}`), (row) => (row.one_sided ? "bad" : row.holder === null ? "warn" : "good"), 12),
];

export const boxes: TableDef<Box> = {
  ...named("boxes"),
  may: "lab.read",
  id: (row) => row.code,
  page: page(boxesList),
  columns: boxColumns,
  open: (row) => (
    <>
      <h2 class="mono">{row.code}</h2>
      <Facts facts={facts(boxColumns, row, "code")} />
      {row.one_sided && <p>{t("boxes.one_sided_say")}</p>}
    </>
  ),
  tone: (row) => (row.one_sided ? "bad" : "none"),
};

const sample = (doubt: Doubt, then: () => void): Question => ({
  title: t("questions.decide", { name: doubt.name ?? "", tube: doubt.tube ?? "" }),
  say: t("questions.decide_say"),
  blanks: [
    { name: "decision", label: t("missing.decision"), type: "choice", must: true, options: [{ value: "keep", label: t("questions.keep") }, { value: "drop", label: t("questions.drop") }] },
    { name: "reason", label: t("form.reason"), max: 500 },
  ],
  yes: t("do.save"),
  done: t("questions.decided"),
  send: (values) => tubesDecide(api(), asked(), doubt.tube!, doubt.sampled_as ?? doubt.person!, { decision: values["decision"] as "keep" | "drop", ...said(values, "reason") }),
  then,
});

const samples = ["over_capacity", "in_another_tube", "code_taken", "not_in_sealed_list", "dropped"];

const doubtColumns: Column<Doubt>[] = [
  tag("question", "questions.what", (row) => coded("question", row.question), () => "warn", 11),
  text("name", "col.name", (row) => row.name, 7, { narrow: "head" }),
  text("place", "col.place", (row) => row.place, 14),
  mono("tube", "col.tube", (row) => row.tube, 8),
  mono("box", "col.box", (row) => row.box, 6),
  text("hours", "questions.hours", (row) => (row.hours === null ? "" : t("say.hours", { n: row.hours })), 6, { by: (row) => row.hours ?? "", num: true }),
];

export const questions: TableDef<Doubt> = {
  ...named("questions"),
  may: "lab.read",
  id: (row) => [row.question, row.person, row.sampled_as, row.tube, row.box].join(" "),
  page: ({ round, ...asking }, cursor, limit, signal) => page((api, query: Parameters<typeof labQuestions>[2], extra) => labQuestions(api, round ?? "0", query, extra))(asking, cursor, limit, signal),
  filters: [roundFilter],
  columns: doubtColumns,
  open: (row, again) => {
    const says = <Facts facts={facts(doubtColumns, row, "name", "place")} />;
    if (row.person === null) return <><h2>{coded("question", row.question)}</h2>{says}</>;
    return (
      <PersonPanel id={row.person}>
        {says}
        {may("tube.write") && row.tube !== null && samples.includes(row.question) && <AskButton of={sample(row, again)} kind="main">{t("questions.decide_go")}</AskButton>}
      </PersonPanel>
    );
  },
};

const release = (hold: Hold, then: () => void): Question => ({
  title: t("holds.end", { name: hold.name }),
  blanks: [
    { name: "how", label: t("holds.how"), type: "choice", must: true, options: [{ value: "released", label: t("holds.released") }, { value: "transferred", label: t("holds.transferred") }] },
    { name: "reason", label: t("form.reason"), max: 500 },
  ],
  yes: t("do.save"),
  done: t("holds.done"),
  send: (values) => holdsRelease(api(), hold.id, { how: values["how"] as "released", ...said(values, "reason") }),
  then,
});

const holdColumns: Column<Hold>[] = [
  text("name", "col.name", (row) => row.name, 7, { narrow: "head" }),
  text("place", "col.place", (row) => row.place, 14),
  tag("state", "col.state", (row) => t(row.ended === null ? "holds.held" : `holds.${row.ended}`), (row) => (row.ended === null ? "bad" : "none"), 7),
  text("own", "holds.why", (row) => t(row.own_sample ? "holds.own" : "holds.shared"), 8),
  mono("tube", "col.tube", (row) => row.tube, 8, { narrow: "off" }),
  moment("since", "holds.since", (row) => row.since, { width: 11.5 }),
  text("retests", "holds.retests", (row) => t("holds.retests_n", { all: row.retests, negative: row.negative, positive: row.positive }), 12, { by: (row) => row.retests, narrow: "off" }),
];

export const holds: TableDef<Hold> = {
  ...named("holds"),
  may: "lab.read",
  id: (row) => `${row.id} ${row.tube}`,
  page: page(holdsList),
  columns: holdColumns,
  open: (row, again) => (
    <PersonPanel id={row.id}>
      <Facts facts={facts(holdColumns, row, "name", "place")} />
      {row.ended === null && may("hold.end") && <AskButton of={release(row, again)} kind="main">{t("holds.end_go")}</AskButton>}
    </PersonPanel>
  ),
  tone: (row) => (row.ended === null ? "bad" : "none"),
};
