/**
 * Everything the phone knows, in memory, with the indexes its screens ask by. What the site told and what this phone recorded lie over each
 * other: while a journal is kept (overlay), every record that is replaced is remembered, and `rollback` brings the site's word back whole.
 */
import type { AnswersRecord, AnyRecord, AreaRecord, DoorRecord, FollowRecord, GrantRecord, HouseholdRecord, MarkRecord, MemberRecord, NeedRecord, PersonRecord, RoundRecord, SiteRecord, SiteThing, VisitRecord } from "./records";

type Is = SiteThing["is"];
/** What a record is known by: the second part is empty for most. */
type Key = [is: Is, a: string, b: string];

function keyOf(record: SiteThing): Key {
  switch (record.is) {
    case "mark": return ["mark", record.round, record.person];
    case "visit": return ["visit", record.round, record.door];
    case "answers": return ["answers", record.round, record.on];
    case "follow": return ["follow", record.on, ""];
    default: return [record.is, record.id, ""];
  }
}

/** Lists by a name, which come and go with what is in them. */
export class Lists {
  private readonly all = new Map<string, string[]>();
  get(name: string | undefined): readonly string[] {
    return (name === undefined ? undefined : this.all.get(name)) ?? NONE;
  }
  add(name: string | undefined, id: string): void {
    if (name === undefined) return;
    const list = this.all.get(name);
    if (list === undefined) this.all.set(name, [id]);
    else list.push(id);
  }
  drop(name: string | undefined, id: string): void {
    const list = name === undefined ? undefined : this.all.get(name);
    const at = list?.indexOf(id) ?? -1;
    if (at < 0) return;
    list!.splice(at, 1);
    if (list!.length === 0) this.all.delete(name!);
  }
  names(): IterableIterator<string> {
    return this.all.keys();
  }
}
const NONE: readonly string[] = [];

type Nested<T> = Map<string, Map<string, T>>;

export class Register {
  site: SiteRecord | null = null;
  readonly members = new Map<string, MemberRecord>();
  readonly grants = new Map<string, GrantRecord>();
  readonly areas = new Map<string, AreaRecord>();
  readonly doors = new Map<string, DoorRecord>();
  readonly households = new Map<string, HouseholdRecord>();
  readonly people = new Map<string, PersonRecord>();
  readonly rounds = new Map<string, RoundRecord>();
  readonly marks: Nested<MarkRecord> = new Map();
  readonly visits: Nested<VisitRecord> = new Map();
  readonly answers: Nested<AnswersRecord> = new Map();
  readonly needs = new Map<string, NeedRecord>();
  readonly follows = new Map<string, FollowRecord>();

  readonly doorsOf = new Lists();
  readonly householdsOf = new Lists();
  readonly peopleOf = new Lists();
  /** people whom a round meets at another door than where they live: "round door" */
  readonly metAt = new Lists();
  readonly needsOn = new Lists();

  /** buildings whose records changed since it was emptied; "" is for what lies under none */
  readonly dirty = new Set<string>();
  sharedDirty = false;
  private journal: Map<string, [Key, SiteThing | undefined]> | null = null;

  /** From now on what is replaced is remembered. */
  overlay(): void {
    this.journal ??= new Map();
  }

  /** The site's word alone. */
  rollback(): void {
    const journal = this.journal;
    this.journal = null;
    if (journal !== null) for (const [key, before] of journal.values()) this.swap(key, before);
  }

  /** The site tells something. */
  take(record: AnyRecord): void {
    if (record.is === "end") return;
    if (record.is === "gone") return this.gone(record.id);
    if (empty(record)) return this.swap(keyOf(record), undefined);
    this.swap(keyOf(record), record);
    if (record.is === "round" && (record.closed || record.past)) this.forgetRound(record.id);
  }

  /** One record in place of what stood there, of which the site said nothing itself. */
  put(record: SiteThing): void {
    this.swap(keyOf(record), empty(record) ? undefined : record);
  }

  /** The round at work: the latest that is open. */
  round(): RoundRecord | null {
    let found: RoundRecord | null = null;
    for (const round of this.rounds.values()) if (!round.closed && !round.past && (found === null || round.number > found.number)) found = round;
    return found;
  }

  me(): MemberRecord | null {
    for (const member of this.members.values()) if (member.me) return member;
    return null;
  }

  cellOfDoor(id: string | undefined): string {
    return (id === undefined ? undefined : this.doors.get(id)?.area) ?? "";
  }
  /** The building of a door or person. */
  cellOf(subject: string): string {
    const person = this.people.get(subject);
    return this.cellOfDoor(person === undefined ? subject : person.door);
  }

