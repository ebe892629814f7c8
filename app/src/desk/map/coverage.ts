/** How far a building is, as a class with a colour, a sign and words. Pure. */
export interface Count {
  owed: number;
  covered: number;
  missing: number;
}
/** none: nobody is owed here. Six steps: more cannot be told apart on a small roof. */
export const STEPS = ["none", "unbegun", "some", "half", "nearly", "done"] as const;
export type Step = (typeof STEPS)[number];

export function stepOf(count: Count | undefined): Step {
  if (count === undefined || count.owed <= 0) return "none";
  if (count.covered >= count.owed) return "done";
  if (count.covered <= 0) return "unbegun";
  const part = count.covered / count.owed;
  return part < 0.5 ? "some" : part < 0.9 ? "half" : "nearly";
}

/** Never 100 while somebody is missing, never 0 when somebody is done, never 90 beside "more than half". */
export function percent(count: Count): number {
  if (count.owed <= 0) return 0;
  if (count.covered >= count.owed) return 100;
  return Math.min(99, Math.max(count.covered > 0 ? 1 : 0, Math.floor((100 * count.covered) / count.owed)));
}

export function total(counts: Iterable<Count>): Count {
  const sum = { owed: 0, covered: 0, missing: 0 };
  for (const one of counts) {
    sum.owed += one.owed;
    sum.covered += one.covered;
    sum.missing += one.missing;
  }
  return sum;
}

/**
 * Orange to blue: the two hues that every kind of colour blindness keeps apart, with lightness turning in the middle, so that it can be told in grey
 * print with the sign beside it (a number: so many are missing; a tick: done; hatched: nobody is owed).
 */
export const COLOURS: Record<"light" | "dark", Record<Step, string>> = {
  light: { none: "#e3e6e4", unbegun: "#cf5a11", some: "#ee9a4d", half: "#f6d78b", nearly: "#9cc7e6", done: "#2b7bba" },
  dark: { none: "#37433e", unbegun: "#c65a17", some: "#d98a42", half: "#cdb267", nearly: "#6ea6cf", done: "#2a74b3" },
};
/** What is written on it. */
export const INK: Record<"light" | "dark", Record<Step, string>> = {
  light: { none: "#4c5852", unbegun: "#ffffff", some: "#2b1500", half: "#2b2000", nearly: "#06243a", done: "#ffffff" },
  dark: { none: "#c3cec9", unbegun: "#ffffff", some: "#1c0d00", half: "#1f1700", nearly: "#041a2b", done: "#ffffff" },
};
