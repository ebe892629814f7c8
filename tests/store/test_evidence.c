/* What is said of one person at a door, and why a missing one was excused, is his: sealed with his key wherever it stands,
 * forgotten with him, while what the same entry says of others stays. */
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
#include "desk/forget.h"
#include "desk/round.h"
#include "desk/verify.h"
#include "desk/writer.h"

enum { PEOPLE = 5 };

static const struct when noon = {1649390400000, 480};
static const char *const said[PEOPLE] = {"邻居称甲在厦门住院", "房东称乙已回江西", "丙拒绝开门并说在发烧", "丁四十八小时内接种",
                                         "戊的儿子代答"};

struct place {
    char dir[64], path[96];
    struct desk *desk;
    struct book phone;
    struct id people[PEOPLE], door, round;
};

static void good(dw_err err, const struct err_detail *detail)
{
    if (err != DW_OK) print_error("%s: %s\n", err_name(err), detail->text);
    assert_int_equal(err, DW_OK);
}

static int setup(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    struct err_detail detail = {0};
    struct book by = {0};
    struct round_opened opened;
    assert_non_null(p);
    snprintf(p->dir, sizeof p->dir, "/tmp/doorward-evidence-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(p->path, sizeof p->path, "%s/site.db", p->dir);
    struct desk_new spec = {.name = "洋埭", .code = "", .synthetic = true, .at = noon};
    good(desk_create(&p->desk, p->path, &spec, &detail), &detail);
    good(book_open(&by, p->desk, DESK_CLI_DEVICE, &detail), &detail);
    good(book_enrol(&p->phone, p->desk, &by, KINDS_DEVICE_KIND_PHONE, "一", noon, &detail), &detail);
    p->door = id_make(noon.ms, NULL);
    entry_begin(&by.writer, KINDS_DOOR_SET, p->door, noon, NULL);
    entry_put_int(&by.writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
    assert_int_equal(book_end(&by), DW_OK);
    for (int i = 0; i < PEOPLE; i++) {
        p->people[i] = id_make(noon.ms, NULL);
        entry_begin(&by.writer, KINDS_PERSON_SET, p->people[i], noon, NULL);
        entry_put_text(&by.writer, KINDS_PERSON_SET_NAME, "林志强");
        entry_put_id(&by.writer, KINDS_PERSON_SET_DOOR, p->door);
        assert_int_equal(book_end(&by), DW_OK);
    }
    good(book_commit(p->desk, &by, 1, noon, NULL, &detail), &detail);
    book_free(&by);
    good(round_open(&opened, p->desk, KINDS_ROUND_KIND_PCR, noon, noon, &detail), &detail);
    p->round = site_round(p->desk->site, 0)->id;
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".keys", ".sitekey"};
    struct place *p = *state;
    char name[160];
    book_free(&p->phone);
    desk_close(p->desk);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", p->path, ends[i]);
        unlink(name);
    }
    rmdir(p->dir);
    free(p);
    return 0;
}

static void item(struct entry_writer *w, struct id person, const char *evidence)
{
    entry_item_begin(w);
    entry_item_id(w, "person", person);
    entry_item_text(w, "state", kinds_state_texts[KINDS_STATE_AWAY]);
    entry_item_text(w, "evidence", evidence);
    entry_item_end(w);
}

/* A visit that says something of the first count people, and what stands at the door. */
static void visit(struct place *p, int count, bool note)
{
    struct entry_writer *w = &p->phone.writer;
    entry_begin(w, KINDS_VISIT, p->door, noon, NULL);
    entry_put_id(w, KINDS_VISIT_ROUND, p->round);
    entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
    if (note) entry_put_text(w, KINDS_VISIT_NOTE, "门口有狗，先打电话");
    entry_list_begin(w, KINDS_VISIT_PEOPLE);
    for (int i = 0; i < count; i++) item(w, p->people[i], said[i]);
    entry_list_end(w);
    assert_int_equal(book_end(&p->phone), DW_OK);
}

