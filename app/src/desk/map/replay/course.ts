/** How a round went, building by building: who was covered when. Any moment of it can be asked for. Pure. */
import type { Count } from "../coverage";

/** GET /rounds/{n}/course: for each building the minute since the freeze at which everybody who is covered was, ascending. */
export interface CourseItem {
  code: string;
  owed: number;
  minutes: number[];
}
export interface Lane {
  code: string;
  owed: number;
  /** ms, ascending */
  at: Float64Array;
}
export interface Course {
  begin: number;
  end: number;
  lanes: Lane[];
  /** of all buildings together, ascending */
  all: Float64Array;
  owed: number;
}

const MINUTE = 60000;
/** freeze: when the round was frozen, which its minutes count from. */
export function courseOf(items: readonly CourseItem[], freeze: number): Course {
  const lanes: Lane[] = [];
  for (const item of items) {
    const at = Float64Array.from(item.minutes.filter(Number.isFinite), (minute) => freeze + minute * MINUTE).sort();
    lanes.push({ code: item.code, owed: item.owed, at });
  }
  const all = Float64Array.from(lanes.flatMap((lane) => [...lane.at])).sort();
  const first = all[0] ?? freeze;
  const last = all.at(-1) ?? freeze;
  // a little before the first door, so that one sees it begin; never an empty stretch
  const begin = Math.floor((first - MINUTE) / MINUTE) * MINUTE;
  return { begin, end: Math.max(Math.ceil(last / MINUTE) * MINUTE, begin + MINUTE), lanes, all, owed: lanes.reduce((sum, lane) => sum + lane.owed, 0) };
}

/** How many of an ascending list are not after a moment. */
export function upTo(at: Float64Array, moment: number): number {
  let low = 0, high = at.length;
  while (low < high) {
    const half = (low + high) >> 1;
    if (at[half]! <= moment) low = half + 1;
    else high = half;
  }
  return low;
}

export function countAt(lane: Lane, moment: number): Count {
  const covered = Math.min(upTo(lane.at, moment), lane.owed);
  return { owed: lane.owed, covered, missing: lane.owed - covered };
}

/** Everything at a moment, by code. */
export const stateAt = (course: Course, moment: number): Map<string, Count> => new Map(course.lanes.map((lane) => [lane.code, countAt(lane, moment)]));

export interface StepOfRound {
  at: number;
  what: "first" | "begun" | "done" | "left" | "half" | "nearly" | "all";
  code: string;
  /** left: so many were still missing when the last was done there */
  missing: number;
}

/** What one would tell of the day: the first door, every building begun, done or left, half of all, nine in ten, all. */
export function steps(course: Course): StepOfRound[] {
  const told: StepOfRound[] = [];
  const tell = (at: number, what: StepOfRound["what"], code = "", missing = 0) => told.push({ at, what, code, missing });
  for (const lane of course.lanes) {
    if (lane.owed === 0 || lane.at.length === 0) continue;
    tell(lane.at[0]!, "begun", lane.code);
    if (lane.at.length >= lane.owed) tell(lane.at[lane.owed - 1]!, "done", lane.code);
    else tell(lane.at.at(-1)!, "left", lane.code, lane.owed - lane.at.length);
  }
  if (course.all.length > 0) tell(course.all[0]!, "first");
  const mark = (part: number, what: StepOfRound["what"]) => {
    const need = Math.ceil(course.owed * part);
    if (need > 0 && course.all.length >= need) tell(course.all[need - 1]!, what);
  };
  mark(0.5, "half");
  mark(0.9, "nearly");
  mark(1, "all");
  const order = ["first", "begun", "done", "left", "half", "nearly", "all"];
  return told.sort((a, b) => a.at - b.at || order.indexOf(a.what) - order.indexOf(b.what) || a.code.localeCompare(b.code, "en", { numeric: true }));
}

/** How many were covered at evenly spaced moments, for a small line. */
export function trend(course: Course, points: number): number[] {
  const span = course.end - course.begin;
  return Array.from({ length: points + 1 }, (_, at) => Math.min(upTo(course.all, course.begin + (span * at) / points), course.owed));
}
