/** Whether those who lead this member see where the phone is: off until somebody wants it, and what it does is said before. */
import { Note } from "../../ui/parts";
import { t, when } from "../../words";
import { phone } from "../here";
import { Switch } from "../inputs";

export function Share() {
  const { until, at, trouble } = phone().sharing.value;
  const state = until === null ? t("field.share.off") : at === null ? t("field.share.waiting") : t("field.share.sent", { at: when(at), until: when(until) });
  return (
    <section class="card stack tight">
      <Switch icon="place" label={t("field.share.title")} state={state} on={until !== null} set={(on) => phone().share(on)} />
      {trouble !== null && <Note tone="warn">{t(`field.share.${trouble}`)}</Note>}
      <p class="soft small">{t("field.share.what")}</p>
      <p class="soft small">{t("field.share.ends")}</p>
    </section>
  );
}
