/** A door, one click from the map. */
import { t } from "../../words";
import { may } from "../session/session";

export const DoorLink = ({ door, children }: { door: string | null; children?: string }) =>
  door === null || !may("area.read") ? <>{children ?? ""}</> : (
    <a href={`#/map?door=${door}`} title={t("door.on_map")}>
      {children ?? t("door.on_map")}
    </a>
  );
