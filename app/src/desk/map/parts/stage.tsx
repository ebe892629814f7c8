/** Where the map is drawn. Who has no WebGL gets the list instead, and is told so. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Note } from "../../../ui/parts";
import { language, t } from "../../../words";
import type { Count } from "../coverage";
import type { MarkShape, Shapes } from "../shapes";
import { MapView } from "../view/map_view";
import { theme } from "../view/theme";

export const day = (ms: number): string => {
  const at = new Date(ms);
  return `${at.getMonth() + 1}/${at.getDate()}`;
};
/** "4/1 – 4/7": from when until when it stands. */
export function datesOf(mark: { from: number | null; to: number | null }): string {
  if (mark.from === null && mark.to === null) return "";
  return `${mark.from === null ? "" : day(mark.from)}–${mark.to === null ? "" : day(mark.to)}`;
}

interface Props {
  shapes: Shapes;
  counts: ReadonlyMap<string, Count>;
  onView: (view: MapView | null) => void;
  onChoose?: (n: number | null) => void;
  children?: ComponentChildren;
}

export function Stage({ shapes, counts, onView, onChoose, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [broken, breaks] = useState(false);
  const chooses = useRef(onChoose);
  chooses.current = onChoose;
  const view = useRef<MapView | null>(null);
  const look = theme.value;
  const speech = language.value;
  useEffect(() => {
    try {
      view.current = new MapView(box.current!, { shapes, counts, theme: look, title: t("map.region"), dates: (mark: MarkShape) => datesOf(mark), onChoose: (n) => chooses.current?.(n) });
      view.current.map.on("error", (event) => console.error(event.error));
      onView(view.current);
    } catch {
      breaks(true);
    }
    return () => {
      onView(null);
      view.current?.end();
      view.current = null;
    };
  }, [look, speech]);
  useEffect(() => {
    if (view.current !== null && view.current.written.shapes !== shapes) view.current.setShapes(shapes);
  }, [shapes]);
  return (
    <div class="map-stage">
      <div class="map-box" ref={box} />
      {broken && (
        <div class="map-broken">
          <Note tone="warn">{t("map.no_webgl")}</Note>
        </div>
      )}
      {children}
    </div>
  );
}

/** Plus, minus, everything: for whom pinching is no way. */
export const Zoom = ({ view, shapes }: { view: MapView | null; shapes: Shapes }) => (
  <div class="map-zoom">
    <button type="button" aria-label={t("map.zoom_in")} title={t("map.zoom_in")} onClick={() => view?.zoom(1)}>＋</button>
    <button type="button" aria-label={t("map.zoom_out")} title={t("map.zoom_out")} onClick={() => view?.zoom(-1)}>－</button>
    <button type="button" aria-label={t("map.whole")} title={t("map.whole")} onClick={() => shapes.bounds !== null && view?.fit(shapes.bounds)}>⤢</button>
  </div>
);
