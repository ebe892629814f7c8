/* What the site has heard of each phone. It is no fact of the ledger: lost with a second of power, it is said again with the next
 * push. */
#include <stdlib.h>
#include <string.h>

#include "desk/pull_inside.h"

/* Under heard_lock. NULL when memory is out. */
static struct pull_heard *pull_heard_at(struct pull_desk *pull, struct id device, bool make)
{
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&pull->by_device, id_hash(device), &cursor, &at))
        if (id_equal(pull->heard[at].device, device)) return &pull->heard[at];
    if (!make || !arena_grow((void **)&pull->heard, &pull->heard_cap, pull->heard_count + 1, sizeof *pull->heard) ||
        !arena_grow((void **)&pull->fresh, &pull->fresh_cap, pull->heard_count + 1, sizeof *pull->fresh) ||
        !map_put(&pull->by_device, id_hash(device), (uint32_t)pull->heard_count))
        return NULL;
    pull->fresh[pull->heard_count] = false;
    pull->heard[pull->heard_count] = (struct pull_heard){device, -1, -1, PULL_NO_CLOCK, 0};
    return &pull->heard[pull->heard_count++];
}

void pull_hear(struct pull_desk *pull, const struct pull_heard *heard)
{
    pthread_mutex_lock(&pull->heard_lock);
    struct pull_heard *h = pull_heard_at(pull, heard->device, true);
    if (h != NULL) {
        if (heard->recorded >= 0) h->recorded = heard->recorded;
        if (heard->pulled_seq >= 0) h->pulled_seq = heard->pulled_seq;
        if (heard->clock_ms != PULL_NO_CLOCK) h->clock_ms = heard->clock_ms;
        h->at_ms = heard->at_ms;
        pull->fresh[h - pull->heard] = true;
    }
    pthread_mutex_unlock(&pull->heard_lock);
}

bool pull_heard(struct pull_heard *out, struct pull_desk *pull, struct id device)
{
    pthread_mutex_lock(&pull->heard_lock);
    const struct pull_heard *h = pull_heard_at(pull, device, false);
    if (h != NULL) *out = *h;
    pthread_mutex_unlock(&pull->heard_lock);
    return h != NULL;
}

static dw_err pull_heard_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct pull_desk *pull = ctx;
    (void)count;
    (void)detail;
    struct pull_heard *h = pull_heard_at(pull, store_get_id(&v[0]), true);
    if (h == NULL) return DW_E_MEMORY;
    h->recorded = store_get_int(&v[1]);
    h->pulled_seq = store_get_int(&v[2]);
    h->clock_ms = v[3].type == STORE_NULL ? PULL_NO_CLOCK : store_get_int(&v[3]);
    h->at_ms = store_get_int(&v[4]);
    return DW_OK;
}

dw_err pull_heard_load(struct pull_desk *pull, struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT device_id, recorded, pulled_seq, clock_ms, heard_ms FROM heard WHERE site_id = $1", NULL};
    struct store_value v = store_id(&pull->desk->site->id);
    return store_ask(pull->store, &ask, &v, 1, pull_heard_row, pull, detail);
}

/* Copies of what is not written down, in memory of their own: NULL when there is none. */
static struct pull_heard *pull_heard_fresh(size_t *count, struct pull_desk *pull)
{
    struct pull_heard *out = NULL;
    *count = 0;
    pthread_mutex_lock(&pull->heard_lock);
    for (size_t i = 0; i < pull->heard_count; i++) *count += pull->fresh[i];
    if (*count > 0) out = malloc(*count * sizeof *out);
    *count = 0;
    for (size_t i = 0; out != NULL && i < pull->heard_count; i++) {
        if (!pull->fresh[i]) continue;
        out[(*count)++] = pull->heard[i];
        pull->fresh[i] = false;
    }
    pthread_mutex_unlock(&pull->heard_lock);
    return out;
}

enum { PULL_HEARD_COLUMNS = 6 };

dw_err pull_keep(struct pull_desk *pull, struct err_detail *detail)
{
    static const struct store_sql put = {
        "INSERT INTO heard (site_id, device_id, recorded, pulled_seq, clock_ms, heard_ms) VALUES ($1, $2, $3, $4, $5, $6) ON "
        "CONFLICT (site_id, device_id) DO UPDATE SET recorded = excluded.recorded, pulled_seq = excluded.pulled_seq, clock_ms = "
        "excluded.clock_ms, heard_ms = excluded.heard_ms",
        NULL};
    size_t count;
    struct pull_heard *fresh = pull_heard_fresh(&count, pull);
    if (fresh == NULL) return DW_OK;
    struct store_value *v = calloc(count, PULL_HEARD_COLUMNS * sizeof *v);
    for (size_t i = 0; v != NULL && i < count; i++) {
        struct store_value *row = v + i * PULL_HEARD_COLUMNS;
        row[0] = store_id(&pull->desk->site->id);
        row[1] = store_id(&fresh[i].device);
        row[2] = store_int(fresh[i].recorded);
        row[3] = store_int(fresh[i].pulled_seq);
        row[4] = fresh[i].clock_ms == PULL_NO_CLOCK ? store_null() : store_int(fresh[i].clock_ms);
        row[5] = store_int(fresh[i].at_ms);
    }
    pthread_mutex_lock(&pull->lock);
    dw_err err = v == NULL ? DW_E_MEMORY : store_run(pull->store, &put, v, PULL_HEARD_COLUMNS, count, detail);
    pthread_mutex_unlock(&pull->lock);
    for (size_t i = 0; err != DW_OK && i < count; i++) pull_hear(pull, &fresh[i]); /* once more next time */
    free(v);
    free(fresh);
    return err;
}
