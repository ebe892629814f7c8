#include "match/match_block.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"

enum {
    MATCH_BLOCK_TAIL = 5,     /* characters of a document that a slip elsewhere leaves alone */
    MATCH_BLOCK_WORDS = 6,    /* characters of a name that get keys */
    MATCH_BLOCK_LONGEST = 64, /* documents from here on are compared whole only */
    MATCH_BLOCK_HEAD = 15,    /* digits that spreadsheets keep */
    MATCH_BLOCK_DIGITS = 18
};

#define MATCH_BLOCK_EMPTY UINT32_MAX
#define MATCH_BLOCK_LIST UINT32_C(0x80000000)

enum match_block_kind {
    MATCH_BLOCK_DOC, /* a document, or one without a character of its tail */
    MATCH_BLOCK_ENDS,
    MATCH_BLOCK_BEGINS,
    MATCH_BLOCK_BORN,
    MATCH_BLOCK_PHONE,
    MATCH_BLOCK_BUILDING,
    MATCH_BLOCK_DOOR,
    MATCH_BLOCK_NAME,
    MATCH_BLOCK_NAMED /* 4 kinds: a name and a piece of a document */
};

static uint32_t match_block_mix(enum match_block_kind kind, uint64_t a, uint64_t b)
{
    uint64_t h = (a + UINT64_C(0x9E3779B97F4A7C15) * ((uint64_t)kind + 1)) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ h >> 29 ^ b) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)(h >> 32 ^ h >> 11);
}

static void match_block_add(struct match_block_keys *out, uint32_t key)
{
    size_t at = out->count;
    assert(out->count < MATCH_BLOCK_KEYS);
    while (at > 0 && out->keys[at - 1] > key) at--;
    if (at > 0 && out->keys[at - 1] == key) return;
    memmove(out->keys + at + 1, out->keys + at, (out->count - at) * sizeof *out->keys);
    out->keys[at] = key;
    out->count++;
}

uint32_t match_block_doc(const char *doc)
{
    return match_block_mix(MATCH_BLOCK_DOC, hash_quick(doc, strlen(doc)), 0);
}

uint32_t match_block_name(const char *name)
{
    return match_block_mix(MATCH_BLOCK_NAME, hash_quick(name, strlen(name)), 0);
}

static bool match_block_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9') return false;
    return true;
}

static uint64_t match_block_number(const char *digits, size_t len)
{
    uint64_t n = 0;
    for (size_t i = 0; i < len; i++) n = n * 10 + (uint64_t)(digits[i] - '0');
    return n;
}

int32_t match_block_birth(const struct match_record *record)
{
    bool has = record->doc_valid && strlen(record->doc) == MATCH_BLOCK_DIGITS && match_block_digits(record->doc + 6, 8);
    return has ? (int32_t)match_block_number(record->doc + 6, 8) : 0;
}

/* A number cut to fifteen digits, or rounded as spreadsheets and programs do, may have the fifteenth one lower or higher. */
static void match_block_head(struct match_block_keys *out, const char *doc, bool looking)
{
    if (!match_block_digits(doc, MATCH_BLOCK_HEAD)) return;
    uint64_t head = match_block_number(doc, MATCH_BLOCK_HEAD);
    match_block_add(out, match_block_mix(MATCH_BLOCK_BEGINS, head, 0));
    if (!looking || !match_block_digits(doc + MATCH_BLOCK_HEAD, 3)) return;
    uint64_t tail = match_block_number(doc + MATCH_BLOCK_HEAD, 3);
    if (tail < 128) match_block_add(out, match_block_mix(MATCH_BLOCK_BEGINS, head - 1, 0));
    if (tail >= 500) match_block_add(out, match_block_mix(MATCH_BLOCK_BEGINS, head + 1, 0));
}

static void match_block_slips(struct match_block_keys *out, const char *doc, size_t len)
{
    char less[MATCH_BLOCK_LONGEST];
    if (len <= MATCH_BLOCK_TAIL || len >= MATCH_BLOCK_LONGEST) return;
    match_block_add(out, match_block_mix(MATCH_BLOCK_ENDS, hash_quick(doc + len - MATCH_BLOCK_TAIL, MATCH_BLOCK_TAIL), 0));
    for (size_t i = len - MATCH_BLOCK_TAIL - 1; i < len; i++) {
        memcpy(less, doc, i);
        memcpy(less + i, doc + i + 1, len - i - 1);
        match_block_add(out, match_block_mix(MATCH_BLOCK_DOC, hash_quick(less, len - 1), 0));
    }
}

