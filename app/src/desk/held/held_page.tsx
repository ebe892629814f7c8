/** Entries that wait for a person, one by one: why each waits stands in front, what it says is shown after a reason was given. */
import { devicesList, heldAmend, heldDecide, heldList, heldShow, type Device, type Held, type HeldShown } from "../../api/api";
import { tell, Tag } from "../../ui/parts";
import { go, query } from "../../ui/route";
import { coded, number, t, when } from "../../words";
import { trouble } from "../base/asked";
import { memberName } from "../base/areas";
import { ask, reason } from "../base/form";
import { page, whole } from "../base/reading";
import { Facts } from "../base/shown";
import { held as liveHeld } from "../live/live";
import { api, may } from "../session/session";
import { count, tag, text } from "../tables/columns";
import type { TableDef } from "../tables/table";
import { TablePage } from "../tables/table_page";
import { useState } from "preact/hooks";
import { Amend } from "./amend";
import { Said } from "./said";

const devices = new Map<string, Device>();
let loaded: Held[] = [];

async function loadDevices(signal: AbortSignal): Promise<void> {
  if (!may("device.read")) return;
  for (const one of await whole(devicesList, {}, signal)) devices.set(one.id, one);
}

const phone = (row: Held): string => devices.get(row.device)?.name ?? t("say.unknown");
const owner = (row: Held): string => memberName(devices.get(row.device)?.member ?? null);

/** After one is decided the next one is there, so that a hundred are a hundred keys. */
function onTo(row: Held, again: () => void): void {
  const at = loaded.findIndex((one) => one.seq === row.seq);
  const next = loaded[at + 1] ?? loaded[at - 1];
  if (query().has("open")) go(next === undefined ? "/held" : `/held?open=${next.seq}`, true);
  again();
}

async function accept(row: Held, again: () => void): Promise<void> {
  try {
    await heldDecide(api(), String(row.seq), { decision: "accept" });
    tell(t("held.accepted"));
    onTo(row, again);
  } catch (error) {
    const wrong = trouble(error);
    tell(`${wrong.what} ${wrong.todo}`);
    again();
  }
}

const refuse = (row: Held, again: () => void): void =>
  ask({ title: t("held.void_title", { n: row.n, phone: phone(row) }), say: t("held.void_say"), yes: t("held.void"), bad: true, done: t("held.voided"), send: () => heldDecide(api(), String(row.seq), { decision: "void" }), then: () => onTo(row, again) });

const alike = (row: Held): Held[] => loaded.filter((one) => one.device === row.device && one.reason === row.reason);

function askAll(row: Held, again: () => void): void {
  const rows = alike(row);
  ask({
    title: t("held.all_title", { n: number(rows.length), phone: phone(row) }),
    say: t("held.all_say", { why: coded("held", row.reason) }),
    yes: t("held.all_go", { n: number(rows.length) }),
    done: t("held.accepted"),
    send: async () => {
      for (const one of rows) await heldDecide(api(), String(one.seq), { decision: "accept" });
    },
    then: () => {
      go("/held", true);
      again();
    },
  });
}

function HeldPanel({ row, again }: { row: Held; again: () => void }) {
  const [shown, show] = useState<HeldShown | null>(null);
  const [amends, turn] = useState(false);
  const whole = may("entry.decide", true);
  const same = alike(row).length;
  const reveal = (then: (shown: HeldShown) => void) =>
    ask({ title: t("held.reveal"), say: t("held.reveal_say"), blanks: [reason()], yes: t("person.reveal_go"), send: (values) => heldShow(api(), String(row.seq), { reason: values["reason"]! }), then: (answer) => { show(answer as HeldShown); then(answer as HeldShown); } });
  return (
    <>
      <div class="why">
        <Tag tone="warn">{coded("held", row.reason)}</Tag>
        <p>{coded("held.why", row.reason)}</p>
      </div>
      <Facts facts={[["devices.one", phone(row)], ["col.member", owner(row)], ["held.number", t("held.number_n", { n: number(row.n) })], ["col.when", when(shown?.at)]]} />
      {shown === null ? (
        whole && <button type="button" class="button" onClick={() => reveal(() => undefined)}>{t("held.reveal_go")}</button>
      ) : amends ? (
        <Amend shown={shown} cancel={() => turn(false)} send={async (body) => { await heldAmend(api(), String(row.seq), { body }); tell(t("held.amended")); onTo(row, again); }} />
      ) : (
        <Said shown={shown} />
      )}
      {!amends && (
        <div class="row wrap">
          <button type="button" class="button main" onClick={() => void accept(row, again)}>{t("held.accept")} <kbd>a</kbd></button>
          <button type="button" class="button bad" onClick={() => refuse(row, again)}>{t("held.void")} <kbd>v</kbd></button>
          {whole && shown?.whole !== false && <button type="button" class="button" onClick={() => (shown === null ? reveal(() => turn(true)) : turn(true))}>{t("held.amend")}</button>}
        </div>
      )}
      {same > 1 && !amends && <button type="button" class="button" onClick={() => askAll(row, again)}>{t("held.all", { n: number(same) })}</button>}
    </>
  );
}

const table: TableDef<Held> = {
  name: "held",
  may: "entry.decide",
  title: "held.title",
  hint: "held.hint",
  none: "held.none_wait",
  none_hint: "held.none_hint",
  table: "held",
  id: (row) => String(row.seq),
  page: async (asking, cursor, limit, signal) => {
    if (cursor === undefined) await loadDevices(signal);
    const some = await page(heldList)(asking, cursor, limit, signal);
    loaded = cursor === undefined ? some.items : loaded.concat(some.items);
    return some;
  },
  columns: [
    tag("reason", "col.why", (row) => coded("held", row.reason), () => "warn", 12, { narrow: "head" }),
    text("device", "devices.one", phone, 10),
    text("member", "col.member", owner, 8),
    count("n", "held.number", (row) => row.n, { width: 5, narrow: "off" }),
    count("seq", "held.seq", (row) => row.seq, { rare: true, narrow: "off" }),
  ],
  open: (row, again) => <HeldPanel key={row.seq} row={row} again={again} />,
  keys: { a: (row, again) => void accept(row, again), v: refuse },
  keys_hint: "held.keys",
  stirred: () => `${liveHeld.value?.last} ${liveHeld.value?.waiting}`,
};

export const HeldPage = () => <TablePage def={table} />;
