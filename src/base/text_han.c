#include "base/text_han.h"

#include <stdbool.h>
#include <stddef.h>

struct text_han_char {
    int32_t point, simple;
    uint16_t reading;
};

#include "han_gen.inc"

static const struct text_han_char *text_han_find(int32_t point)
{
    size_t low = 0, high = sizeof text_han_chars / sizeof *text_han_chars;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_han_chars[middle].point < point)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sizeof text_han_chars / sizeof *text_han_chars && text_han_chars[low].point == point;
    return found ? &text_han_chars[low] : NULL;
}

int32_t text_han_simple(int32_t point)
{
    const struct text_han_char *c = text_han_find(point);
    return c == NULL ? point : c->simple;
}

const char *text_han_pinyin(int32_t point)
{
    const struct text_han_char *c = text_han_find(point);
    return c == NULL ? "" : text_han_readings[c->reading];
}
