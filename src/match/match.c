#include "match/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "match/match_block.h"
#include "match/match_near.h"

enum {
    MATCH_MOST = 1024, /* references of a key from which on it says nothing, and is passed over */
    MATCH_SEEN = 256   /* a power of two */
};

/* One record of somebody. texts holds the three texts of the record; NULL: a free slot. */
struct match_kept {
    struct match_record record;
    char *texts;
    uint32_t ref;
    uint32_t next; /* slot + 1 of another record of the same reference, or of the next free slot; 0 none */
};

struct match_index {
    struct match_kept *kept;
    size_t cap, count; /* of slots, the free ones among them */
    uint32_t *first;   /* by reference: slot + 1 of the newest record; 0 nobody */
    size_t refs;
    uint32_t free; /* slot + 1; 0 none */
    size_t texts;  /* bytes of all texts */
    struct match_block block;
};

dw_err match_make(struct match_index **out)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? DW_E_MEMORY : DW_OK;
}

void match_free(struct match_index *index)
{
    if (index == NULL) return;
    for (size_t i = 0; i < index->count; i++) free(index->kept[i].texts);
    free(index->kept);
    free(index->first);
    match_block_free(&index->block);
    free(index);
}

static struct match_record match_clean(const struct match_record *record)
{
    struct match_record r = *record;
    if (r.name == NULL) r.name = "";
    if (r.doc == NULL) r.doc = "";
    if (r.phone == NULL) r.phone = "";
    return r;
}

static size_t match_texts_size(const struct match_record *r)
{
    return strlen(r->name) + strlen(r->doc) + strlen(r->phone) + 3;
}

/* The record with texts of its own in *texts. */
static bool match_copy(struct match_record *out, char **texts, const struct match_record *r)
{
    size_t name = strlen(r->name) + 1, doc = strlen(r->doc) + 1, phone = strlen(r->phone) + 1;
    *texts = malloc(name + doc + phone);
    if (*texts == NULL) return false;
    *out = *r;
    out->name = memcpy(*texts, r->name, name);
    out->doc = memcpy(*texts + name, r->doc, doc);
    out->phone = memcpy(*texts + name + doc, r->phone, phone);
    return true;
}

static bool match_has_key(const struct match_block_keys *keys, uint32_t key)
{
    size_t low = 0, high = keys->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keys->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < keys->count && keys->keys[low] == key;
}

static void match_unblock(struct match_index *index, uint32_t slot, const struct match_block_keys *keys, size_t count,
                          const struct match_block_keys *but)
{
    for (size_t i = 0; i < count; i++)
        if (!match_has_key(but, keys->keys[i])) match_block_drop(&index->block, keys->keys[i], slot);
}

/* Puts a clean record in a slot, in place of the one that may be there. Only keys that change are touched. */
static dw_err match_set(struct match_index *index, uint32_t slot, const struct match_record *r)
{
    struct match_kept *at = &index->kept[slot];
    struct match_block_keys old = {.count = 0}, new;
    struct match_record record;
    char *texts;
    if (!match_copy(&record, &texts, r)) return DW_E_MEMORY;
    if (at->texts != NULL) match_block_keys(&old, &at->record, false);
    match_block_keys(&new, &record, false);
    for (size_t i = 0; i < new.count; i++) {
        if (match_has_key(&old, new.keys[i]) || match_block_put(&index->block, new.keys[i], slot)) continue;
        match_unblock(index, slot, &new, i, &old);
        free(texts);
        return DW_E_MEMORY;
    }
    match_unblock(index, slot, &old, old.count, &new);
    if (at->texts != NULL) index->texts -= match_texts_size(&at->record);
    free(at->texts);
    at->record = record;
    at->texts = texts;
    index->texts += match_texts_size(&record);
    return DW_OK;
}

