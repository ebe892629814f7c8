/* What a phone sends under numbers that are taken is kept aside, also when another upload of the same transaction fails half way,
 * and nobody is told that it is kept when it is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "desk/book.h"
#include "desk/forget.h"
#include "desk/verify.h"
#include "desk/writer.h"

static const struct when noon = {1649390400000, 480};

struct phones {
    char dir[64], path[96];
    struct desk *desk;
    struct book plain, forked, branch; /* branch: of forked, from its first entry on */
    struct id person;
    int opened;
};

static void good(dw_err err, const struct err_detail *detail)
{
    if (err != DW_OK) print_error("%s: %s\n", err_name(err), detail->text);
    assert_int_equal(err, DW_OK);
}

static void door(struct book *book, int count)
{
    for (int i = 0; i < count; i++) {
        entry_begin(&book->writer, KINDS_DOOR_SET, id_make(noon.ms, NULL), noon, NULL);
        entry_put_int(&book->writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
        assert_int_equal(book_end(book), DW_OK);
    }
}

static int setup(void **state)
{
    struct phones *p = calloc(1, sizeof *p);
    struct err_detail detail = {0};
    struct book by = {0};
    snprintf(p->dir, sizeof p->dir, "/tmp/doorward-forks-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(p->path, sizeof p->path, "%s/site.db", p->dir);
    struct desk_new spec = {.name = "洋埭", .code = "", .synthetic = true, .at = noon};
    good(desk_create(&p->desk, p->path, &spec, &detail), &detail);
    good(book_open(&by, p->desk, DESK_CLI_DEVICE, &detail), &detail);
    good(book_enrol(&p->plain, p->desk, &by, KINDS_DEVICE_KIND_PHONE, "一", noon, &detail), &detail);
    good(book_enrol(&p->forked, p->desk, &by, KINDS_DEVICE_KIND_PHONE, "二", noon, &detail), &detail);
    good(book_commit(p->desk, &by, 1, noon, NULL, &detail), &detail);
    book_free(&by);
    door(&p->forked, 1);
    book_start(&p->branch, p->forked.writer.site, p->forked.writer.device, &p->forked.signer, NULL);
    p->branch.writer.n = p->forked.writer.n;
    p->branch.first = p->branch.writer.n + 1;
    memcpy(p->branch.writer.head, p->forked.writer.head, HASH_SIZE);
    door(&p->forked, 2);
    door(&p->branch, 3);
    good(book_commit(p->desk, &p->forked, 1, noon, NULL, &detail), &detail);
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".keys", ".sitekey"};
    struct phones *p = *state;
    char name[160];
    book_free(&p->plain);
    book_free(&p->forked);
    book_free(&p->branch);
    desk_close(p->desk);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", p->path, ends[i]);
        unlink(name);
    }
    rmdir(p->dir);
    free(p);
    return 0;
}

static dw_err number(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    *(int64_t *)ctx = store_get_int(&v[0]);
    return DW_OK;
}

static int64_t aside(struct phones *p)
{
    static const struct store_sql ask = {"SELECT COUNT(*) FROM fork WHERE site_id = $1"};
    struct err_detail detail = {0};
    struct store_value id = store_id(&p->desk->site->id);
    int64_t rows = -1;
    good(store_ask(p->desk->store, &ask, &id, 1, number, &rows, &detail), &detail);
    return rows;
}

static void sound(struct phones *p)
{
    static struct verify_report report;
    struct err_detail detail = {0};
    good(verify_run(&report, p->desk, NULL, &detail), &detail);
    assert_int_equal(report.faults, 0);
}

