/* Made from spec/routes/ by tools/gen_client.py. */

/** What is wrong and what to do (RFC 9457). */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

export interface Extra {
  /** Refused (MOVED_ON) when the item was changed meanwhile: its `version`. */
  version?: string;
  /** The same call under the same key has the same answer and no further effect, for a day. */
  once?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

type Values = Record<string, string | number | boolean | null | undefined>;

/** One server and who calls it. A browser's session is its cookie; a program gives its token. */
export class Api {
  constructor(
    readonly base = "/api/v1",
    readonly token?: string,
    readonly language: "zh" | "en" = "zh",
    readonly ask: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  async send(method: string, path: string, query?: Values, body?: BodyInit, type?: string, extra: Extra = {}): Promise<Response> {
    const words = new URLSearchParams();
    for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined && value !== null) words.set(key, String(value));
    const headers: Record<string, string> = { "Accept-Language": this.language, "X-Doorward": "1", ...extra.headers };
    if (this.token !== undefined) headers["Authorization"] = `Bearer ${this.token}`;
    if (type !== undefined) headers["Content-Type"] = type;
    if (extra.version !== undefined) headers["If-Match"] = `"${extra.version}"`;
    if (extra.once !== undefined) headers["Idempotency-Key"] = extra.once;
    const asked = words.toString();
    const init: RequestInit = { method, headers, credentials: "same-origin" };
    if (body !== undefined) init.body = body;
    if (extra.signal !== undefined) init.signal = extra.signal;
    const answer = await this.ask(this.base + path + (asked === "" ? "" : `?${asked}`), init);
    if (!answer.ok) throw new ApiError((await answer.json()) as Problem);
    return answer;
  }

  async json<T>(method: string, path: string, query?: Values, body?: unknown, extra?: Extra): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.send(method, path, query, text, text === undefined ? undefined : "application/json", extra);
    return (await answer.json()) as T;
  }
}

/** Every item of a list, page after page. */
export async function* every<T>(page: (cursor?: string) => Promise<{ items: T[]; next: string | null }>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const one = await page(cursor);
    yield* one.items;
    cursor = one.next ?? undefined;
  } while (cursor !== undefined);
}

/** how one can sign in here; provider: what the identity provider is called, null when there is none */
export interface Ways {
  password: boolean;
  provider: string | null;
}

/** another password for oneself; every session ends */
export interface PasswordNew {
  old: string;
  new: string;
}

/** opened in a browser, once: whoever then signs in at the identity provider is tied to the account; url null when this server has no provider */
export interface Link {
  link: string;
  url: string | null;
  until: string;
}

/** a login of a member */
export interface Account {
  login: string;
  member: string;
  name: string | null;
  disabled: boolean;
  password: boolean;
  second: boolean;
  identities: number;
  sessions: number;
  seen: string | null;
  locked: string | null;
}

/** what is to change: disabled or not, another password, no identity tied any more. Each ends every session but enabling */
export interface AccountSet {
  disabled?: boolean;
  password?: string | null;
  untie?: boolean;
}

/** the server is well */
export interface Health {
  status: string;
  now: string;
}

/** login and password, and the code of the second factor where there is one */
export interface SignIn {
  login: string;
  password: string;
  code?: string | null;
}

/** a session; browsers have it as a cookie, programs send it as a bearer token */
export interface Session {
  token: string;
  until: string;
  member: string | null;
  device: string | null;
}

/** who I am and what I may do */
export interface Me {
  kind: string;
  member: string | null;
  name: string | null;
  device: string | null;
  until: string;
  grants: Grant[];
}

/** nothing to tell */
export type Nothing = Record<string, never>;

/** a new second factor, for an app to scan */
export interface TotpNew {
  url: string;
}

/** a code of the new second factor */
export interface TotpCode {
  code: string;
}

/** codes that are good once each, for when the app is lost */
export interface Recovery {
  codes: string[];
}

/** an invitation for one phone of a member */
export interface InviteNew {
  member: string;
  name: string;
  minutes?: number;
  until?: string | null;
}

/** what the phone scans, once; url opens the app there, and is null without a public_url */
export interface Invite {
  invite: string;
  url: string | null;
  until: string;
}

/** a phone enrols with its public key */
export interface EnrolNew {
  invite: string;
  public_key: string;
}

/** the phone's id, its session, and the site's key by which receipts are checked */
export interface Enrolled {
  device: string;
  site: string;
  site_key: string;
  token: string;
}

/** a phone shows its key: it signs "doorward session <device> <at>" with at as /auth/time told it */
export interface Resume {
  device: string;
  at: string;
  sign: string;
}

/** the server's time */
export interface Time {
  now: string;
}

/** the site's name and code */
export interface SiteNew {
  name?: string;
  code?: string;
}

/** the site and its numbers */
export interface Site {
  id: string;
  name: string;
  code: string;
  synthetic: boolean;
  seq: number;
  areas: number;
  doors: number;
  households: number;
  persons: number;
  rounds: number;
  held: number;
  review: number;
  key: string;
  version: string;
}

/** a village, grid, cell, building or factory */
export interface Area {
  id: string;
  code: string;
  kind: "village" | "grid" | "cell" | "building" | "factory";
  parent: string | null;
  depth: number;
  name: string;
  address: string;
  use: string;
  floors: number;
  lon: number | null;
  lat: number | null;
  keeper: string | null;
  keeper_name: string | null;
  version: string;
}

/** the keeper of a building or factory */
export interface KeeperNew {
  name: string;
  phone?: string | null;
}

/** where one knocks */
export interface Door {
  id: string;
  code: string;
  area: string | null;
  kind: "flat" | "room" | "shop" | "dormitory" | "factory_gate";
  unit: string;
  floor: string;
  room: string;
  name: string;
  card: number | null;
  version: string;
}

/** a door of a building */
export interface DoorNew {
  building: string;
  kind?: "flat" | "room" | "shop" | "dormitory" | "factory_gate";
  unit?: string | null;
  floor?: string | null;
  room?: string | null;
  name?: string | null;
}

/** who lives together behind a door */
export interface Household {
  id: string;
  door: string;
  kind: "family" | "shared" | "dormitory" | "shop" | "factory";
}

/** the id of what was made */
export interface Made {
  id: string;
  pairs: number | null;
}

/** a person; document and phone are masked */
export interface Person {
  id: string;
  name: string;
  birth: string;
  sex: string;
  document: string;
  phone: string;
  flags: string | null;
  flags_hidden: boolean;
  door: string | null;
  household: string | null;
  place: string;
  gone: boolean;
  version: string;
}

/** a person to register */
export interface PersonNew {
  name?: string | null;
  document?: string | null;
  birth?: string | null;
  sex?: string | null;
  phone?: string | null;
  flags?: string | null;
  note?: string | null;
  door?: string | null;
  household?: string | null;
  how?: "none" | "found" | "arrived";
  even_so?: boolean;
}

/** why personal values are looked at in full; recorded */
export interface RevealNew {
  reason: string;
}

/** a person with everything the register knows */
export interface Revealed {
  id: string;
  values: Record<string, string>;
}

/** a round and its numbers, of the caller's areas */
export interface Round {
  id: string;
  number: number;
  kind: "pcr" | "antigen" | "sweep" | "vaccination" | "inspection" | "evacuation";
  freeze: string;
  deadline: string | null;
  past: boolean;
  closed: boolean;
  roster: number;
  excused: number;
  found: number;
  arrived: number;
  owed: number;
  covered: number;
  missing: number;
}

/** open a round over a roster frozen at a moment (now by default) */
export interface RoundNew {
  kind: "pcr" | "antigen" | "sweep" | "vaccination" | "inspection" | "evacuation";
  freeze?: string | null;
}

/** close a round; carry: everybody still missing is carried over, with this evidence */
export interface RoundClose {
  carry?: string | null;
}

/** decide on a missing person: excused with evidence, or carried over */
export interface DecideNew {
  decision: "excused" | "carried";
  excuse?: "none" | "left" | "died" | "merged" | "exempt";
  evidence: string;
}

/** a round's numbers in an area */
export interface RoundArea {
  area: string | null;
  code: string;
  depth: number;
  roster: number;
  excused: number;
  found: number;
  arrived: number;
  owed: number;
  covered: number;
  missing: number;
  recovered: number;
}

