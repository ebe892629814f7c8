import { Empty } from "../../ui/parts";
import { t } from "../../words";

export const ReplayPage = () => <Empty hint={t("nav.nowhere_hint")}>{t("nav.replay")}</Empty>;
