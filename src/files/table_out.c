#include "files/table_out.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/text.h"

enum { TABLE_OUT_ROWS = 1048576, TABLE_OUT_FLUSH = 256 * 1024, TABLE_OUT_SHEET_NAME = 31 };

struct table_out {
    enum table_out_format format;
    char *path;       /* where the file shall stand; NULL for stdout */
    char *beside;     /* where it is written until it is whole */
    char *folder;     /* of path, for the library's own temporary files */
    FILE *file;       /* CSV */
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *bold;
    size_t columns;
    size_t rows; /* written, title and headers included */
    struct arena_buf line;    /* CSV in UTF-8, until it is worth writing */
    struct arena_buf convert; /* one cell cleaned, or the line in GB18030 */
};

static void table_out_release(struct table_out *t)
{
    if (t->file != NULL && t->path != NULL) fclose(t->file);
    if (t->beside != NULL) unlink(t->beside);
    arena_buf_free(&t->line);
    arena_buf_free(&t->convert);
    free(t->path);
    free(t->beside);
    free(t->folder);
    free(t);
}

static dw_err table_out_io(const struct table_out *t, struct err_detail *detail, int code)
{
    dw_err err = code == ENOSPC || code == EDQUOT ? DW_E_FULL : DW_E_IO;
    return err_at(detail, err, t->path == NULL ? "-" : t->path, "", 0, "", "%s", code == 0 ? "cannot write" : strerror(code));
}

static dw_err table_out_names(struct table_out *t, const char *path)
{
    static unsigned count;
    size_t len = strlen(path);
    const char *slash = strrchr(path, '/');
    t->path = strdup(path);
    t->beside = malloc(len + 64);
    t->folder = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
    if (t->path == NULL || t->beside == NULL || t->folder == NULL) return DW_E_MEMORY;
    unsigned n = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
    snprintf(t->beside, len + 64, "%s.%ld-%u.part", path, (long)getpid(), n);
    return DW_OK;
}