/** a person behind a number of a round, and how he stands in it */
export interface RoundPerson {
  id: string;
  name: string;
  place: string;
  door: string | null;
  area: string | null;
  phone: string;
  state: "none" | "away" | "nobody_home" | "refused" | "empty" | "moved" | "unknown_here" | "excused" | "done";
  how: "none" | "found" | "arrived";
  excuse: "none" | "left" | "died" | "merged" | "exempt";
  carried: boolean;
  at: string | null;
}

/** a person who is missing in a round, and why */
export interface Missing {
  id: string;
  name: string;
  place: string;
  door: string | null;
  area: string | null;
  phone: string;
  reason: "none" | "away" | "nobody_home" | "refused" | "empty" | "moved" | "unknown_here" | "excused" | "done";
  carried: boolean;
}

/** someone who works here */
export interface Member {
  id: string;
  name: string | null;
  phone: string | null;
  grants: number;
}

/** someone who is to work here */
export interface MemberNew {
  name: string;
  phone?: string | null;
}

/** a role in an area, between two times */
export interface Grant {
  id: string;
  member: string;
  role: "commander" | "grid_leader" | "group_leader" | "keeper" | "sampler" | "rider" | "storekeeper" | "gate_guard" | "laboratory" | "auditor" | "volunteer" | "viewer";
  area: string | null;
  code: string | null;
  from: string | null;
  to: string | null;
  ended: boolean;
  emergency: boolean;
  reason: string;
  version: string;
}

/** give a role; nobody gives more than he has */
export interface GrantNew {
  member: string;
  role: "commander" | "grid_leader" | "group_leader" | "keeper" | "sampler" | "rider" | "storekeeper" | "gate_guard" | "laboratory" | "auditor" | "volunteer" | "viewer";
  area?: string | null;
  from?: string | null;
  to?: string | null;
  reason?: string | null;
}

/** a login for a member; without a password an identity provider vouches for him (accounts.link) */
export interface AccountNew {
  member: string;
  login: string;
  password?: string | null;
}

/** a phone or another chain of entries: numbers 1 to received, none missing */
export interface Device {
  id: string;
  kind: "site" | "cli" | "import" | "phone";
  name: string;
  member: string | null;
  received: number;
  last: string | null;
  until: string | null;
  revoked: boolean;
  held: number;
  heard: string | null;
  recorded: number | null;
  outstanding: number | null;
  pulled: number | null;
  clock_ms: number | null;
}

/** why a device is revoked */
export interface RevokeNew {
  reason: string;
}

/** the site's signed word that it has these entries, durable */
export interface Receipt {
  device: string;
  first: number;
  last: number;
  first_seq: number;
  sent: string;
  received: string;
  head: string;
  verdicts: string;
  sign: string;
  held: number;
  known: number;
}

/** a receipt for each upload */
export interface Pushed {
  receipts: Receipt[];
}

/** an entry that waits for a person, and why */
export interface Held {
  seq: number;
  device: string;
  n: number;
  reason: "none" | "unknown" | "revoked" | "not_allowed" | "pinned" | "conflict" | "malformed" | "outside" | "expired";
}

/** accept a held entry, or declare it void */
export interface HeldDecide {
  decision: "accept" | "void";
}

/** emergency access for oneself: a grid leader's, in an area or everywhere, for at most four hours (one by default) */
export interface EmergencyNew {
  reason: string;
  area?: string | null;
  minutes?: number;
}

/** a GeoJSON geometry: a point, lines or an outline, as it is kept */
export interface MapGeometry {
  type: "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon" | "GeometryCollection";
  coordinates?: unknown;
  geometries?: unknown;
}

/** what an area or a map feature is; members that are not said of its kind are null */
export interface MapProperties {
  id: string;
  kind: "village" | "grid" | "cell" | "building" | "factory" | "lane" | "gate" | "barrier";
  code: string;
  name: string;
  parent: string | null;
  address: string | null;
  use: string | null;
  floors: number | null;
  keeper: string | null;
  keeper_name: string | null;
  from: string | null;
  to: string | null;
  version: string;
}

/** an area, a lane, a gate or a barrier; geometry null: nobody knows where it is */
export interface MapFeature {
  type: "Feature";
  id: string;
  geometry: MapGeometry | null;
  properties: MapProperties;
}

/** a lane (a line), a gate (a point or a line) or a barrier */
export interface FeatureNew {
  kind: "lane" | "gate" | "barrier";
  code?: string | null;
  name?: string | null;
  from?: string | null;
  to?: string | null;
  geometry: MapGeometry;
}

/** what is different now; what is not given stays, null takes it away */
export interface FeatureSet {
  name?: string | null;
  from?: string | null;
  to?: string | null;
  geometry?: MapGeometry;
}

/** a new area under another (its code) */
export interface AreaNew {
  kind: "village" | "grid" | "cell" | "building" | "factory";
  parent?: string | null;
  code: string;
  name?: string | null;
  address?: string | null;
  use?: string | null;
  floors?: number | null;
  from?: string | null;
  to?: string | null;
  geometry?: MapGeometry;
}

/** what is different now; what is not given stays, null takes it away */
export interface AreaSet {
  name?: string | null;
  address?: string | null;
  use?: string | null;
  floors?: number | null;
  from?: string | null;
  to?: string | null;
  geometry?: MapGeometry;
}

/** a GeoJSON FeatureCollection: areas, parents before children, then lanes, gates and barriers */
export interface Map {
  type: "FeatureCollection";
  features: MapFeature[];
}

/** what somebody behind a door needs; closed null: it is open. name: for who may read the register there */
export interface Need {
  id: string;
  of: "door" | "person";
  area: string | null;
  code: string;
  door: string | null;
  door_code: string | null;
  person: string | null;
  name: string | null;
  what: "food" | "medicine" | "illness" | "childcare" | "elder_care" | "repair" | "noise" | "rubbish" | "pet" | "other";
  urgent: boolean;
  note: string;
  at: string;
  by: string | null;
  closed: string | null;
  reason: string;
}

/** a need of a door or person (id, or a door card's code) */
export interface NeedNew {
  subject: string;
  what: "food" | "medicine" | "illness" | "childcare" | "elder_care" | "repair" | "noise" | "rubbish" | "pet" | "other";
  urgent?: boolean;
  note?: string | null;
}

/** where this phone is: degrees of WGS 84 times 10000000, metres, the phone's time (now by default) */
export interface PositionNew {
  lon: number;
  lat: number;
  accuracy?: number | null;
  at?: string | null;
}

/** where a phone was last: degrees times 10000000, accuracy in metres (0: not said) */
export interface Position {
  device: string;
  member: string;
  name: string | null;
  lon: number;
  lat: number;
  accuracy: number;
  at: string;
}

/** an entry as its device signed it, with what the site made of it; part: the clear values that the caller may see */
export interface LedgerEntry {
  seq: number;
  device: string;
  n: number;
  kind: string;
  at: string;
  state: string;
  reason: "none" | "unknown" | "revoked" | "not_allowed" | "pinned" | "conflict" | "malformed" | "outside" | "expired";
  text: string;
  part: Record<string, unknown> | null;
}

/** what is new behind a cursor (docs/sync.md): entries, and the records of what they touched as it is now; reload: the scope is another, load a bundle */
export interface PulledPage {
  items: LedgerEntry[];
  records: Record<string, unknown>[];
  next: string | null;
  more: boolean;
  reload: boolean;
  seq: number;
}

/** why a job was not done: code and fix as in problem documents, and where */
export interface JobProblem {
  code: string;
  title: string;
  fix: string;
  detail: string;
  file: string;
  sheet: string;
  row: number;
  field: string;
}

/** something of a row that could not be used */
export interface ImportTrouble {
  sheet: string;
  row: number;
  field: string;
  text: string;
}

/** what a column of the list is taken for; said: by who imports, else guessed */
export interface ImportColumn {
  column: number;
  header: string;
  field: string;
  said: boolean;
}

/** what came of an import; of a dry run: what would */
export interface ImportResult {
  batch: string | null;
  dry_run: boolean;
  already: boolean;
  rows: number;
  fresh: number;
  matched: number;
  seen: number;
  empty: number;
  pairs: number;
  doors: number;
  households: number;
  held: number;
  placeless: number;
  bad_documents: number;
  trouble_count: number;
  columns: ImportColumn[];
  troubles: ImportTrouble[];
}

