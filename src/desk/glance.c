#include "desk/glance.h"

#include <stdlib.h>
#include <string.h>

struct glance {
    struct glance_device *devices; /* by their number */
    size_t count, cap;
    struct map by_id;
    bool disposed;
};

static void glance_of(struct glance_device *out, const struct site *site, uint32_t number)
{
    const struct site_device *d = site_device(site, number);
    memset(out, 0, sizeof *out); /* two that say the same are the same bytes */
    out->id = d->id;
    if (d->member != SITE_NONE) out->member = site_member(site, d->member)->id;
    memcpy(&out->key, &d->key, sizeof out->key);
    out->until_ms = d->until_ms;
    out->revoked = d->revoked;
}

/* A state made anew may number its devices otherwise. */
static bool glance_take(struct glance *glance, const struct site *site)
{
    uint32_t count = site_count(site, SITE_DEVICE);
    bool moved = count < glance->count;
    if (!arena_grow((void **)&glance->devices, &glance->cap, count + 1, sizeof *glance->devices)) return false;
    for (uint32_t i = 0; i < count; i++) {
        struct glance_device now;
        glance_of(&now, site, i);
        moved = moved || (i < glance->count && !id_equal(glance->devices[i].id, now.id));
        glance->devices[i] = now;
    }
    if (moved) map_clear(&glance->by_id);
    for (uint32_t i = moved ? 0 : (uint32_t)glance->count; i < count; i++)
        if (!map_put(&glance->by_id, id_hash(glance->devices[i].id), i)) return false;
    glance->count = count;
    return true;
}

dw_err glance_publish(struct desk *desk)
{
    pthread_mutex_lock(&desk->glance_lock);
    if (desk->glance == NULL) desk->glance = calloc(1, sizeof *desk->glance);
    bool good = desk->glance != NULL && glance_take(desk->glance, desk->site);
    if (good) desk->glance->disposed = desk_disposed(desk);
    pthread_mutex_unlock(&desk->glance_lock);
    return good ? DW_OK : DW_E_MEMORY;
}

bool glance_device(struct glance_device *out, struct desk *desk, struct id device)
{
    size_t cursor = 0;
    uint32_t at;
    bool found = false;
    pthread_mutex_lock(&desk->glance_lock);
    while (!found && desk->glance != NULL && map_next(&desk->glance->by_id, id_hash(device), &cursor, &at)) {
        found = id_equal(desk->glance->devices[at].id, device);
        if (found) *out = desk->glance->devices[at];
    }
    pthread_mutex_unlock(&desk->glance_lock);
    return found;
}

bool glance_disposed(struct desk *desk)
{
    pthread_mutex_lock(&desk->glance_lock);
    bool disposed = desk->glance != NULL && desk->glance->disposed;
    pthread_mutex_unlock(&desk->glance_lock);
    return disposed;
}

void glance_free(struct desk *desk)
{
    if (desk->glance == NULL) return;
    free(desk->glance->devices);
    map_free(&desk->glance->by_id);
    free(desk->glance);
    desk->glance = NULL;
}
