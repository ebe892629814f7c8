/* A site for benches of the server: 54,000 people, a round, and phones that are enrolled, with their sessions. Its files can be
 * copied, so that the same uploads may be taken several times; and a server over it, in a process of its own. */
#ifndef BENCH_PHONES_H
#define BENCH_PHONES_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "desk/account_store.h"
#include "desk/book.h"
#include "desk/round.h"
#include "desk/writer.h"
#include "http/server.h"

enum { PHONES_PEOPLE = 54000, PHONES_PER_DOOR = 2, PHONES_DOORS = PHONES_PEOPLE / PHONES_PER_DOOR, PHONES_BUILDINGS = 1500 };

struct phones_one {
    struct book book;
    char token[ACCOUNT_TOKEN];
    int door; /* the next one it knocks at */
};

struct phones {
    char dir[64], path[96];
    struct id round, buildings[PHONES_BUILDINGS], doors[PHONES_DOORS], people[PHONES_PEOPLE];
    struct phones_one *all;
    int count;
    struct err_detail detail;
};

static inline void phones_must(const char *what, dw_err err, const struct err_detail *detail)
{
    if (err == DW_OK) return;
    fprintf(stderr, "%s: %s %s\n", what, err_name(err), detail->text);
    exit(1);
}

static inline void phones_area(struct phones *p, struct book *book, struct id id, struct id parent, int kind, const char *code,
                               struct when at)
{
    entry_begin(&book->writer, KINDS_AREA_SET, id, at, NULL);
    entry_put_int(&book->writer, KINDS_AREA_SET_KIND, kind);
    if (!id_null(parent)) entry_put_id(&book->writer, KINDS_AREA_SET_PARENT, parent);
    entry_put_text(&book->writer, KINDS_AREA_SET_CODE, code);
    phones_must("area", book_end(book), &p->detail);
}

