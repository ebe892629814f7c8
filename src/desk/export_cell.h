/* The cells of an export: texts that last until the row is put. For export_tables.c and export_more.c. */
#ifndef DESK_EXPORT_CELL_H
#define DESK_EXPORT_CELL_H

#include "desk/export_tables.h"

/* Names and phones are masked unless the export reveals them. */
const char *export_copy(struct export_rows *rows, const char *text);
const char *export_int(struct export_rows *rows, int64_t n);
/* "" where the area has no point. */
const char *export_degrees(struct export_rows *rows, const struct site_area *area, int64_t value);
/* "" for SITE_NEVER. */
const char *export_time(struct export_rows *rows, int64_t ms);
const char *export_stamp(struct export_rows *rows, struct site_stamp stamp);
const char *export_id(struct export_rows *rows, struct id id);
const char *export_yes(bool yes);
const char *export_code(const struct site *site, uint32_t area);
const char *export_door_id(struct export_rows *rows, uint32_t door);
const char *export_name(struct export_rows *rows, const char *name);
const char *export_phone(struct export_rows *rows, const char *phone);
const char *export_member_name(struct export_rows *rows, uint32_t member);
/* A personal field as the reader may see it. */
const char *export_field(struct export_rows *rows, uint32_t person, int field);
/* Whether the rows of an area, a door, a person (where he lives by the last word) are wanted. What has no place of its own
 * (rounds, tubes, devices) is when seen is NULL: export_sees(rows, SITE_NONE). */
bool export_sees(const struct export_rows *rows, uint32_t area);
bool export_sees_door(const struct export_rows *rows, uint32_t door);
bool export_sees_person(const struct export_rows *rows, uint32_t person);
/* Puts a row and forgets its cells. */
dw_err export_put(struct export_rows *rows, const char *const *cells, struct err_detail *detail);

/* clang-format off */
#define EXPORT_TABLE(name, zh) {#name, {zh, #name}, export_##name, sizeof export_##name / sizeof *export_##name, export_rows_##name}
/* clang-format on */
extern const struct export_table export_more_all[];
extern const size_t export_more_count;

#endif
