/**
 * One tab writes at a time. Web Locks tell which where there are some; over plain HTTP a lease in the database does, which its holder renews.
 * Whoever waits gets the turn when the other tab is closed or locked.
 */
import { newId } from "../../base/ids";
import { PhoneError, type Env } from "../env";
import { plain, writing, type Db, type Plain, type Tx } from "./db";

const BEAT = 2000;
const LEASE = 7000;

type Lease = Plain["lease"];
const leaseOf = async (tx: Tx): Promise<Lease | undefined> => (await tx.objectStore("plain").get("lease")) as Lease | undefined;

export class Turn {
  mine = false;
  private readonly holder = newId();
  private stop: (() => void) | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly env: Env,
    private readonly db: Db,
    private readonly changed: (mine: boolean) => void,
  ) {}

  /** Resolves when it is known whether this tab has the turn now. */
  async begin(): Promise<void> {
    if (this.stop !== null) return;
    if (this.env.locks === null) return this.beginLease();
    const name = `${this.env.name}-writes`;
    const locks = this.env.locks;
    let ended = false;
    let release: () => void = () => undefined;
    const abort = new AbortController();
    this.stop = () => {
      ended = true;
      abort.abort();
      release();
    };
    const hold = (): Promise<void> | void => {
      if (ended) return;
      const held = new Promise<void>((done) => (release = done));
      this.set(true);
      return held;
    };
    await new Promise<void>((known) => {
      locks
        .request(name, { ifAvailable: true }, (lock) => {
          const held = lock === null ? undefined : hold();
          known();
          if (lock === null && !ended) void locks.request(name, { signal: abort.signal }, () => hold()).catch(() => undefined);
          return held;
        })
        .catch(() => known());
    });
  }

  end(): void {
    this.stop?.();
    this.stop = null;
    clearInterval(this.timer);
    if (this.mine && this.env.locks === null) void this.give().catch(() => undefined);
    this.set(false);
  }

  /** In every writing transaction: false when the lease went to another tab meanwhile (this one slept). */
  async still(tx: Tx): Promise<boolean> {
    if (this.env.locks !== null) return this.mine;
    if (!this.mine || !this.free(await leaseOf(tx))) return false;
    await tx.objectStore("plain").put(this.lease(), "lease");
    return true;
  }

  private lease(): Lease {
    return { holder: this.holder, until: this.env.now() + LEASE };
  }

  /** This tab's or nobody's. One that lies far ahead was written before the clock was set back. */
  private free(lease: Lease | undefined): boolean {
    const now = this.env.now();
    return lease === undefined || lease.holder === this.holder || lease.until < now || lease.until > now + 10 * LEASE;
  }

  private set(mine: boolean): void {
    if (mine === this.mine) return;
    this.mine = mine;
    this.changed(mine);
  }

  private async beginLease(): Promise<void> {
    this.stop = () => undefined;
    await this.beat();
    this.timer = setInterval(() => void this.beat().catch(() => undefined), BEAT);
  }

  private async beat(): Promise<void> {
    const mine = await writing(this.db, async (tx) => {
      const free = this.free(await leaseOf(tx));
      if (free) await tx.objectStore("plain").put(this.lease(), "lease");
      return free;
    }).catch(async (error: unknown) => {
      // a disk that takes no lease takes nothing else either: whoever finds none may at least hand in what lies there
      if (error instanceof PhoneError && error.code === "full") return this.free(await plain(this.db, "lease"));
      throw error;
    });
    if (this.stop !== null) this.set(mine);
  }

  private async give(): Promise<void> {
    await writing(this.db, async (tx) => {
      const lease = await leaseOf(tx);
      if (lease?.holder === this.holder) await tx.objectStore("plain").delete("lease");
    });
  }
}
