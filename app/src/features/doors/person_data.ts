/** A person as a form holds him, and the entries that come of it. */
import type { PersonRecord, RoundRecord } from "../../field/records";
import type { Draft } from "../../ledger/entry";
import { birthday, folded } from "./document";

export const FLAGS = ["alone", "very_old", "disabled", "pregnant", "infant", "dialysis", "chemo", "mental", "hypertension", "diabetes"] as const;
export type Flag = (typeof FLAGS)[number];
/** The register's own words for special groups: data, the same whatever language the phone speaks. */
const FLAG_DATA: Record<Flag, string> = { alone: "独居", very_old: "高龄", disabled: "残疾", pregnant: "孕妇", infant: "婴幼儿", dialysis: "血透", chemo: "放化疗", mental: "精神障碍", hypertension: "高血压", diabetes: "糖尿病" };
export const PAPERS = ["resident", "hkmo", "taiwan", "passport", "none"] as const;

export interface PersonData {
  name: string;
  sex: string | null;
  birth: string;
  paper: string;
  doc: string;
  phone: string;
  flags: Flag[];
  /** what the register says besides, in its own words */
  others: string[];
  /** of whom more groups are known than this member may see: what one finds is noted, for whoever says the groups says them all */
  hidden: boolean;
  note: string;
}

/** Nobody is left out of a list by an empty value, which says nothing: that there is none is said. */
const NONE = "无";

/** The groups that a record names, and words of it that no chip has. */
export function flagsOf(text: string | undefined): Pick<PersonData, "flags" | "others"> {
  const words = (text ?? "").split(/[、，,;；/\s]+/).filter((word) => word !== "" && word !== NONE);
  return { flags: FLAGS.filter((flag) => words.includes(FLAG_DATA[flag])), others: words.filter((word) => !(Object.values(FLAG_DATA) as string[]).includes(word)) };
}
const flagText = ({ flags, others }: Pick<PersonData, "flags" | "others">): string => [...FLAGS.filter((flag) => flags.includes(flag)).map((flag) => FLAG_DATA[flag]), ...others].join("、");

const masked = (text: string | undefined): boolean => text !== undefined && text.includes("*");

/** Masked values are not for amending: their fields begin empty, and empty means as before. */
export const dataOf = (person: PersonRecord | null): PersonData => ({
  name: person?.name ?? "",
  sex: person?.sex ?? null,
  birth: person?.birth ?? "",
  paper: "resident",
  doc: masked(person?.document) ? "" : (person?.document ?? ""),
  phone: masked(person?.phone) ? "" : (person?.phone ?? ""),
  ...flagsOf(person?.flags), hidden: person?.flags_hidden === true, note: "",
});

/** Only what differs from before. */
export function personal(data: PersonData, before: PersonData): Record<string, string> {
  const said: Record<string, string> = {};
  const put = (field: string, now: string, was: string) => {
    if (now !== "" && now !== was) said[field] = now;
  };
  put("name", data.name.trim(), before.name);
  put("sex", data.sex ?? "", before.sex ?? "");
  put("birth", birthday(data.birth) ?? "", birthday(before.birth) ?? "");
  put("doc", folded(data.doc), folded(before.doc));
  if (said["doc"] !== undefined) said["doc_type"] = data.paper;
  put("phone", data.phone.replace(/[\s-]/g, ""), before.phone);
  put("note", data.note.trim(), "");
  if (!data.hidden && flagText(data) !== flagText(before)) said["flags"] = flagText(data) || NONE;
  return said;
}

/** Somebody whom no list has. Who was here at the freeze has lived here at least since then. */
export function newPerson(id: string, data: PersonData, door: string, household: string | undefined, how: "found" | "arrived" | "none", round: RoundRecord | null): Draft[] {
  const body: Record<string, unknown> = { door };
  if (household !== undefined) body["household"] = household;
  if (how === "found" && round !== null) body["from"] = round.freeze;
  const drafts: Draft[] = [{ kind: "person.set", on: id, body, personal: personal(data, dataOf(null)) }];
  if (round !== null && how !== "none") drafts.push({ kind: "round.add", on: id, body: { round: round.id, how, door } });
  return drafts;
}
