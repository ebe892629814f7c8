/** The areas of this desk, loaded once and kept until the register changes: names for codes, and lists to choose from. */
import { signal } from "@preact/signals";
import { areasList, membersList, type Area } from "../../api/api";
import { language } from "../../words";
import { may, me } from "../session/session";
import type { Option } from "./form";
import { whole } from "./reading";

export interface Areas {
  all: Area[];
  byId: Map<string, Area>;
  byCode: Map<string, Area>;
}
const none: Areas = { all: [], byId: new Map(), byCode: new Map() };
export const areas = signal<Areas>(none);
let loading: Promise<void> | null = null;

export function loadAreas(afresh = false): Promise<void> {
  if (afresh) loading = null;
  loading ??= (async () => {
    if (!may("area.read")) return;
    const all = await whole(areasList);
    areas.value = { all, byId: new Map(all.map((one) => [one.id, one])), byCode: new Map(all.map((one) => [one.code, one])) };
  })().catch(() => {
    loading = null;
  });
  return loading;
}

me.subscribe((who) => {
  if (who !== null) return;
  areas.value = none;
  loading = null;
});

/** What people call it: "1-1-3 南明巷4号", "第1网格". */
export function areaName(area: Area | undefined): string {
  if (area === undefined) return "";
  const name = area.name !== "" ? area.name : area.address;
  if (area.kind === "building" || area.kind === "factory") return name === "" || name === area.code ? area.code : `${area.code} ${name}`;
  return name === "" ? area.code : name;
}
export const areaById = (id: string | null): string => (id === null ? "" : areaName(areas.value.byId.get(id)));
export const areaByCode = (code: string): string => {
  const area = areas.value.byCode.get(code);
  return area === undefined ? code : areaName(area);
};

export async function areaOptions(): Promise<Option[]> {
  await loadAreas();
  return areas.value.all.map((area) => ({ value: area.code, label: areaName(area) }));
}

export async function memberOptions(): Promise<Option[]> {
  const out = (await whole(membersList)).map((one) => ({ value: one.id, label: one.name === null ? "？" : `${one.name}${one.phone === null ? "" : ` ${one.phone}`}` }));
  return out.sort((a, b) => a.label.localeCompare(b.label, language.value === "zh" ? "zh-CN" : "en"));
}

/** Members by number, for lists that name them. */
const names = signal<Map<string, string>>(new Map());
let asked = false;
export function memberName(id: string | null): string {
  if (id === null) return "";
  if (!asked && may("member.read")) {
    asked = true;
    whole(membersList).then((all) => {
      names.value = new Map(all.flatMap((one) => (one.name === null ? [] : [[one.id, one.name]])));
    }, () => undefined);
  }
  return names.value.get(id) ?? "";
}
export const forgetNames = (): void => {
  asked = false;
};
