/* The suite of cases.h over SQLite: in a file, and in memory. */
#include "cases.h"

int main(void)
{
    if (!keys_start()) return 1;
    cases_maker = (struct cases_maker){"a file", STORE_CREATE, store_open};
    const struct CMUnitTest lasting[] = {CASES_ALL, CASES_LASTING};
    int failed = cmocka_run_group_tests_name("sqlite file", lasting, NULL, NULL);
    cases_maker = (struct cases_maker){"memory", STORE_SCRATCH, store_open};
    const struct CMUnitTest all[] = {CASES_ALL};
    return failed + cmocka_run_group_tests_name("sqlite memory", all, NULL, NULL);
}