static size_t send(struct place *p)
{
    struct err_detail detail = {0};
    size_t held = 0;
    good(book_commit(p->desk, &p->phone, 1, noon, &held, &detail), &detail);
    return held;
}

static void decide(struct place *p, int person)
{
    struct err_detail detail = {0};
    good(round_decide(p->desk, 1, p->people[person], KINDS_DECISION_EXCUSED, KINDS_EXCUSE_LEFT, said[person], noon, &detail),
         &detail);
}

static const char *evidence(struct place *p, int person)
{
    const struct site *site = p->desk->site;
    const char *text = site_mark(site_round(site, 0), site_find(site, SITE_PERSON, p->people[person]))->evidence;
    return text == NULL ? "" : text;
}

static void forget(struct place *p, int person)
{
    struct err_detail detail = {0};
    struct forget_people people;
    good(forget_collect(&people, p->desk, p->people[person], &detail), &detail);
    good(forget_do(p->desk, &people, "本人要求", noon, &detail), &detail);
    free(people.ids);
}

static void reopen(struct place *p)
{
    static struct verify_report report;
    struct err_detail detail = {0};
    good(verify_run(&report, p->desk, NULL, &detail), &detail);
    for (int64_t i = 0; i < report.faults && i < VERIFY_TOLD; i++) print_error("%s\n", report.told[i]);
    assert_int_equal(report.faults, 0);
    desk_close(p->desk);
    p->desk = NULL;
    good(desk_open(&p->desk, p->path, &detail), &detail);
}

/* Everything that the tables and the replayed ledger say: gone says of whom. */
static void expect(struct place *p, const bool gone[PEOPLE], int count)
{
    struct err_detail detail = {0};
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < count; i++) assert_string_equal(evidence(p, i), gone[i] ? "" : said[i]);
        if (round == 0) reopen(p);
        if (round != 1) continue;
        desk_close(p->desk);
        p->desk = NULL;
        good(verify_rebuild(p->path, NULL, &detail), &detail);
        good(desk_open(&p->desk, p->path, &detail), &detail);
    }
}

/* No file of the store holds one of the texts. */
static void no_trace(struct place *p, const char *text)
{
    static const char *const ends[] = {"", "-wal"};
    char name[160];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", p->path, ends[i]);
        FILE *file = fopen(name, "rb");
        if (file == NULL) continue;
        static char data[1 << 23];
        size_t len = fread(data, 1, sizeof data, file);
        fclose(file);
        assert_null(memmem(data, len, text, strlen(text)));
    }
}

/* What is clear of the last entry of the ledger. */
static bool clear_says(struct place *p, int64_t seq, const char *text)
{
    struct err_detail detail = {0};
    struct arena arena = {0};
    struct feed_entry entry;
    int reason;
    good(desk_entry(p->desk, seq, &entry, &reason, &arena, &detail), &detail);
    bool says = entry.part != NULL && memmem(entry.part, entry.part_len, text, strlen(text)) != NULL;
    arena_free(&arena);
    return says;
}

static void test_each_his_own(void **state)
{
    struct place *p = *state;
    bool gone[PEOPLE] = {false};
    visit(p, 4, true);
    assert_int_equal(send(p), 0);
    int64_t seq = p->desk->site->seq;
    decide(p, 4);
    expect(p, gone, PEOPLE);
    for (int i = 0; i < PEOPLE; i++) no_trace(p, said[i]);
    no_trace(p, "门口有狗");
    static const int order[] = {1, 4, 3, 0, 2};
    for (int k = 0; k < PEOPLE; k++) {
        gone[order[k]] = true;
        forget(p, order[k]);
        expect(p, gone, PEOPLE);
        for (int i = 0; i < 4; i++) assert_int_equal(clear_says(p, seq, said[i]), !gone[i]);
        assert_true(clear_says(p, seq, "门口有狗"));
    }
}

