/** Beside the film: a small line of how many were done, and what happened, in words. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { language, number, t } from "../../../words";
import { nameOf, type Shapes } from "../shapes";
import { countAt, trend, type Course, type StepOfRound } from "./course";
import type { Player } from "./player";

const POINTS = 120;
/** A large village has thousands of steps: those around now are shown. */
const AROUND = 40;
const pad = (n: number): string => String(n).padStart(2, "0");
/** Always with its day where the film goes over midnight would be noise; the day stands where it changes. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
const day = (ms: number): string => {
  const at = new Date(ms);
  return language.value === "zh" ? `${at.getMonth() + 1}月${at.getDate()}日` : at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
};

function Trend({ course, player }: { course: Course; player: Player }) {
  const values = useMemo(() => trend(course, POINTS), [course]);
  const top = Math.max(course.owed, 1);
  const line = (count: number) => values.slice(0, count).map((value, at) => `${at === 0 ? "M" : "L"}${((at * 100) / POINTS).toFixed(2)} ${(38 - (36 * value) / top).toFixed(2)}`).join("");
  const part = (player.moment.value - course.begin) / (course.end - course.begin);
  const upto = Math.max(1, Math.round(part * POINTS) + 1);
  return (
    <svg class="map-trend" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={t("replay.trend", { from: clock(course.begin), to: clock(course.end), n: number(values.at(-1) ?? 0) })}>
      <path class="all" d={line(POINTS + 1)} />
      <path class="so-far" d={`${line(upto)}L${(((upto - 1) * 100) / POINTS).toFixed(2)} 38L0 38Z`} />
      <path class="now" d={`M${(part * 100).toFixed(2)} 0L${(part * 100).toFixed(2)} 40`} />
    </svg>
  );
}

function say(step: StepOfRound, shapes: Shapes): string {
  const one = shapes.byCode.get(step.code);
  return t(`replay.step_${step.what}`, { what: one === undefined ? step.code : nameOf(one), n: number(step.missing) });
}

export function Told({ loaded, player }: { loaded: { shapes: Shapes; course: Course; steps: StepOfRound[] }; player: Player }) {
  const { shapes, course, steps } = loaded;
  const list = useRef<HTMLOListElement>(null);
  const owing = useMemo(() => course.lanes.filter((lane) => lane.owed > 0), [course]);
  const moment = player.moment.value;
  const now = steps.findLastIndex((step) => step.at <= moment);
  const done = owing.filter((lane) => countAt(lane, moment).missing === 0).length;
  const first = Math.max(0, now - AROUND);
  const several = day(course.begin) !== day(course.end);
  useEffect(() => {
    const box = list.current!;
    const one = box.children[Math.max(0, now) - first] as HTMLElement | undefined;
    if (one !== undefined) box.scrollTop = one.offsetTop - box.offsetTop - box.clientHeight / 2;
  }, [now]);
  return (
    <>
      <Trend course={course} player={player} />
      <p class="small">{t("replay.buildings", { n: number(done), all: number(owing.length) })}</p>
      <h2>{t("replay.steps")}</h2>
      <ol class="map-steps" ref={list}>
        {steps.slice(first, now + AROUND).map((step, n) => [step, first + n] as const).map(([step, at]) => (
          <li key={`${step.what}${step.code}`}>
            <button type="button" class={at > now ? "to-come" : ""} aria-current={at === now ? "step" : undefined} onClick={() => player.to(step.at)}>
              <time>{several && (at === 0 || day(steps[at - 1]!.at) !== day(step.at)) ? `${day(step.at)} ` : ""}{clock(step.at)}</time>
              <span>{say(step, shapes)}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
