#include "files/sheet_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum { SHEET_WORKER_FLUSH = 1 << 20 };

struct sheet_worker {
    int out;
    struct arena_buf buf;
    double read_ns;
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

static void sheet_worker_fail(struct sheet_worker *w, dw_err err, const char *text)
{
    sheet_worker_tag(w, SHEET_WORKER_ERROR);
    sheet_worker_int(w, (uint32_t)err);
    sheet_worker_text(w, text, 0);
    sheet_worker_flush(w);
    _exit(0);
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
        uint32_t number = (uint32_t)OGR_F_GetFID(feature);
        sheet_worker_int(w, number >= 1 && number <= w->line_count ? w->lines[number - 1] : number);
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
    if (file == NULL) sheet_worker_fail(w, DW_E_IO, strerror(errno));
    size_t n = fread(head, 1, sizeof head, file);
    fclose(file);
    if (n >= 4 && memcmp(head, "PK\3\4", 4) == 0) return SHEET_WORKER_ZIP;
    if (n >= 8 && memcmp(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0) return SHEET_WORKER_OLE;
    return SHEET_WORKER_TEXT;
}

static char *sheet_worker_slurp(struct sheet_worker *w, const char *path, size_t *len)
{
    struct stat st;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &st) != 0) sheet_worker_fail(w, DW_E_IO, strerror(errno));
    char *data = malloc((size_t)st.st_size + 1);
    if (data == NULL) sheet_worker_fail(w, DW_E_MEMORY, "");
    *len = fread(data, 1, (size_t)st.st_size, file);
    fclose(file);
    return data;
}

/* The library leaves empty lines out and does not say so. A quoted text may have lines of its own. */
static void sheet_worker_lines(struct sheet_worker *w, const char *text, size_t len)
{
    bool quoted = false;
    uint32_t number = 1;
    for (size_t at = 0, from = 0; at <= len; at++) {
        if (at < len && text[at] == '"') quoted = !quoted;
        if (at < len && (text[at] != '\n' || quoted)) continue;
        bool empty = at == from || (at == from + 1 && text[from] == '\r');
        if (!empty) {
            if (!arena_grow((void **)&w->lines, &w->line_cap, w->line_count + 1, sizeof *w->lines))
                sheet_worker_fail(w, DW_E_MEMORY, "");
            w->lines[w->line_count++] = number;
        }
        number++;
        from = at + 1;
    }
}

/* Text comes to the library as UTF-8, whatever it was written in. */
static GDALDatasetH sheet_worker_csv(struct sheet_worker *w, const char *path)
{
    static const char *const options[] = {"HEADERS=NO", "AUTODETECT_TYPE=NO", "KEEP_SOURCE_COLUMNS=NO", NULL};
    static const char *const drivers[] = {"CSV", NULL};
    struct arena_buf text = {0};
    size_t len, bad = 0;
    char *data = sheet_worker_slurp(w, path, &len);
    enum text_charset charset = text_detect(data, len);
    if (charset == TEXT_UNKNOWN || !text_decode(&text, charset, data, len, &bad)) {
        char what[96];
        snprintf(what, sizeof what, "neither UTF-8 nor GB18030: byte %zu", bad + 1);
        sheet_worker_fail(w, DW_E_UTF8, what);
    }
    free(data);
    if (text.len > 0 && (text.data[0] == '<' || text.data[0] == '{'))
        sheet_worker_fail(w, DW_E_FORMAT, "a web page or another format, saved under the name of a list");
    sheet_worker_lines(w, text.data, text.len);
    VSILFILE *made = VSIFileFromMemBuffer("/vsimem/list.csv", (GByte *)text.data, text.len, FALSE);
    if (made != NULL) VSIFCloseL(made);
    return GDALOpenEx("/vsimem/list.csv", GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options, NULL);
}

/* The old container holds a workbook of 1997 and later in a stream of this name; before, Chinese was in a code page that the
 * library does not know. Locked files of today come in it too. */
static void sheet_worker_old(struct sheet_worker *w, const char *path)
{
    static const char book[] = "W\0o\0r\0k\0b\0o\0o\0k\0", locked[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    size_t len;
    char *data = sheet_worker_slurp(w, path, &len);
    if (memmem(data, len, locked, sizeof locked - 1) != NULL)
        sheet_worker_fail(w, DW_E_FORMAT, "protected by a password: save it without one");
    if (memmem(data, len, book, sizeof book - 1) == NULL)
        sheet_worker_fail(w, DW_E_FORMAT, "a workbook of before 1997, whose Chinese cannot be read: save it as XLSX");
    free(data);
}

static GDALDatasetH sheet_worker_open(struct sheet_worker *w, const char *path)
{
    static const char *const zipped[] = {"XLSX", "ODS", NULL}, *const old[] = {"XLS", NULL};
    enum sheet_worker_format format = sheet_worker_look(w, path);
    if (format == SHEET_WORKER_TEXT) return sheet_worker_csv(w, path);
    if (format == SHEET_WORKER_OLE) sheet_worker_old(w, path);
    return GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, format == SHEET_WORKER_ZIP ? zipped : old, NULL, NULL);
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
    uint64_t start = clock_ns();
    GDALDatasetH set = sheet_worker_open(&w, path);
    w.read_ns = (double)(clock_ns() - start);
    if (set == NULL)
        sheet_worker_fail(&w, DW_E_FORMAT, *CPLGetLastErrorMsg() != 0 ? CPLGetLastErrorMsg() : "no list that can be read");
    for (int i = 0; i < GDALDatasetGetLayerCount(set); i++) sheet_worker_layer(&w, GDALDatasetGetLayer(set, i));
    double ms = w.read_ns / 1e6;
    sheet_worker_tag(&w, SHEET_WORKER_DONE);
    arena_buf_put(&w.buf, &ms, sizeof ms);
    sheet_worker_flush(&w);
}
