/** Every list of the desk, by the last word of its address. */
import type { TableDef } from "../tables/table";
import { accounts } from "./accounts";
import { areasTable } from "./areas";
import { devices } from "./devices";
import { emergencies } from "./emergencies";
import { boxes, holds, questions, tubes } from "./lab";
import { grants, members } from "./members";
import { needs } from "./needs";
import { audit, exports } from "./office";
import { refusals } from "./refusals";
import { doors, households, persons } from "./register";
import { reviews } from "./reviews";
import { rounds } from "./rounds";

/** Rows of many kinds: each table knows its own. */
type Any = TableDef<any>;
export const lists: Record<string, Any> = { areas: areasTable, persons, doors, households, rounds, tubes, boxes, questions, holds, devices, members, grants, accounts, emergencies, reviews, refusals, needs, audit, exports };
