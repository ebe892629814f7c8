#include "files/layer_said.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "files/layer_worker.h"

enum { LAYER_SAID_FLOORS = 1000 };

static bool layer_said_sane(const struct layer_feature *f, size_t index)
{
    bool place = isfinite(f->lon) && isfinite(f->lat) && fabs(f->lon) <= 180 && fabs(f->lat) <= 90;
    return place && f->kind < LAYER_KINDS && (f->parent == LAYER_NONE || f->parent < index) && f->floors >= 0 &&
           f->floors < LAYER_SAID_FLOORS;
}

static bool layer_said_feature(struct layer_map *map, size_t index, const struct arena_buf *said, size_t *at)
{
    struct layer_feature *f = &map->features[index];
    const char **texts[LAYER_WORKER_TEXTS];
    if (said->len - *at < sizeof *f) return false;
    memcpy(f, said->data + *at, sizeof *f);
    *at += sizeof *f;
    layer_worker_texts(texts, f);
    for (int t = 0; t < LAYER_WORKER_TEXTS; t++) {
        size_t len = strnlen(said->data + *at, said->len - *at);
        if (len == said->len - *at) return false;
        if (!text_valid(said->data + *at, len, NULL)) return false;
        *texts[t] = arena_text(&map->arena, said->data + *at, len);
        if (*texts[t] == NULL) return false;
        *at += len + 1;
    }
    return layer_said_sane(f, index);
}

/* One text of the reader's message: it may lack its end, or be none. */
static const char *layer_said_text(char *text, size_t size)
{
    text[size - 1] = 0;
    return text_valid(text, strlen(text), NULL) ? text : "?";
}

static dw_err layer_said_error(const struct layer_map *map, struct layer_worker_head *head, struct err_detail *detail)
{
    struct err_detail *d = &head->detail;
    dw_err err = head->err > DW_OK && head->err < DW_E_COUNT ? head->err : DW_E_FORMAT;
    return err_at(detail, err, map->file, layer_said_text(d->sheet, sizeof d->sheet), d->row,
                  layer_said_text(d->column, sizeof d->column), "%s", layer_said_text(d->text, sizeof d->text));
}

dw_err layer_said_read(struct layer_map *map, const struct arena_buf *said, struct err_detail *detail)
{
    struct layer_worker_head head;
    size_t at = sizeof head, least = sizeof(struct layer_feature) + LAYER_WORKER_TEXTS;
    bool whole = said->len >= sizeof head;
    if (whole) memcpy(&head, said->data, sizeof head);
    if (whole && head.err != DW_OK) return layer_said_error(map, &head, detail);
    whole = whole && head.count > 0 && head.count <= LAYER_WORKER_MOST && head.count <= (said->len - at) / least;
    if (whole) map->features = calloc(head.count, sizeof *map->features);
    if (whole && map->features == NULL) return DW_E_MEMORY;
    for (; whole && map->count < head.count; map->count++) whole = layer_said_feature(map, map->count, said, &at);
    if (!whole || at != said->len) {
        map->count = 0;
        return err_at(detail, DW_E_FORMAT, map->file, NULL, 0, NULL, "the file is damaged or too large for its reader");
    }
    map->ignored = head.ignored;
    memcpy(map->content, head.content, sizeof map->content);
    return DW_OK;
}
