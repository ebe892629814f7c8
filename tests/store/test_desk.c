/* A site from its first entry to a verified round, in a real store, without files: chains, verdicts, held entries, merges, voids,
 * reopening, and damage found by verify. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk/book.h"
#include "desk/round.h"
#include "desk/verify.h"
#include "desk/writer.h"

static const struct when noon = {1649390400000, 480};

struct village {
    char dir[64], path[96];
    struct desk *desk;
    struct book phone;
    uint32_t phone_device;
    struct id building, doors[8], people[32];
    size_t person_count;
};

static struct when later(int64_t minutes)
{
    return (struct when){noon.ms + minutes * 60000, noon.offset};
}

static void good(dw_err err, const struct err_detail *detail)
{
    if (err != DW_OK) print_error("%s: %s\n", err_name(err), detail->text);
    assert_int_equal(err, DW_OK);
}

static void village_person(struct village *v, struct book *book, int door, const char *name)
{
    struct id id = id_make(noon.ms, NULL);
    entry_begin(&book->writer, KINDS_PERSON_SET, id, noon, NULL);
    entry_put_text(&book->writer, KINDS_PERSON_SET_NAME, name);
    entry_put_id(&book->writer, KINDS_PERSON_SET_DOOR, v->doors[door]);
    assert_int_equal(book_end(book), DW_OK);
    v->people[v->person_count++] = id;
}

static int village_setup(void **state)
{
    struct village *v = calloc(1, sizeof *v);
    struct err_detail detail = {0};
    struct book book = {0};
    snprintf(v->dir, sizeof v->dir, "/tmp/doorward-desk-XXXXXX");
    assert_non_null(mkdtemp(v->dir));
    snprintf(v->path, sizeof v->path, "%s/site.db", v->dir);
    struct desk_new spec = {.name = "洋埭", .code = "350599101201", .synthetic = true, .at = noon};
    good(desk_create(&v->desk, v->path, &spec, &detail), &detail);
    good(book_open(&book, v->desk, DESK_CLI_DEVICE, &detail), &detail);
    good(book_enrol(&v->phone, v->desk, &book, KINDS_DEVICE_KIND_PHONE, "手机", noon, &detail), &detail);
    struct id parent = {{0}};
    const enum kinds_area_kind kinds[] = {KINDS_AREA_KIND_VILLAGE, KINDS_AREA_KIND_GRID, KINDS_AREA_KIND_CELL,
                                          KINDS_AREA_KIND_BUILDING};
    const char *const codes[] = {"350599101201", "3", "3-2", "3-2-12"};
    for (int i = 0; i < 4; i++) {
        v->building = id_make(noon.ms, NULL);
        entry_begin(&book.writer, KINDS_AREA_SET, v->building, noon, NULL);
        entry_put_int(&book.writer, KINDS_AREA_SET_KIND, kinds[i]);
        entry_put_id(&book.writer, KINDS_AREA_SET_PARENT, parent);
        entry_put_text(&book.writer, KINDS_AREA_SET_CODE, codes[i]);
        assert_int_equal(book_end(&book), DW_OK);
        parent = v->building;
    }
    for (int i = 0; i < 8; i++) {
        char room[16];
        snprintf(room, sizeof room, "%d01", i + 1);
        v->doors[i] = id_make(noon.ms, NULL);
        entry_begin(&book.writer, KINDS_DOOR_SET, v->doors[i], noon, NULL);
        entry_put_id(&book.writer, KINDS_DOOR_SET_BUILDING, v->building);
        entry_put_int(&book.writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
        entry_put_text(&book.writer, KINDS_DOOR_SET_ROOM, room);
        assert_int_equal(book_end(&book), DW_OK);
    }
    for (int i = 0; i < 16; i++) village_person(v, &book, i / 2, i % 2 ? "陈秀英" : "林志强");
    good(book_commit(v->desk, &book, 1, noon, NULL, &detail), &detail);
    v->phone_device = site_find(v->desk->site, SITE_DEVICE, v->phone.writer.device);
    book_free(&book);
    *state = v;
    return 0;
}

static int village_teardown(void **state)
{
    struct village *v = *state;
    char path[128];
    const char *const ends[] = {"", "-wal", "-shm", ".keys", ".sitekey", "-journal"};
    book_free(&v->phone);
    desk_close(v->desk);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", v->path, ends[i]);
        unlink(path);
    }
    rmdir(v->dir);
    free(v);
    return 0;
}

static void village_visit(struct village *v, struct id round, int door, const size_t *people, size_t count, enum kinds_state as)
{
    struct entry_writer *w = &v->phone.writer;
    entry_begin(w, KINDS_VISIT, v->doors[door], later(5), NULL);
    entry_put_id(w, KINDS_VISIT_ROUND, round);
    entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
    entry_list_begin(w, KINDS_VISIT_PEOPLE);
    for (size_t i = 0; i < count; i++) {
        entry_item_begin(w);
        entry_item_id(w, "person", v->people[people[i]]);
        entry_item_text(w, "state", kinds_state_texts[as]);
        entry_item_end(w);
    }
    entry_list_end(w);
    assert_int_equal(book_end(&v->phone), DW_OK);
}

static void village_send(struct village *v, struct when at, size_t *held)
{
    struct err_detail detail = {0};
    good(book_commit(v->desk, &v->phone, 1, at, held, &detail), &detail);
}

static struct id village_open(struct village *v)
{
    struct round_opened opened;
    struct err_detail detail = {0};
    good(round_open(&opened, v->desk, KINDS_ROUND_KIND_PCR, later(1), later(1), &detail), &detail);
    return site_round(v->desk->site, site_round_by_number(v->desk->site, opened.number))->id;
}

static struct cover_counts village_counts(struct village *v)
{
    struct round_status status;
    struct err_detail detail = {0};
    good(round_status(&status, v->desk->site, 0, true, &detail), &detail);
    struct cover_counts counts = status.all;
    round_status_free(&status);
    return counts;
}

static void village_verify(struct village *v)
{
    struct verify_report report;
    struct err_detail detail = {0};
    good(verify_run(&report, v->desk, NULL, &detail), &detail);
    for (int64_t i = 0; i < report.faults && i < VERIFY_TOLD; i++) print_error("%s\n", report.told[i]);
    assert_int_equal(report.faults, 0);
    assert_int_equal(report.entries, v->desk->site->seq);
}

/* Verified, and a fault told that says so. */
static void village_faulty(struct village *v, const char *told)
{
    struct verify_report report;
    struct err_detail detail = {0};
    bool found = false;
    good(verify_run(&report, v->desk, NULL, &detail), &detail);
    assert_true(report.faults > 0);
    for (int64_t i = 0; i < report.faults && i < VERIFY_TOLD; i++) found = found || strstr(report.told[i], told) != NULL;
    if (!found) print_error("told: %s\nnot: %s\n", report.told[0], told);
    assert_true(found);
}

