/* Whom a round owes: whatever was said of who lives where since when, and until when, everyone who lives here at the freeze is in
 * the roster and counted where he lives then, nobody else is, and whoever is registered here and not owed is on the list of those
 * outside. Against a model of its own. */
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

enum { PEOPLE = 30, DOORS = 6, WORDS = 5, DAYS = 8, VILLAGES = 12 };

static const struct when start = {1649390400000, 480};

/* One word about where somebody lives. */
struct word {
    int64_t said, at; /* days; said rises, as a device's times do */
    int door;         /* -1: nobody knows where */
    bool left;
};

struct life {
    struct id id;
    struct word words[WORDS + 2];
    int count;
};

struct village {
    char dir[64], path[96];
    struct desk *desk;
    struct rng rng;
    struct id areas[DOORS], doors[DOORS];
    struct life lives[PEOPLE];
};

static void good(dw_err err, const struct err_detail *detail)
{
    if (err != DW_OK) print_error("%s: %s\n", err_name(err), detail->text);
    assert_int_equal(err, DW_OK);
}

static struct when day(int64_t n)
{
    return (struct when){start.ms + n * 86400000, start.offset};
}

static void commit(struct village *v, struct book *book, int64_t now)
{
    struct err_detail detail = {0};
    size_t held = 0;
    good(book_commit(v->desk, book, 1, day(now), &held, &detail), &detail);
    assert_int_equal(held, 0);
}

static void say(struct village *v, struct book *book, struct life *life, struct word word)
{
    struct entry_writer *w = &book->writer;
    if (word.left) {
        entry_begin(w, KINDS_STAY_END, life->id, day(word.said), NULL);
        entry_put_id(w, KINDS_STAY_END_DOOR, v->doors[word.door]);
        entry_put_time(w, KINDS_STAY_END_AT, day(word.at));
        entry_put_int(w, KINDS_STAY_END_WHY, KINDS_LEAVE_MOVED);
    } else {
        entry_begin(w, KINDS_PERSON_SET, life->id, day(word.said), NULL);
        entry_put_text(w, KINDS_PERSON_SET_NAME, "林志强");
        if (word.door >= 0) entry_put_id(w, KINDS_PERSON_SET_DOOR, v->doors[word.door]);
        entry_put_time(w, KINDS_PERSON_SET_FROM, day(word.at));
    }
    assert_int_equal(book_end(book), DW_OK);
    life->words[life->count++] = word;
}

