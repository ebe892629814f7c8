/** Pairs that may be one person: looked at side by side, decided, and taken back when it was wrong. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { personsMerge, personsReveal, personsUnmerge, reviewsDecide, reviewsList, type Revealed, type Review, type ReviewPerson } from "../../api/api";
import { Tag, tell } from "../../ui/parts";
import { coded, t, type Word } from "../../words";
import { trouble } from "../base/asked";
import { ask, AskButton, reason } from "../base/form";
import { page } from "../base/reading";
import { numbers } from "../live/live";
import { api, may } from "../session/session";
import { named, tag, text } from "../tables/columns";
import type { TableDef } from "../tables/table";
import { shownValue, valueName } from "./person_panel";

type Decision = "same" | "different";
/** The last one, to be taken back: a decided pair is in no list any more. */
const last = signal<{ row: Review; decision: Decision } | null>(null);

async function decide(row: Review, decision: Decision): Promise<void> {
  await reviewsDecide(api(), row.a.id, row.b.id, { decision });
  last.value = { row, decision };
}

const different = (row: Review, again: () => void): void => {
  decide(row, "different").then(
    () => tell(t("reviews.different_done")),
    (error: unknown) => tell(trouble(error).what),
  ).finally(again);
};
const same = (row: Review, again: () => void): void =>
  ask({ title: t("reviews.same_title", { a: row.a.name, b: row.b.name }), say: t("reviews.same_say"), yes: t("reviews.same"), done: t("reviews.same_done"), send: () => decide(row, "same"), then: again });

/** What was decided last, with its way back. */
function Last({ again }: { again: () => void }) {
  const now = last.value;
  if (now === null) return null;
  const { row, decision } = now;
  const back = {
    title: t(`reviews.back_${decision}`, { a: row.a.name, b: row.b.name }),
    say: t(`reviews.back_${decision}_say`),
    blanks: [reason(false)],
    yes: t(`reviews.back_${decision}_go`),
    done: t(decision === "same" ? "reviews.different_done" : "reviews.same_done"),
    send: (values: Record<string, string>) => (decision === "same" ? personsUnmerge : personsMerge)(api(), row.a.id, { gone: row.b.id, ...(values["reason"] ? { reason: values["reason"] } : {}) }),
    then: () => {
      last.value = null;
      again();
    },
  };
  return (
    <div class="row wrap last-decided">
      <span class="soft small">{t(`reviews.last_${decision}`, { a: row.a.name, b: row.b.name })}</span>
      <AskButton of={back} />
    </div>
  );
}

const lines = (row: Review, full: [Revealed, Revealed] | null): [string, string, string][] => {
  const of = (word: Word, key: "name" | "document" | "place"): [string, string, string] => [t(word), row.a[key], row.b[key]];
  if (full === null) return [of("col.name", "name"), of("col.document", "document"), of("col.place", "place")];
  const keys = new Set(full.flatMap((one) => Object.keys(one.values)));
  const said = [...keys].map((key): [string, string, string] => [valueName(key), shownValue(key, full[0].values[key]), shownValue(key, full[1].values[key])]);
  return [...said.filter(([, a, b]) => a !== "" || b !== ""), of("col.place", "place")];
};

/** Side by side; what differs is marked by more than a colour. */
function Pair({ row, full }: { row: Review; full: [Revealed, Revealed] | null }) {
  return (
    <table class="pair">
      <thead>
        <tr><th scope="col"><span class="hidden">{t("reviews.field")}</span></th><th scope="col">{t("reviews.first")}</th><th scope="col">{t("reviews.second")}</th></tr>
      </thead>
      <tbody>
        {lines(row, full).map(([word, a, b]) => (
          <tr key={word} class={a === b ? "" : "differs"}>
            <th scope="row">{word} {a !== b && <Tag tone="warn">{t("reviews.differs")}</Tag>}</th>
            <td>{a}</td>
            <td>{b}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ReviewPanel({ row, again }: { row: Review; again: () => void }) {
  const [full, show] = useState<[Revealed, Revealed] | null>(null);
  const reveal = {
    title: t("reviews.reveal", { a: row.a.name, b: row.b.name }),
    say: t("person.reveal_say"),
    blanks: [reason()],
    yes: t("person.reveal_go"),
    send: (values: Record<string, string>) => Promise.all([row.a, row.b].map((one) => personsReveal(api(), one.id, { reason: values["reason"]! }))),
    then: (answer: unknown) => show(answer as [Revealed, Revealed]),
  };
  return (
    <>
      <h2>{coded("like", row.why)}</h2>
      <Pair row={row} full={full} />
      {full !== null && <p class="soft small">{t("person.revealed")}</p>}
      {may("register.reveal") && full === null && <AskButton of={reveal}>{t("reviews.reveal_button")}</AskButton>}
      <div class="row wrap">
        <button type="button" class="button main" onClick={() => same(row, again)}>{t("reviews.same")} <kbd>s</kbd></button>
        <button type="button" class="button" onClick={() => different(row, again)}>{t("reviews.different")} <kbd>d</kbd></button>
      </div>
      <p class="soft small">{t("reviews.undo_hint")}</p>
    </>
  );
}

const who = (one: ReviewPerson): string => `${one.name} ${one.document}`.trim();

export const reviews: TableDef<Review> = {
  ...named("reviews"),
  may: "review.decide",
  id: (row) => `${row.a.id} ${row.b.id}`,
  page: page(reviewsList),
  columns: [
    tag("why", "col.why", (row) => coded("like", row.why), () => "warn", 10),
    text("a", "reviews.first", (row) => who(row.a), 15, { narrow: "head" }),
    text("a_place", "col.place", (row) => row.a.place, 12),
    text("b", "reviews.second", (row) => who(row.b), 15, { narrow: "off" }),
    text("b_place", "reviews.second_place", (row) => row.b.place, 12, { narrow: "off" }),
  ],
  head: (again) => <Last again={again} />,
  open: (row, again) => <ReviewPanel key={row.a.id + row.b.id} row={row} again={again} />,
  keys: { s: same, d: different },
  keys_hint: "reviews.keys",
  stirred: () => numbers.value?.review,
};
