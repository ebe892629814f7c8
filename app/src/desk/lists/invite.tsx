/** A phone is invited: a code to be scanned, as large as the screen allows, while the time runs. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { devicesInvite, devicesList, type Invite } from "../../api/api";
import { Dialog, Note } from "../../ui/parts";
import { t } from "../../words";
import { memberOptions } from "../base/areas";
import { Countdown } from "../base/countdown";
import { ask } from "../base/form";
import { Qr } from "../base/qr";
import { api } from "../session/session";

interface Shown {
  invite: Invite;
  name: string;
  member: string;
  /** phones of this member before */
  before: number;
  state: "open" | "over" | "enrolled";
  after: () => void;
}
const shown = signal<Shown | null>(null);

async function phones(member: string): Promise<number> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await devicesList(api(), { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    count += page.items.filter((device) => device.kind === "phone" && device.member === member).length;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return count;
}

export function askInvite(then: () => void, member?: string): void {
  ask({
    title: t("devices.invite"),
    say: t("devices.invite_say"),
    blanks: [
      { name: "member", label: t("col.member"), type: "choice", must: true, options: memberOptions, value: member ?? "" },
      { name: "name", label: t("devices.name"), must: true, hint: t("devices.name_hint") },
      { name: "minutes", label: t("devices.minutes"), type: "choice", must: true, value: "10", options: ["5", "10", "30", "60"].map((one) => ({ value: one, label: t("say.minutes", { n: one }) })) },
    ],
    yes: t("devices.invite_go"),
    send: async (values) => {
      const before = await phones(values["member"]!);
      const invite = await devicesInvite(api(), { member: values["member"]!, name: values["name"]!, minutes: Number(values["minutes"]) });
      return { invite, name: values["name"]!, member: values["member"]!, before, state: "open", after: then } satisfies Shown;
    },
    then: (answer) => {
      shown.value = answer as Shown;
    },
  });
}

export function InviteWindow() {
  const now = shown.value;
  useEffect(() => {
    if (now === null || now.state !== "open") return;
    const look = setInterval(() => {
      void phones(now.member).then((count) => {
        if (count > now.before && shown.value === now) {
          shown.value = { ...now, state: "enrolled" };
          now.after();
        }
      }, () => undefined);
    }, 3000);
    return () => clearInterval(look);
  }, [now]);
  if (now === null) return null;
  const url = `${location.origin}/#enrol=${now.invite.invite}`;
  return (
    <Dialog title={t("devices.invite_title", { name: now.name })} onClose={() => (shown.value = null)}>
      {now.state === "open" && (
        <div class="invite stack">
          <p>{t("devices.scan")}</p>
          <Qr text={url} label={t("devices.qr")} />
          <p class="big-count">
            {t("devices.left")} <Countdown until={now.invite.until} onOver={() => { if (shown.value?.state === "open") shown.value = { ...shown.value, state: "over" }; }} />
          </p>
          {location.hostname === "localhost" && <Note tone="warn">{t("devices.localhost")}</Note>}
        </div>
      )}
      {now.state === "over" && <Note tone="warn">{t("devices.over")}</Note>}
      {now.state === "enrolled" && <Note tone="good">{t("devices.enrolled", { name: now.name })}</Note>}
      <div class="row wrap dialog-do">
        {now.state === "over" && <button type="button" class="button main" onClick={() => { shown.value = null; askInvite(now.after, now.member); }}>{t("devices.invite_again")}</button>}
        <button type="button" class="button" onClick={() => (shown.value = null)}>{t("do.close")}</button>
      </div>
    </Dialog>
  );
}
