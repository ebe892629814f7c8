#include "match/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "match/match_near.h"

enum { MATCH_DOC_MIN = 8, MATCH_ROUNDED = 15 };

/* What two records can share: each has a block of its own, so that only likely pairs are looked at. */
enum match_block { MATCH_BLOCK_DOC, MATCH_BLOCK_SLIP, MATCH_BLOCK_HEAD, MATCH_BLOCK_NAME, MATCH_BLOCK_PHONE, MATCH_BLOCK_DOOR };

struct match_index {
    struct arena arena;
    struct match_record *records;
    uint8_t *used;
    size_t cap, used_cap;
    struct map map;
};

/* Candidate references, each once, ascending. */
struct match_found {
    uint32_t *refs;
    size_t count, cap;
};

dw_err match_make(struct match_index **out)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? DW_E_MEMORY : DW_OK;
}

void match_free(struct match_index *index)
{
    if (index == NULL) return;
    arena_free(&index->arena);
    free(index->records);
    free(index->used);
    map_free(&index->map);
    free(index);
}

static uint64_t match_hash(enum match_block block, const void *data, size_t len)
{
    uint64_t both[2] = {(uint64_t)block, hash_quick(data, len)};
    return hash_quick(both, sizeof both);
}

/* Calls each for every block hash of a record. Any two documents that differ by one character changed, left out, doubled, or
 * by two neighbours swapped share the hash of one of their deletions. */
static bool match_blocks(const struct match_record *r, bool (*each)(void *ctx, uint64_t hash), void *ctx)
{
    size_t doc = strlen(r->doc), name = strlen(r->name), phone = strlen(r->phone);
    char less[MATCH_NEAR_DOC];
    if (doc > 0 && !each(ctx, match_hash(MATCH_BLOCK_DOC, r->doc, doc))) return false;
    if (doc >= MATCH_DOC_MIN && doc < sizeof less) {
        if (!each(ctx, match_hash(MATCH_BLOCK_SLIP, r->doc, doc))) return false;
        for (size_t i = 0; i < doc; i++) {
            if (i > 0 && r->doc[i] == r->doc[i - 1]) continue; /* the same deletion again */
            memcpy(less, r->doc, i);
            memcpy(less + i, r->doc + i + 1, doc - i - 1);
            if (!each(ctx, match_hash(MATCH_BLOCK_SLIP, less, doc - 1))) return false;
        }
    }
    if (doc == 18 && !each(ctx, match_hash(MATCH_BLOCK_HEAD, r->doc, MATCH_ROUNDED))) return false;
    if (name > 0 && !each(ctx, match_hash(MATCH_BLOCK_NAME, r->name, name))) return false;
    if (phone > 0 && !each(ctx, match_hash(MATCH_BLOCK_PHONE, r->phone, phone))) return false;
    if (r->door != UINT32_MAX && !each(ctx, match_hash(MATCH_BLOCK_DOOR, &r->door, sizeof r->door))) return false;
    return true;
}

struct match_put_ctx {
    struct match_index *index;
    uint32_t ref;
};

static bool match_put_hash(void *ctx, uint64_t hash)
{
    struct match_put_ctx *put = ctx;
    return map_put(&put->index->map, hash, put->ref);
}

static bool match_drop_hash(void *ctx, uint64_t hash)
{
    struct match_put_ctx *put = ctx;
    map_drop(&put->index->map, hash, put->ref);
    return true;
}

static const char *match_copy(struct match_index *index, const char *text)
{
    if (text == NULL || *text == 0) return "";
    return arena_text(&index->arena, text, strlen(text));
}

dw_err match_put(struct match_index *index, uint32_t ref, const struct match_record *record)
{
    size_t old = index->used_cap;
    if (!arena_grow((void **)&index->records, &index->cap, (size_t)ref + 1, sizeof *index->records) ||
        !arena_grow((void **)&index->used, &index->used_cap, (size_t)ref + 1, 1))
        return DW_E_MEMORY;
    memset(index->used + old, 0, index->used_cap - old);
    match_drop(index, ref);
    struct match_record *r = &index->records[ref];
    *r = *record;
    r->name = match_copy(index, record->name);
    r->doc = match_copy(index, record->doc);
    r->phone = match_copy(index, record->phone);
    if (r->name == NULL || r->doc == NULL || r->phone == NULL) return DW_E_MEMORY;
    index->used[ref] = 1;
    return match_blocks(r, match_put_hash, &(struct match_put_ctx){index, ref}) ? DW_OK : DW_E_MEMORY;
}

