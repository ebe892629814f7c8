/** Over plain HTTP the browser gives no camera and keeps no app: said in plain words, with the way out. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { secure } from "../../base/crypt";
import { t } from "../../words";

/** Whether the server vouches for a secure address of its own; without one there is nothing that a phone could install. */
const vouches = signal(false);

async function ask(): Promise<void> {
  try {
    vouches.value = (await fetch("/api/v1/authority", { credentials: "omit" })).ok;
  } catch {
    /* no network: somebody else has to be asked in either case */
  }
}

export function Unsafe() {
  useEffect(() => void (secure() || ask()), []);
  if (secure()) return null;
  return (
    <section class="note warn stack" role="status">
      <strong>{t("field.unsafe.title")}</strong>
      <span>{t("field.unsafe.missing")}</span>
      {vouches.value ? (
        <ol>
          <li>{t("field.unsafe.one")} <a href="/api/v1/authority" download>{t("field.unsafe.get")}</a></li>
          <li>{t("field.unsafe.two")}</li>
          <li>{t("field.unsafe.three")} <a href={`https://${location.host}/${location.hash}`}>{t("field.unsafe.https")}</a></li>
        </ol>
      ) : <span>{t("field.unsafe.ask")}</span>}
      <span>{t("field.unsafe.go_on")}</span>
    </section>
  );
}