static void village_reopen(struct village *v)
{
    struct err_detail detail = {0};
    desk_close(v->desk);
    v->desk = NULL;
    good(desk_open(&v->desk, v->path, &detail), &detail);
}

static void test_round(void **state)
{
    struct village *v = *state;
    struct id round = village_open(v);
    assert_int_equal(village_counts(v).owed, 16);
    village_visit(v, round, 0, (size_t[]){0, 1}, 2, KINDS_STATE_DONE);
    village_visit(v, round, 1, (size_t[]){2}, 1, KINDS_STATE_DONE);
    village_visit(v, round, 2, (size_t[]){4, 5}, 2, KINDS_STATE_NOBODY_HOME);
    village_visit(v, round, 3, (size_t[]){6}, 1, KINDS_STATE_EXCUSED);
    village_send(v, later(10), NULL);
    struct cover_counts counts = village_counts(v);
    assert_int_equal(counts.covered, 3);
    assert_int_equal(counts.excused, 1);
    assert_int_equal(counts.missing, 12);
    village_verify(v);
    village_reopen(v);
    struct cover_counts again = village_counts(v);
    assert_memory_equal(&counts, &again, sizeof counts);
    village_verify(v);
}

static void test_again_and_fork(void **state)
{
    struct village *v = *state;
    struct id round = village_open(v);
    struct err_detail detail = {0};
    struct upload upload;
    struct writer_take take = {.uploads = &upload, .count = 1, .received = later(10)}, same;
    village_visit(v, round, 0, (size_t[]){0, 1}, 2, KINDS_STATE_DONE);
    book_upload(&upload, &v->phone, later(10));
    good(writer_submit(v->desk, &take, &detail), &detail);
    int64_t seq = v->desk->site->seq;
    same = take;
    good(writer_submit(v->desk, &same, &detail), &detail);
    assert_int_equal(same.known, 1);
    assert_int_equal(v->desk->site->seq, seq);
    assert_memory_equal(same.receipts[0].sign, take.receipts[0].sign, KEYS_SIGN);
    assert_true(upload_receipt_signed(&take.receipts[0], v->desk->signer.public_key));
    /* The same number again with another content: a restored phone. Kept aside, and told. */
    v->phone.writer.n = 0;
    memset(v->phone.writer.head, 0, HASH_SIZE);
    v->phone.count = 0;
    village_visit(v, round, 1, (size_t[]){2}, 1, KINDS_STATE_DONE);
    book_upload(&upload, &v->phone, later(12));
    assert_int_equal(writer_submit(v->desk, &take, &detail), DW_E_FORK);
    assert_int_equal(village_counts(v).covered, 2);
    village_verify(v);
    static const struct store_sql spoil = {"UPDATE fork SET text = replace(text, 'done', 'gone')"};
    good(store_run(v->desk->store, &spoil, NULL, 0, 1, &detail), &detail);
    village_faulty(v, "set apart");
}

