/** Time goes on by itself, at a speed, until the end. */
import { computed, signal } from "@preact/signals";
import { stateAt, type Course } from "./course";

export const MINUTE = 60000;
/** Minutes of the round in a second of ours. */
export const SPEEDS = [1, 5, 10, 30, 60] as const;
/** A day should pass in about half a minute. */
const USUAL_SECONDS = 30;

export class Player {
  readonly moment;
  readonly playing = signal(false);
  readonly speed;
  readonly counts = computed(() => stateAt(this.course, this.moment.value));
  private frame = 0;
  private last = 0;

  constructor(readonly course: Course) {
    this.moment = signal(course.begin);
    const want = (course.end - course.begin) / MINUTE / USUAL_SECONDS;
    this.speed = signal<number>(SPEEDS.findLast((speed) => speed <= want) ?? 1);
  }

  to(moment: number): void {
    this.moment.value = Math.max(this.course.begin, Math.min(this.course.end, moment));
  }
  by(minutes: number): void {
    this.to(this.moment.value + minutes * MINUTE);
  }
  turn(): void {
    if (this.playing.value) this.pause();
    else this.play();
  }
  play(): void {
    if (this.moment.value >= this.course.end) this.moment.value = this.course.begin;
    this.playing.value = true;
    this.last = performance.now();
    this.frame = requestAnimationFrame(this.go);
  }
  pause(): void {
    this.playing.value = false;
    cancelAnimationFrame(this.frame);
  }
  end(): void {
    this.pause();
  }
  private readonly go = (now: number): void => {
    this.to(this.moment.value + ((now - this.last) / 1000) * this.speed.value * MINUTE);
    this.last = now;
    if (this.moment.value >= this.course.end) this.pause();
    else this.frame = requestAnimationFrame(this.go);
  };
}
