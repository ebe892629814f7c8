/** Who is missing, by name and door, and what is decided about each. */
import { useMemo } from "preact/hooks";
import { roundsMissing, type Missing } from "../../api/api";
import { Tag, type Tone } from "../../ui/parts";
import { query } from "../../ui/route";
import { coded, number, t } from "../../words";
import { areaByCode } from "../base/areas";
import { DoorLink } from "../base/door_link";
import { Head, Loading } from "../base/shown";
import { PersonPanel } from "../lists/person_panel";
import { liveAreas, round as liveRound } from "../live/live";
import { api, may } from "../session/session";
import type { TableDef } from "../tables/table";
import { TablePage } from "../tables/table_page";
import { RoundChoice, roundTitle } from "./board_page";
import { askDecide, askVisit } from "./round_acts";
import { useRounds } from "./standing";

const reasons = ["none", "away", "nobody_home", "refused", "empty", "moved", "unknown_here"] as const;
const tone = (reason: Missing["reason"]): Tone => (reason === "none" ? "none" : reason === "refused" || reason === "unknown_here" ? "bad" : "warn");

function Acts({ round, person, again }: { round: number; person: Missing; again: () => void }) {
  return (
    <div class="row wrap">
      {may("round.run") && (
        <button type="button" class="button main" onClick={() => askDecide(round, person, again)}>
          {t("missing.decide_go")}
        </button>
      )}
      {may("visit.write") && person.door !== null && (
        <button type="button" class="button" onClick={() => askVisit(round, person, again)}>
          {t("missing.visit_button")}
        </button>
      )}
    </div>
  );
}

const table = (round: number, closed: boolean): TableDef<Missing> => ({
  name: "missing",
  may: "round.read",
  title: "missing.title",
  none: "missing.none",
  none_hint: "missing.none_hint",
  id: (row) => row.id,
  page: (asking, cursor, limit, signal) => roundsMissing(api(), String(round), { ...asking, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  filters: [
    { name: "area", label: "col.area", type: "area" },
    { name: "reason", label: "col.why", type: "choice", options: () => reasons.map((one) => ({ value: one, label: coded("state", one) })) },
  ],
  columns: [
    { key: "name", title: "col.name", text: (row) => row.name, width: 8, narrow: "head" },
    { key: "place", title: "col.place", text: (row) => row.place, cell: (row) => <DoorLink door={row.door}>{row.place}</DoorLink>, width: 20 },
    { key: "reason", title: "col.why", text: (row) => coded("state", row.reason), cell: (row) => <Tag tone={tone(row.reason)}>{coded("state", row.reason)}</Tag>, width: 8, narrow: "side" },
    { key: "phone", title: "col.phone", text: (row) => row.phone, width: 10 },
    { key: "carried", title: "missing.carried", text: (row) => (row.carried ? t("say.yes") : ""), width: 6, narrow: "off" },
  ],
  open: (row, again) => (
    <PersonPanel id={row.id}>
      <p>
        <Tag tone={tone(row.reason)}>{coded("state", row.reason)}</Tag> {row.carried && <Tag>{t("missing.carried")}</Tag>}
      </p>
      {!closed && <Acts round={round} person={row} again={again} />}
    </PersonPanel>
  ),
  ...(closed ? {} : { keys: { d: (row: Missing, again: () => void) => { if (may("round.run")) askDecide(round, row, again); } }, keys_hint: "missing.keys" as const }),
  stirred: () => (liveRound.value?.number === round ? liveAreas.value.get("")?.missing : null),
});

export function MissingPage() {
  const rounds = useRounds();
  const has = query();
  const asked = has.get("round");
  const chosen = asked === null || asked === "0" ? rounds.value?.[0] : rounds.value?.find((round) => String(round.number) === asked);
  const def = useMemo(() => (chosen === undefined ? null : table(chosen.number, chosen.closed)), [chosen?.number, chosen?.closed]);
  if (rounds.value === null) return <Loading />;
  if (chosen === undefined || def === null) return <Head title={t("missing.title")} hint={t("board.none")} />;
  const area = has.get("area");
  const paper = `/api/v1/papers/missing?round=${chosen.number}${area === null ? "" : `&area=${encodeURIComponent(area)}`}`;
  return (
    <div class="table-frame">
      <Head title={t("missing.title")} hint={`${roundTitle(chosen)}${area === null ? "" : ` · ${areaByCode(area)}`} · ${t("missing.count", { n: number(chosen.missing) })}`}>
        <RoundChoice rounds={rounds.value} chosen={chosen.number} />
        {may("document.read") && (
          <a class="button" href={paper} target="_blank" rel="noopener">
            {t("missing.paper")}
          </a>
        )}
      </Head>
      <TablePage def={def} embedded key={chosen.number} />
    </div>
  );
}
