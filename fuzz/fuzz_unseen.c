#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "unseen/unseen.h"

/* Any counts and rates have an answer: numbers in order, or said that they cannot be told. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD = 6, AREAS = 3, STRATA = 2, CELLS = 64 };
    static uint32_t counts[AREAS * STRATA * CELLS];
    static double doors[AREAS];
    if (size < HEAD) return 0;
    struct unseen_ask ask = {.lists = data[0] % 7,
                             .strata = data[1] % 3,
                             .areas = data[2] % (AREAS + 1),
                             .counts = counts,
                             .doors = data[2] & 128 ? doors : NULL,
                             .apart = data[3] & 1,
                             .bic = data[3] & 2,
                             .together = data[3] & 4 ? 1 + data[3] / 32.0 : 0,
                             .missed = data[4] / 280.0,
                             .wrong = data[5] / 280.0};
    memset(counts, 0, sizeof counts);
    /* One byte tells how large the next count is. */
    for (size_t i = HEAD, to = 0; i + 1 < size && to < sizeof counts / sizeof *counts; i += 2, to++)
        counts[to] = (uint32_t)data[i + 1] << (data[i] % 25);
    for (int a = 0; a < AREAS; a++) doors[a] = data[(size_t)a % size];
    struct unseen_answer answer = {.models_count = 0};
    struct err_detail detail = {.row = 0};
    dw_err err = unseen_make(&answer, &ask, NULL, &detail);
    FUZZ_MUST(err == DW_OK || err == DW_E_INVALID);
    for (uint32_t a = 0; err == DW_OK && a < ask.areas; a++) {
        const struct unseen_area *area = &answer.areas[a];
        FUZZ_MUST(isfinite(area->low) && area->low >= 0 && area->rank >= 1 && area->rank <= ask.areas);
        if (area->how == UNSEEN_NOTHING || area->how == UNSEEN_BOUND) {
            FUZZ_MUST(isnan(area->unseen) && isnan(area->high));
            continue;
        }
        FUZZ_MUST(isfinite(area->unseen) && isfinite(area->high) && area->low <= area->unseen && area->unseen <= area->high);
    }
    unseen_free(&answer);
    return 0;
}
