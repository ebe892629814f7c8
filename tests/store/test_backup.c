/* A backup is proved by what comes back from its disk. Whatever goes wrong between copying and reading back is found, and then no
 * backup is left; the progress of the work is the hook by which these tests do the damage. */
#include "lab.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "desk/backup.h"
#include "desk/book.h"
#include "desk/desk.h"

enum { DOORS = 400 };

static const struct when noon = {1649390400000, 480};
static const uint8_t key_file[VAULT_KEY_FILE_MIN] = "thirty-two bytes of no secret...";

struct hall {
    struct lab lab;
    struct desk *desk;
    char file[400];                  /* of the backup */
    const char *step;                /* at the first tick of this step … */
    void (*harm)(struct hall *hall); /* … this is done, once */
    bool harmed, cancel;
};

static struct vault_secret secret(void)
{
    return (struct vault_secret){.file = key_file, .file_len = sizeof key_file};
}

static void good(dw_err err, const struct err_detail *detail)
{
    if (err != DW_OK) print_error("%s: %s\n", err_name(err), detail->text);
    assert_int_equal(err, DW_OK);
}

static int hall_setup(void **state)
{
    struct hall *hall = calloc(1, sizeof *hall);
    struct err_detail detail = {0};
    struct book book = {0};
    struct desk_new spec = {.name = "洋埭", .code = "350599101201", .synthetic = true, .at = noon};
    assert_true(keys_start());
    lab_open(&hall->lab);
    snprintf(hall->file, sizeof hall->file, "%s/d.dwb", hall->lab.folder);
    good(desk_create(&hall->desk, hall->lab.path, &spec, &detail), &detail);
    good(book_open(&book, hall->desk, DESK_CLI_DEVICE, &detail), &detail);
    for (int i = 0; i < DOORS; i++) {
        struct id door = id_make(noon.ms, NULL);
        entry_begin(&book.writer, KINDS_DOOR_SET, door, noon, NULL);
        entry_put_int(&book.writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
        entry_put_text(&book.writer, KINDS_DOOR_SET_ROOM, "301");
        good(book_end(&book), &detail);
        entry_begin(&book.writer, KINDS_PERSON_SET, id_make(noon.ms, NULL), noon, NULL);
        entry_put_text(&book.writer, KINDS_PERSON_SET_NAME, "林志强");
        entry_put_id(&book.writer, KINDS_PERSON_SET_DOOR, door);
        good(book_end(&book), &detail);
    }
    good(book_commit(hall->desk, &book, 1, noon, NULL, &detail), &detail);
    book_free(&book);
    *state = hall;
    return 0;
}

static int hall_teardown(void **state)
{
    struct hall *hall = *state;
    desk_close(hall->desk);
    lab_close(&hall->lab);
    free(hall);
    return 0;
}

static bool hall_tick(void *ctx, const char *step, uint64_t done, uint64_t all)
{
    struct hall *hall = ctx;
    (void)done;
    (void)all;
    if (hall->step == NULL || strcmp(step, hall->step) != 0 || hall->harmed) return true;
    hall->harmed = true;
    if (hall->harm != NULL) hall->harm(hall);
    return !hall->cancel;
}

static dw_err hall_backup(struct hall *hall, struct backup_made *made, struct err_detail *detail)
{
    struct vault_secret with = secret();
    struct clock_progress progress = {hall_tick, hall};
    return backup_data(made, hall->desk, hall->lab.path, hall->file, &with, noon, &progress, detail);
}

/* Nothing but the store and its key files, and the backup if one was made. */
static void hall_tidy(struct hall *hall, bool made)
{
    DIR *folder = opendir(hall->lab.folder);
    struct dirent *entry;
    bool found = false;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, "d.dwb") == 0)
            found = true;
        else if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && strncmp(entry->d_name, "x.db", 4) != 0)
            fail_msg("left behind: %s", entry->d_name);
    }
    closedir(folder);
    assert_int_equal(found, made);
}

/* The path of the file called name in the folder beginning with start. */
static void hall_inside(char out[700], struct hall *hall, const char *start, const char *name)
{
    DIR *folder = opendir(hall->lab.folder);
    struct dirent *entry;
    out[0] = 0;
    while ((entry = readdir(folder)) != NULL)
        if (strncmp(entry->d_name, start, strlen(start)) == 0)
            snprintf(out, 700, "%s/%s/%s", hall->lab.folder, entry->d_name, name);
    closedir(folder);
    assert_true(out[0] != 0);
}

static void hall_flip(const char *path, off_t at)
{
    char byte = 0;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0 && pread(fd, &byte, 1, at) == 1);
    byte ^= 1;
    assert_true(pwrite(fd, &byte, 1, at) == 1 && close(fd) == 0);
}

static void harm_sealed(struct hall *hall)
{
    char path[700];
    hall_inside(path, hall, ".part-", "d.dwb");
    hall_flip(path, 5000);
}