static void match_clear(struct match_index *index, uint32_t slot)
{
    struct match_block_keys keys, none = {.count = 0};
    struct match_kept *at = &index->kept[slot];
    match_block_keys(&keys, &at->record, false);
    match_unblock(index, slot, &keys, keys.count, &none);
    index->texts -= match_texts_size(&at->record);
    free(at->texts);
    at->texts = NULL;
    at->next = index->free;
    index->free = slot + 1;
}

/* A slot with a record for ref, before those that it has. */
static dw_err match_add(struct match_index *index, uint32_t ref, const struct match_record *r)
{
    size_t old = index->refs;
    if (ref > INT32_MAX || index->count >= INT32_MAX) return DW_E_INVALID;
    if (!arena_grow((void **)&index->first, &index->refs, (size_t)ref + 1, sizeof *index->first)) return DW_E_MEMORY;
    if (index->refs > old) memset(index->first + old, 0, (index->refs - old) * sizeof *index->first);
    if (index->free == 0) {
        if (!arena_grow((void **)&index->kept, &index->cap, index->count + 1, sizeof *index->kept)) return DW_E_MEMORY;
        index->kept[index->count] = (struct match_kept){.texts = NULL};
        index->free = (uint32_t)++index->count;
    }
    uint32_t slot = index->free - 1, next_free = index->kept[slot].next;
    ERR_TRY(match_set(index, slot, r));
    index->free = next_free;
    index->kept[slot].ref = ref;
    index->kept[slot].next = index->first[ref];
    index->first[ref] = slot + 1;
    return DW_OK;
}

static uint32_t match_first(const struct match_index *index, uint32_t ref)
{
    return ref < index->refs ? index->first[ref] : 0;
}

dw_err match_put(struct match_index *index, uint32_t ref, const struct match_record *record)
{
    struct match_record r = match_clean(record);
    uint32_t at = match_first(index, ref);
    if (at == 0) return match_add(index, ref, &r);
    ERR_TRY(match_set(index, at - 1, &r));
    uint32_t other = index->kept[at - 1].next;
    index->kept[at - 1].next = 0;
    while (other != 0) {
        uint32_t next = index->kept[other - 1].next;
        match_clear(index, other - 1);
        other = next;
    }
    return DW_OK;
}

static bool match_equal(const struct match_record *a, const struct match_record *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->doc, b->doc) == 0 && a->doc_valid == b->doc_valid && a->birth == b->birth &&
           a->sex == b->sex && strcmp(a->phone, b->phone) == 0 && a->door == b->door && a->building == b->building;
}

/* Once one record of somebody has a valid document, all have one: else another's document could pass by it. */
dw_err match_also(struct match_index *index, uint32_t ref, const struct match_record *record)
{
    struct match_record r = match_clean(record);
    for (uint32_t at = match_first(index, ref); at != 0; at = index->kept[at - 1].next) {
        const struct match_record *known = &index->kept[at - 1].record;
        if (r.doc_valid || !known->doc_valid) continue;
        r.doc = known->doc;
        r.doc_valid = true;
    }
    for (uint32_t at = match_first(index, ref); at != 0; at = index->kept[at - 1].next) {
        struct match_record known = index->kept[at - 1].record;
        if (match_equal(&known, &r)) return DW_OK;
        if (!r.doc_valid || known.doc_valid) continue;
        known.doc = r.doc;
        known.doc_valid = true;
        ERR_TRY(match_set(index, at - 1, &known));
        if (match_equal(&index->kept[at - 1].record, &r)) return DW_OK;
    }
    return match_add(index, ref, &r);
}

void match_drop(struct match_index *index, uint32_t ref)
{
    uint32_t at = match_first(index, ref);
    if (at != 0) index->first[ref] = 0;
    while (at != 0) {
        uint32_t next = index->kept[at - 1].next;
        match_clear(index, at - 1);
        at = next;
    }
}

