/** How a round went, as a film: the buildings take colour as the day goes by. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { every, roundsList, type Round } from "../../api/api";
import { Empty, Note } from "../../ui/parts";
import { go, query } from "../../ui/route";
import { number, t } from "../../words";
import { percent, total } from "./coverage";
import "./map.css";
import { loadShapes, trouble, type Trouble } from "./model";
import { useHeight } from "./parts/height";
import { Legend } from "./parts/legend";
import { Stage, Zoom } from "./parts/stage";
import { api } from "./post";
import { courseOf, stateAt, steps, type Course, type CourseItem, type StepOfRound } from "./replay/course";
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
  const [shapes, answer] = await Promise.all([loadShapes(), api().json<{ freeze?: string; items: CourseItem[] }>("GET", `/rounds/${round.number}/course`, { buildings: true })]);
  // areas above buildings would count everybody again
  const own = answer.items.filter((one) => shapes.buildings.some((building) => building.code === one.code));
  const course = courseOf(own, Date.parse(answer.freeze ?? round.freeze));
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
  const latest = useRef(view);
  latest.current = view;
  const give = () => {
    const counts = stateAt(course, player.moment.value);
    latest.current?.setCounts(counts);
  };
  useSignalEffect(give);
  useEffect(give, [view]);
  useEffect(() => () => player.end(), [player]);
  useSpace(player);
  const sum = total(stateAt(course, player.moment.value).values());
  return (
    <>
      <Controls player={player} />
      <div class="map-replay">
        <Stage shapes={shapes} onView={setView}>
          {view !== null && <Zoom view={view} shapes={shapes} />}
          <Legend />
        </Stage>
        <aside class="map-panel map-told" aria-label={t("replay.steps")}>
          <div>
            <span class="map-clock">{clock(player.moment.value)}</span>
            <p><b>{percent(sum)}%</b> <span class="soft">{t("print.numbers", { owed: number(sum.owed), covered: number(sum.covered), missing: number(sum.missing) })}</span></p>
          </div>
          <Told loaded={loaded} player={player} />
        </aside>
      </div>
      <p class="soft small wide-only">{t("replay.keys")}</p>
    </>
  );
}

export function ReplayPage() {
  const page = useHeight();
  const asked = query().get("round");
  const [rounds, setRounds] = useState<Round[] | null>(null);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [wrong, fail] = useState<Trouble | null>(null);
  const [turn, next] = useState(0);
  useEffect(() => {
    void (async () => {
      const all: Round[] = [];
      for await (const one of every((cursor) => roundsList(api(), { limit: 100, ...(cursor === undefined ? {} : { cursor }) }))) if (one.number > 0) all.push(one);
      setRounds(all);
    })().catch((error: unknown) => fail(trouble(error)));
  }, [turn]);
  // the latest in which somebody was done: one that has just begun shows nothing
  const round = rounds === null ? undefined : asked !== null && asked !== "0" ? rounds.find((one) => String(one.number) === asked) : (rounds.find((one) => one.covered > 0) ?? rounds[0]);
  useEffect(() => {
    if (round === undefined) return;
    let gone = false;
    setLoaded(null);
    fail(null);
    load(round).then((found) => !gone && setLoaded(found), (error: unknown) => !gone && fail(trouble(error)));
    return () => { gone = true; };
  }, [round?.number, turn]);
  return (
    <main class="map-page" ref={page}>
      <header class="map-bar">
        <h1 class="map-title">{t("replay.title")}</h1>
        {rounds !== null && rounds.length > 0 && (
          <select class="map-area wide" aria-label={t("replay.round")} value={round?.number ?? ""} onChange={(event) => go(`/replay?round=${event.currentTarget.value}`, true)}>
            {rounds.map((one) => <option key={one.number} value={one.number}>{t("round.title", { n: one.number, kind: t(`round.${one.kind}`) })}</option>)}
          </select>
        )}
      </header>
      {wrong !== null && <Note tone="bad">{wrong.code === "NOT_FOUND" ? t("map.no_map") : wrong.what} {wrong.todo} <button type="button" class="button small" onClick={() => next(turn + 1)}>{t("do.again")}</button></Note>}
      {rounds !== null && round === undefined && wrong === null && <Empty hint={t("replay.none_hint")}>{t("replay.no_rounds")}</Empty>}
      {loaded === null && wrong === null && (rounds === null || round !== undefined) && <p class="soft" role="status">{t("say.loading")}</p>}
      {loaded !== null && (loaded.course.all.length === 0 ? <Empty hint={t("replay.none_hint")}>{t("replay.none")}</Empty> : <Film key={round!.number} loaded={loaded} />)}
    </main>
  );
}
