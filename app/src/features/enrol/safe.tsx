/** Over plain HTTP the browser gives no camera and keeps no app: said in plain words, with the way out. */
import { secure } from "../../base/crypt";
import { t } from "../../words";

export const Unsafe = () =>
  secure() ? null : (
    <section class="note warn stack" role="status">
      <strong>{t("field.unsafe.title")}</strong>
      <span>{t("field.unsafe.missing")}</span>
      <ol>
        <li>{t("field.unsafe.one")} <a href="/api/v1/authority" download>{t("field.unsafe.get")}</a></li>
        <li>{t("field.unsafe.two")}</li>
        <li>{t("field.unsafe.three")} <a href={`https://${location.host}/${location.hash}`}>{t("field.unsafe.https")}</a></li>
      </ol>
      <span>{t("field.unsafe.go_on")}</span>
    </section>
  );
