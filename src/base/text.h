/* Text in UTF-8: checked, folded and measured (ICU). Buffers are appended to; a failed buffer says so itself. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Well-formed UTF-8 (no surrogates, no overlong forms) without U+0000. *bad, if not NULL, is the first wrong byte. O(len). */
bool text_valid(const char *text, size_t len, size_t *bad);
/* Appends text in NFKC, full width folded to half width, controls and characters without width dropped, every run of white space
 * (ideographic too) one space, none at the ends. Folding the folded changes nothing. Text of ASCII, Han and full width forms
 * never reaches ICU. False if text is not UTF-8 or memory is out; out is then as it was. O(len). */
bool text_fold(struct arena_buf *out, const char *text, size_t len);
/* text without white space (ideographic and no-break too) and byte order marks at its ends: *len is shortened, the start
 * returned. */
const char *text_trim(const char *text, size_t *len);
/* The largest n <= max that cuts text between characters. */
size_t text_cut(const char *text, size_t len, size_t max);
/* Code points; and columns of a terminal (East Asian wide characters take two, combining marks none). */
size_t text_count(const char *text, size_t len);
size_t text_width(const char *text);
/* One code point at *at, which moves on; -1 at the end or on a wrong byte (then *at moves one byte). */
int32_t text_next(const char *text, size_t len, size_t *at);
/* The bytes of a code point, unterminated: how many there are, 0 if it is none. */
enum { TEXT_POINT = 4 };
size_t text_encode(char out[TEXT_POINT], int32_t point);
/* Appends a code point. */
void text_put(struct arena_buf *out, int32_t point);

enum text_charset { TEXT_UTF8, TEXT_UTF8_MARK, TEXT_GB18030, TEXT_UTF16LE, TEXT_UTF16BE, TEXT_UNKNOWN };

/* What a file is written in, by its mark, by being valid UTF-8, then by being valid GB18030; give it the whole file. O(len). */
enum text_charset text_detect(const void *data, size_t len);
/* Appends data as UTF-8 without a mark. On a byte that the charset does not have: false, *bad (if not NULL) its offset, and out
 * is as it was. */
bool text_decode(struct arena_buf *out, enum text_charset charset, const void *data, size_t len, size_t *bad);
/* Appends UTF-8 text in GB18030 (which has every character). False if text is no UTF-8 or memory is out. */
bool text_to_gb18030(struct arena_buf *out, const char *text, size_t len);
/* A whole number in decimal and nothing else (one leading '-' allowed); false when it is anything else or out of int64. */
bool text_int(int64_t *out, const char *text, size_t len);

#endif
