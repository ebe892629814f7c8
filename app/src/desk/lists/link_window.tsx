/** A link that is good once, to be given to somebody: shown, copied, scanned. */
import { signal } from "@preact/signals";
import type { Link } from "../../api/api";
import { Dialog, Note } from "../../ui/parts";
import { t } from "../../words";
import { Countdown } from "../base/countdown";
import { Qr } from "../base/qr";
import { CopyText } from "../base/shown";

const shown = signal<Link | null>(null);
export const showLink = (link: Link): void => {
  shown.value = link;
};

export function LinkWindow() {
  const link = shown.value;
  if (link === null) return null;
  return (
    <Dialog title={t("accounts.link")} onClose={() => (shown.value = null)}>
      {link.url === null ? (
        <Note tone="warn">{t("accounts.link_none")}</Note>
      ) : (
        <>
          <p>{t("accounts.link_give")}</p>
          <Qr text={link.url} label={t("accounts.link")} />
          <CopyText text={link.url} label={t("accounts.link")} />
          <p>{t("accounts.link_until")} <Countdown until={link.until} /></p>
        </>
      )}
    </Dialog>
  );
}
