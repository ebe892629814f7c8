/** What screens ask of the register. Counts of a building are kept until something in it changes. */
import { byCode, floorOf, inOrder } from "./order";
import { doorPlace, isCovered, isOwed } from "./overlay";
import type { Own } from "./own";
import type { BoxView, BuildingView, DoorView, FloorView, OwnEntry, PersonView, TubeView } from "./phone";
import type { AreaRecord, DoorRecord, PersonRecord, RoundRecord, VisitRecord } from "./records";
import type { Register } from "./register";

const UNKNOWN: AreaRecord = { is: "area", id: "", code: "", kind: "building" };

export class Views {
  private about = new Map<string, Own[]>();
  private round: RoundRecord | null;
  private list: BuildingView[] | null = null;

  constructor(
    private readonly register: Register,
    own: readonly Own[],
  ) {
    this.round = register.round();
    for (const one of own) this.note(one);
  }

  /** Entries more, which changed what lies under these. */
  more(own: readonly Own[], changed: ReadonlySet<string>): void {
    for (const one of own) this.note(one);
    if (this.list === null) return;
    const known = this.list.length;
    this.list = this.list.map((view) => (changed.has(view.area.id) ? this.counted(view.area) : view));
    // the first door of a building that had none
    if ([...changed].some((id) => this.register.areas.has(id) && !this.list!.some((view) => view.area.id === id)) || known === 0) this.list = null;
  }

  private note(one: Own): void {
    for (const id of new Set(one.about)) {
      const list = this.about.get(id);
      if (list === undefined) this.about.set(id, [one]);
      else list.push(one);
    }
  }

  areaText(area: AreaRecord): string {
    return area.name ?? area.address ?? area.code;
  }

  doorText(door: DoorRecord): string {
    const place = doorPlace(door);
    return place === "" ? (door.name ?? door.code ?? "") : place;
  }

  place(door: DoorRecord | undefined): string {
    if (door === undefined) return "";
    const area = this.register.areas.get(door.area);
    return area === undefined ? this.doorText(door) : `${this.areaText(area)} ${this.doorText(door)}`.trim();
  }

  personPlace(id: string): string {
    const person = this.register.people.get(id);
    return person?.door === undefined ? "" : this.place(this.register.doors.get(person.door));
  }

  /** Who is behind a door: those who live there, and those whom the round meets there yet. Who has left stays while he is owed. */
  private behind(door: string): PersonRecord[] {
    const { register, round } = this;
    const marks = round === null ? undefined : register.marks.get(round.id);
    const out: PersonRecord[] = [];
    for (const id of register.peopleOf.get(door)) {
      const person = register.people.get(id)!;
      const mark = marks?.get(id);
      if ((mark?.door ?? door) === door && (!person.left || isOwed(mark))) out.push(person);
    }
    if (round !== null) for (const id of register.metAt.get(`${round.id} ${door}`)) {
      const person = register.people.get(id);
      if (person !== undefined && person.door !== door) out.push(person);
    }
    return out;
  }

  personView(person: PersonRecord): PersonView {
    const mark = this.round === null ? null : (this.register.marks.get(this.round.id)?.get(person.id) ?? null);
    return { person, mark, owed: isOwed(mark), covered: isOwed(mark) && isCovered(mark), answers: this.answers(person.id) };
  }

  private answers(subject: string): Record<string, unknown> | null {
    return this.round === null ? null : (this.register.answers.get(this.round.id)?.get(subject)?.answers ?? null);
  }

  person(id: string): PersonView | null {
    const person = this.register.people.get(id);
    return person === undefined ? null : this.personView(person);
  }

  private visit(door: string): VisitRecord | null {
    return this.round === null ? null : (this.register.visits.get(this.round.id)?.get(door) ?? null);
  }

  /** The worst that became of what this phone said here in this round. */
  private sent(ids: string[]): DoorView["sent"] {
    let worst: DoorView["sent"] = null;
    for (const id of ids) for (const one of this.about.get(id) ?? []) {
      if (one.state === "phone") return "phone";
      const round = one.body["round"];
      if (one.state === "held") worst = "held";
      else if (worst === null && one.state === "received" && (round === undefined || round === this.round?.id)) worst = "received";
    }
    return worst;
  }

  door(id: string): DoorView | null {
    const door = this.register.doors.get(id);
    return door === undefined ? null : this.doorView(door);
  }

  private doorView(door: DoorRecord): DoorView {
    const { register } = this;
    const people = this.behind(door.id).map((person) => this.personView(person));
    const households = register.householdsOf.get(door.id).map((id) => register.households.get(id)!);
    const needs = [door.id, ...people.map((one) => one.person.id)].flatMap((id) => register.needsOn.get(id).map((need) => register.needs.get(need)!)).filter((need) => !need.closed);
    return {
      door, area: register.areas.get(door.area) ?? UNKNOWN, households, people, visit: this.visit(door.id), answers: this.answers(door.id), needs,
      owed: people.filter((one) => one.owed).length, covered: people.filter((one) => one.covered).length,
      sent: this.sent([door.id, ...people.map((one) => one.person.id)]),
    };
  }

  doorByCode(code: string): DoorView | null {
    for (const door of this.register.doors.values()) if (door.code === code) return this.doorView(door);
    return null;
  }

