#include "http/api_version.h"

#include <string.h>

#include "desk/book.h"
#include "http/answer.h"

static void api_version_text(struct hash_stream *stream, const char *text)
{
    hash_add(stream, text == NULL ? "" : text, text == NULL ? 1 : strlen(text) + 1);
}

static void api_version_area(struct hash_stream *stream, const struct site *site, uint32_t index)
{
    const struct site_area *a = site_area(site, index);
    const int64_t numbers[] = {(int64_t)a->kind, a->parent, a->keeper, a->floors,          a->from_ms,
                               a->to_ms,         a->lon,    a->lat,    (int64_t)a->outline};
    const char *const texts[] = {a->code, a->name, a->address, a->use};
    hash_add(stream, numbers, sizeof numbers);
    for (size_t i = 0; i < 4; i++) api_version_text(stream, texts[i]);
}

static void api_version_feature(struct hash_stream *stream, const struct site *site, uint32_t index)
{
    const struct site_feature *f = site_feature(site, index);
    const int64_t numbers[] = {(int64_t)f->kind, f->from_ms, f->to_ms, (int64_t)f->outline};
    hash_add(stream, numbers, sizeof numbers);
    api_version_text(stream, f->code);
    api_version_text(stream, f->name);
}

static void api_version_door(struct hash_stream *stream, const struct site *site, uint32_t index)
{
    const struct site_door *d = site_door(site, index);
    const int64_t numbers[] = {d->area, d->kind, d->card, d->card == 0 ? 0 : site_card(site, d->card - 1)->revoked};
    const char *const texts[] = {d->unit, d->floor, d->room, d->name};
    hash_add(stream, numbers, sizeof numbers);
    for (size_t i = 0; i < 4; i++) api_version_text(stream, texts[i]);
}

static void api_version_person(struct hash_stream *stream, const struct site *site, uint32_t index)
{
    const struct site_person *p = site_person(site, index);
    bool gone = false;
    const int64_t numbers[] = {p->merged_into, site_place(site, index, &gone), gone, p->forgotten, p->merged, p->first_stay};
    hash_add(stream, numbers, sizeof numbers);
    for (int f = 0; f < SITE_FIELDS; f++) {
        const int64_t stamp[] = {p->stamp[f].ms, p->stamp[f].device, p->stamp[f].n};
        hash_add(stream, stamp, sizeof stamp);
    }
}

static void api_version_grant(struct hash_stream *stream, const struct site *site, uint32_t index)
{
    const struct site_grant *g = site_grant(site, index);
    const int64_t numbers[] = {g->member, g->area, (int64_t)g->role, g->from_ms, g->to_ms, g->ended, g->emergency};
    hash_add(stream, numbers, sizeof numbers);
    api_version_text(stream, g->reason);
}

void api_version(char out[API_VERSION], const struct site *site, enum site_type type, uint32_t index)
{
    struct hash_stream stream;
    uint8_t hash[HASH_SIZE];
    hash_start(&stream);
    if (type == SITE_AREA) api_version_area(&stream, site, index);
    if (type == SITE_FEATURE) api_version_feature(&stream, site, index);
    if (type == SITE_DOOR) api_version_door(&stream, site, index);
    if (type == SITE_PERSON) api_version_person(&stream, site, index);
    if (type == SITE_GRANT) api_version_grant(&stream, site, index);
    if (type == SITE_TYPES) api_version_text(&stream, site->name);
    if (type == SITE_TYPES) api_version_text(&stream, site->code);
    hash_end(&stream, hash);
    hash_hex(out, hash, (API_VERSION - 1) / 2);
}

void api_version_put(struct request *r, const struct site *site, enum site_type type, uint32_t index)
{
    char version[API_VERSION];
    if (r->answer.depth == 3 && !answer_wants(r, "version")) return;
    api_version(version, site, type, index);
    answer_text(r, "version", version);
}

static const char *api_version_wanted(const struct request *r)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "If-Match");
}

/* Of the thread that writes; the one that asked waits. */
static dw_err api_version_check(void *ctx, const struct site *site, struct err_detail *detail)
{
    const struct request *r = ctx;
    char version[API_VERSION], text[API_VERSION + 2];
    const char *wanted = api_version_wanted(r);
    uint32_t index = r->changes.type == SITE_TYPES ? 0 : site_find(site, r->changes.type, r->changes.id);
    if (index == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "it is not there any more");
    api_version(version, site, r->changes.type, index);
    snprintf(text, sizeof text, "\"%s\"", version);
    if (strcmp(wanted, "*") == 0 || strstr(wanted, text) != NULL) return DW_OK;
    return err_at(detail, DW_E_MOVED_ON, NULL, NULL, 0, "If-Match", "the version is %s now", version);
}

dw_err api_version_match(struct request *r, enum site_type type, struct id id)
{
    if (api_version_wanted(r) == NULL) return DW_OK;
    r->changes.type = type;
    r->changes.id = id;
    dw_err err = api_version_check(r, desk_read(request_desk(r)), &r->detail);
    desk_read_end(request_desk(r));
    if (err == DW_OK) book_unless(api_version_check, r);
    return err;
}
