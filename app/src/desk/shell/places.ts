/** Every page of the desk: where it is, who may see it, which letter goes there. The side, the shortcuts and the help are made of this. */
import type { May } from "../../api/roles";
import type { Word } from "../../words";
import { may } from "../session/session";

export interface Place {
  path: string;
  title: Word;
  icon: string;
  may: May | null;
  whole?: boolean;
  /** g, then this */
  key?: string;
}
export interface Part {
  title: Word;
  places: Place[];
}

export const parts: Part[] = [
  {
    title: "nav.now",
    places: [
      { path: "/", title: "board.title", icon: "board", may: "round.read", key: "b" },
      { path: "/missing", title: "missing.title", icon: "missing", may: "round.read", key: "m" },
      { path: "/map", title: "nav.map", icon: "map", may: "area.read", key: "p" },
      { path: "/replay", title: "nav.replay", icon: "replay", may: "round.read", key: "y" },
      { path: "/needs", title: "needs.title", icon: "lists", may: "need.read", key: "n" },
    ],
  },
  {
    title: "nav.register",
    places: [
      { path: "/persons", title: "persons.title", icon: "persons", may: "register.read", key: "u" },
      { path: "/doors", title: "doors.title", icon: "doors", may: "register.read", key: "d" },
      { path: "/areas", title: "areas.title", icon: "map", may: "area.read", key: "k" },
      { path: "/households", title: "households.title", icon: "doors", may: "register.read" },
      { path: "/reviews", title: "reviews.title", icon: "persons", may: "review.decide", key: "v" },
      { path: "/refusals", title: "refusals.title", icon: "missing", may: "round.read", key: "f" },
    ],
  },
  {
    title: "nav.rounds",
    places: [
      { path: "/rounds", title: "rounds.title", icon: "replay", may: "round.read", key: "r" },
      { path: "/tubes", title: "tubes.title", icon: "lab", may: "lab.read", key: "t" },
      { path: "/boxes", title: "boxes.title", icon: "lab", may: "lab.read" },
      { path: "/questions", title: "questions.title", icon: "lab", may: "lab.read", key: "q" },
      { path: "/holds", title: "holds.title", icon: "persons", may: "lab.read", key: "o" },
    ],
  },
  {
    title: "nav.people",
    places: [
      { path: "/devices", title: "devices.title", icon: "phone", may: "device.read", key: "s" },
      { path: "/members", title: "members.title", icon: "people", may: "member.read", key: "w" },
      { path: "/grants", title: "grants.title", icon: "people", may: "member.read" },
      { path: "/accounts", title: "accounts.title", icon: "people", may: "account.write", key: "a" },
      { path: "/emergencies", title: "emergencies.title", icon: "alarm", may: null, key: "e" },
    ],
  },
  {
    title: "nav.office",
    places: [
      { path: "/held", title: "held.title", icon: "held", may: "entry.decide", key: "h" },
      { path: "/imports", title: "imports.title", icon: "imports", may: "import.write", whole: true, key: "i" },
      { path: "/exports", title: "exports.title", icon: "imports", may: "export.write", key: "x" },
      { path: "/papers", title: "papers.title", icon: "print", may: "document.read", key: "c" },
      { path: "/audit", title: "audit.title", icon: "audit", may: "audit.read", whole: true, key: "l" },
    ],
  },
];

export const all: Place[] = parts.flatMap((part) => part.places);
export const allowed = (place: Place): boolean => place.may === null || may(place.may, place.whole ?? false);
/** Where one begins: the first page that one may see. */
export const home = (): Place | undefined => all.find((place) => place.may !== null && allowed(place));