static void test_held(void **state)
{
    struct village *v = *state;
    struct id round = village_open(v);
    size_t held = 0;
    /* A phone may not open rounds; and it may name somebody whom another phone has registered but not sent yet. */
    struct entry_writer *w = &v->phone.writer;
    entry_begin(w, KINDS_ROUND_OPEN, id_make(noon.ms, NULL), later(3), NULL);
    entry_put_int(w, KINDS_ROUND_OPEN_NO, 7);
    entry_put_int(w, KINDS_ROUND_OPEN_KIND, KINDS_ROUND_KIND_PCR);
    entry_put_time(w, KINDS_ROUND_OPEN_FREEZE, later(3));
    assert_int_equal(book_end(&v->phone), DW_OK);
    v->people[16] = id_make(noon.ms, NULL);
    village_visit(v, round, 0, (size_t[]){0, 16}, 2, KINDS_STATE_DONE);
    village_send(v, later(10), &held);
    assert_int_equal(held, 2);
    assert_int_equal(village_counts(v).covered, 0);
    village_verify(v);
    entry_begin(w, KINDS_PERSON_SET, v->people[16], later(4), NULL);
    entry_put_text(w, KINDS_PERSON_SET_NAME, "欧阳·娜娜");
    entry_put_id(w, KINDS_PERSON_SET_DOOR, v->doors[0]);
    assert_int_equal(book_end(&v->phone), DW_OK);
    village_send(v, later(11), &held);
    assert_int_equal(held, 0);
    struct cover_counts counts = village_counts(v);
    assert_int_equal(counts.covered, 2);
    assert_int_equal(counts.found + counts.arrived, 1);
    village_verify(v);
    village_reopen(v);
    struct cover_counts again = village_counts(v);
    assert_memory_equal(&counts, &again, sizeof counts);
    village_verify(v);
}

static void village_office(struct village *v, enum kinds_kind kind, struct id on, int field, struct id other, int number_field,
                           int64_t n)
{
    struct err_detail detail = {0};
    struct book book = {0};
    good(book_open(&book, v->desk, DESK_CLI_DEVICE, &detail), &detail);
    entry_begin(&book.writer, kind, on, later(20), NULL);
    entry_put_id(&book.writer, field, other);
    if (number_field >= 0) entry_put_int(&book.writer, number_field, n);
    if (kind == KINDS_HELD_DECIDE) entry_put_int(&book.writer, KINDS_HELD_DECIDE_DECISION, KINDS_HELD_DECISION_ACCEPT);
    assert_int_equal(book_end(&book), DW_OK);
    good(book_commit(v->desk, &book, 1, later(20), NULL, &detail), &detail);
    book_free(&book);
}

