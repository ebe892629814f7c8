/** A panel that opens takes the keyboard to its head; when it closes, whoever had the keyboard before gets it back. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** about: what the panel tells of; another one is told of from its head again. */
export function useHead(about: unknown) {
  const head = useRef<HTMLHeadingElement>(null);
  const before = useRef(document.activeElement);
  useLayoutEffect(() => head.current?.focus({ preventScroll: true }), [about]); // before the next key, which may be Escape
  useEffect(() => () => void setTimeout(() => {
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const one = before.current;
    const there = one instanceof HTMLElement && one.isConnected && one !== document.body ? one : document.querySelector<HTMLElement>(".map-page .maplibregl-canvas");
    there?.focus({ preventScroll: true });
  }), []);
  return head;
}
