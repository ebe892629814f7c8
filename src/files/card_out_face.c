#include "files/card_out_face.h"

#include <stdbool.h>
#include <stdio.h>

#include "files/card_out_qr.h"
#include "files/page_file.h"

/* clang-format off */
enum word { TITLE, HEADS, KEEPER, HOTLINE, ROUNDS, WORDS };
static const char *const SAID[2][WORDS] = {
    [ERR_ZH] = {"临时户门卡", "登记人数", "包栋责任人", "值守电话", "每轮盖章"},
    [ERR_EN] = {"Door card", "Registered", "Keeper", "Duty phone", "One stamp a round"},
};
/* clang-format on */

/* Millimetres in, points out. */
static struct page_box card_out_face_box(double x, double y, double w, double h)
{
    return (struct page_box){x * PAGE_MM, y * PAGE_MM, w * PAGE_MM, h * PAGE_MM};
}

static void card_out_face_rule(cairo_t *cr, double x, double y, double w, double points)
{
    cairo_set_line_width(cr, points);
    cairo_move_to(cr, x * PAGE_MM, y * PAGE_MM);
    cairo_line_to(cr, (x + w) * PAGE_MM, y * PAGE_MM);
    cairo_stroke(cr);
}

static bool card_out_face_none(const char *words)
{
    return words == NULL || *words == 0;
}

/* words in the box, or a line to write them on by hand. */
static dw_err card_out_face_words(cairo_t *cr, struct page_text *t, const char *words, struct page_box box, double most,
                                  double least)
{
    if (!card_out_face_none(words)) return page_text_draw(t, words, box, most, least, PAGE_LEFT);
    card_out_face_rule(cr, box.x / PAGE_MM, (box.y + box.h) / PAGE_MM - 1, box.w / PAGE_MM, 0.5);
    return DW_OK;
}

static void card_out_face_heads(char out[32], int heads, enum err_lang lang)
{
    *out = 0;
    if (heads >= 0 && lang == ERR_ZH) snprintf(out, 32, "%d 人", heads);
    if (heads >= 0 && lang == ERR_EN) snprintf(out, 32, "%d %s", heads, heads == 1 ? "person" : "people");
}

static dw_err card_out_face_issue(struct page_text *t, const struct card *card, struct page_box box, double size,
                                  enum err_lang lang, enum page_align align)
{
    char words[64 + 4 * CARD_TEXT];
    bool dated = !card_out_face_none(card->issued);
    snprintf(words, sizeof words, lang == ERR_ZH ? "第 %d 版%s%.*s" : "Version %d%s%.*s", card->version, dated ? " · " : "",
             4 * CARD_TEXT, dated ? card->issued : "");
    return page_text_draw(t, words, box, size, 4, align);
}

const char *card_out_face_title(enum err_lang lang)
{
    return SAID[lang][TITLE];
}

static dw_err card_out_face_stamps(cairo_t *cr, struct page_text *t, enum err_lang lang)
{
    enum { ACROSS = 6, DOWN = CARD_ROUNDS / ACROSS };
    const double left = 7, top = 107, side = 91.0 / ACROSS;
    ERR_TRY(page_text_draw(t, SAID[lang][ROUNDS], card_out_face_box(left, top - 5, 45, 4.5), 9, 6, PAGE_LEFT));
    for (int i = 0; i < CARD_ROUNDS; i++) {
        char number[4];
        snprintf(number, sizeof number, "%d", i + 1);
        struct page_box box = card_out_face_box(left + i % ACROSS * side + 0.9, top + (int)(i / ACROSS) * side + 0.5, 5, 3.5);
        ERR_TRY(page_text_draw(t, number, box, 7, 7, PAGE_LEFT));
    }
    cairo_set_line_width(cr, 0.6);
    for (int i = 0; i <= ACROSS; i++) {
        cairo_move_to(cr, (left + i * side) * PAGE_MM, top * PAGE_MM);
        cairo_line_to(cr, (left + i * side) * PAGE_MM, (top + DOWN * side) * PAGE_MM);
    }
    for (int i = 0; i <= DOWN; i++) {
        cairo_move_to(cr, left * PAGE_MM, (top + i * side) * PAGE_MM);
        cairo_line_to(cr, (left + ACROSS * side) * PAGE_MM, (top + i * side) * PAGE_MM);
    }
    cairo_stroke(cr);
    return DW_OK;
}

/* A field of the A6 card: its word small, what it holds large below. */
static dw_err card_out_face_field(cairo_t *cr, struct page_text *t, const char *word, const char *words, double y)
{
    ERR_TRY(page_text_draw(t, word, card_out_face_box(7, y, 50, 4), 9, 6, PAGE_LEFT));
    return card_out_face_words(cr, t, words, card_out_face_box(7, y + 3.6, 50, 8), 19, 6);
}