static void test_merge_and_void(void **state)
{
    struct village *v = *state;
    struct id round = village_open(v);
    village_visit(v, round, 0, (size_t[]){1}, 1, KINDS_STATE_DONE);
    village_send(v, later(10), NULL);
    struct cover_counts before = village_counts(v);
    village_office(v, KINDS_PERSON_MERGE, v->people[0], KINDS_PERSON_MERGE_GONE, v->people[1], -1, 0);
    struct cover_counts merged = village_counts(v);
    assert_int_equal(merged.roster, 16);
    assert_int_equal(merged.excused, 1);
    assert_int_equal(merged.covered, 1);
    assert_int_equal(merged.missing, 14);
    village_verify(v);
    village_office(v, KINDS_PERSON_UNMERGE, v->people[0], KINDS_PERSON_UNMERGE_GONE, v->people[1], -1, 0);
    struct cover_counts after = village_counts(v);
    assert_memory_equal(&before, &after, sizeof before);
    village_office(v, KINDS_ENTRY_VOID, round, KINDS_ENTRY_VOID_DEVICE, v->phone.writer.device, KINDS_ENTRY_VOID_N, 1);
    assert_int_equal(village_counts(v).covered, 0);
    village_verify(v);
    village_reopen(v);
    assert_int_equal(village_counts(v).covered, 0);
    village_verify(v);
}

/* What is void stays void for a program that begins from the tables, also what of an undone import comes after that. */
static void test_voids_stay(void **state)
{
    struct village *v = *state;
    struct id round = village_open(v);
    struct err_detail detail = {0};
    struct book book = {0}, list = {0};
    village_visit(v, round, 0, (size_t[]){1}, 1, KINDS_STATE_DONE);
    village_send(v, later(10), NULL);
    village_office(v, KINDS_ENTRY_VOID, round, KINDS_ENTRY_VOID_DEVICE, v->phone.writer.device, KINDS_ENTRY_VOID_N, 1);
    village_office(v, KINDS_ENTRY_VOID, round, KINDS_ENTRY_VOID_DEVICE, v->phone.writer.device, KINDS_ENTRY_VOID_N, 1);
    good(book_open(&book, v->desk, DESK_CLI_DEVICE, &detail), &detail);
    good(book_enrol(&list, v->desk, &book, KINDS_DEVICE_KIND_IMPORT, "名单", later(21), &detail), &detail);
    good(book_commit(v->desk, &book, 1, later(21), NULL, &detail), &detail);
    uint32_t import = site_find(v->desk->site, SITE_DEVICE, list.writer.device);
    village_person(v, &list, 0, "张三丰");
    good(book_commit(v->desk, &list, 1, later(22), NULL, &detail), &detail);
    entry_begin(&book.writer, KINDS_IMPORT_UNDO, list.writer.device, later(23), NULL);
    assert_int_equal(book_end(&book), DW_OK);
    good(book_commit(v->desk, &book, 1, later(23), NULL, &detail), &detail);
    for (int again = 0; again < 2; again++) {
        assert_true(site_is_void(v->desk->site, v->phone_device, 1));
        assert_false(site_is_void(v->desk->site, v->phone_device, 2));
        assert_true(site_is_void(v->desk->site, import, 99));
        village_verify(v);
        village_reopen(v);
    }
    size_t people = site_count(v->desk->site, SITE_PERSON);
    village_person(v, &list, 1, "李四光");
    good(book_commit(v->desk, &list, 1, later(24), NULL, &detail), &detail);
    assert_int_equal(site_count(v->desk->site, SITE_PERSON), people);
    village_verify(v);
    static const struct store_sql spoil = {"UPDATE voided SET n = 2 WHERE n = 1"}, mend = {"UPDATE voided SET n = 1 WHERE n = 2"};
    good(store_run(v->desk->store, &spoil, NULL, 0, 1, &detail), &detail);
    village_faulty(v, "table voided, row 1");
    good(store_run(v->desk->store, &mend, NULL, 0, 1, &detail), &detail);
    village_verify(v);
    book_free(&book);
    book_free(&list);
}