/** an import at work or done; ready: it was tried, and waits until `until` for its commit */
export interface ImportJob {
  id: string;
  state: "queued" | "running" | "ready" | "done" | "failed" | "cancelled";
  name: string;
  member: string | null;
  made: string;
  begun: string | null;
  ended: string | null;
  until: string;
  step: string;
  done: number;
  total: number;
  problem: JobProblem | null;
  as: "household" | "factory" | "landlord" | "samples" | "map" | "results";
  dry_run: boolean;
  result: ImportResult | null;
}

/** a file of an export */
export interface ExportFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** what was exported */
export interface ExportResult {
  rows: number;
  files: ExportFile[];
}

/** an export at work or done; its files can be fetched until `until` */
export interface ExportJob {
  id: string;
  state: "queued" | "running" | "ready" | "done" | "failed" | "cancelled";
  name: string;
  member: string | null;
  made: string;
  begun: string | null;
  ended: string | null;
  until: string;
  step: string;
  done: number;
  total: number;
  problem: JobProblem | null;
  format: "csv" | "xlsx" | "json";
  result: ExportResult | null;
}

/** export everything (tables and map layers; a grant of the whole site is needed) or one table; reason: nothing is masked, which is recorded */
export interface ExportNew {
  table?: string | null;
  format?: "csv" | "xlsx" | "json";
  reason?: string | null;
}

/** a table that can be had */
export interface Table {
  name: string;
  title: string;
  columns: string[];
}

/** a file that was imported */
export interface Batch {
  id: string;
  file: string;
  kind: "household" | "factory" | "landlord" | "samples" | "map" | "results";
  rows: number;
  fresh: number;
  matched: number;
  pairs: number;
}

/** why */
export interface Reason {
  reason?: string | null;
}

/** door cards of an area to print; those that have none get one */
export interface CardsNew {
  area?: string | null;
  size?: "a6" | "small";
  url?: string | null;
  hotline?: string | null;
  reissue?: boolean;
  changed?: boolean;
}

/** what was scanned */
export interface CardText {
  text: string;
}

/** what a scanned card is */
export interface CardChecked {
  verdict: "valid" | "not_of_this_site" | "replaced" | "revoked" | "unknown_here";
  door: string | null;
  code: string | null;
  version: number | null;
  heads_on_card: number | null;
  heads_now: number | null;
}

/** a paper with personal values in full; recorded with its reason */
export interface PaperReveal {
  reason: string;
  round?: number;
  area?: string | null;
  per?: "building" | "cell" | "grid";
}

/** who lives together behind a door */
export interface HouseholdNew {
  door: string;
  kind?: "family" | "shared" | "dormitory" | "shop" | "factory";
}

/** who is the same person: he is merged into the one of the path */
export interface MergeNew {
  gone: string;
  reason?: string | null;
}

/** behind which door he lives from now on */
export interface MoveNew {
  door: string;
}

/** why he is here no more */
export interface LeaveNew {
  why: "moved" | "left" | "died" | "error";
}

/** one of a pair, masked */
export interface ReviewPerson {
  id: string;
  name: string;
  document: string;
  place: string;
}

/** two who may be one person, and why */
export interface Review {
  why: string;
  a: ReviewPerson;
  b: ReviewPerson;
}

/** the same person, or different people */
export interface ReviewDecide {
  decision: "same" | "different";
}

/** what an area holds with everything under it */
export interface Summary {
  area: string;
  code: string;
  kind: "village" | "grid" | "cell" | "building" | "factory";
  depth: number;
  areas: number;
  buildings: number;
  doors: number;
  people: number;
  unkept: number;
}

/** who lives here and is not owed in the round */
export interface Outside {
  id: string;
  name: string;
  place: string;
  from: string;
}

/** a step (at, owed, covered, found, arrived, recovered: what stood then) or, with buildings=true, a building (area, code, owed, minutes) */
export interface CourseItem {
  at?: string;
  owed: number;
  covered?: number;
  found?: number;
  arrived?: number;
  recovered?: number;
  area?: string | null;
  code?: string;
  minutes?: number[];
}

/** how a round grew */
export interface Course {
  freeze: string;
  step: number;
  items: CourseItem[];
}

/** people on no list of all these areas together; null: it cannot be told, or there is no upper end */
export interface UnseenAll {
  how: "nothing" | "bound" | "chapman" | "model" | "shared";
  listed: number;
  unseen: number | null;
  low: number;
  high: number | null;
  finds: number | null;
  warnings: string[];
}

/** people of an area on no list; area null: of people whose area nobody knows */
export interface UnseenArea {
  area: string | null;
  code: string;
  rank: number;
  doors: number;
  per_hour: number | null;
  how: "nothing" | "bound" | "chapman" | "model" | "shared";
  listed: number;
  unseen: number | null;
  low: number;
  high: number | null;
  finds: number | null;
  warnings: string[];
}

/** how many people are on no list (docs/unseen.md): numbers alone, of the areas that the caller sees */
export interface Unseen {
  lists: string[];
  open_pairs: number;
  on_no_list: number;
  all: UnseenAll;
  items: UnseenArea[];
}

/** how far an area is */
export interface SweepArea {
  area: string | null;
  code: string;
  depth: number;
  doors: number;
  unvisited: number;
  opened: number;
  nobody_home: number;
  refused: number;
  empty: number;
  moved: number;
  buildings: number;
  unopened: number;
  people: number;
  counted: number;
  more: number;
  fresh: number;
}

/** a door (or a building of which no door is known) that is left for a second pass, and why */
export interface Left {
  area: string | null;
  code: string;
  door: string | null;
  door_code: string | null;
  why: string[];
  people: number;
  missing: number;
  counted: number;
  visits: number;
  last: string | null;
}

/** a field of a round's form */
export interface FormField {
  name: string;
  title: string;
  of: "door" | "person";
  type: "text" | "int" | "choice";
  required: boolean;
  after_close: boolean;
  choices: string[];
}

/** answers for a door or a person; a number is a whole one */
export interface FormNew {
  subject: string;
  answers: Record<string, string>;
}

/** what the policy reckons of a round; null where there is nothing to divide by */
export interface Measure {
  name: string;
  title: string;
  value: number | null;
}

/** what was found of a person */
export interface VisitPerson {
  person: string;
  state: "none" | "away" | "nobody_home" | "refused" | "empty" | "moved" | "unknown_here" | "excused" | "done";
}

/** a visit that was noted by hand */
export interface VisitNew {
  door: string;
  outcome: "done" | "nobody_home" | "refused" | "empty" | "moved" | "excused";
  heads?: number;
  people?: VisitPerson[];
}

/** a tube and how far it is */
export interface Tube {
  code: string;
  use: "pool" | "retest";
  stage: "open" | "sealed" | "boxed" | "handed" | "negative" | "positive" | "invalid";
  people: number;
  capacity: number;
  doubtful: number;
  box: string | null;
  result_at: string | null;
}

/** a tube to fill; without a capacity that of the policy */
export interface TubeNew {
  code: string;
  capacity?: number;
  use?: "pool" | "retest";
}

/** whose samples are in a tube */
export interface TubePeople {
  people?: string[];
}

/** a tube's result */
export interface ResultNew {
  result: "negative" | "positive" | "invalid";
  method?: string | null;
}

/** whether a sample is in this tube */
export interface SampleDecide {
  decision: "keep" | "drop";
  reason?: string | null;
}

/** a box and who has it */
export interface Box {
  code: string;
  tubes: number;
  packed: string | null;
  holder: string | null;
  one_sided: boolean;
}

/** tubes into a box */
export interface BoxNew {
  code: string;
  tubes: string[];
  round?: number;
}

/** given to or taken from another device; two words make a hand-over */
export interface BoxHand {
  side: "give" | "take";
  other: string;
}

/** people by the stage of their tube */
export interface LabStages {
  open: number;
  sealed: number;
  boxed: number;
  handed: number;
  negative: number;
  positive: number;
  invalid: number;
}

/** how far the samples of an area are */
export interface LabArea {
  area: string | null;
  code: string;
  depth: number;
  people: LabStages;
}

