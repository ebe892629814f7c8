/* What a confined process can no longer do, tried in a child of its own: in the thread that confined itself and, as calls of the
 * server are handled, in threads of a pool started after it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "base/confine.h"
#include "folder.h"
#include "http/work.h"

struct trial {
    struct folder inside, outside;
    bool handled;
};

/* errno of opening, 0 when it worked. */
static int try_open(const struct folder *folder, const char *name, int flags)
{
    char path[FOLDER_PATH];
    folder_file(path, folder, name);
    int file = open(path, flags, 0600), code = file < 0 ? errno : 0;
    if (file >= 0) close(file);
    return code;
}

static int try_move(const struct folder *from, const struct folder *to)
{
    char a[FOLDER_PATH], b[FOLDER_PATH];
    folder_file(a, from, "new");
    folder_file(b, to, "moved");
    return rename(a, b) == 0 ? 0 : errno;
}

struct handled {
    struct work_item item; /* first */
    const struct trial *trial;
    atomic_int inside, outside, done;
};

static void handle(struct work_item *item)
{
    struct handled *h = (struct handled *)item;
    atomic_store(&h->inside, try_open(&h->trial->inside, "there", O_RDWR));
    atomic_store(&h->outside, try_open(&h->trial->outside, "there", O_RDONLY));
    atomic_store(&h->done, 1);
}

static int files_child(void *ctx)
{
    const struct trial *trial = ctx;
    struct confine_rule rules[] = {{trial->inside.path, true}, {NULL, true}, {"/nowhere/at/all", true}};
    struct handled h = {.item = {.run = handle}, .trial = trial};
    struct err_detail detail = {0};
    struct work *work;
    bool done;
    setenv("TMPDIR", trial->inside.path, 1); /* both folders lie in /tmp */
    if (confine_files(&done, rules, 3, &detail) != DW_OK) return 2;
    if (!done) return 1;
    if (try_open(&trial->inside, "there", O_RDWR) != 0 || try_open(&trial->inside, "new", O_RDWR | O_CREAT) != 0) return 3;
    if (try_open(&trial->outside, "there", O_RDONLY) != EACCES || try_open(&trial->outside, "new", O_RDWR | O_CREAT) != EACCES)
        return 4;
    if (open("/etc/hostname", O_RDWR) >= 0 || open("/etc/passwd", O_RDONLY) < 0) return 5;
    if (try_move(&trial->inside, &trial->outside) != EACCES && errno != EXDEV) return 6;
    if (try_move(&trial->inside, &trial->inside) != 0) return 7;
    char *const words[] = {(char *)(uintptr_t) "true", NULL};
    execv("/bin/true", words);
    if (errno != EACCES) return 10;
    if (work_start(&work, 1, 8) != DW_OK || !work_add(work, &h.item)) return 8;
    work_stop(work);
    return atomic_load(&h.done) == 1 && atomic_load(&h.inside) == 0 && atomic_load(&h.outside) == EACCES ? 0 : 9;
}

static void test_files_elsewhere_cannot_be_opened(void **state)
{
    struct trial trial = {.handled = false};
    char path[FOLDER_PATH];
    (void)state;
    folder_make(&trial.inside);
    folder_make(&trial.outside);
    for (int k = 0; k < 2; k++) {
        folder_file(path, k == 0 ? &trial.inside : &trial.outside, "there");
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fclose(file);
    }
    int answer = folder_limited(1 << 20, files_child, &trial);
    if (answer == 1) printf("this kernel has no Landlock (2 or later): seccomp and the user alone confine the server here\n");
    assert_true(answer == 0 || answer == 1);
    folder_drop(&trial.inside);
    folder_drop(&trial.outside);
}

static int calls_child(void *ctx)
{
    bool done;
    struct err_detail detail = {0};
    (void)ctx;
    if (confine_calls(&done, &detail) != DW_OK) return 2;
    if (!done) return 1;
    if (unshare(0) == 0 || errno != EPERM) return 4; /* which nobody is refused otherwise */
    pid_t child = fork();                            /* lists and maps are read in a process apart */
    if (child == 0) _exit(0);
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return 5;
    return open("/dev/null", O_RDONLY) >= 0 ? 0 : 6;
}

static void test_calls_that_nobody_needs_are_refused(void **state)
{
    (void)state;
    int answer = folder_limited(1 << 20, calls_child, NULL);
    if (answer == 1) printf("this kernel or processor has no seccomp filter of ours\n");
    assert_true(answer == 0 || answer == 1);
}

static int user_child(void *ctx)
{
    struct err_detail detail = {0};
    (void)ctx;
    if (confine_user("no-such-user-here", &detail) != DW_E_NOT_FOUND) return 2;
    dw_err err = confine_user("nobody", &detail);
    if (geteuid() != 0 && err != DW_OK) return 0; /* not root: nothing to give up */
    if (err != DW_OK) return 3;
    return setuid(0) != 0 && geteuid() != 0 && getegid() != 0 && open("/etc/shadow", O_RDONLY) < 0 ? 0 : 4;
}

static void test_root_is_given_up(void **state)
{
    (void)state;
    assert_int_equal(folder_limited(1 << 20, user_child, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_elsewhere_cannot_be_opened),
        cmocka_unit_test(test_calls_that_nobody_needs_are_refused),
        cmocka_unit_test(test_root_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