/* A void that was held, since what it names had not come, counts from when it is accepted, and not where that is taken back. */
static void test_held_void(void **state)
{
    struct village *v = *state;
    struct id round = village_open(v);
    struct entry_writer *w = &v->phone.writer;
    size_t held = 0;
    entry_begin(w, KINDS_ENTRY_VOID, v->doors[0], later(4), NULL);
    entry_put_id(w, KINDS_ENTRY_VOID_DEVICE, w->device);
    entry_put_int(w, KINDS_ENTRY_VOID_N, 2);
    assert_int_equal(book_end(&v->phone), DW_OK);
    village_send(v, later(5), &held);
    assert_int_equal(held, 1);
    village_reopen(v);
    village_visit(v, round, 0, (size_t[]){0, 1}, 2, KINDS_STATE_DONE);
    village_visit(v, round, 1, (size_t[]){2}, 1, KINDS_STATE_DONE);
    village_send(v, later(10), NULL);
    assert_int_equal(village_counts(v).covered, 3);
    village_office(v, KINDS_HELD_DECIDE, v->doors[0], KINDS_HELD_DECIDE_DEVICE, w->device, KINDS_HELD_DECIDE_N, 1);
    int64_t decided = site_device(v->desk->site, DESK_CLI_DEVICE)->head_n;
    for (int again = 0; again < 2; again++) {
        assert_int_equal(village_counts(v).covered, 1);
        assert_true(site_is_void(v->desk->site, v->phone_device, 2));
        village_verify(v);
        village_reopen(v);
    }
    struct id cli = site_device(v->desk->site, DESK_CLI_DEVICE)->id;
    village_office(v, KINDS_ENTRY_VOID, v->doors[0], KINDS_ENTRY_VOID_DEVICE, cli, KINDS_ENTRY_VOID_N, decided);
    assert_int_equal(village_counts(v).covered, 3);
    assert_false(site_is_void(v->desk->site, v->phone_device, 2));
    village_verify(v);
}

/* A store of a program that kept no table of what is void: it is filled from the ledger when this one opens it. */
static void test_older_tables(void **state)
{
    static const struct store_sql older[] = {{"DELETE FROM voided"}, {"UPDATE site SET made = NULL"}},
                                  broken = {"UPDATE entry SET text = replace(text, '\"kind\":', '\"kond\":') WHERE seq = 11"};
    struct village *v = *state;
    struct id round = village_open(v);
    struct err_detail detail = {0};
    village_visit(v, round, 0, (size_t[]){1}, 1, KINDS_STATE_DONE);
    village_send(v, later(10), NULL);
    village_office(v, KINDS_ENTRY_VOID, round, KINDS_ENTRY_VOID_DEVICE, v->phone.writer.device, KINDS_ENTRY_VOID_N, 1);
    for (int damaged = 0; damaged < 2; damaged++) {
        for (size_t i = 0; i < 2; i++) good(store_run(v->desk->store, &older[i], NULL, 0, 1, &detail), &detail);
        if (damaged) good(store_run(v->desk->store, &broken, NULL, 0, 1, &detail), &detail);
        village_reopen(v);
        assert_int_equal(site_is_void(v->desk->site, v->phone_device, 1), !damaged);
        if (damaged)
            village_faulty(v, "entry 11 cannot be read");
        else
            village_verify(v);
    }
}

static void test_close(void **state)
{
    struct village *v = *state;
    struct id round = village_open(v);
    struct err_detail detail = {0};
    size_t everybody[16];
    for (size_t i = 0; i < 16; i++) everybody[i] = i;
    village_visit(v, round, 0, everybody, 15, KINDS_STATE_DONE);
    village_send(v, later(10), NULL);
    assert_int_equal(round_close(v->desk, 0, NULL, later(30), &detail), DW_E_OWED);
    good(round_decide(v->desk, 0, v->people[15], KINDS_DECISION_CARRIED, KINDS_EXCUSE_NONE, "晚班，明早补", later(31), &detail),
         &detail);
    good(round_close(v->desk, 0, NULL, later(32), &detail), &detail);
    assert_int_equal(round_close(v->desk, 0, NULL, later(33), &detail), DW_E_STATE);
    village_verify(v);
}

