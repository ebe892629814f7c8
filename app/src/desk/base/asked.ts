/** What a screen asks the server for, and how that goes. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../../api/api";
import { t } from "../../words";
import { connected } from "../live/live";

export interface Trouble {
  code: string;
  what: string;
  todo: string;
}

/** What went wrong, for a person. */
export function trouble(error: unknown): Trouble {
  if (error instanceof ApiError) return { code: error.problem.code, what: error.problem.detail === undefined ? error.problem.title : `${error.problem.title}${t("error.colon")}${error.problem.detail}`, todo: error.problem.fix };
  if (error instanceof TypeError) return { code: "NETWORK", what: t("error.network"), todo: "" };
  return { code: "FAILED", what: t("error.failed", { why: error instanceof Error ? error.message : String(error) }), todo: "" };
}

export interface Asked<T> {
  value: T | null;
  wrong: Trouble | null;
  busy: boolean;
  again: () => void;
}

/** Asks when it is first shown and whenever `about` changes; keeps what it has until the new answer is there, so that nothing jumps. */
export function useAsked<T>(question: (signal: AbortSignal) => Promise<T>, about: readonly unknown[]): Asked<T> {
  const [state, set] = useState<{ value: T | null; wrong: Trouble | null; busy: boolean }>({ value: null, wrong: null, busy: true });
  const [turn, next] = useState(0);
  const latest = useRef(question);
  latest.current = question;
  useEffect(() => {
    const control = new AbortController();
    set((old) => ({ ...old, busy: true }));
    latest.current(control.signal).then(
      (value) => !control.signal.aborted && set({ value, wrong: null, busy: false }),
      (error: unknown) => !control.signal.aborted && set((old) => ({ value: old.value, wrong: trouble(error), busy: false })),
    );
    return () => control.abort();
  }, [...about, turn]);
  const again = useCallback(() => next((n) => n + 1), []);
  useBack(state.wrong !== null, again);
  return { ...state, again };
}

/** What failed while the server was away is asked again when it is back: nobody need press a button for that. */
export function useBack(failed: boolean, again: () => void): void {
  const up = connected.value;
  useEffect(() => {
    if (up && failed) again();
  }, [up]);
}
