/* Times: milliseconds since 1970 UTC with the offset of the place where they were noted; days as yyyymmdd. */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WHEN_TEXT = 32 };

struct when {
    int64_t ms;     /* since 1970-01-01T00:00:00Z */
    int32_t offset; /* minutes east of UTC, -1080 to 1080 */
};

struct when when_now(void); /* the system's clock, at the system's offset */
/* "2022-04-08T07:30:00.000+08:00" (RFC 3339, milliseconds always). */
void when_text(char out[WHEN_TEXT], struct when at);
/* RFC 3339 with an offset or Z; seconds and fraction optional, a space allowed for T. False on anything else. */
bool when_parse(struct when *out, const char *text, size_t len);
/* As when_parse, and a date alone or a time without offset, both taken at offset (minutes). */
bool when_parse_local(struct when *out, const char *text, size_t len, int32_t offset);
/* A date or a time as people and spreadsheets write it: "2022-04-08", "2022/4/8 9:05", "2022.4.8", "2022年4月8日 9时5分",
 * "20220408", or a spreadsheet's bare count of days ("44659.375"); at offset (minutes) unless the text has its own. False on
 * anything else, also on days that come first ("8/4/2022"), for nobody knows which of the two is the month. */
bool when_parse_written(struct when *out, const char *text, size_t len, int32_t offset);

/* Days since 1970-01-01 of a Gregorian date (Hinnant's days_from_civil), and back. */
int64_t when_days(int year, int month, int day);
void when_civil(int64_t days, int *year, int *month, int *day);
/* yyyymmdd of the day at its own offset; when_valid_day tells whether a yyyymmdd exists in the calendar. */
int32_t when_day(struct when at);
bool when_valid_day(int32_t yyyymmdd);
/* Whole years from birth to day, both yyyymmdd. */
int when_age(int32_t birth, int32_t day);

#endif
