/* Single Han characters: their simplified form and their reading, by ICU, remembered for each thread. */
#ifndef BASE_TEXT_HAN_H
#define BASE_TEXT_HAN_H

#include <stdint.h>

/* The simplified form of a traditional character, else the character itself. O(1) after its first use. */
int32_t text_han_simple(int32_t point);
/* Its commonest reading in lower case Latin letters without tone ("zhang"); "" for what is no Han character. Valid as long as
 * the thread lives. O(1) after its first use. */
const char *text_han_pinyin(int32_t point);

#endif
