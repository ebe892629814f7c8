#include "files/list_out.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "files/page_file.h"

enum { LIST_OUT_LINES = 3 };
static const double SHORT = 210, LONG = 297, EDGE = 15, HEAD = 12, FOOT = 11; /* A4 and its margins, millimetres */
static const double LINE = 1.42, PAD = 0.22;                                  /* of a row's text */
static const double SHRINK = 0.8, LEAST = 0.5; /* so much smaller before a cell takes another line; at all */
static const double FOOT_SIZE = 9;

struct list_out {
    struct page_file page;
    const struct list_out_form *form;
    bool drawing;
    double left, right, bottom, y;  /* y: where the next row begins; points */
    double x[LIST_OUT_COLUMNS + 1]; /* where columns begin */
    struct list_out_head head;      /* of the section, in texts */
    struct arena texts;
    struct arena_buf band; /* of the rows that follow */
    bool banded;
    bool band_due, band_again;     /* it is to be drawn before the next row; it was drawn before */
    bool open;                     /* a section is */
    uint32_t *pages;               /* of each section */
    size_t sections, cap, section; /* section: the one that is said; counted from 1 */
    uint32_t at;                   /* page of the section, from 1 */
    uint64_t done, all;            /* pages of the whole */
    int64_t rows;                  /* of the section */
    int64_t said;                  /* of the whole, for errors */
};

static const char *list_out_say(const struct list_out *out, const char *zh, const char *en)
{
    return out->form->lang == ERR_ZH ? zh : en;
}

static void list_out_rule(struct list_out *out, double y, double width)
{
    cairo_set_line_width(out->page.cr, width);
    cairo_move_to(out->page.cr, out->left, y);
    cairo_line_to(out->page.cr, out->right, y);
    cairo_stroke(out->page.cr);
}

static dw_err list_out_foot(struct list_out *out)
{
    char words[160], when[WHEN_TEXT];
    double y = out->bottom + 2 * PAGE_MM, w = out->right - out->left, h = FOOT_SIZE * LINE;
    when_text(when, out->form->when);
    struct page_box left = {out->left, y, w * 0.62, h}, right = {out->left + w * 0.64, y, w * 0.36, h};
    uint32_t of = out->pages[out->section - 1];
    if (out->sections == 1)
        snprintf(words, sizeof words, list_out_say(out, "第 %u 页 共 %u 页", "Page %u of %u"), out->at, of);
    else
        snprintf(words, sizeof words,
                 list_out_say(out, "第 %u 页 共 %u 页（全部 %llu/%llu）", "Page %u of %u (in all %llu/%llu)"), out->at, of,
                 (unsigned long long)out->done, (unsigned long long)out->all);
    ERR_TRY(page_text_draw(out->page.text, words, right, FOOT_SIZE, 5, PAGE_RIGHT));
    const char *site = out->form->site == NULL ? "" : out->form->site;
    struct arena_buf made = {0};
    arena_buf_format(&made, "%.10s %.5s · %s", when, when + 11, site);
    dw_err err = made.failed ? DW_E_MEMORY : page_text_draw(out->page.text, made.data, left, FOOT_SIZE, 5, PAGE_LEFT);
    arena_buf_free(&made);
    return err;
}

/* words on lines of a size, across the page at y; y moves below them. */
static dw_err list_out_across(struct list_out *out, const char *words, double size, int lines)
{
    double h = size * LINE * lines;
    struct page_box box = {out->left, out->y, out->right - out->left, h};
    out->y += h;
    return out->drawing ? page_text_draw(out->page.text, words, box, size, size * LEAST, PAGE_LEFT) : DW_OK;
}

