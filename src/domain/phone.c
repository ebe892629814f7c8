#include "domain/phone.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static bool phone_mobile(const char *digits, size_t len)
{
    return len == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

/* Digits of one number: country code off, true when it is a mobile. */
static bool phone_take(char out[PHONE_SIZE], const char *digits, size_t len)
{
    if (len == 15 && strncmp(digits, "0086", 4) == 0) digits += 4, len -= 4;
    if (len == 13 && strncmp(digits, "86", 2) == 0) digits += 2, len -= 2;
    if (!phone_mobile(digits, len)) return false;
    memcpy(out, digits, len);
    out[len] = 0;
    return true;
}

bool phone_read(char out[PHONE_SIZE], const char *text)
{
    struct arena_buf folded = {0};
    char digits[PHONE_SIZE];
    size_t n = 0;
    bool found = false;
    out[0] = 0;
    if (text == NULL || !text_fold(&folded, text, strlen(text)) || folded.len == 0) {
        arena_buf_free(&folded);
        return false;
    }
    for (size_t i = 0; i <= folded.len && !found; i++) {
        char c = folded.data[i];
        if (c >= '0' && c <= '9') {
            if (n < sizeof digits - 1) digits[n++] = c;
        } else if (c != '-' && c != ' ' && c != '+' && c != '(' && c != ')') {
            found = phone_take(out, digits, n);
            n = 0;
        } else if (c == ' ' && phone_take(out, digits, n)) {
            found = true; /* two numbers with a space between them */
        }
    }
    if (!found) snprintf(out, PHONE_SIZE, "%.*s", (int)text_cut(folded.data, folded.len, PHONE_SIZE - 1), folded.data);
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
