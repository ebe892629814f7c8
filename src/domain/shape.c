#include "domain/shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static const char *const shape_names[SHAPE_TYPES] = {"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"};

struct shape_spot {
    double lon, lat;
};

struct shape_reader {
    struct shape *out;
    struct json json;
    struct json_out writer;
    const char *field;
    struct err_detail *detail;
    struct shape_spot *spots; /* all of them, in order */
    size_t spot_cap;
    size_t from, end; /* the spots of the largest ring so far: it tells where the shape is */
    double ground;    /* what that ring holds */
};

static dw_err shape_wrong(const struct shape_reader *r, const char *what)
{
    return err_at(r->detail, DW_E_INVALID, NULL, NULL, 0, r->field, "%s", what);
}

static dw_err shape_wrong_at(const struct shape_reader *r, const char *what)
{
    return err_at(r->detail, DW_E_INVALID, NULL, NULL, 0, r->field, "point %zu: %s", r->out->points + 1, what);
}

static dw_err shape_position(struct shape_reader *r, uint32_t token)
{
    const struct json_token *t = &r->json.tokens[token];
    double lon, lat;
    uint32_t first = json_first(token);
    if (t->type != JSON_ARRAY || t->count != 2) return shape_wrong_at(r, "longitude and latitude are wanted, two numbers");
    if (!json_double(&r->json, first, &lon) || !json_double(&r->json, r->json.tokens[first].next, &lat) || !isfinite(lon) ||
        !isfinite(lat))
        return shape_wrong_at(r, "no number");
    if (lon < -180 || lon > 180 || lat < -90 || lat > 90)
        return shape_wrong_at(r, "longitude lies within -180 and 180, latitude within -90 and 90");
    /* As it is kept, so that what was taken once is taken again. */
    lon = (double)llround(lon * 1e7) / 1e7;
    lat = (double)llround(lat * 1e7) / 1e7;
    if (r->out->points == SHAPE_POINTS) return shape_wrong(r, "more than 5000 points");
    if (!arena_grow((void **)&r->spots, &r->spot_cap, r->out->points + 1, sizeof *r->spots)) return DW_E_MEMORY;
    r->spots[r->out->points++] = (struct shape_spot){lon, lat};
    json_open(&r->writer, '[');
    json_put_double(&r->writer, lon, 7);
    json_put_double(&r->writer, lat, 7);
    json_close(&r->writer, ']');
    return DW_OK;
}

/* Twice what a ring holds, by the shoelace formula, from its first point: far from it the products would lose their digits. */
static double shape_ground(const struct shape_spot *at, size_t count)
{
    double sum = 0;
    for (size_t i = 1; i + 1 < count; i++)
        sum += (at[i].lon - at[0].lon) * (at[i + 1].lat - at[0].lat) - (at[i + 1].lon - at[0].lon) * (at[i].lat - at[0].lat);
    return fabs(sum);
}

/* A list of positions: a line or a ring. */
static dw_err shape_list(struct shape_reader *r, uint32_t token, bool ring, bool outer)
{
    const struct json_token *t = &r->json.tokens[token];
    size_t from = r->out->points;
    if (t->type != JSON_ARRAY || t->count < (ring ? 4 : 2))
        return shape_wrong(r, ring ? "a ring has four points at least, the last as the first" : "a line has two points at least");
    json_open(&r->writer, '[');
    for (uint32_t at = json_first(token); at < json_end(&r->json, token); at = r->json.tokens[at].next)
        ERR_TRY(shape_position(r, at));
    json_close(&r->writer, ']');
    if (!ring) return DW_OK;
    const struct shape_spot *first = &r->spots[from], *last = &r->spots[r->out->points - 1];
    if (first->lon != last->lon || first->lat != last->lat)
        return shape_wrong(r, "a ring that is not closed: its last point is to be its first");
    double ground = shape_ground(first, r->out->points - from);
    if (ground < 1e-13) return shape_wrong(r, "a ring that holds no ground");
    if (outer && ground > r->ground) {
        r->ground = ground;
        r->from = from;
        r->end = r->out->points;
    }
    return DW_OK;
}

static dw_err shape_rings(struct shape_reader *r, uint32_t token)
{
    const struct json_token *t = &r->json.tokens[token];
    bool outer = true;
    if (t->type != JSON_ARRAY || t->count == 0) return shape_wrong(r, "an outline without a ring");
    json_open(&r->writer, '[');
    for (uint32_t at = json_first(token); at < json_end(&r->json, token); at = r->json.tokens[at].next) {
        ERR_TRY(shape_list(r, at, true, outer));
        outer = false;
    }
    json_close(&r->writer, ']');
    return DW_OK;
}