void match_drop(struct match_index *index, uint32_t ref)
{
    if (ref >= index->used_cap || !index->used[ref]) return;
    match_blocks(&index->records[ref], match_drop_hash, &(struct match_put_ctx){index, ref});
    index->used[ref] = 0;
}

struct match_find_ctx {
    const struct match_index *index;
    struct match_found *found;
};

static bool match_find_hash(void *ctx, uint64_t hash)
{
    struct match_find_ctx *find = ctx;
    struct match_found *found = find->found;
    size_t cursor = 0;
    uint32_t ref;
    while (map_next(&find->index->map, hash, &cursor, &ref)) {
        if (!arena_grow((void **)&found->refs, &found->cap, found->count + 1, sizeof *found->refs)) return false;
        found->refs[found->count++] = ref;
    }
    return true;
}

static int match_by_ref(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void match_gather(struct match_found *found, const struct match_index *index, const struct match_record *record)
{
    size_t kept = 0;
    match_blocks(record, match_find_hash, &(struct match_find_ctx){index, found});
    if (found->count == 0) return;
    qsort(found->refs, found->count, sizeof *found->refs, match_by_ref);
    for (size_t i = 0; i < found->count; i++)
        if (kept == 0 || found->refs[kept - 1] != found->refs[i]) found->refs[kept++] = found->refs[i];
    found->count = kept;
}

/* Keeps the likeliest pairs, by reason then reference. */
static void match_keep(struct match_answer *out, uint32_t ref, enum match_why why)
{
    size_t at = out->count;
    while (at > 0 && (why < out->why[at - 1])) at--;
    if (at == MATCH_PAIRS || out->count == MATCH_PAIRS) out->more = true;
    if (at == MATCH_PAIRS) return;
    size_t last = out->count < MATCH_PAIRS ? out->count++ : MATCH_PAIRS - 1;
    for (size_t i = last; i > at; i--) {
        out->pairs[i] = out->pairs[i - 1];
        out->why[i] = out->why[i - 1];
    }
    out->pairs[at] = ref;
    out->why[at] = why;
}

void match_find(struct match_answer *out, const struct match_index *index, const struct match_record *record)
{
    struct match_found found = {0};
    struct match_record r = *record;
    memset(out, 0, sizeof *out);
    if (r.name == NULL) r.name = "";
    if (r.doc == NULL) r.doc = "";
    if (r.phone == NULL) r.phone = "";
    match_gather(&found, index, &r);
    for (size_t i = 0; i < found.count; i++) {
        int why = match_near_why(&r, &index->records[found.refs[i]]);
        if (why >= 0) match_keep(out, found.refs[i], (enum match_why)why);
    }
    free(found.refs);
    if (out->count == 0) return;
    out->verdict = out->why[0] == MATCH_BY_DOC || out->why[0] == MATCH_BY_TRIPLE ? MATCH_SAME : MATCH_REVIEW;
}

bool match_namesake(const struct match_index *index, const struct match_record *record, size_t *cursor, uint32_t *ref)
{
    uint64_t hash = match_hash(MATCH_BLOCK_NAME, record->name, strlen(record->name));
    while (*record->name != 0 && map_next(&index->map, hash, cursor, ref))
        if (strcmp(index->records[*ref].name, record->name) == 0) return true;
    return false;
}

const char *match_why_text(enum match_why why, enum err_lang lang)
{
    static const char *const texts[MATCH_WHY_COUNT][2] = {
        {"证件号相同", "same document"},
        {"姓名、生日、手机相同", "same name, birth and phone"},
        {"证件号相同、姓名不同", "same document, another name"},
        {"证件号相差一处", "documents one slip apart"},
        {"姓名、生日相同", "same name and birth"},
        {"姓名、手机相同", "same name and phone"},
        {"姓名相同、证件号相近", "same name, documents alike"},
        {"同楼同名", "same name in the same building"},
        {"手机、生日相同，姓名相近", "same phone and birth, names alike"},
    };
    return texts[why][lang == ERR_EN];
}
