/* What phones and the office record in the order law's test: made by a seed, sent in many orders. */
#ifndef PROPERTY_ORDER_STORY_H
#define PROPERTY_ORDER_STORY_H

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
#include "desk/lab.h"
#include "desk/round.h"
#include "desk/sweep.h"
#include "desk/verify.h"
#include "desk/writer.h"

enum { PHONES = 3, PEOPLE = 40, DOORS = 12, BUILDINGS = 4, STEPS = 90, ORDERS = 4, MADE = 30, TUBES = 7, BOXES = 2, MERGES = 12 };

static const struct when noon = {1649390400000, 480};
static const struct when evening = {1649420000000, 480};

/* What every phone recorded, made once and sent in several orders. */
struct story {
    struct rng rng;
    struct id buildings[BUILDINGS], doors[DOORS], people[PEOPLE + PHONES * MADE];
    size_t people_count;
    struct id round, second, tubes[TUBES], boxes[BOXES], need;
    struct book office, phones[PHONES];
    size_t
        first; /* of the office's entries, which come before all others; the rest (people merged and not) may come at any time */
    bool parted; /* whoever was merged was parted again */
};

struct outcome {
    char text[PEOPLE + PHONES * MADE][200];
    char refusals[PEOPLE + PHONES * MADE + DOORS][200];
    size_t refusal_count;
    uint64_t needs; /* a sum over them: open or closed when, and how */
    char tubes[TUBES][4000], boxes[BOXES][120];
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

static void put_two(struct story *s, enum kinds_kind kind, size_t keep, size_t gone)
{
    entry_begin(&s->office.writer, kind, s->people[keep], noon, NULL);
    entry_put_id(&s->office.writer, KINDS_PERSON_MERGE_GONE, s->people[gone]);
    assert_int_equal(book_end(&s->office), DW_OK);
}

/* People of the register are merged, one into another, and some or all parted again. */
static void story_merges(struct story *s)
{
    size_t into[PEOPLE], merged[MERGES], count = 0;
    s->first = s->office.count;
    s->parted = rng_below(&s->rng, 2) == 0;
    for (size_t i = 0; i < PEOPLE; i++) into[i] = PEOPLE;
    while (count < MERGES) {
        size_t keep = rng_below(&s->rng, PEOPLE), gone = rng_below(&s->rng, PEOPLE);
        if (keep == gone || into[keep] != PEOPLE || into[gone] != PEOPLE) continue;
        into[gone] = keep;
        merged[count++] = gone;
        put_two(s, KINDS_PERSON_MERGE, keep, gone);
    }
    /* The last first, so that whoever is parted stands for himself. */
    for (size_t i = count; i-- > 0;) {
        if (!s->parted && rng_below(&s->rng, 3) > 0) continue;
        put_two(s, KINDS_PERSON_UNMERGE, into[merged[i]], merged[i]);
    }
}

static void put_visit(struct story *s, struct book *book, struct when at)
{
    static const enum kinds_state states[] = {KINDS_STATE_DONE, KINDS_STATE_AWAY, KINDS_STATE_NOBODY_HOME, KINDS_STATE_REFUSED,
                                              KINDS_STATE_EXCUSED};
    struct entry_writer *w = &book->writer;
    size_t count = 1 + rng_below(&s->rng, 3);
    entry_begin(w, KINDS_VISIT, s->doors[rng_below(&s->rng, DOORS)], at, NULL);
    entry_put_id(w, KINDS_VISIT_ROUND, s->round);
    int64_t outcome = (int64_t)rng_below(&s->rng, 4); /* done, nobody home, refused, or nobody knocked */
    if (outcome < 3) entry_put_int(w, KINDS_VISIT_OUTCOME, outcome);
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
    case 9:
        entry_begin(w, KINDS_BOX_HAND, s->boxes[rng_below(&s->rng, BOXES)], at, NULL);
        entry_put_int(w, KINDS_BOX_HAND_SIDE, (int64_t)rng_below(&s->rng, 2));
        entry_put_id(w, KINDS_BOX_HAND_OTHER, s->phones[rng_below(&s->rng, PHONES)].writer.device);
        assert_int_equal(book_end(book), DW_OK);
        break;
    default:
        put_people(s, book, at, KINDS_TUBE_FILL, 4);
    }
}

/* Somebody met in the street, or a refusal followed up, at a door or of a person. */
static void sweep_step(struct story *s, struct book *book, struct when at, struct id person, struct id door)
{
    struct entry_writer *w = &book->writer;
    if (rng_below(&s->rng, 3) == 0) {
        bool of_door = rng_below(&s->rng, 2);
        struct id need;
        entry_begin(w, KINDS_NEED_RAISE, of_door ? door : person, at, &need);
        entry_put_int(w, KINDS_NEED_RAISE_OF, of_door ? KINDS_FORM_OF_DOOR : KINDS_FORM_OF_PERSON);
        entry_put_int(w, KINDS_NEED_RAISE_WHAT, (int64_t)rng_below(&s->rng, KINDS_NEED_KIND_COUNT));
        if (rng_below(&s->rng, 2)) entry_put_text(w, KINDS_NEED_RAISE_NOTE, "降压药只剩两天");
        if (rng_below(&s->rng, 2)) s->need = need;
    } else if (rng_below(&s->rng, 3) == 0 && !id_null(s->need)) {
        entry_begin(w, KINDS_NEED_CLOSE, s->need, at, NULL);
        entry_put_text(w, KINDS_NEED_CLOSE_REASON, rng_below(&s->rng, 2) ? "药已送到" : "");
    } else if (rng_below(&s->rng, 2)) {
        entry_begin(w, KINDS_STREET_MEET, person, at, NULL);
        entry_put_int(w, KINDS_STREET_MEET_OUTCOME,
                      rng_below(&s->rng, 2) ? KINDS_MET_OUTCOME_REFUSED : KINDS_MET_OUTCOME_WENT_HOME);
        entry_put_text(w, KINDS_STREET_MEET_PLACE, "东明巷口");
    } else {
        bool of_door = rng_below(&s->rng, 2);
        entry_begin(w, KINDS_REFUSAL_FOLLOW, of_door ? door : person, at, NULL);
        entry_put_int(w, KINDS_REFUSAL_FOLLOW_OF, of_door ? KINDS_FORM_OF_DOOR : KINDS_FORM_OF_PERSON);
        entry_put_int(w, KINDS_REFUSAL_FOLLOW_STEP, (int64_t)rng_below(&s->rng, KINDS_FOLLOW_STEP_COUNT));
        if (rng_below(&s->rng, 2)) entry_put_text(w, KINDS_REFUSAL_FOLLOW_NOTE, "答应晚上配合");
    }
    assert_int_equal(book_end(book), DW_OK);
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
    switch (rng_below(&s->rng, 10)) {
    case 4:
    case 5:
        sweep_step(s, book, at, person, door);
        break;
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

static dw_err try_take(struct desk *desk, struct book *book, size_t from, size_t count, struct err_detail *detail)
{
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
    return writer_submit(desk, &one, detail);
}

static void take(struct desk *desk, struct book *book, size_t from, size_t count)
{
    struct err_detail detail = {0};
    good(try_take(desk, book, from, count, &detail), &detail);
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

#endif
