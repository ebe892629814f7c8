#include "desk/atlas.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

const char *atlas_kind_text(int kind)
{
    return kind < KINDS_AREA_KIND_COUNT ? kinds_area_kind_texts[kind] : kinds_feature_kind_texts[kind - KINDS_AREA_KIND_COUNT];
}

dw_err atlas_kinds(unsigned *out, const char *list, struct err_detail *detail)
{
    *out = list == NULL || *list == 0 ? (1u << ATLAS_KINDS) - 1 : 0;
    while (list != NULL && *list != 0) {
        size_t len = strcspn(list, ",");
        int kind = 0;
        while (kind < ATLAS_KINDS && (strlen(atlas_kind_text(kind)) != len || memcmp(atlas_kind_text(kind), list, len) != 0))
            kind++;
        if (kind == ATLAS_KINDS)
            return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "kinds", "%.*s", (int)(len < 64 ? len : 64), list);
        *out |= 1u << kind;
        list += len + (list[len] == ',');
    }
    return DW_OK;
}

/* Geometries by the number of their area or feature: rows come by number, and are told in the order of the tree. */
struct atlas_walk {
    const struct site *site;
    enum site_type type;
    unsigned kinds;
    struct arena arena;
    struct json json;
    struct {
        const char *text;
        size_t len;
    } * outlines;
};

static unsigned atlas_bit(const struct site *site, enum site_type type, uint32_t index)
{
    int kind =
        type == SITE_AREA ? (int)site_area(site, index)->kind : KINDS_AREA_KIND_COUNT + (int)site_feature(site, index)->kind;
    return 1u << kind;
}

/* What an entry of somebody's own making called a geometry may be any text: what cannot be read is none. */
static dw_err atlas_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct atlas_walk *walk = ctx;
    int64_t at = store_get_int(&v[0]);
    (void)count;
    (void)detail;
    if (at < 0 || at >= site_count(walk->site, walk->type) || v[1].type != STORE_TEXT || v[1].len == 0) return DW_OK;
    if ((atlas_bit(walk->site, walk->type, (uint32_t)at) & walk->kinds) == 0) return DW_OK;
    if (json_read(&walk->json, v[1].data, v[1].len, NULL) != DW_OK || walk->json.tokens[0].type != JSON_OBJECT) return DW_OK;
    walk->outlines[at].text = arena_text(&walk->arena, v[1].data, v[1].len);
    walk->outlines[at].len = v[1].len;
    return walk->outlines[at].text == NULL ? DW_E_MEMORY : DW_OK;
}

static dw_err atlas_walk_type(struct atlas_walk *walk, struct window *window, atlas_each *each, void *ctx,
                              struct err_detail *detail)
{
    static const struct store_sql areas = {"SELECT area_no, geometry FROM area WHERE site_id = $1", NULL},
                                  features = {"SELECT feature_no, geometry FROM feature WHERE site_id = $1", NULL};
    const struct site *site = walk->site;
    bool area = walk->type == SITE_AREA;
    struct store_value id = store_id(&site->id);
    uint32_t count = site_count(site, walk->type);
    walk->outlines = calloc((size_t)count + 1, sizeof *walk->outlines);
    if (walk->outlines == NULL) return DW_E_MEMORY;
    dw_err err = window_ask(window, area ? &areas : &features, &id, 1, atlas_row, walk, detail);
    for (uint32_t i = 0; err == DW_OK && i < (area ? site->area_orders : count); i++) {
        uint32_t index = area ? site->area_at[i] : i;
        if ((atlas_bit(site, walk->type, index) & walk->kinds) != 0)
            err = each(ctx, walk->type, index, walk->outlines[index].text, walk->outlines[index].len, detail);
    }
    free(walk->outlines);
    walk->outlines = NULL;
    arena_reset(&walk->arena);
    return err;
}

dw_err atlas_walk(struct window *window, unsigned kinds, atlas_each *each, void *ctx, struct err_detail *detail)
{
    const unsigned areas = (1u << KINDS_AREA_KIND_COUNT) - 1;
    struct atlas_walk walk = {.site = window_desk(window)->site, .type = SITE_AREA, .kinds = kinds};
    dw_err err = (kinds & areas) == 0 ? DW_OK : atlas_walk_type(&walk, window, each, ctx, detail);
    walk.type = SITE_FEATURE;
    if (err == DW_OK && (kinds & ~areas) != 0) err = atlas_walk_type(&walk, window, each, ctx, detail);
    arena_free(&walk.arena);
    json_free(&walk.json);
    return err;
}
