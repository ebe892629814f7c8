/* How alike two tokens are, character by character: code points, never bytes. Pure. */
#ifndef MATCH_LINK_LIKE_H
#define MATCH_LINK_LIKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "match/link.h"

enum { LINK_LIKE_POINTS = 48 };

/* A token's code points without its kind; n 0: too long to be compared, or no text. */
struct link_like {
    int32_t p[LINK_LIKE_POINTS];
    uint8_t n;
    char kind;
};

void link_like_read(struct link_like *out, const char *token);
/* 1: written with one slip (a letter, two neighbours swapped, day and month swapped), or of the same sound; 2: further apart, but
 * more alike than chance (a prefix, a number cut by a spreadsheet, one Han character of three); 3: a nickname; 0: not alike.
 * Symmetric; 0 for the same. O(length²). */
int link_like_level(const struct link_like *a, const struct link_like *b, enum link_type type);
/* Keys such that tokens which are alike share one, but for nicknames; at most LINK_LIKE_KEYS. O(length²). */
enum { LINK_LIKE_KEYS = LINK_LIKE_POINTS + 8 };
size_t link_like_keys(uint64_t out[LINK_LIKE_KEYS], const struct link_like *token, enum link_type type);
/* Of a nickname (阿明) the character that the whole name must have; 0 for anything else. And of a name its last two, which a
 * nickname may be of: how many there are. */
int32_t link_like_nick(const struct link_like *token);
size_t link_like_given(int32_t out[2], const struct link_like *token);
/* Tokens with the same group are weakly alike (dates of one year, codes with one first part, words of one letter); 0 none. */
uint64_t link_like_group(const struct link_like *token, enum link_type type);

#endif
