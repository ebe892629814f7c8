/** What a map shows and what is chosen on it: loaded once, kept current by the live stream. */
import { batch, computed, signal } from "@preact/signals";
import { ApiError, doorsShow, every, roundsAreas, roundsMissing, roundsShow, type Missing, type Round } from "../../api/api";
import { t } from "../../words";
import { stepOf, type Count } from "./coverage";
import { api, connected, live, liveRound } from "./post";
import { read, under, type AreaShape, type MarkShape, type Shapes } from "./shapes";

export interface Position {
  device: string;
  member: string | null;
  name: string | null;
  lon: number;
  lat: number;
  accuracy: number | null;
  at: string;
}
export interface Trouble {
  what: string;
  todo: string;
  code: string;
}

/** What went wrong, for a person. */
export function trouble(error: unknown): Trouble {
  if (error instanceof ApiError) return { code: error.problem.code, what: error.problem.detail === undefined ? error.problem.title : `${error.problem.title} ${error.problem.detail}`, todo: error.problem.fix };
  if (error instanceof TypeError) return { code: "NETWORK", what: t("error.network"), todo: "" };
  return { code: "FAILED", what: t("error.failed", { why: error instanceof Error ? error.message : String(error) }), todo: "" };
}

export const loadShapes = async (): Promise<Shapes> => read(await api().json<{ features: unknown[] }>("GET", "/map"));

export async function loadCounts(round: string): Promise<Map<string, Count>> {
  const counts = new Map<string, Count>();
  for await (const one of every((cursor) => roundsAreas(api(), round, { buildings: true, limit: 1000, ...(cursor === undefined ? {} : { cursor }) }))) counts.set(one.area === null ? "" : one.code, one);
  return counts;
}

export async function loadMissing(round: string, area: string): Promise<Missing[]> {
  const found: Missing[] = [];
  for await (const one of every((cursor) => roundsMissing(api(), round, { area, limit: 1000, ...(cursor === undefined ? {} : { cursor }) }))) found.push(one);
  return found;
}

/** null: this server has no positions, or one may not see them. */
export async function loadPositions(): Promise<Position[] | null> {
  try {
    return (await api().json<{ items: Position[] }>("GET", "/positions")).items;
  } catch {
    return null;
  }
}

const none: Shapes = { areas: [], buildings: [], marks: [], byCode: new Map(), byId: new Map(), bounds: null };

export class MapModel {
  readonly shapes = signal<Shapes>(none);
  readonly loaded = signal(false);
  readonly wrong = signal<Trouble | null>(null);
  readonly round = signal<Round | null>(null);
  private readonly own = signal<ReadonlyMap<string, Count>>(new Map());
  readonly positions = signal<Position[]>([]);
  readonly chosen = signal<number | null>(null);
  readonly unfinished = signal(false);
  readonly area = signal("");

  constructor(readonly number: string) {}

  /** The live numbers when it is the latest round that is shown; as loaded till they come. */
  readonly counts = computed<ReadonlyMap<string, Count>>(() => {
    const round = this.round.value;
    if (round === null || !connected.value || live.value.size === 0 || round.number !== liveRound.value) return this.own.value;
    return new Map([...this.own.value, ...live.value]);
  });

  readonly thing = computed<AreaShape | MarkShape | null>(() => {
    const n = this.chosen.value;
    if (n === null) return null;
    return this.shapes.value.areas.find((one) => one.n === n) ?? this.shapes.value.marks.find((one) => one.n === n) ?? null;
  });

  /** Buildings that the filters leave. */
  readonly shown = computed<AreaShape[]>(() => {
    const { unfinished, area, counts } = this;
    return this.shapes.value.buildings.filter((one) => {
      if (!under(one.code, area.value)) return false;
      const step = stepOf(counts.value.get(one.code));
      return !unfinished.value || (step !== "done" && step !== "none");
    });
  });

  readonly dim = computed<ReadonlySet<number>>(() => {
    const shown = new Set(this.shown.value.map((one) => one.n));
    return new Set(this.shapes.value.buildings.filter((one) => !shown.has(one.n)).map((one) => one.n));
  });

  async load(): Promise<void> {
    try {
      const [shapes, round, counts] = await Promise.all([loadShapes(), roundsShow(api(), this.number).catch(() => null), loadCounts(this.number).catch(() => new Map<string, Count>())]);
      batch(() => {
        this.shapes.value = shapes;
        this.round.value = round;
        this.own.value = counts;
        this.wrong.value = null;
        this.loaded.value = true;
      });
    } catch (error) {
      this.wrong.value = trouble(error);
    }
  }

  async reload(keep: string | null): Promise<void> {
    const shapes = await loadShapes();
    batch(() => {
      this.shapes.value = shapes;
      this.chosen.value = keep === null ? null : (shapes.byId.get(keep)?.n ?? null);
    });
  }

  async hearPhones(): Promise<void> {
    this.positions.value = (await loadPositions()) ?? [];
  }

  async chooseDoor(id: string): Promise<AreaShape | null> {
    const door = await doorsShow(api(), id);
    const shape = this.shapes.value.areas.find((one) => one.id === door.area) ?? null;
    if (shape !== null) this.chosen.value = shape.n;
    return shape;
  }
}

const MINUTE = 60000;
/** Ten minutes without a word, and one should not go by it. */
export const fresh = (position: Position, now: number): boolean => now - Date.parse(position.at) < 10 * MINUTE;

export function age(at: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / MINUTE));
  if (minutes < 1) return t("map.age_now");
  return minutes < 120 ? t("map.age_minutes", { n: minutes }) : t("map.age_hours", { n: Math.floor(minutes / 60) });
}