static void village_copy(const char *from, const char *to)
{
    char chunk[65536];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_true(in != NULL && out != NULL);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, in)) > 0;) assert_int_equal(fwrite(chunk, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static void test_damage(void **state)
{
    static const struct {
        struct store_sql sql;
        const char *told;
        bool mended; /* what was done to a table is mended from the ledger; what was done to the ledger is not */
    } spoil[] = {
        {{"UPDATE entry SET at_ms = at_ms - 1 WHERE seq = 9"}, "verdicts or times", false},
        {{"UPDATE entry SET n = n + 1 WHERE seq = 9"}, "entry 9: the table calls it", false},
        {{"UPDATE entry SET reason = 3 WHERE seq = 9"}, "verdicts or times", false},
        {{"UPDATE entry SET text = replace(text, '\"301\"', '\"302\"') WHERE seq = 11"}, "entry 12: it does not follow", false},
        {{"UPDATE entry SET text = replace(text, '\"kind\":', '\"kond\":') WHERE seq = 11"}, "entry 11 cannot be read", false},
        {{"DELETE FROM entry WHERE seq = 11"}, "entries 11 to 11 are missing", false},
        {{"UPDATE entry SET parts = substr(parts, 1, length(parts) - 1) WHERE seq = 19"}, "entry 19: its clear values", false},
        {{"UPDATE entry SET parts = X'00' WHERE seq = 20"}, "entry 20: its clear values", false},
        {{"DELETE FROM receipt WHERE device_no = 1"}, "no receipt covers", false},
        {{"UPDATE receipt SET verdicts = substr(verdicts, 2) || X'00' WHERE device_no = 1"}, "verdicts or times", false},
        {{"UPDATE receipt SET device_sign = substr(device_sign, 2) || X'00' WHERE device_no = 1 AND first_n = 1"},
         "the signature over its entries",
         false},
        {{"UPDATE receipt SET site_sign = substr(site_sign, 2) || X'00' WHERE device_no = 1 AND first_n = 1"},
         "not signed by the site",
         false},
        {{"UPDATE mark SET state = 8 WHERE person_no = 9"}, "table mark, row 10", true},
        {{"DELETE FROM mark WHERE person_no = 9"}, "table mark has 15 rows, the ledger makes 16", true},
        {{"UPDATE door SET room = '999' WHERE door_no = 3"}, "table door, row 4", true},
        {{"UPDATE person SET sealed = substr(sealed, 1, length(sealed) - 1) || X'77' WHERE person_no = 2"},
         "table person, row 3",
         true},
    };
    struct village *v = *state;
    char whole[128];
    struct err_detail detail = {0};
    village_open(v);
    desk_close(v->desk); /* which brings everything into the one file */
    snprintf(whole, sizeof whole, "%s.whole", v->path);
    village_copy(v->path, whole);
    for (size_t i = 0; i < sizeof spoil / sizeof *spoil; i++) {
        struct verify_report report;
        village_copy(whole, v->path);
        good(desk_open(&v->desk, v->path, &detail), &detail);
        village_verify(v);
        good(store_run(v->desk->store, &spoil[i].sql, NULL, 0, 1, &detail), &detail);
        village_faulty(v, spoil[i].told);
        desk_close(v->desk);
        v->desk = NULL;
        dw_err rebuilt = verify_rebuild(v->path, NULL, &detail);
        assert_true(rebuilt == DW_OK || !spoil[i].mended);
        if (rebuilt != DW_OK) continue;
        good(desk_open(&v->desk, v->path, &detail), &detail);
        good(verify_run(&report, v->desk, NULL, &detail), &detail);
        assert_int_equal(report.faults == 0, spoil[i].mended);
        desk_close(v->desk);
        v->desk = NULL;
    }
    unlink(whole);
}

struct stop {
    const char *step;
    int left; /* ticks of the step that are let pass */
};

static bool stop_tick(void *ctx, const char *step, uint64_t done, uint64_t all)
{
    struct stop *stop = ctx;
    (void)done;
    (void)all;
    return strcmp(step, stop->step) != 0 || stop->left-- > 0;
}

/* Wherever it is stopped, also with the reader far ahead, verify ends and the store can be used on. */
static void test_verify_can_be_stopped(void **state)
{
    struct stop stops[] = {{"replay", 0}, {"replay", 1}, {"verify.tables", 0}, {"verify.file", 0}};
    struct village *v = *state;
    struct err_detail detail = {0};
    struct book book = {0};
    good(book_open(&book, v->desk, DESK_CLI_DEVICE, &detail), &detail);
    for (int i = 0; i < 9000; i++) {
        entry_begin(&book.writer, KINDS_DOOR_SET, id_make(noon.ms, NULL), noon, NULL);
        entry_put_id(&book.writer, KINDS_DOOR_SET_BUILDING, v->building);
        entry_put_int(&book.writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_SHOP);
        assert_int_equal(book_end(&book), DW_OK);
    }
    good(book_commit(v->desk, &book, 1, noon, NULL, &detail), &detail);
    book_free(&book);
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        struct verify_report report;
        struct clock_progress progress = {stop_tick, &stops[i]};
        assert_int_equal(verify_run(&report, v->desk, &progress, &detail), DW_E_CANCELLED);
        village_verify(v);
    }
}

/* A key file from an older backup lacks the keys of those who came since: to go on would seal them anew, without their names. */
static void test_older_keys(void **state)
{
    struct village *v = *state;
    struct err_detail detail = {0};
    struct book book = {0};
    char keys[128], older[128], newer[128];
    snprintf(keys, sizeof keys, "%s.keys", v->path);
    snprintf(older, sizeof older, "%s.older", v->path);
    snprintf(newer, sizeof newer, "%s.newer", v->path);
    village_copy(keys, older);
    good(book_open(&book, v->desk, DESK_CLI_DEVICE, &detail), &detail);
    entry_begin(&book.writer, KINDS_PERSON_SET, id_make(later(20).ms, NULL), later(20), NULL);
    entry_put_text(&book.writer, KINDS_PERSON_SET_NAME, "新来的人");
    entry_put_id(&book.writer, KINDS_PERSON_SET_DOOR, v->doors[0]);
    assert_int_equal(book_end(&book), DW_OK);
    good(book_commit(v->desk, &book, 1, later(20), NULL, &detail), &detail);
    book_free(&book);
    desk_close(v->desk);
    v->desk = NULL;
    village_copy(keys, newer);
    village_copy(older, keys);
    assert_int_equal(desk_open(&v->desk, v->path, &detail), DW_E_KEYS);
    village_copy(newer, keys);
    good(desk_open(&v->desk, v->path, &detail), &detail);
    village_verify(v);
    unlink(older);
    unlink(newer);
}

/* A rebuild must not take damaged values for forgotten ones: that would lose the name in the tables for good. */
static void test_damage_is_not_forgetting(void **state)
{
    static const struct store_sql spoil = {
        "UPDATE entry SET parts = substr(parts, 1, 20) || substr(parts, 22) || substr(parts, 21, 1) WHERE seq = 19"};
    struct village *v = *state;
    struct err_detail detail = {0};
    struct book book = {0};
    village_open(v);
    good(store_run(v->desk->store, &spoil, NULL, 0, 1, &detail), &detail);
    good(book_open(&book, v->desk, DESK_CLI_DEVICE, &detail), &detail);
    entry_begin(&book.writer, KINDS_ENTRY_VOID, v->people[5], later(20), NULL);
    entry_put_id(&book.writer, KINDS_ENTRY_VOID_DEVICE, book.writer.device);
    entry_put_int(&book.writer, KINDS_ENTRY_VOID_N, 20);
    assert_int_equal(book_end(&book), DW_OK);
    assert_int_equal(book_commit(v->desk, &book, 1, later(20), NULL, &detail), DW_E_DAMAGED);
    assert_non_null(strstr(detail.text, "entry 19"));
    book_free(&book);
    village_reopen(v);
    for (uint32_t i = 0; i < 16; i++) assert_non_null(site_person(v->desk->site, i)->field[KINDS_PERSON_SET_NAME]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_again_and_fork, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_held, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_merge_and_void, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_voids_stay, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_held_void, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_older_tables, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_close, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_damage, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_damage_is_not_forgetting, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_older_keys, village_setup, village_teardown),
        cmocka_unit_test_setup_teardown(test_verify_can_be_stopped, village_setup, village_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
