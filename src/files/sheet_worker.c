#include "files/sheet_worker.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "files/apart.h"

#define SHEET_WORKER_CSV "/vsimem/list.csv"
enum { SHEET_WORKER_FLUSH = 1 << 20 };

struct sheet_worker {
    int out;
    struct arena_buf buf, text; /* text: a CSV file's, which the library reads from */
    double read_ns;
    bool failed;
    uint32_t *lines; /* of a CSV file: by record that is not empty, the number of the record among all */
    size_t line_count, line_cap;
};

static void sheet_worker_flush(struct sheet_worker *w)
{
    apart_write(w->out, w->buf.data, w->buf.len);
    arena_buf_clear(&w->buf);
}

static void sheet_worker_tag(struct sheet_worker *w, char tag)
{
    arena_buf_put(&w->buf, &tag, 1);
}

static void sheet_worker_int(struct sheet_worker *w, uint32_t n)
{
    arena_buf_put(&w->buf, &n, sizeof n);
}

static void sheet_worker_text(struct sheet_worker *w, const char *text, uint32_t flags)
{
    size_t len = strlen(text);
    sheet_worker_int(w, (uint32_t)len | flags);
    arena_buf_put(&w->buf, text, len);
}

/* The first thing that went wrong is told; what was read before it is not looked at any more. */
static bool sheet_worker_fail(struct sheet_worker *w, dw_err err, const char *text)
{
    if (w->failed) return false;
    w->failed = true;
    sheet_worker_tag(w, SHEET_WORKER_ERROR);
    sheet_worker_int(w, (uint32_t)err);
    sheet_worker_text(w, text, 0);
    sheet_worker_flush(w);
    return false;
}

/* 3.50599199001010E+17 stands where a spreadsheet kept a number: it is spelled out as long as every digit is there. */
static bool sheet_worker_number(char out[32], const char *text)
{
    const char *e = strpbrk(text, "Ee");
    const char *sign = e == NULL ? NULL : e + 1 + (e[1] == '+' || e[1] == '-');
    out[0] = 0;
    if (e == NULL || e == text || strspn(text, "0123456789.") != (size_t)(e - text)) return false;
    if (*sign == 0 || sign[strspn(sign, "0123456789")] != 0) return false;
    double value = strtod(text, NULL);
    if (value >= 1e15 || value != floor(value)) return true;
    snprintf(out, 32, "%.0f", value);
    return false;
}

static bool sheet_worker_error(const char *text)
{
    static const char *const errors[] = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"};
    if (*text != '#') return false;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (strcmp(text, errors[i]) == 0) return true;
    return false;
}

static void sheet_worker_cell(struct sheet_worker *w, const char *text)
{
    char plain[32];
    if (sheet_worker_error(text))
        sheet_worker_text(w, "", SHEET_WORKER_BAD);
    else if (sheet_worker_number(plain, text))
        sheet_worker_text(w, text, SHEET_WORKER_NUMBER);
    else
        sheet_worker_text(w, plain[0] != 0 ? plain : text, 0);
}

/* The line of the library's record n, counted from 1. Where its records are more than the lines, they go on counting. */
static uint32_t sheet_worker_line(const struct sheet_worker *w, uint32_t n)
{
    size_t count = w->line_count;
    if (count == 0 || n < 1) return n;
    return n <= count ? w->lines[n - 1] : w->lines[count - 1] + (n - (uint32_t)count);
}

static void sheet_worker_layer(struct sheet_worker *w, OGRLayerH layer)
{
    uint64_t start = clock_ns();
    int columns = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(layer)); /* some drivers read the whole sheet here */
    OGRFeatureH feature;
    sheet_worker_tag(w, SHEET_WORKER_SHEET);
    sheet_worker_int(w, (uint32_t)columns);
    sheet_worker_text(w, OGR_L_GetName(layer), 0);
    OGR_L_ResetReading(layer);
    while ((feature = OGR_L_GetNextFeature(layer)) != NULL) {
        w->read_ns += (double)(clock_ns() - start);
        sheet_worker_tag(w, SHEET_WORKER_ROW);
        sheet_worker_int(w, sheet_worker_line(w, (uint32_t)OGR_F_GetFID(feature)));
        sheet_worker_int(w, (uint32_t)columns);
        for (int i = 0; i < columns; i++)
            sheet_worker_cell(w, OGR_F_IsFieldSetAndNotNull(feature, i) ? OGR_F_GetFieldAsString(feature, i) : "");
        OGR_F_Destroy(feature);
        if (w->buf.len > SHEET_WORKER_FLUSH) sheet_worker_flush(w);
        start = clock_ns();
    }
    sheet_worker_tag(w, SHEET_WORKER_SHEET_END);
}