/* One take of two uploads: the first is good and the second forks, so nothing of it is taken. */
static void test_behind_a_good_one(void **state)
{
    struct phones *p = *state;
    struct err_detail detail = {0};
    struct upload uploads[2];
    struct writer_take take = {.uploads = uploads, .count = 2, .received = noon};
    int64_t seq = p->desk->site->seq;
    door(&p->plain, 2);
    book_upload(&uploads[0], &p->plain, noon);
    book_upload(&uploads[1], &p->branch, noon);
    assert_int_equal(writer_submit(p->desk, &take, &detail), DW_E_FORK);
    assert_int_equal(p->desk->site->seq, seq);
    assert_int_equal(aside(p), 3);
    assert_int_equal(writer_submit(p->desk, &take, &detail), DW_E_FORK); /* again: the same rows */
    assert_int_equal(aside(p), 3);
    sound(p);
}

static dw_err sealed(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct phones *p = ctx;
    (void)count;
    (void)detail;
    const uint8_t *key, *data = v[1].data;
    struct id on;
    char clear[400];
    const size_t head = sizeof on.b + 4; /* the id, the length */
    assert_true(v[0].len == HASH_SIZE && v[1].len > head + KEYS_OVERHEAD && v[1].len < sizeof clear);
    memcpy(on.b, data, sizeof on.b);
    assert_true(id_equal(on, p->person));
    assert_int_equal(keyring_person(p->desk->keys, on, &key), KEYRING_PRESENT);
    assert_true(keys_open(clear, key, data + head, v[1].len - head));
    assert_non_null(memmem(clear, v[1].len - head - KEYS_OVERHEAD, "林志强", strlen("林志强")));
    p->opened++;
    return DW_OK;
}

/* The clear values of what was set apart are kept as well, sealed. */
static void test_names_are_kept(void **state)
{
    static const struct store_sql ask = {"SELECT hash, parts FROM fork WHERE site_id = $1 AND parts IS NOT NULL"};
    struct phones *p = *state;
    struct err_detail detail = {0};
    struct upload upload;
    struct writer_take take = {.uploads = &upload, .count = 1, .received = noon};
    struct id site = p->desk->site->id;
    struct store_value id = store_id(&site);
    p->person = id_make(noon.ms, NULL);
    entry_begin(&p->branch.writer, KINDS_PERSON_SET, p->person, noon, NULL);
    entry_put_text(&p->branch.writer, KINDS_PERSON_SET_NAME, "林志强");
    assert_int_equal(book_end(&p->branch), DW_OK);
    book_upload(&upload, &p->branch, noon);
    assert_int_equal(writer_submit(p->desk, &take, &detail), DW_E_FORK);
    desk_close(p->desk);
    p->desk = NULL;
    good(desk_open(&p->desk, p->path, &detail), &detail);
    good(store_ask(p->desk->store, &ask, &id, 1, sealed, p, &detail), &detail);
    assert_int_equal(p->opened, 1);
    assert_int_equal(aside(p), 4);
    sound(p);
}

/* Two takes of one group: the first forks, the second fails when it has changed the state already. */
static void test_before_a_bad_one(void **state)
{
    struct phones *p = *state;
    struct err_detail detail = {0};
    struct upload forks, broken;
    struct writer_take first = {.uploads = &forks, .count = 1, .received = noon},
                       second = {.uploads = &broken, .count = 1, .received = noon};
    book_upload(&forks, &p->branch, noon);
    door(&p->plain, 2);
    p->plain.entries[1].len -= 2; /* no JSON any more, but signed and in its chain */
    hash_one(p->plain.writer.head, p->plain.entries[1].text, p->plain.entries[1].len);
    book_upload(&broken, &p->plain, noon);
    pthread_mutex_lock(&p->desk->queue_lock); /* it waits already when the second comes and does the work of both */
    *p->desk->queue_end = &first;
    p->desk->queue_end = &first.next;
    pthread_mutex_unlock(&p->desk->queue_lock);
    assert_int_not_equal(writer_submit(p->desk, &second, &detail), DW_OK);
    assert_true(first.done);
    assert_int_equal(first.err, DW_E_FORK);
    assert_int_equal(aside(p), 3);
    sound(p);
}