/* Keeps the likeliest pairs, by reason then reference; of somebody's records the likeliest. */
static void match_answer_add(struct match_answer *out, uint32_t ref, enum match_why why)
{
    size_t at = out->count, last = 0;
    while (last < out->count && out->pairs[last] != ref) last++;
    if (last < out->count && out->why[last] <= why) return;
    while (at > 0 && (why < out->why[at - 1] || (why == out->why[at - 1] && ref < out->pairs[at - 1]))) at--;
    if (last == MATCH_PAIRS) out->more = true;
    if (at == MATCH_PAIRS) return;
    if (last == out->count && out->count < MATCH_PAIRS) out->count++;
    if (last == MATCH_PAIRS) last--;
    for (size_t i = last; i > at; i--) {
        out->pairs[i] = out->pairs[i - 1];
        out->why[i] = out->why[i - 1];
    }
    out->pairs[at] = ref;
    out->why[at] = why;
}

/* A number without a right form that many people carry (111111…, the office's own) says nothing about any of them. */
static bool match_filler(const struct match_index *index, const struct match_record *r)
{
    return *r->doc != 0 && !r->doc_valid && match_block_walk(&index->block, match_block_doc(r->doc)).count > MATCH_PAIRS;
}

static int match_compare(const struct match_index *index, const struct match_record *r, uint32_t slot)
{
    const struct match_record *other = &index->kept[slot].record;
    int why = match_near_why(r, other);
    if ((why == MATCH_DOC_NEAR || why == MATCH_NAME_DOC_NEAR) && match_filler(index, other)) {
        struct match_record without = *other;
        without.doc = "";
        why = match_near_why(r, &without);
    }
    return why;
}

void match_find(struct match_answer *out, const struct match_index *index, const struct match_record *record)
{
    struct match_record r = match_clean(record);
    struct match_block_keys keys;
    uint32_t seen[MATCH_SEEN], slot; /* by the last bits of the slot; the answer itself has nobody twice */
    memset(out, 0, sizeof *out);
    memset(seen, 0xFF, sizeof seen);
    if (match_filler(index, &r)) r.doc = "";
    match_block_keys(&keys, &r, true);
    for (size_t i = 0; i < keys.count; i++) match_block_prefetch(&index->block, keys.keys[i]);
    for (size_t i = 0; i < keys.count; i++) {
        struct match_block_walk walk = match_block_walk(&index->block, keys.keys[i]);
        if (walk.count > MATCH_MOST) {
            out->more = true;
            continue;
        }
        while (match_block_next(&index->block, &walk, &slot)) {
            if (seen[slot % MATCH_SEEN] == slot) continue;
            seen[slot % MATCH_SEEN] = slot;
            int why = match_compare(index, &r, slot);
            if (why >= 0) match_answer_add(out, index->kept[slot].ref, (enum match_why)why);
        }
    }
    if (out->count == 0) return;
    out->verdict = out->why[0] == MATCH_BY_DOC || out->why[0] == MATCH_BY_TRIPLE ? MATCH_SAME : MATCH_REVIEW;
}

/* Of somebody's records with this name the first in the list stands for him. */
static bool match_named(const struct match_index *index, uint32_t slot, const char *name)
{
    for (uint32_t at = index->first[index->kept[slot].ref]; at != 0; at = index->kept[at - 1].next)
        if (strcmp(index->kept[at - 1].record.name, name) == 0) return at - 1 == slot;
    return false;
}

bool match_namesake(const struct match_index *index, const struct match_record *record, size_t *cursor, uint32_t *ref)
{
    uint32_t slot;
    if (record->name == NULL || *record->name == 0) return false;
    struct match_block_walk walk = match_block_walk(&index->block, match_block_name(record->name));
    if (*cursor != 0) walk.value = (uint32_t)(*cursor - 1);
    while (match_block_next(&index->block, &walk, &slot)) {
        *cursor = (size_t)walk.value + 1;
        if (!match_named(index, slot, record->name)) continue;
        *ref = index->kept[slot].ref;
        return true;
    }
    return false;
}

size_t match_memory(const struct match_index *index)
{
    return sizeof *index + index->cap * sizeof *index->kept + index->refs * sizeof *index->first + index->texts +
           match_block_memory(&index->block);
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
