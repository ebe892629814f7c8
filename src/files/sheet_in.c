#include "files/sheet_in.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/apart.h"
#include "files/sheet_said.h"

dw_err sheet_read(struct sheet_book *book, const char *path, const struct sheet_limits *limits,
                  const struct clock_progress *progress, struct err_detail *detail)
{
    struct sheet_limits most = limits == NULL ? (struct sheet_limits){0} : *limits;
    struct arena_buf raw = {0};
    const char *slash = strrchr(path, '/');
    struct stat st;
    snprintf(book->file, sizeof book->file, "%.*s", (int)sizeof book->file - 1, slash == NULL ? path : slash + 1);
    if (most.max_cells == 0) most.max_cells = 20000000;
    if (most.max_file_bytes == 0) most.max_file_bytes = (size_t)256 << 20;
    if (most.max_seconds == 0) most.max_seconds = 120;
    if (most.max_memory == 0) most.max_memory = (size_t)1 << 30;
    if (stat(path, &st) != 0)
        return err_at(detail, errno == ENOENT ? DW_E_NOT_FOUND : DW_E_IO, book->file, NULL, 0, NULL, "%s", strerror(errno));
    if (!S_ISREG(st.st_mode) || st.st_size == 0)
        return err_at(detail, DW_E_FORMAT, book->file, NULL, 0, NULL, "the file is empty or no file");
    if ((size_t)st.st_size > most.max_file_bytes)
        return err_at(detail, DW_E_TOO_LARGE, book->file, NULL, 0, NULL, "%lld bytes", (long long)st.st_size);
    struct apart apart = {APART_SHEET, most.max_memory, most.max_seconds, path, book->file};
    dw_err err = apart_run(&raw, &apart, progress, detail);
    if (err == DW_OK) err = sheet_said_read(book, &raw, most.max_cells, detail);
    arena_buf_free(&raw);
    return err;
}

void sheet_free(struct sheet_book *book)
{
    arena_free(&book->arena);
    free(book->sheets);
    memset(book, 0, sizeof *book);
}
