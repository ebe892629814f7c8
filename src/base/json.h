/* JSON (RFC 8259): a reader that makes a flat tape of tokens over the caller's bytes, and a writer into a buffer.
 * Entries are read and written here a hundred thousand at a time, byte for byte, which is why this is not a library. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

enum { JSON_DEPTH = 32 };

/* One value. Children of a container follow it; next is the index after its last descendant. Members are key, value. */
struct json_token {
    uint8_t type;
    bool escaped; /* a string with backslashes: read it with json_text */
    uint32_t at;  /* of a string: its first byte inside the quotes; of an array or object its bracket */
    uint32_t len; /* bytes, of an array or object with both brackets */
    uint32_t next;
    uint32_t count; /* elements or members */
};

/* Zero-initialise; may be used again for other texts. Points into the text it was given. */
struct json {
    const char *text;
    struct json_token *tokens;
    size_t len, cap;
};

/* Reads one value and white space, nothing else; strings must be valid UTF-8 without control characters, numbers as in
 * RFC 8259, duplicate keys refused, depth at most JSON_DEPTH, size under 2^31. DW_E_JSON or DW_E_UTF8 with the byte. O(len). */
dw_err json_read(struct json *json, const char *text, size_t len, struct err_detail *detail);
void json_free(struct json *json);

/* Token index of a member's value, 0 if absent (0 is the root, never a member) or object is not an object. */
uint32_t json_member(const struct json *json, uint32_t object, const char *key);
/* First child; walk with tokens[i].next until json_end(container). */
uint32_t json_first(uint32_t container);
uint32_t json_end(const struct json *json, uint32_t container);

/* A string's value in the arena, unescaped and terminated; NULL if it is no string, holds U+0000, or memory is out. */
const char *json_text(const struct json *json, uint32_t token, struct arena *arena);
/* The same of a member; NULL also when it is absent. */
const char *json_member_text(const struct json *json, uint32_t object, const char *key, struct arena *arena);
/* Whether a string equals text (no escapes needed to be equal). */
bool json_equals(const struct json *json, uint32_t token, const char *text);
/* An integer in the range of int64; false for anything else (fractions and exponents included). */
bool json_int(const struct json *json, uint32_t token, int64_t *out);
bool json_double(const struct json *json, uint32_t token, double *out);

/* The writer: commas are its own business. Zero-initialise with the buffer it appends to. */
struct json_out {
    struct arena_buf *buf;
    uint64_t comma; /* one bit a depth: something stands before */
    int depth;
    bool after_key;
};

void json_open(struct json_out *out, char bracket);  /* '{' or '[' */
void json_close(struct json_out *out, char bracket); /* '}' or ']' */
void json_key(struct json_out *out, const char *key);
void json_put_text(struct json_out *out, const char *text, size_t len);
void json_put(struct json_out *out, const char *text); /* NULL writes null */
void json_put_int(struct json_out *out, int64_t value);
void json_put_double(struct json_out *out, double value, int decimals); /* fixed point; not finite writes null */
void json_put_bool(struct json_out *out, bool value);
void json_put_raw(struct json_out *out, const char *json, size_t len); /* a value already in JSON */

#endif