static void build(struct village *v, uint64_t seed)
{
    struct err_detail detail = {0};
    struct book book = {0};
    struct desk_new spec = {.name = "村", .code = "", .synthetic = true, .at = day(-DAYS)};
    v->rng = rng_seed(seed);
    snprintf(v->dir, sizeof v->dir, "/tmp/doorward-freeze-XXXXXX");
    assert_non_null(mkdtemp(v->dir));
    snprintf(v->path, sizeof v->path, "%s/site.db", v->dir);
    good(desk_create(&v->desk, v->path, &spec, &detail), &detail);
    good(book_open(&book, v->desk, DESK_CLI_DEVICE, &detail), &detail);
    for (int i = 0; i < DOORS; i++) {
        char code[16];
        snprintf(code, sizeof code, "1-%d", i + 1);
        v->areas[i] = id_make(start.ms, &v->rng);
        v->doors[i] = id_make(start.ms, &v->rng);
        entry_begin(&book.writer, KINDS_AREA_SET, v->areas[i], day(-DAYS), NULL);
        entry_put_int(&book.writer, KINDS_AREA_SET_KIND, KINDS_AREA_KIND_BUILDING);
        entry_put_text(&book.writer, KINDS_AREA_SET_CODE, code);
        assert_int_equal(book_end(&book), DW_OK);
        entry_begin(&book.writer, KINDS_DOOR_SET, v->doors[i], day(-DAYS), NULL);
        entry_put_id(&book.writer, KINDS_DOOR_SET_BUILDING, v->areas[i]);
        entry_put_int(&book.writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
        assert_int_equal(book_end(&book), DW_OK);
    }
    for (int i = 0; i < PEOPLE; i++) v->lives[i].id = id_make(start.ms, &v->rng);
    commit(v, &book, -DAYS);
    book_free(&book);
}

/* What is said on one day: of some people, about that day, earlier or later. */
static void live(struct village *v, int64_t today)
{
    struct err_detail detail = {0};
    struct book book = {0};
    good(book_open(&book, v->desk, DESK_CLI_DEVICE, &detail), &detail);
    for (int i = 0; i < PEOPLE; i++) {
        struct life *life = &v->lives[i];
        if (life->count >= WORDS || rng_below(&v->rng, 3) != 0) continue;
        struct word word = {.said = today,
                            .at = today + (rng_below(&v->rng, 2) ? 0 : (int64_t)rng_below(&v->rng, 9) - 3),
                            .door = (int)rng_below(&v->rng, DOORS),
                            .left = life->count > 0 && rng_below(&v->rng, 3) == 0};
        /* Mostly he leaves where he lives. */
        for (int k = life->count; word.left && k-- > 0 && rng_below(&v->rng, 4) != 0;)
            if (!life->words[k].left && life->words[k].door >= 0) {
                word.door = life->words[k].door;
                break;
            }
        if (!word.left && life->count == 0 && rng_below(&v->rng, 8) == 0) word.door = -1;
        say(v, &book, life, word);
    }
    if (book.count > 0) commit(v, &book, today);
    book_free(&book);
}

/* Where he lives by the words that count: -2 nowhere, -1 nobody knows at which door. *place: the door also of who left. */
static int model(const struct life *life, bool (*counts)(const struct word *word, int64_t freeze), int64_t freeze, int *place)
{
    int at = -2;
    *place = -2;
    for (int i = 0; i < life->count; i++) {
        const struct word *word = &life->words[i];
        if (!counts(word, freeze)) continue;
        if (!word->left)
            at = *place = word->door;
        else if (*place == -2 || *place == word->door)
            at = -2;
    }
    return at;
}

static bool by_then(const struct word *word, int64_t freeze)
{
    return word->at <= freeze;
}

static bool not_announced(const struct word *word, int64_t freeze)
{
    return word->at <= freeze || word->at <= word->said;
}

static bool all(const struct word *word, int64_t freeze)
{
    (void)word;
    (void)freeze;
    return true;
}

struct seen {
    size_t roster, later, left_later, moved_later, outside;
};

static bool listed(const struct round_missing *list, uint32_t person)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->people[i] == person) return true;
    return false;
}

static void check(struct village *v, int64_t number, int64_t freeze, struct seen *seen, const bool *was)
{
    struct err_detail detail = {0};
    struct round_missing outside;
    const struct site *site = desk_read(v->desk);
    const struct site_round *round = site_round(site, site_round_by_number(site, number));
    good(round_outside(&outside, site, number, &detail), &detail);
    for (int i = 0; i < PEOPLE; i++) {
        int place, met, last;
        uint32_t p = site_find(site, SITE_PERSON, v->lives[i].id);
        if (p == SITE_NONE) continue;
        bool roster = p < cover_people(round->cover) && cover_has(round->cover, COVER_ROSTER, p);
        if (was != NULL) {
            assert_int_equal(roster, was[i]); /* it is frozen */
        } else {
            assert_int_equal(roster, model(&v->lives[i], by_then, freeze, &place) != -2);
        }
        int here = model(&v->lives[i], all, freeze, &last);
        (void)model(&v->lives[i], not_announced, freeze, &met);
        assert_int_equal(listed(&outside, p), here != -2 && !roster);
        seen->outside += here != -2 && !roster;
        seen->roster += roster;
        if (!roster) continue;
        seen->left_later += here == -2;
        seen->moved_later += here != -2 && last != met;
        uint32_t area = met < 0 ? SITE_NONE : site_find(site, SITE_AREA, v->areas[met]);
        assert_int_equal(site_mark(round, p)->area, area);
    }
    round_missing_free(&outside);
    desk_read_end(v->desk);
}

static void sound(struct village *v)
{
    static struct verify_report report;
    struct err_detail detail = {0};
    good(verify_run(&report, v->desk, NULL, &detail), &detail);
    for (int64_t i = 0; i < report.faults && i < VERIFY_TOLD; i++) print_error("%s\n", report.told[i]);
    assert_int_equal(report.faults, 0);
    desk_close(v->desk);
    v->desk = NULL;
    good(desk_open(&v->desk, v->path, &detail), &detail);
}