/* Equal names with documents two slips apart: seldom do two slips spoil the beginning, the birth and the end. */
static void match_block_named(struct match_block_keys *out, const char *name, const char *doc, size_t len)
{
    uint64_t h = hash_quick(name, strlen(name));
    bool eighteen = len == MATCH_BLOCK_DIGITS;
    size_t piece = len < 8 ? len : eighteen ? 6 : 4, end = len < 4 ? len : 4;
    match_block_add(out, match_block_mix(MATCH_BLOCK_NAMED, h, hash_quick(doc, piece)));
    match_block_add(out, match_block_mix(MATCH_BLOCK_NAMED + 1, h, hash_quick(doc + len - end, end)));
    if (eighteen) match_block_add(out, match_block_mix(MATCH_BLOCK_NAMED + 2, h, hash_quick(doc + 6, 8)));
}

/* Bytes of the first thing in a name that can be shared: one Han character, or a word of letters; *skip of what parts them. */
static size_t match_block_word(const char *name, size_t *skip)
{
    size_t start = 0, len = 0;
    while (name[start] == ' ' || strncmp(name + start, "\xc2\xb7", 2) == 0) start += name[start] == ' ' ? 1 : 2;
    const unsigned char *at = (const unsigned char *)name + start;
    if (*at >= 0xE0) {
        len = 1;
        while ((at[len] & 0xC0) == 0x80) len++;
    } else {
        while (at[len] != 0 && at[len] != ' ' && at[len] < 0xE0 && !(at[len] == 0xC2 && at[len + 1] == 0xB7)) len++;
    }
    *skip = start;
    return len;
}

void match_block_keys(struct match_block_keys *out, const struct match_record *record, bool looking)
{
    const char *name = record->name;
    size_t doc = strlen(record->doc), skip, len;
    int32_t born = match_block_birth(record);
    uint64_t phone = hash_quick(record->phone, strlen(record->phone));
    out->count = 0;
    if (doc > 0) {
        match_block_add(out, match_block_doc(record->doc));
        match_block_slips(out, record->doc, doc);
        if (doc == MATCH_BLOCK_DIGITS) match_block_head(out, record->doc, looking);
        if (*name != 0) match_block_named(out, name, record->doc, doc);
    }
    if (!looking && *name != 0) match_block_add(out, match_block_name(name));
    for (int i = 0; i < MATCH_BLOCK_WORDS && (len = match_block_word(name, &skip)) > 0; i++) {
        uint64_t word = hash_quick(name + skip, len);
        if (record->birth != 0) match_block_add(out, match_block_mix(MATCH_BLOCK_BORN, word, (uint64_t)record->birth));
        if (born != 0) match_block_add(out, match_block_mix(MATCH_BLOCK_BORN, word, (uint64_t)born));
        if (*record->phone != 0) match_block_add(out, match_block_mix(MATCH_BLOCK_PHONE, word, phone));
        if (record->building != UINT32_MAX)
            match_block_add(out, match_block_mix(MATCH_BLOCK_BUILDING, word, record->building));
        else if (record->door != UINT32_MAX)
            match_block_add(out, match_block_mix(MATCH_BLOCK_DOOR, word, record->door));
        name += skip + len;
    }
}

/* The slot of key, or the empty one where it belongs. */
static size_t match_block_slot(const struct match_block *block, uint32_t key)
{
    size_t at = key & (block->cap - 1);
    while (block->slots[at].value != MATCH_BLOCK_EMPTY && block->slots[at].key != key) at = (at + 1) & (block->cap - 1);
    return at;
}

static bool match_block_widen(struct match_block *block)
{
    struct match_block_slot *old = block->slots;
    size_t old_cap = block->cap, cap = old_cap == 0 ? 64 : old_cap * 2;
    struct match_block_slot *slots = malloc(cap * sizeof *slots);
    if (slots == NULL) return false;
    memset(slots, 0xFF, cap * sizeof *slots);
    block->slots = slots;
    block->cap = cap;
    for (size_t i = 0; i < old_cap; i++)
        if (old[i].value != MATCH_BLOCK_EMPTY) slots[match_block_slot(block, old[i].key)] = old[i];
    free(old);
    return true;
}

/* Makes sure that three nodes can be taken. */
static bool match_block_room(struct match_block *block)
{
    size_t need = block->node_count + 3;
    return need < MATCH_BLOCK_LIST - 1 && arena_grow((void **)&block->nodes, &block->node_cap, need, sizeof *block->nodes);
}

