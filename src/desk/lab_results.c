/* A laboratory's file into results: one batch, undoable. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "desk/import.h"
#include "desk/lab.h"
#include "files/columns.h"
#include "files/columns_words.h"

struct lab_file {
    const struct lab_results *spec;
    struct import_result *out;
    const struct site *site;
    struct book books[2];
    const struct sheet *sheet;
    int header, tube, result, at, method; /* row and columns; −1 none */
};

/* 阴性, negative, -, 未检出; 阳性, positive, +, 检出. False when it says neither. */
static bool lab_result_read(enum kinds_tube_result *out, const char *text)
{
    static const struct {
        const char *word;
        enum kinds_tube_result result;
    } words[] = {
        {"阴", KINDS_TUBE_RESULT_NEGATIVE},    {"未检出", KINDS_TUBE_RESULT_NEGATIVE},   {"negative", KINDS_TUBE_RESULT_NEGATIVE},
        {"neg", KINDS_TUBE_RESULT_NEGATIVE},   {"-", KINDS_TUBE_RESULT_NEGATIVE},        {"无效", KINDS_TUBE_RESULT_INVALID},
        {"不合格", KINDS_TUBE_RESULT_INVALID}, {"invalid", KINDS_TUBE_RESULT_INVALID},   {"阳", KINDS_TUBE_RESULT_POSITIVE},
        {"检出", KINDS_TUBE_RESULT_POSITIVE},  {"positive", KINDS_TUBE_RESULT_POSITIVE}, {"pos", KINDS_TUBE_RESULT_POSITIVE},
        {"+", KINDS_TUBE_RESULT_POSITIVE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        bool chinese = (unsigned char)words[i].word[0] >= 0x80;
        if (chinese ? strncmp(text, words[i].word, strlen(words[i].word)) != 0 : strcasecmp(text, words[i].word) != 0) continue;
        *out = words[i].result;
        return true;
    }
    return false;
}

static void lab_trouble(struct lab_file *f, size_t row, const char *field, const char *what, const char *text)
{
    char said[192];
    snprintf(said, sizeof said, "%s: %.*s", what, (int)text_cut(text, strlen(text), 80), text);
    import_trouble(f->out, f->sheet->source_row[row], f->sheet->name, field, said);
}

static const char *lab_cell(const struct lab_file *f, size_t row, int column)
{
    return column < 0 ? "" : f->sheet->cells[row * f->sheet->columns + (size_t)column].text;
}

/* The first of ten rows that has a tube's number and a result. */
static bool lab_columns(struct lab_file *f)
{
    for (f->header = 0; f->header < 10 && (size_t)f->header < f->sheet->rows; f->header++) {
        f->tube = f->result = f->at = f->method = -1;
        for (size_t c = 0; c < f->sheet->columns; c++) {
            const char *text = lab_cell(f, (size_t)f->header, (int)c);
            if (f->tube < 0 && (columns_words_fit(text, COLUMNS_TUBE) > 0 || strcmp(text, "编号") == 0))
                f->tube = (int)c;
            else if (f->result < 0 && columns_words_fit(text, COLUMNS_RESULT) > 0)
                f->result = (int)c;
            else if (f->at < 0 && (columns_words_fit(text, COLUMNS_SAMPLED_AT) > 0 || strstr(text, "报告时间") != NULL))
                f->at = (int)c;
            else if (f->method < 0 && strstr(text, "方法") != NULL)
                f->method = (int)c;
        }
        if (f->tube >= 0 && f->result >= 0) return true;
    }
    return false;
}

static bool lab_shared(const struct site *site, uint32_t tube)
{
    size_t cursor = 0;
    for (uint32_t at;
         (at = site_tube_coded(site, site_tube(site, tube)->round, site_tube(site, tube)->code, &cursor)) != SITE_NONE;)
        if (at != tube) return true;
    return false;
}

static dw_err lab_row(struct lab_file *f, size_t row)
{
    const struct lab_results *spec = f->spec;
    const char *code = lab_cell(f, row, f->tube), *said = lab_cell(f, row, f->result), *time = lab_cell(f, row, f->at);
    bool zh = spec->lang == ERR_ZH;
    char method[128];
    enum kinds_tube_result result;
    struct when at = spec->by.at;
    uint32_t tube;
    if (*code == 0 && *said == 0) {
        f->out->empty++;
        return DW_OK;
    }
    f->out->rows++;
    if (lab_tube(&tube, f->site, spec->by.round, code, NULL) != DW_OK) {
        lab_trouble(f, row, "tube", zh ? "本轮没有这个管号" : "this round has no such tube", code);
        f->out->placeless++;
        return DW_OK;
    }
    if (!lab_result_read(&result, said)) {
        lab_trouble(f, row, "result", zh ? "读不出结果" : "not a result", said);
        return DW_OK;
    }
    if (*time != 0 && (!when_parse_written(&at, time, strlen(time), spec->by.at.offset) || at.ms > spec->by.at.ms)) {
        lab_trouble(f, row, "at", zh ? "时间不对，改用导入时间" : "not a time that has been, the import's is taken", time);
        at = spec->by.at;
    }
    if (lab_shared(f->site, tube))
        lab_trouble(f, row, "tube",
                    zh ? "几支管写了同一管号，记在先启用的一支" : "several tubes bear this number, the first one gets it", code);
    uint8_t known = site_tube(f->site, tube)->result;
    if (known == 1 + result) {
        f->out->seen++;
        return DW_OK;
    }
    if (known != 0) lab_trouble(f, row, "result", zh ? "与已有结果不同，待处理" : "differs from the known result, held", code);
    f->out->fresh++;
    struct entry_writer *w = &f->books[1].writer;
    entry_begin(w, KINDS_TUBE_RESULT, site_tube(f->site, tube)->id, spec->by.at, NULL);
    entry_put_int(w, KINDS_TUBE_RESULT_RESULT, result);
    entry_put_time(w, KINDS_TUBE_RESULT_AT, at);
    entry_put_text(w, KINDS_TUBE_RESULT_METHOD,
                   import_fit(method, sizeof method, f->out, KINDS_TUBE_RESULT, KINDS_TUBE_RESULT_METHOD,
                              f->sheet->source_row[row], f->sheet->name, lab_cell(f, row, f->method)));
    return book_end(&f->books[1]);
}

static dw_err lab_sheets(struct lab_file *f, const struct sheet_book *book, struct err_detail *detail)
{
    dw_err err = DW_OK;
    for (size_t i = 0; err == DW_OK && i < book->count; i++) {
        f->sheet = &book->sheets[i];
        if (!lab_columns(f))
            return err_at(detail, DW_E_COLUMN, book->file, f->sheet->name, 0, NULL,
                          "a column of tube numbers and one of results");
        for (size_t row = (size_t)f->header + 1; err == DW_OK && row < f->sheet->rows; row++) err = lab_row(f, row);
    }
    return err;
}

static dw_err lab_take(struct lab_file *f, const struct sheet_book *book, struct err_detail *detail)
{
    struct desk *desk = f->spec->by.desk;
    f->out->already = import_known(desk, f->books, book->content);
    if (f->out->already) return DW_OK;
    ERR_TRY(import_begin(desk, f->books, book->file, f->spec->by.at, detail));
    f->site = desk_read(desk);
    dw_err err = lab_sheets(f, book, detail);
    desk_read_end(desk);
    if (err != DW_OK) return err;
    return import_finish(desk, f->books, f->out, book->file, KINDS_LIST_KIND_RESULTS, book->content, f->spec->by.at,
                         f->spec->dry_run, detail);
}

dw_err lab_results_take(struct import_result *out, const struct lab_results *spec, const struct sheet_book *book,
                        struct err_detail *detail)
{
    dw_err err = DW_E_STALE;
    for (int i = 0; err == DW_E_STALE && i < IMPORT_TRIES; i++) {
        struct lab_file file = {.spec = spec, .out = out};
        memset(out, 0, sizeof *out);
        out->read_ms = book->read_ms;
        err = lab_take(&file, book, detail);
        book_free(&file.books[0]);
        book_free(&file.books[1]);
    }
    return err;
}

dw_err lab_results(struct import_result *out, const struct lab_results *spec, const struct clock_progress *progress,
                   struct err_detail *detail)
{
    struct sheet_book book = {0};
    memset(out, 0, sizeof *out);
    dw_err err = sheet_read(&book, spec->path, NULL, progress, detail);
    if (err == DW_OK) err = lab_results_take(out, spec, &book, detail);
    sheet_free(&book);
    return err;
}
