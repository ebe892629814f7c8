/* Two desks over one store, as two servers of one site: random writes on either, and after each catching up both hold the same
 * state, which is that of the tables and that of a replay. */
#include "order_story.h"

#include "desk/register.h"
#include "desk/replay.h"
#include "desk/tally.h"
#include "store/faulty/faulty.h"

enum { DESKS = 2 };

/* Everything in a state is written again, to be told by sums. Geometry is kept by its table alone. */
static void all_dirty(struct site *site)
{
    for (int type = 0; type < SITE_TYPES; type++)
        for (uint32_t i = 0; i < site_count(site, (enum site_type)type); i++) {
            if (type == SITE_AREA) site_area(site, i)->geometry = NULL;
            assert_true(site_touch(site, (enum site_type)type, i));
        }
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) {
        struct site_round *round = site_round(site, i);
        assert_true(arena_grow((void **)&round->dirty_marks, &round->dirty_mark_cap, round->mark_count + 1, sizeof(uint32_t)));
        assert_true(arena_grow((void **)&round->dirty_visits, &round->dirty_visit_cap, round->visit_count + 1, sizeof(uint32_t)));
        round->dirty_mark_count = round->dirty_visit_count = 0;
        for (uint32_t p = 0; p < round->mark_count; p++)
            if (site_mark(round, p) != NULL) round->dirty_marks[round->dirty_mark_count++] = p;
        for (uint32_t v = 0; v < round->visit_count; v++) round->dirty_visits[round->dirty_visit_count++] = v;
    }
}

static void same(const struct tally *a, const struct tally *b, const char *which)
{
    for (int table = 0; table < TABLES_COUNT; table++)
        if (!tally_same(a, b, (enum tables_name)table))
            fail_msg("%s: table %s, %lld rows against %lld", which, tables_get((enum tables_name)table)->name,
                     (long long)a->sums[table].rows, (long long)b->sums[table].rows);
}

static void tell(struct tally *out, const struct tally *like, struct site *site, struct keyring *keys)
{
    struct err_detail detail = {0};
    tally_make(out, like);
    all_dirty(site);
    good(tables_flush(site, &out->base, keys, true, &detail), &detail);
    tables_clean(site);
}

static void compare(struct desk *desks[DESKS])
{
    struct err_detail detail = {0};
    struct tally first, other;
    struct site *loaded, *replayed = NULL;
    for (int i = 0; i < DESKS; i++) good(writer_refresh(desks[i], &detail), &detail);
    assert_int_equal(desks[0]->site->seq, desks[1]->site->seq);
    tell(&first, NULL, desks[0]->site, desks[0]->keys);
    tell(&other, &first, desks[1]->site, desks[1]->keys);
    same(&first, &other, "the other desk");
    tally_free(&other);
    good(site_make(&loaded), &detail);
    good(tables_load(loaded, desks[0]->store, desks[0]->keys, &detail), &detail);
    tell(&other, &first, loaded, desks[0]->keys);
    same(&first, &other, "the tables");
    tally_free(&other);
    site_free(loaded);
    good(replay_site(&replayed, desks[1]->store, desks[1]->keys, desks[1]->site->id, NULL, NULL, &detail), &detail);
    tell(&other, &first, replayed, desks[1]->keys);
    same(&first, &other, "the replay");
    tally_free(&other);
    tally_free(&first);
    site_free(replayed);
}

/* Something that only an office does: takes an entry back, or decides on one that waits. */
static void office_acts(struct story *s, struct desk *desk, const size_t sent[PHONES + 1])
{
    struct err_detail detail = {0};
    size_t phone = rng_below(&s->rng, PHONES);
    if (rng_below(&s->rng, 3) == 0 && sent[phone] > 0) {
        struct book by = {0};
        good(book_open(&by, desk, DESK_CLI_DEVICE, &detail), &detail);
        entry_begin(&by.writer, KINDS_ENTRY_VOID, desk->site->id, evening, NULL);
        entry_put_id(&by.writer, KINDS_ENTRY_VOID_DEVICE, s->phones[phone].writer.device);
        entry_put_int(&by.writer, KINDS_ENTRY_VOID_N, 1 + (int64_t)rng_below(&s->rng, sent[phone]));
        assert_int_equal(book_end(&by), DW_OK);
        good(book_commit(desk, &by, 1, evening, NULL, &detail), &detail);
        book_free(&by);
        return;
    }
    good(writer_refresh(desk, &detail), &detail);
    for (uint32_t i = 0; i < site_count(desk->site, SITE_HELD); i++) {
        const struct site_held *held = site_held(desk->site, i);
        if (held->state != SITE_HELD_WAITING || rng_below(&s->rng, 2)) continue;
        dw_err err = register_decide_held(desk, held->seq, rng_below(&s->rng, 2), evening, &detail);
        assert_true(err == DW_OK || err == DW_E_STATE);
        return;
    }
}

