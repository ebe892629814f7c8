#include "http/live_news.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "desk/grant.h"
#include "desk/register.h"

static void live_area_put(struct live_area *area, struct id id, struct cover_counts counts, int64_t seq)
{
    if (id_equal(area->id, id) && memcmp(&area->counts, &counts, sizeof counts) == 0) return;
    *area = (struct live_area){id, counts, seq};
}

static void live_number(struct live_news *news, enum live_number which, int64_t value, int64_t seq)
{
    if (news->numbers[which] == value) return;
    news->numbers[which] = value;
    news->changed[which] = seq;
}

static void live_held(struct live_news *news, const struct site *site)
{
    int64_t waiting = 0, last = 0;
    for (uint32_t i = 0; i < site_count(site, SITE_HELD); i++) {
        if (site_held(site, i)->state != SITE_HELD_WAITING) continue;
        waiting++;
        last = site_held(site, i)->seq;
    }
    live_number(news, LIVE_HELD, waiting, site->seq);
    live_number(news, LIVE_HELD_LAST, last, site->seq);
}

static void live_tubes(struct live_news *news, const struct site *site, uint32_t round)
{
    int64_t tubes = 0, results = 0, positive = 0;
    for (uint32_t i = 0; i < site_count(site, SITE_TUBE); i++) {
        const struct site_tube *tube = site_tube(site, i);
        if (tube->round != round) continue;
        tubes++;
        results += tube->result != 0;
        positive += tube->result == 1 + KINDS_TUBE_RESULT_POSITIVE;
    }
    live_number(news, LIVE_TUBES, tubes, site->seq);
    live_number(news, LIVE_RESULTS, results, site->seq);
    live_number(news, LIVE_POSITIVE, positive, site->seq);
}

static void live_site(struct live_news *news, const struct site *site)
{
    int64_t review = 0, ended = 0;
    for (uint32_t i = 0; i < site_count(site, SITE_PAIR); i++) review += register_pair_open(site, i);
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++) ended += site_grant(site, i)->ended;
    live_number(news, LIVE_DOORS, site_count(site, SITE_DOOR), site->seq);
    live_number(news, LIVE_HOUSEHOLDS, site_count(site, SITE_HOUSEHOLD), site->seq);
    live_number(news, LIVE_PERSONS, site_count(site, SITE_PERSON), site->seq);
    live_number(news, LIVE_REVIEW, review, site->seq);
    live_number(news, LIVE_ACCESS, site_count(site, SITE_GRANT) + ended, site->seq);
}

bool live_news_look(struct live_news *news, const struct site *site)
{
    uint32_t round = site_round_by_number(site, 0), areas = site_count(site, SITE_AREA);
    if (news->seq == site->seq) return true;
    if (news->begun == 0) news->begun = site->seq;
    if (!arena_grow((void **)&news->areas, &news->cap, areas + 1, sizeof *news->areas)) return false;
    if (areas > news->count) memset(news->areas + news->count, 0, (areas - news->count) * sizeof *news->areas);
    news->count = areas;
    live_number(news, LIVE_ROUND, round == SITE_NONE ? 0 : site_round(site, round)->number, site->seq);
    live_number(news, LIVE_CLOSED, round != SITE_NONE && site_round(site, round)->closed_seq != 0, site->seq);
    for (uint32_t order = 0; round != SITE_NONE && order < site->area_orders; order++) {
        uint32_t area = site->area_at[order];
        live_area_put(&news->areas[area], site_area(site, area)->id, cover_count(site_round(site, round)->cover, order),
                      site->seq);
    }
    if (round != SITE_NONE)
        live_area_put(&news->whole, site->id, cover_count(site_round(site, round)->cover, COVER_NONE), site->seq);
    live_held(news, site);
    live_tubes(news, site, round);
    live_site(news, site);
    news->seq = site->seq;
    return true;
}

struct live_teller {
    struct json_out json;
    const struct live_news *news;
    const struct site *site;
    uint32_t member;
    int64_t after, now_ms;
    bool buildings, said;
};

static bool live_may(const struct live_teller *t, enum roles_may may, uint32_t area)
{
    return t->member != SITE_NONE && grant_may(t->site, t->member, may, area, t->now_ms);
}