static dw_err list_out_headers(struct list_out *out)
{
    const double size = out->form->size, small = size * 0.8, h = small * LINE + 2 * PAD * size, gap = size * 0.4;
    if (out->drawing) {
        for (size_t c = 0; c < out->form->count; c++) {
            const struct list_out_column *column = &out->form->columns[c];
            struct page_box box = {out->x[c], out->y + PAD * size, out->x[c + 1] - out->x[c] - gap, small * LINE};
            if (column->header != NULL)
                ERR_TRY(page_text_draw(out->page.text, column->header, box, small, small * LEAST,
                                       column->kind == LIST_OUT_RIGHT ? PAGE_RIGHT : PAGE_LEFT));
        }
        list_out_rule(out, out->y + h, 1.2);
    }
    out->y += h;
    return DW_OK;
}

/* A new page of the section, with what every page has. */
static dw_err list_out_page(struct list_out *out, struct err_detail *detail)
{
    const double size = out->form->size;
    if (out->drawing && out->done > 0) cairo_show_page(out->page.cr);
    out->at++;
    out->done++;
    if (!out->drawing) {
        out->pages[out->section - 1] = out->at;
    } else if (out->at > out->pages[out->section - 1]) {
        return err_set(detail, DW_E_INVALID, "the list changed while it was written");
    }
    out->y = HEAD * PAGE_MM;
    out->band_due = out->banded;
    ERR_TRY(list_out_across(out, out->head.title, size * 1.5, 1));
    if (*out->head.subtitle != 0) ERR_TRY(list_out_across(out, out->head.subtitle, size * 0.8, 1));
    if (out->at == 1 && out->head.note != NULL) {
        bool two = page_text_width(out->page.text, out->head.note, size) > out->right - out->left;
        ERR_TRY(list_out_across(out, out->head.note, size, 1 + two));
    }
    out->y += size * 0.3;
    ERR_TRY(list_out_headers(out));
    if (!out->drawing) return DW_OK;
    ERR_TRY(list_out_foot(out));
    return page_file_state(&out->page, detail);
}

/* The section has ended: a word where it had no rows, and its pages must be as many as were counted. */
static dw_err list_out_end(struct list_out *out, struct err_detail *detail)
{
    if (!out->open) return DW_OK;
    out->open = false;
    if (out->rows == 0) {
        out->y += PAD * out->form->size;
        ERR_TRY(list_out_across(out, out->head.none, out->form->size, 1));
    }
    if (out->at != out->pages[out->section - 1]) return err_set(detail, DW_E_INVALID, "the list changed while it was written");
    return DW_OK;
}

static dw_err list_out_copy(const char **to, struct list_out *out, const char *words, const char *field,
                            struct err_detail *detail)
{
    size_t len = words == NULL ? 0 : strlen(words);
    if (!text_valid(words == NULL ? "" : words, len, NULL)) return err_set(detail, DW_E_UTF8, "%s", field);
    *to = arena_text(&out->texts, words == NULL ? "" : words, len);
    return *to == NULL ? DW_E_MEMORY : DW_OK;
}

dw_err list_out_section(struct list_out *out, const struct list_out_head *head, struct err_detail *detail)
{
    ERR_TRY(list_out_end(out, detail));
    arena_reset(&out->texts);
    out->head = (struct list_out_head){0};
    ERR_TRY(list_out_copy(&out->head.title, out, head->title, "title", detail));
    ERR_TRY(list_out_copy(&out->head.subtitle, out, head->subtitle, "subtitle", detail));
    if (head->note != NULL) ERR_TRY(list_out_copy(&out->head.note, out, head->note, "note", detail));
    ERR_TRY(list_out_copy(&out->head.none, out, head->none == NULL ? list_out_say(out, "（没有）", "(none)") : head->none, "none",
                          detail));
    if (!out->drawing) {
        if (!arena_grow((void **)&out->pages, &out->cap, out->sections + 1, sizeof *out->pages)) return DW_E_MEMORY;
        out->sections++;
    } else if (out->section == out->sections) {
        return err_set(detail, DW_E_INVALID, "the list changed while it was written");
    }
    out->section++;
    out->at = 0;
    out->rows = 0;
    out->banded = false;
    out->open = true;
    return list_out_page(out, detail);
}

