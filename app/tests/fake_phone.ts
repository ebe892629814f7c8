/** A phone in memory behind the screens' interface: ?fake, with &round=sweep, &state=new|locked|wiped, &sync=bad, &empty. Only tests and their builds have it. */
import { signal } from "@preact/signals";
import { b64, random } from "../src/base/bytes";
import { newId } from "../src/base/ids";
import { timeText } from "../src/base/time";
import type { BoxView, DoorView, FloorView, OwnEntry, PersonView, Phone, PhoneState, Sharing, SyncState, TubeView } from "../src/field/phone";
import type { DoorRecord, PersonRecord } from "../src/field/records";
import type { Draft } from "../src/ledger/entry";
import { id, makeVillage, type Village } from "./fake_village";

export const FAKE_PIN = "246810";
const DEVICE = id(9, 1);

function entryOf(draft: Draft, n: number): OwnEntry {
  const body: Record<string, unknown> = { ...draft.body };
  const clear: Record<string, string> = {};
  for (const [field, value] of Object.entries(draft.personal ?? {})) if (value !== undefined && value !== "") { body[field] = b64(random(32)); clear[field] = value; }
  if (draft.list !== undefined) body[draft.list.name] = draft.list.items.map((item) => ({ ...item.body }));
  return { n, id: newId(), kind: draft.kind, on: draft.on, at: timeText(), state: "phone", reason: null, body, clear };
}

type Listed = { person: string; state?: string; excuse?: string; position?: number };

/** What the village looks like when these entries hold. Begins anew each time, so that taking back is leaving out. */
class State {
  readonly village: Village;
  readonly tubes: TubeView[] = [];
  readonly boxes: BoxView[] = [];
  constructor(kind: string, empty: boolean, entries: OwnEntry[]) {
    this.village = makeVillage(kind);
    if (empty) Object.assign(this.village, { areas: [], doors: [], people: [], households: [], needs: [], marks: new Map(), visits: new Map(), answers: new Map() });
    for (const entry of entries) if (entry.state !== "void") this.apply(entry);
  }

  private apply(entry: OwnEntry): void {
    const { village } = this;
    const body = entry.body as Record<string, any>;
    const people = (body["people"] ?? []) as Listed[];
    const tube = this.tubes.find((one) => one.id === entry.on);
    switch (entry.kind) {
      case "visit":
        village.visits.set(entry.on, { is: "visit", round: village.round.id, door: entry.on, outcome: body["outcome"], heads: body["heads"] ?? -1, visits: (village.visits.get(entry.on)?.visits ?? 0) + 1, at: entry.at });
        for (const one of people) village.marks.set(one.person, { ...(village.marks.get(one.person) ?? { is: "mark", round: village.round.id, person: one.person }), state: one.state ?? "none", ...(one.excuse === undefined ? {} : { excuse: one.excuse }), at: entry.at });
        break;
      case "person.set": {
        const known = village.people.find((one) => one.id === entry.on) ?? ({ is: "person", id: entry.on } as PersonRecord);
        if (!village.people.includes(known)) village.people.push(known);
        const { doc, ...rest } = entry.clear;
        Object.assign(known, rest, doc === undefined ? {} : { document: doc }, body["door"] === undefined ? {} : { door: body["door"] });
        break;
      }
      case "form.fill": village.answers.set(entry.on, JSON.parse(entry.clear["answers"] ?? "{}") as Record<string, unknown>); break;
      case "round.add": village.marks.set(entry.on, { ...(village.marks.get(entry.on) ?? { is: "mark", round: village.round.id, person: entry.on }), how: body["how"] }); break;
      case "stay.end": { const gone = village.people.find((one) => one.id === entry.on); if (gone !== undefined) gone.left = true; break; }
      case "door.set": village.doors.push({ is: "door", id: entry.on, area: body["building"], kind: body["kind"], unit: body["unit"], floor: body["floor"], room: body["room"], name: body["name"] }); break;
      case "household.set": village.households.push({ is: "household", id: entry.on, door: body["door"], kind: body["kind"] }); break;
      case "need.raise": village.needs.push({ is: "need", id: entry.id, on: entry.on, of: body["of"], what: body["what"], urgent: body["urgent"], at: entry.at, ...(entry.clear["note"] === undefined ? {} : { note: entry.clear["note"] }) }); break;
      case "refusal.follow": if (body["step"] === "settled") village.visits.delete(entry.on); break;
      case "tube.open": this.tubes.push({ id: entry.on, code: body["code"], capacity: body["capacity"], people: [], sealed: false, box: null, use: body["use"] }); break;
      case "tube.fill": for (const one of people) tube?.people.push({ person: one.person, position: one.position ?? 0 }); break;
      case "tube.seal": if (tube !== undefined) tube.sealed = true; break;
      case "box.pack": {
        const inside = (body["tubes"] as { tube: string }[]).map((one) => one.tube);
        this.boxes.push({ id: entry.on, code: body["code"], tubes: inside, given: null, taken: null });
        for (const one of this.tubes) if (inside.includes(one.id)) one.box = entry.on;
        break;
      }
      case "box.hand": { const box = this.boxes.find((one) => one.id === entry.on); if (box !== undefined) box[body["side"] === "give" ? "given" : "taken"] = body["other"]; break; }
    }
  }
}