dw_err card_out_face_a6(cairo_t *cr, struct page_text *t, const struct card *card, enum err_lang lang)
{
    const char *const *said = SAID[lang];
    const double qr = 36, qr_top = 55.5 + qr * CARD_OUT_QR_QUIET + 0.5;
    char heads[32];
    card_out_face_heads(heads, card->heads, lang);
    ERR_TRY(page_text_draw(t, said[TITLE], card_out_face_box(7, 6.5, 38, 8), 16, 8, PAGE_LEFT));
    if (!card_out_face_none(card->site))
        ERR_TRY(page_text_draw(t, card->site, card_out_face_box(46, 8, 52, 6), 11, 5, PAGE_RIGHT));
    card_out_face_rule(cr, 7, 15, 91, 1.5);
    ERR_TRY(card_out_face_words(cr, t, card->code, card_out_face_box(7, 16, 91, 25), 66, 8));
    if (!card_out_face_none(card->address)) /* the rule below is its line */
        ERR_TRY(page_text_draw(t, card->address, card_out_face_box(7, 41, 91, 14), 18, 5, PAGE_LEFT));
    card_out_face_rule(cr, 7, 55.5, 91, 0.5);
    ERR_TRY(card_out_face_field(cr, t, said[HEADS], heads, 57));
    ERR_TRY(card_out_face_field(cr, t, said[KEEPER], card->keeper, 69.2));
    ERR_TRY(card_out_face_words(cr, t, card->keeper_phone, card_out_face_box(7, 80.4, 50, 7), 17, 6));
    ERR_TRY(card_out_face_field(cr, t, said[HOTLINE], card->hotline, 89.3));
    if (!card_out_face_none(card->url)) ERR_TRY(card_out_qr(cr, card->url, (98 - qr) * PAGE_MM, qr_top * PAGE_MM, qr * PAGE_MM));
    ERR_TRY(card_out_face_stamps(cr, t, lang));
    return card_out_face_issue(t, card, card_out_face_box(7, 138, 91, 4), 8, lang, PAGE_RIGHT);
}

/* A field of the small card: word and what it holds on one line. */
static dw_err card_out_face_line(cairo_t *cr, struct page_text *t, const char *word, const char *words, double y)
{
    ERR_TRY(page_text_draw(t, word, card_out_face_box(4, y + 0.3, 13.5, 4.4), 7, 4, PAGE_LEFT));
    return card_out_face_words(cr, t, words, card_out_face_box(18, y, 30, 4.6), 10.5, 4);
}

dw_err card_out_face_small(cairo_t *cr, struct page_text *t, const struct card *card, enum err_lang lang)
{
    const char *const *said = SAID[lang];
    const double qr = 28, qr_top = 8.6 + qr * CARD_OUT_QR_QUIET + 0.5;
    char heads[32];
    card_out_face_heads(heads, card->heads, lang);
    ERR_TRY(page_text_draw(t, said[TITLE], card_out_face_box(4, 3.3, 30, 4.9), 10, 6, PAGE_LEFT));
    if (!card_out_face_none(card->site))
        ERR_TRY(page_text_draw(t, card->site, card_out_face_box(36, 3.8, 45.6, 4), 7.5, 4, PAGE_RIGHT));
    card_out_face_rule(cr, 4, 8.6, 77.6, 1);
    ERR_TRY(card_out_face_words(cr, t, card->code, card_out_face_box(4, 9.2, 44, 12.6), 34, 6));
    if (!card_out_face_none(card->address))
        ERR_TRY(page_text_draw(t, card->address, card_out_face_box(4, 21.8, 44, 9.7), 11, 4, PAGE_LEFT));
    card_out_face_rule(cr, 4, 32, 44, 0.5);
    ERR_TRY(card_out_face_line(cr, t, said[HEADS], heads, 32.6));
    ERR_TRY(card_out_face_line(cr, t, said[KEEPER], card->keeper, 37));
    ERR_TRY(card_out_face_words(cr, t, card->keeper_phone, card_out_face_box(18, 41.4, 30, 4.6), 10.5, 4));
    ERR_TRY(card_out_face_line(cr, t, said[HOTLINE], card->hotline, 45.8));
    if (!card_out_face_none(card->url))
        ERR_TRY(card_out_qr(cr, card->url, (81.6 - qr) * PAGE_MM, qr_top * PAGE_MM, qr * PAGE_MM));
    return card_out_face_issue(t, card, card_out_face_box(51, 46.5, 30.6, 3.6), 6.5, lang, PAGE_RIGHT);
}
