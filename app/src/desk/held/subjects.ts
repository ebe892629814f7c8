/** Names for the ids that an entry speaks of: nobody reads ids. */
import { signal } from "@preact/signals";
import { doorsList, personsShow, roundsList } from "../../api/api";
import { t } from "../../words";
import { roundTitle } from "../board/board_page";
import { whole } from "../base/reading";
import { api } from "../session/session";

const names = signal<ReadonlyMap<string, string>>(new Map());
const asked = new Set<string>();
const put = (id: string, name: string): void => {
  names.value = new Map(names.value).set(id, name);
};
const isId = (text: unknown): text is string => typeof text === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(text);

async function look(field: string, id: string): Promise<void> {
  if (field === "round") {
    for (const round of (await roundsList(api(), { limit: 1000 })).items) put(round.id, roundTitle(round));
  } else if (field === "person") {
    const person = await personsShow(api(), id);
    put(id, `${person.name} ${person.place}`);
  } else if (field === "door") {
    for (const door of await whole(doorsList, { fields: "id,code" })) put(door.id, door.code);
  }
}

/** The name of what a field points to; null: it is no pointer. */
export function subject(field: string, value: unknown): string | null {
  if (!isId(value)) return null;
  const known = names.value.get(value);
  if (known !== undefined) return known;
  if (!asked.has(value)) {
    asked.add(value);
    look(field, value).catch(() => undefined);
  }
  return t("held.someone");
}

/** What an entry is on, by its kind. */
export const onField = (kind: string): string => (kind === "visit" || kind === "door.set" ? "door" : kind === "person.set" || kind === "stay.end" || kind === "round.add" ? "person" : "");
