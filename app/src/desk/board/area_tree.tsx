/** Grid, cell, building: how far each is. A tree that opens by arrows; every number leads to the names behind it. */
import { useMemo, useRef, useState } from "preact/hooks";
import type { RoundArea } from "../../api/api";
import { Bar } from "../../ui/parts";
import { number, t } from "../../words";
import { areaById, areas as known } from "../base/areas";
import { share } from "./standing";

interface Node {
  row: RoundArea;
  level: number;
  parent: number | null;
  children: number;
}

/** The list has parents before children; depth says who belongs to whom. */
export function tree(rows: readonly RoundArea[]): Node[] {
  const nodes: Node[] = [];
  const way: number[] = [];
  const base = Math.min(...rows.map((row) => row.depth));
  for (const [at, row] of rows.entries()) {
    while (way.length > 0 && rows[way.at(-1)!]!.depth >= row.depth) way.pop();
    const parent = way.at(-1) ?? null;
    if (parent !== null) nodes[parent]!.children++;
    nodes.push({ row, level: row.depth - base + 1, parent, children: 0 });
    way.push(at);
  }
  return nodes;
}

const nameOf = (row: RoundArea): string => (row.area === null ? t("board.no_place") : areaById(row.area) || row.code);

const Count = ({ n, to, label, tone }: { n: number; to: string; label: string; tone?: string }) =>
  n === 0 ? <span class="soft">0</span> : <a class={tone ?? ""} href={`#${to}`} aria-label={label}>{number(n)}</a>;

function Row({ node, at, open, here, round, chosen, onTurn, onFocus, onKey }: { node: Node; at: number; open: boolean; here: boolean; round: number; chosen: boolean; onTurn: () => void; onFocus: () => void; onKey: (event: KeyboardEvent) => void }) {
  const { row } = node;
  const name = nameOf(row);
  const to = (what: string) => (what === "missing" ? `/missing?round=${round}&area=${row.code}` : `/names/${what}?round=${round}&area=${row.code}`);
  const say = (what: "board.owed" | "board.covered" | "board.missing" | "board.found" | "board.arrived" | "board.recovered", n: number) => `${name} ${t(what)} ${number(n)}`;
  return (
    <tr role="row" aria-level={node.level} aria-expanded={node.children > 0 ? open : undefined} aria-selected={chosen} tabIndex={here ? 0 : -1} data-at={at} class={chosen ? "chosen" : ""}
      onFocus={(event) => event.target === event.currentTarget && onFocus()} onKeyDown={onKey}>
      <th role="rowheader" scope="row" class={`level-${Math.min(5, node.level)}`}>
        {node.children > 0 ? (
          <button type="button" tabIndex={-1} class="turn" aria-label={t(open ? "board.fold" : "board.unfold", { name })} onClick={onTurn}>
            <span aria-hidden="true">{open ? "▾" : "▸"}</span>
          </button>
        ) : (
          <span class="turn" aria-hidden="true" />
        )}
        <a href={`#/?round=${round}&area=${row.code}`} class="area-name">{name}</a>
      </th>
      <td role="gridcell" class="bar-cell">
        <div class="row">
          <Bar done={row.covered} all={row.owed} label={t("board.bar", { name, covered: number(row.covered), owed: number(row.owed) })} />
          <span class="mono percent">{share(row.covered, row.owed)}</span>
        </div>
      </td>
      <td role="gridcell" class="num"><Count n={row.missing} to={to("missing")} label={say("board.missing", row.missing)} tone="bad-number" /></td>
      <td role="gridcell" class="num"><Count n={row.covered} to={to("covered")} label={say("board.covered", row.covered)} /></td>
      <td role="gridcell" class="num wide-only-cell"><Count n={row.owed} to={to("owed")} label={say("board.owed", row.owed)} /></td>
      {(["found", "arrived"] as const).map((what) => (
        <td key={what} role="gridcell" class="num wide-only-cell"><Count n={row[what]} to={to(what)} label={say(`board.${what}`, row[what])} /></td>
      ))}
      <td role="gridcell" class="num wide-only-cell"><Count n={row.recovered} to={to("recovered")} label={say("board.recovered", row.recovered)} /></td>
    </tr>
  );
}

