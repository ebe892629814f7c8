/**
 * The field phone as the screens see it. field/ implements it (store, sync, register); features/ use it and nothing below it. All signals are
 * preact signals; whatever changes many things bumps `version` once.
 */
import type { Signal } from "@preact/signals";
import type { Card } from "../ledger/card";
import type { Draft } from "../ledger/entry";
import type { AreaRecord, DoorRecord, FormField, HouseholdRecord, MarkRecord, MemberRecord, NeedRecord, PersonRecord, RoundRecord, VisitRecord } from "./records";

/** new: not enrolled; locked: the PIN is wanted; open; wiped: it was revoked, has handed in what it held and deleted the rest. */
export type PhoneState = "new" | "locked" | "open" | "wiped";

export interface SyncState {
  online: boolean;
  busy: "no" | "push" | "pull" | "load";
  /** entries without a receipt */
  unsent: number;
  /** of those received, how many wait for a person at the office */
  held: number;
  /** when it last pulled everything; null: never */
  pulledAt: number | null;
  /** code and words of what went wrong last; null: nothing */
  problem: { code: string; detail: string } | null;
  /** how far this phone's clock is ahead of the site's, ms; null: not known yet */
  clockMs: number | null;
  /** of the disk: true when the browser says that little is left */
  full: boolean;
  /** another tab writes: this one shows only */
  elsewhere: boolean;
}

/** This phone's position, told to those who see its member. */
export interface Sharing {
  /** null: it is not shared */
  until: number | null;
  /** when it was told last, since the phone was opened */
  at: number | null;
  /** denied: this browser may not say where it is; no_fix: it cannot say so here */
  trouble: "denied" | "no_fix" | null;
}

/** What became of an entry of this phone. */
export interface OwnEntry {
  n: number;
  id: string;
  kind: string;
  on: string;
  at: string;
  state: "phone" | "received" | "held" | "void";
  reason: string | null;
  /** the entry as recorded, and its clear values */
  body: Record<string, unknown>;
  clear: Record<string, string>;
}

export interface DoorView {
  door: DoorRecord;
  area: AreaRecord;
  households: HouseholdRecord[];
  people: PersonView[];
  visit: VisitRecord | null;
  /** what the round's form was answered here; null: nothing yet */
  answers: Record<string, unknown> | null;
  needs: NeedRecord[];
  /** in the round at work */
  owed: number;
  covered: number;
  /** worst state of the phone's own entries about this door or its people */
  sent: "phone" | "received" | "held" | null;
}
export interface PersonView {
  person: PersonRecord;
  mark: MarkRecord | null;
  owed: boolean;
  covered: boolean;
  answers: Record<string, unknown> | null;
}
/** A building in walking order with its doors by floor. */
export interface BuildingView {
  area: AreaRecord;
  keeper: string | null;
  doors: number;
  owed: number;
  covered: number;
}
export interface FloorView {
  unit: string;
  floor: string;
  doors: DoorView[];
}

/** A tube this phone opened: what is in it, and how far it is. */
export interface TubeView {
  id: string;
  code: string;
  capacity: number;
  people: { person: string; position: number }[];
  sealed: boolean;
  box: string | null;
  use: "pool" | "retest";
}
export interface BoxView {
  id: string;
  code: string;
  tubes: string[];
  given: string | null;
  taken: string | null;
}

export interface Phone {
  readonly state: Signal<PhoneState>;
  readonly sync: Signal<SyncState>;
  readonly version: Signal<number>;
  /** the round at work: the latest that is open; null: none */
  readonly round: Signal<RoundRecord | null>;
  readonly me: Signal<MemberRecord | null>;
  readonly siteName: Signal<string>;
  readonly device: Signal<string | null>;

  /** Enrols by an invitation and loads everything. Errors are ApiError. progress: bytes of the first load so far. */
  enrol(invite: string, pin: string, progress?: (bytes: number) => void): Promise<void>;
  /** false: the wrong PIN; waitMs: try again after so long. */
  unlock(pin: string): Promise<{ open: boolean; waitMs: number }>;
  /** Nothing can be read until the PIN is given again; what is unsent stays. */
  lock(): void;
  changePin(old: string, fresh: string): Promise<boolean>;
  lockAfterMinutes: Signal<number>;

  readonly sharing: Signal<Sharing>;
  /** On for a shift, or off. Nothing is told while it is locked or has no network, and nothing afterwards. */
  share(on: boolean): void;

  /** On the disk when it resolves, never before. Throws "full" when the disk takes no more, "elsewhere" when another tab writes. */
  record(...drafts: Draft[]): Promise<OwnEntry[]>;
  /** Pushes all and pulls until nothing is new; never throws (see sync.problem). */
  syncNow(): Promise<void>;
  own(): OwnEntry[];

  /** What is tapped in and not recorded yet, by a name that the screens choose: sealed on the disk, so that a phone that dies loses no tap. */
  drafts(): ReadonlyMap<string, string>;
  keepDraft(name: string, text: string | null): void;

  /** After problem FORK (this phone was copied or set back) and `enrol` as a new device: what the site does not count of the old one. */
  leftovers(): OwnEntry[];
  /** Says these once more, under the new chain; they are then leftovers no longer. */
  recordLeftovers(ids: readonly string[]): Promise<OwnEntry[]>;
  /** Nobody wants these said any more. */
  dropLeftovers(ids: readonly string[]): Promise<void>;

  buildings(): BuildingView[];
  building(id: string): { area: AreaRecord; floors: FloorView[] } | null;
  door(id: string): DoorView | null;
  doorByCode(code: string): DoorView | null;
  person(id: string): PersonView | null;
  personPlace(id: string): string;
  doorText(door: DoorRecord): string;
  areaText(area: AreaRecord): string;
  /** By name, pinyin, initials, end of the phone number or door code; at most limit. */
  search(text: string, limit: number): { person: PersonRecord | null; door: DoorRecord | null; place: string }[];
  members(): MemberRecord[];
  /** What the round at work asks; what is only to be said once it is closed is left out. */
  form(): FormField[];
  tubes(): TubeView[];
  boxes(): BoxView[];
  needs(): NeedRecord[];
  /** Doors where somebody knocked in the round at work, in the order in which one walks. */
  visited(): DoorView[];
  /** Doors with a refusal that is not settled. */
  refusals(): DoorView[];

  checkCard(scanned: string): Promise<{ state: "good"; door: DoorView; card: Card } | { state: "foreign" | "revoked" | "older" | "unknown"; card: Card | null }>;
}
