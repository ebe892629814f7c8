#include "base/err.h"

#include <stdarg.h>
#include <string.h>

struct err_text {
    const char *name;
    int exit, http;
    const char *texts[4]; /* title zh, en; fix zh, en */
};

static const struct err_text err_texts[DW_E_COUNT] = {
    [DW_OK] = {"OK", 0, 200, {"成功", "success", "", ""}},
#include "errors_gen.inc"
};

/* A text cut in the middle of a character would make the whole line invalid UTF-8. */
static void err_cut(char *text)
{
    size_t len = strlen(text);
    size_t start = len;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
    if (start == 0) return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (len - (start - 1) < need) text[start - 1] = 0;
}

static void err_text(struct err_detail *detail, const char *format, va_list args)
{
    vsnprintf(detail->text, sizeof detail->text, format, args);
    err_cut(detail->text);
}

dw_err err_set(struct err_detail *detail, dw_err code, const char *format, ...)
{
    if (detail != NULL) {
        va_list args;
        va_start(args, format);
        err_text(detail, format, args);
        va_end(args);
    }
    return code;
}

dw_err err_at(struct err_detail *detail, dw_err code, const char *file, const char *sheet, int64_t row, const char *column,
              const char *format, ...)
{
    if (detail != NULL) {
        if (file != NULL) snprintf(detail->file, sizeof detail->file, "%s", file);
        if (sheet != NULL) snprintf(detail->sheet, sizeof detail->sheet, "%s", sheet);
        snprintf(detail->column, sizeof detail->column, "%s", column == NULL ? "" : column);
        err_cut(detail->file);
        err_cut(detail->sheet);
        err_cut(detail->column);
        detail->row = row;
        va_list args;
        va_start(args, format);
        err_text(detail, format, args);
        va_end(args);
    }
    return code;
}

void err_clear(struct err_detail *detail)
{
    memset(detail, 0, sizeof *detail);
}

static const struct err_text *err_of(dw_err code)
{
    return &err_texts[code < DW_E_COUNT ? code : DW_E_INVALID];
}

const char *err_name(dw_err code)
{
    return err_of(code)->name;
}

const char *err_title(dw_err code, enum err_lang lang)
{
    return err_of(code)->texts[lang];
}

const char *err_fix(dw_err code, enum err_lang lang)
{
    return err_of(code)->texts[2 + lang];
}

int err_exit(dw_err code)
{
    return err_of(code)->exit;
}

int err_http(dw_err code)
{
    return err_of(code)->http;
}

void err_format(char *out, size_t size, dw_err code, const struct err_detail *detail, enum err_lang lang)
{
    char place[512] = "";
    size_t at = 0;
    if (detail != NULL && detail->file[0]) at += (size_t)snprintf(place + at, sizeof place - at, "%s: ", detail->file);
    if (detail != NULL && detail->sheet[0])
        at += (size_t)snprintf(place + at, sizeof place - at, lang == ERR_ZH ? "工作表“%s” " : "sheet %s, ", detail->sheet);
    if (detail != NULL && detail->row > 0)
        at += (size_t)snprintf(place + at, sizeof place - at, lang == ERR_ZH ? "第 %lld 行 " : "row %lld, ",
                               (long long)detail->row);
    if (detail != NULL && detail->column[0])
        snprintf(place + at, sizeof place - at, lang == ERR_ZH ? "“%s”列 " : "column %s, ", detail->column);
    const char *found = detail != NULL ? detail->text : "";
    const char *colon = lang == ERR_ZH ? "：" : ": ";
    snprintf(out, size, "%s%s%s%s%s%s [E_%s]", place, err_title(code, lang), *found ? colon : "", found,
             lang == ERR_ZH ? "。" : ". ", err_fix(code, lang), err_name(code));
    err_cut(out);
}