const folded = (text: string): string => text.toLowerCase().replace(/[\s·-]/g, "");

export class Fake implements Phone {
  readonly state = signal<PhoneState>("open");
  readonly sync = signal<SyncState>({ online: true, busy: "no", unsent: 0, held: 0, pulledAt: Date.now() - 300000, problem: null, clockMs: 800, full: false, elsewhere: false });
  readonly version = signal(0);
  readonly round;
  readonly me;
  readonly siteName = signal("洋埭村");
  readonly device = signal<string | null>(DEVICE);
  readonly lockAfterMinutes = signal(5);
  readonly sharing = signal<Sharing>({ until: null, at: null, trouble: null });
  share(on: boolean): void { this.sharing.value = { until: on ? Date.now() + 12 * 3600000 : null, at: on ? Date.now() : null, trouble: null }; }
  private pin = FAKE_PIN;
  private wrong = 0;
  private entries: OwnEntry[] = [];
  private now: State;

  constructor(private kind: string, private empty: boolean) {
    this.now = new State(kind, empty, []);
    this.round = signal(kind === "none" ? null : this.now.village.round);
    this.me = signal(this.now.village.members[0]!);
  }

  async enrol(invite: string, pin: string, progress?: (bytes: number) => void): Promise<void> {
    if (invite.startsWith("used")) throw Object.assign(new Error("used"), { problem: { code: "INVITE" } });
    for (let at = 1; at <= 4; at++) { progress?.(at * 60000); await Promise.resolve(); }
    this.pin = pin;
    this.state.value = "open";
  }
  async unlock(pin: string): Promise<{ open: boolean; waitMs: number }> {
    if (pin === this.pin) { this.state.value = "open"; this.wrong = 0; return { open: true, waitMs: 0 }; }
    return { open: false, waitMs: ++this.wrong >= 3 ? 30000 : 0 };
  }
  lock(): void { this.state.value = "locked"; }
  async changePin(old: string, fresh: string): Promise<boolean> { if (old !== this.pin) return false; this.pin = fresh; return true; }

