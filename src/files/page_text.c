#include "files/page_text.h"

#include <fontconfig/fontconfig.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "files/fonts.h"

/* The first is what texts are written with. cairo 1.16 loses some characters of the second's outlines (如) when it puts that font
 * into a PDF, and nobody is told: what only the second has is therefore drawn as outlines and not as text. */
enum { SURE, SPARE, FONTS = FONTS_PAPER, BLANK = 0x25a1 };
static const double STEP = 2;       /* sizes are multiples of 1/2 point: few fonts in cairo's cache */
static const double ONE_LINE = 0.8; /* so much smaller may a text be to stay on one line */

struct page_text {
    cairo_t *cr;           /* the caller's */
    FcConfig *config;      /* knows the two fonts only, so that no machine's settings change a page */
    FcCharSet *has[FONTS]; /* of config; NULL: not installed */
    PangoFontMap *map;
    PangoContext *context;
    PangoLayout *layout;
    PangoFontDescription *face;
    struct arena_buf words;
};

static bool page_text_called(FcPattern *font, const char *name)
{
    FcChar8 *family;
    int weight;
    if (FcPatternGetInteger(font, FC_WEIGHT, 0, &weight) != FcResultMatch || weight != FC_WEIGHT_REGULAR) return false;
    for (int i = 0; FcPatternGetString(font, FC_FAMILY, i, &family) == FcResultMatch; i++)
        if (strcmp((const char *)family, name) == 0) return true;
    return false;
}

/* Takes the two fonts over from what the system knows. They are not added as files: those would be read through each time, and
 * fontconfig 2.14 loses memory when it reads a collection. */
static bool page_text_find(struct page_text *t)
{
    FcFontSet *all = FcConfigGetFonts(NULL, FcSetSystem);
    FcConfigAppFontAddFile(t->config, (const FcChar8 *)"/dev/null"); /* no font, but only so is there a set to add to */
    FcFontSet *own = FcConfigGetFonts(t->config, FcSetApplication);
    if (own == NULL) return false;
    for (int which = 0; which < FONTS; which++) {
        for (int i = 0; all != NULL && i < all->nfont && t->has[which] == NULL; i++) {
            FcPattern *font = all->fonts[i];
            if (!page_text_called(font, fonts_paper[which]) ||
                FcPatternGetCharSet(font, FC_CHARSET, 0, &t->has[which]) != FcResultMatch)
                continue;
            FcPatternReference(font);
            if (!FcFontSetAdd(own, font)) {
                FcPatternDestroy(font);
                return false;
            }
        }
    }
    return true;
}

static bool page_text_layout(struct page_text *t)
{
    PangoAttrList *plain = pango_attr_list_new();
    t->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (t->map == NULL) {
        pango_attr_list_unref(plain);
        return false;
    }
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(t->map), 72);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(t->map), t->config);
    t->context = pango_font_map_create_context(t->map);
    pango_context_set_language(t->context, pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(t->context, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(t->context, FALSE);
    pango_cairo_update_context(t->cr, t->context);
    t->layout = pango_layout_new(t->context);
    t->face = pango_font_description_from_string("WenQuanYi Micro Hei, Noto Sans CJK SC");
    pango_layout_set_auto_dir(t->layout, FALSE);
    pango_layout_set_wrap(t->layout, PANGO_WRAP_WORD_CHAR);
    pango_attr_list_insert(plain, pango_attr_insert_hyphens_new(FALSE)); /* a code keeps its own hyphens and gets no others */
    pango_layout_set_attributes(t->layout, plain);
    pango_attr_list_unref(plain);
    return true;
}

dw_err page_text_open(struct page_text **out, cairo_t *cr, struct err_detail *detail)
{
    struct page_text *t = calloc(1, sizeof *t);
    *out = t;
    if (t == NULL) return DW_E_MEMORY;
    t->cr = cr;
    t->config = FcConfigCreate();
    if (t->config == NULL || !page_text_find(t)) return DW_E_MEMORY;
    if (t->has[SURE] == NULL && t->has[SPARE] == NULL)
        return err_set(detail, DW_E_NOT_FOUND, "%s (fonts-wqy-microhei)", fonts_paper[SURE]);
    return page_text_layout(t) ? DW_OK : DW_E_MEMORY;
}

void page_text_free(struct page_text *t)
{
    if (t == NULL) return;
    if (t->layout != NULL) g_object_unref(t->layout);
    if (t->face != NULL) pango_font_description_free(t->face);
    if (t->context != NULL) g_object_unref(t->context);
    if (t->map != NULL) {
        pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(t->map), NULL); /* which Pango 1.50 would keep for ever */
        g_object_unref(t->map);
    }
    if (t->config != NULL) FcConfigDestroy(t->config);
    arena_buf_free(&t->words);
    free(t);
}

/* Characters that only steer others: direction, joining, variants, marks of order; language tags too. */
static bool page_text_steers(int32_t point)
{
    return point == 0xad || point == 0x61c || (point >= 0x200b && point <= 0x200f) || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || (point >= 0xfe00 && point <= 0xfe0f) || point == 0xfeff ||
           (point >= 0xfff9 && point <= 0xfffb) || (point >= 0xe0000 && point <= 0xe0fff);
}

static bool page_text_has(const struct page_text *t, int font, int32_t point)
{
    return t->has[font] != NULL && FcCharSetHasChar(t->has[font], (FcChar32)point);
}

