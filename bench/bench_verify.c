/* verify over a store of a million entries (or as many as are asked for): a village of 60,000 people registered with their doors
 * and households, then round after round at every door: visits, tubes opened, filled, sealed and their results, sent by 100
 * phones some 50 entries at a time, each upload with its signature and receipt. The store is made in a process of its own, so
 * that the peak of memory told is that of opening and verifying. Prints one JSON object. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "desk/book.h"
#include "desk/round.h"
#include "desk/verify.h"
#include "desk/writer.h"

enum {
    ENTRIES = 1000000,
    PHONES = 100,
    DOORS_EACH = 300, /* of a phone */
    DOORS = PHONES * DOORS_EACH,
    PER_DOOR = 2,
    DOORS_A_BUILDING = 50,
    CELLS = 100,
    GRIDS = 10,
    DOORS_A_TUBE = 5,
    TUBES_AN_UPLOAD = 4 /* 20 doors: some 50 entries */
};

static const struct when noon = {1649390400000, 480};

struct bench {
    char dir[64], path[96];
    struct desk *desk;
    int64_t made, most;
    struct book office, phones[PHONES];
    struct id doors[DOORS], people[DOORS * PER_DOOR], tubes[DOORS / DOORS_A_TUBE];
    struct err_detail detail;
};

static void must(struct bench *b, const char *what, dw_err err)
{
    if (err == DW_OK) return;
    fprintf(stderr, "%s: %s %s\n", what, err_name(err), b->detail.text);
    exit(1);
}

static void bench_end(struct bench *b, struct book *book)
{
    must(b, "entry", book_end(book));
    b->made++;
}

static bool bench_full(const struct bench *b)
{
    return b->made >= b->most;
}

static struct id bench_area(struct bench *b, enum kinds_area_kind kind, struct id parent, const char *code)
{
    struct entry_writer *w = &b->office.writer;
    struct id id = id_make(noon.ms, NULL);
    entry_begin(w, KINDS_AREA_SET, id, noon, NULL);
    entry_put_int(w, KINDS_AREA_SET_KIND, kind);
    entry_put_id(w, KINDS_AREA_SET_PARENT, parent);
    entry_put_text(w, KINDS_AREA_SET_CODE, code);
    bench_end(b, &b->office);
    return id;
}

