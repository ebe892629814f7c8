#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_FIRST = 16 * 1024, ARENA_LARGEST = 4 * 1024 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t size;
    _Alignas(max_align_t) unsigned char data[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX / 2) return NULL;
    size = (size + align - 1) / align * align;
    if (arena->block == NULL || arena->block->size - arena->used < size) {
        size_t next = arena->block == NULL ? ARENA_FIRST : arena->block->size * 2;
        if (next > ARENA_LARGEST) next = ARENA_LARGEST;
        if (next < size) next = size;
        struct arena_block *block = malloc(sizeof *block + next);
        if (block == NULL) return NULL;
        block->older = arena->block;
        block->size = next;
        arena->block = block;
        arena->used = 0;
        arena->total += next;
    }
    void *out = arena->block->data + arena->used;
    arena->used += size;
    assert(arena->used <= arena->block->size);
    return memset(out, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
    return arena_alloc(arena, bytes);
}

char *arena_text(struct arena *arena, const char *text, size_t len)
{
    char *out = arena_alloc(arena, len + 1);
    if (out != NULL && len > 0) memcpy(out, text, len);
    return out;
}

void arena_reset(struct arena *arena)
{
    if (arena->block == NULL) return;
    struct arena_block *older = arena->block->older;
    while (older != NULL) {
        struct arena_block *next = older->older;
        free(older);
        older = next;
    }
    arena->block->older = NULL;
    arena->used = 0;
    arena->total = arena->block->size;
}

void arena_free(struct arena *arena)
{
    arena_reset(arena);
    free(arena->block);
    memset(arena, 0, sizeof *arena);
}

bool arena_grow(void **items, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap) return true;
    size_t next = *cap < 8 ? 8 : *cap * 2;
    if (next < need) next = need;
    size_t bytes;
    if (__builtin_mul_overflow(next, size, &bytes)) return false;
    void *grown = realloc(*items, bytes);
    if (grown == NULL) return false;
    *items = grown;
    *cap = next;
    return true;
}

static bool arena_buf_room(struct arena_buf *buf, size_t more)
{
    if (!buf->failed && more < SIZE_MAX / 2 - buf->len && arena_grow((void **)&buf->data, &buf->cap, buf->len + more + 1, 1))
        return true;
    buf->failed = true;
    return false;
}

void arena_buf_put(struct arena_buf *buf, const void *data, size_t len)
{
    if ((buf->failed || len >= buf->cap - buf->len) && !arena_buf_room(buf, len)) return;
    if (len > 0) memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    buf->data[buf->len] = 0;
}

void arena_buf_text(struct arena_buf *buf, const char *text)
{
    arena_buf_put(buf, text, strlen(text));
}

void arena_buf_format(struct arena_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0 || !arena_buf_room(buf, (size_t)need)) {
        buf->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf(buf->data + buf->len, (size_t)need + 1, format, args);
    va_end(args);
    buf->len += (size_t)need;
}

void arena_buf_clear(struct arena_buf *buf)
{
    buf->len = 0;
    buf->failed = false;
    if (buf->data != NULL) buf->data[0] = 0;
}

void arena_buf_free(struct arena_buf *buf)
{
    free(buf->data);
    memset(buf, 0, sizeof *buf);
}
