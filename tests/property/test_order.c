/* The order law: whatever order phones' uploads arrive in, the same set of entries gives the same people, places and round. And
 * at the end of each order: the bitsets are what SQL says of the marks, the stored bits are the bitsets, verify finds nothing. */
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

enum { PHONES = 3, PEOPLE = 40, DOORS = 12, BUILDINGS = 4, STEPS = 90, ORDERS = 4, MADE = 30, TUBES = 7, BOXES = 2 };

static const struct when noon = {1649390400000, 480};
static const struct when evening = {1649420000000, 480};

/* What every phone recorded, made once and sent in several orders. */
struct story {
    struct rng rng;
    struct id buildings[BUILDINGS], doors[DOORS], people[PEOPLE + PHONES * MADE];
    size_t people_count;
    struct id round, second, tubes[TUBES], boxes[BOXES];
    struct book office, phones[PHONES];
};

struct outcome {
    char text[PEOPLE + PHONES * MADE][200];
    char tubes[TUBES][4000];
    struct cover_counts counts;
};

static void good(dw_err err, const struct err_detail *detail)
{
    if (err != DW_OK) print_error("%s: %s\n", err_name(err), detail->text);
    assert_int_equal(err, DW_OK);
}

static void put_person(struct book *book, struct when at, struct id id, struct id door, const char *name)
{
    entry_begin(&book->writer, KINDS_PERSON_SET, id, at, NULL);
    entry_put_text(&book->writer, KINDS_PERSON_SET_NAME, name);
    entry_put_id(&book->writer, KINDS_PERSON_SET_DOOR, door);
    assert_int_equal(book_end(book), DW_OK);
}

