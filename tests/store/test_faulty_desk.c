/* A desk over a store that fails at every point in every way. What was told is there, what was not told is there whole or not at
 * all, the proof finds nothing, and the work can be taken up again to the same end: by the same desk and by a new one. What was
 * damaged on its way, the proof must find.
 *
 * DOORWARD_FAULTS: how many points apart the tries lie (1: every point; soak runs), DOORWARD_SEED: where they begin. */
#include "story.h"

#include <fcntl.h>

#include "wrapped.h"

static struct story_end desk_whole; /* what the story comes to when nothing fails */

struct desk_try {
    struct story story;
    struct store *store;
    enum faulty_how how;
    uint64_t at, struck;
    int failed; /* the step that failed; STORY_STEPS: none */
    int told;   /* pipe of a child */
};

static void desk_try_open(struct desk_try *t)
{
    struct err_detail detail = {0};
    lab_open(&t->story.lab);
    story_ok(wrapped_open(&t->store, t->story.lab.path, STORE_CREATE, &detail), &detail);
    faulty_arm(t->store, t->how, t->at);
    t->failed = STORY_STEPS;
}

/* The story up to its first failure. */
static dw_err desk_try_play(struct desk_try *t, struct err_detail *detail)
{
    for (int step = 0; step < STORY_STEPS; step++) {
        struct err_detail why = {0};
        dw_err code = story_do(&t->story, step, t->store, &why);
        if (step == STORY_SITE && code != DW_OK) t->store = NULL; /* closed with the desk */
        if (code == DW_OK) continue;
        t->failed = step;
        *detail = why;
        return code;
    }
    return DW_OK;
}

/* A clean look at the store; NULL: it holds no site. */
static struct desk *desk_look(const struct story *s)
{
    struct desk *desk;
    struct err_detail detail = {0};
    dw_err code = desk_open(&desk, s->lab.path, &detail);
    if (code != DW_E_NOT_FOUND || s->steps[STORY_SITE].told) story_ok(code, &detail);
    return desk;
}

/* From the failed step to the end, by the desk that failed or by a new one. */
static void desk_try_again(struct desk_try *t, bool same)
{
    struct story *s = &t->story;
    struct err_detail detail = {0};
    bool durable = t->how == FAULTY_AFTER || t->how == FAULTY_DIE_AFTER;
    struct desk *look = desk_look(s);
    assert_true(look != NULL || (t->failed == STORY_SITE && !durable));
    if (look != NULL) story_check(s, look, durable ? t->failed : STORY_STEPS);
    desk_close(look);
    if (same && s->desk != NULL) {
        faulty_arm(t->store, t->how, 0);
    } else {
        desk_close(s->desk);
        s->desk = look == NULL ? NULL : desk_look(s);
    }
    for (int step = s->desk != NULL && t->failed == STORY_SITE ? STORY_LIST : t->failed; step < STORY_STEPS; step++)
        story_ok(story_do(s, step, NULL, &detail), &detail);
    s->steps[STORY_SITE].told = true;
    struct story_end end = story_end(s->desk);
    story_same(&end, &desk_whole);
    desk_close(s->desk);
    s->desk = desk_look(s);
    story_check(s, s->desk, STORY_STEPS);
    end = story_end(s->desk);
    story_same(&end, &desk_whole);
}

/* One point; the number of the one that was struck, 0: the story ended before. */
static uint64_t desk_point(enum faulty_how how, uint64_t at)
{
    struct desk_try t = {.how = how, .at = at};
    struct err_detail detail = {0};
    desk_try_open(&t);
    if (desk_try_play(&t, &detail) != DW_OK) {
        unsigned long long struck = 0; /* a site that could not be made has closed the store: the error's text knows */
        if (sscanf(detail.text, "fault at point %llu", &struck) != 1)
            print_error("at %llu, step %d: %s\n", (unsigned long long)at, t.failed, detail.text);
        assert_int_equal(sscanf(detail.text, "fault at point %llu", &struck), 1);
        assert_non_null(strstr(detail.text, faulty_name(how)));
        t.struck = struck;
        desk_try_again(&t, struck % 2 == 0);
    } else {
        assert_int_equal(faulty_struck(t.store), 0);
    }
    story_free(&t.story);
    return t.struck;
}

static uint64_t desk_stride(void)
{
    const char *given = getenv("DOORWARD_FAULTS");
    return given == NULL ? 0 : strtoull(given, NULL, 10);
}

