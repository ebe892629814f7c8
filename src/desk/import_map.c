/* A map into areas and features. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/atlas.h"
#include "desk/import.h"
#include "files/layer_in.h"

struct import_map {
    const struct site *site;
    struct book *book;
    const struct layer_map *map;
    struct id *ids;      /* of each feature */
    struct map by_code;  /* areas of the file */
    unsigned codes_made; /* for areas without one */
    struct import_result *out;
    struct when at;
    struct err_detail *detail;
};

static const int import_map_areas[LAYER_KINDS] = {
    [LAYER_VILLAGE] = 1 + KINDS_AREA_KIND_VILLAGE, [LAYER_GRID] = 1 + KINDS_AREA_KIND_GRID,
    [LAYER_CELL] = 1 + KINDS_AREA_KIND_CELL,       [LAYER_BUILDING] = 1 + KINDS_AREA_KIND_BUILDING,
    [LAYER_FACTORY] = 1 + KINDS_AREA_KIND_FACTORY,
};

static enum kinds_feature_kind import_map_feature_kind(enum layer_kind kind)
{
    return kind == LAYER_LANE   ? KINDS_FEATURE_KIND_LANE
           : kind == LAYER_GATE ? KINDS_FEATURE_KIND_GATE
                                : KINDS_FEATURE_KIND_BARRIER;
}

static bool import_map_time(struct when *out, const char *text, int32_t offset)
{
    return text != NULL && *text != 0 && when_parse_local(out, text, strlen(text), offset);
}

static int64_t import_map_ms(const struct import_map *m, const char *text)
{
    struct when when;
    return import_map_time(&when, text, m->at.offset) ? when.ms : SITE_NEVER;
}

enum { IMPORT_MAP_CODE = 63, IMPORT_MAP_TEXT = 512 };

/* A code longer than any is none: what it stands at is known by its place then. */
static const char *import_map_own_code(const struct layer_feature *f)
{
    return strlen(f->code) > IMPORT_MAP_CODE ? "" : f->code;
}

/* A text as its field takes it, in the buffer. */
static const char *import_map_fit(char cut[IMPORT_MAP_TEXT], struct import_map *m, const struct layer_feature *f,
                                  enum kinds_kind kind, int field, const char *text)
{
    return import_fit(cut, IMPORT_MAP_TEXT, m->out, kind, field, 0, f->source, text);
}

/* Half an outline would be another one: one that is too long is left out. */
static const char *import_map_outline(struct import_map *m, const struct layer_feature *f, enum kinds_kind kind, int field)
{
    char said[64];
    size_t len = strlen(f->geometry);
    if (len <= (size_t)kinds_get(kind)->fields[field].max) return f->geometry;
    snprintf(said, sizeof said, "%zu bytes", len);
    import_trouble(m->out, 0, f->source, "geometry", said);
    return "";
}

/* The area of the file that has this code; the first of several. */
static uint32_t import_map_coded(const struct import_map *m, const char *code)
{
    uint32_t first = SITE_NONE, at;
    size_t cursor = 0;
    while (*code != 0 && map_next(&m->by_code, hash_quick(code, strlen(code)), &cursor, &at))
        if (strcmp(m->map->features[at].code, code) == 0 && at < first) first = at;
    return first;
}

/* The parent: the map's own word for it first, else the smallest area that holds it. */
static struct id import_map_parent(const struct import_map *m, const struct layer_feature *f)
{
    const struct id none = {{0}};
    uint32_t here = import_map_coded(m, f->parent_code);
    if (here != SITE_NONE) return m->ids[here];
    uint32_t known = *f->parent_code != 0 ? site_area_by_code(m->site, f->parent_code) : SITE_NONE;
    if (known != SITE_NONE) return site_area(m->site, known)->id;
    return f->parent == LAYER_NONE ? none : m->ids[f->parent];
}