/* words as they can be printed, in t->words; true when they must be drawn as outlines. */
static bool page_text_clean(struct page_text *t, const char *words)
{
    size_t at = 0, len = strlen(words), count = 0;
    bool outlines = t->has[SURE] == NULL, space = false;
    int32_t point;
    arena_buf_clear(&t->words);
    arena_buf_put(&t->words, "", 0);
    while ((point = text_next(words, len, &at)) >= 0) {
        if (point <= ' ' || point == 0x7f || point == 0x85 || point == 0xa0 || point == 0x2028 || point == 0x2029) {
            space = true;
            continue;
        }
        if (point < 0xa0 && point >= 0x7f) continue;
        if (page_text_steers(point)) continue;
        if (++count > PAGE_TEXT_MOST) {
            text_put(&t->words, 0x2026);
            break;
        }
        if (space && t->words.len > 0) text_put(&t->words, ' ');
        space = false;
        bool sure = page_text_has(t, SURE, point), spare = page_text_has(t, SPARE, point);
        text_put(&t->words, sure || spare ? point : BLANK);
        outlines = outlines || (!sure && spare);
    }
    return outlines;
}

/* Lays the words out at a size of points, wrapped at width points (below 0: on one line), and measures them. */
static void page_text_measure(struct page_text *t, double size, double width, double *w, double *h)
{
    int across, down;
    pango_font_description_set_size(t->face, (int)(size * PANGO_SCALE));
    pango_layout_set_font_description(t->layout, t->face);
    pango_layout_set_width(t->layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
    pango_layout_get_size(t->layout, &across, &down);
    *w = (double)across / PANGO_SCALE;
    *h = (double)down / PANGO_SCALE;
}

static void page_text_fit(struct page_text *t, struct page_box box, double most, double least)
{
    double w, h;
    page_text_measure(t, most, -1, &w, &h);
    if (w <= box.w && h <= box.h) return;
    double one = floor(most * fmin(box.w / w, box.h / h) * STEP) / STEP,
           two = floor(fmin(most, most * box.h / (2 * h)) * STEP) / STEP;
    if (one >= least && one >= ONE_LINE * two) {
        page_text_measure(t, one, -1, &w, &h);
        return;
    }
    int low = (int)(least * STEP), high = (int)(fmax(two, least) * STEP); /* in steps; low fits or is cut */
    page_text_measure(t, high / STEP, box.w, &w, &h);
    if (w <= box.w && h <= box.h) return;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        page_text_measure(t, middle / STEP, box.w, &w, &h);
        if (w <= box.w && h <= box.h)
            low = middle;
        else
            high = middle;
    }
    pango_layout_set_height(t->layout, (int)(box.h * PANGO_SCALE));
    pango_layout_set_ellipsize(t->layout, PANGO_ELLIPSIZE_END);
    page_text_measure(t, low / STEP, box.w, &w, &h);
}

/* The layout with its upper left corner at x, y. What is inked outside the box (piled up accents, say) is cut off. */
static void page_text_show(struct page_text *t, double x, double y, struct page_box box, bool outlines)
{
    PangoRectangle ink;
    pango_layout_get_extents(t->layout, &ink, NULL);
    double left = x + (double)ink.x / PANGO_SCALE, top = y + (double)ink.y / PANGO_SCALE;
    bool out = left < box.x || top < box.y || left + (double)ink.width / PANGO_SCALE > box.x + box.w ||
               top + (double)ink.height / PANGO_SCALE > box.y + box.h;
    if (out) {
        cairo_save(t->cr);
        cairo_rectangle(t->cr, box.x, box.y, box.w, box.h);
        cairo_clip(t->cr);
    }
    cairo_move_to(t->cr, x, y);
    if (outlines) {
        pango_cairo_layout_path(t->cr, t->layout);
        cairo_fill(t->cr);
    } else {
        pango_cairo_show_layout(t->cr, t->layout);
    }
    if (out) cairo_restore(t->cr);
}

static void page_text_set(struct page_text *t, enum page_align align)
{
    pango_layout_set_ellipsize(t->layout, PANGO_ELLIPSIZE_NONE);
    pango_layout_set_height(t->layout, -1);
    pango_layout_set_alignment(t->layout, align == PAGE_RIGHT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_text(t->layout, t->words.data, (int)t->words.len);
}

dw_err page_text_draw(struct page_text *t, const char *words, struct page_box box, double most, double least,
                      enum page_align align)
{
    int across, down;
    bool outlines = page_text_clean(t, words);
    if (t->words.failed) return DW_E_MEMORY;
    if (t->words.len == 0) return DW_OK;
    page_text_set(t, align);
    page_text_fit(t, box, most, least);
    pango_layout_get_size(t->layout, &across, &down);
    /* A layout without a width starts where it is drawn, whatever its alignment. */
    double left = align == PAGE_RIGHT && pango_layout_get_width(t->layout) < 0 ? box.w - (double)across / PANGO_SCALE : 0;
    page_text_show(t, box.x + left, box.y + (box.h - (double)down / PANGO_SCALE) / 2, box, outlines);
    return DW_OK;
}

double page_text_width(struct page_text *t, const char *words, double size)
{
    double w, h;
    page_text_clean(t, words);
    if (t->words.failed || t->words.len == 0) return 0;
    page_text_set(t, PAGE_LEFT);
    page_text_measure(t, size, -1, &w, &h);
    return w;
}
