/* Settings, from spec/settings.json: what there is, of which type, and what a configuration file says of them. */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "settings_gen.h"

enum settings_type {
    SETTINGS_TEXT,
    SETTINGS_PATH,
    SETTINGS_ADDRESS, /* "127.0.0.1:8080", "[::1]:8443", ":8080" */
    SETTINGS_URL,     /* "https://doorward.example", http too; with a path perhaps; a slash at its end says nothing */
    SETTINGS_INT,
    SETTINGS_BOOL,     /* yes, no, true, false, on, off, 1, 0 */
    SETTINGS_DURATION, /* "90s", "30m", "12h", "7d" */
    SETTINGS_CHOICE
};
enum { SETTINGS_FILE_MAX = 64 * 1024, SETTINGS_VALUE_MAX = 1024 };

struct settings_row {
    const char *name, *env, *fallback; /* fallback NULL: there is none */
    enum settings_type type;
    int64_t min, most; /* of int; of duration in seconds */
    const char *const *choices;
    bool in_file, reload;
    const char *text[2]; /* by enum err_lang */
};
extern const struct settings_row settings_all[SETTINGS_COUNT];

/* What a file says; NULL: nothing. The texts lie in the arena it was read into. */
struct settings {
    const char *values[SETTINGS_COUNT];
};

/* Lines of "name = value"; empty ones and those that begin with # say nothing. DW_E_INVALID or DW_E_UTF8 with file, line, name
 * and what is wrong (a line without =, no such setting, twice, a value that does not fit, not one for a file). O(len). */
dw_err settings_read(struct settings *out, struct arena *arena, const char *text, size_t len, const char *path,
                     enum err_lang lang, struct err_detail *detail);
/* Whether a value is of its setting's type: DW_E_INVALID says what would be. */
dw_err settings_fits(const struct settings_row *row, const char *value, enum err_lang lang, struct err_detail *detail);
/* Of values that fit. */
bool settings_bool(const char *value);
int64_t settings_seconds(const char *value);
/* The number of a name of len bytes; SETTINGS_COUNT: there is none. */
size_t settings_find(const char *name, size_t len);

#endif
