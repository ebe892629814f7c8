#include "files/card_out.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "files/card_out_face.h"
#include "files/page_file.h"

static const double PAGE_W = 210, PAGE_H = 297; /* A4, in millimetres like the sheets below */

_Static_assert((int)CARD_TEXT == (int)PAGE_TEXT_MOST, "one length of texts");

/* How the cards of a size lie on a page, and how long the marks along its cuts are. */
struct sheet {
    double w, h, left, top, mark, gap; /* gap: from the page's edge or the cards to the mark */
    int across, down;
    dw_err (*face)(cairo_t *cr, struct page_text *text, const struct card *card, enum err_lang lang);
};

static const struct sheet SHEETS[] = {
    [CARD_A6] = {105, 148.5, 0, 0, 4, 0, 2, 2, card_out_face_a6},
    [CARD_SMALL] = {85.6, 54, 19.4, 13.5, 5, 2, 2, 5, card_out_face_small},
};

struct card_out {
    struct page_file page;
    const struct sheet *sheet;
    enum err_lang lang;
    int64_t cards;
};

dw_err card_out_open(struct card_out **out, const char *path, enum card_size size, enum err_lang lang, struct when when,
                     struct err_detail *detail)
{
    struct card_out *o = calloc(1, sizeof *o);
    *out = NULL;
    if (o == NULL) return DW_E_MEMORY;
    o->sheet = &SHEETS[size];
    o->lang = lang;
    dw_err err = page_file_open(&o->page, path, PAGE_W, PAGE_H, card_out_face_title(lang), when, detail);
    if (err != DW_OK) {
        card_out_abort(o);
        return err;
    }
    *out = o;
    return DW_OK;
}

static dw_err card_out_bad(const struct card_out *out, dw_err code, const char *field, struct err_detail *detail)
{
    const char *path = out->page.beside.path == NULL ? "-" : out->page.beside.path;
    return err_at(detail, code, path, "", out->cards + 1, field, "card %lld: %s", (long long)out->cards + 1, field);
}

static dw_err card_out_check(const struct card_out *out, const struct card *card, struct err_detail *detail)
{
    const struct {
        const char *name, *text;
    } fields[] = {
        {"code", card->code},       {"address", card->address}, {"keeper", card->keeper}, {"keeper_phone", card->keeper_phone},
        {"hotline", card->hotline}, {"site", card->site},       {"url", card->url},       {"issued", card->issued}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].text != NULL && !text_valid(fields[i].text, strlen(fields[i].text), NULL))
            return card_out_bad(out, DW_E_UTF8, fields[i].name, detail);
    return card->url != NULL && strlen(card->url) > CARD_URL ? card_out_bad(out, DW_E_TOO_LARGE, "url", detail) : DW_OK;
}

/* A mark on each cut at both ends of the page's cards, and where cuts cross on a sheet without margins. */
static void card_out_marks(struct card_out *out)
{
    const struct sheet *s = out->sheet;
    double right = s->left + s->across * s->w, bottom = s->top + s->down * s->h;
    /* Cards that fill the page are marked on them, in their margins; else the marks stand beside the cards. */
    bool inside = s->left == 0;
    double sign = inside ? 1 : -1;
    cairo_save(out->page.cr);
    cairo_scale(out->page.cr, PAGE_MM, PAGE_MM);
    cairo_set_line_width(out->page.cr, 0.12);
    for (int i = inside; i <= s->across - inside; i++) {
        double x = s->left + i * s->w;
        cairo_move_to(out->page.cr, x, s->top + sign * s->gap);
        cairo_rel_line_to(out->page.cr, 0, sign * s->mark);
        cairo_move_to(out->page.cr, x, bottom - sign * s->gap);
        cairo_rel_line_to(out->page.cr, 0, -sign * s->mark);
    }
    for (int i = inside; i <= s->down - inside; i++) {
        double y = s->top + i * s->h;
        cairo_move_to(out->page.cr, s->left + sign * s->gap, y);
        cairo_rel_line_to(out->page.cr, sign * s->mark, 0);
        cairo_move_to(out->page.cr, right - sign * s->gap, y);
        cairo_rel_line_to(out->page.cr, -sign * s->mark, 0);
    }
    if (inside) {
        cairo_move_to(out->page.cr, PAGE_W / 2 - s->mark, PAGE_H / 2);
        cairo_rel_line_to(out->page.cr, 2 * s->mark, 0);
        cairo_move_to(out->page.cr, PAGE_W / 2, PAGE_H / 2 - s->mark);
        cairo_rel_line_to(out->page.cr, 0, 2 * s->mark);
    }
    cairo_stroke(out->page.cr);
    cairo_restore(out->page.cr);
}

dw_err card_out_put(struct card_out *out, const struct card *card, struct err_detail *detail)
{
    const struct sheet *s = out->sheet;
    int place = (int)(out->cards % (s->across * s->down));
    ERR_TRY(card_out_check(out, card, detail));
    if (place == 0) card_out_marks(out);
    cairo_save(out->page.cr);
    cairo_translate(out->page.cr, (s->left + place % s->across * s->w) * PAGE_MM,
                    (s->top + (int)(place / s->across) * s->h) * PAGE_MM);
    dw_err err = s->face(out->page.cr, out->page.text, card, out->lang);
    cairo_restore(out->page.cr);
    if (err == DW_E_TOO_LARGE) return card_out_bad(out, err, "url", detail);
    ERR_TRY(err);
    out->cards++;
    if (place + 1 == s->across * s->down) cairo_show_page(out->page.cr);
    return page_file_state(&out->page, detail);
}

dw_err card_out_close(struct card_out *out, struct err_detail *detail)
{
    if (out == NULL) return DW_OK;
    dw_err err = out->cards == 0 ? err_set(detail, DW_E_INVALID, "no card to print") : DW_OK;
    if (err == DW_OK) {
        if (out->cards % (out->sheet->across * out->sheet->down) != 0) cairo_show_page(out->page.cr);
        err = page_file_keep(&out->page, detail);
    }
    card_out_abort(out);
    return err;
}

void card_out_abort(struct card_out *out)
{
    if (out == NULL) return;
    page_file_free(&out->page);
    free(out);
}