  async record(...drafts: Draft[]): Promise<OwnEntry[]> {
    if (this.sync.value.elsewhere) throw new Error("elsewhere");
    if (this.sync.value.full) throw new Error("full");
    const own = drafts.map((draft, at) => entryOf(draft, this.entries.length + at + 1));
    for (const entry of own) if (entry.kind === "entry.void") for (const other of this.entries) if (other.n === entry.body["n"]) other.state = "void";
    this.entries.push(...own);
    this.changed();
    return own;
  }
  private changed(): void {
    this.now = new State(this.kind, this.empty, this.entries);
    this.sync.value = { ...this.sync.value, unsent: this.entries.filter((one) => one.state === "phone").length, held: this.entries.filter((one) => one.state === "held").length };
    this.version.value++;
  }
  async syncNow(): Promise<void> {
    for (const entry of this.entries) if (entry.state === "phone") entry.state = "received";
    this.sync.value = { ...this.sync.value, pulledAt: Date.now(), problem: null };
    this.changed();
  }
  /** For tests: the n-th entry is held. */
  hold(n: number, reason: string): void { Object.assign(this.entries[n - 1]!, { state: "held", reason }); this.changed(); }
  own(): OwnEntry[] { return this.entries; }
  private left: OwnEntry[] = [];
  /** For tests: what a copied phone left behind. */
  leave(...drafts: Draft[]): void { this.left.push(...drafts.map((draft, at) => entryOf(draft, at + 1))); this.changed(); }
  drafts(): ReadonlyMap<string, string> { return new Map(Object.entries(sessionStorage)); }
  keepDraft(name: string, text: string | null): void {
    if (text === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
  }

  leftovers(): OwnEntry[] { return this.left; }
  async recordLeftovers(ids: readonly string[]): Promise<OwnEntry[]> {
    const said = this.left.filter((one) => ids.includes(one.id)).map((one, at) => ({ ...one, n: this.entries.length + at + 1, id: newId() }));
    this.left = this.left.filter((one) => !ids.includes(one.id));
    this.entries.push(...said);
    this.changed();
    return said;
  }
  async dropLeftovers(ids: readonly string[]): Promise<void> { this.left = this.left.filter((one) => !ids.includes(one.id)); this.changed(); }

  buildings() {
    const { areas, doors } = this.now.village;
    return areas.filter((one) => one.kind === "building").map((area) => {
      const views = doors.filter((one) => one.area === area.id).map((one) => this.view(one));
      return { area, keeper: "吴雅芳", doors: views.length, owed: views.reduce((sum, one) => sum + one.owed, 0), covered: views.reduce((sum, one) => sum + one.covered, 0) };
    });
  }
  building(which: string) {
    const area = this.now.village.areas.find((one) => one.id === which);
    if (area === undefined) return null;
    const floors: FloorView[] = [];
    for (const door of this.now.village.doors.filter((one) => one.area === which)) {
      const [unit, floor] = [door.unit ?? "", door.floor ?? ""];
      let found = floors.find((one) => one.unit === unit && one.floor === floor);
      if (found === undefined) floors.push((found = { unit, floor, doors: [] }));
      found.doors.push(this.view(door));
    }
    return { area, floors };
  }
  private view(door: DoorRecord): DoorView {
    const { village } = this.now;
    const people = village.people.filter((one) => one.door === door.id).map((one) => this.seen(one));
    const own = this.entries.filter((one) => one.state !== "void" && (one.on === door.id || people.some((who) => who.person.id === one.on)));
    const sent = own.some((one) => one.state === "held") ? "held" : own.some((one) => one.state === "phone") ? "phone" : own.length > 0 ? "received" : null;
    const about = new Set([door.id, ...people.map((one) => one.person.id)]);
    return { door, area: village.areas.find((one) => one.id === door.area)!, households: village.households.filter((one) => one.door === door.id), people, visit: village.visits.get(door.id) ?? null, answers: village.answers.get(door.id) ?? null, needs: village.needs.filter((one) => about.has(one.on)), owed: people.filter((one) => one.owed).length, covered: people.filter((one) => one.owed && one.covered).length, sent };
  }
  private seen(person: PersonRecord): PersonView {
    const mark = this.now.village.marks.get(person.id) ?? null;
    const owed = mark !== null && (mark.roster === true || mark.how !== undefined) && (mark.excuse ?? "none") === "none" && mark.decision !== "excused" && this.round.value !== null;
    return { person, mark, owed, covered: owed && mark?.state === "done", answers: this.now.village.answers.get(person.id) ?? null };
  }
  door(which: string): DoorView | null {
    const door = this.now.village.doors.find((one) => one.id === which);
    return door === undefined ? null : this.view(door);
  }
  doorByCode(code: string): DoorView | null {
    const door = this.now.village.doors.find((one) => one.code !== undefined && folded(one.code) === folded(code));
    return door === undefined ? null : this.view(door);
  }
  person(which: string): PersonView | null {
    const person = this.now.village.people.find((one) => one.id === which);
    return person === undefined ? null : this.seen(person);
  }
  personPlace(which: string): string {
    const door = this.now.village.doors.find((one) => one.id === this.person(which)?.person.door);
    return door === undefined ? "" : this.place(door);
  }
  doorText(door: DoorRecord): string { return door.name ?? door.room ?? ""; }
  private place(door: DoorRecord): string { return `${this.areaText(this.now.village.areas.find((one) => one.id === door.area)!)} ${this.doorText(door)}`; }
  areaText(area: { address?: string; name?: string; code: string }): string { return area.address ?? area.name ?? area.code; }
  search(text: string, limit: number) {
    const asked = folded(text);
    const initials = (one: PersonRecord) => (one.pinyin ?? "").split(" ").map((part) => part[0] ?? "").join("");
    const people = this.now.village.people.filter((one) => [one.name ?? "", folded(one.pinyin ?? "")].some((part) => part.includes(asked)) || initials(one).startsWith(asked) || (/^\d{3,}$/.test(asked) && (one.phone ?? "").endsWith(asked)));
    const doors = this.now.village.doors.filter((one) => folded(this.place(one)).includes(asked) || folded(one.code ?? "").includes(asked));
    return [...people.map((person) => ({ person, door: this.now.village.doors.find((one) => one.id === person.door) ?? null, place: this.personPlace(person.id) })), ...doors.map((door) => ({ person: null, door, place: this.place(door) }))].slice(0, limit);
  }
  members() { return this.now.village.members; }
  form() { return (this.round.value?.form ?? []).filter((field) => !field.after_close); }
  tubes() { return this.now.tubes; }
  boxes() { return this.now.boxes; }
  needs() { return this.now.village.needs; }
  visited(): DoorView[] { return this.now.village.doors.map((one) => this.view(one)).filter((one) => one.visit !== null); }
  refusals(): DoorView[] { return this.now.village.doors.map((one) => this.view(one)).filter((one) => one.visit?.outcome === "refused"); }

  /** "CARD:4-2-1·101:2": the door's code and the card's version. */
  async checkCard(scanned: string): Promise<Awaited<ReturnType<Phone["checkCard"]>>> {
    const found = /^CARD:(.+):(\d+)$/.exec(scanned);
    const door = found === null ? null : this.doorByCode(found[1]!);
    if (found === null || door === null) return { state: "foreign", card: null };
    const card = { door: door.door.id, version: Number(found[2]) };
    return card.version < (door.door.card ?? 0) ? { state: "older", card } : { state: "good", door, card };
  }
}

export async function fakePhone(asked: URLSearchParams): Promise<Phone> {
  const fake = new Fake(asked.get("round") ?? "pcr", asked.has("empty"));
  fake.state.value = (asked.get("state") as PhoneState | null) ?? "open";
  if (asked.get("sync") === "bad") fake.sync.value = { ...fake.sync.value, online: false, unsent: 12, held: 2, clockMs: 600000, full: true, elsewhere: true, problem: { code: "NETWORK", detail: "" } };
  if (asked.get("sync") === "offline") fake.sync.value = { ...fake.sync.value, online: false, unsent: 12 };
  if (asked.get("sync") === "fork") fake.sync.value = { ...fake.sync.value, unsent: 3, problem: { code: "FORK", detail: "" } };
  if (asked.get("share") === "on") fake.share(true);
  if (asked.get("share") === "denied") fake.sharing.value = { until: null, at: null, trouble: "denied" };
  (window as { fake?: Fake }).fake = fake;
  return fake;
}