static void bench_door(struct bench *b, int door, struct id building)
{
    struct entry_writer *w = &b->office.writer;
    struct id household = id_make(noon.ms, NULL);
    char text[32];
    b->doors[door] = id_make(noon.ms, NULL);
    entry_begin(w, KINDS_DOOR_SET, b->doors[door], noon, NULL);
    entry_put_id(w, KINDS_DOOR_SET_BUILDING, building);
    entry_put_int(w, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
    snprintf(text, sizeof text, "%d", 101 + door % DOORS_A_BUILDING);
    entry_put_text(w, KINDS_DOOR_SET_ROOM, text);
    bench_end(b, &b->office);
    entry_begin(w, KINDS_HOUSEHOLD_SET, household, noon, NULL);
    entry_put_id(w, KINDS_HOUSEHOLD_SET_DOOR, b->doors[door]);
    entry_put_int(w, KINDS_HOUSEHOLD_SET_KIND, 0);
    bench_end(b, &b->office);
    for (int i = 0; i < PER_DOOR; i++) {
        int person = door * PER_DOOR + i;
        b->people[person] = id_make(noon.ms, NULL);
        entry_begin(w, KINDS_PERSON_SET, b->people[person], noon, NULL);
        snprintf(text, sizeof text, "人%d", person);
        entry_put_text(w, KINDS_PERSON_SET_NAME, text);
        snprintf(text, sizeof text, "138%08d", person);
        entry_put_text(w, KINDS_PERSON_SET_PHONE, text);
        entry_put_id(w, KINDS_PERSON_SET_DOOR, b->doors[door]);
        entry_put_id(w, KINDS_PERSON_SET_HOUSEHOLD, household);
        bench_end(b, &b->office);
    }
}

static void bench_register(struct bench *b)
{
    struct id cells[CELLS], grid = {{0}}, building = {{0}}, village;
    char code[32];
    village = bench_area(b, KINDS_AREA_KIND_VILLAGE, grid, "350599101201");
    for (int i = 0; i < CELLS; i++) {
        snprintf(code, sizeof code, "%d", i / GRIDS + 1);
        if (i % GRIDS == 0) grid = bench_area(b, KINDS_AREA_KIND_GRID, village, code);
        snprintf(code, sizeof code, "%d-%d", i / GRIDS + 1, i % GRIDS + 1);
        cells[i] = bench_area(b, KINDS_AREA_KIND_CELL, grid, code);
    }
    for (int door = 0; door < DOORS && !bench_full(b); door++) {
        int number = door / DOORS_A_BUILDING, cell = number % CELLS;
        snprintf(code, sizeof code, "%d-%d-%d", cell / GRIDS + 1, cell % GRIDS + 1, number / CELLS + 1);
        if (door % DOORS_A_BUILDING == 0) building = bench_area(b, KINDS_AREA_KIND_BUILDING, cells[cell], code);
        bench_door(b, door, building);
    }
    must(b, "register", book_commit(b->desk, &b->office, 1, noon, NULL, &b->detail));
}

/* People of one door as items of the list: of a visit with their state, of a tube without. */
static void bench_people(struct bench *b, struct book *phone, int door, bool states)
{
    for (int k = 0; k < PER_DOOR; k++) {
        entry_item_begin(&phone->writer);
        entry_item_id(&phone->writer, "person", b->people[door * PER_DOOR + k]);
        if (states) entry_item_text(&phone->writer, "state", "done");
        entry_item_end(&phone->writer);
    }
}

/* One tube at its five doors; of every fifth nobody is at home at the last. */
static void bench_tube(struct bench *b, int at, struct id round, int number, struct when when)
{
    struct book *phone = &b->phones[at * DOORS_A_TUBE / DOORS_EACH];
    struct entry_writer *w = &phone->writer;
    int doors = at % 5 == 4 ? DOORS_A_TUBE - 1 : DOORS_A_TUBE;
    char code[32];
    b->tubes[at] = id_make(when.ms, NULL);
    snprintf(code, sizeof code, "T%02d-%06d", number, at);
    entry_begin(w, KINDS_TUBE_OPEN, b->tubes[at], when, NULL);
    entry_put_id(w, KINDS_TUBE_OPEN_ROUND, round);
    entry_put_text(w, KINDS_TUBE_OPEN_CODE, code);
    entry_put_int(w, KINDS_TUBE_OPEN_CAPACITY, 10);
    entry_put_int(w, KINDS_TUBE_OPEN_USE, KINDS_TUBE_USE_POOL);
    bench_end(b, phone);
    for (int i = 0; i < DOORS_A_TUBE; i++) {
        int door = at * DOORS_A_TUBE + i;
        entry_begin(w, KINDS_VISIT, b->doors[door], when, NULL);
        entry_put_id(w, KINDS_VISIT_ROUND, round);
        entry_put_int(w, KINDS_VISIT_OUTCOME, i < doors ? KINDS_OUTCOME_DONE : KINDS_OUTCOME_NOBODY_HOME);
        entry_list_begin(w, KINDS_VISIT_PEOPLE);
        if (i < doors) bench_people(b, phone, door, true);
        entry_list_end(w);
        bench_end(b, phone);
        if (i >= doors) continue;
        entry_begin(w, KINDS_TUBE_FILL, b->tubes[at], when, NULL);
        entry_list_begin(w, KINDS_TUBE_FILL_PEOPLE);
        bench_people(b, phone, door, false);
        entry_list_end(w);
        bench_end(b, phone);
    }
    entry_begin(w, KINDS_TUBE_SEAL, b->tubes[at], when, NULL);
    entry_list_begin(w, KINDS_TUBE_SEAL_PEOPLE);
    for (int i = 0; i < doors; i++) bench_people(b, phone, at * DOORS_A_TUBE + i, false);
    entry_list_end(w);
    bench_end(b, phone);
}

static void bench_round(struct bench *b, int number)
{
    enum { TUBES_EACH = DOORS_EACH / DOORS_A_TUBE };
    struct round_opened opened;
    struct when at = {noon.ms + (int64_t)number * 86400000, noon.offset};
    size_t held = 0;
    must(b, "open", round_open(&opened, b->desk, KINDS_ROUND_KIND_PCR, at, at, &b->detail));
    b->made++;
    struct id round = site_round(b->desk->site, site_round_by_number(b->desk->site, opened.number))->id;
    for (int from = 0; from < TUBES_EACH && !bench_full(b); from += TUBES_AN_UPLOAD) {
        at.ms += 600000;
        for (int p = 0; p < PHONES && !bench_full(b); p++)
            for (int i = 0; i < TUBES_AN_UPLOAD && !bench_full(b); i++)
                bench_tube(b, p * TUBES_EACH + from + i, round, number, at);
        for (int p = 0; p < PHONES; p += WRITER_UPLOADS) {
            size_t count = PHONES - p < WRITER_UPLOADS ? (size_t)(PHONES - p) : WRITER_UPLOADS;
            must(b, "visits", book_commit(b->desk, &b->phones[p], count, at, &held, &b->detail));
            if (held > 0) must(b, "held entries", DW_E_STATE);
        }
    }
    for (int t = 0; t < DOORS / DOORS_A_TUBE && !bench_full(b); t++) {
        entry_begin(&b->office.writer, KINDS_TUBE_RESULT, b->tubes[t], at, NULL);
        entry_put_int(&b->office.writer, KINDS_TUBE_RESULT_RESULT, KINDS_TUBE_RESULT_NEGATIVE);
        entry_put_time(&b->office.writer, KINDS_TUBE_RESULT_AT, at);
        bench_end(b, &b->office);
    }
    must(b, "results", book_commit(b->desk, &b->office, 1, at, &held, &b->detail));
    if (held > 0) must(b, "held results", DW_E_STATE);
}

static void bench_make(struct bench *b)
{
    struct desk_new spec = {.name = "bench", .code = "", .synthetic = true, .at = noon};
    must(b, "create", desk_create(&b->desk, b->path, &spec, &b->detail));
    must(b, "office", book_open(&b->office, b->desk, DESK_CLI_DEVICE, &b->detail));
    for (int i = 0; i < PHONES; i++) {
        must(b, "enrol", book_enrol(&b->phones[i], b->desk, &b->office, KINDS_DEVICE_KIND_PHONE, "phone", noon, &b->detail));
        b->made++;
    }
    b->made += 3; /* of the site itself */
    bench_register(b);
    for (int number = 1; !bench_full(b); number++) bench_round(b, number);
    desk_close(b->desk);
}

static void bench_clear(const struct bench *b)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".keys", ".sitekey"};
    char path[128];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", b->path, ends[i]);
        unlink(path);
    }
    rmdir(b->dir);
}