/* The first bytes tell the truth about a file's format, its ending often does not. */
enum sheet_worker_format { SHEET_WORKER_ZIP, SHEET_WORKER_OLE, SHEET_WORKER_TEXT };

static enum sheet_worker_format sheet_worker_look(struct sheet_worker *w, const char *path)
{
    unsigned char head[8] = {0};
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        sheet_worker_fail(w, DW_E_IO, strerror(errno));
        return SHEET_WORKER_TEXT;
    }
    size_t n = fread(head, 1, sizeof head, file);
    fclose(file);
    if (n >= 4 && memcmp(head, "PK\3\4", 4) == 0) return SHEET_WORKER_ZIP;
    if (n >= 8 && memcmp(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0) return SHEET_WORKER_OLE;
    return SHEET_WORKER_TEXT;
}

/* The whole file, to be freed; NULL after a failure, which is told. */
static char *sheet_worker_slurp(struct sheet_worker *w, const char *path, size_t *len)
{
    struct stat st;
    FILE *file = fopen(path, "rb");
    char *data = file != NULL && fstat(fileno(file), &st) == 0 ? malloc((size_t)st.st_size + 1) : NULL;
    *len = 0;
    if (data == NULL)
        sheet_worker_fail(w, errno == ENOMEM ? DW_E_MEMORY : DW_E_IO, strerror(errno));
    else
        *len = fread(data, 1, (size_t)st.st_size, file);
    if (file != NULL) fclose(file);
    return data;
}

/* The library leaves empty lines out and does not say so. A quoted text may have lines of its own; a lone carriage return ends a
 * line too. */
static bool sheet_worker_lines(struct sheet_worker *w, const char *text, size_t len)
{
    bool quoted = false;
    uint32_t number = 1;
    for (size_t at = 0, from = 0; at <= len; at++) {
        if (at < len && text[at] == '"') quoted = !quoted;
        bool pair = at + 1 < len && text[at] == '\r' && text[at + 1] == '\n';
        if (at < len && ((text[at] != '\n' && text[at] != '\r') || quoted || pair)) continue;
        bool empty = at == from || (at == from + 1 && text[from] == '\r');
        if (!empty) {
            if (!arena_grow((void **)&w->lines, &w->line_cap, w->line_count + 1, sizeof *w->lines))
                return sheet_worker_fail(w, DW_E_MEMORY, "");
            w->lines[w->line_count++] = number;
        }
        number++;
        from = at + 1;
    }
    return true;
}

/* Text comes to the library as UTF-8, whatever it was written in. */
static bool sheet_worker_decode(struct sheet_worker *w, struct arena_buf *text, const char *path)
{
    size_t len, bad = 0;
    char *data = sheet_worker_slurp(w, path, &len), what[96];
    if (data == NULL) return false;
    enum text_charset charset = text_detect(data, len);
    bool good = charset != TEXT_UNKNOWN && text_decode(text, charset, data, len, &bad);
    free(data);
    if (!good) {
        snprintf(what, sizeof what, "neither UTF-8 nor GB18030: byte %zu", bad + 1);
        return sheet_worker_fail(w, DW_E_UTF8, what);
    }
    if (text->len > 0 && (text->data[0] == '<' || text->data[0] == '{'))
        return sheet_worker_fail(w, DW_E_FORMAT, "a web page or another format, saved under the name of a list");
    return sheet_worker_lines(w, text->data, text->len);
}

