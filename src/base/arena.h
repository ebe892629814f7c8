/* Memory in regions: many small allocations, one release. A buffer is a growing run of bytes with its own heap memory. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;
/* Zero-initialise. Not for use by two threads at once. */
struct arena {
    struct arena_block *block;
    size_t used;
    size_t total; /* bytes taken from the system */
};

/* size bytes, aligned for any type, zeroed; NULL when memory is out. Amortised O(size). */
void *arena_alloc(struct arena *arena, size_t size);
/* count × size with the overflow checked. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A terminated copy of len bytes of text; NULL when memory is out. */
char *arena_text(struct arena *arena, const char *text, size_t len);
/* Forgets every allocation, keeping the newest block for reuse. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

/* Zero-initialise. data is terminated by a zero byte that len does not count. */
struct arena_buf {
    char *data;
    size_t len;
    size_t cap;
    bool failed; /* memory ran out once; the content is then incomplete and must not be used */
};

void arena_buf_put(struct arena_buf *buf, const void *data, size_t len);
void arena_buf_text(struct arena_buf *buf, const char *text);
void arena_buf_format(struct arena_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_buf_clear(struct arena_buf *buf);
void arena_buf_free(struct arena_buf *buf);

/* Grows *items (elements of size bytes) so that it holds at least need elements; doubles, so appends are amortised O(1).
 * False when memory is out; *items is then as it was. New memory is not cleared. */
bool arena_grow(void **items, size_t *cap, size_t need, size_t size);

#endif
