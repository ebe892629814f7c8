#include "files/card_out.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "files/beside.h"
#include "files/card_out_face.h"

static const double PAGE_W = 210, PAGE_H = 297; /* A4, in millimetres like the sheets below */

/* How the cards of a size lie on a page, and how long the marks along its cuts are. */
struct sheet {
    double w, h, left, top, mark, gap; /* gap: from the page's edge or the cards to the mark */
    int across, down;
    dw_err (*face)(cairo_t *cr, struct card_out_text *text, const struct card *card, enum err_lang lang);
};

static const struct sheet SHEETS[] = {
    [CARD_A6] = {105, 148.5, 0, 0, 4, 0, 2, 2, card_out_face_a6},
    [CARD_SMALL] = {85.6, 54, 19.4, 13.5, 5, 2, 2, 5, card_out_face_small},
};

struct card_out {
    struct beside beside;
    FILE *file;
    int code; /* errno of a write that failed, which cairo forgets */
    const struct sheet *sheet;
    enum err_lang lang;
    cairo_surface_t *surface;
    cairo_t *cr;
    struct card_out_text *text;
    int64_t cards;
};

static cairo_status_t card_out_write(void *ctx, const unsigned char *data, unsigned int len)
{
    struct card_out *out = ctx;
    if (out->code == 0 && fwrite(data, 1, len, out->file) != len) out->code = errno == 0 ? EIO : errno;
    return out->code == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* What cairo has met so far. */
static dw_err card_out_state(struct card_out *out, struct err_detail *detail)
{
    if (out->code != 0) return beside_fail(&out->beside, out->code, detail);
    cairo_status_t status = cairo_status(out->cr);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(out->surface);
    if (status == CAIRO_STATUS_SUCCESS) return DW_OK;
    return status == CAIRO_STATUS_NO_MEMORY ? DW_E_MEMORY : err_set(detail, DW_E_IO, "%s", cairo_status_to_string(status));
}

static dw_err card_out_start(struct card_out *out, struct when when, struct err_detail *detail)
{
    char full[WHEN_TEXT], made[WHEN_TEXT];
    out->file = beside_open(&out->beside);
    if (out->file == NULL) return beside_fail(&out->beside, errno, detail);
    out->surface = cairo_pdf_surface_create_for_stream(card_out_write, out, PAGE_W * CARD_OUT_MM, PAGE_H * CARD_OUT_MM);
    out->cr = cairo_create(out->surface);
    when_text(full, when);
    snprintf(made, sizeof made, "%.19s%s", full, full + strlen("2022-04-08T07:30:00.000")); /* cairo knows no milliseconds */
    cairo_pdf_surface_set_metadata(out->surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
    cairo_pdf_surface_set_metadata(out->surface, CAIRO_PDF_METADATA_TITLE, card_out_face_title(out->lang));
    ERR_TRY(card_out_state(out, detail));
    return card_out_text_open(&out->text, out->cr, detail);
}

dw_err card_out_open(struct card_out **out, const char *path, enum card_size size, enum err_lang lang, struct when when,
                     struct err_detail *detail)
{
    struct card_out *o = calloc(1, sizeof *o);
    *out = NULL;
    if (o == NULL) return DW_E_MEMORY;
    o->sheet = &SHEETS[size];
    o->lang = lang;
    dw_err err = beside_make(&o->beside, path, detail);
    if (err == DW_OK) err = card_out_start(o, when, detail);
    if (err != DW_OK) {
        card_out_abort(o);
        return err;
    }
    *out = o;
    return DW_OK;
}

static dw_err card_out_bad(const struct card_out *out, dw_err code, const char *field, struct err_detail *detail)
{
    const char *path = out->beside.path == NULL ? "-" : out->beside.path;
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
    cairo_save(out->cr);
    cairo_scale(out->cr, CARD_OUT_MM, CARD_OUT_MM);
    cairo_set_line_width(out->cr, 0.12);
    for (int i = inside; i <= s->across - inside; i++) {
        double x = s->left + i * s->w;
        cairo_move_to(out->cr, x, s->top + sign * s->gap);
        cairo_rel_line_to(out->cr, 0, sign * s->mark);
        cairo_move_to(out->cr, x, bottom - sign * s->gap);
        cairo_rel_line_to(out->cr, 0, -sign * s->mark);
    }
    for (int i = inside; i <= s->down - inside; i++) {
        double y = s->top + i * s->h;
        cairo_move_to(out->cr, s->left + sign * s->gap, y);
        cairo_rel_line_to(out->cr, sign * s->mark, 0);
        cairo_move_to(out->cr, right - sign * s->gap, y);
        cairo_rel_line_to(out->cr, -sign * s->mark, 0);
    }
    if (inside) {
        cairo_move_to(out->cr, PAGE_W / 2 - s->mark, PAGE_H / 2);
        cairo_rel_line_to(out->cr, 2 * s->mark, 0);
        cairo_move_to(out->cr, PAGE_W / 2, PAGE_H / 2 - s->mark);
        cairo_rel_line_to(out->cr, 0, 2 * s->mark);
    }
    cairo_stroke(out->cr);
    cairo_restore(out->cr);
}

dw_err card_out_put(struct card_out *out, const struct card *card, struct err_detail *detail)
{
    const struct sheet *s = out->sheet;
    int place = (int)(out->cards % (s->across * s->down));
    ERR_TRY(card_out_check(out, card, detail));
    if (place == 0) card_out_marks(out);
    cairo_save(out->cr);
    cairo_translate(out->cr, (s->left + place % s->across * s->w) * CARD_OUT_MM,
                    (s->top + (int)(place / s->across) * s->h) * CARD_OUT_MM);
    dw_err err = s->face(out->cr, out->text, card, out->lang);
    cairo_restore(out->cr);
    if (err == DW_E_TOO_LARGE) return card_out_bad(out, err, "url", detail);
    ERR_TRY(err);
    out->cards++;
    if (place + 1 == s->across * s->down) cairo_show_page(out->cr);
    return card_out_state(out, detail);
}

static void card_out_release(struct card_out *out)
{
    if (out->code == 0) out->code = ECANCELED; /* what cairo still writes is for nobody */
    card_out_text_free(out->text);
    if (out->cr != NULL) cairo_destroy(out->cr);
    if (out->surface != NULL) cairo_surface_destroy(out->surface);
    if (out->file != NULL && out->beside.part != NULL) fclose(out->file);
    beside_free(&out->beside); /* what is not whole does not stay */
    free(out);
}

static dw_err card_out_finish(struct card_out *out, struct err_detail *detail)
{
    if (out->cards == 0) return err_set(detail, DW_E_INVALID, "no card to print");
    if (out->cards % (out->sheet->across * out->sheet->down) != 0) cairo_show_page(out->cr);
    cairo_surface_finish(out->surface);
    if (out->code == 0 && cairo_surface_status(out->surface) == CAIRO_STATUS_SUCCESS && fflush(out->file) != 0) out->code = errno;
    FILE *file = out->file;
    if (out->beside.part != NULL) {
        out->file = NULL;
        if (fclose(file) != 0 && out->code == 0) out->code = errno;
    }
    if (out->code != 0) return beside_fail(&out->beside, out->code, detail);
    cairo_status_t status = cairo_surface_status(out->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return status == CAIRO_STATUS_NO_MEMORY ? DW_E_MEMORY : beside_fail(&out->beside, 0, detail);
    return beside_keep(&out->beside, detail);
}

dw_err card_out_close(struct card_out *out, struct err_detail *detail)
{
    if (out == NULL) return DW_OK;
    dw_err err = card_out_finish(out, detail);
    card_out_release(out);
    return err;
}

void card_out_abort(struct card_out *out)
{
    if (out != NULL) card_out_release(out);
}