/* A group of numbers, when one of them changed. */
static void live_tell_numbers(struct live_teller *t, const char *key, enum live_number first, size_t count,
                              const char *const *names)
{
    bool changed = false;
    for (size_t i = 0; i < count; i++) changed |= t->news->changed[first + i] > t->after;
    if (!changed) return;
    t->said = true;
    json_key(&t->json, key);
    json_open(&t->json, '{');
    for (size_t i = 0; i < count; i++) {
        json_key(&t->json, names[i]);
        json_put_int(&t->json, t->news->numbers[first + i]);
    }
    json_close(&t->json, '}');
}

static void live_tell_area(struct live_teller *t, const struct live_area *area, uint32_t index)
{
    char id[ID_TEXT];
    t->said = true;
    json_open(&t->json, '{');
    json_key(&t->json, "area");
    id_text(id, area->id);
    json_put(&t->json, index == SITE_NONE ? NULL : id);
    json_key(&t->json, "code");
    json_put(&t->json, index == SITE_NONE ? "" : site_area(t->site, index)->code);
    json_key(&t->json, "owed");
    json_put_int(&t->json, area->counts.owed);
    json_key(&t->json, "covered");
    json_put_int(&t->json, area->counts.covered);
    json_key(&t->json, "missing");
    json_put_int(&t->json, area->counts.missing);
    json_close(&t->json, '}');
}

static bool live_is_building(enum kinds_area_kind kind)
{
    return kind == KINDS_AREA_KIND_BUILDING || kind == KINDS_AREA_KIND_FACTORY;
}

static void live_tell_areas(struct live_teller *t)
{
    const struct live_news *news = t->news;
    json_key(&t->json, "areas");
    json_open(&t->json, '[');
    if (news->whole.changed > t->after && !id_null(news->whole.id) && live_may(t, ROLES_ROUND_READ, SITE_NONE))
        live_tell_area(t, &news->whole, SITE_NONE);
    for (uint32_t order = 0; order < t->site->area_orders; order++) {
        uint32_t area = t->site->area_at[order];
        if (area >= news->count || news->areas[area].changed <= t->after || id_null(news->areas[area].id)) continue;
        if (!t->buildings && live_is_building(site_area(t->site, area)->kind)) continue;
        if (live_may(t, ROLES_ROUND_READ, area)) live_tell_area(t, &news->areas[area], area);
    }
    json_close(&t->json, ']');
}

static void live_tell_all(struct live_teller *t)
{
    static const char *const round[] = {"number", "closed"}, *const numbers[] = {"doors", "households", "persons", "review"},
                             *const lab[] = {"tubes", "results", "positive"}, *const held[] = {"waiting", "last"};
    json_open(&t->json, '{');
    json_key(&t->json, "seq");
    json_put_int(&t->json, t->news->seq);
    if (grant_anywhere(t->site, t->member, ROLES_ROUND_READ, t->now_ms)) {
        live_tell_numbers(t, "round", LIVE_ROUND, 2, round);
        live_tell_areas(t);
    }
    live_tell_numbers(t, "numbers", LIVE_DOORS, 4, numbers);
    if (live_may(t, ROLES_LAB_READ, SITE_NONE)) live_tell_numbers(t, "lab", LIVE_TUBES, 3, lab);
    if (live_may(t, ROLES_ENTRY_DECIDE, SITE_NONE)) live_tell_numbers(t, "held", LIVE_HELD, 2, held);
    json_close(&t->json, '}');
}

void live_news_tell(struct arena_buf *out, const struct live_news *news, const struct site *site, uint32_t member, bool buildings,
                    int64_t after, int64_t now_ms)
{
    size_t before = out->len;
    if (member == SITE_NONE) return;
    bool whole = after < news->begun || after > news->seq || news->changed[LIVE_ACCESS] > after;
    struct live_teller teller = {
        .news = news, .site = site, .member = member, .after = whole ? -1 : after, .now_ms = now_ms, .buildings = buildings};
    arena_buf_format(out, "id: %lld\nevent: %s\ndata: ", (long long)news->seq, whole ? "state" : "change");
    teller.json.buf = out;
    live_tell_all(&teller);
    arena_buf_text(out, "\n\n");
    if (!whole && !teller.said) out->len = before;
}

void live_news_free(struct live_news *news)
{
    free(news->areas);
    memset(news, 0, sizeof *news);
}
