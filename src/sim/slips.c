#include "sim/slips.h"

#include <stdio.h>
#include <string.h>

static void slips_digit(char *doc, struct rng *rng, size_t len)
{
    size_t at = len >= 10 ? 2 + rng_below(rng, len - 2) : rng_below(rng, len);
    if (doc[at] >= '0' && doc[at] <= '9')
        doc[at] = (char)('0' + (doc[at] - '0' + 1 + (int)rng_below(rng, 9)) % 10);
    else
        doc[at] = (char)('0' + rng_below(rng, 10));
}

static enum slips_kind slips_swap(char *doc, struct rng *rng, size_t len)
{
    size_t start = rng_below(rng, len - 1);
    for (size_t i = 0; i + 1 < len; i++) {
        size_t at = (start + i) % (len - 1);
        if (at < 6 || doc[at] == doc[at + 1]) continue;
        char t = doc[at];
        doc[at] = doc[at + 1];
        doc[at + 1] = t;
        return SLIPS_SWAP;
    }
    slips_digit(doc, rng, len);
    return SLIPS_DIGIT;
}

static enum slips_kind slips_letter(char *doc, struct rng *rng, size_t len, char from, char to, enum slips_kind kind)
{
    char *last = NULL;
    for (size_t i = 0; i < len; i++)
        if (doc[i] == from && (last == NULL || rng_below(rng, 3) == 0)) last = doc + i;
    if (last == NULL) {
        slips_digit(doc, rng, len);
        return SLIPS_DIGIT;
    }
    *last = to;
    return kind;
}

static void slips_wide(char out[SLIPS_DOC], const char *doc)
{
    size_t n = 0;
    for (; *doc != 0 && n + 4 < SLIPS_DOC; doc++) { /* U+FF01 stands 0xFEE0 above U+0021 */
        unsigned c = (unsigned)(unsigned char)*doc + 0xFEE0;
        out[n++] = (char)(0xE0 | c >> 12);
        out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        out[n++] = (char)(0x80 | (c & 0x3F));
    }
    out[n] = 0;
}

enum slips_kind slips_doc(char out[SLIPS_DOC], struct rng *rng, const char *doc)
{
    size_t len = strlen(doc);
    snprintf(out, SLIPS_DOC, "%s", doc);
    if (len < 2) return SLIPS_NONE;
    uint64_t u = rng_below(rng, 100);
    if (len == 18 && doc[17] == 'X' && u < 60) {
        out[17] = 'x';
        return SLIPS_LOWER_X;
    }
    if (len != 18 || u < 30) {
        slips_digit(out, rng, len);
        return SLIPS_DIGIT;
    }
    if (u < 48) return slips_swap(out, rng, len);
    if (u < 58) return slips_letter(out, rng, len, '0', 'O', SLIPS_LETTER_O);
    if (u < 68) return slips_letter(out, rng, len, '1', 'l', SLIPS_LETTER_L);
    if (u < 82) {
        slips_wide(out, doc);
        return SLIPS_FULL_WIDTH;
    }
    if (u < 97 || doc[6] == '0') {
        memcpy(out + 15, "000", 4);
        return SLIPS_ROUNDED;
    }
    snprintf(out, SLIPS_DOC, "%c.%.5sE+17", doc[0], doc + 1);
    return SLIPS_SCIENCE;
}

enum slips_kind slips_name(char out[NAMES_SIZE], struct rng *rng, const char *name, char nickname)
{
    uint64_t u = rng_below(rng, 100);
    if (u < 40 && names_variant(out, name)) return SLIPS_VARIANT;
    if (u < 75 && names_homophone(out, name, rng)) return SLIPS_SOUND;
    if (u >= 75 && nickname != 0) {
        names_nickname(out, name, nickname);
        return SLIPS_NICKNAME;
    }
    snprintf(out, NAMES_SIZE, "%s", name);
    return SLIPS_NONE;
}
