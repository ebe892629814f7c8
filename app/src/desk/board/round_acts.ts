/** Opening and closing rounds, deciding on the missing. */
import { packsList, roundsClose, roundsDecide, roundsOpen, roundsVisit, type DecideNew, type Missing, type Round, type RoundNew } from "../../api/api";
import { coded, t } from "../../words";
import { ask, instants, said } from "../base/form";
import { api } from "../session/session";

export function askOpenRound(then: () => void): void {
  ask({
    title: t("round.open"),
    say: t("round.open_say"),
    blanks: [
      { name: "kind", label: t("round.kind"), type: "choice", must: true, options: async () => (await packsList(api(), { limit: 100 })).items.map((pack) => ({ value: pack.kind, label: pack.hours === null ? coded("round", pack.kind) : t("round.kind_hours", { kind: coded("round", pack.kind), n: pack.hours }) })) },
      { name: "freeze", label: t("round.freeze"), type: "time", hint: t("round.freeze_hint") },
    ],
    yes: t("round.open"),
    done: t("round.opened"),
    send: (values) => roundsOpen(api(), { kind: values["kind"] as RoundNew["kind"], ...instants(values, "freeze") }),
    then,
  });
}

export function askCloseRound(round: Round, then: () => void): void {
  ask({
    title: t("round.close"),
    say: t(round.missing === 0 ? "round.close_clean" : "round.close_missing", { n: round.missing }),
    blanks: round.missing === 0 ? [] : [{ name: "carry", label: t("round.carry"), type: "long", hint: t("round.carry_hint"), max: 500 }],
    yes: t("round.close"),
    bad: round.missing > 0,
    done: t("round.closed_now"),
    send: (values) => roundsClose(api(), String(round.number), said(values, "carry")),
    then,
  });
}

export function askDecide(round: number, person: Missing, then: () => void): void {
  ask({
    title: t("missing.decide", { name: person.name }),
    blanks: [
      { name: "decision", label: t("missing.decision"), type: "choice", must: true, value: "excused", options: [{ value: "excused", label: t("missing.excused") }, { value: "carried", label: t("missing.carried") }] },
      { name: "excuse", label: t("missing.excuse"), type: "choice", must: true, when: (values) => values["decision"] === "excused", options: (["left", "died", "exempt"] as const).map((one) => ({ value: one, label: coded("excuse", one) })) },
      { name: "evidence", label: t("missing.evidence"), type: "long", must: true, max: 500, hint: t("missing.evidence_hint") },
    ],
    yes: t("missing.decide_go"),
    done: t("missing.decided"),
    send: (values) => {
      const excused = values["decision"] === "excused";
      const body: DecideNew = { decision: excused ? "excused" : "carried", evidence: values["evidence"]!, ...(excused ? { excuse: values["excuse"] as NonNullable<DecideNew["excuse"]> } : {}) };
      return roundsDecide(api(), String(round), person.id, body);
    },
    then,
  });
}

/** What was told by telephone, or on paper. */
export function askVisit(round: number, person: Missing, then: () => void): void {
  const states = ["done", "away", "nobody_home", "refused", "moved"] as const;
  ask({
    title: t("missing.visit", { name: person.name }),
    say: t("missing.visit_say"),
    blanks: [{ name: "state", label: t("missing.state"), type: "choice", must: true, options: states.map((one) => ({ value: one, label: coded("state", one) })) }],
    yes: t("do.save"),
    done: t("missing.visited"),
    send: (values) => {
      const state = values["state"] as (typeof states)[number];
      const outcome = state === "done" || state === "away" ? "done" : state;
      return roundsVisit(api(), String(round), { door: person.door!, outcome, people: [{ person: person.id, state }] });
    },
    then,
  });
}
