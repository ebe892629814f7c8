#include "base/when.h"

#include <string.h>
#include <time.h>

static int64_t when_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Howard Hinnant, "chrono-compatible low-level date algorithms". */
int64_t when_days(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = when_floor_div(y, 400);
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void when_civil(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = when_floor_div(days, 146097);
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp + (mp < 10 ? 3 : -9));
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

struct when when_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm local;
    struct when at = {(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, 0};
    if (localtime_r(&now.tv_sec, &local) != NULL) at.offset = (int32_t)(local.tm_gmtoff / 60);
    return at;
}

void when_text(char out[WHEN_TEXT], struct when at)
{
    int64_t local = at.ms + (int64_t)at.offset * 60000;
    int64_t days = when_floor_div(local, 86400000);
    int64_t ms = local - days * 86400000;
    int year, month, day;
    when_civil(days, &year, &month, &day);
    int offset = at.offset < 0 ? -at.offset : at.offset;
    const int parts[] = {
        year,        month,      day, (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000),
        offset / 60, offset % 60};
    /* Written digit by digit: entries are made by the hundred thousand. */
    memcpy(out, at.offset < 0 ? "0000-00-00T00:00:00.000-00:00" : "0000-00-00T00:00:00.000+00:00", 30);
    static const int last[] = {3, 6, 9, 12, 15, 18, 22, 25, 28}, width[] = {4, 2, 2, 2, 2, 2, 3, 2, 2};
    for (int i = 0; i < 9; i++)
        for (int n = parts[i], at_digit = last[i], left = width[i]; left > 0; left--, n /= 10)
            out[at_digit--] = (char)('0' + n % 10);
}

static bool when_number(const char **at, const char *end, int digits, int *out)
{
    if (end - *at < digits) return false;
    int n = 0;
    for (int i = 0; i < digits; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9') return false;
        n = n * 10 + (c - '0');
    }
    *at += digits;
    *out = n;
    return true;
}

static bool when_char(const char **at, const char *end, const char *allowed)
{
    if (*at == end) return false;
    for (; *allowed; allowed++)
        if (**at == *allowed) {
            (*at)++;
            return true;
        }
    return false;
}

static bool when_clock(const char **at, const char *end, int64_t *ms)
{
    int hour, minute, second = 0, fraction = 0;
    if (!when_number(at, end, 2, &hour) || !when_char(at, end, ":") || !when_number(at, end, 2, &minute)) return false;
    if (when_char(at, end, ":")) {
        if (!when_number(at, end, 2, &second)) return false;
        if (when_char(at, end, ".")) {
            int scale = 100, digits = 0;
            for (; *at < end && **at >= '0' && **at <= '9' && digits < 9; (*at)++, digits++, scale /= 10)
                fraction += (**at - '0') * scale;
            if (digits == 0) return false;
        }
    }
    if (hour > 23 || minute > 59 || second > 59) return false;
    *ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + fraction;
    return true;
}

enum { WHEN_OFFSET = 18 * 60 }; /* RFC 3339 leaves it open; nowhere is farther from UTC */

static bool when_zone(const char **at, const char *end, int32_t *offset)
{
    if (when_char(at, end, "Zz")) {
        *offset = 0;
        return true;
    }
    if (*at == end) return false;
    int sign = **at == '-' ? -1 : 1, hours, minutes;
    if (!when_char(at, end, "+-") || !when_number(at, end, 2, &hours) || !when_char(at, end, ":") ||
        !when_number(at, end, 2, &minutes) || minutes > 59 || hours * 60 + minutes > WHEN_OFFSET)
        return false;
    *offset = sign * (hours * 60 + minutes);
    return true;
}

static bool when_read(struct when *out, const char *text, size_t len, const int32_t *local)
{
    const char *at = text, *end = text + len;
    int year, month, day;
    if (!when_number(&at, end, 4, &year) || !when_char(&at, end, "-") || !when_number(&at, end, 2, &month) ||
        !when_char(&at, end, "-") || !when_number(&at, end, 2, &day))
        return false;
    if (!when_valid_day(year * 10000 + month * 100 + day)) return false;
    int64_t ms = 0;
    int32_t offset = local != NULL ? *local : 0;
    bool clock = when_char(&at, end, "Tt ");
    if (clock && !when_clock(&at, end, &ms)) return false;
    if (!clock && local == NULL) return false;
    if ((at != end || local == NULL) && (!clock || !when_zone(&at, end, &offset))) return false;
    if (at != end) return false;
    out->ms = when_days(year, month, day) * 86400000 + ms - (int64_t)offset * 60000;
    out->offset = offset;
    return true;
}

bool when_parse(struct when *out, const char *text, size_t len)
{
    return when_read(out, text, len, NULL);
}

bool when_parse_local(struct when *out, const char *text, size_t len, int32_t offset)
{
    return when_read(out, text, len, &offset);
}

enum { WHEN_GROUPS = 6 };

/* Runs of digits and what stands between them; false on a separator that dates do not have. */
static int when_groups(const char *text, size_t len, int values[WHEN_GROUPS], int widths[WHEN_GROUPS])
{
    static const char *const between[] = {"-", "/", ".", ":", " ", "T", "年", "月", "日", "时", "分", "秒", "点", "号", "　"};
    int count = 0;
    for (size_t at = 0; at < len;) {
        if (text[at] >= '0' && text[at] <= '9') {
            if (count == WHEN_GROUPS) return 0;
            values[count] = widths[count] = 0;
            for (; at < len && text[at] >= '0' && text[at] <= '9' && widths[count] < 9; at++, widths[count]++)
                values[count] = values[count] * 10 + (text[at] - '0');
            count++;
            continue;
        }
        size_t step = 0;
        for (size_t i = 0; i < sizeof between / sizeof *between && step == 0; i++) {
            size_t n = strlen(between[i]);
            if (n <= len - at && memcmp(text + at, between[i], n) == 0) step = n;
        }
        if (step == 0) return 0;
        at += step;
    }
    return count;
}

/* Spreadsheets count days from 1899-12-30; five digits are the years 1927 to 2064. */
static bool when_serial(struct when *out, const char *text, size_t len, int32_t offset)
{
    const char *at = text, *end = text + len;
    int days;
    double part = 0, scale = 0.1;
    if (!when_number(&at, end, 5, &days) || days < 10000 || days > 60000) return false;
    if (at != end && *at++ != '.') return false;
    for (; at != end; at++, scale /= 10) {
        if (*at < '0' || *at > '9') return false;
        part += (*at - '0') * scale;
    }
    out->ms = (when_days(1899, 12, 30) + days) * 86400000 + (int64_t)(part * 86400 + 0.5) * 1000 - (int64_t)offset * 60000;
    out->offset = offset;
    return true;
}

bool when_parse_written(struct when *out, const char *text, size_t len, int32_t offset)
{
    int values[WHEN_GROUPS], widths[WHEN_GROUPS], clock = 0;
    if (when_parse_local(out, text, len, offset) || when_serial(out, text, len, offset)) return true;
    int count = when_groups(text, len, values, widths);
    int32_t day = 0;
    if (count > 0 && widths[0] == 8) {
        day = values[0];
        clock = 1;
    } else if (count >= 3 && widths[0] == 4 && widths[1] <= 2 && widths[2] <= 2) {
        day = values[0] * 10000 + values[1] * 100 + values[2];
        clock = 3;
    }
    if (!when_valid_day(day) || count - clock > 3 || count - clock == 1) return false;
    int hms[3] = {0};
    for (int i = clock; i < count; i++) {
        if (widths[i] > 2) return false;
        hms[i - clock] = values[i];
    }
    if (hms[0] > 23 || hms[1] > 59 || hms[2] > 59) return false;
    int64_t days = when_days(day / 10000, day / 100 % 100, day % 100);
    out->ms = days * 86400000 + ((hms[0] * 60 + hms[1]) * 60 + hms[2]) * INT64_C(1000) - (int64_t)offset * 60000;
    out->offset = offset;
    return true;
}

int32_t when_day(struct when at)
{
    int year, month, day;
    when_civil(when_floor_div(at.ms + (int64_t)at.offset * 60000, 86400000), &year, &month, &day);
    return year * 10000 + month * 100 + day;
}

bool when_valid_day(int32_t yyyymmdd)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = yyyymmdd / 10000, month = yyyymmdd / 100 % 100, day = yyyymmdd % 100;
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= lengths[month - 1] + (month == 2 && leap);
}

int when_age(int32_t birth, int32_t day)
{
    return (day - birth) / 10000;
}
