/* A site's first days as a run of steps, each one transaction: the site, a list, a round, visits, an entry that waits, what it
 * waited for, a merge with a void. Every entry is made beforehand from the site's id and a fixed seed, so that a step can be done
 * again word for word, also by another process; and what stands in the store can be held against it. */
#ifndef TESTS_STORE_STORY_H
#define TESTS_STORE_STORY_H

#include "lab.h"

#include "desk/book.h"
#include "desk/ledger_rows.h"
#include "desk/round.h"
#include "desk/tables.h"
#include "desk/verify.h"
#include "desk/writer.h"

enum story_step_name { STORY_SITE, STORY_LIST, STORY_ROUND, STORY_VISITS, STORY_HELD, STORY_RELEASED, STORY_VOID, STORY_STEPS };

enum { STORY_GENESIS = 3, STORY_DOORS = 8, STORY_PEOPLE = 24, STORY_UPLOADS = 2 };

struct story_step {
    struct book books[STORY_UPLOADS];
    struct upload uploads[STORY_UPLOADS];
    struct upload_receipt receipts[STORY_UPLOADS];
    size_t count;
    bool told; /* the caller was told that it is durable */
};

struct story {
    struct lab lab;
    struct desk *desk;
    struct rng rng;
    struct keys_signer phone, list;
    struct id site, cli, phone_id, list_id, building, doors[STORY_DOORS], people[STORY_PEOPLE], late, round;
    struct story_step steps[STORY_STEPS];
    bool built;
};

/* What a whole story comes to. */
struct story_end {
    int64_t seq;
    uint32_t people, held, rounds;
    struct cover_counts counts;
};

static inline struct when story_at(int64_t minutes)
{
    return (struct when){1649390400000 + minutes * 60000, 480};
}

static inline void story_ok(dw_err code, const struct err_detail *detail)
{
    char line[900];
    err_format(line, sizeof line, code, detail, ERR_EN);
    if (code != DW_OK) fail_msg("%s", line);
}

static inline struct id story_id(struct story *s)
{
    return id_make(story_at(0).ms, &s->rng);
}

/* The next book of a device, behind those of earlier steps. */
static inline struct book *story_book(struct story *s, int step, struct id device, const struct keys_signer *signer)
{
    struct book *book = &s->steps[step].books[s->steps[step].count++];
    book_start(book, s->site, device, signer, &s->rng);
    for (int i = 0; i < step; i++)
        for (size_t k = 0; k < s->steps[i].count; k++) {
            const struct book *before = &s->steps[i].books[k];
            if (!id_equal(before->writer.device, device)) continue;
            book->writer.n = before->writer.n;
            memcpy(book->writer.head, before->writer.head, HASH_SIZE);
            book->first = before->writer.n + 1;
        }
    return book;
}

static inline void story_end_entry(struct book *book)
{
    assert_int_equal(book_end(book), DW_OK);
}

static inline void story_person(struct story *s, struct book *book, struct id id, int door, const char *name)
{
    entry_begin(&book->writer, KINDS_PERSON_SET, id, story_at(STORY_LIST), NULL);
    entry_put_text(&book->writer, KINDS_PERSON_SET_NAME, name);
    entry_put_text(&book->writer, KINDS_PERSON_SET_PHONE, "13900000000");
    entry_put_id(&book->writer, KINDS_PERSON_SET_DOOR, s->doors[door]);
    story_end_entry(book);
}

