/** The board: how the round stands, everywhere. */
import type { Round, RoundArea } from "../../api/api";
import { Empty, Note, Tag } from "../../ui/parts";
import { go, query, route, withQuery } from "../../ui/route";
import { coded, number, t, when, type Word } from "../../words";
import { areaByCode } from "../base/areas";
import { Head, Loading, Wrong } from "../base/shown";
import { held, lab, numbers, round as liveRound } from "../live/live";
import { may } from "../session/session";
import { AreaTree } from "./area_tree";
import { CourseCard } from "./course_chart";
import { FirstSteps } from "./first_steps";
import { askCloseRound, askOpenRound } from "./round_acts";
import { share, useRounds, useStanding } from "./standing";

export const roundTitle = (round: { number: number; kind: string; past?: boolean }): string => (round.past ? t("round.past", { kind: coded("round", round.kind) }) : t("round.title", { n: round.number, kind: coded("round", round.kind) }));

export function RoundChoice({ rounds, chosen }: { rounds: Round[]; chosen: number }) {
  const pick = (value: string) => {
    const has = query();
    has.set("round", value);
    has.delete("open");
    go(withQuery(route.value, has), true);
  };
  return (
    <select aria-label={t("round.choose")} class="round-choice" value={String(chosen)} onChange={(event) => pick(event.currentTarget.value)}>
      {rounds.map((round) => (
        <option key={round.id} value={String(round.number)} selected={round.number === chosen}>
          {`${roundTitle(round)} · ${t(round.closed ? "round.is_closed" : "round.is_open")}`}
        </option>
      ))}
    </select>
  );
}

function Tile({ word, n, to, tone, note }: { word: Word; n: number; to: string; tone?: string; note?: string }) {
  return (
    <a class={`tile ${tone ?? ""}`} href={`#${to}`} data-tile={word}>
      <span class="tile-word">{t(word)}</span>
      <span class="tile-n">{number(n)}</span>
      <span class="tile-note small">{note ?? t("board.names")}</span>
    </a>
  );
}

function Tiles({ round, area, recovered }: { round: Round; area: RoundArea | null; recovered: number }) {
  const shown = area ?? round;
  const scope = `round=${round.number}${area === null ? "" : `&area=${area.code}`}`;
  return (
    <div class="tiles">
      <Tile word="board.owed" n={shown.owed} to={`/names/owed?${scope}`} />
      <Tile word="board.covered" n={shown.covered} to={`/names/covered?${scope}`} tone="good" note={share(shown.covered, shown.owed)} />
      <Tile word="board.missing" n={shown.missing} to={`/missing?${scope}`} tone={shown.missing > 0 ? "bad" : "good"} />
      <Tile word="board.found" n={shown.found} to={`/names/found?${scope}`} />
      <Tile word="board.arrived" n={shown.arrived} to={`/names/arrived?${scope}`} />
      <Tile word="board.recovered" n={recovered} to={`/names/recovered?${scope}`} />
    </div>
  );
}

/** What waits for somebody at the desk, each one click away. */
function Waits() {
  const lines: [string, Word, number][] = [];
  if (may("entry.decide", true) && held.value && held.value.waiting > 0) lines.push(["/held", "board.wait_held", held.value.waiting]);
  if (may("review.decide") && numbers.value && numbers.value.review > 0) lines.push(["/reviews", "board.wait_review", numbers.value.review]);
  if (may("lab.read", true) && lab.value && lab.value.positive > 0) lines.push(["/holds", "board.wait_positive", lab.value.positive]);
  if (lines.length === 0) return null;
  return (
    <ul class="waits" aria-label={t("board.waits")}>
      {lines.map(([to, word, n]) => (
        <li key={to}>
          <a href={`#${to}`}>{t(word, { n: number(n) })}</a>
        </li>
      ))}
    </ul>
  );
}

/** In a new round nothing moves yet: what to do so that it does. */
function Quiet({ round }: { round: Round }) {
  if (round.closed || round.covered > 0 || !may("device.write")) return null;
  return (
    <Note>
      <div class="row wrap">
        <span class="grow">{t("board.quiet")}</span>
        <a class="button small" href="#/devices">{t("board.quiet_go")}</a>
      </div>
    </Note>
  );
}

export function BoardPage() {
  const rounds = useRounds();
  const has = query();
  const asked = has.get("round");
  const latest = liveRound.value?.number ?? rounds.value?.[0]?.number ?? null;
  const chosen = asked === null ? latest : Number(asked);
  const standing = useStanding(chosen);
  const code = has.get("area");
  const again = () => {
    rounds.again();
    standing.again();
  };
  if (rounds.value !== null && rounds.value.length === 0) return <FirstSteps then={again} />;
  if (standing.value === null || rounds.value === null) return standing.wrong === null && rounds.wrong === null ? <Loading /> : <Wrong wrong={standing.wrong ?? rounds.wrong} again={again} />;
  const { round, areas } = standing.value;
  const area = code === null ? null : (areas.find((one) => one.code === code) ?? null);
  const recovered = (area ?? areas.find((one) => one.depth === 0) ?? areas[0])?.recovered ?? 0;
  return (
    <div class="stack board">
      <Head
        title={<>{roundTitle(round)} {area !== null && <span class="soft">{areaByCode(area.code)}</span>}</>}
        hint={<><Tag tone={round.closed ? "none" : "good"}>{t(round.closed ? "round.is_closed" : "round.is_open")}</Tag> {t("round.frozen", { when: when(round.freeze), n: number(round.roster) })}{round.deadline !== null && ` ${t("round.deadline_at", { when: when(round.deadline) })}`}</>}
      >
        {area !== null && <a class="button" href={`#/?round=${round.number}`}>{t("board.whole")}</a>}
        <RoundChoice rounds={rounds.value} chosen={round.number} />
        {may("round.run", true) && !round.closed && <button type="button" class="button" onClick={() => askCloseRound(round, again)}>{t("round.close")}</button>}
        {may("round.run", true) && round.closed && rounds.value[0]?.number === round.number && <button type="button" class="button main" onClick={() => askOpenRound(again)}>{t("round.open")}</button>}
      </Head>
      <Wrong wrong={standing.wrong} again={again} />
      <Waits />
      <Quiet round={round} />
      <Tiles round={round} area={area} recovered={recovered} />
      {(area ?? round).excused > 0 && <p class="soft small"><a href={`#/names/excused?round=${round.number}${area === null ? "" : `&area=${area.code}`}`}>{t("board.excused", { n: number((area ?? round).excused) })}</a></p>}
      <CourseCard round={round} area={area === null ? null : code} now={area ?? round} />
      {areas.length === 0 ? <Empty hint={t("board.no_areas_hint")}>{t("board.no_areas")}</Empty> : <AreaTree rows={areas} round={round.number} chosen={code} />}
    </div>
  );
}