/** how far the samples of a round are; only what the caller may see of areas */
export interface LabStatus {
  round: number;
  tubes: LabStages;
  doubtful: number;
  done_without_tube: number;
  in_tube_not_done: number;
  to_sample_again: number;
  boxes_one_sided: number;
  late_to_laboratory: number;
  late_hours: number;
  result_overdue: number;
  overdue_hours: number;
  areas: LabArea[];
}

/** something that a person has to look at */
export interface Question {
  question: string;
  person: string | null;
  sampled_as: string | null;
  name: string | null;
  place: string | null;
  tube: string | null;
  box: string | null;
  hours: number | null;
}

/** who is held after a positive tube */
export interface Hold {
  id: string;
  name: string;
  place: string;
  tube: string;
  since: string;
  own_sample: boolean;
  retests: number;
  negative: number;
  positive: number;
  ended: "released" | "transferred" | null;
}

/** how a hold ends */
export interface ReleaseNew {
  how: "released" | "transferred";
  reason?: string | null;
}

/** a refusal that is not settled */
export interface Refusal {
  area: string | null;
  code: string;
  door: string | null;
  door_code: string | null;
  person: string | null;
  name: string | null;
  where: "at_door" | "in_street";
  times: number;
  since: string;
  last: string;
  tries: number;
  step: "tried" | "promised" | "settled" | null;
  next: string | null;
  keeper: string | null;
  note: string;
}

/** what was done about a refusal */
export interface FollowNew {
  step: "tried" | "promised" | "settled";
  next?: string | null;
  note?: string | null;
}

/** somebody met in the street */
export interface Meeting {
  at: string;
  area: string | null;
  code: string;
  person: string;
  name: string;
  door: string | null;
  door_code: string | null;
  outcome: "went_home" | "taken_home" | "allowed_out" | "refused" | "outsider";
  times: number;
  place: string;
  note: string;
}

/** somebody met in the street: where, where he belongs, what came of it */
export interface MeetNew {
  person: string;
  outcome: "went_home" | "taken_home" | "allowed_out" | "refused" | "outsider";
  area?: string | null;
  door?: string | null;
  place?: string | null;
  note?: string | null;
}

/** who looked at what, when and why */
export interface Look {
  seq: number;
  at: string;
  member: string | null;
  name: string | null;
  device: string;
  what: string;
  reason: string;
  people: number;
}

/** a held entry in clear, as far as it can be read; the look is recorded */
export interface HeldShown {
  seq: number;
  kind: string;
  on: string;
  at: string;
  device: string;
  n: number;
  whole: boolean;
  body: unknown;
}

/** what the entry meant to say: its body with values in clear; recorded by the office as of now, while the held one is void */
export interface HeldAmend {
  body: unknown;
}

/** the corrected entry; held: it waits in its turn */
export interface Amended {
  id: string;
  held: boolean;
}

/** what the policy says of a kind of round */
export interface Pack {
  kind: "pcr" | "antigen" | "sweep" | "vaccination" | "inspection" | "evacuation";
  pack: string;
  title: string;
  capacities: number[];
  capacity: number;
  transport_hours: number;
  result_hours: number;
  retests: number;
  hours: number | null;
  fields: FormField[];
}

/** a page of Account */
export interface AccountPage {
  items: Account[];
  next: string | null;
}

/** a page of Area */
export interface AreaPage {
  items: Area[];
  next: string | null;
}

/** a page of Door */
export interface DoorPage {
  items: Door[];
  next: string | null;
}

/** a page of Household */
export interface HouseholdPage {
  items: Household[];
  next: string | null;
}

/** a page of Person */
export interface PersonPage {
  items: Person[];
  next: string | null;
}

/** a page of Round */
export interface RoundPage {
  items: Round[];
  next: string | null;
}

/** a page of RoundArea */
export interface RoundAreaPage {
  items: RoundArea[];
  next: string | null;
}

/** a page of Missing */
export interface MissingPage {
  items: Missing[];
  next: string | null;
}

/** a page of RoundPerson */
export interface RoundPersonPage {
  items: RoundPerson[];
  next: string | null;
}

/** a page of Member */
export interface MemberPage {
  items: Member[];
  next: string | null;
}

/** a page of Grant */
export interface GrantPage {
  items: Grant[];
  next: string | null;
}

/** a page of Device */
export interface DevicePage {
  items: Device[];
  next: string | null;
}

/** a page of Held */
export interface HeldPage {
  items: Held[];
  next: string | null;
}

/** a page of Need */
export interface NeedPage {
  items: Need[];
  next: string | null;
}

/** a page of Position */
export interface PositionPage {
  items: Position[];
  next: string | null;
}

/** a page of ImportJob */
export interface ImportJobPage {
  items: ImportJob[];
  next: string | null;
}

/** a page of Batch */
export interface BatchPage {
  items: Batch[];
  next: string | null;
}

/** a page of ExportJob */
export interface ExportJobPage {
  items: ExportJob[];
  next: string | null;
}

/** a page of Table */
export interface TablePage {
  items: Table[];
  next: string | null;
}

/** a page of Summary */
export interface SummaryPage {
  items: Summary[];
  next: string | null;
}

/** a page of Review */
export interface ReviewPage {
  items: Review[];
  next: string | null;
}

/** a page of Outside */
export interface OutsidePage {
  items: Outside[];
  next: string | null;
}

/** a page of SweepArea */
export interface SweepAreaPage {
  items: SweepArea[];
  next: string | null;
}

/** a page of Left */
export interface LeftPage {
  items: Left[];
  next: string | null;
}

/** a page of FormField */
export interface FormFieldPage {
  items: FormField[];
  next: string | null;
}

/** a page of Measure */
export interface MeasurePage {
  items: Measure[];
  next: string | null;
}

/** a page of Tube */
export interface TubePage {
  items: Tube[];
  next: string | null;
}

/** a page of Box */
export interface BoxPage {
  items: Box[];
  next: string | null;
}

/** a page of Question */
export interface QuestionPage {
  items: Question[];
  next: string | null;
}

/** a page of Hold */
export interface HoldPage {
  items: Hold[];
  next: string | null;
}

/** a page of Refusal */
export interface RefusalPage {
  items: Refusal[];
  next: string | null;
}

/** a page of Meeting */
export interface MeetingPage {
  items: Meeting[];
  next: string | null;
}

/** a page of Look */
export interface LookPage {
  items: Look[];
  next: string | null;
}

/** a page of Pack */
export interface PackPage {
  items: Pack[];
  next: string | null;
}

/** a problem document */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: "USAGE" | "INVALID" | "MEMORY" | "IO" | "FULL" | "NOT_FOUND" | "EXISTS" | "STATE" | "CANCELLED" | "STORE" | "SCHEMA" | "BUSY" | "STALE" | "KEYS" | "JSON" | "UTF8" | "TOO_LARGE" | "ENTRY" | "CHAIN" | "FORK" | "SIGNATURE" | "DAMAGED" | "DIFFERS" | "FORMAT" | "COLUMN" | "CELL" | "OWED" | "IDENTITY" | "LOST" | "NOT_STORE" | "DISPOSED" | "UNKNOWN_CALLER" | "FORBIDDEN" | "METHOD" | "MOVED_ON" | "TOO_MANY" | "LOCKED" | "UNWELL" | "UNREACHED" | "PASSPHRASE" | "PORT" | "CERT";
  fix: string;
  detail?: string;
  field?: string;
  file?: string;
  row?: number;
  instance?: string;
}

/** how one can sign in here（可以怎样登录）; nobody need be known */
export const authWays = (api: Api, extra?: Extra): Promise<Ways> =>
  api.json<Ways>("GET", "/auth/ways", undefined, undefined, extra);

/** sign in at the identity provider (OpenID Connect, authorization code with PKCE): for a browser, which is sent there（到统一身份认证登录（浏览器打开））; nobody need be known */
export const authOidc = (api: Api, query?: { link?: string }, extra?: Extra): Promise<Response> =>
  api.send("GET", "/auth/oidc", query, undefined, undefined, extra);

/** where the provider sends the browser back to; on to / with a session, or with ?sign_in=CODE when it failed（统一身份认证返回这里）; nobody need be known */
export const authOidcBack = (api: Api, query?: { code?: string; state?: string; iss?: string; error?: string }, extra?: Extra): Promise<Response> =>
  api.send("GET", "/auth/oidc/callback", query, undefined, undefined, extra);

