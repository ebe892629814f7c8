/** What the site tells a phone (docs/sync.md, section 4): one record of each thing, a later one in place of an earlier. Absent means empty, false, 0 or unknown. */

export interface SiteRecord { is: "site"; id: string; name: string; code?: string; synthetic?: boolean; key: string }
export interface MemberRecord { is: "member"; id: string; name?: string; me?: boolean; forgotten?: boolean }
export interface GrantRecord { is: "grant"; id: string; role: string; area?: string; from?: string; to?: string; ended?: boolean }
export interface AreaRecord { is: "area"; id: string; code: string; kind: "village" | "grid" | "cell" | "building" | "factory"; parent?: string; name?: string; address?: string; use?: string; floors?: number; lon?: number; lat?: number; keeper?: string; mine?: boolean }
export interface DoorRecord { is: "door"; id: string; area: string; code?: string; kind: "flat" | "room" | "shop" | "dormitory" | "factory_gate"; unit?: string; floor?: string; room?: string; name?: string; card?: number; heads?: number; revoked?: boolean }
export interface HouseholdRecord { is: "household"; id: string; door: string; kind: string }
export interface PersonRecord { is: "person"; id: string; name?: string; pinyin?: string; birth?: string; sex?: string; document?: string; phone?: string; /** special groups, in the register's words */ flags?: string; /** he has others, which are not shown here */ flags_hidden?: boolean; door?: string; household?: string; left?: boolean }
export interface FormField { name: string; of: "door" | "person"; type: "int" | "text" | "choice"; choices?: string[]; required?: boolean; after_close?: boolean; zh: string; en: string }
export interface RoundRecord { is: "round"; id: string; number: number; kind: string; freeze: string; past?: boolean; closed?: boolean | string; policy?: string; capacity?: number; form?: FormField[]; deadline?: string }
export interface MarkRecord { is: "mark"; round: string; person: string; door?: string; roster?: boolean; how?: "found" | "arrived"; state?: string; excuse?: string; decision?: string; at?: string }
export interface VisitRecord { is: "visit"; round: string; door: string; outcome?: string; heads?: number; visits?: number; at?: string }
export interface AnswersRecord { is: "answers"; round: string; on: string; of?: string; answers?: Record<string, unknown> }
export interface NeedRecord { is: "need"; id: string; on: string; of: "door" | "person"; what: string; urgent?: boolean; note?: string; closed?: boolean | string; reason?: string; at?: string }
/** What was done last about a refusal. */
export interface FollowRecord { is: "follow"; on: string; of?: "door" | "person"; step: string; at: string; next?: string; note?: string }
export interface GoneRecord { is: "gone"; id: string; into?: string }
export interface EndRecord { is: "end"; next: string }

export type SiteThing = SiteRecord | MemberRecord | GrantRecord | AreaRecord | DoorRecord | HouseholdRecord | PersonRecord | RoundRecord | MarkRecord | VisitRecord | AnswersRecord | NeedRecord | FollowRecord;
export type AnyRecord = SiteThing | GoneRecord | EndRecord;

/** An entry as a pull tells it: what became of the phone's own is told there. */
export interface Item { seq: number; device: string; n: number; kind: string; at: string; state: "accepted" | "held" | "void"; reason?: string | null; text: string; part: Record<string, unknown> | null }