static dw_err shape_many(struct shape_reader *r, uint32_t token)
{
    const struct json_token *t = &r->json.tokens[token];
    if (t->type != JSON_ARRAY || t->count == 0) return shape_wrong(r, "coordinates without a part");
    json_open(&r->writer, '[');
    for (uint32_t at = json_first(token); at < json_end(&r->json, token); at = r->json.tokens[at].next)
        ERR_TRY(r->out->type == SHAPE_OUTLINES ? shape_rings(r, at) : shape_list(r, at, false, false));
    json_close(&r->writer, ']');
    return DW_OK;
}

/* A point inside the largest ring: the middle of the widest stretch of ground on the line through its middle latitude. Holes are
 * passed over: it is where a name is written. */
static void shape_inside(struct shape_reader *r)
{
    const struct shape_spot *at = r->spots + r->from;
    size_t count = r->end - r->from, crossings = 0;
    double low = INFINITY, high = -INFINITY, width = -1, lon = at[0].lon;
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, at[i].lat);
        high = fmax(high, at[i].lat);
    }
    double lat = (low + high) / 2;
    double *x = malloc((count + 1) * sizeof *x);
    for (size_t i = 0; x != NULL && i + 1 < count; i++) {
        if ((at[i].lat <= lat) == (at[i + 1].lat <= lat)) continue;
        double here = at[i].lon + (lat - at[i].lat) / (at[i + 1].lat - at[i].lat) * (at[i + 1].lon - at[i].lon);
        size_t k = crossings++;
        for (; k > 0 && x[k - 1] > here; k--) x[k] = x[k - 1];
        x[k] = here;
    }
    for (size_t i = 0; i + 1 < crossings; i += 2) {
        if (x[i + 1] - x[i] <= width) continue;
        width = x[i + 1] - x[i];
        lon = (x[i] + x[i + 1]) / 2;
    }
    free(x);
    r->out->lon = llround(lon * 1e7);
    r->out->lat = llround(lat * 1e7);
}

/* Of what holds no ground, the middle of its points. */
static void shape_middle(struct shape_reader *r)
{
    double lon = 0, lat = 0;
    for (size_t i = 0; i < r->out->points; i++) {
        lon += r->spots[i].lon / (double)r->out->points;
        lat += r->spots[i].lat / (double)r->out->points;
    }
    r->out->lon = llround(lon * 1e7);
    r->out->lat = llround(lat * 1e7);
}

static dw_err shape_take(struct shape_reader *r)
{
    int type = 0;
    uint32_t named = json_member(&r->json, 0, "type"), at = json_member(&r->json, 0, "coordinates");
    if (r->json.tokens[0].type != JSON_OBJECT || named == 0) return shape_wrong(r, "a GeoJSON geometry is wanted");
    while (type < SHAPE_TYPES && !json_equals(&r->json, named, shape_names[type])) type++;
    if (type == SHAPE_TYPES) return shape_wrong(r, "type is Point, LineString, MultiLineString, Polygon or MultiPolygon");
    if (at == 0) return shape_wrong(r, "coordinates are missing");
    r->out->type = (enum shape_type)type;
    json_open(&r->writer, '{');
    json_key(&r->writer, "type");
    json_put(&r->writer, shape_names[type]);
    json_key(&r->writer, "coordinates");
    switch (r->out->type) {
    case SHAPE_POINT:
        ERR_TRY(shape_position(r, at));
        break;
    case SHAPE_LINE:
        ERR_TRY(shape_list(r, at, false, false));
        break;
    case SHAPE_OUTLINE:
        ERR_TRY(shape_rings(r, at));
        break;
    default:
        ERR_TRY(shape_many(r, at));
    }
    json_close(&r->writer, '}');
    if (r->ground > 0)
        shape_inside(r);
    else
        shape_middle(r);
    if (r->out->text.failed) return DW_E_MEMORY;
    return r->out->text.len <= SHAPE_TEXT ? DW_OK : shape_wrong(r, "too long");
}

dw_err shape_read(struct shape *out, const char *text, size_t len, const char *field, struct err_detail *detail)
{
    struct shape_reader r = {.out = out, .field = field, .detail = detail};
    r.writer.buf = &out->text;
    dw_err err = json_read(&r.json, text, len, detail);
    if (err == DW_OK) err = shape_take(&r);
    json_free(&r.json);
    free(r.spots);
    return err;
}

void shape_free(struct shape *shape)
{
    arena_buf_free(&shape->text);
}
