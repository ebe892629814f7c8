/* UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random, so ids sort by the time they were made. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"

enum { ID_TEXT = 37 }; /* 36 characters and a terminator */

struct id {
    uint8_t b[16];
};

/* A new id at ms. With rng NULL the random part comes from the system; with one, the id is reproducible. */
struct id id_make(int64_t ms, struct rng *rng);
/* An id fixed by a name inside a parent (SHA-256, shaped as UUIDv8): the same input gives the same id on every device. */
struct id id_named(struct id parent, const char *name);
void id_text(char out[ID_TEXT], struct id id);
/* Lower or upper case, with the four hyphens; false and *out untouched otherwise. */
bool id_parse(struct id *out, const char *text, unsigned long len);
bool id_equal(struct id a, struct id b);
int id_compare(struct id a, struct id b);
bool id_null(struct id id);
/* For hash tables: the random bits, so ids made in the same millisecond spread. */
uint64_t id_hash(struct id id);

#endif