/* In a process of its own. */
static void bench_made(struct bench *b)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        bench_make(b);
        exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) exit(1);
}

int main(int argc, char **argv)
{
    static struct bench b;
    static struct verify_report report;
    struct stat file;
    b.most = ENTRIES;
    if (argc > 1 && !text_int(&b.most, argv[1], strlen(argv[1]))) return 2;
    snprintf(b.dir, sizeof b.dir, "bench-verify-XXXXXX");
    if (!keys_start() || mkdtemp(b.dir) == NULL) return 1;
    snprintf(b.path, sizeof b.path, "%s/site.db", b.dir);
    bench_made(&b);
    uint64_t start = clock_ns();
    must(&b, "open", desk_open(&b.desk, b.path, &b.detail));
    double open_s = (double)(clock_ns() - start) / 1e9;
    must(&b, "verify", verify_run(&report, b.desk, NULL, &b.detail));
    desk_close(b.desk);
    if (stat(b.path, &file) != 0 || report.faults > 0) {
        fprintf(stderr, "%lld faults: %s\n", (long long)report.faults, report.told[0]);
        return 1;
    }
    printf("{\"bench\":\"verify\",\"entries\":%lld,\"receipts\":%lld,\"rows\":%lld,\"store_mib\":%.0f,\"open_s\":%.2f,\"verify_"
           "s\":%.2f,"
           "\"entries_per_s\":%.0f,\"peak_mib\":%.0f}\n",
           (long long)report.entries, (long long)report.receipts, (long long)report.rows, (double)file.st_size / (1 << 20),
           open_s, report.seconds, (double)report.entries / report.seconds, (double)report.peak_bytes / (1 << 20));
    bench_clear(&b);
    return 0;
}
