/** How a round went, as a film: the buildings take colour as the day goes by. */
import { effect } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { every, roundsCourse, roundsList, type Round } from "../../api/api";
import { Empty } from "../../ui/parts";
import { go, query } from "../../ui/route";
import { number, t } from "../../words";
import { useAsked } from "../base/asked";
import { Loading, Wrong } from "../base/shown";
import { api } from "../session/session";
import { percent, total } from "./coverage";
import "./map.css";
import { loadShapes } from "./model";
import { Legend } from "./parts/legend";
import { Stage, Zoom } from "./parts/stage";
import { courseOf, steps, type Course, type CourseItem, type StepOfRound } from "./replay/course";
import { MINUTE, Player, SPEEDS } from "./replay/player";
import { clock, Told } from "./replay/told";
import type { Shapes } from "./shapes";
import type { MapView } from "./view/map_view";

interface Loaded {
  shapes: Shapes;
  course: Course;
  steps: StepOfRound[];
}

async function load(round: Round): Promise<Loaded> {
  const [shapes, answer] = await Promise.all([loadShapes(), roundsCourse(api(), String(round.number), { buildings: true })]);
  // areas above buildings would count everybody again
  const codes = new Set(shapes.buildings.map((one) => one.code));
  const course = courseOf(answer.items.flatMap(({ code = "", owed, minutes = [] }): CourseItem[] => (codes.has(code) ? [{ code, owed, minutes }] : [])), Date.parse(answer.freeze));
  return { shapes, course, steps: steps(course) };
}

function Controls({ player }: { player: Player }) {
  const { course } = player;
  const moment = player.moment.value;
  const playing = player.playing.value;
  const key = (event: KeyboardEvent) => {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (way !== undefined) player.by(way * (event.shiftKey ? 10 : 1));
    else if (event.key === " ") player.turn();
    else return;
    event.preventDefault();
  };
  return (
    <div class="map-player">
      <button type="button" class="button main map-play" onClick={() => player.turn()}>{playing ? `❚❚ ${t("replay.pause")}` : `▶ ${t(moment >= course.end ? "replay.again" : "replay.play")}`}</button>
      <button type="button" class="button small" aria-label={t("replay.back")} title={t("replay.back")} onClick={() => player.by(-10)}>−10</button>
      <input type="range" aria-label={t("replay.moment")} aria-valuetext={clock(moment)} min={course.begin} max={course.end} step={MINUTE / 2} value={moment} onInput={(event) => player.to(Number(event.currentTarget.value))} onKeyDown={key} />
      <button type="button" class="button small" aria-label={t("replay.on")} title={t("replay.on")} onClick={() => player.by(10)}>+10</button>
      <select aria-label={t("replay.speed")} value={player.speed.value} onChange={(event) => (player.speed.value = Number(event.currentTarget.value))}>
        {SPEEDS.map((speed) => <option key={speed} value={speed}>{t("replay.speed_of", { n: speed })}</option>)}
      </select>
    </div>
  );
}

/** Space plays from anywhere that does not need it itself. */
function useSpace(player: Player): void {
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key !== " " || (event.target as Element).matches("button, input, select, textarea, a, [role=button]")) return;
      player.turn();
      event.preventDefault();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [player]);
}

function Film({ loaded }: { loaded: Loaded }) {
  const { shapes, course } = loaded;
  const [view, setView] = useState<MapView | null>(null);
  const player = useMemo(() => new Player(course), [course]);
  const counts = player.counts.value;
  useEffect(() => (view === null ? undefined : effect(() => view.setCounts(player.counts.value))), [player, view]);
  useEffect(() => () => player.end(), [player]);
  useSpace(player);
  const sum = total(counts.values());
  return (
    <>
      <Controls player={player} />
      <div class="map-replay">
        <Stage shapes={shapes} counts={counts} onView={setView}>
          {view !== null && <Zoom view={view} shapes={shapes} />}
          <Legend />
        </Stage>
        <aside class="map-panel map-told" aria-label={t("replay.steps")}>
          <div class="map-now">
            <span class="map-clock">{clock(player.moment.value)}</span>
            <p><b>{percent(sum)}%</b> <span class="soft">{t("print.numbers", { owed: number(sum.owed), covered: number(sum.covered), missing: number(sum.missing) })}</span></p>
          </div>
          <Told loaded={loaded} player={player} />
        </aside>
      </div>
      <p class="soft small wide-only map-keys-hint">{t("replay.keys")}</p>
    </>
  );
}

async function allRounds(): Promise<Round[]> {
  const all: Round[] = [];
  for await (const one of every((cursor) => roundsList(api(), { limit: 100, ...(cursor === undefined ? {} : { cursor }) }))) all.push(one);
  return all;
}

function Rounds({ rounds, chosen }: { rounds: Round[]; chosen: number | undefined }) {
  return (
    <select class="map-area wide" aria-label={t("replay.round")} value={chosen ?? ""} onChange={(event) => go(`/replay?round=${event.currentTarget.value}`, true)}>
      {rounds.map((one) => <option key={one.number} value={one.number}>{t("round.title", { n: one.number, kind: t(`round.${one.kind}`) })}</option>)}
    </select>
  );
}

function OfRound({ round }: { round: Round }) {
  const { value, wrong, again } = useAsked(() => load(round), [round.number]);
  if (wrong !== null) return <Wrong wrong={wrong} again={again} />;
  if (value === null) return <Loading />;
  return value.course.all.length === 0 ? <Empty hint={t("replay.none_hint")}>{t("replay.none")}</Empty> : <Film loaded={value} />;
}

export function ReplayPage() {
  const asked = query().get("round");
  const { value: rounds, wrong, again } = useAsked(allRounds, []);
  // the latest in which somebody was done: one that has just begun shows nothing
  const round = asked !== null && asked !== "0" ? rounds?.find((one) => String(one.number) === asked) : (rounds?.find((one) => one.covered > 0) ?? rounds?.[0]);
  return (
    <div class="map-page">
      <header class="map-bar">
        <h1 class="map-title" tabIndex={-1}>{t("replay.title")}</h1>
        {rounds !== null && rounds.length > 0 && <Rounds rounds={rounds} chosen={round?.number} />}
      </header>
      <Wrong wrong={wrong} again={again} />
      {rounds === null && wrong === null && <Loading />}
      {rounds !== null && round === undefined && <Empty hint={t("replay.none_hint")}>{t("replay.no_rounds")}</Empty>}
      {round !== undefined && <OfRound key={round.number} round={round} />}
    </div>
  );
}
