/* What is particular to the SQLite driver: files, damage, full disks, the log. */
#include "table.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const struct store_sql number_up = {"PRAGMA user_version = 9999"};
static const struct store_sql mark_off = {"PRAGMA application_id = 1"};

static void files_are_private(void **state)
{
    struct cases *cases = *state;
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[400];
        struct stat found;
        assert_int_equal(stat(lab_beside(path, &cases->lab, endings[i]), &found), 0);
        assert_int_equal(found.st_mode & 0777, 0600);
    }
    store_close(cases->store);
    cases->store = NULL;
    char log[400];
    assert_int_equal(access(lab_beside(log, &cases->lab, "-wal"), F_OK), -1); /* all of it is in the one file */
}

static void newer_and_foreign_are_refused(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    size_t len, after;
    cases_ok(store_run(cases->store, &number_up, NULL, 0, 1, &detail), &detail);
    store_close(cases->store);
    unsigned char *before = lab_read(cases->lab.path, &len);
    assert_int_equal(store_open(&cases->store, cases->lab.path, STORE_USE, &detail), DW_E_SCHEMA);
    assert_null(cases->store);
    assert_non_null(strstr(detail.text, "9999"));
    unsigned char *now = lab_read(cases->lab.path, &after);
    assert_int_equal(len, after); /* refused means untouched */
    assert_memory_equal(before, now, len);
    free(before);
    free(now);
    char path[400];
    struct store *store;
    cases_ok(store_open(&store, lab_beside(path, &cases->lab, "2"), STORE_CREATE, &detail), &detail);
    cases_ok(store_run(store, &mark_off, NULL, 0, 1, &detail), &detail);
    store_close(store);
    assert_int_equal(store_open(&store, path, STORE_USE, &detail), DW_E_NOT_STORE);
    lab_write(path, "", 0);
    assert_int_equal(store_open(&store, path, STORE_USE, &detail), DW_E_NOT_STORE);
    assert_int_equal(store_open(&store, cases->lab.folder, STORE_USE, &detail), DW_E_NOT_STORE);
    char text[4096];
    memset(text, 'x', sizeof text);
    lab_write(path, text, sizeof text);
    assert_int_equal(store_open(&store, path, STORE_USE, &detail), DW_E_DAMAGED);
}

static void a_left_log_is_not_mixed_in(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct store *store;
    char path[400], log[400];
    lab_beside(path, &cases->lab, "2");
    lab_beside(log, &cases->lab, "2-wal");
    lab_write(log, "old", 3);
    assert_int_equal(store_open(&store, path, STORE_CREATE, &detail), DW_E_EXISTS);
    assert_non_null(strstr(detail.file, "-wal"));
    assert_int_equal(access(path, F_OK), -1);
}

/* 0 made it, 1 found it made. */
static int create_one(void *path)
{
    struct store *store;
    dw_err code = store_open(&store, path, STORE_CREATE, NULL);
    if (code == DW_OK) store_close(store);
    return code == DW_OK ? 0 : code == DW_E_EXISTS ? 1 : 2;
}

static void one_of_many_creates(void **state)
{
    enum { MANY = 6, ROUNDS = 6 };
    struct cases *cases = *state;
    for (int round = 0; round < ROUNDS; round++) {
        char path[400];
        pid_t pids[MANY];
        int made = 0, status;
        snprintf(path, sizeof path, "%s-%d", cases->lab.path, round);
        for (int i = 0; i < MANY; i++) pids[i] = lab_fork(create_one, path);
        for (int i = 0; i < MANY; i++) {
            assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
            made += WEXITSTATUS(status) == 0;
        }
        assert_int_equal(made, 1);
    }
}

static int files_in(const char *folder)
{
    int count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *at = readdir(dir); at != NULL; at = readdir(dir)) count += at->d_name[0] != '.' || at->d_name[1] > '.';
    closedir(dir);
    return count;
}

