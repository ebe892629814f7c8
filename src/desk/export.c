#include "desk/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk/copies.h"
#include "desk/export_layers.h"
#include "desk/register.h"
#include "files/beside.h"
#include "files/table_out.h"
#include "store/disk.h"

enum { EXPORT_FILES = 256, EXPORT_TICK = 1024, EXPORT_SHEET = 1000000 /* rows: a workbook holds few more */ };

struct export
{
    struct desk *desk;
    const struct export_spec *spec;
    const struct clock_progress *progress;
    struct export_done *done;
    struct export_rows rows;
    const struct export_table *table;
    struct table_out *sheets[2]; /* the workbook, the CSV */
    int64_t sheet_rows;          /* in the workbook at hand */
    int part;                    /* its number */
    int64_t rows_all;
    char *folder; /* until it gets its name */
    char names[EXPORT_FILES][40];
    size_t name_count;
};

/* The path of the next file, which is freed by the caller; NULL when memory is out. */
static char *export_path(struct export *x, const char *name, const char *ending)
{
    if (x->name_count == EXPORT_FILES) return NULL;
    char *next = x->names[x->name_count];
    snprintf(next, sizeof x->names[0], "%s%s", name, ending);
    size_t size = strlen(x->folder) + strlen(next) + 2;
    char *path = malloc(size);
    if (path != NULL) snprintf(path, size, "%s/%s", x->folder, next);
    x->name_count++;
    return path;
}

static dw_err export_open(struct export *x, int sheet, struct err_detail *detail)
{
    const char *columns[EXPORT_COLUMNS], *title = x->table->title[x->spec->lang];
    char ending[16] = ".csv";
    if (sheet == 0) snprintf(ending, sizeof ending, x->part == 1 ? ".xlsx" : "-%d.xlsx", x->part);
    char *path = export_path(x, x->table->name, ending);
    if (path == NULL) return DW_E_MEMORY;
    export_tables_columns(columns, x->table, x->spec->lang);
    dw_err err = table_out_open(&x->sheets[sheet], path, sheet == 0 ? TABLE_OUT_XLSX : TABLE_OUT_CSV_BOM, title, NULL, columns,
                                x->table->count, detail);
    free(path);
    return err;
}

/* A workbook that is full is followed by another one. */
static dw_err export_next_book(struct export *x, struct err_detail *detail)
{
    struct table_out *full = x->sheets[0];
    x->sheets[0] = NULL;
    ERR_TRY(table_out_close(full, detail));
    x->part++;
    x->sheet_rows = 0;
    return export_open(x, 0, detail);
}

static dw_err export_row(void *ctx, const char *const *cells, struct err_detail *detail)
{
    struct export *x = ctx;
    int64_t rows = ++x->done->rows, all = rows > x->rows_all ? rows : x->rows_all; /* which was reckoned beforehand */
    if (rows % EXPORT_TICK == 0 && !clock_tick(x->progress, "export", (uint64_t)rows, (uint64_t)all)) return DW_E_CANCELLED;
    if (x->sheet_rows == EXPORT_SHEET) ERR_TRY(export_next_book(x, detail));
    x->sheet_rows++;
    ERR_TRY(table_out_row(x->sheets[0], cells, detail));
    return table_out_row(x->sheets[1], cells, detail);
}

/* One table as a workbook and as CSV, in one walk. */
static dw_err export_one(struct export *x, const struct export_table *table, struct err_detail *detail)
{
    x->table = table;
    x->sheets[0] = x->sheets[1] = NULL;
    x->sheet_rows = 0;
    x->part = 1;
    dw_err err = export_open(x, 0, detail);
    if (err == DW_OK) err = export_open(x, 1, detail);
    if (err == DW_OK) err = table->rows(&x->rows, detail);
    for (int i = 0; i < 2; i++) {
        if (err == DW_OK)
            err = table_out_close(x->sheets[i], detail);
        else
            table_out_abort(x->sheets[i]);
    }
    x->done->tables++;
    return err;
}

static dw_err export_layer(struct export *x, int layer, bool package, struct err_detail *detail)
{
    int64_t count;
    char *path = export_path(x, export_layers_names[layer], package ? ".gpkg" : ".geojson");
    if (path == NULL) return DW_E_MEMORY;
    dw_err err = export_layers_write(&count, x->desk, layer, path, package, x->spec->lang, &x->rows, x->progress, detail);
    free(path);
    x->done->layers++;
    return err;
}

/* What is written is read once more, for the list of it. */
static dw_err export_sum(struct export *x, const char *name, struct arena_buf *list, struct err_detail *detail)
{
    struct hash_stream stream;
    uint8_t hash[HASH_SIZE];
    char piece[65536], hex[2 * HASH_SIZE + 1], *path = malloc(strlen(x->folder) + strlen(name) + 2);
    size_t got;
    if (path == NULL) return DW_E_MEMORY;
    snprintf(path, strlen(x->folder) + strlen(name) + 2, "%s/%s", x->folder, name);
    FILE *file = fopen(path, "rb");
    dw_err err = file == NULL ? disk_error(detail, path, errno) : DW_OK;
    hash_start(&stream);
    while (err == DW_OK && (got = fread(piece, 1, sizeof piece, file)) > 0) {
        hash_add(&stream, piece, got);
        x->done->bytes += (int64_t)got;
    }
    if (err == DW_OK && ferror(file)) err = disk_error(detail, path, errno);
    hash_end(&stream, hash);
    hash_hex(hex, hash, HASH_SIZE);
    arena_buf_format(list, "%s  %s\n", hex, name);
    if (file != NULL) fclose(file);
    free(path);
    return err;
}

