/** A map for paper: drawn anew, unseen, at the paper's resolution. */
import type { Count } from "../coverage";
import { bounds, roundLength } from "../geo/plane";
import { spotsOf, under, type MarkShape, type Shapes } from "../shapes";
import { MapView } from "../view/map_view";
import { t } from "../../../words";

export type Paper = "a4" | "a3";
/** What is left for the map, in CSS pixels (1/96 inch): the paper less its margin and the lines above and below. */
export const ROOM: Record<Paper, { width: number; height: number }> = { a4: { width: 1046, height: 640 }, a3: { width: 1510, height: 960 } };
/** A browser's canvas is drawn up to so many dots on each side without being made smaller. */
const MOST = 4096;

export interface Sheet {
  area: string;
  title: string;
  /** object URL of the picture; whoever made it lets go of it */
  url: string;
  /** the scale bar: so many metres are so wide, in CSS pixels */
  metres: number;
  bar: number;
}

interface Wanted {
  shapes: Shapes;
  counts: ReadonlyMap<string, Count>;
  area: string;
  title: string;
  paper: Paper;
  dates: (mark: MarkShape) => string;
}

/** null: nothing of this area is drawn on the map. */
export async function render(wanted: Wanted): Promise<Sheet | null> {
  const { shapes, area, paper } = wanted;
  const own = shapes.areas.filter((one) => under(one.code, area) || area === "");
  const frame = bounds(own.flatMap((one) => spotsOf(one.geometry)));
  if (frame === null) return null;
  const { width, height } = ROOM[paper];
  const box = document.createElement("div");
  box.className = "map-unseen";
  box.style.width = `${width}px`;
  box.style.height = `${height}px`;
  document.body.append(box);
  const view = new MapView(box, { shapes, theme: "light", title: t("print.picture", { area: wanted.title }), dates: wanted.dates, counts: wanted.counts, paper: { area, dots: Math.min(3, MOST / width) } });
  try {
    view.setDim(new Set(shapes.buildings.filter((one) => !under(one.code, area)).map((one) => one.n)));
    view.map.fitBounds([frame.west, frame.south, frame.east, frame.north], { padding: 24, animate: false });
    await view.settled();
    const metres = roundLength(view.metresPerPixel() * 180);
    const blob = await new Promise<Blob | null>((done) => view.picture().toBlob(done, "image/png"));
    return blob === null ? null : { area, title: wanted.title, url: URL.createObjectURL(blob), metres, bar: metres / view.metresPerPixel() };
  } finally {
    view.end();
    box.remove();
  }
}