static void desk_sweep(enum faulty_how how, uint64_t usual, uint64_t (*point)(enum faulty_how how, uint64_t at))
{
    struct rng rng = rng_seed(lab_seed(faulty_name(how)));
    uint64_t stride = desk_stride() > 0 ? desk_stride() : usual, tried = 0;
    for (uint64_t at = 1 + rng_below(&rng, stride);;) {
        uint64_t struck = point(how, at);
        if (struck == 0) break;
        tried++;
        at = struck + 1 + rng_below(&rng, 2 * stride - 1); /* stride apart, on the average */
    }
    printf("%s: %llu points tried, about %llu apart\n", faulty_name(how), (unsigned long long)tried, (unsigned long long)stride);
    assert_true(tried > 0);
}

static void desk_whole_story(void **state)
{
    struct desk_try t = {.how = FAULTY_IO};
    struct err_detail detail = {0};
    (void)state;
    desk_try_open(&t);
    story_ok(desk_try_play(&t, &detail), &detail);
    printf("%llu operations, %llu values, %lld entries\n", (unsigned long long)faulty_count(t.store, FAULTY_IO),
           (unsigned long long)faulty_count(t.store, FAULTY_CORRUPT), (long long)t.story.desk->site->seq);
    desk_whole = story_end(t.story.desk);
    story_check(&t.story, t.story.desk, STORY_STEPS);
    assert_int_equal(desk_whole.people, STORY_PEOPLE + 1);
    assert_int_equal(desk_whole.held, 1);
    assert_int_equal(desk_whole.rounds, 1);
    story_free(&t.story);
}

static void loses(void **state)
{
    (void)state;
    desk_sweep(FAULTY_LOSE, 8, desk_point);
}

static void is_full(void **state)
{
    (void)state;
    desk_sweep(FAULTY_FULL, 8, desk_point);
}

static void fails_once(void **state)
{
    (void)state;
    desk_sweep(FAULTY_IO, 5, desk_point);
}

static void is_busy(void **state)
{
    (void)state;
    desk_sweep(FAULTY_BUSY, 1, desk_point);
}

static void is_gone(void **state)
{
    (void)state;
    desk_sweep(FAULTY_GONE, 5, desk_point);
}

static void loses_the_answer(void **state)
{
    (void)state;
    desk_sweep(FAULTY_AFTER, 1, desk_point);
}

/* What a child says: each step that it was told of, and which point it died at. */
struct desk_word {
    int step; /* STORY_STEPS: died */
    uint64_t struck;
    struct upload_receipt receipts[STORY_UPLOADS];
};

static void desk_say(const struct desk_try *t, const struct desk_word *word)
{
    if (write(t->told, word, sizeof *word) != (ssize_t)sizeof *word) _exit(3);
}

static void desk_last_word(void *ctx)
{
    struct desk_try *t = ctx;
    struct desk_word word = {.step = STORY_STEPS, .struck = faulty_struck(t->store)};
    desk_say(t, &word);
    _exit(FAULTY_DEATH);
}

static int desk_child(void *ctx)
{
    struct desk_try *t = ctx;
    struct err_detail detail = {0};
    lab_must(wrapped_open(&t->store, t->story.lab.path, STORE_CREATE, &detail), &detail);
    faulty_arm(t->store, t->how, t->at);
    faulty_on_death(t->store, desk_last_word, t);
    for (int step = 0; step < STORY_STEPS; step++) {
        lab_must(story_do(&t->story, step, t->store, &detail), &detail);
        struct desk_word word = {.step = step};
        memcpy(word.receipts, t->story.steps[step].receipts, sizeof word.receipts);
        desk_say(t, &word);
    }
    desk_close(t->story.desk);
    return 0;
}

static uint64_t desk_death(enum faulty_how how, uint64_t at)
{
    struct desk_try t = {.how = how, .at = at};
    struct desk_word word;
    int pipes[2], status;
    lab_open(&t.story.lab);
    assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
    t.told = pipes[1];
    pid_t pid = lab_fork(desk_child, &t);
    close(pipes[1]);
    while (read(pipes[0], &word, sizeof word) == (ssize_t)sizeof word) {
        t.struck = word.struck;
        if (word.step == STORY_STEPS) continue;
        t.story.steps[word.step].told = true;
        memcpy(t.story.steps[word.step].receipts, word.receipts, sizeof word.receipts);
        t.failed = word.step + 1;
    }
    close(pipes[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), t.struck == 0 ? 0 : FAULTY_DEATH);
    if (t.struck != 0) desk_try_again(&t, false);
    story_free(&t.story);
    return t.struck;
}