static inline void phones_register(struct phones *p, struct book *book, struct when at)
{
    struct id village = id_make(at.ms, NULL), cell = village;
    char text[48];
    phones_area(p, book, village, (struct id){{0}}, KINDS_AREA_KIND_VILLAGE, "1", at);
    for (int i = 0; i < PHONES_BUILDINGS; i++) {
        if (i % 50 == 0) {
            cell = id_make(at.ms, NULL);
            snprintf(text, sizeof text, "1-%d", i / 50 + 1);
            phones_area(p, book, cell, village, KINDS_AREA_KIND_CELL, text, at);
        }
        p->buildings[i] = id_make(at.ms, NULL);
        snprintf(text, sizeof text, "1-%d-%d", i / 50 + 1, i % 50 + 1);
        phones_area(p, book, p->buildings[i], cell, KINDS_AREA_KIND_BUILDING, text, at);
    }
    for (int i = 0; i < PHONES_PEOPLE; i++) {
        int door = i / PHONES_PER_DOOR;
        if (i % PHONES_PER_DOOR == 0) {
            p->doors[door] = id_make(at.ms, NULL);
            entry_begin(&book->writer, KINDS_DOOR_SET, p->doors[door], at, NULL);
            entry_put_id(&book->writer, KINDS_DOOR_SET_BUILDING, p->buildings[door % PHONES_BUILDINGS]);
            entry_put_int(&book->writer, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
            snprintf(text, sizeof text, "%d", 100 + door / PHONES_BUILDINGS);
            entry_put_text(&book->writer, KINDS_DOOR_SET_ROOM, text);
            phones_must("door", book_end(book), &p->detail);
        }
        snprintf(text, sizeof text, "人%d", i);
        p->people[i] = id_make(at.ms, NULL);
        entry_begin(&book->writer, KINDS_PERSON_SET, p->people[i], at, NULL);
        entry_put_text(&book->writer, KINDS_PERSON_SET_NAME, text);
        snprintf(text, sizeof text, "138%08d", i);
        entry_put_text(&book->writer, KINDS_PERSON_SET_PHONE, text);
        entry_put_id(&book->writer, KINDS_PERSON_SET_DOOR, p->doors[door]);
        phones_must("person", book_end(book), &p->detail);
    }
}

static inline void phones_enrol(struct phones *p, struct book *book, struct id site, struct id member, struct when at)
{
    for (int i = 0; i < p->count; i++) {
        uint8_t seed[KEYS_SEED];
        char key[HASH_TEXT];
        struct keys_signer signer;
        struct id device = id_make(at.ms, NULL);
        rng_bytes(NULL, seed, sizeof seed);
        keys_signer_make(&signer, seed);
        book_start(&p->all[i].book, site, device, &signer, NULL);
        hash_b64(key, signer.public_key, KEYS_PUBLIC);
        entry_begin(&book->writer, KINDS_DEVICE_ENROL, device, at, NULL);
        entry_put_text(&book->writer, KINDS_DEVICE_ENROL_NAME, "phone");
        entry_put_int(&book->writer, KINDS_DEVICE_ENROL_KIND, KINDS_DEVICE_KIND_PHONE);
        entry_put_text(&book->writer, KINDS_DEVICE_ENROL_PUBLIC_KEY, key);
        entry_put_id(&book->writer, KINDS_DEVICE_ENROL_MEMBER, member);
        phones_must("enrol", book_end(book), &p->detail);
        p->all[i].door = (int)((int64_t)i * PHONES_DOORS / p->count);
    }
}

/* A site in a new folder, with count phones of one member who may do all. */
static inline void phones_make(struct phones *p, int count)
{
    struct desk *desk;
    struct account_desk *accounts;
    struct round_opened opened;
    struct book book = {0};
    struct when at = when_now();
    struct id member = id_make(at.ms, NULL);
    at.ms -= 3600000;
    struct desk_new spec = {.name = "bench", .code = "", .synthetic = true, .at = at};
    snprintf(p->dir, sizeof p->dir, "bench-phones-XXXXXX");
    if (mkdtemp(p->dir) == NULL) exit(1);
    snprintf(p->path, sizeof p->path, "%s/a.db", p->dir);
    p->count = count;
    p->all = calloc((size_t)count, sizeof *p->all);
    phones_must("create", desk_create(&desk, p->path, &spec, &p->detail), &p->detail);
    phones_must("book", book_open(&book, desk, DESK_CLI_DEVICE, &p->detail), &p->detail);
    phones_register(p, &book, at);
    entry_begin(&book.writer, KINDS_MEMBER_SET, member, at, NULL);
    entry_put_text(&book.writer, KINDS_MEMBER_SET_NAME, "陈");
    phones_must("member", book_end(&book), &p->detail);
    entry_begin(&book.writer, KINDS_GRANT_SET, id_make(at.ms, NULL), at, NULL);
    entry_put_id(&book.writer, KINDS_GRANT_SET_MEMBER, member);
    entry_put_int(&book.writer, KINDS_GRANT_SET_ROLE, KINDS_ROLE_COMMANDER);
    phones_must("grant", book_end(&book), &p->detail);
    phones_enrol(p, &book, desk->site->id, member, at);
    phones_must("commit", book_commit(desk, &book, 1, at, NULL, &p->detail), &p->detail);
    phones_must("round", round_open(&opened, desk, KINDS_ROUND_KIND_PCR, at, at, &p->detail), &p->detail);
    p->round = site_round(desk->site, site_round_by_number(desk->site, opened.number))->id;
    phones_must("accounts", account_open(&accounts, desk, p->path, &p->detail), &p->detail);
    for (int i = 0; i < count; i++) {
        struct account_who who = {.kind = ACCOUNT_PHONE, .device = p->all[i].book.writer.device, .member = member};
        phones_must("session", account_session_make(p->all[i].token, &who, accounts, "bench", when_now(), &p->detail),
                    &p->detail);
    }
    book_free(&book);
    account_close(accounts);
    desk_close(desk);
}

static inline void phones_visit(struct phones *p, struct phones_one *phone)
{
    struct entry_writer *w = &phone->book.writer;
    int door = phone->door++ % PHONES_DOORS;
    entry_begin(w, KINDS_VISIT, p->doors[door], when_now(), NULL);
    entry_put_id(w, KINDS_VISIT_ROUND, p->round);
    entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
    entry_list_begin(w, KINDS_VISIT_PEOPLE);
    for (int k = 0; k < PHONES_PER_DOOR; k++) {
        entry_item_begin(w);
        entry_item_id(w, "person", p->people[door * PHONES_PER_DOOR + k]);
        entry_item_text(w, "state", "done");
        entry_item_end(w);
    }
    entry_list_end(w);
    phones_must("visit", book_end(&phone->book), &p->detail);
}

/* The phone's next entries as an upload in its file form, in out. */
static inline void phones_upload(struct arena_buf *out, struct phones *p, struct phones_one *phone, int entries)
{
    struct upload upload;
    for (int i = 0; i < entries; i++) phones_visit(p, phone);
    book_upload(&upload, &phone->book, when_now());
    upload_print(out, &upload);
    book_clear(&phone->book);
}

static inline void phones_run(const char *program, const char *a, const char *b, const char *c)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        execlp(program, program, a, b, c, (char *)NULL);
        _exit(1);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) exit(1);
}

