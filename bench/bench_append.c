/* Durable appends through the ledger against plain prepared inserts of the same bytes, in the same batches, in one run: visits of
 * doors with two people each (the handbook's migrant room), each door once, and at every eighth somebody whom no list had.
 * Prints one JSON object; where the time goes is told by leaving parts out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aid.h"
#include "base/clock.h"
#include "desk/book.h"
#include "desk/desk.h"
#include "desk/round.h"
#include "desk/tables.h"
#include "desk/writer.h"

enum { PEOPLE = 81920, PER_DOOR = 2, BATCH = 256 };

static const struct when noon = {1649390400000, 480};

static void fail(const char *what, dw_err err, const struct err_detail *detail)
{
    fprintf(stderr, "%s: %s %s\n", what, err_name(err), detail->text);
    exit(1);
}

struct bench {
    char dir[64], path[96];
    struct desk *desk;
    struct book phone;
    struct id round, doors[PEOPLE / PER_DOOR + 1], people[PEOPLE];
    struct err_detail detail;
};

static void bench_site(struct bench *b)
{
    struct book book = {0};
    struct desk_new spec = {.name = "bench", .code = "", .synthetic = true, .at = noon};
    must("create", desk_create(&b->desk, b->path, &spec, &b->detail), &b->detail);
    must("book", book_open(&book, b->desk, DESK_CLI_DEVICE, &b->detail), &b->detail);
    must("enrol", book_enrol(&b->phone, b->desk, &book, KINDS_DEVICE_KIND_PHONE, "phone", noon, &b->detail), &b->detail);
    struct id building = id_make(noon.ms, NULL);
    entry_begin(&book.writer, KINDS_AREA_SET, building, noon, NULL);
    entry_put_int(&book.writer, KINDS_AREA_SET_KIND, KINDS_AREA_KIND_BUILDING);
    entry_put_text(&book.writer, KINDS_AREA_SET_CODE, "1-1-1");
    must("area", book_end(&book), &b->detail);
    for (int i = 0; i < PEOPLE; i++) {
        char name[32];
        if (i % PER_DOOR == 0) {
            b->doors[i / PER_DOOR] = id_make(noon.ms, NULL);
            entry_begin(&book.writer, KINDS_DOOR_SET, b->doors[i / PER_DOOR], noon, NULL);
            entry_put_id(&book.writer, KINDS_DOOR_SET_BUILDING, building);
            entry_put_int(&book.writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
            must("door", book_end(&book), &b->detail);
        }
        snprintf(name, sizeof name, "人%d", i);
        b->people[i] = id_make(noon.ms, NULL);
        entry_begin(&book.writer, KINDS_PERSON_SET, b->people[i], noon, NULL);
        entry_put_text(&book.writer, KINDS_PERSON_SET_NAME, name);
        entry_put_id(&book.writer, KINDS_PERSON_SET_DOOR, b->doors[i / PER_DOOR]);
        must("person", book_end(&book), &b->detail);
    }
    must("commit", book_commit(b->desk, &book, 1, noon, NULL, &b->detail), &b->detail);
    book_free(&book);
}

static void bench_round(struct bench *b)
{
    struct round_opened opened;
    struct when at = {noon.ms + 60000, noon.offset};
    must("open", round_open(&opened, b->desk, KINDS_ROUND_KIND_PCR, at, at, &b->detail), &b->detail);
    b->round = site_round(b->desk->site, site_round_by_number(b->desk->site, opened.number))->id;
}

/* One batch of visits and, at every eighth door, a person nobody had: sealing is part of the work. */
static void bench_fill(struct bench *b, int first)
{
    struct entry_writer *w = &b->phone.writer;
    struct when at = {noon.ms + 120000, noon.offset};
    for (int i = 0; i < BATCH; i++) {
        int door = (first + i) % (PEOPLE / PER_DOOR);
        if (i % 8 == 7) {
            entry_begin(w, KINDS_PERSON_SET, id_make(at.ms, NULL), at, NULL);
            entry_put_text(w, KINDS_PERSON_SET_NAME, "欧阳·娜娜");
            entry_put_text(w, KINDS_PERSON_SET_DOC, "350599199001010017");
            entry_put_text(w, KINDS_PERSON_SET_PHONE, "13812345678");
            entry_put_id(w, KINDS_PERSON_SET_DOOR, b->doors[door]);
            must("person", book_end(&b->phone), &b->detail);
            continue;
        }
        entry_begin(w, KINDS_VISIT, b->doors[door], at, NULL);
        entry_put_id(w, KINDS_VISIT_ROUND, b->round);
        entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
        entry_list_begin(w, KINDS_VISIT_PEOPLE);
        for (int k = 0; k < PER_DOOR; k++) {
            entry_item_begin(w);
            entry_item_id(w, "person", b->people[door * PER_DOOR + k]);
            entry_item_text(w, "state", "done");
            entry_item_end(w);
        }
        entry_list_end(w);
        must("visit", book_end(&b->phone), &b->detail);
    }
}

