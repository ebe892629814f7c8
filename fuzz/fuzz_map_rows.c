#include "base/text.h"
#include "desk.h"
#include "desk/import.h"
#include "files/layer_worker.h"

enum { ROWS_MOST = 24 };

static const char *take(struct arena *arena, const uint8_t *data, size_t size, size_t *at)
{
    const uint8_t *end = *at < size ? memchr(data + *at, '\n', size - *at) : NULL;
    size_t len = *at >= size ? 0 : end == NULL ? size - *at : (size_t)(end - data) - *at;
    const char *text = arena_text(arena, (const char *)data + *at, len);
    *at += *at < size ? len + 1 : 0;
    return text != NULL && text_valid(text, strlen(text), NULL) ? text : "";
}

/* Features of a map, a byte for the kind, one for the parent, two for the place, and its texts, a line each: whatever they say,
 * the map is taken, every entry can be read, and the next month's same map brings no area twice. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_desk site;
    static uint32_t content;
    static struct import_result first, again;
    struct layer_feature features[ROWS_MOST] = {0};
    struct layer_map map = {.file = "m.geojson", .features = features};
    struct err_detail detail = {0};
    struct arena arena = {0};
    bool fresh;
    for (size_t at = 0; at + 4 <= size && map.count < ROWS_MOST; map.count++) {
        struct layer_feature *f = &features[map.count];
        const char **texts[LAYER_WORKER_TEXTS];
        f->kind = (enum layer_kind)(data[at] % LAYER_KINDS);
        f->parent = data[at + 1] < map.count ? data[at + 1] : LAYER_NONE;
        f->lon = data[at + 2] * 1.40625 - 180;
        f->lat = data[at + 3] * 0.703125 - 90;
        f->floors = data[at] >> 3;
        at += 4;
        layer_worker_texts(texts, f);
        for (int t = 0; t < LAYER_WORKER_TEXTS; t++) *texts[t] = take(&arena, data, size, &at);
    }
    struct desk *desk = fuzz_desk_open(&site, &fresh);
    content++;
    memcpy(map.content, &content, sizeof content);
    FUZZ_MUST(import_map_take(&first, desk, &map, false, fuzz_noon, NULL, &detail) == DW_OK);
    fuzz_desk_check(desk);
    map.content[31] = 1;
    FUZZ_MUST(import_map_take(&again, desk, &map, false, fuzz_noon, NULL, &detail) == DW_OK);
    FUZZ_MUST(first.held > 0 || (again.fresh == 0 && again.doors == 0));
    arena_free(&arena);
    return 0;
}
