/** A new site: what comes before the first round, in order, and how far that is. */
import { Empty } from "../../ui/parts";
import { number, t, type Word } from "../../words";
import { areas } from "../base/areas";
import { Head } from "../base/shown";
import { numbers } from "../live/live";
import { may } from "../session/session";
import { askOpenRound } from "./round_acts";

interface Step {
  word: Word;
  say: Word;
  to: string;
  /** how many there are of what it makes */
  n: number;
}

export function FirstSteps({ then }: { then: () => void }) {
  const runs = may("round.run", true);
  if (!runs)
    return (
      <>
        <Head title={t("board.title")} />
        <Empty hint={t("board.none_wait")}>{t("board.none")}</Empty>
      </>
    );
  const steps: Step[] = [
    { word: "first.map", say: "first.map_say", to: "/imports", n: areas.value.all.length },
    { word: "first.lists", say: "first.lists_say", to: "/imports", n: numbers.value?.persons ?? 0 },
    { word: "first.phones", say: "first.phones_say", to: "/devices", n: 0 },
  ];
  const next = steps.findIndex((step) => step.n === 0);
  return (
    <>
      <Head title={t("board.title")} hint={t("board.none")} />
      <section class="card stack first-steps" aria-label={t("first.title")}>
        <h2>{t("first.title")}</h2>
        <ol>
          {steps.map((step, at) => (
            <li key={step.word} class={step.n > 0 ? "done" : ""}>
              <div class="grow">
                <strong>{t(step.word)}</strong> {step.n > 0 && <span class="tag good">{t("first.there", { n: number(step.n) })}</span>}
                <div class="soft small">{t(step.say)}</div>
              </div>
              <a class={`button ${at === next ? "main" : ""}`} href={`#${step.to}`}>{t("first.go")}</a>
            </li>
          ))}
          <li>
            <div class="grow">
              <strong>{t("first.round")}</strong>
              <div class="soft small">{t("board.none_hint")}</div>
            </div>
            <button type="button" class={`button ${steps[1]!.n > 0 ? "main" : ""}`} onClick={() => askOpenRound(then)}>{t("round.open")}</button>
          </li>
        </ol>
      </section>
    </>
  );
}