static void harm_short(struct hall *hall)
{
    char path[700];
    struct stat found;
    hall_inside(path, hall, ".part-", "d.dwb");
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(truncate(path, found.st_size - 100), 0);
}

/* As good as a disk that is full, for whatever is written from now on. */
static void hall_room(rlim_t room)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = room == RLIM_INFINITY ? limit.rlim_max : room;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void harm_full(struct hall *hall)
{
    (void)hall;
    hall_room(10000);
}

static void harm_copy(struct hall *hall)
{
    char path[700];
    hall_inside(path, hall, ".doorward-", "site.db");
    hall_flip(path, 9000);
}

static void harm_rows(struct hall *hall)
{
    static const struct store_sql drop = {"DELETE FROM door WHERE door_no = 7"};
    char path[700];
    struct store *store;
    struct err_detail detail = {0};
    hall_inside(path, hall, ".doorward-", "site.db");
    good(store_open(&store, path, STORE_USE, &detail), &detail);
    good(store_run(store, &drop, NULL, 0, 1, &detail), &detail);
    store_close(store);
}

static void test_a_backup_gives_back_its_moment(void **state)
{
    struct hall *hall = *state;
    struct backup_made made;
    struct backup_restored restored;
    struct err_detail detail = {0};
    struct vault_secret with = secret();
    struct stat found;
    int64_t entries = hall->desk->site->seq;
    good(hall_backup(hall, &made, &detail), &detail);
    assert_int_equal(made.entries, entries);
    assert_int_equal(stat(hall->file, &found), 0);
    assert_int_equal(found.st_size, made.bytes);
    assert_true(made.bytes < made.store_bytes); /* packed */
    hall_tidy(hall, true);
    good(backup_drill(&restored, hall->file, hall->lab.path, &with, noon, NULL, &detail), &detail);
    assert_int_equal(restored.report.entries, entries);
    hall_tidy(hall, true);
}

static void test_what_does_not_come_back_is_found(void **state)
{
    static const struct {
        const char *step;
        void (*harm)(struct hall *hall);
        dw_err want;
        const char *told;
    } harms[] = {{"restore.open", harm_sealed, DW_E_DAMAGED, "altered"},
                 {"backup.seal", harm_full, DW_E_FULL, ""},
                 {"restore.open", harm_short, DW_E_DAMAGED, "ends too soon"},
                 {"restore.open", harm_copy, DW_E_DAMAGED, "does not give back"},
                 {"backup.seal", harm_rows, DW_E_DIFFERS, "does not hold"}};
    struct hall *hall = *state;
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        struct backup_made made;
        struct err_detail detail = {0};
        hall->step = harms[i].step;
        hall->harm = harms[i].harm;
        hall->harmed = false;
        assert_int_equal(hall_backup(hall, &made, &detail), harms[i].want);
        hall_room(RLIM_INFINITY);
        assert_true(hall->harmed);
        if (strstr(detail.text, harms[i].told) == NULL) fail_msg("%zu: %s", i, detail.text);
        hall_tidy(hall, false);
    }
}

static void test_a_backup_that_is_stopped_leaves_nothing(void **state)
{
    static const char *const steps[] = {"backup.copy", "backup.seal", "restore.open"};
    struct hall *hall = *state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct backup_made made;
        struct err_detail detail = {0};
        hall->step = steps[i];
        hall->harmed = false;
        hall->cancel = true;
        assert_int_equal(hall_backup(hall, &made, &detail), DW_E_CANCELLED);
        hall_tidy(hall, false);
    }
}

/* What is damaged is backed up as it stands, for it may be all there is; the drill says what it is worth. */
static void test_a_damaged_store_has_a_backup_too(void **state)
{
    static const struct store_sql spoil = {"UPDATE door SET room = '999' WHERE door_no = 7"};
    struct hall *hall = *state;
    struct backup_made made;
    struct backup_restored restored;
    struct err_detail detail = {0};
    struct vault_secret with = secret();
    good(store_run(hall->desk->store, &spoil, NULL, 0, 1, &detail), &detail);
    good(hall_backup(hall, &made, &detail), &detail);
    assert_int_equal(backup_drill(&restored, hall->file, hall->lab.path, &with, noon, NULL, &detail), DW_E_DIFFERS);
    assert_non_null(strstr(detail.text, "table door, row 8"));
    hall_tidy(hall, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_backup_gives_back_its_moment, hall_setup, hall_teardown),
        cmocka_unit_test_setup_teardown(test_what_does_not_come_back_is_found, hall_setup, hall_teardown),
        cmocka_unit_test_setup_teardown(test_a_backup_that_is_stopped_leaves_nothing, hall_setup, hall_teardown),
        cmocka_unit_test_setup_teardown(test_a_damaged_store_has_a_backup_too, hall_setup, hall_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
