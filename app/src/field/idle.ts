/** When the phone locks by itself and when it syncs by itself. */
import type { Env } from "./env";

interface Whom {
  minutes: () => number;
  open: () => boolean;
  lock: () => void;
  sync: () => void;
}

const TOUCHES = ["pointerdown", "keydown", "input", "scroll"] as const;
const LOOK_EVERY = 10000;

export class Idle {
  private touched = 0;
  private watch: ReturnType<typeof setInterval> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly env: Env,
    private readonly whom: Whom,
  ) {
    const { page } = env;
    if (page === null) return;
    for (const name of TOUCHES) page.addEventListener(name, () => (this.touched = env.now()), { passive: true, capture: true });
    // timers sleep while the app is in the background: what is due is looked at before anybody sees a name
    page.addEventListener("visibilitychange", () => {
      if (page.visibilityState !== "visible") return;
      this.look();
      if (whom.open()) whom.sync();
    });
    page.defaultView?.addEventListener("online", () => whom.open() && whom.sync());
  }

  begin(): void {
    this.touched = this.env.now();
    clearInterval(this.watch);
    if (this.env.lively) this.watch = setInterval(() => this.look(), LOOK_EVERY);
  }

  end(): void {
    clearInterval(this.watch);
    clearTimeout(this.timer);
  }

  /** Syncs after so long, or sooner if it was to be sooner. */
  after(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.whom.open() && this.whom.sync(), ms);
  }

  look(): void {
    const minutes = this.whom.minutes();
    const idle = this.env.now() - this.touched;
    // a clock that was set back tells nothing: it begins anew
    if (idle < 0) this.touched = this.env.now();
    if (minutes > 0 && this.whom.open() && idle >= minutes * 60000) this.whom.lock();
  }
}