static void odd_names_are_only_names(void **state)
{
    static const char *const names[] = {":memory:", "file:x.db?mode=memory", "-a b%20c#d?e=f.db", "战区 1.db", "x;'\".db"};
    struct cases *cases = *state;
    struct err_detail detail = {0};
    store_close(cases->store);
    cases->store = NULL;
    int back = open(".", O_RDONLY | O_DIRECTORY);
    assert_int_equal(chdir(cases->lab.folder), 0);
    int before = files_in(".");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct store *store;
        cases_ok(store_open(&store, names[i], STORE_CREATE, &detail), &detail);
        cases_ok(store_run(store, &cases_table, NULL, 0, 1, &detail), &detail);
        cases_ok(cases_put_n(store, 1, 1, &detail), &detail);
        store_close(store);
        assert_int_equal(access(names[i], F_OK), 0);
        cases_ok(store_open(&store, names[i], STORE_USE, &detail), &detail);
        assert_int_equal(cases_rows(store), 1);
        store_close(store);
    }
    assert_int_equal(files_in("."), before + 5); /* and nothing else is left */
    assert_int_equal(fchdir(back), 0);
    close(back);
    assert_int_equal(store_open(&cases->store, "postgresql://somewhere/x", STORE_USE, &detail), DW_E_INVALID);
    assert_int_equal(store_open(&cases->store, "/no/such/folder/x.db", STORE_CREATE, &detail), DW_E_NOT_FOUND);
}

static dw_err any_row(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    (void)detail;
    size_t *sum = ctx;
    for (size_t i = 0; i < count; i++) {
        if (values[i].type != STORE_TEXT && values[i].type != STORE_BYTES) continue;
        for (size_t at = 0; at < values[i].len; at++) *sum += ((const unsigned char *)values[i].data)[at];
    }
    return DW_OK;
}

/* Opens a store that may be damaged, reads all of it and writes to it; the first error. In a child, so that a crash is seen. */
static dw_err try_all(const char *path)
{
    static const struct store_sql all = {"SELECT site_id, seq, n, r, t, b FROM case_row"};
    static const struct store_sql sorted = {"SELECT site_id, seq FROM case_row ORDER BY site_id, seq"};
    struct err_detail detail = {0};
    struct store *store;
    size_t sum = 0;
    dw_err code = store_open(&store, path, STORE_USE, &detail);
    if (code != DW_OK) return code;
    store_patience(store, 0);
    code = store_ask(store, &all, NULL, 0, any_row, &sum, &detail);
    if (code == DW_OK) code = store_ask(store, &sorted, NULL, 0, any_row, &sum, &detail);
    if (code == DW_OK) code = cases_put_n(store, 1 << 30, 1, &detail);
    store_close(store);
    return code;
}

static int try_all_in_child(void *path)
{
    return (int)try_all(path);
}

static dw_err code_of_damaged(const struct lab *lab, const unsigned char *data, size_t len)
{
    char log[400];
    lab_write(lab->path, data, len);
    unlink(lab_beside(log, lab, "-wal"));
    unlink(lab_beside(log, lab, "-shm"));
    int status;
    pid_t pid = lab_fork(try_all_in_child, (void *)lab->path);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status)) fail_msg("a damaged store killed the process (signal %d)", WTERMSIG(status));
    return (dw_err)WEXITSTATUS(status);
}

static unsigned char *store_of_many_rows(struct cases *cases, size_t *len)
{
    struct err_detail detail = {0};
    unsigned char fill[300];
    memset(fill, 'f', sizeof fill);
    for (int i = 0; i < 2000; i++) {
        struct store_value row[] = {store_id(&cases_site), store_int(i * 7919 % 2000), store_int(i),
                                    store_null(),          store_text("一"),           store_bytes(fill, sizeof fill)};
        if (i == 0) cases_ok(store_begin(cases->store, &detail), &detail);
        cases_ok(store_run(cases->store, &cases_put, row, CASES_COLUMNS, 1, &detail), &detail);
    }
    cases_ok(store_commit(cases->store, &detail), &detail);
    store_close(cases->store);
    cases->store = NULL;
    return lab_read(cases->lab.path, len);
}

