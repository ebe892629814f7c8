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
  /** ms; null: nobody is being covered, it is done, or it has just begun */
  finish: number | null;
  early: boolean;
  done: boolean;
  /** ms after the deadline; negative: in time; null: no deadline or no finish */
  late: number | null;
}

const STRETCH = 60 * 60 * 1000;
/** Of a few minutes nobody can tell anything: the first push of a phone would promise an end tonight. */
const LEAST = 10 * 60 * 1000;

/** The pace is that of the last hour in which something was heard: that of the whole round would promise too much in the evening and too little in the morning. */
export function outlook(points: readonly Point[], deadline: number | null, now: number): Outlook {
  const last = points.at(-1);
  const none = { pace: 0, finish: null, early: false, done: false, late: null };
  if (last === undefined) return none;
  if (last.covered >= last.owed && last.owed > 0) {
    const reached = new Date((points.find((point) => point.covered >= last.owed) ?? last).at).getTime();
    return { ...none, done: true, late: deadline === null ? null : reached - deadline };
  }
  const end = Math.max(new Date(last.at).getTime(), Math.min(now, new Date(last.at).getTime() + STRETCH));
  if (end - new Date(points[0]!.at).getTime() < LEAST) return { ...none, early: true };
  const before = points.findLast((point) => new Date(point.at).getTime() <= end - STRETCH) ?? points[0]!;
  const pace = ((last.covered - before.covered) * 3600000) / (end - new Date(before.at).getTime());
  if (pace <= 0) return none;
  const finish = Math.max(now, end) + ((last.owed - last.covered) * 3600000) / pace;
  return { ...none, pace, finish, late: deadline === null ? null : finish - deadline };
}

/** The course with how it stands now, which its last step need not know yet. */
export function upToNow(points: readonly Point[], now: { owed: number; covered: number }, at: number): readonly Point[] {
  const last = points.at(-1);
  if (last === undefined || (last.owed === now.owed && last.covered === now.covered)) return points;
  return [...points, { ...last, ...now, at: new Date(Math.max(at, new Date(last.at).getTime())).toISOString() }];
}