/* What has no code is known again by what it is and where it stands, so that next month's map does not bring it twice. */
static struct id import_map_placed(const struct import_map *m, const struct layer_feature *f)
{
    uint8_t digest[HASH_SIZE];
    char said[128], hex[2 * HASH_SIZE + 1] = "";
    bool area = import_map_areas[f->kind] != 0;
    hash_one(digest, f->geometry, strlen(f->geometry));
    if (!area) hash_hex(hex, digest, sizeof digest);
    snprintf(said, sizeof said, "map %d %.5f %.5f %s", (int)f->kind, f->lon, f->lat, hex);
    return id_named(m->site->id, said);
}

static void import_map_code(char code[64], struct import_map *m, uint32_t known)
{
    if (known != SITE_NONE) {
        snprintf(code, 64, "%s", site_area(m->site, known)->code);
        return;
    }
    do snprintf(code, 64, "B%05u", ++m->codes_made);
    while (site_area_by_code(m->site, code) != SITE_NONE || import_map_coded(m, code) != SITE_NONE);
}

/* Who it is: by code, else by place. A code that stands twice in one file belongs to the first; the other gets one of its own. */
static void import_map_who(struct import_map *m, size_t index, char code[64])
{
    const struct layer_feature *f = &m->map->features[index];
    const char *told = import_map_own_code(f);
    bool own = *told != 0 && import_map_coded(m, told) == index, second = *f->code != 0 && !own;
    uint32_t known = own ? site_area_by_code(m->site, told) : SITE_NONE;
    m->ids[index] = own ? id_make(m->at.ms, m->book->writer.rng) : import_map_placed(m, f);
    if (!own) known = site_find(m->site, SITE_AREA, m->ids[index]);
    if (known != SITE_NONE) m->ids[index] = site_area(m->site, known)->id;
    m->out->fresh += known == SITE_NONE;
    m->out->matched += known != SITE_NONE;
    if (own)
        snprintf(code, 64, "%s", told);
    else
        import_map_code(code, m, known);
    if (!second) return;
    char said[192];
    snprintf(said, sizeof said, "%.*s -> %.63s", (int)text_cut(f->code, strlen(f->code), IMPORT_MAP_CODE), f->code, code);
    import_trouble(m->out, 0, f->source, "code", said);
}

static dw_err import_map_area(struct import_map *m, size_t index)
{
    const struct layer_feature *f = &m->map->features[index];
    char code[64], name[IMPORT_MAP_TEXT], address[IMPORT_MAP_TEXT], use[IMPORT_MAP_TEXT];
    import_map_who(m, index, code);
    const struct atlas_area area = {.kind = (enum kinds_area_kind)(import_map_areas[f->kind] - 1),
                                    .parent = import_map_parent(m, f),
                                    .code = code,
                                    .name = import_map_fit(name, m, f, KINDS_AREA_SET, KINDS_AREA_SET_NAME, f->name),
                                    .address = import_map_fit(address, m, f, KINDS_AREA_SET, KINDS_AREA_SET_ADDRESS, f->address),
                                    .use = import_map_fit(use, m, f, KINDS_AREA_SET, KINDS_AREA_SET_USE, f->use),
                                    .floors = f->floors,
                                    .from_ms = import_map_ms(m, f->valid_from),
                                    .to_ms = import_map_ms(m, f->valid_to),
                                    .lon = llround(f->lon * 1e7),
                                    .lat = llround(f->lat * 1e7),
                                    .geometry = import_map_outline(m, f, KINDS_AREA_SET, KINDS_AREA_SET_GEOMETRY)};
    return atlas_put_area(m->book, m->ids[index], &area, m->at);
}

static dw_err import_map_other(struct import_map *m, size_t index)
{
    const struct layer_feature *f = &m->map->features[index];
    const char *code = import_map_own_code(f);
    const char *outline = import_map_outline(m, f, KINDS_FEATURE_SET, KINDS_FEATURE_SET_GEOMETRY);
    enum kinds_feature_kind kind = import_map_feature_kind(f->kind);
    char name[IMPORT_MAP_TEXT];
    if (*outline == 0) return DW_OK;
    if (*code == 0 && *f->code != 0) import_trouble(m->out, 0, f->source, "code", f->code);
    m->ids[index] = *code != 0 ? atlas_feature_id(m->site, kind, code) : import_map_placed(m, f);
    bool known = site_find(m->site, SITE_FEATURE, m->ids[index]) != SITE_NONE;
    m->out->fresh += !known;
    m->out->matched += known;
    const struct atlas_feature feature = {.kind = kind,
                                          .code = code,
                                          .name = import_map_fit(name, m, f, KINDS_FEATURE_SET, KINDS_FEATURE_SET_NAME, f->name),
                                          .from_ms = import_map_ms(m, f->valid_from),
                                          .to_ms = import_map_ms(m, f->valid_to),
                                          .geometry = outline};
    return atlas_put_feature(m->book, m->ids[index], &feature, m->at);
}

