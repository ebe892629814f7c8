/** A phone is invited: a code to be scanned, as large as the screen allows, and its link, while the time runs. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { devicesInvite, devicesList, grantsAdd, membersAdd, membersList, type GrantNew, type Invite, type Member } from "../../api/api";
import { Dialog, Note, tell } from "../../ui/parts";
import { t } from "../../words";
import { trouble } from "../base/asked";
import { areaOptions, forgetNames } from "../base/areas";
import { Countdown } from "../base/countdown";
import { ask, said, type Blank, type Values } from "../base/form";
import { whole } from "../base/reading";
import { CopyText } from "../base/shown";
import { Qr } from "../base/qr";
import { api, may } from "../session/session";
import { areaBlank, roleBlank } from "./members";

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

const phones = async (member: string): Promise<number> => (await whole(devicesList)).filter((device) => device.kind === "phone" && device.member === member).length;

/** Somebody whom no list of members has yet. */
const NEW = "new";

/** A phone without a grant stays empty: who has none is given one with the invitation, in the same window. */
function blanks(people: Member[], chosen: string): Blank[] {
  const grants = new Map(people.map((one) => [one.id, one.grants]));
  const needs = (values: Values): boolean => may("member.write") && values["member"] !== "" && (grants.get(values["member"]!) ?? 0) === 0;
  const isNew = (values: Values): boolean => values["member"] === NEW;
  const option = (one: Member) => ({ value: one.id, label: [one.name ?? t("members.forgotten"), one.phone ?? "", one.grants === 0 ? t("devices.without_grant") : ""].filter((text) => text !== "").join(" ") });
  return [
    { name: "member", label: t("col.member"), type: "choice", must: true, options: [...(may("member.write") ? [{ value: NEW, label: t("devices.new_member") }] : []), ...people.map(option)], value: chosen },
    { name: "who", label: t("col.name"), must: true, when: isNew },
    { name: "phone", label: t("col.phone"), max: 32, when: isNew },
    { ...roleBlank(), value: "keeper", hint: t("devices.role_hint"), when: needs },
    { ...areaBlank(), options: areaOptions, when: needs },
    { name: "name", label: t("devices.name"), hint: t("devices.name_hint") },
    { name: "minutes", label: t("devices.minutes"), type: "choice", must: true, value: "10", options: ["5", "10", "30", "60"].map((one) => ({ value: one, label: t("say.minutes", { n: one }) })) },
  ];
}

export async function askInvite(then: () => void, chosen = ""): Promise<void> {
  const people = await whole(membersList).catch((error: unknown) => {
    tell(trouble(error).what);
    return null;
  });
  if (people === null) return;
  let added: string | null = null; // the server may refuse what comes after it
  let granted = false;
  ask({
    title: t("devices.invite"),
    say: t("devices.invite_say"),
    blanks: blanks(people, chosen),
    yes: t("devices.invite_go"),
    send: async (values) => {
      const isNew = values["member"] === NEW;
      if (isNew) added ??= (await membersAdd(api(), { name: values["who"]!, ...said(values, "phone") })).id;
      const member = isNew ? added! : values["member"]!;
      const known = people.find((one) => one.id === member);
      if (may("member.write") && (known?.grants ?? 0) === 0 && !granted) {
        await grantsAdd(api(), { member, role: values["role"] as GrantNew["role"], ...said(values, "area") });
        granted = true;
      }
      const name = said(values, "name").name ?? t("devices.of", { name: known?.name ?? values["who"] ?? "" });
      const before = await phones(member);
      return { invite: await devicesInvite(api(), { member, name, minutes: Number(values["minutes"]) }), name, member, before, state: "open", after: then } satisfies Shown;
    },
    then: (answer) => {
      forgetNames();
      shown.value = answer as Shown;
    },
  });
}

/** Nobody else's phone comes to an address that means "this machine". */
const isHere = (): boolean => ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

function Open({ now }: { now: Shown }) {
  const url = now.invite.url ?? `${location.origin}/#enrol=${now.invite.invite}`;
  const over = () => {
    if (shown.value?.state === "open") shown.value = { ...shown.value, state: "over" };
  };
  return (
    <div class="invite stack">
      <p>{t("devices.scan")}</p>
      <Qr text={url} label={t("devices.qr")} />
      <p class="big-count">
        {t("devices.left")} <Countdown until={now.invite.until} onOver={over} />
      </p>
      <CopyText text={url} label={t("devices.link")} />
      <p class="soft small">{t("devices.link_say")}</p>
      {isHere() && now.invite.url === null && <Note tone="warn">{t("devices.localhost")}</Note>}
    </div>
  );
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
  return (
    <Dialog title={t("devices.invite_title", { name: now.name })} onClose={() => (shown.value = null)}>
      {now.state === "open" && <Open now={now} />}
      {now.state === "over" && <Note tone="warn">{t("devices.over")}</Note>}
      {now.state === "enrolled" && <Note tone="good">{t("devices.enrolled", { name: now.name })}</Note>}
      <div class="row wrap dialog-do">
        {now.state === "over" && <button type="button" class="button main" onClick={() => { shown.value = null; void askInvite(now.after, now.member); }}>{t("devices.invite_again")}</button>}
        <button type="button" class="button" onClick={() => (shown.value = null)}>{t("do.close")}</button>
      </div>
    </Dialog>
  );
}
