#include "desk/pull.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/pull_inside.h"

dw_err pull_open(struct pull_desk **out, struct desk *desk, const char *url, struct err_detail *detail)
{
    struct pull_desk *pull = calloc(1, sizeof *pull);
    *out = pull;
    if (pull == NULL) return DW_E_MEMORY;
    pthread_mutex_init(&pull->lock, NULL);
    pthread_mutex_init(&pull->heard_lock, NULL);
    pull->desk = desk;
    dw_err err = store_open(&pull->store, url, STORE_USE, detail);
    if (err == DW_OK) err = pull_heard_load(pull, detail);
    if (err == DW_OK) return DW_OK;
    pull_close(pull);
    *out = NULL;
    return err;
}

void pull_close(struct pull_desk *pull)
{
    struct err_detail ignored = {0};
    if (pull == NULL) return;
    if (pull->store != NULL) pull_keep(pull, &ignored);
    store_close(pull->store);
    pthread_mutex_destroy(&pull->lock);
    pthread_mutex_destroy(&pull->heard_lock);
    map_free(&pull->by_device);
    free(pull->heard);
    free(pull->fresh);
    free(pull);
}

struct pull_cursor pull_cursor_now(const struct scope *scope, int64_t seq)
{
    const struct site *site = scope->site;
    return (struct pull_cursor){
        seq, true, scope_mark(scope, site_count(site, SITE_AREA), site_count(site, SITE_DOOR), site_count(site, SITE_HOUSEHOLD)),
        0};
}

void pull_cursor_text(char out[PULL_CURSOR], const struct pull_cursor *cursor)
{
    snprintf(out, PULL_CURSOR, "%lld.%u.%u.%u.%lld.%lld", (long long)cursor->seq, cursor->mark.areas, cursor->mark.doors,
             cursor->mark.households, (long long)(cursor->mark.sum >> 1), (long long)cursor->tail);
}

bool pull_cursor_read(struct pull_cursor *out, const char *text)
{
    int64_t n[6] = {0};
    size_t count = 0;
    *out = (struct pull_cursor){.seq = 0};
    for (const char *at = text; at != NULL; count++) {
        size_t run = strcspn(at, ".");
        if (count == 6 || !text_int(&n[count], at, run) || n[count] < 0) return false;
        at = at[run] == 0 ? NULL : at + run + 1;
    }
    *out =
        (struct pull_cursor){n[0], count == 6, {(uint32_t)n[1], (uint32_t)n[2], (uint32_t)n[3], (uint64_t)n[4]}, (uint64_t)n[5]};
    return (count < 2 || count == 6) && n[1] < SITE_NONE && n[2] < SITE_NONE && n[3] < SITE_NONE;
}

static dw_err pull_tail_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    *(uint64_t *)ctx = hash_quick(v[0].data, v[0].len) >> 1;
    return DW_OK;
}

dw_err pull_tail(uint64_t *out, struct pull_desk *pull, int64_t seq, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT text FROM entry WHERE site_id = $1 AND seq = $2", NULL};
    struct store_value v[] = {store_id(&pull->desk->site->id), store_int(seq)};
    *out = 0;
    pthread_mutex_lock(&pull->lock);
    dw_err err = store_ask(pull->store, &ask, v, 2, pull_tail_row, out, detail);
    pthread_mutex_unlock(&pull->lock);
    return err;
}

dw_err pull_allowed(uint32_t *member, const struct site *site, const struct pull_who *who, struct err_detail *detail)
{
    uint32_t index = id_null(who->device) ? SITE_NONE : site_find(site, SITE_DEVICE, who->device);
    *member = id_null(who->member) ? SITE_NONE : site_find(site, SITE_MEMBER, who->member);
    if (index == SITE_NONE) return DW_OK;
    const struct site_device *device = site_device(site, index);
    if (device->revoked) return err_set(detail, DW_E_FORBIDDEN, "this phone was revoked");
    if (device->until_ms != SITE_NEVER && who->at_ms > device->until_ms)
        return err_set(detail, DW_E_FORBIDDEN, "this phone's time is over");
    *member = device->member;
    return DW_OK;
}
