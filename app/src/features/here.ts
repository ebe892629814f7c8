/** The phone that all screens of this page look at, and the one way by which they record. */
import { signal } from "@preact/signals";
import type { DoorView, OwnEntry, Phone } from "../field/phone";
import type { Draft } from "../ledger/entry";
import { coded, t, type Word } from "../words";

let current: Phone | null = null;
export const usePhone = (phone: Phone): void => void (current = phone);
export const phone = (): Phone => current!;

/** The phone, and the component that asks is drawn again when anything on it changed. */
export function seen(): Phone {
  void current!.version.value;
  return current!;
}

/** Where a door is, told to somebody who does not stand in its building. */
export const placeText = (view: DoorView): string => `${phone().areaText(view.area)} ${phone().doorText(view.door)}`.trim();

/** What kept the last record from the disk. It stays on the screen until somebody has read it. */
export const trouble = signal<Word | null>(null);

const why = (error: unknown): string => (error instanceof Error ? ((error as { code?: string }).code ?? error.message) : String(error));

export function reason(error: unknown): Word {
  const code = why(error);
  return code.includes("full") ? "field.trouble.full" : code.includes("elsewhere") ? "field.trouble.elsewhere" : "field.trouble.other";
}

/** null: nothing was recorded, and the screen says why; what was tapped in stays where it is. */
export async function keep(...drafts: Draft[]): Promise<OwnEntry[] | null> {
  try {
    const own = await phone().record(...drafts);
    trouble.value = null;
    return own;
  } catch (error) {
    trouble.value = reason(error);
    return null;
  }
}

/** "已采", "sampled": what the round at work does with people. */
export const didWord = (kind?: string): string => coded("field.did", kind ?? phone().round.value?.kind ?? "visit") || t("state.done");

export const roundTitle = (): string => {
  const round = phone().round.value;
  return round === null ? t("field.home.no_round") : t("round.title", { n: round.number, kind: coded("round", round.kind) });
};
