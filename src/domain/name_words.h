/* What has to be known about names character by character: variants, surnames of two characters, surnames read otherwise. */
#ifndef DOMAIN_NAME_WORDS_H
#define DOMAIN_NAME_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character that a variant is brought to; -1 when point is none. O(log n). */
int32_t name_words_variant(int32_t point);
/* Whether a text of simplified characters begins with a surname of two. */
bool name_words_compound(const char *text);
/* How a surname of len bytes is read where that is not the character's commonest reading; static. False for all others. */
bool name_words_reading(const char **reading, const char **initials, const char *surname, size_t len);

#endif
