#include <string.h>

#include "domain/shape.h"
#include "fuzz.h"

/* What is taken lies on the earth, and is taken again as it was written. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shape one = {.points = 0}, two = {.points = 0};
    struct err_detail detail = {0};
    dw_err err = shape_read(&one, (const char *)data, size, "geometry", &detail);
    FUZZ_MUST(err != DW_E_INVALID || strcmp(detail.column, "geometry") == 0);
    if (err == DW_OK) {
        FUZZ_MUST(one.points > 0 && one.points <= SHAPE_POINTS && one.text.len <= SHAPE_TEXT);
        FUZZ_MUST(one.lon >= -1800000000 && one.lon <= 1800000000 && one.lat >= -900000000 && one.lat <= 900000000);
        FUZZ_MUST(shape_read(&two, one.text.data, one.text.len, "geometry", &detail) == DW_OK);
        FUZZ_MUST(strcmp(one.text.data, two.text.data) == 0 && one.lon == two.lon && one.lat == two.lat);
    }
    shape_free(&one);
    shape_free(&two);
    return 0;
}
