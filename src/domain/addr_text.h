/* An address as code points ready for taking apart: folded, simplified, numerals that number something as digits. */
#ifndef DOMAIN_ADDR_TEXT_H
#define DOMAIN_ADDR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

#include "domain/addr.h"

struct addr_text {
    int32_t p[ADDR_KEY];
    int n;
};

/* text goes into out, what stands in brackets into remarks. False when text is no UTF-8 or longer than ADDR_KEY. O(len). */
bool addr_text_read(struct addr_text *out, struct addr_text *remarks, const char *text);
/* Points from to to, appended to a part that may hold something already; cut at its size. */
void addr_text_put(char out[ADDR_PART], const struct addr_text *text, int from, int to);
/* The point at a place, 0 beyond the end. */
int32_t addr_text_at(const struct addr_text *text, int at);
bool addr_text_is(const struct addr_text *text, int at, const char32_t *word);
/* A to Z, 0 to 9 and the dash. */
bool addr_text_label(int32_t point);
bool addr_text_digit(int32_t point);
/* Whether point is one of the characters of a set. */
bool addr_text_in(int32_t point, const char32_t *set);

#endif
