/* Errors are values: a dw_err and, in the caller's struct, where and why. Codes and texts come from spec/errors.json. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdint.h>
#include <stdio.h>

#include "errors_gen.h"

enum err_lang { ERR_ZH, ERR_EN };

/* Where an error was met and what was found there. Empty strings and row 0 mean "does not apply". */
struct err_detail {
    char file[256];
    char sheet[64];
    int64_t row; /* 1-based, as a person sees it in the sheet or file */
    char column[64];
    char text[384]; /* what was found, cut at a character boundary */
};

/* Fills detail->text (detail may be NULL), keeping file, sheet, row and column; returns code, so it ends a function. */
dw_err err_set(struct err_detail *detail, dw_err code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Like err_set, with the place in a sheet. file and sheet are kept if NULL. */
dw_err err_at(struct err_detail *detail, dw_err code, const char *file, const char *sheet, int64_t row, const char *column,
              const char *format, ...) __attribute__((format(printf, 7, 8)));

void err_clear(struct err_detail *detail);

/* Static strings, never NULL. */
const char *err_name(dw_err code); /* "E_CELL" without the prefix: "CELL" */
const char *err_title(dw_err code, enum err_lang lang);
const char *err_fix(dw_err code, enum err_lang lang);
int err_exit(dw_err code); /* process exit status: 0, 1 or 2 */
int err_http(dw_err code); /* status of an HTTP answer: 200, or 400 to 599 */

/* One line for people: place, title, what was found, what to do. size includes the terminator; cut at a character. */
void err_format(char *out, size_t size, dw_err code, const struct err_detail *detail, enum err_lang lang);

/* Evaluates a call once and returns its error to the caller. */
#define ERR_TRY(call)                                                                                                            \
    do {                                                                                                                         \
        dw_err err_try_ = (call);                                                                                                \
        if (err_try_ != DW_OK) return err_try_;                                                                                  \
    } while (0)

#endif
