/** Covered against time, up to where this pace leads, with the deadline. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { roundsCourse, type Round } from "../../api/api";
import { Empty } from "../../ui/parts";
import { language, number, t, when } from "../../words";
import { useAsked } from "../base/asked";
import { Loading, Wrong } from "../base/shown";
import { api } from "../session/session";
import { outlook, upToNow, type Point } from "./course";
import { useBeat } from "./standing";

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** How long, as people say it. */
function span(ms: number): string {
  const minutes = Math.abs(Math.round(ms / 60000));
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  if (h === 0) return t("say.minutes", { n: m });
  if (h >= 48) return t("say.span_days", { d: Math.floor(h / 24), h: h % 24 });
  return m === 0 ? t("say.span_hours_even", { h }) : t("say.span_hours", { h, m });
}

function said(round: Round, points: readonly Point[], now: number): string {
  const last = points.at(-1)!;
  const deadline = round.deadline;
  const look = outlook(points, deadline === null ? null : new Date(deadline).getTime(), now);
  const words = [t("course.so_far", { covered: number(last.covered), owed: number(last.owed) })];
  if (look.done) words.push(t("course.done"));
  else if (!round.closed) words.push(look.early ? t("course.early") : look.finish === null ? t("course.still") : t("course.finish", { pace: number(Math.round(look.pace)), when: when(look.finish) }));
  if (deadline !== null) words.push(t("course.deadline_is", { when: when(deadline) }));
  if (look.late !== null && !round.closed) words.push(t(look.late > 0 ? "course.late" : "course.in_time", { time: span(look.late) }));
  return words.join(language.value === "zh" ? "" : " ");
}

/** The deadline is drawn as a line from top to bottom, since colour and place alone would not name it. */
const deadlineLine = (deadline: number): uPlot.Plugin => ({
  hooks: {
    draw: (plot) => {
      const x = plot.valToPos(deadline / 1000, "x", true);
      const { ctx, bbox } = plot;
      if (x < bbox.left || x > bbox.left + bbox.width) return;
      ctx.save();
      ctx.strokeStyle = colour("--bad");
      ctx.fillStyle = colour("--bad");
      ctx.lineWidth = 2 * devicePixelRatio;
      ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
      ctx.textAlign = x > bbox.left + bbox.width / 2 ? "right" : "left";
      ctx.fillText(` ${t("course.deadline")} `, x, bbox.top + bbox.height * 0.6);
      ctx.restore();
    },
  },
});

function drawn(box: HTMLElement, points: readonly Point[], deadline: string | null, now: number): uPlot {
  const end = deadline === null ? null : new Date(deadline).getTime();
  const look = outlook(points, end, now);
  const last = points.at(-1)!;
  const times = points.map((point) => new Date(point.at).getTime() / 1000);
  const owed: (number | null)[] = points.map((point) => point.owed);
  const covered: (number | null)[] = points.map((point) => point.covered);
  const ahead: (number | null)[] = points.map((_, at) => (at === points.length - 1 ? last.covered : null));
  const more = [...(look.finish === null ? [] : [look.finish / 1000]), ...(end !== null && end / 1000 > times.at(-1)! ? [end / 1000] : [])].sort((a, b) => a - b);
  for (const at of more) {
    times.push(at);
    owed.push(last.owed);
    covered.push(null);
    const share = look.finish === null ? null : Math.min(1, (at * 1000 - new Date(last.at).getTime()) / (look.finish - new Date(last.at).getTime()));
    ahead.push(share === null ? null : last.covered + share * (last.owed - last.covered));
  }
  const axis: uPlot.Axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
  const short = (seconds: number) => when(seconds * 1000);
  return new uPlot(
    {
      width: box.clientWidth,
      height: 240,
      legend: { show: false },
      cursor: { show: false },
      scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.05)] } },
      axes: [{ ...axis, size: 34, values: (_plot, splits) => splits.map(short), space: 110 }, { ...axis, size: 56, values: (_plot, splits) => splits.map((n) => number(n)) }],
      series: [
        {},
        { label: t("board.owed"), stroke: colour("--soft"), width: 2, dash: [8, 6], points: { show: false } },
        { label: t("board.covered"), stroke: colour("--good"), fill: `${colour("--good-soft")}`, width: 3, points: { show: points.length < 3 } },
        { label: t("course.ahead"), stroke: colour("--info"), width: 2, dash: [2, 5], points: { show: false } },
      ],
      plugins: end === null ? [] : [deadlineLine(end)],
    },
    [times, owed, covered, ahead] as uPlot.AlignedData,
    box,
  );
}

function Plot({ points, deadline, label }: { points: readonly Point[]; deadline: string | null; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, set] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(() => set(box.current?.clientWidth ?? 0));
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (width === 0) return;
    const plot = drawn(box.current!, points, deadline, Date.now());
    return () => plot.destroy();
  }, [points, deadline, width, language.value]);
  return <div ref={box} class="course-plot" role="img" aria-label={label} />;
}

/** `now`: how it stands, of the round or of the area. */
export function CourseCard({ round, area, now }: { round: Round; area: string | null; now: { owed: number; covered: number } }) {
  const beat = useBeat(10000);
  const course = useAsked((signal) => roundsCourse(api(), String(round.number), area === null ? {} : { area }, { signal }), [round.id, area, round.closed ? 0 : beat]);
  const items = (course.value?.items ?? []) as Point[];
  const points = useMemo(() => (round.closed ? items : upToNow(items, now, Date.now())), [course.value, round.closed, now.owed, now.covered]);
  const label = points.length === 0 ? "" : said(round, points, Date.now());
  return (
    <section class="card stack course" aria-labelledby="course-title">
      <h2 id="course-title">{t("course.title")}</h2>
      {course.value === null ? (
        course.wrong === null ? <Loading /> : <Wrong wrong={course.wrong} again={course.again} />
      ) : points.length < 2 ? (
        <Empty hint={t("course.none_hint")}>{t("course.none")}</Empty>
      ) : (
        <>
          <p>{label}</p>
          <Plot points={points} deadline={round.deadline} label={label} />
          <ul class="legend small soft" aria-hidden="true">
            <li class="l-covered">{t("board.covered")}</li>
            <li class="l-owed">{t("board.owed")}</li>
            <li class="l-ahead">{t("course.ahead")}</li>
          </ul>
        </>
      )}
    </section>
  );
}
