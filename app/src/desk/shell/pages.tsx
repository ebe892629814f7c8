/** Which page a place is. The map is large and comes when somebody goes there. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { matches, route } from "../../ui/route";
import { t, type Word } from "../../words";
import { Empty } from "../../ui/parts";
import { Loading } from "../base/shown";
import { trouble, type Trouble } from "../base/asked";
import { Wrong } from "../base/shown";
import { BoardPage } from "../board/board_page";
import { MissingPage } from "../board/missing_page";
import { NamesPage } from "../board/names_page";
import { PapersPage } from "../cards/papers_page";
import { HeldPage } from "../held/held_page";
import { ImportsPage } from "../imports/imports_page";
import { lists } from "../lists/lists";
import { OwnPage } from "../session/own";
import { TablePage } from "../tables/table_page";
import { all, allowed } from "./places";

function Later({ load }: { load: () => Promise<ComponentType> }) {
  const [Page, set] = useState<{ page: ComponentType } | null>(null);
  const [wrong, fail] = useState<Trouble | null>(null);
  useEffect(() => {
    load().then((page) => set({ page }), (error: unknown) => fail(trouble(error)));
  }, []);
  if (wrong !== null) return <Wrong wrong={wrong} />;
  return Page === null ? <Loading /> : <Page.page />;
}

const mapPage = () => import("../map/map_page").then((module) => module.MapPage as ComponentType);
const replayPage = () => import("../map/replay_page").then((module) => module.ReplayPage as ComponentType);

const Nowhere = ({ word, hint }: { word: Word; hint: Word }) => (
  <Empty hint={t(hint)}>
    {t(word)}
  </Empty>
);

export function Pages() {
  const path = route.value.split("?")[0]!;
  const place = all.find((one) => (one.path === "/" ? path === "/" : path === one.path || path.startsWith(`${one.path}/`)));
  if (place !== undefined && !allowed(place)) return <Nowhere word="nav.not_allowed" hint="nav.not_allowed_hint" />;
  if (path === "/") return <BoardPage />;
  if (path === "/me") return <OwnPage />;
  if (path === "/missing") return <MissingPage />;
  if (path === "/held") return <HeldPage />;
  if (path === "/imports") return <ImportsPage />;
  if (path === "/papers") return <PapersPage />;
  if (path === "/map") return <Later key="map" load={mapPage} />;
  if (path === "/replay") return <Later key="replay" load={replayPage} />;
  if (matches("/names/{what}") !== null) return <NamesPage what={matches("/names/{what}")!["what"]!} />;
  const list = lists[path.slice(1)];
  if (list !== undefined) return <TablePage key={list.name} def={list} />;
  return <Nowhere word="nav.nowhere" hint="nav.nowhere_hint" />;
}