static dw_err export_sums(struct export *x, struct err_detail *detail)
{
    struct arena_buf list = {0};
    uint8_t hash[HASH_SIZE];
    dw_err err = DW_OK;
    for (size_t i = 0; i < x->name_count && err == DW_OK; i++) err = export_sum(x, x->names[i], &list, detail);
    char *path = err == DW_OK ? export_path(x, "SHA256SUMS", "") : NULL;
    if (err == DW_OK) err = path == NULL || list.failed ? DW_E_MEMORY : beside_put(path, list.data, list.len, detail);
    if (err == DW_OK) {
        hash_one(hash, list.data, list.len);
        hash_b64(x->done->hash, hash, HASH_SIZE);
    }
    free(path);
    arena_buf_free(&list);
    return err;
}

static int64_t export_rows_count(const struct site *site)
{
    int64_t count = site->area_orders;
    static const enum site_type types[] = {SITE_MEMBER, SITE_DOOR,  SITE_HOUSEHOLD, SITE_PERSON,
                                           SITE_STAY,   SITE_ROUND, SITE_HELD,      SITE_DEVICE};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) count += site_count(site, types[i]);
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++)
        count += (int64_t)(site_round(site, i)->mark_count + site_round(site, i)->visit_count);
    return count;
}

static dw_err export_write(struct export *x, struct err_detail *detail)
{
    const struct site *site = desk_read(x->desk);
    x->rows = (struct export_rows){.site = site, .reveal = x->spec->reveal != NULL, .put = export_row, .ctx = x};
    x->rows_all = export_rows_count(site);
    dw_err err = desk_moment(x->desk, detail);
    for (size_t i = 0; err == DW_OK && export_tables_at(i) != NULL; i++) err = export_one(x, export_tables_at(i), detail);
    for (int i = 0; err == DW_OK && i < 2 * EXPORT_LAYERS; i++) err = export_layer(x, i / 2, i % 2 != 0, detail);
    store_rollback(x->desk->store);
    arena_free(&x->rows.arena);
    desk_read_end(x->desk);
    return err == DW_OK ? export_sums(x, detail) : err;
}

/* A folder beside the place, for nobody but the owner. */
static dw_err export_folder(struct export *x, struct err_detail *detail)
{
    static const char name[] = ".export-XXXXXX";
    const char *place = x->spec->folder, *slash = strrchr(place, '/');
    struct stat found;
    size_t head = slash == NULL ? 0 : (size_t)(slash - place) + 1;
    if (lstat(place, &found) == 0) return disk_error(detail, place, EEXIST);
    char *folder = malloc(head + sizeof name);
    if (folder == NULL) return DW_E_MEMORY;
    memcpy(folder, place, head);
    memcpy(folder + head, name, sizeof name);
    dw_err err = mkdtemp(folder) == NULL ? disk_error(detail, place, errno) : DW_OK;
    if (err == DW_OK)
        x->folder = folder;
    else
        free(folder);
    return err;
}

static dw_err export_name(struct export *x, struct err_detail *detail)
{
    if (renameat2(AT_FDCWD, x->folder, AT_FDCWD, x->spec->folder, RENAME_NOREPLACE) != 0) {
        struct stat found;
        bool old = errno == EINVAL || errno == ENOSYS; /* a disk that cannot promise it */
        if (!old || lstat(x->spec->folder, &found) == 0 || rename(x->folder, x->spec->folder) != 0)
            return disk_error(detail, x->spec->folder, errno);
    }
    free(x->folder);
    x->folder = NULL;
    return disk_sync_folder(x->spec->folder, detail);
}

static void export_drop(struct export *x)
{
    for (size_t i = 0; x->folder != NULL && i < x->name_count; i++) {
        char path[4200];
        snprintf(path, sizeof path, "%s/%s", x->folder, x->names[i]);
        unlink(path);
    }
    if (x->folder != NULL) rmdir(x->folder);
    free(x->folder);
}

static dw_err export_look(struct export *x, struct err_detail *detail)
{
    const struct site *site = desk_read(x->desk);
    size_t people = site_count(site, SITE_PERSON);
    desk_read_end(x->desk);
    return register_look(x->desk, "export", x->spec->reveal, people, x->spec->at, detail);
}

dw_err export_all(struct export_done *out, struct desk *desk, const struct export_spec *spec,
                  const struct clock_progress *progress, struct err_detail *detail)
{
    struct export x = {.desk = desk, .spec = spec, .progress = progress, .done = out};
    memset(out, 0, sizeof *out);
    dw_err err = export_folder(&x, detail);
    if (err == DW_OK && spec->reveal != NULL) err = export_look(&x, detail); /* what is not recorded is not shown */
    if (err == DW_OK) err = export_write(&x, detail);
    struct copies_one copy = {.what = KINDS_COPY_KIND_EXPORT,
                              .path = spec->folder,
                              .hash = out->hash,
                              .bytes = out->bytes,
                              .clear = spec->reveal != NULL};
    if (err == DW_OK) err = copies_record(desk, &copy, spec->at, detail); /* before it stands there: see backup_keep */
    if (err == DW_OK) err = export_name(&x, detail);
    export_drop(&x);
    return err;
}