static void dies(void **state)
{
    (void)state;
    desk_sweep(FAULTY_DIE, 8, desk_death);
}

static void dies_after(void **state)
{
    (void)state;
    desk_sweep(FAULTY_DIE_AFTER, 1, desk_death);
}

struct desk_row {
    const struct faulty_damage *damage;
    bool stands;
};

static dw_err desk_row_compare(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct desk_row *row = ctx;
    (void)detail;
    bool same = count + 1 == row->damage->columns;
    for (size_t i = 0; i < count && same; i++) {
        const struct store_value *want = &row->damage->row[i + 1];
        bool long_one = want->type == STORE_TEXT || want->type == STORE_BYTES;
        same = want->type == v[i].type && (want->type != STORE_INT || want->n == v[i].n);
        if (same && long_one) same = want->len == v[i].len && memcmp(want->data, v[i].data, v[i].len) == 0;
    }
    row->stands = row->stands || same;
    return DW_OK;
}

/* Whether the row stands in the store as it was damaged: nothing later was written over it. */
static bool desk_damage_stands(const struct story *s, const struct faulty_damage *damage)
{
    struct err_detail detail = {0};
    struct store *store;
    struct desk_row row = {damage, false};
    story_ok(store_open(&store, s->lab.path, STORE_USE, &detail), &detail);
    for (int table = 0; table < TABLES_COUNT; table++) {
        const struct tables_sql *sql = tables_get((enum tables_name)table);
        if (&sql->put == damage->sql)
            story_ok(store_ask(store, &sql->all, damage->row, 1, desk_row_compare, &row, &detail), &detail);
    }
    store_close(store);
    return row.stands;
}

/* True when the proof finds it, or the site cannot even be opened; either must say what it met. */
static bool desk_damage_found(const struct story *s)
{
    struct desk *desk;
    struct verify_report report;
    struct err_detail detail = {0};
    dw_err code = desk_open(&desk, s->lab.path, &detail);
    bool found = code != DW_OK;
    if (code == DW_OK) {
        code = verify_run(&report, desk, NULL, &detail);
        found = code != DW_OK || report.faults > 0;
        if (code == DW_OK && found) assert_true(report.told[0][0] != 0);
    }
    if (code != DW_OK) assert_true(detail.text[0] != 0);
    desk_close(desk);
    return found;
}

static uint64_t desk_damage(enum faulty_how how, uint64_t at)
{
    struct desk_try t = {.how = how, .at = at};
    struct err_detail detail = {0};
    desk_try_open(&t);
    desk_try_play(&t, &detail); /* it may meet its own damage on the way */
    if (t.store != NULL) {
        t.struck = faulty_struck(t.store);
        struct faulty_damage damage = faulty_damage(t.store);
        if (t.struck != 0 && desk_damage_stands(&t.story, &damage) && !desk_damage_found(&t.story))
            fail_msg("%s, value %llu, column %zu of %s: not found", faulty_name(how), (unsigned long long)at, damage.column + 1,
                     damage.sql->text);
    }
    story_free(&t.story);
    return t.store == NULL ? at : t.struck;
}

static void finds_what_is_corrupt(void **state)
{
    (void)state;
    desk_sweep(FAULTY_CORRUPT, 40, desk_damage);
}

static void finds_what_is_short(void **state)
{
    (void)state;
    desk_sweep(FAULTY_SHORT, 40, desk_damage);
}

/* The reload after a failed transaction may fail too. The state in memory is then ahead of the store; when others meanwhile write
 * as many entries as were lost, it must not pass for theirs. */