function Columns() {
  return (
    <thead>
      <tr role="row">
        <th role="columnheader" scope="col">{t("col.area")}</th>
        <th role="columnheader" scope="col">{t("board.progress")}</th>
        <th role="columnheader" scope="col" class="num">{t("board.missing")}</th>
        <th role="columnheader" scope="col" class="num">{t("board.covered")}</th>
        <th role="columnheader" scope="col" class="num wide-only-cell">{t("board.owed")}</th>
        <th role="columnheader" scope="col" class="num wide-only-cell">{t("board.found")}</th>
        <th role="columnheader" scope="col" class="num wide-only-cell">{t("board.arrived")}</th>
        <th role="columnheader" scope="col" class="num wide-only-cell">{t("board.recovered")}</th>
      </tr>
    </thead>
  );
}

export function AreaTree({ rows, round, chosen }: { rows: RoundArea[]; round: number; chosen: string | null }) {
  const nodes = useMemo(() => (rows.length === 0 ? [] : tree(rows)), [rows]);
  const [turned, turn] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [here, stand] = useState(0);
  const [left, only] = useState(false);
  const body = useRef<HTMLTableSectionElement>(null);
  void known.value;
  const small = nodes.length <= 40;
  const isOpen = (node: Node) => turned.get(node.row.code) ?? (node.level <= 2 || small);
  const visible: number[] = [];
  const open: boolean[] = [];
  for (const [at, node] of nodes.entries()) {
    const shown = node.parent === null || (open[node.parent] ?? false);
    open[at] = shown && isOpen(node);
    if (shown && (!left || node.row.missing > 0)) visible.push(at);
  }
  const set = (node: Node, on: boolean) => turn(new Map(turned).set(node.row.code, on));
  const focus = (at: number | undefined) => {
    if (at === undefined) return;
    stand(at);
    body.current?.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus();
  };
  const key = (event: KeyboardEvent, at: number) => {
    if (event.target !== event.currentTarget) return;
    const node = nodes[at]!;
    const place = visible.indexOf(at);
    const moves: Record<string, () => void> = {
      ArrowDown: () => focus(visible[place + 1]),
      ArrowUp: () => focus(visible[place - 1]),
      Home: () => focus(visible[0]),
      End: () => focus(visible.at(-1)),
      ArrowRight: () => (node.children > 0 && !open[at] ? set(node, true) : focus(visible[place + 1])),
      ArrowLeft: () => (node.children > 0 && open[at] ? set(node, false) : focus(node.parent ?? undefined)),
      Enter: () => (location.hash = `#/missing?round=${round}&area=${node.row.code}`),
      " ": () => (location.hash = `#/?round=${round}&area=${node.row.code}`),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };
  const stands = visible.includes(here) ? here : visible[0];
  return (
    <section class="card tree" aria-labelledby="tree-title">
      <div class="row wrap">
        <h2 id="tree-title" class="grow">{t("board.areas")}</h2>
        <label class="tick">
          <input type="checkbox" checked={left} onChange={(event) => only(event.currentTarget.checked)} />
          <span>{t("board.only_missing")}</span>
        </label>
        <button type="button" class="button small" onClick={() => turn(new Map(nodes.map((node) => [node.row.code, true])))}>{t("board.unfold_all")}</button>
        <button type="button" class="button small" onClick={() => turn(new Map(nodes.map((node) => [node.row.code, node.level <= 1])))}>{t("board.fold_all")}</button>
      </div>
      <table role="treegrid" aria-labelledby="tree-title">
        <Columns />
        <tbody ref={body}>
          {visible.map((at) => (
            <Row key={nodes[at]!.row.code} node={nodes[at]!} at={at} open={open[at]!} here={at === stands} round={round} chosen={chosen === nodes[at]!.row.code}
              onTurn={() => set(nodes[at]!, !open[at])} onFocus={() => stand(at)} onKey={(event) => key(event, at)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