  /** Everything that can be deleted is: the id itself and what is said of it. */
  private gone(id: string): void {
    for (const round of this.rounds.keys()) for (const is of ["mark", "visit", "answers"] as const) this.swap([is, round, id], undefined);
    for (const need of [...this.needsOn.get(id)]) this.swap(["need", need, ""], undefined);
    this.swap(["follow", id, ""], undefined);
    for (const is of ["person", "household", "door", "area", "member", "grant", "need", "round"] as const) this.swap([is, id, ""], undefined);
  }

  private forgetRound(id: string): void {
    for (const is of ["mark", "visit", "answers"] as const) for (const b of [...(this.nested(is).get(id)?.keys() ?? [])]) this.swap([is, id, b], undefined);
  }

  private nested(is: "mark" | "visit" | "answers"): Nested<SiteThing> {
    return (is === "mark" ? this.marks : is === "visit" ? this.visits : this.answers) as Nested<SiteThing>;
  }

  private found([is, a, b]: Key): SiteThing | undefined {
    switch (is) {
      case "site": return this.site ?? undefined;
      case "mark": case "visit": case "answers": return this.nested(is).get(a)?.get(b);
      default: return this.flat(is).get(a);
    }
  }

  private flat(is: Exclude<Is, "site" | "mark" | "visit" | "answers">): Map<string, SiteThing> {
    const maps = { member: this.members, grant: this.grants, area: this.areas, door: this.doors, household: this.households, person: this.people, round: this.rounds, need: this.needs, follow: this.follows };
    return maps[is] as unknown as Map<string, SiteThing>;
  }

  private swap(key: Key, fresh: SiteThing | undefined): void {
    const [is, a, b] = key;
    const old = this.found(key);
    if (old === undefined && fresh === undefined) return;
    if (this.journal !== null) {
      const name = `${is} ${a} ${b}`;
      if (!this.journal.has(name)) this.journal.set(name, [key, old]);
    }
    if (old !== undefined) this.unlink(old);
    if (is === "site") this.site = (fresh as SiteRecord | undefined) ?? null;
    else if (is === "mark" || is === "visit" || is === "answers") this.swapNested(is, a, b, fresh);
    else if (fresh === undefined) this.flat(is).delete(a);
    else this.flat(is).set(a, fresh);
    if (fresh !== undefined) this.link(fresh);
  }

  private swapNested(is: "mark" | "visit" | "answers", a: string, b: string, fresh: SiteThing | undefined): void {
    const nested = this.nested(is);
    let inner = nested.get(a);
    if (inner === undefined) nested.set(a, (inner = new Map()));
    if (fresh === undefined) inner.delete(b);
    else inner.set(b, fresh);
  }

  /** A record leaves its place in the indexes; its building is to be written anew. */
  private unlink(record: SiteThing): void {
    switch (record.is) {
      case "door": this.doorsOf.drop(record.area, record.id); this.touchDoor(record); break;
      case "household": this.householdsOf.drop(record.door, record.id); break;
      case "person": this.peopleOf.drop(record.door, record.id); break;
      case "mark": if (record.door !== undefined) this.metAt.drop(`${record.round} ${record.door}`, record.person); break;
      case "need": this.needsOn.drop(record.on, record.id); break;
      default: break;
    }
    this.touch(record);
  }

  private link(record: SiteThing): void {
    switch (record.is) {
      case "door": this.doorsOf.add(record.area, record.id); this.touchDoor(record); break;
      case "household": this.householdsOf.add(record.door, record.id); break;
      case "person": this.peopleOf.add(record.door, record.id); break;
      case "mark": if (record.door !== undefined) this.metAt.add(`${record.round} ${record.door}`, record.person); break;
      case "need": this.needsOn.add(record.on, record.id); break;
      default: break;
    }
    this.touch(record);
  }

  /** Who lives behind a door comes and goes with it. */
  private touchDoor(door: DoorRecord): void {
    if (this.peopleOf.get(door.id).length > 0 || this.householdsOf.get(door.id).length > 0) this.dirty.add("").add(door.area ?? "");
  }

  private touch(record: SiteThing): void {
    switch (record.is) {
      case "door": this.dirty.add(record.area ?? ""); break;
      case "household": case "visit": this.dirty.add(this.cellOfDoor(record.door)); break;
      case "person": this.dirty.add(this.cellOfDoor(record.door)); break;
      case "mark":
        this.dirty.add(this.cellOf(record.person));
        if (record.door !== undefined) this.dirty.add(this.cellOfDoor(record.door)); // he is counted there
        break;
      case "answers": case "need": case "follow": this.dirty.add(this.cellOf(record.on)); break;
      default: this.sharedDirty = true;
    }
  }
}

/** Nothing but what it is known by: nothing is said any more. */
function empty(record: SiteThing): boolean {
  switch (record.is) {
    case "mark": return !record.roster && record.how === undefined && record.state === undefined && record.decision === undefined;
    case "visit": return Object.keys(record).length <= 3;
    case "answers": return record.answers === undefined;
    case "follow": return record.step === undefined;
    default: return false;
  }
}
