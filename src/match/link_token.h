/* A value taken into tokens, the pieces that are compared. Pure, and the same for all writings of one value. */
#ifndef MATCH_LINK_TOKEN_H
#define MATCH_LINK_TOKEN_H

#include "base/arena.h"
#include "match/link.h"

/* The first byte of every token. Tokens of different kinds are never alike. */
enum link_kind {
    LINK_KIND_WORD = 'w', /* of Latin letters and digits */
    LINK_KIND_HAN = 'h',  /* a name in Han characters */
    LINK_KIND_PAIR = 'g', /* two Han characters of a text */
    LINK_KIND_SURE = 's', /* a document whose check character fits */
    LINK_KIND_DOC = 'd',  /* any other document */
    LINK_KIND_PHONE = 'p',
    LINK_KIND_DATE = 'y', /* yyyymmdd, yyyymm or yyyy */
    LINK_KIND_CODE = 'c',
    LINK_KIND_NUMBER = 'n',
    LINK_KIND_LANE = 'L',
    LINK_KIND_BUILDING = 'B', /* lane, number, compound and block */
    LINK_KIND_MARK = 'K',     /* a building's own code */
    LINK_KIND_DOOR = 'R'      /* unit and room within a building */
};

/* One value as columns give it. Zero-initialise; may be used again after link_token_clear. */
struct link_tokens {
    struct arena_buf text; /* the tokens, each ended by zero */
    uint32_t at[64];
    size_t count;
    struct arena_buf work;
};

struct link_cell {
    const char *text;
    enum link_part part;
    bool month_first;
};

/* Appends the tokens of a value that count cells make up, in the order of their parts; those that are there already are not
 * repeated, and what is beyond the room is left out. Words that say nothing (无, none) are nothing. False when memory is out.
 * What is no UTF-8 is nothing. O(length). */
bool link_token_read(struct link_tokens *out, enum link_type type, const struct link_cell *cells, size_t count, int32_t today);
void link_token_clear(struct link_tokens *tokens);
void link_token_free(struct link_tokens *tokens);

/* yyyymmdd, yyyymm or yyyy as digits into out, "" for what is no date. */
void link_token_date(char out[12], const char *text, bool month_first);

#endif