/** a link that ties one's own identity to one's account（把自己的统一身份关联到本账户）; whoever is signed in */
export const authLink = (api: Api, extra?: Extra): Promise<Link> =>
  api.json<Link>("POST", "/auth/links", undefined, undefined, extra);

/** another password for oneself; every session ends（改自己的口令，所有会话退出）; whoever is signed in */
export const authPassword = (api: Api, body: PasswordNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("PUT", "/auth/password", undefined, body, extra);

/** logins of the members in the caller's areas（账户）; account.write */
export const accountsList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<AccountPage> =>
  api.json<AccountPage>("GET", "/accounts", query, undefined, extra);

/** a login for a member（开户）; account.write */
export const accountsAdd = (api: Api, body: AccountNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", "/accounts", undefined, body, extra);

/** disable or enable an account, set another password, untie its identities（停用、启用账户，重设口令，解除关联）; account.write */
export const accountsSet = (api: Api, login: string, body: AccountSet, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("PUT", `/accounts/${encodeURIComponent(login)}`, undefined, body, extra);

/** a link for an account, to be given to its owner（给一个账户的关联链接）; account.write */
export const accountsLink = (api: Api, login: string, extra?: Extra): Promise<Link> =>
  api.json<Link>("POST", `/accounts/${encodeURIComponent(login)}/links`, undefined, undefined, extra);

/** whether the server is well（服务状态）; nobody need be known */
export const healthShow = (api: Api, extra?: Extra): Promise<Health> =>
  api.json<Health>("GET", "/health", undefined, undefined, extra);

/** this description（接口说明）; nobody need be known */
export const openapiShow = (api: Api, extra?: Extra): Promise<unknown> =>
  api.json<unknown>("GET", "/openapi.json", undefined, undefined, extra);

/** the server's time（服务器时间）; nobody need be known */
export const authTime = (api: Api, extra?: Extra): Promise<Time> =>
  api.json<Time>("GET", "/auth/time", undefined, undefined, extra);

/** sign in（登录）; nobody need be known */
export const authSignIn = (api: Api, body: SignIn, extra?: Extra): Promise<Session> =>
  api.json<Session>("POST", "/auth/session", undefined, body, extra);

/** sign out（退出）; whoever is signed in */
export const authSignOut = (api: Api, query?: { everywhere?: boolean }, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("DELETE", "/auth/session", query, undefined, extra);

/** who I am and what I may do（我是谁、能做什么）; whoever is signed in */
export const authMe = (api: Api, extra?: Extra): Promise<Me> =>
  api.json<Me>("GET", "/auth/me", undefined, undefined, extra);

/** begin a second factor（设置二次验证）; whoever is signed in */
export const authTotpBegin = (api: Api, extra?: Extra): Promise<TotpNew> =>
  api.json<TotpNew>("POST", "/auth/totp", undefined, undefined, extra);

/** confirm the second factor（确认二次验证）; whoever is signed in */
export const authTotpConfirm = (api: Api, body: TotpCode, extra?: Extra): Promise<Recovery> =>
  api.json<Recovery>("PUT", "/auth/totp", undefined, body, extra);

/** a phone enrols by its invitation（手机扫码登记）; nobody need be known */
export const authEnrol = (api: Api, body: EnrolNew, extra?: Extra): Promise<Enrolled> =>
  api.json<Enrolled>("POST", "/auth/phone", undefined, body, extra);

/** a phone gets a session by its key（手机恢复会话）; nobody need be known */
export const authResume = (api: Api, body: Resume, extra?: Extra): Promise<Session> =>
  api.json<Session>("PUT", "/auth/phone", undefined, body, extra);

/** the site and its numbers（战区概况）; site.read */
export const siteShow = (api: Api, extra?: Extra): Promise<Site> =>
  api.json<Site>("GET", "/site", undefined, undefined, extra);

/** put the site's name or code right; what is not given stays（更正战区名称、代码）; site.write */
export const siteSet = (api: Api, body: SiteNew, extra?: Extra): Promise<Site> =>
  api.json<Site>("PATCH", "/site", undefined, body, extra);

/** areas of the caller, parents before children（区域）; area.read */
export const areasList = (api: Api, query?: { under?: string; kind?: "village" | "grid" | "cell" | "building" | "factory"; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<AreaPage> =>
  api.json<AreaPage>("GET", "/areas", query, undefined, extra);

/** one area（一个区域）; area.read */
export const areasShow = (api: Api, id: string, extra?: Extra): Promise<Area> =>
  api.json<Area>("GET", `/areas/${encodeURIComponent(id)}`, undefined, undefined, extra);

/** name the keeper（指定责任人）; area.write */
export const areasKeep = (api: Api, id: string, body: KeeperNew, extra?: Extra): Promise<Area> =>
  api.json<Area>("PUT", `/areas/${encodeURIComponent(id)}/keeper`, undefined, body, extra);

/** doors of the caller's areas（户门）; register.read */
export const doorsList = (api: Api, query?: { area?: string; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<DoorPage> =>
  api.json<DoorPage>("GET", "/doors", query, undefined, extra);

/** one door（一扇户门）; register.read */
export const doorsShow = (api: Api, id: string, extra?: Extra): Promise<Door> =>
  api.json<Door>("GET", `/doors/${encodeURIComponent(id)}`, undefined, undefined, extra);

/** register a door（登记户门）; register.write */
export const doorsAdd = (api: Api, body: DoorNew, extra?: Extra): Promise<Made> =>
  api.json<Made>("POST", "/doors", undefined, body, extra);

/** households of the caller's areas（住户）; register.read */
export const householdsList = (api: Api, query?: { door?: string; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<HouseholdPage> =>
  api.json<HouseholdPage>("GET", "/households", query, undefined, extra);

/** people of the caller's areas, masked; the look is recorded when it asks for a name（人员）; register.read */
export const personsList = (api: Api, query?: { area?: string; door?: string; find?: string; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<PersonPage> =>
  api.json<PersonPage>("GET", "/persons", query, undefined, extra);

/** one person, masked（一个人）; register.read */
export const personsShow = (api: Api, id: string, extra?: Extra): Promise<Person> =>
  api.json<Person>("GET", `/persons/${encodeURIComponent(id)}`, undefined, undefined, extra);

/** everything of one person; recorded with its reason（查看完整信息（留痕））; register.reveal */
export const personsReveal = (api: Api, id: string, body: RevealNew, extra?: Extra): Promise<Revealed> =>
  api.json<Revealed>("POST", `/persons/${encodeURIComponent(id)}/reveal`, undefined, body, extra);

/** register a person（登记人员）; register.write */
export const personsAdd = (api: Api, body: PersonNew, extra?: Extra): Promise<Made> =>
  api.json<Made>("POST", "/persons", undefined, body, extra);

/** rounds, the latest first（轮次）; round.read */
export const roundsList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<RoundPage> =>
  api.json<RoundPage>("GET", "/rounds", query, undefined, extra);

/** open a round（开轮）; round.run */
export const roundsOpen = (api: Api, body: RoundNew, extra?: Extra): Promise<Round> =>
  api.json<Round>("POST", "/rounds", undefined, body, extra);

/** one round (0: the latest)（一轮（0 为最近一轮））; round.read */
export const roundsShow = (api: Api, number: string, extra?: Extra): Promise<Round> =>
  api.json<Round>("GET", `/rounds/${encodeURIComponent(number)}`, undefined, undefined, extra);

/** a round's numbers by area（分区进度）; round.read */
export const roundsAreas = (api: Api, number: string, query?: { buildings?: boolean; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<RoundAreaPage> =>
  api.json<RoundAreaPage>("GET", `/rounds/${encodeURIComponent(number)}/areas`, query, undefined, extra);

/** who is missing, by name and door（未检名单）; round.read */
export const roundsMissing = (api: Api, number: string, query?: { area?: string; reason?: "none" | "away" | "nobody_home" | "refused" | "empty" | "moved" | "unknown_here" | "excused" | "done"; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<MissingPage> =>
  api.json<MissingPage>("GET", `/rounds/${encodeURIComponent(number)}/missing`, query, undefined, extra);

/** the names behind each number of a round（数字背后的名单）; round.read */
export const roundsPeople = (api: Api, number: string, query?: { what?: "owed" | "covered" | "missing" | "found" | "arrived" | "recovered" | "excused"; area?: string; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<RoundPersonPage> =>
  api.json<RoundPersonPage>("GET", `/rounds/${encodeURIComponent(number)}/people`, query, undefined, extra);

/** decide on a missing person（处理一个未检的人）; round.run */
export const roundsDecide = (api: Api, number: string, id: string, body: DecideNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("PUT", `/rounds/${encodeURIComponent(number)}/missing/${encodeURIComponent(id)}`, undefined, body, extra);

/** close a round（结轮）; round.run */
export const roundsClose = (api: Api, number: string, body: RoundClose, extra?: Extra): Promise<Round> =>
  api.json<Round>("POST", `/rounds/${encodeURIComponent(number)}/close`, undefined, body, extra);

/** members（队员）; member.read */
export const membersList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<MemberPage> =>
  api.json<MemberPage>("GET", "/members", query, undefined, extra);

/** register a member（登记队员）; member.write */
export const membersAdd = (api: Api, body: MemberNew, extra?: Extra): Promise<Made> =>
  api.json<Made>("POST", "/members", undefined, body, extra);

/** grants（授权）; member.read */
export const grantsList = (api: Api, query?: { member?: string; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<GrantPage> =>
  api.json<GrantPage>("GET", "/grants", query, undefined, extra);

/** give a grant（授权）; member.write */
export const grantsAdd = (api: Api, body: GrantNew, extra?: Extra): Promise<Made> =>
  api.json<Made>("POST", "/grants", undefined, body, extra);

/** take a grant back（收回授权）; member.write */
export const grantsEnd = (api: Api, id: string, query?: { reason?: string }, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("DELETE", `/grants/${encodeURIComponent(id)}`, query, undefined, extra);

/** devices: received numbers, when they last synced, which are outstanding（设备和同步情况）; device.read */
export const devicesList = (api: Api, query?: { silent?: number; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<DevicePage> =>
  api.json<DevicePage>("GET", "/devices", query, undefined, extra);

/** an invitation for one phone（邀请手机）; device.write */
export const devicesInvite = (api: Api, body: InviteNew, extra?: Extra): Promise<Invite> =>
  api.json<Invite>("POST", "/devices/invites", undefined, body, extra);

/** revoke a device（停用设备）; device.write */
export const devicesRevoke = (api: Api, id: string, body: RevokeNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/devices/${encodeURIComponent(id)}/revoke`, undefined, body, extra);

/** push uploads of a device (docs/sync.md), zstd or plain; answered when they are durable（上传条目）; whoever is signed in */
export const entriesPush = (api: Api, body: BodyInit, query?: { have?: number }, extra?: Extra): Promise<Pushed> =>
  (async () => (await (await api.send("POST", "/entries", query, body, "application/x-doorward-upload", extra)).json()) as Pushed)();

/** entries that wait for a person（待定条目）; entry.decide */
export const heldList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<HeldPage> =>
  api.json<HeldPage>("GET", "/held", query, undefined, extra);

/** decide on a held entry（处理待定条目）; entry.decide */
export const heldDecide = (api: Api, seq: string, body: HeldDecide, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("PUT", `/held/${encodeURIComponent(seq)}`, undefined, body, extra);

/** the certificate of the server's own authority (PEM), for phones to trust（本地证书机构的证书，供手机信任）; nobody need be known */
export const authorityShow = (api: Api, extra?: Extra): Promise<Response> =>
  api.send("GET", "/authority", undefined, undefined, undefined, extra);

/** emergency access that was opened anywhere, the latest first（紧急授权，最近的在前）; audit.read */
export const emergenciesList = (api: Api, query?: { open?: boolean; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<GrantPage> =>
  api.json<GrantPage>("GET", "/emergencies", query, undefined, extra);

/** open emergency access for oneself; told at once to whoever audits（给自己开紧急授权（立即上报、留痕））; whoever is signed in */
export const emergenciesOpen = (api: Api, body: EmergencyNew, extra?: Extra): Promise<Grant> =>
  api.json<Grant>("POST", "/emergencies", undefined, body, extra);

/** end one's own before its time（提前结束自己的紧急授权）; whoever is signed in */
export const emergenciesEnd = (api: Api, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("DELETE", "/emergencies", undefined, undefined, extra);

/** what changes in the caller's areas, as Server-Sent Events (docs/live.md); one stream a browser. Resumes behind Last-Event-ID, a number of the site's sequence（实时变化（Server-Sent Events）：您的区域里变了什么；一个浏览器只开一条）; site.read */
export const liveListen = (api: Api, query?: { buildings?: boolean; after?: number }, extra?: Extra): Promise<Response> =>
  api.send("GET", "/live", query, undefined, undefined, extra);

/** the map as GeoJSON: the caller's areas, and every lane, gate and barrier（地图：本人的区域，以及全部街巷、卡口、围挡）; area.read */
export const mapShow = (api: Api, query?: { kinds?: string }, extra?: Extra): Promise<Map> =>
  api.json<Map>("GET", "/map", query, undefined, extra);

/** draw a lane, gate or barrier (a grant of the whole site is needed: it lies in no area)（画街巷、卡口或围挡（要有全战区的权限））; area.write */
export const featuresAdd = (api: Api, body: FeatureNew, extra?: Extra): Promise<MapFeature> =>
  api.json<MapFeature>("POST", "/features", undefined, body, extra);

/** change a lane, gate or barrier（修改街巷、卡口或围挡）; area.write */
export const featuresSet = (api: Api, id: string, body: FeatureSet, extra?: Extra): Promise<MapFeature> =>
  api.json<MapFeature>("PUT", `/features/${encodeURIComponent(id)}`, undefined, body, extra);

/** it is there no more from now on（撤除街巷、卡口或围挡）; area.write */
export const featuresEnd = (api: Api, id: string, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("DELETE", `/features/${encodeURIComponent(id)}`, undefined, undefined, extra);

/** a new area（登记区域）; area.write */
export const areasAdd = (api: Api, body: AreaNew, extra?: Extra): Promise<Area> =>
  api.json<Area>("POST", "/areas", undefined, body, extra);

/** change an area's name, address, outline, floors（修改区域的名称、地址、轮廓、楼层）; area.write */
export const areasSet = (api: Api, id: string, body: AreaSet, extra?: Extra): Promise<Area> =>
  api.json<Area>("PUT", `/areas/${encodeURIComponent(id)}`, undefined, body, extra);

/** needs: open and urgent ones first, then open ones, then closed ones（诉求，未办结的紧急事项在前）; need.read */
export const needsList = (api: Api, query?: { open?: boolean; area?: string; what?: "food" | "medicine" | "illness" | "childcare" | "elder_care" | "repair" | "noise" | "rubbish" | "pet" | "other"; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<NeedPage> =>
  api.json<NeedPage>("GET", "/needs", query, undefined, extra);

/** raise a need（登记诉求）; need.write */
export const needsRaise = (api: Api, body: NeedNew, extra?: Extra): Promise<Made> =>
  api.json<Made>("POST", "/needs", undefined, body, extra);

/** a need is done with（诉求办结）; need.write */
export const needsClose = (api: Api, id: string, body: Reason, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/needs/${encodeURIComponent(id)}/close`, undefined, body, extra);

/** whether the server is up（进程是否在工作）; nobody need be known */
export const opsAlive = (api: Api, extra?: Extra): Promise<Health> =>
  api.json<Health>("GET", "/healthz", undefined, undefined, extra);

/** whether it takes calls: the store is usable, it is not ending（是否可以接受请求（存储可用、没有在停机））; nobody need be known */
export const opsReady = (api: Api, extra?: Extra): Promise<Health> =>
  api.json<Health>("GET", "/readyz", undefined, undefined, extra);

/** metrics (Prometheus)（监控指标（Prometheus））; metric.read */
export const opsMetrics = (api: Api, extra?: Extra): Promise<Response> =>
  api.send("GET", "/metrics", undefined, undefined, undefined, extra);

/** the page that explains this API（接口说明页）; nobody need be known */
export const docsShow = (api: Api, extra?: Extra): Promise<Response> =>
  api.send("GET", "/docs", undefined, undefined, undefined, extra);

/** that page's script（接口说明页的脚本）; nobody need be known */
export const docsScript = (api: Api, extra?: Extra): Promise<Response> =>
  api.send("GET", "/docs/docs.js", undefined, undefined, undefined, extra);

/** that page's style（接口说明页的样式）; nobody need be known */
export const docsStyle = (api: Api, extra?: Extra): Promise<Response> =>
  api.send("GET", "/docs/docs.css", undefined, undefined, undefined, extra);

/** files of the web app; without an app, / is a small page（网页应用的文件；没有应用时首页是一张简单的说明页）; nobody need be known */
export const appShow = (api: Api, path: string, extra?: Extra): Promise<Response> =>
  api.send("GET", `/${encodeURIComponent(path)}`, undefined, undefined, undefined, extra);

/** a phone shares where it is (outside the ledger, forgotten after 12 hours)（手机共享位置（不写入台账，12 小时后清除））; whoever is signed in */
export const positionsPut = (api: Api, body: PositionNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", "/positions", undefined, body, extra);

/** where members are who share it, the latest first（队员的位置，最近的在前）; device.read */
export const positionsList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<PositionPage> =>
  api.json<PositionPage>("GET", "/positions", query, undefined, extra);

/** entries behind a cursor: a phone's by what its member may read, an officer's where he has entry.read（下行：台账条目）; whoever is signed in */
export const entriesPull = (api: Api, query?: { cursor?: string; limit?: number; have?: number }, extra?: Extra): Promise<PulledPage> =>
  api.json<PulledPage>("GET", "/entries", query, undefined, extra);

/** the first load of a phone: everything it may see, as lines of JSON; the last one tells from where to pull on（首次下载）; whoever is signed in */
export const syncBundle = (api: Api, query?: { have?: number }, extra?: Extra): Promise<Response> =>
  api.send("GET", "/sync/bundle", query, undefined, undefined, extra);

/** imports, the latest first; one's own, or everybody's for who may import everywhere（导入任务，最新在前）; import.write */
export const importsList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<ImportJobPage> =>
  api.json<ImportJobPage>("GET", "/imports", query, undefined, extra);

/** upload a list, a map or a laboratory's file, and import it; dry_run tries it, and the commit does it（上传名单、地图或检测结果并导入）; import.write */
export const importsAdd = (api: Api, body: BodyInit, query: { name: string; as: "household" | "factory" | "landlord" | "samples" | "map" | "results"; dry_run?: boolean; building?: string; columns?: string; round?: number }, extra?: Extra): Promise<ImportJob> =>
  (async () => (await (await api.send("POST", "/imports", query, body, "application/octet-stream", extra)).json()) as ImportJob)();

/** how far an import is, and what came of it（导入任务的进度和结果）; import.write */
export const importsShow = (api: Api, id: string, extra?: Extra): Promise<ImportJob> =>
  api.json<ImportJob>("GET", `/imports/${encodeURIComponent(id)}`, undefined, undefined, extra);

/** import what was tried（正式导入试运行过的文件）; import.write */
export const importsCommit = (api: Api, id: string, extra?: Extra): Promise<ImportJob> =>
  api.json<ImportJob>("POST", `/imports/${encodeURIComponent(id)}/commit`, undefined, undefined, extra);

/** cancel an import; nothing of it stays（取消导入）; import.write */
export const importsCancel = (api: Api, id: string, extra?: Extra): Promise<ImportJob> =>
  api.json<ImportJob>("POST", `/imports/${encodeURIComponent(id)}/cancel`, undefined, undefined, extra);

/** batches that were imported（已导入的批次）; import.write */
export const batchesList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<BatchPage> =>
  api.json<BatchPage>("GET", "/batches", query, undefined, extra);

/** take a batch back（撤销一批导入）; import.write */
export const batchesUndo = (api: Api, id: string, body: Reason, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/batches/${encodeURIComponent(id)}/undo`, undefined, body, extra);

/** exports, the latest first（导出任务，最新在前）; export.write */
export const exportsList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<ExportJobPage> =>
  api.json<ExportJobPage>("GET", "/exports", query, undefined, extra);

/** begin an export（开始导出）; export.write */
export const exportsAdd = (api: Api, body: ExportNew, extra?: Extra): Promise<ExportJob> =>
  api.json<ExportJob>("POST", "/exports", undefined, body, extra);

/** how far an export is（导出任务的进度）; export.write */
export const exportsShow = (api: Api, id: string, extra?: Extra): Promise<ExportJob> =>
  api.json<ExportJob>("GET", `/exports/${encodeURIComponent(id)}`, undefined, undefined, extra);

/** cancel an export（取消导出）; export.write */
export const exportsCancel = (api: Api, id: string, extra?: Extra): Promise<ExportJob> =>
  api.json<ExportJob>("POST", `/exports/${encodeURIComponent(id)}/cancel`, undefined, undefined, extra);

/** remove what was exported, before its time（删除导出的文件）; export.write */
export const exportsDrop = (api: Api, id: string, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("DELETE", `/exports/${encodeURIComponent(id)}`, undefined, undefined, extra);

/** fetch a file of an export; a part of it by Range（下载导出的文件（可断点续传））; export.write */
export const exportsFile = (api: Api, id: string, name: string, extra?: Extra): Promise<Response> =>
  api.send("GET", `/exports/${encodeURIComponent(id)}/files/${encodeURIComponent(name)}`, undefined, undefined, undefined, extra);

/** tables that can be had（可导出的表）; export.write */
export const tablesList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<TablePage> =>
  api.json<TablePage>("GET", "/tables", query, undefined, extra);

/** one table at once, masked, of the caller's areas（直接下载一张表（个人信息遮盖））; export.write */
export const tablesShow = (api: Api, name: string, query?: { format?: "csv" | "xlsx" | "json" }, extra?: Extra): Promise<Response> =>
  api.send("GET", `/tables/${encodeURIComponent(name)}`, query, undefined, undefined, extra);

/** print the door cards of an area（打印门牌卡）; card.write */
export const cardsPrint = (api: Api, body: CardsNew, extra?: Extra): Promise<Response> =>
  api.send("POST", "/cards", undefined, JSON.stringify(body), "application/json", extra);

/** check a scanned card（核验扫到的门牌卡）; site.read */
export const cardsCheck = (api: Api, body: CardText, extra?: Extra): Promise<CardChecked> =>
  api.json<CardChecked>("POST", "/cards/check", undefined, body, extra);

/** make a door's card void（作废门牌卡）; card.write */
export const cardsRevoke = (api: Api, id: string, body: Reason, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/doors/${encodeURIComponent(id)}/card/revoke`, undefined, body, extra);

/** a paper to print, masked: missing, round, ledger, closing or left（打印表单（个人信息遮盖）：missing、round、ledger、closing、left）; document.read */
export const papersPrint = (api: Api, kind: string, query?: { round?: number; area?: string; per?: "building" | "cell" | "grid" }, extra?: Extra): Promise<Response> =>
  api.send("GET", `/papers/${encodeURIComponent(kind)}`, query, undefined, undefined, extra);

/** the same in full, for who may see it so; recorded（打印不遮盖的表单（留痕））; document.read */
export const papersReveal = (api: Api, kind: string, body: PaperReveal, extra?: Extra): Promise<Response> =>
  api.send("POST", `/papers/${encodeURIComponent(kind)}`, undefined, JSON.stringify(body), "application/json", extra);

/** what areas hold: buildings, doors, people（区域汇总：楼栋、户门、人数）; area.read */
export const areasSummary = (api: Api, query?: { area?: string; depth?: number; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<SummaryPage> =>
  api.json<SummaryPage>("GET", "/areas/summary", query, undefined, extra);

/** register a household（登记住户）; register.write */
export const householdsAdd = (api: Api, body: HouseholdNew, extra?: Extra): Promise<Made> =>
  api.json<Made>("POST", "/households", undefined, body, extra);

/** two registered people are one（合并：两个登记是同一人）; review.decide */
export const personsMerge = (api: Api, id: string, body: MergeNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/persons/${encodeURIComponent(id)}/merge`, undefined, body, extra);

/** they are two after all（撤销合并）; review.decide */
export const personsUnmerge = (api: Api, id: string, body: MergeNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/persons/${encodeURIComponent(id)}/unmerge`, undefined, body, extra);

/** a person leaves the place, or has died（离开本地或去世）; register.write */
export const personsLeave = (api: Api, id: string, body: LeaveNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/persons/${encodeURIComponent(id)}/leave`, undefined, body, extra);

/** a person moves behind another door（搬到另一户）; register.write */
export const personsMove = (api: Api, id: string, body: MoveNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/persons/${encodeURIComponent(id)}/move`, undefined, body, extra);

/** pairs to review, of whom the caller may see both（待核对）; review.decide */
export const reviewsList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<ReviewPage> =>
  api.json<ReviewPage>("GET", "/reviews", query, undefined, extra);

/** decide a pair（核对一对）; review.decide */
export const reviewsDecide = (api: Api, id: string, other: string, body: ReviewDecide, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("PUT", `/reviews/${encodeURIComponent(id)}/${encodeURIComponent(other)}`, undefined, body, extra);

/** who lives here and the round does not owe（在住而本轮未计的人）; round.read */
export const roundsOutside = (api: Api, number: string, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<OutsidePage> =>
  api.json<OutsidePage>("GET", `/rounds/${encodeURIComponent(number)}/outside`, query, undefined, extra);

/** how the round grew, from its freeze to the last thing recorded: step by step, or by building（本轮推进过程）; round.read */
export const roundsCourse = (api: Api, number: string, query?: { area?: string; step?: number; buildings?: boolean }, extra?: Extra): Promise<Course> =>
  api.json<Course>("GET", `/rounds/${encodeURIComponent(number)}/course`, query, undefined, extra);

/** how many people are on no list yet, and where a second pass finds most（估计还有多少人不在任何名单上）; round.read */
export const unseen = (api: Api, query?: { lists?: string; area?: string; by?: "grid" | "cell" | "building"; missed?: number; wrong?: number }, extra?: Extra): Promise<Unseen> =>
  api.json<Unseen>("GET", "/unseen", query, undefined, extra);

/** how far the sweep is（扫楼进度）; round.read */
export const roundsSweep = (api: Api, number: string, query?: { area?: string; buildings?: boolean; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<SweepAreaPage> =>
  api.json<SweepAreaPage>("GET", `/rounds/${encodeURIComponent(number)}/sweep`, query, undefined, extra);

/** what is left for a second pass, in walking order（补网清单）; round.read */
export const roundsLeft = (api: Api, number: string, query?: { area?: string; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<LeftPage> =>
  api.json<LeftPage>("GET", `/rounds/${encodeURIComponent(number)}/left`, query, undefined, extra);

/** the fields of a round's form（本轮表格的栏目）; round.read */
export const roundsForm = (api: Api, number: string, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<FormFieldPage> =>
  api.json<FormFieldPage>("GET", `/rounds/${encodeURIComponent(number)}/form`, query, undefined, extra);

/** fill a round's form for a door or a person（填写表格）; visit.write */
export const roundsFill = (api: Api, number: string, body: FormNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/rounds/${encodeURIComponent(number)}/forms`, undefined, body, extra);

/** what the policy reckons of a round (a grant of the whole site is needed)（本轮指标）; round.read */
export const roundsMeasures = (api: Api, number: string, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<MeasurePage> =>
  api.json<MeasurePage>("GET", `/rounds/${encodeURIComponent(number)}/measures`, query, undefined, extra);

/** note a visit by hand（补录一次上门）; visit.write */
export const roundsVisit = (api: Api, number: string, body: VisitNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/rounds/${encodeURIComponent(number)}/visits`, undefined, body, extra);

/** tubes of a round（采样管）; lab.read */
export const tubesList = (api: Api, number: string, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<TubePage> =>
  api.json<TubePage>("GET", `/rounds/${encodeURIComponent(number)}/tubes`, query, undefined, extra);

/** open a tube（启用一管）; tube.write */
export const tubesOpen = (api: Api, number: string, body: TubeNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/rounds/${encodeURIComponent(number)}/tubes`, undefined, body, extra);

/** whose samples are put in（入管）; tube.write */
export const tubesFill = (api: Api, number: string, code: string, body: TubePeople, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/rounds/${encodeURIComponent(number)}/tubes/${encodeURIComponent(code)}/people`, undefined, body, extra);

/** seal a tube; without people with all who stand in it（封管）; tube.write */
export const tubesSeal = (api: Api, number: string, code: string, body: TubePeople, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/rounds/${encodeURIComponent(number)}/tubes/${encodeURIComponent(code)}/seal`, undefined, body, extra);

/** enter a tube's result（录入结果）; lab.write */
export const tubesResult = (api: Api, number: string, code: string, body: ResultNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("PUT", `/rounds/${encodeURIComponent(number)}/tubes/${encodeURIComponent(code)}/result`, undefined, body, extra);

/** decide on a sample in doubt（处理有疑问的样本）; tube.write */
export const tubesDecide = (api: Api, number: string, code: string, id: string, body: SampleDecide, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("PUT", `/rounds/${encodeURIComponent(number)}/tubes/${encodeURIComponent(code)}/people/${encodeURIComponent(id)}`, undefined, body, extra);

/** boxes（箱）; lab.read */
export const boxesList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<BoxPage> =>
  api.json<BoxPage>("GET", "/boxes", query, undefined, extra);

/** pack tubes into a box（装箱）; tube.write */
export const boxesPack = (api: Api, body: BoxNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", "/boxes", undefined, body, extra);

/** a box is given or taken, by the office（交接一箱）; tube.write */
export const boxesHand = (api: Api, code: string, body: BoxHand, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/boxes/${encodeURIComponent(code)}/hand`, undefined, body, extra);

/** how far the samples of a round are（检测状态）; lab.read */
export const labStatus = (api: Api, number: string, extra?: Extra): Promise<LabStatus> =>
  api.json<LabStatus>("GET", `/rounds/${encodeURIComponent(number)}/lab`, undefined, undefined, extra);

/** what has to be looked at（样本疑问）; lab.read */
export const labQuestions = (api: Api, number: string, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<QuestionPage> =>
  api.json<QuestionPage>("GET", `/rounds/${encodeURIComponent(number)}/questions`, query, undefined, extra);

/** who is held after a positive tube（留观人员）; lab.read */
export const holdsList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<HoldPage> =>
  api.json<HoldPage>("GET", "/holds", query, undefined, extra);

/** end a hold（解除留观或转运）; hold.end */
export const holdsRelease = (api: Api, id: string, body: ReleaseNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/holds/${encodeURIComponent(id)}/release`, undefined, body, extra);

/** refusals that are not settled（未了结的拒绝）; round.read */
export const refusalsList = (api: Api, query?: { area?: string; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<RefusalPage> =>
  api.json<RefusalPage>("GET", "/refusals", query, undefined, extra);

/** follow a refusal up: of a door or a person（跟进一条拒绝（户门或人员编号））; visit.write */
export const refusalsFollow = (api: Api, id: string, body: FollowNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", `/refusals/${encodeURIComponent(id)}/follow`, undefined, body, extra);

/** people met in the street, the latest first（清街记录，最近在前）; round.read */
export const streetList = (api: Api, query?: { area?: string; cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<MeetingPage> =>
  api.json<MeetingPage>("GET", "/street", query, undefined, extra);

/** note somebody met in the street（登记遇见的人）; street.write */
export const streetMeet = (api: Api, body: MeetNew, extra?: Extra): Promise<Nothing> =>
  api.json<Nothing>("POST", "/street", undefined, body, extra);

/** what a held entry says, in clear; recorded with its reason（查看待定条目内容（留痕））; entry.decide */
export const heldShow = (api: Api, seq: string, body: RevealNew, extra?: Extra): Promise<HeldShown> =>
  api.json<HeldShown>("POST", `/held/${encodeURIComponent(seq)}/reveal`, undefined, body, extra);

/** void a held entry and record what it meant, in one transaction（更正一条待定条目）; entry.decide */
export const heldAmend = (api: Api, seq: string, body: HeldAmend, extra?: Extra): Promise<Amended> =>
  api.json<Amended>("POST", `/held/${encodeURIComponent(seq)}/amend`, undefined, body, extra);

/** looks at personal values in full, and searches, the latest first (a grant of the whole site is needed)（查看记录，最近在前）; audit.read */
export const auditList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<LookPage> =>
  api.json<LookPage>("GET", "/audit", query, undefined, extra);

/** the policy of each kind of round（各类轮次的预案）; site.read */
export const packsList = (api: Api, query?: { cursor?: string; limit?: number; fields?: string }, extra?: Extra): Promise<PackPage> =>
  api.json<PackPage>("GET", "/packs", query, undefined, extra);
