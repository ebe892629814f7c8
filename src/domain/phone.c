#include "domain/phone.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static bool phone_mobile(const char *digits, size_t len)
{
    return len == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

enum { PHONE_GROUPS = 24, PHONE_DIGITS = 15 };

/* The digits of one number: country code off, true when it is a mobile. */
static bool phone_take(char out[PHONE_SIZE], const char *digits, size_t len)
{
    if (len == 15 && strncmp(digits, "0086", 4) == 0) digits += 4, len -= 4;
    if (len == 13 && strncmp(digits, "86", 2) == 0) digits += 2, len -= 2;
    if (!phone_mobile(digits, len)) return false;
    memcpy(out, digits, len);
    out[len] = 0;
    return true;
}

static bool phone_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Runs of digits; joined: nothing but spaces, dashes and the like stands between a run and the one before it. */
struct phone_group {
    const char *at;
    size_t len;
    bool joined;
};

static size_t phone_groups(struct phone_group groups[PHONE_GROUPS], const char *text)
{
    size_t count = 0;
    bool joined = false;
    for (const char *at = text; *at != 0 && count < PHONE_GROUPS;) {
        if (phone_digit(*at)) {
            groups[count] = (struct phone_group){at, strspn(at, "0123456789"), joined};
            at += groups[count++].len;
            joined = true;
        } else {
            joined = joined && strchr(" -.()+", *at) != NULL;
            at++;
        }
    }
    return count;
}

/* The first mobile that whole runs make. */
static bool phone_find(char out[PHONE_SIZE], const char *text)
{
    struct phone_group groups[PHONE_GROUPS];
    size_t count = phone_groups(groups, text);
    for (size_t i = 0; i < count; i++) {
        char digits[PHONE_DIGITS];
        size_t n = 0;
        for (size_t j = i; j < count && (j == i || groups[j].joined) && n + groups[j].len <= sizeof digits; j++) {
            memcpy(digits + n, groups[j].at, groups[j].len);
            n += groups[j].len;
            if (phone_take(out, digits, n)) return true;
        }
    }
    return false;
}

/* O and l between digits, as people type 0 and 1. */
static void phone_mend(char *text)
{
    for (char *at = text; *at != 0; at++) {
        bool beside = (at > text && phone_digit(at[-1])) || phone_digit(at[1]);
        if (beside && strchr("Oo", *at) != NULL) *at = '0';
        if (beside && strchr("lI", *at) != NULL) *at = '1';
    }
}

bool phone_read(char out[PHONE_SIZE], const char *text)
{
    struct arena_buf folded = {0};
    out[0] = 0;
    if (text == NULL || !text_fold(&folded, text, strlen(text)) || folded.len == 0) {
        arena_buf_free(&folded);
        return false;
    }
    bool found = phone_find(out, folded.data);
    if (!found) {
        snprintf(out, PHONE_SIZE, "%.*s", (int)text_cut(folded.data, folded.len, PHONE_SIZE - 1), folded.data);
        phone_mend(folded.data);
        found = phone_find(out, folded.data);
    }
    arena_buf_free(&folded);
    return found;
}

void phone_mask(char out[PHONE_SIZE], const char *phone)
{
    size_t len = strlen(phone);
    snprintf(out, PHONE_SIZE, "%s", phone);
    if (len >= PHONE_SIZE) len = PHONE_SIZE - 1;
    for (size_t i = len > 7 ? 3 : 0; i + 4 < len; i++) out[i] = '*';
}