/* The files of the site once more, under another name in its folder. */
static inline void phones_copy(struct phones *p, char path[96], const char *name)
{
    static const char *const ends[] = {"", ".keys", ".sitekey", "-wal", "-shm"};
    char from[128], to[128];
    snprintf(path, 96, "%.60s/%.20s.db", p->dir, name);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(from, sizeof from, "%s%s", p->path, ends[i]);
        snprintf(to, sizeof to, "%s%s", path, ends[i]);
        unlink(to);
        if (access(from, F_OK) == 0) phones_run("cp", from, to, NULL);
    }
}

static inline void phones_free(struct phones *p)
{
    for (int i = 0; i < p->count; i++) book_free(&p->all[i].book);
    free(p->all);
    phones_run("rm", "-rf", p->dir, NULL);
}

struct phones_server {
    pid_t pid;
    int port, stop; /* stop: closing it ends the server */
    double start_ms;
};

/* To be called first of all by main: this program run again is the server, so that it begins with nothing of ours in its memory.
 */
static inline void phones_main(int argc, char **argv)
{
    struct server *server;
    struct err_detail detail = {0};
    char end;
    if (argc != 5 || strcmp(argv[1], "--serve") != 0) return;
    int64_t told, stop;
    if (!text_int(&told, argv[3], strlen(argv[3])) || !text_int(&stop, argv[4], strlen(argv[4]))) _exit(1);
    struct server_config config = {
        .store = argv[2], .listen = "127.0.0.1:0", .socket = -1, .plain_socket = -1, .metrics_socket = -1};
    phones_must("server", server_start(&server, &config, &detail), &detail);
    int port = server_port(server);
    if (write((int)told, &port, sizeof port) != sizeof port) _exit(1);
    while (read((int)stop, &end, 1) < 0 && errno == EINTR) continue;
    server_stop(server);
    _exit(0);
}

static inline void phones_serve(struct phones_server *s, const char *path)
{
    int told[2], stop[2];
    char told_text[16], stop_text[16];
    if (pipe(told) != 0 || pipe(stop) != 0) exit(1);
    uint64_t begin = clock_ns();
    s->pid = fork();
    if (s->pid == 0) {
        close(stop[1]);
        snprintf(told_text, sizeof told_text, "%d", told[1]);
        snprintf(stop_text, sizeof stop_text, "%d", stop[0]);
        execl("/proc/self/exe", "phones", "--serve", path, told_text, stop_text, (char *)NULL);
        _exit(1);
    }
    close(told[1]);
    close(stop[0]);
    if (read(told[0], &s->port, sizeof s->port) != sizeof s->port) {
        fprintf(stderr, "the server did not start\n");
        exit(1);
    }
    s->start_ms = (double)(clock_ns() - begin) / 1e6;
    close(told[0]);
    s->stop = stop[1];
}

static inline void phones_end(struct phones_server *s)
{
    int status;
    close(s->stop);
    if (waitpid(s->pid, &status, 0) == s->pid && status == 0) return;
    fprintf(stderr, "the server ended with %d\n", status);
    exit(1);
}

/* Seconds of the processors that a process has used, and its resident memory in MiB. */
static inline double phones_cpu(pid_t pid)
{
    char path[64];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        exit(1);
    fclose(file);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static inline double phones_resident(pid_t pid)
{
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) exit(1);
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmRSS: %ld", &kib) == 1) break;
    fclose(file);
    return (double)kib / 1024;
}

static inline void phones_files(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

#endif
