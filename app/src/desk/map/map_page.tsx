import { Empty } from "../../ui/parts";
import { t } from "../../words";

export const MapPage = () => <Empty hint={t("nav.nowhere_hint")}>{t("nav.map")}</Empty>;
