/** How a round went so far, and when it would be done at this pace. Pure. */
export interface Point {
  at: string;
  owed: number;
  covered: number;
  found: number;
  arrived: number;
  recovered: number;
}

export interface Outlook {
  /** people an hour, over the last stretch */
  pace: number;
  /** ms; null: nobody is being covered, or it is done */
  finish: number | null;
  done: boolean;
  /** ms after the deadline; negative: in time; null: no deadline or no finish */
  late: number | null;
}

const STRETCH = 60 * 60 * 1000;

/** The pace is that of the last hour in which something was heard: that of the whole round would promise too much in the evening and too little in the morning. */
export function outlook(points: readonly Point[], deadline: number | null, now: number): Outlook {
  const last = points.at(-1);
  if (last === undefined) return { pace: 0, finish: null, done: false, late: null };
  if (last.covered >= last.owed && last.owed > 0) {
    const reached = new Date((points.find((point) => point.covered >= last.owed) ?? last).at).getTime();
    return { pace: 0, finish: null, done: true, late: deadline === null ? null : reached - deadline };
  }
  const end = Math.max(new Date(last.at).getTime(), Math.min(now, new Date(last.at).getTime() + STRETCH));
  const before = points.findLast((point) => new Date(point.at).getTime() <= end - STRETCH) ?? points[0]!;
  const span = end - new Date(before.at).getTime();
  const pace = span <= 0 ? 0 : ((last.covered - before.covered) * 3600000) / span;
  if (pace <= 0) return { pace: 0, finish: null, done: false, late: null };
  const finish = Math.max(now, end) + ((last.owed - last.covered) * 3600000) / pace;
  return { pace, finish, done: false, late: deadline === null ? null : finish - deadline };
}
