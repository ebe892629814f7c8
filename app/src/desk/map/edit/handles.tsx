/** The dots of a drawing, above the map: real buttons, so that Tab, arrows and a screen reader work on them as a finger does. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../../words";
import type { Spot } from "../geo/plane";
import type { MapView } from "../view/map_view";
import type { Editor } from "./editor";

interface Drag {
  at: number;
  moved: boolean;
  x: number;
  y: number;
}
/** A hand trembles so far without meaning it. */
const STILL = 3;

/** Puts the dots where the map has them now, with every frame it draws. */
function usePlaced(view: MapView, spots: readonly Spot[], form: string) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(spots);
  latest.current = spots;
  const place = () => {
    const all = latest.current;
    for (const dot of box.current?.children ?? []) {
      const { at, side } = (dot as HTMLElement).dataset;
      const n = Number(at);
      const a = all[n];
      const b = side === undefined ? a : (all[n + 1] ?? all[0]);
      if (a === undefined || b === undefined) continue;
      const from = view.project(a), to = view.project(b);
      (dot as HTMLElement).style.transform = `translate(${(from.x + to.x) / 2}px, ${(from.y + to.y) / 2}px)`;
    }
  };
  useLayoutEffect(place, [spots, form]);
  useEffect(() => {
    view.onFrame = place;
    return () => { view.onFrame = null; };
  }, [view]);
  return box;
}

export function Handles({ editor, view }: { editor: Editor; view: MapView }) {
  const { spots, chosen, form } = editor.drawing;
  const box = usePlaced(view, spots, form);
  const drag = useRef<Drag | null>(null);
  const bad = new Set(editor.wrong.value?.at ?? []);
  useEffect(() => {
    view.draft(spots.length > (form === "ring" ? 2 : 1) && form !== "point" ? editor.geometry : spots.length === 2 ? { type: "LineString", coordinates: [...spots] } : null);
  }, [spots]);
  useEffect(() => () => view.draft(null), [view]);
  // at once: the next tap may come before the browser has painted
  useLayoutEffect(() => {
    view.onPoint = (spot, exact) => editor.wordsOnly || editor.add(editor.snapped(spot, view.metresPerPixel(), exact));
    return () => { view.onPoint = null; };
  }, [editor, view]);

  const at = (event: PointerEvent): Spot => {
    const frame = view.box.getBoundingClientRect();
    return editor.snapped(view.unproject(event.clientX - frame.left, event.clientY - frame.top), view.metresPerPixel(), event.altKey);
  };
  const down = (event: PointerEvent, n: number) => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    drag.current = { at: n, moved: false, x: event.clientX, y: event.clientY };
    editor.choose(n);
  };
  const move = (event: PointerEvent) => {
    const now = drag.current;
    if (now === null || (!now.moved && Math.hypot(event.clientX - now.x, event.clientY - now.y) < STILL)) return;
    editor.place(now.at, at(event), !now.moved);
    now.moved = true;
  };
  const focus = (n: number) => requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-at="${n}"]:not([data-side])`)?.focus());
  const key = (event: KeyboardEvent, n: number) => {
    const ways: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const way = ways[event.key];
    const far = view.metresPerPixel() * (event.shiftKey ? 20 : 2);
    if (way !== undefined) editor.nudge(n, way[0] * far, way[1] * far);
    else if (event.key === "Delete" || event.key === "Backspace") {
      editor.remove(n);
      focus(Math.max(0, n - 1));
    } else if (event.key === "Enter") {
      editor.split(n);
      focus(editor.drawing.chosen);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="map-handles" ref={box}>
      {spots.map((_, n) => (
        <button
          key={n} type="button" data-at={n} class={`map-dot${n === chosen ? " chosen" : ""}${bad.has(n) ? " bad" : ""}`} aria-label={t("edit.vertex", { n: n + 1, all: spots.length })} aria-pressed={n === chosen}
          onPointerDown={(event) => down(event, n)} onPointerMove={move} onPointerUp={() => (drag.current = null)} onPointerCancel={() => (drag.current = null)} onFocus={() => editor.choose(n)} onKeyDown={(event) => key(event, n)}
        />
      ))}
      {form !== "point" && spots.length > 1 && spots.map((_, n) => (n + 1 < spots.length || (form === "ring" && spots.length > 2)) && (
        <button key={`s${n}`} type="button" data-at={n} data-side="1" class="map-dot side" tabIndex={-1} aria-label={t("edit.split")} title={t("edit.split")} onClick={() => { editor.split(n); focus(n + 1); }} />
      ))}
    </div>
  );
}