  buildings(): BuildingView[] {
    if (this.list === null) {
      const shown = [...this.register.areas.values()].filter((area) => this.register.doorsOf.get(area.id).length > 0 || (area.mine && (area.kind === "building" || area.kind === "factory")));
      this.list = inOrder(shown, (area) => area.code).map((area) => this.counted(area));
    }
    return this.list;
  }

  private counted(area: AreaRecord): BuildingView {
    const doors = this.register.doorsOf.get(area.id);
    const marks = this.round === null ? undefined : this.register.marks.get(this.round.id);
    let owed = 0;
    let covered = 0;
    if (marks !== undefined) for (const id of doors) for (const person of this.behind(id)) {
      const mark = marks.get(person.id);
      if (!isOwed(mark)) continue;
      owed++;
      if (isCovered(mark)) covered++;
    }
    return { area, keeper: this.register.members.get(area.keeper ?? "")?.name ?? null, doors: doors.length, owed, covered };
  }

  building(id: string): { area: AreaRecord; floors: FloorView[] } | null {
    const area = this.register.areas.get(id);
    if (area === undefined) return null;
    const floors = new Map<string, FloorView>();
    for (const one of this.register.doorsOf.get(id)) {
      const view = this.doorView(this.register.doors.get(one)!);
      const unit = view.door.unit ?? "";
      const floor = floorOf(view.door);
      const name = `${unit}\n${floor}`;
      const there = floors.get(name);
      if (there === undefined) floors.set(name, { unit, floor, doors: [view] });
      else there.doors.push(view);
    }
    for (const floor of floors.values()) floor.doors.sort((a, b) => byCode(a.door.room ?? "", b.door.room ?? "") || byCode(a.door.code ?? "", b.door.code ?? ""));
    return { area, floors: [...floors.values()].sort((a, b) => byCode(a.unit, b.unit) || byCode(a.floor, b.floor)) };
  }

  private inOrder(doors: Iterable<string>): DoorView[] {
    return inOrder([...doors].flatMap((id) => this.door(id) ?? []), (view) => view.door.code ?? "");
  }

  visited(): DoorView[] {
    return this.inOrder((this.round === null ? undefined : this.register.visits.get(this.round.id)?.keys()) ?? []);
  }

  /** Doors where somebody refused in this round, and nothing was written since that settles it. */
  refusals(): DoorView[] {
    if (this.round === null) return [];
    const doors = new Set<string>();
    for (const visit of this.register.visits.get(this.round.id)?.values() ?? []) if (visit.outcome === "refused" && !this.settled(visit.door, visit.at)) doors.add(visit.door);
    for (const mark of this.register.marks.get(this.round.id)?.values() ?? []) {
      if (mark.state !== "refused" || mark.decision === "excused") continue;
      const door = mark.door ?? this.register.people.get(mark.person)?.door;
      if (door !== undefined && !this.settled(mark.person, mark.at) && !this.settled(door, mark.at)) doors.add(door);
    }
    return this.inOrder(doors);
  }

  private settled(subject: string, since: string | undefined): boolean {
    const follow = this.register.follows.get(subject);
    return follow !== undefined && follow.step === "settled" && (since === undefined || Date.parse(follow.at) >= Date.parse(since));
  }

  /** own: with what was taken back marked so. Of the round at work, and those of which the phone does not know the round any more. */
  tubes(own: readonly OwnEntry[]): TubeView[] {
    const tubes = new Map<string, TubeView>();
    for (const one of own) {
      if (one.state === "void") continue;
      const tube = tubes.get(one.on);
      if (one.kind === "tube.open" && (this.round === null || one.body["round"] === this.round.id))
        tubes.set(one.on, { id: one.on, code: String(one.body["code"]), capacity: Number(one.body["capacity"]), people: [], sealed: false, box: null, use: one.body["use"] === "retest" ? "retest" : "pool" });
      else if (tube !== undefined && one.kind === "tube.fill") for (const item of places(one)) { if (!tube.people.some((had) => had.person === item.person)) tube.people.push(item); }
      else if (tube !== undefined && one.kind === "tube.seal") Object.assign(tube, { people: places(one), sealed: true });
      else if (one.kind === "box.pack") for (const item of (one.body["tubes"] as { tube: string }[] | undefined) ?? []) Object.assign(tubes.get(item.tube) ?? {}, { box: one.on });
    }
    return [...tubes.values()];
  }

  boxes(own: readonly OwnEntry[]): BoxView[] {
    const boxes = new Map<string, BoxView>();
    for (const one of own) {
      if (one.state === "void") continue;
      if (one.kind === "box.pack") boxes.set(one.on, { ...(boxes.get(one.on) ?? { given: null, taken: null }), id: one.on, code: String(one.body["code"]), tubes: ((one.body["tubes"] as { tube: string }[] | undefined) ?? []).map((item) => item.tube) });
      if (one.kind !== "box.hand") continue;
      const box = boxes.get(one.on) ?? { id: one.on, code: "", tubes: [], given: null, taken: null };
      boxes.set(one.on, one.body["side"] === "give" ? { ...box, given: String(one.body["other"]) } : { ...box, taken: String(one.body["other"]) });
    }
    return [...boxes.values()];
  }
}

const places = (one: OwnEntry): { person: string; position: number }[] =>
  ((one.body["people"] as { person: string; position?: number }[] | undefined) ?? []).map((item, at) => ({ person: item.person, position: item.position ?? at + 1 }));
