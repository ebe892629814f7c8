/* Headers of lists in Chinese and English, and what stands under them. */
#ifndef MATCH_LINK_GUESS_WORDS_H
#define MATCH_LINK_GUESS_WORDS_H

#include "match/link.h"

/* The header as it is looked up: folded, lower case, without spaces and punctuation. */
enum { LINK_GUESS_HEADER = 64 };
void link_guess_words_plain(char out[LINK_GUESS_HEADER], const char *header);
/* What a header (plain) is known to stand over; false when it is not known. Ignored columns are known, too. */
bool link_guess_words_find(struct link_column *out, const char *plain);

#endif