/* The branch's entries from number first on, count of them, as an upload of their own. */
static struct upload piece(struct phones *p, int64_t first, size_t count)
{
    struct upload upload;
    book_upload(&upload, &p->branch, noon);
    upload.entries += first - upload.first;
    upload.first = first;
    upload.count = count;
    upload.last = first + (int64_t)count - 1;
    hash_one(upload.head, upload.entries[count - 1].text, upload.entries[count - 1].len);
    upload_sign(&upload, &p->branch.signer);
    return upload;
}

static dw_err send(struct phones *p, struct upload upload)
{
    struct err_detail detail = {0};
    struct writer_take take = {.uploads = &upload, .count = 1, .received = noon};
    dw_err err = writer_submit(p->desk, &take, &detail);
    if (err != DW_E_FORK && err != DW_E_CHAIN && err != DW_OK) print_error("%s: %s\n", err_name(err), detail.text);
    return err;
}

/* A forked phone goes on from its own branch, in pieces that begin before and behind the end of the chain that stands: each is
 * set apart, and nothing that does not follow on what is there. */
static void test_goes_on_from_its_branch(void **state)
{
    struct phones *p = *state;
    struct err_detail detail = {0};
    int64_t seq = p->desk->site->seq, first = p->branch.first;
    door(&p->branch, 6);
    assert_int_equal(send(p, piece(p, first + 1, 1)), DW_E_CHAIN); /* before the one it follows on */
    assert_int_equal(send(p, piece(p, first + 5, 2)), DW_E_CHAIN);
    assert_int_equal(aside(p), 0);
    assert_int_equal(send(p, piece(p, first, 1)), DW_E_FORK);
    assert_int_equal(send(p, piece(p, first + 1, 1)), DW_E_FORK);
    assert_int_equal(send(p, piece(p, first + 2, 3)), DW_E_FORK);
    assert_int_equal(aside(p), 5);
    desk_close(p->desk);
    p->desk = NULL;
    good(desk_open(&p->desk, p->path, &detail), &detail);
    assert_int_equal(send(p, piece(p, first + 6, 2)), DW_E_CHAIN);
    assert_int_equal(send(p, piece(p, first + 5, 4)), DW_E_FORK);
    for (int i = 0; i < 9; i++) assert_int_equal(send(p, piece(p, first + i, (size_t)(9 - i))), DW_E_FORK); /* again */
    assert_int_equal(aside(p), 9);
    assert_int_equal(p->desk->site->seq, seq);
    sound(p);
    /* The chain that stands goes on as if nothing had been. */
    door(&p->forked, 2);
    good(book_commit(p->desk, &p->forked, 1, noon, NULL, &detail), &detail);
    assert_int_equal(p->desk->site->seq, seq + 2);
    assert_int_equal(send(p, piece(p, first, 9)), DW_E_FORK);
    assert_int_equal(aside(p), 9);
    sound(p);
}

/* Any cutting of a branch in order, some pieces sent twice or out of their turn: everything is set apart once. */
static void test_any_pieces(void **state)
{
    struct phones *p = *state;
    uint64_t seed;
    rng_bytes(NULL, &seed, sizeof seed);
    struct rng rng = rng_seed(seed %= 1000000);
    print_message("seed %llu\n", (unsigned long long)seed);
    door(&p->branch, 30);
    int64_t first = p->branch.first, end = first + (int64_t)p->branch.count, at = first;
    while (at < end) {
        int64_t from = first + (int64_t)rng_below(&rng, (uint64_t)(end - first)), most = end - from;
        size_t count = 1 + rng_below(&rng, (uint64_t)(most < 7 ? most : 7));
        assert_int_equal(send(p, piece(p, from, count)), from <= at ? DW_E_FORK : DW_E_CHAIN);
        if (from <= at && from + (int64_t)count > at) at = from + (int64_t)count;
        assert_int_equal(aside(p), at - first);
    }
    sound(p);
}

