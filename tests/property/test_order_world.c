/* The order law over a whole round: what the phones of a village recorded is handed in over several bad networks, each from the
 * same store; enrolments come at the same moments, every upload's clock correction is what the phone's clock is off, and so the
 * round must end the same: its counts, who is missing and why, and where everybody is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/folder.h"
#include "../unit/seed.h"
#include "base/keys.h"
#include "desk/round.h"
#include "desk/verify.h"
#include "sim/bad.h"
#include "sim/demo.h"

enum { NETWORKS = 4, VILLAGES = 2 };

static const struct when freeze = {1649451600000, 480};

struct outcome {
    struct cover_counts counts;
    uint32_t by_state[KINDS_STATE_COUNT], people, doors;
    int64_t accepted, forks, arrived;
    uint64_t missing, places, samples; /* hashes over ids, which do not depend on numbers given by arrival */
    uint32_t doubtful;
};

static void good(dw_err err, const struct err_detail *detail)
{
    if (err != DW_OK) print_error("%s: %s\n", err_name(err), detail->text);
    assert_int_equal(err, DW_OK);
}

static void copy_file(const struct folder *f, const char *from, const char *to)
{
    char path[FOLDER_PATH];
    size_t len;
    folder_file(path, f, from);
    char *data = folder_read(path, &len);
    folder_file(path, f, to);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    free(data);
}

/* Sums of hashes: the order in which people came does not matter. */
static void people_of(struct outcome *out, const struct site *site, const struct site_round *round)
{
    out->people = site_count(site, SITE_PERSON);
    out->doors = site_count(site, SITE_DOOR);
    for (uint32_t p = 0; p < out->people; p++) {
        char text[256], door[ID_TEXT] = "";
        bool gone;
        uint32_t place = site_place(site, p, &gone);
        const struct site_mark *mark = site_mark(round, p);
        int n = 0;
        if (place != SITE_NONE && site_stay(site, place)->door != SITE_NONE)
            id_text(door, site_door(site, site_stay(site, place)->door)->id);
        memset(text, 0, sizeof text);
        memcpy(text, site_person(site, p)->id.b, 16);
        n = 16 + snprintf(text + 16, sizeof text - 16, "%s %d %d %d", door, gone, mark == NULL ? -1 : mark->state,
                          mark == NULL ? -1 : mark->excuse);
        out->places += hash_quick(text, (size_t)n);
        if (p < cover_people(round->cover) && cover_is_missing(round->cover, p)) out->missing += hash_quick(text, (size_t)n);
    }
}

/* Every sample with its state, and the box its tube is in. */
static void samples_of(struct outcome *out, const struct site *site)
{
    for (uint32_t i = 0; i < site_count(site, SITE_SAMPLE); i++) {
        const struct site_sample *sample = site_sample(site, i);
        const struct site_tube *tube = site_tube(site, sample->tube);
        struct id ids[3] = {tube->id, site_person(site, sample->person)->id};
        if (tube->box != SITE_NONE) ids[2] = site_box(site, tube->box)->id;
        int64_t numbers[] = {sample->state, sample->position, tube->opened.ms, tube->sealed.ms};
        out->samples += hash_quick(ids, sizeof ids) ^ hash_quick(numbers, sizeof numbers);
        out->doubtful += sample->state != SITE_SAMPLE_STANDS;
    }
}

/* The settling must be able to see what is gone: an entry of a receipt, and everything that was set apart. */
static void take_away(const struct sync *sync)
{
    static const struct store_sql entry = {"DELETE FROM entry WHERE site_id = $1 AND seq = $2"},
                                  forks = {"DELETE FROM fork WHERE site_id = $1"};
    struct err_detail detail = {0};
    struct settle before = {0}, after = {0};
    struct store_value v[] = {store_id(&sync->desk->site->id), store_int(sync->receipts[0].receipt.first_seq)};
    good(settle_run(&before, sync, &detail), &detail);
    good(store_run(sync->desk->store, &entry, v, 2, 1, &detail), &detail);
    good(store_run(sync->desk->store, &forks, v, 1, 1, &detail), &detail);
    good(settle_run(&after, sync, &detail), &detail);
    assert_int_equal(after.lost, 1 + before.quarantined);
    assert_true(after.broken >= 1);
    assert_int_equal(after.quarantined + after.forks, 0);
    settle_free(&before);
    settle_free(&after);
}