static uint32_t match_block_take(struct match_block *block, uint32_t ref, uint32_t next)
{
    uint32_t node;
    if (block->free != 0) {
        node = block->free - 1;
        block->free = block->nodes[node].next;
    } else {
        node = (uint32_t)block->node_count++;
    }
    block->nodes[node] = (struct match_block_node){ref, next};
    return node;
}

static void match_block_give(struct match_block *block, uint32_t node)
{
    block->nodes[node].next = block->free;
    block->free = node + 1;
}

bool match_block_put(struct match_block *block, uint32_t key, uint32_t ref)
{
    assert(ref < MATCH_BLOCK_LIST);
    if ((block->used + 1) * 3 > block->cap * 2 && !match_block_widen(block)) return false;
    struct match_block_slot *slot = &block->slots[match_block_slot(block, key)];
    if (slot->value == MATCH_BLOCK_EMPTY) {
        *slot = (struct match_block_slot){key, ref};
        block->used++;
        return true;
    }
    if (!match_block_room(block)) return false;
    if ((slot->value & MATCH_BLOCK_LIST) == 0) {
        uint32_t last = match_block_take(block, slot->value, MATCH_BLOCK_EMPTY);
        slot->value = match_block_take(block, 1, last) | MATCH_BLOCK_LIST;
    }
    uint32_t head = slot->value & ~MATCH_BLOCK_LIST, node = match_block_take(block, ref, block->nodes[head].next);
    block->nodes[head].next = node;
    block->nodes[head].ref++;
    return true;
}

/* Removes a slot and moves back those that stand away from home because of it. */
static void match_block_close(struct match_block *block, size_t hole)
{
    size_t mask = block->cap - 1, at = hole;
    for (;;) {
        at = (at + 1) & mask;
        if (block->slots[at].value == MATCH_BLOCK_EMPTY) break;
        size_t home = block->slots[at].key & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        block->slots[hole] = block->slots[at];
        hole = at;
    }
    block->slots[hole].value = MATCH_BLOCK_EMPTY;
    block->used--;
}

void match_block_drop(struct match_block *block, uint32_t key, uint32_t ref)
{
    if (block->cap == 0) return;
    size_t at = match_block_slot(block, key);
    uint32_t value = block->slots[at].value;
    if (value == ref) match_block_close(block, at);
    if (value == MATCH_BLOCK_EMPTY || (value & MATCH_BLOCK_LIST) == 0) return;
    uint32_t head = value & ~MATCH_BLOCK_LIST, *link = &block->nodes[head].next;
    while (*link != MATCH_BLOCK_EMPTY && block->nodes[*link].ref != ref) link = &block->nodes[*link].next;
    uint32_t node = *link;
    if (node == MATCH_BLOCK_EMPTY) return;
    *link = block->nodes[node].next;
    match_block_give(block, node);
    if (--block->nodes[head].ref > 1) return;
    node = block->nodes[head].next;
    block->slots[at].value = block->nodes[node].ref;
    match_block_give(block, node);
    match_block_give(block, head);
}

void match_block_free(struct match_block *block)
{
    free(block->slots);
    free(block->nodes);
    memset(block, 0, sizeof *block);
}

void match_block_prefetch(const struct match_block *block, uint32_t key)
{
    if (block->cap > 0) __builtin_prefetch(&block->slots[key & (block->cap - 1)]);
}

struct match_block_walk match_block_walk(const struct match_block *block, uint32_t key)
{
    struct match_block_walk walk = {0, MATCH_BLOCK_EMPTY};
    if (block->cap == 0) return walk;
    uint32_t value = block->slots[match_block_slot(block, key)].value;
    if (value == MATCH_BLOCK_EMPTY) return walk;
    if ((value & MATCH_BLOCK_LIST) == 0) return (struct match_block_walk){1, value};
    const struct match_block_node *head = &block->nodes[value & ~MATCH_BLOCK_LIST];
    return (struct match_block_walk){head->ref, head->next | MATCH_BLOCK_LIST};
}

bool match_block_next(const struct match_block *block, struct match_block_walk *walk, uint32_t *ref)
{
    if (walk->value == MATCH_BLOCK_EMPTY) return false;
    if ((walk->value & MATCH_BLOCK_LIST) == 0) {
        *ref = walk->value;
        walk->value = MATCH_BLOCK_EMPTY;
        return true;
    }
    const struct match_block_node *node = &block->nodes[walk->value & ~MATCH_BLOCK_LIST];
    *ref = node->ref;
    walk->value = node->next | MATCH_BLOCK_LIST; /* EMPTY has the top bit already */
    return true;
}

size_t match_block_memory(const struct match_block *block)
{
    return block->cap * sizeof *block->slots + block->node_cap * sizeof *block->nodes;
}
