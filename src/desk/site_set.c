#include "desk/site_set.h"

#include <string.h>

#include "base/text.h"
#include "desk/book.h"

static dw_err site_set_fits(const char *text, int field, struct err_detail *detail)
{
    const struct kinds_field *f = &kinds_get(KINDS_SITE_SET)->fields[field];
    size_t len = text == NULL ? 0 : strlen(text);
    if (text != NULL) text_trim(text, &len);
    if (text != NULL && len == 0) return err_at(detail, DW_E_INVALID, NULL, NULL, 0, f->name, "it is blank");
    return text == NULL || strlen(text) <= (size_t)f->max
               ? DW_OK
               : err_at(detail, DW_E_INVALID, NULL, NULL, 0, f->name, "%d bytes at most", (int)f->max);
}

dw_err site_set(struct desk *desk, const char *name, const char *code, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    if (name == NULL && code == NULL) return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "name", "a name or a code is wanted");
    ERR_TRY(site_set_fits(name, KINDS_SITE_SET_NAME, detail));
    ERR_TRY(site_set_fits(code, KINDS_SITE_SET_CODE, detail));
    ERR_TRY(book_open(&book, desk, DESK_CLI_DEVICE, detail));
    entry_begin(&book.writer, KINDS_SITE_SET, desk->site->id, at, NULL); /* which never changes */
    if (name != NULL) entry_put_text(&book.writer, KINDS_SITE_SET_NAME, name);
    if (code != NULL) entry_put_text(&book.writer, KINDS_SITE_SET_CODE, code);
    return book_send(&book, book_end(&book), desk, at, detail);
}
