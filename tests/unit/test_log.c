/* The log: what is written, at which level, and that what repeats is told so often and no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/log.h"

static char path[] = "/tmp/doorward-log-XXXXXX";

static size_t lines_with(const char *words)
{
    FILE *file = fopen(path, "r");
    char line[4096];
    size_t count = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        struct json json = {0};
        assert_int_equal(json_read(&json, line, strlen(line), NULL), DW_OK);
        assert_true(json_member(&json, 0, "at") != 0 && json_member(&json, 0, "level") != 0);
        json_free(&json);
        count += strstr(line, words) != NULL;
    }
    fclose(file);
    return count;
}

static void test_what_repeats_is_counted(void **state)
{
    struct log *log;
    (void)state;
    assert_int_equal(log_open(&log, path, LOG_INFO, NULL), DW_OK);
    for (int i = 0; i < 500; i++) log_event(log, LOG_ERROR, "backup.failed", DW_E_FULL, "file", "a \"b\"", NULL);
    log_event(log, LOG_ERROR, "backup.failed", DW_E_IO, "file", "x", NULL);
    log_event(log, LOG_INFO, "start", DW_OK, "empty", "", "none", NULL, NULL);
    assert_int_equal(lines_with("\"FULL\""), LOG_REPEATS);
    assert_int_equal(lines_with("\"IO\""), 1);
    assert_int_equal(lines_with("\"start\"}"), 1);
    assert_int_equal(log_lines(log, LOG_ERROR), LOG_REPEATS + 1);
    /* More kinds of events than are remembered: each is told. */
    char names[80][16];
    for (int i = 0; i < 80; i++) {
        snprintf(names[i], sizeof names[i], "kind%d", i);
        log_event(log, LOG_WARN, names[i], DW_OK, NULL);
    }
    assert_int_equal(lines_with("\"kind"), 80);
    log_close(log);
}

static void test_levels_and_opening_again(void **state)
{
    struct log *log;
    struct err_detail detail = {0};
    char moved[64];
    (void)state;
    unlink(path);
    assert_int_equal(log_open(&log, path, LOG_WARN, NULL), DW_OK);
    log_event(log, LOG_INFO, "quiet", DW_OK, NULL);
    log_event(log, LOG_WARN, "loud", DW_OK, NULL);
    assert_true(lines_with("quiet") == 0 && lines_with("loud") == 1 && !log_wants(log, LOG_INFO));
    snprintf(moved, sizeof moved, "%s.1", path);
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(log_reopen(log, "/nowhere/at/all", LOG_INFO, &detail), DW_E_IO);
    log_event(log, LOG_WARN, "still", DW_OK, NULL);
    assert_int_equal(log_reopen(log, path, LOG_INFO, &detail), DW_OK);
    log_event(log, LOG_INFO, "fresh", DW_OK, NULL);
    assert_true(lines_with("fresh") == 1 && lines_with("still") == 0);
    log_close(log);
    log_close(NULL);
    log_event(NULL, LOG_ERROR, "nobody", DW_OK, NULL);
    unlink(moved);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_repeats_is_counted),
                                       cmocka_unit_test(test_levels_and_opening_again)};
    int fd = mkstemp(path);
    if (fd < 0) return 1;
    close(fd);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
