/* The suite of cases.h over SQLite, in a file and in memory, and over the store that could fail but is not armed. */
#include "cases.h"

#include "wrapped.h"

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest lasting[] = {CASES_ALL, CASES_LASTING};
    const struct CMUnitTest all[] = {CASES_ALL};
    cases_maker = (struct cases_maker){"a file", STORE_CREATE, store_open};
    int failed = cmocka_run_group_tests_name("sqlite file", lasting, NULL, NULL);
    cases_maker = (struct cases_maker){"memory", STORE_SCRATCH, store_open};
    failed += cmocka_run_group_tests_name("sqlite memory", all, NULL, NULL);
    cases_maker = (struct cases_maker){"a file, wrapped", STORE_CREATE, wrapped_open};
    failed += cmocka_run_group_tests_name("faulty file", lasting, NULL, NULL);
    cases_maker = (struct cases_maker){"memory, wrapped", STORE_SCRATCH, wrapped_open};
    return failed + cmocka_run_group_tests_name("faulty memory", all, NULL, NULL);
}