static void person(struct phones *p)
{
    p->person = id_make(noon.ms, NULL);
    entry_begin(&p->branch.writer, KINDS_PERSON_SET, p->person, noon, NULL);
    entry_put_text(&p->branch.writer, KINDS_PERSON_SET_NAME, "林志强");
    assert_int_equal(book_end(&p->branch), DW_OK);
}

static dw_err opens(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    return v[1].type == STORE_NULL ? DW_OK : sealed(ctx, v, count, detail);
}

static int clear_values(struct phones *p)
{
    static const struct store_sql ask = {"SELECT hash, parts FROM fork WHERE site_id = $1"};
    struct err_detail detail = {0};
    struct store_value id = store_id(&p->desk->site->id);
    p->opened = 0;
    good(store_ask(p->desk->store, &ask, &id, 1, opens, p, &detail), &detail);
    return p->opened;
}

/* The clear values of what follows are sealed as well; sent again without them they stay, sent later with them they come. */
static void test_names_of_a_later_piece(void **state)
{
    struct phones *p = *state;
    int64_t first = p->branch.first;
    person(p);
    struct upload_entry *named = &p->branch.entries[3];
    const char *part = named->part;
    size_t len = named->part_len;
    assert_int_equal(send(p, piece(p, first, 3)), DW_E_FORK);
    named->part = NULL;
    named->part_len = 0;
    assert_int_equal(send(p, piece(p, first + 3, 1)), DW_E_FORK);
    assert_int_equal(clear_values(p), 0);
    named->part = part;
    named->part_len = len;
    assert_int_equal(send(p, piece(p, first + 3, 1)), DW_E_FORK);
    assert_int_equal(clear_values(p), 1);
    named->part = NULL;
    named->part_len = 0;
    assert_int_equal(send(p, piece(p, first, 4)), DW_E_FORK);
    assert_int_equal(clear_values(p), 1);
    assert_int_equal(aside(p), 4);
    sound(p);
}

/* Who is forgotten is forgotten there too, and does not come back when the phone sends it once more. */
static void test_forgotten_in_a_later_piece(void **state)
{
    struct phones *p = *state;
    struct err_detail detail = {0};
    struct forget_people people;
    int64_t first = p->branch.first;
    person(p);
    assert_int_equal(send(p, piece(p, first, 3)), DW_E_FORK);
    assert_int_equal(send(p, piece(p, first + 3, 1)), DW_E_FORK);
    assert_int_equal(clear_values(p), 1);
    /* The register learns of him too: by another phone. */
    entry_begin(&p->plain.writer, KINDS_PERSON_SET, p->person, noon, NULL);
    entry_put_text(&p->plain.writer, KINDS_PERSON_SET_NAME, "林志强");
    assert_int_equal(book_end(&p->plain), DW_OK);
    good(book_commit(p->desk, &p->plain, 1, noon, NULL, &detail), &detail);
    good(forget_collect(&people, p->desk, p->person, &detail), &detail);
    good(forget_do(p->desk, &people, "本人要求", noon, &detail), &detail);
    free(people.ids);
    assert_int_equal(clear_values(p), 0);
    assert_int_equal(send(p, piece(p, first + 3, 1)), DW_E_FORK);
    assert_int_equal(clear_values(p), 0);
    assert_int_equal(aside(p), 4);
    sound(p);
}

