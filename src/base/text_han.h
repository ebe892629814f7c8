/* Single Han characters: their simplified form and their reading, from a table that tools/gen_han.c makes of ICU's data while
 * building. Nothing is opened, kept or locked at run time. */
#ifndef BASE_TEXT_HAN_H
#define BASE_TEXT_HAN_H

#include <stdint.h>

/* The simplified form of a traditional character, else the character itself. O(log n). */
int32_t text_han_simple(int32_t point);
/* Its commonest reading in lower case Latin letters without tone, v for u with dots ("zhang", "lv"); "" for what has none.
 * Static. O(log n). */
const char *text_han_pinyin(int32_t point);

#endif