dw_err list_out_band(struct list_out *out, const char *text, struct err_detail *detail)
{
    assert(out->open);
    if (!text_valid(text, strlen(text), NULL)) return err_set(detail, DW_E_UTF8, "band");
    arena_buf_clear(&out->band);
    arena_buf_text(&out->band, text);
    if (out->band.failed) return DW_E_MEMORY;
    out->banded = out->band_due = true;
    out->band_again = false;
    return DW_OK;
}

static double list_out_width(const struct list_out *out, size_t column)
{
    return out->x[column + 1] - out->x[column] - out->form->size * 0.4;
}

/* Lines that a row takes: as many as its fullest cell, which may shrink a little first. */
static int list_out_lines(struct list_out *out, const char *const *cells)
{
    const double size = out->form->size;
    int lines = 1;
    for (size_t c = 0; c < out->form->count && lines < LIST_OUT_LINES; c++) {
        if (out->form->columns[c].kind == LIST_OUT_TICK || cells[c] == NULL || *cells[c] == 0) continue;
        double w = list_out_width(out, c);
        if ((double)text_count(cells[c], strlen(cells[c])) * size <= w) continue; /* no character is wider than high */
        double needs = page_text_width(out->page.text, cells[c], size) * SHRINK;
        int own = needs <= w ? 1 : needs <= 1.8 * w ? 2 : LIST_OUT_LINES;
        if (own > lines) lines = own;
    }
    return lines;
}

static dw_err list_out_draw_band(struct list_out *out, double h)
{
    const double size = out->form->size;
    struct page_box box = {out->left, out->y + 1.5 * PAD * size, out->right - out->left, size * LINE};
    if (!out->drawing) return DW_OK;
    cairo_save(out->page.cr);
    cairo_set_source_rgb(out->page.cr, 0.91, 0.91, 0.91);
    cairo_rectangle(out->page.cr, out->left, out->y + 0.6, out->right - out->left, h - 0.6);
    cairo_fill(out->page.cr);
    cairo_restore(out->page.cr);
    box.x += size * 0.3;
    box.w -= size * 0.6;
    struct arena_buf words = {0};
    arena_buf_format(&words, "%s%s", out->band.data, out->band_again ? list_out_say(out, "（续）", " (continued)") : "");
    dw_err err = words.failed ? DW_E_MEMORY : page_text_draw(out->page.text, words.data, box, size, size * LEAST, PAGE_LEFT);
    arena_buf_free(&words);
    list_out_rule(out, out->y + h, 0.8);
    return err;
}

static dw_err list_out_draw_row(struct list_out *out, const char *const *cells, double h)
{
    const double size = out->form->size, side = size;
    for (size_t c = 0; c < out->form->count; c++) {
        const struct list_out_column *column = &out->form->columns[c];
        struct page_box box = {out->x[c], out->y + PAD * size, list_out_width(out, c), h - 2 * PAD * size};
        if (column->kind == LIST_OUT_TICK) {
            cairo_set_line_width(out->page.cr, 0.8);
            cairo_rectangle(out->page.cr, box.x + 1, out->y + (h - side) / 2, side, side);
            cairo_stroke(out->page.cr);
        } else if (cells[c] != NULL) {
            ERR_TRY(page_text_draw(out->page.text, cells[c], box, size, size * LEAST,
                                   column->kind == LIST_OUT_RIGHT ? PAGE_RIGHT : PAGE_LEFT));
        }
    }
    list_out_rule(out, out->y + h, 0.4);
    return DW_OK;
}

