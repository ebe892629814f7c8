/** What was done can be undone and done again. Values are never changed in place. Pure. */
export interface History<T> {
  readonly past: readonly T[];
  readonly now: T;
  readonly future: readonly T[];
}

/** So many steps are kept. */
const KEPT = 200;

export const begun = <T>(now: T): History<T> => ({ past: [], now, future: [] });
export const did = <T>(history: History<T>, now: T): History<T> => (now === history.now ? history : { past: [...history.past, history.now].slice(-KEPT), now, future: [] });
/** While something is dragged there is one step, however many moves. */
export const replaced = <T>(history: History<T>, now: T): History<T> => ({ ...history, now, future: [] });
export const undone = <T>(history: History<T>): History<T> => (history.past.length === 0 ? history : { past: history.past.slice(0, -1), now: history.past.at(-1)!, future: [history.now, ...history.future] });
export const redone = <T>(history: History<T>): History<T> => (history.future.length === 0 ? history : { past: [...history.past, history.now], now: history.future[0]!, future: history.future.slice(1) });