/* Who is named nowhere else is forgotten as well, and stays so when the register learns of him. */
static void test_forgotten_where_nobody_knows_him(void **state)
{
    struct phones *p = *state;
    struct err_detail detail = {0};
    struct forget_people people;
    struct id nobody = id_make(noon.ms, NULL);
    person(p);
    assert_int_equal(send(p, piece(p, p->branch.first, 4)), DW_E_FORK);
    assert_int_equal(clear_values(p), 1);
    assert_int_equal(forget_collect(&people, p->desk, nobody, &detail), DW_E_NOT_FOUND);
    assert_int_equal(forget_collect(&people, p->desk, p->desk->site->id, &detail), DW_E_NOT_FOUND);
    good(forget_collect(&people, p->desk, p->person, &detail), &detail);
    good(forget_do(p->desk, &people, "本人要求", noon, &detail), &detail);
    free(people.ids);
    assert_int_equal(clear_values(p), 0);
    assert_int_equal(forget_collect(&people, p->desk, p->person, &detail), DW_E_NOT_FOUND); /* no key any more */
    sound(p);
    entry_begin(&p->plain.writer, KINDS_PERSON_SET, p->person, noon, NULL);
    entry_put_text(&p->plain.writer, KINDS_PERSON_SET_NAME, "林志强");
    assert_int_equal(book_end(&p->plain), DW_OK);
    good(book_commit(p->desk, &p->plain, 1, noon, NULL, &detail), &detail);
    const struct site_person *known = site_person(p->desk->site, site_find(p->desk->site, SITE_PERSON, p->person));
    assert_true(known->forgotten && known->field[KINDS_PERSON_SET_NAME] == NULL);
    sound(p);
}

/* One take of three uploads: a good one, the branch, and what follows on the branch. All that forks is set apart, nothing taken;
 * also when a later take of the group fails half way. */
static void test_all_of_a_take(void **state)
{
    struct phones *p = *state;
    struct err_detail detail = {0};
    struct upload uploads[3], broken;
    struct writer_take first = {.uploads = uploads, .count = 3, .received = noon},
                       second = {.uploads = &broken, .count = 1, .received = noon};
    int64_t seq = p->desk->site->seq;
    door(&p->plain, 2);
    book_upload(&uploads[0], &p->plain, noon);
    uploads[1] = piece(p, p->branch.first, 1);
    uploads[2] = piece(p, p->branch.first + 1, 2);
    assert_int_equal(writer_submit(p->desk, &first, &detail), DW_E_FORK);
    assert_int_equal(p->desk->site->seq, seq);
    assert_int_equal(aside(p), 3);
    door(&p->branch, 2);
    uploads[2] = piece(p, p->branch.first + 3, 2);
    first.uploads = uploads + 1;
    first.count = 2;
    first.done = false;
    first.next = NULL;
    p->plain.entries[1].len -= 2;
    hash_one(p->plain.writer.head, p->plain.entries[1].text, p->plain.entries[1].len);
    book_upload(&broken, &p->plain, noon);
    first.err = DW_OK;
    pthread_mutex_lock(&p->desk->queue_lock);
    *p->desk->queue_end = &first;
    p->desk->queue_end = &first.next;
    pthread_mutex_unlock(&p->desk->queue_lock);
    assert_int_not_equal(writer_submit(p->desk, &second, &detail), DW_OK);
    assert_int_equal(first.err, DW_E_FORK);
    assert_int_equal(aside(p), 5);
    sound(p);
}

/* What was altered in what is set apart is found and named. */
static void test_altered(void **state)
{
    static const struct store_sql alter = {"UPDATE fork SET text = replace(text, 'flat', 'room') WHERE site_id = $1"};
    static struct verify_report report;
    struct phones *p = *state;
    struct err_detail detail = {0};
    struct store_value id = store_id(&p->desk->site->id);
    assert_int_equal(send(p, piece(p, p->branch.first, 3)), DW_E_FORK);
    good(store_run(p->desk->store, &alter, &id, 1, 1, &detail), &detail);
    good(verify_run(&report, p->desk, NULL, &detail), &detail);
    assert_int_equal(report.faults, 3);
    assert_int_equal(report.aside, 3);
    assert_non_null(strstr(report.told[0], "set apart"));
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_names_are_kept, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_behind_a_good_one, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_before_a_bad_one, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_goes_on_from_its_branch, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_any_pieces, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_names_of_a_later_piece, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_forgotten_in_a_later_piece, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_forgotten_where_nobody_knows_him, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_all_of_a_take, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_altered, setup, teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
