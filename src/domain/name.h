/* Names of people: folded for comparing, with pinyin and initials for search. */
#ifndef DOMAIN_NAME_H
#define DOMAIN_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { NAME_SIZE = 208 };

/* The form to compare: NFKC, no spaces between Han characters, one between Latin words, upper case Latin, every separator dot
 * U+00B7, traditional and variant characters of the table brought to one (峯 to 峰). "" for NULL, "", 无, 不详 and the like.
 * False when text is longer than NAME_SIZE or no UTF-8 (out is then ""). */
bool name_fold(char out[NAME_SIZE], const char *text);
/* Bytes of the surname of a folded name: compound surnames of two characters are known; of names with a dot, the part before
 * the last dot; else one character (Han) or the last word (Latin). 0 for "". */
size_t name_surname(const char *folded);
/* Pinyin without spaces and its initials, lower case ("zhangwei", "zw"), surname read as a surname (单 shan, 曾 zeng, 解 xie).
 * Buffers are appended to. */
bool name_pinyin(struct arena_buf *full, struct arena_buf *initials, const char *folded);
/* The same for programs that look names up themselves: its syllables with a space between ("ou yang feng", v for u with dots),
 * Latin words of a mixed name whole. Nothing is appended for a name without Han characters. */
bool name_syllables(struct arena_buf *out, const char *folded);
/* Folded names that may be one person's as people write them: equal but for separators; or of the same length with one character
 * different but of the same sound; or a nickname (阿/小/老 and a character of the other). Symmetric. */
bool name_like(const char *a, const char *b);
/* For public screens: 王*明. */
void name_mask(char out[NAME_SIZE], const char *name);
/* For a staircase, where neighbours read it: 王＊, 欧阳＊, SMITH＊; 买＊ for names with a dot. "" for no name. */
void name_mask_given(char out[NAME_SIZE], const char *name);

#endif
