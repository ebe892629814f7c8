/** Which rows of a grid are in sight, which one somebody stands on, and the keys that move there. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

const SPARE = 8;

export interface Sight {
  from: number;
  fits: number;
  look: () => void;
}

/** Rows of one height: what is in sight follows from how far it is scrolled. `onEnd`: the last of them is near. */
export function useSight(box: RefObject<HTMLElement | null>, height: number, count: number, wants: boolean, onEnd: () => void): Sight {
  const [from, setFrom] = useState(0);
  const [fits, setFits] = useState(30);
  const look = () => {
    const element = box.current;
    if (element === null) return; // it is going
    const first = Math.max(0, Math.floor(element.scrollTop / height) - SPARE);
    const some = Math.ceil(element.clientHeight / height) + 2 * SPARE;
    setFrom(first);
    setFits(some);
    if (wants && first + some >= count) onEnd();
  };
  useLayoutEffect(look, [count, height, wants]);
  useEffect(() => {
    const watch = new ResizeObserver(look);
    watch.observe(box.current!);
    return () => watch.disconnect();
  });
  return { from, fits, look };
}

/** Where a key leads from here; undefined: it is no key that moves. */
export function leads(key: string, here: number, count: number, page: number): number | undefined {
  const to: Record<string, number> = { ArrowDown: here + 1, ArrowUp: here - 1, j: here + 1, k: here - 1, PageDown: here + page, PageUp: here - page, Home: 0, End: count - 1 };
  const at = to[key];
  return at === undefined ? undefined : Math.max(0, Math.min(count - 1, at));
}

/** Scrolls so that a row is whole in sight, below the head that stays. */
export function show(element: HTMLElement, at: number, height: number, head: number): void {
  const top = at * height;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + height + head > element.scrollTop + element.clientHeight) element.scrollTop = top + height + head - element.clientHeight;
}
