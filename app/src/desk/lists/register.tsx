/** People, doors, households. */
import { cardsRevoke, doorsAdd, doorsList, householdsList, personsAdd, personsList, type Door, type Household, type Made, type Person, type PersonNew } from "../../api/api";
import { Note, Tag } from "../../ui/parts";
import { coded, t } from "../../words";
import { areaById, areaOptions, areas } from "../base/areas";
import { DoorLink } from "../base/door_link";
import { ask, said } from "../base/form";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import type { TableDef } from "../tables/table";
import { birth, PersonPanel, sex } from "./person_panel";

export function askPerson(then: () => void, door?: string): void {
  ask({
    title: t("persons.add"),
    say: <p class="soft small">{t("persons.add_say")}</p>,
    blanks: [
      { name: "name", label: t("col.name"), must: true },
      { name: "document", label: t("col.document") },
      { name: "phone", label: t("col.phone") },
      { name: "how", label: t("col.how"), type: "choice", must: true, value: "found", options: (["found", "arrived", "none"] as const).map((one) => ({ value: one, label: t(`persons.how_${one}`) })) },
      { name: "note", label: t("col.note"), type: "long" },
      { name: "even_so", label: t("persons.even_so"), type: "tick" },
    ],
    yes: t("do.add"),
    done: t("persons.added"),
    send: (values) => {
      const body: PersonNew = { name: values["name"]!, how: values["how"] as "found", even_so: values["even_so"] === "yes" };
      for (const key of ["document", "phone", "note"] as const) if (said(values, key) !== undefined) body[key] = values[key]!;
      if (door !== undefined) body.door = door;
      return personsAdd(api(), body);
    },
    then,
  });
}