static dw_err import_map_gate(struct import_map *m, size_t index)
{
    bool made = false;
    dw_err err =
        m->map->features[index].kind != LAYER_FACTORY ? DW_OK : atlas_put_gate(&made, m->book, m->site, m->ids[index], m->at);
    m->out->doors += made;
    return err;
}

static dw_err import_map_all(struct import_map *m, const struct clock_progress *progress)
{
    for (size_t i = 0; i < m->map->count; i++) {
        const struct layer_feature *f = &m->map->features[i];
        if (import_map_areas[f->kind] != 0 && *f->code != 0 &&
            !map_put(&m->by_code, hash_quick(f->code, strlen(f->code)), (uint32_t)i))
            return DW_E_MEMORY;
    }
    for (size_t i = 0; i < m->map->count; i++) {
        bool area = import_map_areas[m->map->features[i].kind] != 0;
        if (i % 256 == 0 && !clock_tick(progress, "import.map", i, m->map->count)) return DW_E_CANCELLED;
        ERR_TRY(area ? import_map_area(m, i) : import_map_other(m, i));
        ERR_TRY(import_map_gate(m, i));
    }
    return DW_OK;
}

static dw_err import_map_work(struct import_result *out, struct desk *desk, const struct layer_map *map, bool dry_run,
                              struct when at, const struct clock_progress *progress, struct err_detail *detail)
{
    struct book books[2] = {0};
    struct import_map m = {.book = &books[1], .map = map, .out = out, .at = at, .detail = detail};
    uint64_t start = clock_ns();
    out->rows = (int64_t)map->count;
    out->already = import_known(desk, books, map->content);
    if (out->already) return DW_OK;
    m.ids = calloc(map->count + 1, sizeof *m.ids);
    dw_err err = m.ids == NULL ? DW_E_MEMORY : import_begin(desk, books, map->file, at, detail);
    m.site = desk_read(desk);
    if (err == DW_OK) err = import_map_all(&m, progress);
    desk_read_end(desk);
    out->work_ms = (double)(clock_ns() - start) / 1e6;
    if (err == DW_OK) err = import_finish(desk, books, out, map->file, KINDS_LIST_KIND_MAP, map->content, at, dry_run, detail);
    free(m.ids);
    map_free(&m.by_code);
    book_free(&books[0]);
    book_free(&books[1]);
    return err;
}

dw_err import_map_take(struct import_result *out, struct desk *desk, const struct layer_map *map, bool dry_run, struct when at,
                       const struct clock_progress *progress, struct err_detail *detail)
{
    dw_err err = DW_E_STALE;
    for (int i = 0; err == DW_E_STALE && i < IMPORT_TRIES; i++) {
        memset(out, 0, sizeof *out);
        err = import_map_work(out, desk, map, dry_run, at, progress, detail);
    }
    return err;
}

dw_err import_map(struct import_result *out, struct desk *desk, const char *path, bool dry_run, struct when at,
                  const struct clock_progress *progress, struct err_detail *detail)
{
    struct layer_map map = {0};
    uint64_t start = clock_ns();
    memset(out, 0, sizeof *out);
    dw_err err = layer_read(&map, path, progress, detail);
    double read_ms = (double)(clock_ns() - start) / 1e6;
    if (err == DW_OK) err = import_map_take(out, desk, &map, dry_run, at, progress, detail);
    out->read_ms = read_ms;
    layer_free(&map);
    return err;
}
