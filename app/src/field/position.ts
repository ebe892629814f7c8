/**
 * Where this phone is, for those who lead its member: only while it is asked for, open and has a network, each minute the place of that moment.
 * Nothing is kept to be sent later; a shift after it was switched on it is off again.
 */
import { signal } from "@preact/signals";
import type { Env } from "./env";
import type { Sharing } from "./phone";

export const SHIFT_MS = 12 * 3600000;
const EVERY_MS = 60000;
const OFF: Sharing = { until: null, at: null, trouble: null };

interface Whom {
  /** open and, as far as one knows, with a network */
  ready: () => boolean;
  post: (place: { lon: number; lat: number; accuracy: number }) => Promise<void>;
  /** for after a reload */
  keep: (until: number | null) => void;
}

const degrees = (value: number): number => Math.round(value * 1e7);

export class Position {
  readonly sharing = signal<Sharing>(OFF);
  private timer: ReturnType<typeof setInterval> | undefined;
  private looking = false;

  constructor(
    private readonly env: Env,
    private readonly whom: Whom,
  ) {
    env.page?.addEventListener("visibilitychange", () => env.page!.visibilityState === "visible" && this.look());
  }

  /** The phone was opened: what was switched on in this shift goes on. */
  begin(until: number | null): void {
    if (until === null || until <= this.env.now()) return this.set({ until: null });
    this.set({ until, trouble: null });
    clearInterval(this.timer);
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.look();
  }

  /** Locked: silence, until it is opened again. */
  pause(): void {
    clearInterval(this.timer);
    this.sharing.value = OFF;
  }

  share(on: boolean): void {
    const until = on ? this.env.now() + SHIFT_MS : null;
    this.pause();
    this.whom.keep(until);
    if (until !== null) this.begin(until);
  }

  private set(state: Partial<Sharing>): void {
    this.sharing.value = { ...this.sharing.value, ...state };
  }

  private wanted(): boolean {
    const { until } = this.sharing.value;
    if (until !== null && until <= this.env.now()) this.share(false);
    return this.sharing.value.until !== null && this.whom.ready() && this.env.page?.visibilityState !== "hidden";
  }

  /** The network is there again, a minute went by, or it was just switched on. */
  look(): void {
    if (this.looking || !this.wanted()) return;
    if (this.env.geo === null) return this.refused();
    this.looking = true;
    this.env.geo.getCurrentPosition((found) => void this.found(found), (error) => {
      this.looking = false;
      if (error.code === 1) this.refused();
      else if (this.sharing.value.until !== null) this.set({ trouble: "no_fix" });
    }, { enableHighAccuracy: true, maximumAge: EVERY_MS / 2, timeout: EVERY_MS / 2 });
  }

  /** Without leave nothing can be shared: the switch says so and is off. */
  private refused(): void {
    this.share(false);
    this.set({ trouble: "denied" });
  }

  private async found({ coords }: GeolocationPosition): Promise<void> {
    this.looking = false;
    if (!this.wanted()) return; // locked or switched off while one looked
    try {
      await this.whom.post({ lon: degrees(coords.longitude), lat: degrees(coords.latitude), accuracy: Math.min(1000000, Math.max(0, Math.round(coords.accuracy))) });
      if (this.sharing.value.until !== null) this.set({ at: this.env.now(), trouble: null });
    } catch {
      /* nobody heard it: in a minute there is a newer place to tell */
    }
  }
}
