/** A link that is good once, to be given to somebody: shown, copied, scanned. */
import { signal } from "@preact/signals";
import type { Link } from "../../api/api";
import { Dialog, Note, tell } from "../../ui/parts";
import { t } from "../../words";
import { Countdown } from "../base/countdown";
import { Qr } from "../base/qr";

const shown = signal<Link | null>(null);
export const showLink = (link: Link): void => {
  shown.value = link;
};

export function LinkWindow() {
  const link = shown.value;
  if (link === null) return null;
  const close = () => (shown.value = null);
  return (
    <Dialog title={t("accounts.link")} onClose={close}>
      {link.url === null ? (
        <Note tone="warn">{t("accounts.link_none")}</Note>
      ) : (
        <>
          <p>{t("accounts.link_give")}</p>
          <Qr text={link.url} label={t("accounts.link")} />
          <code class="mono wrap-any">{link.url}</code>
          <p>{t("accounts.link_until")} <Countdown until={link.until} /></p>
          <button type="button" class="button main" onClick={() => void navigator.clipboard?.writeText(link.url!).then(() => tell(t("say.copied")))}>{t("do.copy")}</button>
        </>
      )}
    </Dialog>
  );
}