static void story_office(struct story *s)
{
    struct book *b = &s->office;
    for (int i = 0; i < BUILDINGS; i++) {
        char code[16];
        snprintf(code, sizeof code, "1-%d", i + 1);
        s->buildings[i] = id_make(noon.ms, &s->rng);
        entry_begin(&b->writer, KINDS_AREA_SET, s->buildings[i], noon, NULL);
        entry_put_int(&b->writer, KINDS_AREA_SET_KIND,
                      i == 0   ? KINDS_AREA_KIND_GRID
                      : i == 1 ? KINDS_AREA_KIND_CELL
                               : KINDS_AREA_KIND_BUILDING);
        if (i > 0) entry_put_id(&b->writer, KINDS_AREA_SET_PARENT, s->buildings[i > 1 ? 1 : 0]);
        entry_put_text(&b->writer, KINDS_AREA_SET_CODE, code);
        assert_int_equal(book_end(b), DW_OK);
    }
    for (int i = 0; i < DOORS; i++) {
        s->doors[i] = id_make(noon.ms, &s->rng);
        entry_begin(&b->writer, KINDS_DOOR_SET, s->doors[i], noon, NULL);
        if (i % 5 != 4) entry_put_id(&b->writer, KINDS_DOOR_SET_BUILDING, s->buildings[rng_below(&s->rng, BUILDINGS)]);
        entry_put_int(&b->writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
        assert_int_equal(book_end(b), DW_OK);
    }
    for (int i = 0; i < PEOPLE; i++) {
        s->people[s->people_count] = id_make(noon.ms, &s->rng);
        put_person(b, noon, s->people[s->people_count++], s->doors[rng_below(&s->rng, DOORS)], "林志强");
    }
    s->round = id_make(noon.ms, &s->rng);
    s->second = id_make(noon.ms, &s->rng);
    entry_begin(&b->writer, KINDS_ROUND_OPEN, s->second, noon, NULL);
    entry_put_int(&b->writer, KINDS_ROUND_OPEN_NO, 2);
    entry_put_int(&b->writer, KINDS_ROUND_OPEN_KIND, KINDS_ROUND_KIND_PCR);
    entry_put_time(&b->writer, KINDS_ROUND_OPEN_FREEZE, noon);
    assert_int_equal(book_end(b), DW_OK);
    for (int i = 0; i < TUBES; i++) s->tubes[i] = id_make(noon.ms, &s->rng);
    for (int i = 0; i < BOXES; i++) s->boxes[i] = id_make(noon.ms, &s->rng);
    entry_begin(&b->writer, KINDS_ROUND_OPEN, s->round, noon, NULL);
    entry_put_int(&b->writer, KINDS_ROUND_OPEN_NO, 1);
    entry_put_int(&b->writer, KINDS_ROUND_OPEN_KIND, KINDS_ROUND_KIND_SWEEP);
    entry_put_time(&b->writer, KINDS_ROUND_OPEN_FREEZE, noon);
    assert_int_equal(book_end(b), DW_OK);
}

static void put_visit(struct story *s, struct book *book, struct when at)
{
    static const enum kinds_state states[] = {KINDS_STATE_DONE, KINDS_STATE_AWAY, KINDS_STATE_NOBODY_HOME, KINDS_STATE_REFUSED,
                                              KINDS_STATE_EXCUSED};
    struct entry_writer *w = &book->writer;
    size_t count = 1 + rng_below(&s->rng, 3);
    entry_begin(w, KINDS_VISIT, s->doors[rng_below(&s->rng, DOORS)], at, NULL);
    entry_put_id(w, KINDS_VISIT_ROUND, s->round);
    entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
    entry_list_begin(w, KINDS_VISIT_PEOPLE);
    for (size_t i = 0; i < count; i++) {
        entry_item_begin(w);
        entry_item_id(w, "person", s->people[rng_below(&s->rng, s->people_count)]);
        entry_item_text(w, "state", kinds_state_texts[states[rng_below(&s->rng, 5)]]);
        entry_item_end(w);
    }
    entry_list_end(w);
    assert_int_equal(book_end(book), DW_OK);
}

static void put_people(struct story *s, struct book *book, struct when at, enum kinds_kind kind, size_t most)
{
    struct entry_writer *w = &book->writer;
    entry_begin(w, kind, s->tubes[rng_below(&s->rng, TUBES)], at, NULL);
    entry_list_begin(w, KINDS_TUBE_FILL_PEOPLE);
    for (size_t i = 1 + rng_below(&s->rng, most); i > 0; i--) {
        entry_item_begin(w);
        entry_item_id(w, "person", s->people[rng_below(&s->rng, s->people_count)]);
        if (rng_below(&s->rng, 2)) entry_item_int(w, "position", (int64_t)i);
        entry_item_end(w);
    }
    entry_list_end(w);
    assert_int_equal(book_end(book), DW_OK);
}

/* Tubes: opened by several phones, with codes that clash, overfilled, filled after they were sealed, packed twice. */
static void tube_step(struct story *s, struct book *book, struct when at)
{
    struct entry_writer *w = &book->writer;
    char code[16];
    switch (rng_below(&s->rng, 10)) {
    case 8:
        snprintf(code, sizeof code, "{\"a\":\"%d\"}", (int)rng_below(&s->rng, 9));
        entry_begin(w, KINDS_FORM_FILL, s->people[rng_below(&s->rng, s->people_count)], at, NULL);
        entry_put_id(w, KINDS_FORM_FILL_ROUND, s->round);
        entry_put_int(w, KINDS_FORM_FILL_OF, KINDS_FORM_OF_PERSON);
        entry_put_text(w, KINDS_FORM_FILL_ANSWERS, code);
        assert_int_equal(book_end(book), DW_OK);
        break;
    case 0:
    case 1:
        snprintf(code, sizeof code, "T%d", (int)rng_below(&s->rng, TUBES - 2));
        entry_begin(w, KINDS_TUBE_OPEN, s->tubes[rng_below(&s->rng, TUBES)], at, NULL);
        entry_put_id(w, KINDS_TUBE_OPEN_ROUND, rng_below(&s->rng, 4) == 0 ? s->second : s->round);
        entry_put_text(w, KINDS_TUBE_OPEN_CODE, code);
        entry_put_int(w, KINDS_TUBE_OPEN_CAPACITY, rng_below(&s->rng, 2) ? 5 : 1);
        entry_put_int(w, KINDS_TUBE_OPEN_USE, rng_below(&s->rng, 5) == 0);
        assert_int_equal(book_end(book), DW_OK);
        break;
    case 2:
        put_people(s, book, at, KINDS_TUBE_SEAL, 6);
        break;
    case 3:
        entry_begin(w, KINDS_BOX_PACK, s->boxes[rng_below(&s->rng, BOXES)], at, NULL);
        snprintf(code, sizeof code, "B%d", (int)rng_below(&s->rng, 3));
        entry_put_text(w, KINDS_BOX_PACK_CODE, code);
        entry_list_begin(w, KINDS_BOX_PACK_TUBES);
        entry_item_begin(w);
        entry_item_id(w, "tube", s->tubes[rng_below(&s->rng, TUBES)]);
        entry_item_end(w);
        entry_list_end(w);
        assert_int_equal(book_end(book), DW_OK);
        break;
    default:
        put_people(s, book, at, KINDS_TUBE_FILL, 4);
    }
}

/* Now, or announced for later, or told afterwards. */
static struct when put_when(struct story *s, struct when at)
{
    int64_t days = (int64_t)rng_below(&s->rng, 5) - 2;
    return (struct when){at.ms + (rng_below(&s->rng, 2) ? 0 : days * 86400000), at.offset};
}

/* Something a phone may record: about people of its own, of the register, or of another phone that has not sent them yet. */
static void story_step(struct story *s, struct book *book, struct when at)
{
    struct id person = s->people[rng_below(&s->rng, s->people_count)], door = s->doors[rng_below(&s->rng, DOORS)];
    struct entry_writer *w = &book->writer;
    if (rng_below(&s->rng, 3) == 0) {
        tube_step(s, book, at);
        return;
    }
    switch (rng_below(&s->rng, 8)) {
    case 0:
        if (s->people_count == PEOPLE + PHONES * MADE) break;
        person = s->people[s->people_count++] = id_make(at.ms, &s->rng);
        put_person(book, at, person, door, "欧阳·娜娜");
        break;
    case 1:
        entry_begin(w, KINDS_ROUND_ADD, person, at, NULL);
        entry_put_id(w, KINDS_ROUND_ADD_ROUND, s->round);
        entry_put_int(w, KINDS_ROUND_ADD_HOW, 1 + (int64_t)rng_below(&s->rng, 2));
        assert_int_equal(book_end(book), DW_OK);
        break;
    case 2:
        entry_begin(w, KINDS_PERSON_SET, person, at, NULL);
        entry_put_text(w, KINDS_PERSON_SET_NAME, rng_below(&s->rng, 2) ? "陈秀英" : "王伟");
        entry_put_id(w, KINDS_PERSON_SET_DOOR, door);
        entry_put_time(w, KINDS_PERSON_SET_FROM, put_when(s, at));
        assert_int_equal(book_end(book), DW_OK);
        break;
    case 3:
        entry_begin(w, KINDS_STAY_END, person, at, NULL);
        entry_put_id(w, KINDS_STAY_END_DOOR, door);
        entry_put_time(w, KINDS_STAY_END_AT, put_when(s, at));
        entry_put_int(w, KINDS_STAY_END_WHY, KINDS_LEAVE_MOVED);
        assert_int_equal(book_end(book), DW_OK);
        break;
    default:
        put_visit(s, book, at);
    }
}

/* A fresh site with the same ids and keys: the office's entries and phones' enrolments are the same in every order. */
static struct desk *story_site(const char *path)
{
    struct desk *desk = NULL;
    struct err_detail detail = {0};
    struct rng rng = rng_seed(7);
    struct desk_new spec = {.name = "序", .code = "", .synthetic = true, .at = noon, .rng = &rng};
    good(desk_create(&desk, path, &spec, &detail), &detail);
    return desk;
}

static void take(struct desk *desk, struct book *book, size_t from, size_t count)
{
    struct err_detail detail = {0};
    struct upload upload = {.site = book->writer.site,
                            .device = book->writer.device,
                            .first = (int64_t)from + book->first,
                            .last = (int64_t)(from + count) + book->first - 1,
                            .sent = evening,
                            .entries = book->entries + from,
                            .count = count};
    struct writer_take one = {.uploads = &upload, .count = 1, .received = evening};
    hash_one(upload.head, book->entries[from + count - 1].text, book->entries[from + count - 1].len);
    upload_sign(&upload, &book->signer);
    good(writer_submit(desk, &one, &detail), &detail);
}

static void compare_with_sql(struct desk *desk);

static int compare_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* A tube's samples, in an order of their own, and what holds of them in every case. */
static void tube_outcome(char out[4000], const struct site *site, struct id id)
{
    uint32_t index = site_find(site, SITE_TUBE, id);
    char rows[PEOPLE + PHONES * MADE][80];
    size_t count = 0, standing = 0;
    if (index == SITE_NONE) {
        snprintf(out, 4000, "unknown");
        return;
    }
    const struct site_tube *tube = site_tube(site, index);
    for (uint32_t at = tube->first_sample; at != SITE_NONE; at = site_sample(site, at)->next_in_tube) {
        const struct site_sample *sample = site_sample(site, at);
        char person[ID_TEXT];
        id_text(person, site_person(site, sample->person)->id);
        snprintf(rows[count++], sizeof rows[0], "%s %lld %d", person, (long long)sample->position, sample->state);
        standing += sample->state == SITE_SAMPLE_STANDS;
        size_t cursor = 0, tubes = 0;
        for (uint32_t other; (other = site_sample_of(site, sample->person, &cursor)) != SITE_NONE;)
            tubes += site_sample(site, other)->state == SITE_SAMPLE_STANDS &&
                     site_tube(site, site_sample(site, other)->tube)->round == tube->round &&
                     site_tube(site, site_sample(site, other)->tube)->use == KINDS_TUBE_USE_POOL;
        assert_true(tubes <= 1);
    }
    assert_true(standing <= (size_t)tube->capacity);
    qsort(rows, count, sizeof rows[0], compare_text);
    char box[ID_TEXT] = "none";
    if (tube->box != SITE_NONE) id_text(box, site_box(site, tube->box)->id);
    int n = snprintf(out, 4000, "%s %lld %d %lld %s %s:", tube->code, (long long)tube->capacity, tube->use,
                     (long long)tube->sealed.ms, box, tube->box == SITE_NONE ? "" : site_box(site, tube->box)->code);
    for (size_t i = 0; i < count && n < 3800; i++) n += snprintf(out + n, 4000 - (size_t)n, " %s;", rows[i]);
}

static void outcome_of(struct outcome *out, const struct story *s, struct desk *desk)
{
    const struct site *site = desk_read(desk);
    uint32_t index = site_find(site, SITE_ROUND, s->round);
    const struct site_round *round = site_round(site, index);
    for (size_t i = 0; i < s->people_count; i++) {
        uint32_t p = site_find(site, SITE_PERSON, s->people[i]);
        char door[ID_TEXT] = "nowhere";
        bool gone = false;
        if (p == SITE_NONE) {
            snprintf(out->text[i], sizeof out->text[i], "unknown");
            continue;
        }
        uint32_t place = site_place(site, p, &gone);
        if (place != SITE_NONE && site_stay(site, place)->door != SITE_NONE)
            id_text(door, site_door(site, site_stay(site, place)->door)->id);
        const struct site_mark *mark = site_mark(round, p);
        int n = snprintf(out->text[i], sizeof out->text[i], "%s %s %d state %d area %u",
                         site_person(site, p)->field[KINDS_PERSON_SET_NAME], door, gone, mark == NULL ? -1 : mark->state,
                         mark == NULL ? 0 : mark->area);
        uint32_t form = site_find_form(site, index, KINDS_FORM_OF_PERSON, p);
        n += snprintf(out->text[i] + n, sizeof out->text[i] - (size_t)n, " %s",
                      form == SITE_NONE ? "" : site_form(site, form)->answers);
        for (int set = 0; set < COVER_SETS; set++)
            n += snprintf(out->text[i] + n, sizeof out->text[i] - (size_t)n, " %d",
                          p < cover_people(round->cover) && cover_has(round->cover, (enum cover_set)set, p));
    }
    for (int i = 0; i < TUBES; i++) tube_outcome(out->tubes[i], site, s->tubes[i]);
    out->counts = cover_count(round->cover, COVER_NONE);
    desk_read_end(desk);
}

static void play(struct outcome *out, struct story *s, const char *path, struct rng *order)
{
    struct desk *desk = NULL;
    struct err_detail detail = {0};
    struct verify_report report;
    size_t sent[PHONES] = {0}, left = 0;
    good(desk_open(&desk, path, &detail), &detail);
    take(desk, &s->office, 0, s->office.count);
    for (int i = 0; i < PHONES; i++) left += s->phones[i].count;
    while (left > 0) {
        size_t phone = rng_below(order, PHONES);
        struct book *book = &s->phones[phone];
        size_t rest = book->count - sent[phone];
        if (rest == 0) continue;
        size_t count = 1 + rng_below(order, rest < 9 ? rest : 9);
        take(desk, book, sent[phone], count);
        sent[phone] += count;
        left -= count;
    }
    outcome_of(out, s, desk);
    compare_with_sql(desk);
    good(verify_run(&report, desk, NULL, &detail), &detail);
    for (int64_t i = 0; i < report.faults && i < VERIFY_TOLD; i++) print_error("%s\n", report.told[i]);
    assert_int_equal(report.faults, 0);
    desk_close(desk);
}

struct sql_answer {
    uint32_t people[PEOPLE + PHONES * MADE];
    size_t count;
    uint8_t bits[COVER_SETS][64];
};

static dw_err sql_missing(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct sql_answer *a = ctx;
    (void)count;
    (void)detail;
    a->people[a->count++] = (uint32_t)store_get_int(&v[0]);
    return DW_OK;
}

static dw_err sql_bits(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct sql_answer *a = ctx;
    (void)count;
    (void)detail;
    assert_true(v[1].len <= sizeof a->bits[0]);
    for (size_t i = 0; i < v[1].len; i++) a->bits[store_get_int(&v[0])][i] |= ((const uint8_t *)v[1].data)[i];
    return DW_OK;
}

/* The audit that DESIGN keeps: who is missing by the rows, and the stored bits against those in memory. */
static void compare_with_sql(struct desk *desk)
{
    static const struct store_sql missing = {
        "SELECT person_no FROM mark WHERE site_id = $1 AND round_no = 0 AND (in_roster = 1 OR how <> 0 OR state = 8) AND state "
        "<> 8 "
        "AND NOT (CASE WHEN decision <> 0 THEN decision = 1 ELSE state = 7 END) ORDER BY person_no"};
    static const struct store_sql stored = {"SELECT kind, bits FROM cover WHERE site_id = $1 AND round_no = 0"};
    struct sql_answer answer = {.count = 0};
    struct err_detail detail = {0};
    uint32_t people[PEOPLE + PHONES * MADE], cursor = 0;
    const struct cover *cover = site_round(desk->site, 0)->cover;
    struct store_value id = store_id(&desk->site->id);
    good(store_ask(desk->store, &missing, &id, 1, sql_missing, &answer, &detail), &detail);
    good(store_ask(desk->store, &stored, &id, 1, sql_bits, &answer, &detail), &detail);
    size_t count = cover_missing(cover, COVER_NONE, people, PEOPLE + PHONES * MADE, &cursor);
    assert_int_equal(count, answer.count);
    assert_memory_equal(people, answer.people, count * sizeof *people);
    for (int set = 0; set < COVER_SETS; set++)
        for (uint32_t p = 0; p < cover_people(cover); p++)
            assert_int_equal(answer.bits[set][p / 8] >> p % 8 & 1, cover_has(cover, (enum cover_set)set, p));
    good(cover_check(cover, &detail), &detail);
}

static void clear(const char *dir, const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".keys", ".sitekey"};
    char name[160];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(dir);
}