static GDALDatasetH sheet_worker_csv(struct sheet_worker *w, const char *path)
{
    static const char *const options[] = {"HEADERS=NO", "AUTODETECT_TYPE=NO", "KEEP_SOURCE_COLUMNS=NO", NULL};
    static const char *const drivers[] = {"CSV", NULL};
    if (!sheet_worker_decode(w, &w->text, path)) return NULL;
    VSILFILE *made = VSIFileFromMemBuffer(SHEET_WORKER_CSV, (GByte *)w->text.data, w->text.len, FALSE);
    if (made != NULL) VSIFCloseL(made);
    return GDALOpenEx(SHEET_WORKER_CSV, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options, NULL);
}

/* The old container holds a workbook of 1997 and later in a stream of this name; before, Chinese was in a code page that the
 * library does not know. Locked files of today come in it too. */
static bool sheet_worker_old(struct sheet_worker *w, const char *path)
{
    static const char book[] = "W\0o\0r\0k\0b\0o\0o\0k\0", locked[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    size_t len;
    char *data = sheet_worker_slurp(w, path, &len);
    if (data == NULL) return false;
    bool secret = memmem(data, len, locked, sizeof locked - 1) != NULL, known = memmem(data, len, book, sizeof book - 1) != NULL;
    free(data);
    if (secret) return sheet_worker_fail(w, DW_E_FORMAT, "protected by a password: save it without one");
    if (!known)
        return sheet_worker_fail(w, DW_E_FORMAT, "a workbook of before 1997, whose Chinese cannot be read: save it as XLSX");
    return true;
}

static GDALDatasetH sheet_worker_open(struct sheet_worker *w, const char *path)
{
    static const char *const zipped[] = {"XLSX", "ODS", NULL}, *const old[] = {"XLS", NULL};
    enum sheet_worker_format format = sheet_worker_look(w, path);
    if (format == SHEET_WORKER_TEXT) return w->failed ? NULL : sheet_worker_csv(w, path);
    if (format == SHEET_WORKER_OLE && !sheet_worker_old(w, path)) return NULL;
    return GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, format == SHEET_WORKER_ZIP ? zipped : old, NULL, NULL);
}

static void sheet_worker_end(struct sheet_worker *w, GDALDatasetH set)
{
    double ms = w->read_ns / 1e6;
    if (set != NULL) {
        sheet_worker_tag(w, SHEET_WORKER_DONE);
        arena_buf_put(&w->buf, &ms, sizeof ms);
        sheet_worker_flush(w);
        GDALClose(set);
    }
    VSIUnlink(SHEET_WORKER_CSV);
    arena_buf_free(&w->text);
    arena_buf_free(&w->buf);
    free(w->lines);
}

void sheet_worker_run(const char *path, int out)
{
    struct sheet_worker w = {.out = out};
    /* Everything is text: types guessed by a library strip the zeros of rooms and documents. */
    CPLSetConfigOption("OGR_XLSX_HEADERS", "DISABLE");
    CPLSetConfigOption("OGR_XLSX_FIELD_TYPES", "STRING");
    CPLSetConfigOption("OGR_ODS_HEADERS", "DISABLE");
    CPLSetConfigOption("OGR_ODS_FIELD_TYPES", "STRING");
    CPLSetConfigOption("OGR_XLS_HEADERS", "DISABLE");
    CPLSetConfigOption("OGR_XLS_FIELD_TYPES", "STRING");
    CPLPushErrorHandler(CPLQuietErrorHandler);
    GDALAllRegister();
    CPLErrorReset();
    uint64_t start = clock_ns();
    GDALDatasetH set = sheet_worker_open(&w, path);
    w.read_ns = (double)(clock_ns() - start);
    if (set == NULL)
        sheet_worker_fail(&w, DW_E_FORMAT, *CPLGetLastErrorMsg() != 0 ? CPLGetLastErrorMsg() : "no list that can be read");
    for (int i = 0; set != NULL && i < GDALDatasetGetLayerCount(set); i++) sheet_worker_layer(&w, GDALDatasetGetLayer(set, i));
    sheet_worker_end(&w, set);
    CPLPopErrorHandler();
}