/* Said again of one who is forgotten: nothing is kept of it, all else is. */
static void test_of_the_forgotten(void **state)
{
    struct place *p = *state;
    bool gone[PEOPLE] = {true, false, false, false, false};
    forget(p, 0);
    visit(p, 3, false);
    assert_int_equal(send(p), 0);
    for (int i = 0; i < 3; i++) assert_int_equal(clear_says(p, p->desk->site->seq, said[i]), i > 0);
    decide(p, 0);
    expect(p, gone, 3);
    no_trace(p, said[0]);
}

/* Twice in one list, and in an order of their own. */
static void test_twice_in_a_list(void **state)
{
    struct place *p = *state;
    struct entry_writer *w = &p->phone.writer;
    entry_begin(w, KINDS_VISIT, p->door, noon, NULL);
    entry_put_id(w, KINDS_VISIT_ROUND, p->round);
    entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
    entry_list_begin(w, KINDS_VISIT_PEOPLE);
    item(w, p->people[1], "甲");
    item(w, p->people[0], "乙在先");
    item(w, p->people[2], NULL);
    item(w, p->people[0], "乙在后");
    entry_list_end(w);
    assert_int_equal(book_end(&p->phone), DW_OK);
    assert_int_equal(send(p), 0);
    assert_string_equal(evidence(p, 1), "甲");
    assert_string_equal(evidence(p, 0), "乙在先"); /* of one moment the first stands */
    forget(p, 0);
    assert_string_equal(evidence(p, 0), "");
    assert_string_equal(evidence(p, 1), "甲");
    int64_t seq = p->desk->site->seq - 1;
    assert_true(clear_says(p, seq, "甲") && !clear_says(p, seq, "乙在先") && !clear_says(p, seq, "乙在后"));
    reopen(p);
}

static void replace(struct place *p, const char *from, const char *to)
{
    struct upload_entry *e = &p->phone.entries[p->phone.count - 1];
    char *part = (char *)(uintptr_t)e->part, *at = memmem(part, e->part_len, from, strlen(from));
    assert_non_null(at);
    memcpy(at, to, strlen(to));
}

/* Clear values that name somebody else would be sealed for him: held, as is what does not fit its hash; without any the entry
 * stands. */
static void test_wrong_clear_values(void **state)
{
    struct place *p = *state;
    char a[ID_TEXT], b[ID_TEXT];
    id_text(a, p->people[0]);
    id_text(b, p->people[1]);
    visit(p, 1, false);
    replace(p, a, b);
    assert_int_equal(send(p), 1);
    visit(p, 2, false);
    replace(p, "江西", "江东");
    assert_int_equal(send(p), 1);
    assert_int_equal(site_count(p->desk->site, SITE_HELD), 2);
    for (uint32_t i = 0; i < 2; i++) assert_int_equal(site_held(p->desk->site, i)->reason, KINDS_HELD_REASON_MALFORMED);
    visit(p, 2, false);
    p->phone.entries[0].part = NULL;
    p->phone.entries[0].part_len = 0;
    assert_int_equal(send(p), 0);
    assert_string_equal(evidence(p, 0), "");
    assert_int_equal(site_mark(site_round(p->desk->site, 0), 0)->state, KINDS_STATE_AWAY);
    reopen(p);
}

/* A visit that waits for somebody keeps everyone's values; who is forgotten meanwhile is not told of when it is let go. */
static void test_while_it_waits(void **state)
{
    struct place *p = *state;
    bool gone[PEOPLE] = {false, true, false, false, false};
    struct id late = id_make(noon.ms, NULL), known = p->people[2];
    p->people[2] = late;
    visit(p, 3, true);
    assert_int_equal(send(p), 1);
    p->people[2] = known;
    forget(p, 1);
    reopen(p);
    entry_begin(&p->phone.writer, KINDS_PERSON_SET, late, noon, NULL);
    entry_put_text(&p->phone.writer, KINDS_PERSON_SET_NAME, "陈秀英");
    assert_int_equal(book_end(&p->phone), DW_OK);
    assert_int_equal(send(p), 0);
    p->people[2] = late;
    expect(p, gone, 3);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_each_his_own, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_of_the_forgotten, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_twice_in_a_list, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_wrong_clear_values, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_while_it_waits, setup, teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