/* The same texts and parts as bare rows, one transaction a batch. */
static double bench_plain(struct bench *b, struct store *plain, const struct upload *upload, int64_t first)
{
    static const struct store_sql insert = {
        "INSERT INTO plain (site_id, seq, device_no, n, at_ms, reason, text, parts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
    struct store_value v[BATCH * 8];
    for (size_t i = 0; i < upload->count; i++) {
        const struct upload_entry *e = &upload->entries[i];
        struct store_value row[] = {store_id(&upload->site),
                                    store_int(first + (int64_t)i),
                                    store_int(2),
                                    store_int(first + (int64_t)i),
                                    store_int(noon.ms),
                                    store_int(0),
                                    {.type = STORE_TEXT, .data = e->text, .len = e->len},
                                    e->part == NULL ? store_null() : store_bytes(e->part, e->part_len)};
        memcpy(&v[i * 8], row, sizeof row);
    }
    uint64_t start = clock_ns();
    must("begin", store_begin(plain, &b->detail), &b->detail);
    must("insert", store_run(plain, &insert, v, 8, upload->count, &b->detail), &b->detail);
    must("commit", store_commit(plain, &b->detail), &b->detail);
    return (double)(clock_ns() - start);
}

static double bench_ledger(struct bench *b, struct upload *upload)
{
    struct writer_take take = {.uploads = upload, .count = 1, .received = {noon.ms + 180000, noon.offset}};
    uint64_t start = clock_ns();
    must("submit", writer_submit(b->desk, &take, &b->detail), &b->detail);
    if (take.held > 0) fail("held entries", DW_E_STATE, &b->detail);
    return (double)(clock_ns() - start);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void bench_clear(const struct bench *b)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".keys", ".sitekey", ".plain", ".plain-wal", ".plain-shm"};
    char path[128];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", b->path, ends[i]);
        unlink(path);
    }
    rmdir(b->dir);
}

int main(void)
{
    static struct bench b;
    enum { BATCHES = 160 };
    static double ledger[BATCHES], plain[BATCHES];
    static const struct store_sql table = {
        "CREATE TABLE plain (site_id BYTEA NOT NULL, seq BIGINT NOT NULL, device_no BIGINT, n BIGINT, at_ms BIGINT, "
        "reason BIGINT, text TEXT, parts BYTEA, PRIMARY KEY (site_id, seq))"};
    struct store *other = NULL;
    char path[128];
    double bytes = 0;
    snprintf(b.dir, sizeof b.dir, "bench-append-XXXXXX");
    if (mkdtemp(b.dir) == NULL) return 1;
    snprintf(b.path, sizeof b.path, "%s/site.db", b.dir);
    snprintf(path, sizeof path, "%s.plain", b.path);
    bench_site(&b);
    bench_round(&b);
    must("plain", store_open(&other, path, STORE_CREATE, &b.detail), &b.detail);
    must("table", store_run(other, &table, NULL, 0, 1, &b.detail), &b.detail);
    for (int i = 0; i < BATCHES; i++) {
        struct upload upload;
        bench_fill(&b, i * BATCH);
        book_upload(&upload, &b.phone, (struct when){noon.ms + 180000, noon.offset});
        for (size_t k = 0; k < upload.count; k++) bytes += (double)(upload.entries[k].len + upload.entries[k].part_len);
        plain[i] = bench_plain(&b, other, &upload, 1 + (int64_t)i * BATCH);
        ledger[i] = bench_ledger(&b, &upload);
        book_clear(&b.phone);
    }
    qsort(ledger, BATCHES, sizeof *ledger, by_value);
    qsort(plain, BATCHES, sizeof *plain, by_value);
    double l = BATCH / (ledger[BATCHES / 2] / 1e9), p = BATCH / (plain[BATCHES / 2] / 1e9);
    printf("{\"bench\":\"append\",\"batch\":%d,\"batches\":%d,\"bytes_per_entry\":%.0f,\"ledger_entries_per_s\":%.0f,\"plain_"
           "rows_per_s\":%.0f,\"share_of_plain\":%.3f}\n",
           BATCH, BATCHES, bytes / (BATCH * BATCHES), l, p, l / p);
    book_free(&b.phone);
    desk_close(b.desk);
    store_close(other);
    bench_clear(&b);
    return 0;
}
