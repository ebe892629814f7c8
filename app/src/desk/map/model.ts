/** What a map shows and what is chosen on it: loaded once, kept current by the live stream. */
import { batch, computed, signal } from "@preact/signals";
import { ApiError, doorsShow, every, mapShow, positionsList, roundsAreas, roundsMissing, roundsShow, type Door, type Missing, type Round } from "../../api/api";
import { t } from "../../words";
import { trouble, type Trouble } from "../base/asked";
import { connected, liveAreas, round as liveRound } from "../live/live";
import { api, may, mayAt } from "../session/session";
import { stepOf, type Count } from "./coverage";
import type { Spot } from "./geo/plane";
import { none, read, under, type AreaShape, type MarkShape, type Shapes } from "./shapes";

/** A phone whose member shares where he is. */
export interface PhoneAt {
  device: string;
  name: string;
  spot: Spot;
  at: string;
}

export const loadShapes = async (): Promise<Shapes> => read(await mapShow(api()));

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

interface Standing {
  round: Round | null;
  counts: ReadonlyMap<string, Count>;
}
const nothing: Standing = { round: null, counts: new Map() };

/** A village in which no round was opened yet, or somebody who may not see rounds, has a map without numbers. */
async function loadStanding(number: string): Promise<Standing> {
  if (!may("round.read")) return nothing;
  try {
    const [round, counts] = await Promise.all([roundsShow(api(), number), loadCounts(number)]);
    return { round, counts };
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) return nothing;
    throw error;
  }
}

export class MapModel {
  readonly shapes = signal<Shapes>(none);
  readonly loaded = signal(false);
  readonly wrong = signal<Trouble | null>(null);
  private readonly standing = signal<Standing>(nothing);
  readonly round = computed(() => this.standing.value.round);
  readonly phones = signal<PhoneAt[]>([]);
  readonly chosen = signal<number | null>(null);
  /** the door that somebody came for, and its building is chosen */
  readonly door = signal<Door | null>(null);
  /** What the stream had said when the numbers were loaded while it was cut: they are newer. */
  private older: unknown = null;
  private loads = 0;

  /** number: "0" is the latest round, whichever that becomes. */
  constructor(readonly number: string, readonly unfinished = signal(false), readonly area = signal("")) {}

  /** The stream's numbers over those that were loaded, while it tells of the round that is shown. */
  readonly counts = computed<ReadonlyMap<string, Count>>(() => {
    const { round, counts } = this.standing.value;
    const live = liveAreas.value;
    if (round === null || live === this.older || live.size === 0 || round.number !== liveRound.value?.number) return counts;
    return new Map([...counts, ...live]);
  });

  readonly thing = computed<AreaShape | MarkShape | null>(() => {
    const n = this.chosen.value;
    return n === null ? null : (this.shapes.value.byNumber.get(n) ?? null);
  });

  /** Buildings that the filters leave. */
  readonly shown = computed<AreaShape[]>(() => {
    const { unfinished, area, counts } = this;
    return this.shapes.value.buildings.filter((one) => {
      if (!under(one.code, area.value)) return false;
      if (!unfinished.value) return true;
      const step = stepOf(counts.value.get(one.code));
      return step !== "done" && step !== "none";
    });
  });

  readonly dim = computed<ReadonlySet<number>>(() => {
    const { buildings } = this.shapes.value;
    if (this.shown.value.length === buildings.length) return new Set();
    const shown = new Set(this.shown.value.map((one) => one.n));
    return new Set(buildings.filter((one) => !shown.has(one.n)).map((one) => one.n));
  });

  /** Whether an area's outline and words are his to change, and whether new ones may lie under it. */
  mayDraw(area: AreaShape): boolean {
    return mayAt("area.write", area.code, this.shapes.value.village?.code ?? area.code);
  }

  private stand(standing: Standing): void {
    this.older = connected.peek() ? null : liveAreas.peek();
    this.standing.value = standing;
  }

  async load(): Promise<void> {
    const turn = ++this.loads;
    this.wrong.value = null;
    try {
      const [shapes, standing] = await Promise.all([loadShapes(), loadStanding(this.number)]);
      if (turn !== this.loads) return;
      batch(() => {
        this.shapes.value = shapes;
        this.stand(standing);
        this.loaded.value = true;
      });
    } catch (error) {
      if (turn === this.loads) this.wrong.value = trouble(error);
    }
  }

  /** After something was drawn; of two answers that overtake each other the later question's counts. */
  async reload(keep: string | null): Promise<void> {
    const turn = ++this.loads;
    const shapes = await loadShapes();
    if (turn !== this.loads) return;
    batch(() => {
      this.shapes.value = shapes;
      this.chosen.value = keep === null ? null : (shapes.byId.get(keep)?.n ?? null);
    });
  }

  /** Another round was opened while the latest is looked at. */
  async follow(latest: number | undefined): Promise<void> {
    const shown = this.round.peek()?.number ?? 0;
    if (this.number !== "0" || !this.loaded.peek() || latest === undefined || latest <= shown) return;
    const standing = await loadStanding(this.number).catch(() => null); // the old numbers stay, and the next word of the stream asks again
    if (standing !== null && (standing.round?.number ?? 0) > shown) this.stand(standing);
  }

  async hearPhones(): Promise<void> {
    if (!may("device.read")) return;
    const items = await positionsList(api(), { limit: 1000 }).then((page) => page.items, () => null);
    if (items !== null) this.phones.value = items.map((one) => ({ device: one.device, name: one.name ?? t("say.unknown"), spot: [one.lon / 1e7, one.lat / 1e7], at: one.at }));
  }

  /** The building of a door; null: it is not drawn. */
  async chooseDoor(id: string): Promise<AreaShape | null> {
    const door = await doorsShow(api(), id);
    const shape = door.area === null ? undefined : this.shapes.value.byId.get(door.area);
    if (shape === undefined || !("address" in shape)) return null;
    batch(() => {
      this.door.value = door;
      this.chosen.value = shape.n;
    });
    return shape;
  }
}

const MINUTE = 60000;
/** Ten minutes without a word, and one should not go by it. */
export const fresh = (phone: PhoneAt, now: number): boolean => now - Date.parse(phone.at) < 10 * MINUTE;

export function age(at: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / MINUTE));
  if (minutes < 1) return t("map.age_now");
  return minutes < 120 ? t("map.age_minutes", { n: minutes }) : t("map.age_hours", { n: Math.floor(minutes / 60) });
}
