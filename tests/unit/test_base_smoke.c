#include <cmocka.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/json.h"

static void reads(void **state)
{
    (void)state;
    struct json json = {0};
    assert_int_equal(json_read(&json, "{\"a\":1}", 7, NULL), DW_OK);
    json_free(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