static void damage_is_refused(void **state)
{
    enum { PAGE = 4096, TRIALS = 60 };
    struct cases *cases = *state;
    size_t len;
    unsigned char *good = store_of_many_rows(cases, &len), *bad = malloc(len);
    assert_non_null(bad);
    assert_int_equal(code_of_damaged(&cases->lab, good, len), DW_OK);
    assert_int_equal(code_of_damaged(&cases->lab, good, len / 2 / PAGE * PAGE), DW_E_DAMAGED);
    assert_int_equal(code_of_damaged(&cases->lab, good, 1000), DW_E_DAMAGED);
    memcpy(bad, good, len);
    memset(bad, 0, 16);
    assert_int_equal(code_of_damaged(&cases->lab, bad, len), DW_E_DAMAGED);
    memcpy(bad, good, len);
    memset(bad + PAGE, 0xA5, len - PAGE);
    assert_int_equal(code_of_damaged(&cases->lab, bad, len), DW_E_DAMAGED);
    struct rng rng = rng_seed(lab_seed("damage"));
    int found = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        memcpy(bad, good, len);
        uint64_t kind = rng_below(&rng, 3), page = rng_below(&rng, len / PAGE);
        if (kind == 0) bad[rng_below(&rng, 4 * PAGE)] ^= (unsigned char)(1U << rng_below(&rng, 8));
        if (kind == 1) rng_bytes(&rng, bad + page * PAGE, 64);
        if (kind == 2) memmove(bad + page * PAGE, good + rng_below(&rng, len / PAGE) * PAGE, PAGE);
        dw_err code = code_of_damaged(&cases->lab, bad, len);
        /* the schema itself may have become another one, too; what never comes is a crash or a hang */
        bool told = code == DW_E_DAMAGED || code == DW_E_NOT_STORE || code == DW_E_SCHEMA || code == DW_E_STORE;
        if (code != DW_OK && !told) fail_msg("trial %d: %s", trial, err_name(code));
        found += told;
    }
    assert_true(found > 0);
    free(good);
    free(bad);
}

static dw_err fill_until_full(struct store *store, int64_t *rows, struct err_detail *detail)
{
    static unsigned char big[100000];
    dw_err code = DW_OK;
    for (int i = 0; i < 1000 && code == DW_OK; i++) {
        struct store_value row[] = {store_id(&cases_site), store_int(*rows), store_null(),
                                    store_null(),          store_null(),     store_bytes(big, sizeof big)};
        code = store_begin(store, detail);
        if (code == DW_OK) code = store_run(store, &cases_put, row, CASES_COLUMNS, 1, detail);
        if (code == DW_OK) code = store_commit(store, detail);
        store_rollback(store);
        *rows += code == DW_OK;
    }
    return code;
}