/* The second desk's store fails somewhere while it catches up, or takes an upload: afterwards both are the same again. */
static void fail_once(struct story *s, struct desk *desk, struct book *book, size_t from, size_t count)
{
    static const enum faulty_how ways[] = {FAULTY_IO, FAULTY_GONE, FAULTY_FULL, FAULTY_BUSY, FAULTY_LOSE, FAULTY_AFTER};
    struct err_detail detail = {0};
    enum faulty_how how = ways[rng_below(&s->rng, sizeof ways / sizeof *ways)];
    faulty_arm(desk->store, how, 1 + rng_below(&s->rng, 40));
    writer_refresh(desk, &detail);
    if (count > 0) try_take(desk, book, from, count, &detail);
    faulty_arm(desk->store, how, 0);
}

static void play(struct story *s, struct desk *desks[DESKS], bool failing)
{
    size_t sent[PHONES + 1] = {[PHONES] = s->first}, left = s->office.count - s->first;
    take(desks[0], &s->office, 0, s->first);
    for (int i = 0; i < PHONES; i++) left += s->phones[i].count;
    while (left > 0) {
        struct desk *desk = desks[rng_below(&s->rng, DESKS)];
        size_t phone = rng_below(&s->rng, PHONES + 1);
        struct book *book = phone == PHONES ? &s->office : &s->phones[phone];
        size_t rest = book->count - sent[phone];
        if (rng_below(&s->rng, 12) == 0) office_acts(s, desk, sent);
        if (rng_below(&s->rng, 8) == 0) compare(desks);
        if (rest == 0) continue;
        size_t count = 1 + rng_below(&s->rng, rest < 9 ? rest : 9);
        if (failing) fail_once(s, desks[1], book, sent[phone], rng_below(&s->rng, 2) ? count : 0);
        take(desk, book, sent[phone], count);
        sent[phone] += count;
        left -= count;
    }
    compare(desks);
}

static void two_desks(bool failing)
{
    const char *given = getenv("DOORWARD_SEED"), *many = getenv("DOORWARD_SEEDS");
    uint64_t base;
    rng_bytes(NULL, &base, sizeof base);
    if (given != NULL) base = strtoull(given, NULL, 10);
    for (int round = 0; round < (many == NULL ? 3 : (int)strtol(many, NULL, 10)); round++) {
        uint64_t seed = base % 1000000 + (uint64_t)round;
        struct story *s = make_story(seed);
        struct desk *desks[DESKS];
        struct err_detail detail = {0};
        char dir[64] = "/tmp/doorward-catchup-XXXXXX", path[96];
        print_message("seed %llu\n", (unsigned long long)seed);
        assert_non_null(mkdtemp(dir));
        snprintf(path, sizeof path, "%s/a.db", dir);
        desks[0] = story_site(path);
        struct store *store = NULL;
        if (failing) {
            good(store_open(&store, path, STORE_USE, &detail), &detail);
            good(faulty_wrap(&store, store, &detail), &detail);
            good(desk_open_over(&desks[1], store, path, &detail), &detail);
        } else {
            good(desk_open(&desks[1], path, &detail), &detail);
        }
        enrol_all(s, desks[0], true);
        story_office(s);
        story_merges(s);
        for (int64_t step = 0; step < STEPS * PHONES; step++)
            story_step(s, &s->phones[step % PHONES],
                       (struct when){noon.ms + 1000 * (1 + (int64_t)rng_below(&s->rng, 5) + step * 7), noon.offset});
        play(s, desks, failing);
        for (int i = 0; i < DESKS; i++) desk_close(desks[i]);
        clear(dir, path);
        free_story(s);
    }
}

static void test_two_desks(void **state)
{
    (void)state;
    two_desks(false);
}

static void test_one_of_them_failing(void **state)
{
    (void)state;
    two_desks(true);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_two_desks), cmocka_unit_test(test_one_of_them_failing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