static void free_story(struct story *s)
{
    book_free(&s->office);
    for (int i = 0; i < PHONES; i++) book_free(&s->phones[i]);
    free(s);
}

static struct story *make_story(uint64_t seed)
{
    struct story *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->rng = rng_seed(seed);
    return s;
}

/* The office's device is one made for the test, enrolled in each site by the command line. */
static void enrol(struct story *s, struct desk *desk, struct book *book, enum kinds_device_kind kind, bool first)
{
    struct err_detail detail = {0};
    struct book by = {0};
    good(book_open(&by, desk, DESK_CLI_DEVICE, &detail), &detail);
    if (first) {
        uint8_t seed[KEYS_SEED];
        struct keys_signer signer;
        rng_bytes(&s->rng, seed, sizeof seed);
        keys_signer_make(&signer, seed);
        book_start(book, desk->site->id, id_make(noon.ms, &s->rng), &signer, &s->rng);
    }
    char key[HASH_TEXT];
    hash_b64(key, book->signer.public_key, KEYS_PUBLIC);
    entry_begin(&by.writer, KINDS_DEVICE_ENROL, book->writer.device, noon, NULL);
    entry_put_text(&by.writer, KINDS_DEVICE_ENROL_NAME, "机");
    entry_put_int(&by.writer, KINDS_DEVICE_ENROL_KIND, kind);
    entry_put_text(&by.writer, KINDS_DEVICE_ENROL_PUBLIC_KEY, key);
    assert_int_equal(book_end(&by), DW_OK);
    good(book_commit(desk, &by, 1, noon, NULL, &detail), &detail);
    book_free(&by);
}