/* A file may grow to 3 MB only: what a full disk does, without filling one. */
static int full_disk(void *path)
{
    struct err_detail detail = {0};
    struct store *store;
    struct rlimit limit = {3 << 20, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    lab_must(store_open(&store, path, STORE_USE, &detail), &detail);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 10;
    int64_t rows = 0;
    dw_err filled = fill_until_full(store, &rows, &detail);
    if (filled != DW_E_FULL && filled != DW_E_IO) { /* SQLite keeps the errno of a full disk only */
        fprintf(stderr, "child: %s %s after %d rows\n", err_name(filled), detail.text, (int)rows);
        return 11;
    }
    if (rows < 5 || cases_rows(store) != rows) return 12; /* nothing committed is lost, nothing half is there */
    if (cases_put_n(store, 0, 8, &detail) == DW_E_STATE) return 13;
    struct store *other;
    char fresh[400];
    snprintf(fresh, sizeof fresh, "%s.small", (char *)path);
    limit.rlim_cur = 8192;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 14;
    dw_err made = store_open(&other, fresh, STORE_CREATE, &detail);
    if ((made != DW_E_FULL && made != DW_E_IO) || access(fresh, F_OK) == 0) return 15;
    limit.rlim_cur = RLIM_INFINITY;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 16;
    lab_must(cases_put_n(store, 1 << 20, 1, &detail), &detail); /* room again: goes on as if nothing had been */
    if (cases_rows(store) != rows + 1) return 17;
    store_close(store);
    lab_must(store_open(&store, path, STORE_USE, &detail), &detail);
    if (cases_rows(store) != rows + 1) return 18;
    store_close(store);
    return 0;
}

static void a_full_disk_loses_nothing(void **state)
{
    struct cases *cases = *state;
    store_close(cases->store);
    cases->store = NULL;
    lab_wait(lab_fork(full_disk, cases->lab.path));
    assert_int_equal(files_in(cases->lab.folder), 1);
}

/* A writer that never rests: the log is brought in and starts again, without anybody calling for it. */
static void the_log_stays_small(void **state)
{
    enum { ROW = 4 << 20, ROWS = 90 };
    struct cases *cases = *state;
    struct err_detail detail = {0};
    char log[400];
    struct stat found;
    off_t most = 0;
    unsigned char *big = calloc(1, ROW);
    assert_non_null(big);
    for (int i = 0; i < ROWS; i++) {
        memset(big, i, ROW);
        struct store_value row[] = {store_id(&cases_site), store_int(i), store_null(),
                                    store_null(),          store_null(), store_bytes(big, ROW)};
        cases_ok(store_run(cases->store, &cases_put, row, CASES_COLUMNS, 1, &detail), &detail);
        assert_int_equal(stat(lab_beside(log, &cases->lab, "-wal"), &found), 0);
        if (found.st_size > most) most = found.st_size;
    }
    printf("the log: at most %d MiB\n", (int)(most >> 20));
    assert_true(most < (off_t)180 << 20); /* 360 MB were written */
    assert_int_equal(cases_rows(cases->store), ROWS);
    free(big);
}

static dw_err count_told(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    (void)detail;
    assert_int_equal(count, 1);
    assert_true(values[0].type == STORE_TEXT && values[0].len > 0);
    ++*(int *)ctx;
    return DW_OK;
}

/* Whichever page is overwritten, also one of a table or an index in which nothing stands: it is told, or nothing opens any more.
 */
static void every_page_is_checked(void **state)
{
    enum { PAGE = 4096 };
    struct cases *cases = *state;
    struct err_detail detail = {0};
    size_t len;
    int told = 0;
    for (int i = 0; i < 300; i++) cases_ok(cases_put_n(cases->store, i, i, &detail), &detail);
    cases_ok(store_check(cases->store, count_told, &told, &detail), &detail);
    assert_int_equal(told, 0);
    store_close(cases->store);
    cases->store = NULL;
    unsigned char *whole = lab_read(cases->lab.path, &len);
    assert_true(len > 50 * PAGE);
    for (size_t at = PAGE; at < len; at += PAGE) {
        unsigned char kept[PAGE];
        memcpy(kept, whole + at, PAGE);
        memset(whole + at, 0, PAGE);
        lab_write(cases->lab.path, whole, len);
        memcpy(whole + at, kept, PAGE);
        told = 0;
        dw_err code = store_open(&cases->store, cases->lab.path, STORE_USE, &detail);
        if (code == DW_OK) code = store_check(cases->store, count_told, &told, &detail);
        assert_true(told > 0 || code == DW_E_DAMAGED);
        store_close(cases->store);
        cases->store = NULL;
    }
    free(whole);
}

int main(void)
{
    if (!keys_start()) return 1;
    cases_maker = (struct cases_maker){"a file", STORE_CREATE, store_open};
    const struct CMUnitTest tests[] = {
        CASES_ONE(files_are_private),         CASES_ONE(newer_and_foreign_are_refused), CASES_ONE(a_left_log_is_not_mixed_in),
        CASES_ONE(one_of_many_creates),       CASES_ONE(odd_names_are_only_names),      CASES_ONE(damage_is_refused),
        CASES_ONE(a_full_disk_loses_nothing), CASES_ONE(the_log_stays_small),           CASES_ONE(every_page_is_checked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