static inline void story_build_list(struct story *s, const struct keys_signer *cli)
{
    static const char content[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"; /* 32 zeros */
    static const enum kinds_area_kind kinds[] = {KINDS_AREA_KIND_VILLAGE, KINDS_AREA_KIND_GRID, KINDS_AREA_KIND_CELL,
                                                 KINDS_AREA_KIND_BUILDING};
    static const char *const codes[] = {"350599101201", "3", "3-2", "3-2-12"};
    struct when at = story_at(STORY_LIST);
    struct id parent = {{0}};
    struct book *by = story_book(s, STORY_LIST, s->cli, cli);
    assert_int_equal(book_put_enrol(by, s->phone_id, KINDS_DEVICE_KIND_PHONE, "手机", &s->phone, at), DW_OK);
    assert_int_equal(book_put_enrol(by, s->list_id, KINDS_DEVICE_KIND_IMPORT, "名单.xlsx", &s->list, at), DW_OK);
    for (int i = 0; i < 4; i++) {
        s->building = story_id(s);
        entry_begin(&by->writer, KINDS_AREA_SET, s->building, at, NULL);
        entry_put_int(&by->writer, KINDS_AREA_SET_KIND, kinds[i]);
        entry_put_id(&by->writer, KINDS_AREA_SET_PARENT, parent);
        entry_put_text(&by->writer, KINDS_AREA_SET_CODE, codes[i]);
        story_end_entry(by);
        parent = s->building;
    }
    struct book *book = story_book(s, STORY_LIST, s->list_id, &s->list);
    for (int i = 0; i < STORY_DOORS; i++) {
        char room[16];
        snprintf(room, sizeof room, "%d01", i + 1);
        s->doors[i] = story_id(s);
        entry_begin(&book->writer, KINDS_DOOR_SET, s->doors[i], at, NULL);
        entry_put_id(&book->writer, KINDS_DOOR_SET_BUILDING, s->building);
        entry_put_int(&book->writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
        entry_put_text(&book->writer, KINDS_DOOR_SET_ROOM, room);
        story_end_entry(book);
    }
    for (int i = 0; i < STORY_PEOPLE; i++) {
        s->people[i] = story_id(s);
        story_person(s, book, s->people[i], i % STORY_DOORS, i % 2 ? "陈秀英" : "林志强");
    }
    entry_begin(&book->writer, KINDS_IMPORT_DONE, s->list_id, at, NULL);
    entry_put_text(&book->writer, KINDS_IMPORT_DONE_FILE, "名单.xlsx");
    entry_put_int(&book->writer, KINDS_IMPORT_DONE_KIND, 0);
    entry_put_text(&book->writer, KINDS_IMPORT_DONE_CONTENT, content);
    for (int field = KINDS_IMPORT_DONE_ROWS; field <= KINDS_IMPORT_DONE_PAIRS; field++)
        entry_put_int(&book->writer, field, STORY_PEOPLE);
    story_end_entry(book);
}

static inline void story_visit(struct story *s, struct book *book, int door, const struct id *people, size_t count)
{
    struct entry_writer *w = &book->writer;
    entry_begin(w, KINDS_VISIT, s->doors[door], story_at(STORY_VISITS), NULL);
    entry_put_id(w, KINDS_VISIT_ROUND, s->round);
    entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
    entry_put_text(w, KINDS_VISIT_NOTE, "按铃两次");
    entry_list_begin(w, KINDS_VISIT_PEOPLE);
    for (size_t i = 0; i < count; i++) {
        entry_item_begin(w);
        entry_item_id(w, "person", people[i]);
        entry_item_text(w, "state", kinds_state_texts[KINDS_STATE_DONE]);
        entry_item_text(w, "evidence", "试管 A17");
        entry_item_end(w);
    }
    entry_list_end(w);
    story_end_entry(book);
}

static inline void story_build_rest(struct story *s, const struct keys_signer *cli)
{
    struct book *book = story_book(s, STORY_ROUND, s->cli, cli);
    struct when at = story_at(STORY_ROUND);
    s->round = story_id(s);
    entry_begin(&book->writer, KINDS_ROUND_OPEN, s->round, at, NULL);
    entry_put_int(&book->writer, KINDS_ROUND_OPEN_NO, 1);
    entry_put_int(&book->writer, KINDS_ROUND_OPEN_KIND, KINDS_ROUND_KIND_PCR);
    entry_put_time(&book->writer, KINDS_ROUND_OPEN_FREEZE, at);
    story_end_entry(book);
    book = story_book(s, STORY_VISITS, s->phone_id, &s->phone);
    for (int i = 0; i < 6; i++) story_visit(s, book, i, (struct id[]){s->people[i], s->people[i + STORY_DOORS]}, 2);
    book = story_book(s, STORY_HELD, s->phone_id, &s->phone);
    s->late = story_id(s);
    story_visit(s, book, 7, &s->late, 1); /* nobody knows him yet */
    book = story_book(s, STORY_RELEASED, s->phone_id, &s->phone);
    story_person(s, book, s->late, 7, "欧阳娜娜");
    book = story_book(s, STORY_VOID, s->cli, cli);
    entry_begin(&book->writer, KINDS_PERSON_MERGE, s->people[0], story_at(STORY_VOID), NULL);
    entry_put_id(&book->writer, KINDS_PERSON_MERGE_GONE, s->people[1]);
    story_end_entry(book);
    entry_begin(&book->writer, KINDS_ENTRY_VOID, s->round, story_at(STORY_VOID), NULL);
    entry_put_id(&book->writer, KINDS_ENTRY_VOID_DEVICE, s->phone_id);
    entry_put_int(&book->writer, KINDS_ENTRY_VOID_N, 2);
    story_end_entry(book);
}

/* Makes all that will be sent, once the site is there: the same whoever makes it. */
static inline void story_build(struct story *s, struct desk *desk)
{
    struct keys_signer cli;
    uint8_t seed[KEYS_SEED] = {1};
    if (s->built) return;
    s->built = true;
    s->site = desk->site->id;
    s->cli = site_device(desk->site, DESK_CLI_DEVICE)->id;
    assert_int_equal(keyring_device(desk->keys, s->cli, &cli), KEYRING_PRESENT);
    keys_signer_make(&s->phone, seed);
    seed[0] = 2;
    keys_signer_make(&s->list, seed);
    s->rng = rng_seed(2022);
    s->phone_id = story_id(s);
    s->list_id = story_id(s);
    story_build_list(s, &cli);
    story_build_rest(s, &cli);
    for (int i = 0; i < STORY_STEPS; i++)
        for (size_t k = 0; k < s->steps[i].count; k++) book_upload(&s->steps[i].uploads[k], &s->steps[i].books[k], story_at(i));
}

static inline void story_free(struct story *s)
{
    desk_close(s->desk);
    for (int i = 0; i < STORY_STEPS; i++)
        for (size_t k = 0; k < STORY_UPLOADS; k++) book_free(&s->steps[i].books[k]);
    lab_close(&s->lab);
}

/* One step; the first one makes the site in store (taken over), or with NULL in a store of its own. */
static inline dw_err story_do(struct story *s, int step, struct store *store, struct err_detail *detail)
{
    struct rng rng = rng_seed(1);
    struct desk_new spec = {.name = "洋埭", .code = "350599101201", .synthetic = true, .at = story_at(0), .rng = &rng};
    struct story_step *here = &s->steps[step];
    if (step == STORY_SITE) {
        ERR_TRY(store != NULL ? desk_create_over(&s->desk, store, s->lab.path, &spec, detail)
                              : desk_create(&s->desk, s->lab.path, &spec, detail));
        story_build(s, s->desk);
        here->told = true;
        return DW_OK;
    }
    struct writer_take take = {.uploads = here->uploads, .count = here->count, .received = story_at(step)};
    ERR_TRY(writer_submit(s->desk, &take, detail));
    memcpy(here->receipts, take.receipts, sizeof here->receipts);
    here->told = true;
    return DW_OK;
}

/* Entries a step adds. */
static inline int64_t story_entries(const struct story *s, int step)
{
    int64_t entries = step == STORY_SITE ? STORY_GENESIS : 0;
    for (size_t k = 0; k < s->steps[step].count; k++) entries += (int64_t)s->steps[step].uploads[k].count;
    return entries;
}

static inline void story_verify(struct desk *desk)
{
    struct verify_report report;
    struct err_detail detail = {0};
    story_ok(verify_run(&report, desk, NULL, &detail), &detail);
    if (report.faults > 0) fail_msg("%lld faults: %s", (long long)report.faults, report.told[0]);
    assert_int_equal(report.entries, desk->site->seq);
}

/* A receipt given out: the same stands in the store, signed, and the entries it covers have the hashes that were sent. */
static inline void story_honoured(struct desk *desk, struct upload *upload, const struct upload_receipt *given)
{
    struct err_detail detail = {0};
    struct upload_receipt found;
    uint32_t device = site_find(desk->site, SITE_DEVICE, upload->device);
    assert_true(device != SITE_NONE);
    assert_true(upload_receipt_signed(given, desk->signer.public_key));
    assert_int_equal(given->first, upload->first);
    assert_int_equal(given->last, upload->last);
    story_ok(ledger_rows_receipt(&found, desk, device, upload->last, &detail), &detail);
    assert_memory_equal(found.sign, given->sign, KEYS_SIGN);
    for (size_t i = 0; i < upload->count; i++) {
        uint8_t want[HASH_SIZE], hash[HASH_SIZE];
        hash_one(want, upload->entries[i].text, upload->entries[i].len);
        story_ok(ledger_rows_hash(hash, desk, device, upload->first + (int64_t)i, &detail), &detail);
        assert_memory_equal(hash, want, HASH_SIZE);
    }
}

/* What the store holds is what was told, and the step that was not told only if it is whole there; nothing more. */
static inline void story_check(struct story *s, struct desk *desk, int unsaid)
{
    int64_t seq = 0;
    story_build(s, desk);
    for (int i = 0; i < STORY_STEPS; i++) {
        if (s->steps[i].told || i == unsaid) seq += story_entries(s, i);
        for (size_t k = 0; k < s->steps[i].count && s->steps[i].told; k++)
            story_honoured(desk, &s->steps[i].uploads[k], &s->steps[i].receipts[k]);
    }
    assert_int_equal(desk->site->seq, seq);
    story_verify(desk);
}

static inline struct story_end story_end(const struct desk *desk)
{
    struct story_end end = {0};
    const struct site *site = desk->site;
    end.seq = site->seq;
    end.people = site_count(site, SITE_PERSON);
    end.held = site_count(site, SITE_HELD);
    end.rounds = site_count(site, SITE_ROUND);
    if (end.rounds > 0) end.counts = cover_count(site_round(site, 0)->cover, COVER_NONE);
    return end;
}

static inline void story_same(const struct story_end *a, const struct story_end *b)
{
    assert_int_equal(a->seq, b->seq);
    assert_int_equal(a->people, b->people);
    assert_int_equal(a->held, b->held);
    assert_int_equal(a->rounds, b->rounds);
    assert_memory_equal(&a->counts, &b->counts, sizeof a->counts);
}

#endif
