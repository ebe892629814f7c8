#include "domain/areacode.h"

/* Sorted by code; a code that was given twice has two rows. */
static const struct areacode_place {
    int code;
    short from, to; /* years; to 0: still in use */
    const char *name;
} areacode_places[] = {
#include "areacodes_gen.inc"
};

enum { AREACODE_COUNT = sizeof areacode_places / sizeof *areacode_places };

/* -1 if it is no number of six digits. */
static int areacode_number(const char *digits6)
{
    int code = 0;
    for (int i = 0; i < 6; i++) {
        if (digits6[i] < '0' || digits6[i] > '9') return -1;
        code = code * 10 + (digits6[i] - '0');
    }
    return code;
}

/* The first row whose code is not below. */
static int areacode_from(int code)
{
    int low = 0, high = AREACODE_COUNT;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (areacode_places[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool areacode_known(int code)
{
    int at = areacode_from(code);
    return at < AREACODE_COUNT && areacode_places[at].code == code;
}

static bool areacode_used(int code, int birth_year)
{
    for (int at = areacode_from(code); at < AREACODE_COUNT && areacode_places[at].code == code; at++)
        if (areacode_places[at].to == 0 || areacode_places[at].to >= birth_year) return true;
    return false;
}

/* Whether the table holds anything inside a province (size 10000) or a prefecture (size 100). */
static bool areacode_inside(int code, int size)
{
    int at = areacode_from(code / size * size + 1);
    return at < AREACODE_COUNT && areacode_places[at].code / size == code / size;
}

bool areacode_valid(const char *digits6, int birth_year)
{
    int code = areacode_number(digits6), prefecture = code / 100 * 100, province = code / 10000 * 10000;
    if (code < 0) return false;
    if (areacode_known(code) && code != province) return areacode_used(code, birth_year);
    if (code == province) return !areacode_inside(code, 10000) && areacode_used(code, birth_year);
    bool districts = code == prefecture + 1; /* 市辖区: the districts of a city as one */
    return (districts || !areacode_inside(code, 100)) && prefecture != province && areacode_used(prefecture, birth_year);
}

const char *areacode_name(const char *digits6)
{
    int code = areacode_number(digits6);
    for (int size = 1; code >= 0 && size <= 10000; size *= 100)
        if (areacode_known(code / size * size)) return areacode_places[areacode_from(code / size * size)].name;
    return NULL;
}