static void demolish(struct village *v)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".keys", ".sitekey"};
    char name[160];
    desk_close(v->desk);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", v->path, ends[i]);
        unlink(name);
    }
    rmdir(v->dir);
    free(v);
}

static void rosters(void **state)
{
    uint64_t seed;
    struct seen seen = {0};
    (void)state;
    rng_bytes(NULL, &seed, sizeof seed);
    seed %= 1000000;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int n = 0; n < VILLAGES; n++) {
        struct village *v = calloc(1, sizeof *v);
        struct err_detail detail = {0};
        struct round_opened opened;
        bool first[PEOPLE] = {false};
        assert_non_null(v);
        build(v, seed + (uint64_t)n);
        for (int64_t d = -DAYS; d <= 0; d++) live(v, d);
        int64_t freeze = -(int64_t)rng_below(&v->rng, 3); /* opened at 0 */
        good(round_open(&opened, v->desk, KINDS_ROUND_KIND_PCR, day(freeze), day(0), &detail), &detail);
        check(v, opened.number, freeze, &seen, NULL);
        const struct site_round *round = site_round(v->desk->site, 0);
        for (int i = 0; i < PEOPLE; i++) {
            uint32_t p = site_find(v->desk->site, SITE_PERSON, v->lives[i].id);
            first[i] = p != SITE_NONE && p < cover_people(round->cover) && cover_has(round->cover, COVER_ROSTER, p);
        }
        sound(v);
        /* Life goes on while the round is open; it stays frozen and follows whoever moves. Then the next one. */
        for (int64_t d = 1; d <= 4; d++) live(v, d);
        check(v, opened.number, freeze, &seen, first);
        good(round_open(&opened, v->desk, KINDS_ROUND_KIND_PCR, day(4), day(4), &detail), &detail);
        check(v, opened.number, 4, &seen, NULL);
        check(v, 1, freeze, &seen, first);
        sound(v);
        check(v, 1, freeze, &seen, first);
        demolish(v);
    }
    print_message("%zu owed, of them %zu are to leave and %zu to move; %zu outside\n", seen.roster, seen.left_later,
                  seen.moved_later, seen.outside);
    assert_true(seen.left_later > 20 && seen.moved_later > 20 && seen.outside > 20);
}

/* The plain story: at A today, at B next week; and one who only comes next week. */
static void next_week(void **state)
{
    struct village *v = calloc(1, sizeof *v);
    struct err_detail detail = {0};
    struct round_opened opened;
    struct round_missing list;
    struct book book = {0};
    (void)state;
    assert_non_null(v);
    build(v, 1);
    good(book_open(&book, v->desk, DESK_CLI_DEVICE, &detail), &detail);
    say(v, &book, &v->lives[0], (struct word){.said = -5, .at = -5, .door = 0});
    say(v, &book, &v->lives[0], (struct word){.said = -1, .at = 7, .door = 1});
    say(v, &book, &v->lives[1], (struct word){.said = -1, .at = 7, .door = 2});
    commit(v, &book, 0);
    book_free(&book);
    for (int round = 0; round < 2; round++) {
        good(round_open(&opened, v->desk, KINDS_ROUND_KIND_PCR, day(8 * round), day(8 * round), &detail), &detail);
        const struct site *site = v->desk->site;
        const char *code = round == 0 ? "1-1" : "1-2";
        assert_int_equal(opened.counts.owed, 1 + round);
        good(round_missing(&list, site, 0, code, -1, &detail), &detail);
        assert_int_equal(list.count, 1);
        assert_true(id_equal(site_person(site, list.people[0])->id, v->lives[0].id));
        round_missing_free(&list);
        good(round_outside(&list, site, 0, &detail), &detail);
        assert_int_equal(list.count, 1 - round);
        if (round == 0) assert_true(id_equal(site_person(site, list.people[0])->id, v->lives[1].id));
        round_missing_free(&list);
    }
    sound(v);
    demolish(v);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(next_week), cmocka_unit_test(rosters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
