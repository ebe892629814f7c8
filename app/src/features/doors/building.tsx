/** A building: its doors as they lie above each other. */
import type { DoorView, FloorView } from "../../field/phone";
import { Bar, Empty } from "../../ui/parts";
import { t } from "../../words";
import { phone, seen } from "../here";
import { Icon } from "../icons";
import { useScanGo } from "../scan/go";
import { Screen } from "../shell/screen";
import { doorLook, doorShort, floorText, living, unitText } from "./state";

export const SentMark = ({ sent }: { sent: DoorView["sent"] }) =>
  sent === null ? null : (
    <span class={`sent ${sent}`}>
      <Icon name={sent === "phone" ? "phone" : sent === "held" ? "held" : "sent"} size={16} />
      <span class="unseen">{t(`field.sent.${sent}`)}</span>
    </span>
  );

const Tile = ({ view }: { view: DoorView }) => {
  const look = doorLook(view);
  return (
    <a class={`tile ${look.tone}`} href={`#/door/${view.door.id}`}>
      <span class="row"><strong class="grow">{doorShort(view.door)}</strong><SentMark sent={view.sent} /></span>
      <span class="tile-state"><Icon name={look.icon} size={18} /><span>{look.text}</span></span>
      <span class="small">{view.owed > 0 ? t("field.building.count", { done: view.covered, all: view.owed }) : t("field.history.people", { n: living(view).length })}</span>
    </a>
  );
};

/** Floors of a staircase under each other, as one climbs. */
function Staircase({ unit, floors }: { unit: string; floors: FloorView[] }) {
  const Floor = unit === "" ? "h2" : "h3";
  return (
    <section class="stack tight" aria-label={unit === "" ? t("field.building.whole") : unitText(unit)}>
      {unit !== "" && <h2>{unitText(unit)}</h2>}
      {floors.map((floor) => (
        <div key={floor.floor} class="storey">
          {floor.floor === "" ? <span /> : <Floor class="floor">{floorText(floor.floor)}</Floor>}
          <div class="tiles">{floor.doors.map((view) => <Tile key={view.door.id} view={view} />)}</div>
        </div>
      ))}
    </section>
  );
}

export function Building({ id }: { id: string }) {
  useScanGo();
  const found = seen().building(id);
  if (found === null) return <Screen title={t("field.building.title")} up="/"><Empty hint={t("field.screen.gone_hint")}>{t("field.screen.gone")}</Empty></Screen>;
  const doors = found.floors.flatMap((floor) => floor.doors);
  const owed = doors.reduce((sum, one) => sum + one.owed, 0);
  const covered = doors.reduce((sum, one) => sum + one.covered, 0);
  const name = phone().areaText(found.area);
  return (
    <Screen title={name} tab={t("field.building.title")} sub={found.area.address !== undefined && found.area.address !== name ? found.area.address : undefined} up="/" end={<a class="icon-button" href={`#/register?building=${id}`} aria-label={t("field.register.door")}><Icon name="plus" /></a>}>
      <section class="stack tight">
        <div class="row"><span class="grow">{owed > covered ? t("field.home.left", { n: owed - covered }) : owed > 0 ? t("field.home.all_done") : t("field.building.none_owed")}</span><span>{covered} / {owed}</span></div>
        <Bar done={covered} all={owed} label={t("field.home.bar", { name, done: covered, all: owed })} />
      </section>
      {doors.length === 0 && <Empty hint={t("field.building.no_doors_hint")}>{t("field.building.no_doors")}</Empty>}
      {[...new Set(found.floors.map((floor) => floor.unit))].map((unit) => <Staircase key={unit} unit={unit} floors={found.floors.filter((floor) => floor.unit === unit)} />)}
    </Screen>
  );
}