export const persons: TableDef<Person> = {
  name: "persons",
  may: "register.read",
  title: "persons.title",
  hint: "persons.hint",
  none: "persons.none",
  none_hint: "persons.none_hint",
  table: "people",
  id: (row) => row.id,
  page: (asking, cursor, limit, signal) => personsList(api(), { ...asking, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  filters: [
    { name: "find", label: "persons.find", type: "find" },
    { name: "area", label: "col.area", type: "area" },
    { name: "door", label: "persons.one_door", type: "only" },
  ],
  columns: [
    { key: "name", title: "col.name", text: (row) => row.name, width: 7, narrow: "head" },
    { key: "place", title: "col.place", text: (row) => row.place, cell: (row) => <DoorLink door={row.door}>{row.place}</DoorLink>, width: 18 },
    { key: "sex", title: "col.sex", text: (row) => sex(row.sex), width: 5, narrow: "off" },
    { key: "birth", title: "col.birth", text: (row) => birth(row.birth), width: 8, narrow: "off" },
    { key: "document", title: "col.document", text: (row) => row.document, cell: (row) => <span class="mono">{row.document}</span>, width: 13, narrow: "off" },
    { key: "phone", title: "col.phone", text: (row) => row.phone, cell: (row) => <span class="mono">{row.phone}</span>, width: 10 },
    { key: "gone", title: "person.gone", text: (row) => (row.gone ? t("say.yes") : ""), cell: (row) => (row.gone ? <Tag>{t("person.gone")}</Tag> : ""), width: 5, narrow: "side" },
  ],
  head: (again) => may("register.write") && <button type="button" class="button" onClick={() => askPerson(again)}>{t("persons.add")}</button>,
  open: (row, again) => <PersonPanel id={row.id} again={again} />,
};

export function askDoor(then: () => void): void {
  ask({
    title: t("doors.add"),
    blanks: [
      { name: "building", label: t("doors.building"), type: "area", must: true, options: async () => (await areaOptions()).filter((one) => { const kind = areas.value.byCode.get(one.value)?.kind; return kind === "building" || kind === "factory"; }) },
      { name: "kind", label: t("col.kind"), type: "choice", must: true, value: "flat", options: (["flat", "room", "shop", "dormitory", "factory_gate"] as const).map((one) => ({ value: one, label: coded("door", one) })) },
      { name: "unit", label: t("col.unit"), max: 32 },
      { name: "floor", label: t("col.floor"), max: 32 },
      { name: "room", label: t("col.room"), max: 64 },
      { name: "name", label: t("col.label"), max: 200 },
    ],
    yes: t("do.add"),
    done: t("doors.added"),
    send: (values) => {
      const body: Record<string, string> = { building: values["building"]!, kind: values["kind"]! };
      for (const key of ["unit", "floor", "room", "name"]) if (said(values, key) !== undefined) body[key] = values[key]!;
      return doorsAdd(api(), body as unknown as Parameters<typeof doorsAdd>[1]);
    },
    then: (made) => { void (made as Made); then(); },
  });
}

function DoorPanel({ door, again }: { door: Door; again: () => void }) {
  const revoke = () =>
    ask({ title: t("doors.card_revoke", { door: door.code }), say: t("doors.card_revoke_say"), blanks: [{ name: "reason", label: t("form.reason"), max: 500 }], yes: t("doors.card_revoke_go"), bad: true, done: t("doors.card_revoked"),
      send: (values) => cardsRevoke(api(), door.id, said(values, "reason") === undefined ? {} : { reason: values["reason"]! }, { version: door.version }), then: again });
  return (
    <>
      <h2>{door.code}</h2>
      <Facts facts={[["col.kind", coded("door", door.kind)], ["col.building", areaById(door.area)], ["col.unit", door.unit], ["col.floor", door.floor], ["col.room", door.room], ["col.label", door.name], ["col.card", door.card === null ? t("doors.no_card") : t("doors.card_n", { n: door.card })]]} />
      <div class="row wrap">
        <a class="button" href={`#/persons?door=${door.id}`}>{t("doors.people")}</a>
        <a class="button" href={`#/map?door=${door.id}`}>{t("door.on_map")}</a>
        {may("register.write") && <button type="button" class="button" onClick={() => askPerson(again, door.id)}>{t("persons.add")}</button>}
        {may("card.write") && door.card !== null && <button type="button" class="button bad" onClick={revoke}>{t("doors.card_revoke_go")}</button>}
      </div>
    </>
  );
}

export const doors: TableDef<Door> = {
  name: "doors",
  may: "register.read",
  title: "doors.title",
  none: "doors.none",
  none_hint: "doors.none_hint",
  table: "doors",
  id: (row) => row.id,
  page: (asking, cursor, limit, signal) => doorsList(api(), { ...asking, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  filters: [{ name: "area", label: "col.area", type: "area" }],
  columns: [
    { key: "code", title: "col.door", text: (row) => row.code, cell: (row) => <DoorLink door={row.id}>{row.code}</DoorLink>, width: 10, narrow: "head" },
    { key: "kind", title: "col.kind", text: (row) => coded("door", row.kind), width: 6, narrow: "side" },
    { key: "area", title: "col.building", text: (row) => areaById(row.area), width: 16 },
    { key: "unit", title: "col.unit", text: (row) => row.unit, width: 5, rare: true },
    { key: "floor", title: "col.floor", text: (row) => row.floor, width: 5 },
    { key: "room", title: "col.room", text: (row) => row.room, width: 6 },
    { key: "name", title: "col.label", text: (row) => row.name, width: 10 },
    { key: "card", title: "col.card", text: (row) => (row.card === null ? "" : String(row.card)), cell: (row) => (row.card === null ? <Tag tone="warn">{t("doors.no_card")}</Tag> : t("doors.card_n", { n: row.card })), width: 6, narrow: "off" },
  ],
  head: (again) => may("register.write") && <button type="button" class="button" onClick={() => askDoor(again)}>{t("doors.add")}</button>,
  open: (row, again) => <DoorPanel door={row} again={again} />,
};

/** A household is a line of its door: the list of doors gives it a name. */
const doorCodes = new Map<string, string>();
async function loadDoorCodes(signal: AbortSignal): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await doorsList(api(), { limit: 1000, fields: "id,code", ...(cursor === undefined ? {} : { cursor }) }, { signal });
    for (const door of page.items) doorCodes.set(door.id, door.code);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

export const households: TableDef<Household> = {
  name: "households",
  may: "register.read",
  title: "households.title",
  none: "households.none",
  none_hint: "households.none_hint",
  table: "households",
  id: (row) => row.id,
  page: async (asking, cursor, limit, signal) => {
    if (cursor === undefined) await loadDoorCodes(signal);
    return householdsList(api(), { ...asking, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal });
  },
  columns: [
    { key: "door", title: "col.door", text: (row) => doorCodes.get(row.door) ?? "", cell: (row) => <DoorLink door={row.door}>{doorCodes.get(row.door) ?? ""}</DoorLink>, width: 14, narrow: "head" },
    { key: "kind", title: "col.kind", text: (row) => coded("household", row.kind), width: 8, narrow: "side" },
  ],
  open: (row) => (
    <>
      <h2>{doorCodes.get(row.door) ?? t("households.title")}</h2>
      <Facts facts={[["col.kind", coded("household", row.kind)]]} />
      <Note>{t("households.people_hint")}</Note>
      <div class="row wrap">
        <a class="button" href={`#/persons?door=${row.door}`}>{t("doors.people")}</a>
        <a class="button" href={`#/map?door=${row.door}`}>{t("door.on_map")}</a>
      </div>
    </>
  ),
};