static void enrol_all(struct story *s, struct desk *desk, bool first)
{
    enrol(s, desk, &s->office, KINDS_DEVICE_KIND_SITE, first);
    for (int i = 0; i < PHONES; i++) enrol(s, desk, &s->phones[i], KINDS_DEVICE_KIND_PHONE, first);
}

static void test_any_order(void **state)
{
    (void)state;
    const char *given = getenv("DOORWARD_SEED"), *many = getenv("DOORWARD_SEEDS");
    uint64_t base;
    rng_bytes(NULL, &base, sizeof base);
    if (given != NULL) base = strtoull(given, NULL, 10);
    for (int round = 0; round < (many == NULL ? 5 : (int)strtol(many, NULL, 10)); round++) {
        uint64_t seed = base % 1000000 + (uint64_t)round;
        print_message("seed %llu\n", (unsigned long long)seed);
        struct story *s = make_story(seed);
        struct outcome *first = calloc(1, sizeof *first), *other = calloc(1, sizeof *other);
        char dir[64] = "/tmp/doorward-order-XXXXXX", path[96];
        assert_non_null(mkdtemp(dir));
        snprintf(path, sizeof path, "%s/a.db", dir);
        /* The entries are made against one site's id, which every order's site shares. */
        struct desk *desk = story_site(path);
        enrol_all(s, desk, true);
        desk_close(desk);
        clear(dir, path);
        story_office(s);
        for (int64_t step = 0; step < STEPS * PHONES; step++)
            story_step(s, &s->phones[step % PHONES],
                       (struct when){noon.ms + 1000 * (1 + (int64_t)rng_below(&s->rng, 5) + step * 7), noon.offset});
        for (int order = 0; order < ORDERS; order++) {
            struct rng shuffle = rng_seed(seed * 31 + (uint64_t)order);
            char again[64] = "/tmp/doorward-order-XXXXXX";
            assert_non_null(mkdtemp(again));
            snprintf(path, sizeof path, "%s/a.db", again);
            desk = story_site(path);
            enrol_all(s, desk, false);
            desk_close(desk);
            desk = NULL;
            play(order == 0 ? first : other, s, path, &shuffle);
            clear(again, path);
            if (order == 0) continue;
            for (size_t i = 0; i < s->people_count; i++) assert_string_equal(first->text[i], other->text[i]);
            for (int i = 0; i < TUBES; i++) assert_string_equal(first->tubes[i], other->tubes[i]);
            assert_memory_equal(&first->counts, &other->counts, sizeof first->counts);
        }
        free(first);
        free(other);
        free_story(s);
    }
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
