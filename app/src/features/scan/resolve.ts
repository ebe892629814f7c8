/** What a code that was scanned or typed means to this phone, and where it leads. */
import { signal } from "@preact/signals";
import type { Card } from "../../ledger/card";
import { phone } from "../here";

/** The card that opened a door last: its check is shown there. */
export const cardSeen = signal<{ door: string; state: "good" | "revoked" | "older"; card: Card } | null>(null);

export type Meaning =
  | { is: "door"; id: string }
  | { is: "bad_card"; state: "foreign" | "revoked" | "older" | "unknown"; door: string | null; card: Card | null }
  | { is: "tube"; id: string }
  | { is: "new_tube"; code: string }
  | { is: "box"; id: string; code: string; device: string }
  | { is: "device"; device: string; box: string };

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
/** What one phone shows another at a handover. The code may be anything; it is escaped. */
export const boxText = (box: string, code: string, device: string): string => `doorward:box/${box}/${device}/${encodeURIComponent(code)}`;
export const deviceText = (device: string, box: string): string => `doorward:device/${device}/${box}`;
const BOX = new RegExp(`^doorward:box/(${UUID})/(${UUID})/(.+)$`);
const DEVICE = new RegExp(`^doorward:device/(${UUID})/(${UUID})$`);
/** A card's token: much longer than any tube's code. */
const CARD_LETTERS = 60;

const plain = (code: string): string => code.trim().replace(/\s+/g, "").toUpperCase();
export const sameCode = (a: string, b: string): boolean => plain(a) === plain(b);

export async function meaning(scanned: string): Promise<Meaning> {
  const text = scanned.trim();
  const box = BOX.exec(text);
  if (box !== null) return { is: "box", id: box[1]!, device: box[2]!, code: decodeURIComponent(box[3]!) };
  const device = DEVICE.exec(text);
  if (device !== null) return { is: "device", device: device[1]!, box: device[2]! };
  const tube = phone().tubes().find((one) => sameCode(one.code, text));
  if (tube !== undefined) return { is: "tube", id: tube.id };
  const door = phone().doorByCode(text);
  if (door !== null) return { is: "door", id: door.door.id };
  const checked = await phone().checkCard(text);
  if (checked.state === "good") {
    cardSeen.value = { door: checked.door.door.id, state: "good", card: checked.card };
    return { is: "door", id: checked.door.door.id };
  }
  if (checked.state === "foreign" && text.length < CARD_LETTERS && (phone().round.value?.capacity ?? 0) > 0) return { is: "new_tube", code: plain(text) };
  const known = checked.card === null ? null : phone().door(checked.card.door);
  if (known !== null && checked.card !== null && (checked.state === "revoked" || checked.state === "older")) cardSeen.value = { door: known.door.id, state: checked.state, card: checked.card };
  return { is: "bad_card", state: checked.state, door: known?.door.id ?? null, card: checked.card };
}