static dw_err list_out_check(const struct list_out *out, const char *const *cells, struct err_detail *detail)
{
    for (size_t c = 0; c < out->form->count; c++) {
        char number[24];
        if (cells[c] == NULL || text_valid(cells[c], strlen(cells[c]), NULL)) continue;
        snprintf(number, sizeof number, "%zu", c + 1);
        const char *path = out->page.beside.path == NULL ? "-" : out->page.beside.path;
        return err_at(detail, DW_E_UTF8, path, "", out->said, number, "a cell that is no UTF-8");
    }
    return DW_OK;
}

dw_err list_out_row(struct list_out *out, const char *const *cells, struct err_detail *detail)
{
    const double size = out->form->size, band = size * LINE + 3 * PAD * size;
    assert(out->open);
    out->said++;
    ERR_TRY(list_out_check(out, cells, detail));
    double h = list_out_lines(out, cells) * size * LINE + 2 * PAD * size;
    if (out->y + h + (out->band_due ? band : 0) > out->bottom) ERR_TRY(list_out_page(out, detail));
    if (out->band_due) {
        ERR_TRY(list_out_draw_band(out, band));
        out->y += band;
        out->band_due = false;
        out->band_again = true;
    }
    if (out->drawing) ERR_TRY(list_out_draw_row(out, cells, h));
    out->y += h;
    out->rows++;
    return DW_OK;
}

static dw_err list_out_pass(struct list_out *out, list_out_fill *fill, void *ctx, struct err_detail *detail)
{
    out->section = 0;
    out->done = 0;
    out->said = 0;
    ERR_TRY(fill(out, ctx, detail));
    ERR_TRY(list_out_end(out, detail));
    if (out->section == 0) return err_set(detail, DW_E_INVALID, "nothing to print");
    if (out->section != out->sections) return err_set(detail, DW_E_INVALID, "the list changed while it was written");
    out->all = out->done;
    return DW_OK;
}

static dw_err list_out_begin(struct list_out *out, const char *path, struct err_detail *detail)
{
    const struct list_out_form *form = out->form;
    double w = form->landscape ? LONG : SHORT, h = form->landscape ? SHORT : LONG, shares = 0, x = EDGE * PAGE_MM;
    assert(form->count > 0 && form->count <= LIST_OUT_COLUMNS && form->size >= 6 && form->size <= 30);
    out->left = x;
    out->right = (w - EDGE) * PAGE_MM;
    out->bottom = (h - FOOT) * PAGE_MM - FOOT_SIZE * LINE - 2 * PAGE_MM;
    for (size_t c = 0; c < form->count; c++) {
        const char *header = form->columns[c].header;
        if (header != NULL && !text_valid(header, strlen(header), NULL)) return err_set(detail, DW_E_UTF8, "header");
        shares += form->columns[c].share;
    }
    for (size_t c = 0; c < form->count; c++) {
        out->x[c] = x;
        x += (out->right - out->left) * form->columns[c].share / shares;
    }
    out->x[form->count] = out->right + form->size * 0.4; /* the last column needs no gap */
    if (form->site != NULL && !text_valid(form->site, strlen(form->site), NULL)) return err_set(detail, DW_E_UTF8, "site");
    if (!text_valid(form->title, strlen(form->title), NULL)) return err_set(detail, DW_E_UTF8, "title");
    return page_file_open(&out->page, path, w, h, form->title, form->when, detail);
}

dw_err list_out_write(const char *path, const struct list_out_form *form, list_out_fill *fill, void *ctx,
                      struct err_detail *detail)
{
    struct list_out out = {.form = form};
    dw_err err = list_out_begin(&out, path, detail);
    if (err == DW_OK) err = list_out_pass(&out, fill, ctx, detail);
    out.drawing = true;
    if (err == DW_OK) err = list_out_pass(&out, fill, ctx, detail);
    if (err == DW_OK) {
        cairo_show_page(out.page.cr);
        err = page_file_keep(&out.page, detail);
    }
    page_file_free(&out.page);
    arena_free(&out.texts);
    arena_buf_free(&out.band);
    free(out.pages);
    return err;
}
