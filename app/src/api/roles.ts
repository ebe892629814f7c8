/* Made from spec/roles.json by tools/gen_client.py. */

export type May =
  | "site.read"
  | "area.read"
  | "area.write"
  | "register.read"
  | "register.reveal"
  | "register.write"
  | "review.decide"
  | "round.read"
  | "round.run"
  | "visit.write"
  | "tube.write"
  | "lab.read"
  | "lab.write"
  | "hold.end"
  | "card.write"
  | "import.write"
  | "export.write"
  | "entry.read"
  | "entry.decide"
  | "member.read"
  | "member.write"
  | "device.read"
  | "device.write"
  | "account.write"
  | "audit.read"
  | "document.read"
  | "keep.write"
  | "street.write"
  | "need.read"
  | "need.write"
  | "metric.read"
  | "site.write";

export type Role = "commander" | "grid_leader" | "group_leader" | "keeper" | "sampler" | "rider" | "storekeeper" | "gate_guard" | "laboratory" | "auditor" | "volunteer" | "viewer";

/** What each role may do in the areas of its grant. */
export const roles: Record<Role, readonly May[]> = {
  commander: ["site.read", "area.read", "area.write", "register.read", "register.reveal", "register.write", "review.decide", "round.read", "round.run", "visit.write", "tube.write", "lab.read", "lab.write", "hold.end", "card.write", "import.write", "export.write", "entry.read", "entry.decide", "member.read", "member.write", "device.read", "device.write", "account.write", "audit.read", "document.read", "keep.write", "street.write", "need.read", "need.write", "metric.read", "site.write"],
  grid_leader: ["site.read", "area.read", "register.read", "round.read", "document.read", "visit.write", "register.write", "street.write", "lab.read", "tube.write", "member.read", "device.read", "device.write", "entry.read", "entry.decide", "card.write", "review.decide", "register.reveal", "area.write", "member.write", "round.run", "import.write", "export.write", "hold.end", "audit.read", "need.read", "need.write"],
  group_leader: ["site.read", "area.read", "register.read", "round.read", "document.read", "visit.write", "register.write", "street.write", "lab.read", "tube.write", "member.read", "device.read", "device.write", "entry.read", "entry.decide", "card.write", "review.decide", "register.reveal", "area.write", "need.read", "need.write"],
  keeper: ["site.read", "area.read", "register.read", "round.read", "document.read", "visit.write", "register.write", "street.write", "lab.read", "need.read", "need.write"],
  sampler: ["site.read", "area.read", "register.read", "round.read", "document.read", "visit.write", "register.write", "street.write", "tube.write", "lab.read", "need.read", "need.write"],
  rider: ["site.read", "area.read", "tube.write", "need.read", "need.write"],
  storekeeper: ["site.read", "area.read"],
  gate_guard: ["site.read", "area.read", "street.write", "need.read", "need.write"],
  laboratory: ["site.read", "lab.read", "lab.write", "tube.write"],
  auditor: ["site.read", "area.read", "round.read", "entry.read", "audit.read", "member.read", "device.read", "metric.read"],
  volunteer: ["site.read", "area.read", "visit.write", "street.write", "register.read", "register.write", "round.read", "need.read", "need.write"],
  viewer: ["site.read", "area.read"],
};