static void hand_in(struct outcome *out, const struct folder *f, struct phone_fleet *fleet, const struct bad_round *round)
{
    struct err_detail detail = {0};
    struct desk *desk = NULL;
    struct sync sync = {0};
    struct settle settle = {0};
    struct round_status status = {0};
    static struct verify_report report;
    char path[FOLDER_PATH];
    memset(out, 0, sizeof *out);
    copy_file(f, "site.db", "b.db");
    copy_file(f, "site.db.keys", "b.db.keys");
    copy_file(f, "site.db.sitekey", "b.db.sitekey");
    folder_file(path, f, "b.db");
    good(desk_open(&desk, path, &detail), &detail);
    good(bad_hand_in(&sync, desk, fleet, round, NULL, &detail), &detail);
    good(settle_run(&settle, &sync, &detail), &detail);
    assert_int_equal(settle.lost + settle.broken + settle.mistimed, 0);
    assert_int_equal(settle.accepted + settle.released + settle.quarantined, settle.recorded);
    const struct site *site = desk_read(desk);
    good(round_status(&status, site, round->number, false, &detail), &detail);
    people_of(out, site, site_round(site, status.round));
    samples_of(out, site);
    desk_read_end(desk);
    out->counts = status.all;
    memcpy(out->by_state, status.by_state, sizeof out->by_state);
    out->accepted = settle.accepted + settle.released;
    out->forks = settle.forks;
    out->arrived = sync.network.counts.arrived;
    good(verify_run(&report, desk, NULL, &detail), &detail);
    assert_int_equal(report.faults, 0);
    take_away(&sync);
    round_status_free(&status);
    settle_free(&settle);
    sync_free(&sync);
    desk_close(desk);
    folder_file(path, f, "b.db");
    unlink(path);
    folder_file(path, f, "b.db-wal");
    unlink(path);
    folder_file(path, f, "b.db-shm");
    unlink(path);
}

static void drop(const struct folder *f)
{
    struct folder inner;
    snprintf(inner.path, sizeof inner.path, "%.40s/village/truth", f->path);
    folder_drop(&inner);
    snprintf(inner.path, sizeof inner.path, "%.40s/village", f->path);
    folder_drop(&inner);
    folder_drop(f);
}

static void village(struct rng *rng, uint32_t people)
{
    struct folder f;
    struct err_detail detail = {0};
    static struct demo_result made;
    struct desk *desk = NULL;
    struct worker_result worker;
    struct rng ids;
    struct rates rates = rates_bad();
    struct phone_fleet fleet = {.rates = &rates, .rng = &ids};
    struct bad_round round = {.people = people, .seed = rng_below(rng, 1000000)};
    struct outcome first, other;
    /* A revocation's place among the phone's uploads would differ, and a correction holds what an upload took to arrive. */
    rates.stolen = 0;
    rates.restored = 4000;
    rates.slow = 0;
    rates.again = (struct rates_range){0, 0}; /* a late copy may be the first to be taken, with its delay as a correction */
    /* Much that phones say of one person, and handed in long after. */
    rates.second = 4000;
    rates.offline = 6000;
    rates.spell = (struct rates_range){3600000, 14 * 3600000};
    rates.transit = (struct rates_range){0, 0};
    folder_make(&f);
    memset(&made, 0, sizeof made);
    folder_file(made.store, &f, "site.db");
    folder_file(made.village, &f, "village");
    round.dir = made.village;
    good(village_write(&made.summary, made.village, round.seed, people, NULL, &detail), &detail);
    good(demo_prepare(&made, &desk, NULL, &detail), &detail);
    good(round_open(&made.opened, desk, KINDS_ROUND_KIND_PCR, freeze, freeze, &detail), &detail);
    round.number = made.opened.number;
    good(bad_gather(&worker, &fleet, desk, &round, NULL, &detail), &detail);
    desk_close(desk);
    for (int i = 0; i < NETWORKS; i++) {
        round.network = rng_below(rng, 1000000);
        hand_in(i == 0 ? &first : &other, &f, &fleet, &round);
        printf("village %llu, network %llu: %lld uploads arrived, %lld forks\n", (unsigned long long)round.seed,
               (unsigned long long)round.network, (long long)(i == 0 ? first : other).arrived,
               (long long)(i == 0 ? first : other).forks);
        if (i == 0) continue;
        assert_memory_equal(&first.counts, &other.counts, sizeof first.counts);
        assert_memory_equal(first.by_state, other.by_state, sizeof first.by_state);
        assert_int_equal(first.people, other.people);
        assert_int_equal(first.doors, other.doors);
        assert_int_equal(first.accepted, other.accepted);
        assert_int_equal(first.forks, other.forks);
        assert_true(first.missing == other.missing);
        assert_true(first.places == other.places);
        assert_true(first.samples == other.samples);
        assert_int_equal(first.doubtful, other.doubtful);
        assert_true(first.doubtful > 0);
    }
    phone_free(&fleet);
    drop(&f);
}

static void test_any_network(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    for (int i = 0; i < VILLAGES; i++) village(&rng, 300 + 300 * (uint32_t)i);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_network)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
