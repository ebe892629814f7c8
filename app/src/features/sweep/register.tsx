/** A door that no list has: which building, what kind, which number; then its people. */
import { useState } from "preact/hooks";
import { newId } from "../../base/ids";
import { Empty, Field, Note, tell } from "../../ui/parts";
import { go, query } from "../../ui/route";
import { coded, t } from "../../words";
import { keep, phone, seen } from "../here";
import { Choices, type Choice } from "../inputs";
import { doorsOf } from "../doors/state";
import { Screen } from "../shell/screen";

const KINDS = ["flat", "room", "shop", "dormitory", "factory_gate"] as const;
type Kind = (typeof KINDS)[number];
const HOUSEHOLDS = ["family", "shared", "dormitory", "shop", "factory"] as const;
const usual: Record<Kind, string> = { flat: "family", room: "shared", shop: "shop", dormitory: "dormitory", factory_gate: "factory" };
const pictures: Record<Kind, Choice["icon"]> = { flat: "home", room: "door", shop: "shop", dormitory: "bed", factory_gate: "factory" };

const floors = (building: string): number => {
  const said = phone().buildings().find((one) => one.area.id === building)?.area.floors;
  return Math.min(40, Math.max(said ?? 6, 1));
};

function Building({ value, set }: { value: string | null; set: (id: string) => void }) {
  const all = phone().buildings();
  if (all.length === 0) return <Empty hint={t("field.home.no_buildings_hint")}>{t("field.home.no_buildings")}</Empty>;
  return (
    <Field label={t("field.register.building")}>
      <select value={value ?? ""} onChange={(event) => set(event.currentTarget.value)}>
        <option value="" disabled>{t("field.register.choose")}</option>
        {all.map((one) => <option key={one.area.id} value={one.area.id}>{phone().areaText(one.area)}</option>)}
      </select>
    </Field>
  );
}

export function Register() {
  seen();
  const [building, setBuilding] = useState<string | null>(query().get("building"));
  const [kind, setKind] = useState<Kind>("flat");
  const [household, setHousehold] = useState<string>("family");
  const [unit, setUnit] = useState("");
  const [floor, setFloor] = useState("");
  const [room, setRoom] = useState("");
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const units = building === null ? [] : [...new Set(doorsOf(building).map((one) => one.door.unit ?? "").filter((one) => one !== ""))];
  const same = building === null || room.trim() === "" ? undefined : doorsOf(building).find((one) => one.door.room === room.trim() && (one.door.unit ?? "") === unit.trim());
  const named = kind === "shop" || kind === "factory_gate";
  const ready = building !== null && (room.trim() !== "" || (named && name.trim() !== "")) && same === undefined;
  const save = async () => {
    setBusy(true);
    const door = newId();
    const said = Object.entries({ unit, floor, room, name }).filter(([, value]) => value.trim() !== "").map(([field, value]) => [field, value.trim()]);
    const own = await keep({ kind: "door.set", on: door, body: { building, kind, ...Object.fromEntries(said) } }, { kind: "household.set", on: newId(), body: { door, kind: household } });
    setBusy(false);
    if (own === null) return;
    tell(t("field.register.saved"));
    go(`/door/${door}`, true);
  };
  return (
    <Screen title={t("field.register.door")} up={building === null ? "/" : `/building/${building}`} foot={<button class="button main tall wide" disabled={!ready || busy} onClick={() => void save()}>{t("field.register.save")}</button>}>
      <Building value={building} set={setBuilding} />
      <Choices label={t("field.register.kind")} big value={kind} onChange={(one) => { setKind(one as Kind); setHousehold(usual[one as Kind]); }} choices={KINDS.map((value) => ({ value, label: coded("door", value), ...(pictures[value] === undefined ? {} : { icon: pictures[value] }) }))} />
      {named && <Field label={t("field.register.name")}><input type="text" maxLength={80} value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>}
      {units.length > 0 && <Choices label={t("field.register.unit")} value={unit} onChange={(one) => setUnit(one === unit ? "" : one)} choices={units.map((one) => ({ value: one, label: one }))} />}
      {building !== null && <Choices label={t("field.register.floor")} value={floor} onChange={(one) => setFloor(one === floor ? "" : one)} choices={Array.from({ length: floors(building) }, (_, at) => ({ value: String(at + 1), label: String(at + 1) }))} />}
      <Field label={t("field.register.room")}><input type="text" maxLength={40} autocomplete="off" value={room} onInput={(event) => setRoom(event.currentTarget.value)} /></Field>
      {same !== undefined && <Note tone="warn"><p>{t("field.register.same")}</p><a class="button small" href={`#/door/${same.door.id}`}>{t("field.register.go_there")}</a></Note>}
      <Choices label={t("field.register.household")} value={household} onChange={setHousehold} choices={HOUSEHOLDS.map((value) => ({ value, label: coded("household", value) }))} />
      <p class="soft small">{t("field.register.then")}</p>
    </Screen>
  );
}
