/** People, doors, households. */
import { cardsRevoke, doorsAdd, doorsList, householdsList, personsAdd, personsList, type Door, type DoorNew, type Household, type Person, type PersonNew } from "../../api/api";
import { Note, Tag } from "../../ui/parts";
import { coded, t } from "../../words";
import { areaById, areaOptions, areas } from "../base/areas";
import { AskButton, said, type Question } from "../base/form";
import { page, whole } from "../base/reading";
import { Facts } from "../base/shown";
import { api, may } from "../session/session";
import { facts, mono, named, place, text } from "../tables/columns";
import type { Column, TableDef } from "../tables/table";
import { birth, PersonPanel, sex } from "./person_panel";

const newPerson = (then: () => void, door?: string): Question => ({
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
  send: (values) => personsAdd(api(), { how: values["how"] as NonNullable<PersonNew["how"]>, even_so: values["even_so"] === "yes", ...said(values, "name", "document", "phone", "note"), ...(door === undefined ? {} : { door }) }),
  then,
});

const PersonAdd = ({ then, door }: { then: () => void; door?: string }) => (may("register.write") ? <AskButton of={newPerson(then, door)}>{t("persons.add")}</AskButton> : null);

export const persons: TableDef<Person> = {
  ...named("persons"),
  may: "register.read",
  table: "people",
  id: (row) => row.id,
  page: page(personsList),
  filters: [
    { name: "find", label: "persons.find", type: "find" },
    { name: "area", label: "col.area", type: "area" },
    { name: "door", label: "persons.one_door", type: "only" },
  ],
  columns: [
    text("name", "col.name", (row) => row.name, 7, { narrow: "head" }),
    place("place", "col.place", (row) => row.place, (row) => row.door, 18),
    text("sex", "col.sex", (row) => sex(row.sex), 5, { narrow: "off" }),
    text("birth", "col.birth", (row) => birth(row.birth), 8, { narrow: "off" }),
    mono("document", "col.document", (row) => row.document, 13, { narrow: "off" }),
    mono("phone", "col.phone", (row) => row.phone, 10),
    text("gone", "person.gone", (row) => (row.gone ? t("say.yes") : ""), 5, { cell: (row) => (row.gone ? <Tag>{t("person.gone")}</Tag> : ""), narrow: "side" }),
  ],
  head: (again) => <PersonAdd then={again} />,
  open: (row, again) => <PersonPanel id={row.id} again={again} />,
};

const isBuilding = (code: string): boolean => ["building", "factory"].includes(areas.value.byCode.get(code)?.kind ?? "");

const newDoor = (then: () => void): Question => ({
  title: t("doors.add"),
  blanks: [
    { name: "building", label: t("doors.building"), type: "area", must: true, options: async () => (await areaOptions()).filter((one) => isBuilding(one.value)) },
    { name: "kind", label: t("col.kind"), type: "choice", must: true, value: "flat", options: (["flat", "room", "shop", "dormitory", "factory_gate"] as const).map((one) => ({ value: one, label: coded("door", one) })) },
    { name: "unit", label: t("col.unit"), max: 32 },
    { name: "floor", label: t("col.floor"), max: 32 },
    { name: "room", label: t("col.room"), max: 64 },
    { name: "name", label: t("col.label"), max: 200 },
  ],
  yes: t("do.add"),
  done: t("doors.added"),
  send: (values) => doorsAdd(api(), { building: values["building"]!, kind: values["kind"] as NonNullable<DoorNew["kind"]>, ...said(values, "unit", "floor", "room", "name") }),
  then,
});

const cardEnd = (door: Door, then: () => void): Question => ({
  title: t("doors.card_revoke", { door: door.code }),
  say: t("doors.card_revoke_say"),
  blanks: [{ name: "reason", label: t("form.reason"), max: 500 }],
  yes: t("doors.card_revoke_go"),
  bad: true,
  done: t("doors.card_revoked"),
  send: (values) => cardsRevoke(api(), door.id, said(values, "reason"), { version: door.version }),
  then,
});

/** Where one goes from a door. */
const DoorWays = ({ door }: { door: string }) => (
  <>
    <a class="button" href={`#/persons?door=${door}`}>{t("doors.people")}</a>
    <a class="button" href={`#/map?door=${door}`}>{t("door.on_map")}</a>
  </>
);

const doorColumns: Column<Door>[] = [
  place("code", "col.door", (row) => row.code, (row) => row.id, 10, { narrow: "head" }),
  text("kind", "col.kind", (row) => coded("door", row.kind), 7, { narrow: "side" }),
  text("area", "col.building", (row) => areaById(row.area), 16),
  text("unit", "col.unit", (row) => row.unit, 5, { rare: true }),
  text("floor", "col.floor", (row) => row.floor, 5),
  text("room", "col.room", (row) => row.room, 6),
  text("name", "col.label", (row) => row.name, 10),
  text("card", "col.card", (row) => (row.card === null ? t("doors.no_card") : t("doors.card_n", { n: row.card })), 6, { cell: (row) => (row.card === null ? <Tag tone="warn">{t("doors.no_card")}</Tag> : t("doors.card_n", { n: row.card })), by: (row) => row.card ?? "", narrow: "off" }),
];

export const doors: TableDef<Door> = {
  ...named("doors"),
  may: "register.read",
  table: "doors",
  id: (row) => row.id,
  page: page(doorsList),
  filters: [{ name: "area", label: "col.area", type: "area" }],
  columns: doorColumns,
  head: (again) => may("register.write") && <AskButton of={newDoor(again)}>{t("doors.add")}</AskButton>,
  open: (row, again) => (
    <>
      <h2>{row.code}</h2>
      <Facts facts={facts(doorColumns, row, "code")} />
      <div class="row wrap">
        <DoorWays door={row.id} />
        <PersonAdd then={again} door={row.id} />
        {may("card.write") && row.card !== null && <AskButton of={cardEnd(row, again)} kind="bad" />}
      </div>
    </>
  ),
};

/** A household is a line of its door: the list of doors gives it a name. */
const doorCodes = new Map<string, string>();
const doorOf = (row: Household): string => doorCodes.get(row.door) ?? "";

const householdColumns: Column<Household>[] = [
  place("door", "col.door", doorOf, (row) => row.door, 14, { narrow: "head" }),
  text("kind", "col.kind", (row) => coded("household", row.kind), 8, { narrow: "side" }),
];

export const households: TableDef<Household> = {
  ...named("households"),
  may: "register.read",
  table: "households",
  id: (row) => row.id,
  page: async (asking, cursor, limit, signal) => {
    if (cursor === undefined) for (const door of await whole(doorsList, { fields: "id,code" }, signal)) doorCodes.set(door.id, door.code);
    return page(householdsList)(asking, cursor, limit, signal);
  },
  columns: householdColumns,
  open: (row) => (
    <>
      <h2>{doorOf(row) || t("households.title")}</h2>
      <Facts facts={facts(householdColumns, row, "door")} />
      <Note>{t("households.people_hint")}</Note>
      <div class="row wrap">
        <DoorWays door={row.door} />
      </div>
    </>
  ),
};
