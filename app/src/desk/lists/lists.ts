/** Every list of the desk, by the last word of its address. */
import type { TableDef } from "../tables/table";
import { areasTable } from "./areas";
import { devices } from "./devices";
import { boxes, holds, questions, rounds, tubes } from "./lab";
import { audit, exports, needs, refusals, reviews } from "./office";
import { accounts, emergencies, grants, members } from "./people";
import { doors, households, persons } from "./register";

/** Rows of many kinds: each table knows its own. */
type Any = TableDef<any>;
export const lists: Record<string, Any> = { areas: areasTable, persons, doors, households, rounds, tubes, boxes, questions, holds, devices, members, grants, accounts, emergencies, reviews, refusals, needs, audit, exports };