static void is_not_fooled_by_numbers(void **state)
{
    struct desk_try t = {.how = FAULTY_GONE};
    struct story *s = &t.story;
    struct err_detail detail = {0};
    struct book book = {0};
    (void)state;
    desk_try_open(&t);
    for (int step = STORY_SITE; step < STORY_VISITS; step++) story_ok(story_do(s, step, t.store, &detail), &detail);
    faulty_arm(t.store, FAULTY_GONE, 8);
    assert_int_equal(story_do(s, STORY_VISITS, NULL, &detail), DW_E_IO);
    assert_true(faulty_struck(t.store) > 0);
    int64_t lost = story_entries(s, STORY_VISITS);
    struct desk *other = desk_look(s);
    story_ok(book_open(&book, other, DESK_CLI_DEVICE, &detail), &detail);
    for (int64_t i = 0; i < lost; i++) {
        entry_begin(&book.writer, KINDS_DOOR_SET, s->doors[i], story_at(STORY_VISITS), NULL);
        entry_put_id(&book.writer, KINDS_DOOR_SET_BUILDING, s->building);
        entry_put_int(&book.writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
        entry_put_text(&book.writer, KINDS_DOOR_SET_ROOM, "801");
        story_end_entry(&book);
    }
    story_ok(book_commit(other, &book, 1, story_at(STORY_VISITS), NULL, &detail), &detail);
    book_free(&book);
    int64_t seq = other->site->seq;
    desk_close(other);
    faulty_arm(t.store, FAULTY_GONE, 0);
    story_ok(story_do(s, STORY_VISITS, NULL, &detail), &detail);
    assert_int_equal(s->desk->site->seq, seq + lost);
    story_verify(s->desk);
    desk_close(s->desk);
    s->desk = desk_look(s);
    story_verify(s->desk);
    story_honoured(s->desk, &s->steps[STORY_VISITS].uploads[0], &s->steps[STORY_VISITS].receipts[0]);
    story_free(s);
}

/* Opening and proving tell a store that fails from one that is damaged, wherever it fails. */
static void reading_says_what_failed(void **state)
{
    static const enum faulty_how hows[] = {FAULTY_IO, FAULTY_GONE};
    struct story story = {0};
    struct err_detail detail = {0};
    struct store *store;
    (void)state;
    lab_open(&story.lab);
    for (int step = 0; step < STORY_STEPS; step++) story_ok(story_do(&story, step, NULL, &detail), &detail);
    for (uint64_t at = 1, read = 1; at <= read; at++) {
        enum faulty_how how = hows[at % 2];
        struct verify_report report = {0};
        struct desk *desk;
        struct err_detail why = {0};
        story_ok(wrapped_open(&store, story.lab.path, STORE_USE, &detail), &detail);
        faulty_arm(store, FAULTY_IO, 0);
        story_ok(desk_open_over(&desk, store, story.lab.path, &detail), &detail);
        story_ok(verify_run(&report, desk, NULL, &detail), &detail);
        read = faulty_count(store, FAULTY_IO);
        desk_close(desk);
        story_ok(wrapped_open(&store, story.lab.path, STORE_USE, &detail), &detail);
        faulty_arm(store, how, at);
        dw_err code = desk_open_over(&desk, store, story.lab.path, &why);
        if (code == DW_OK) code = verify_run(&report, desk, NULL, &why);
        desk_close(desk);
        assert_int_equal(code, DW_E_IO);
        assert_int_equal(report.faults, 0);
        assert_non_null(strstr(why.text, faulty_name(how)));
    }
    story_free(&story);
}

static void a_site_is_made_once(void **state)
{
    struct story story = {0};
    struct desk_new spec = {.name = "第二个", .code = "", .at = story_at(0)};
    struct err_detail detail = {0};
    struct store *store;
    struct desk *desk;
    char path[400];
    (void)state;
    lab_open(&story.lab);
    story_ok(story_do(&story, STORY_SITE, NULL, &detail), &detail);
    assert_int_equal(desk_create(&desk, story.lab.path, &spec, &detail), DW_E_EXISTS);
    assert_null(desk);
    story_ok(store_open(&store, story.lab.path, STORE_USE, &detail), &detail);
    assert_int_equal(desk_create_over(&desk, store, lab_beside(path, &story.lab, "-second"), &spec, &detail), DW_E_EXISTS);
    assert_null(desk);
    story_check(&story, story.desk, STORY_STEPS);
    story_free(&story);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(desk_whole_story),
        cmocka_unit_test(loses),
        cmocka_unit_test(is_full),
        cmocka_unit_test(fails_once),
        cmocka_unit_test(is_busy),
        cmocka_unit_test(is_gone),
        cmocka_unit_test(loses_the_answer),
        cmocka_unit_test(dies),
        cmocka_unit_test(dies_after),
        cmocka_unit_test(finds_what_is_corrupt),
        cmocka_unit_test(finds_what_is_short),
        cmocka_unit_test(is_not_fooled_by_numbers),
        cmocka_unit_test(reading_says_what_failed),
        cmocka_unit_test(a_site_is_made_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
