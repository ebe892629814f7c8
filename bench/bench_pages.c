/* Pages of a site of 100,000 people over HTTP, one call after another: every page of the whole list, of one small area that
 * stands last in it, for somebody who may see that area only, and of who is missing. 300 members hold a grant each, as keepers
 * do. Prints one JSON object: milliseconds of a page, the middle one, the 99th of a hundred and the slowest. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "desk/book.h"
#include "desk/grant.h"
#include "desk/round.h"
#include "http/server.h"

enum {
    PEOPLE = 100000,
    DOORS = 50000,
    DOORS_A_BUILDING = 50,
    CELLS = 100,
    GRIDS = 10,
    KEEPERS = 300,
    PAGE = 100,
    MOST = 4000,
    READ = 1 << 20
};

static const struct when noon = {1649390400000, 480};

struct bench {
    char dir[64], path[96], last[32]; /* last: code of the last building */
    struct desk *desk;
    struct book office;
    struct err_detail detail;
    int socket;
    char *answer;
};

struct pages {
    double ms[MOST];
    int count, items;
};

static void must(struct bench *b, const char *what, dw_err err)
{
    if (err == DW_OK) return;
    fprintf(stderr, "%s: %s %s\n", what, err_name(err), b->detail.text);
    exit(1);
}

static struct id bench_area(struct bench *b, enum kinds_area_kind kind, struct id parent, const char *code)
{
    struct entry_writer *w = &b->office.writer;
    struct id id = id_make(noon.ms, NULL);
    entry_begin(w, KINDS_AREA_SET, id, noon, NULL);
    entry_put_int(w, KINDS_AREA_SET_KIND, kind);
    entry_put_id(w, KINDS_AREA_SET_PARENT, parent);
    entry_put_text(w, KINDS_AREA_SET_CODE, code);
    must(b, "area", book_end(&b->office));
    return id;
}

static void bench_door(struct bench *b, int door, struct id building)
{
    struct entry_writer *w = &b->office.writer;
    struct id id = id_make(noon.ms, NULL);
    char text[32];
    entry_begin(w, KINDS_DOOR_SET, id, noon, NULL);
    entry_put_id(w, KINDS_DOOR_SET_BUILDING, building);
    entry_put_int(w, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FLAT);
    snprintf(text, sizeof text, "%d", 101 + door % DOORS_A_BUILDING);
    entry_put_text(w, KINDS_DOOR_SET_ROOM, text);
    must(b, "door", book_end(&b->office));
    for (int i = 0; i < PEOPLE / DOORS; i++) {
        int person = door * (PEOPLE / DOORS) + i;
        entry_begin(w, KINDS_PERSON_SET, id_make(noon.ms, NULL), noon, NULL);
        snprintf(text, sizeof text, "人%d", person);
        entry_put_text(w, KINDS_PERSON_SET_NAME, text);
        snprintf(text, sizeof text, "138%08d", person);
        entry_put_text(w, KINDS_PERSON_SET_PHONE, text);
        entry_put_id(w, KINDS_PERSON_SET_DOOR, id);
        must(b, "person", book_end(&b->office));
    }
}

/* Buildings are numbered in the order in which their people are registered: the last one's stand last in the list. */
static void bench_register(struct bench *b)
{
    struct id cells[CELLS], grid = {{0}}, building = {{0}}, village;
    village = bench_area(b, KINDS_AREA_KIND_VILLAGE, grid, "350599101201");
    for (int i = 0; i < CELLS; i++) {
        char code[32];
        snprintf(code, sizeof code, "%d", i / GRIDS + 1);
        if (i % GRIDS == 0) grid = bench_area(b, KINDS_AREA_KIND_GRID, village, code);
        snprintf(code, sizeof code, "%d-%d", i / GRIDS + 1, i % GRIDS + 1);
        cells[i] = bench_area(b, KINDS_AREA_KIND_CELL, grid, code);
    }
    for (int door = 0; door < DOORS; door++) {
        int number = door / DOORS_A_BUILDING, cell = number / (DOORS / DOORS_A_BUILDING / CELLS);
        snprintf(b->last, sizeof b->last, "%d-%d-%d", cell / GRIDS + 1, cell % GRIDS + 1, number + 1);
        if (door % DOORS_A_BUILDING == 0) building = bench_area(b, KINDS_AREA_KIND_BUILDING, cells[cell], b->last);
        bench_door(b, door, building);
    }
    must(b, "register", book_commit(b->desk, &b->office, 1, noon, NULL, &b->detail));
}

static struct id bench_member(struct bench *b, const char *name, enum kinds_role role, const char *area)
{
    struct grant_new grant = {.role = role, .area = area};
    struct id id;
    must(b, "member", grant_member(&grant.member, b->desk, name, NULL, noon, &b->detail));
    must(b, "grant", grant_give(&id, b->desk, SITE_NONE, &grant, noon, &b->detail));
    return grant.member;
}

static void bench_make(struct bench *b)
{
    const struct desk_new spec = {.name = "十万人", .code = "350599101201", .synthetic = true, .at = noon};
    struct round_opened opened;
    must(b, "create", desk_create(&b->desk, b->path, &spec, &b->detail));
    must(b, "office", book_open(&b->office, b->desk, DESK_CLI_DEVICE, &b->detail));
    bench_register(b);
    must(b, "round", round_open(&opened, b->desk, KINDS_ROUND_KIND_PCR, noon, noon, &b->detail));
}

static void bench_connect(struct bench *b, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    b->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (b->socket < 0 || connect(b->socket, (struct sockaddr *)&to, sizeof to) != 0) must(b, "connect", DW_E_IO);
}

/* The body of one answer, terminated. */
static const char *bench_get(struct bench *b, const char *path, const char *token)
{
    char ask[1024];
    size_t have = 0;
    int len = snprintf(ask, sizeof ask, "GET /api/v1%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", path, token);
    if (write(b->socket, ask, (size_t)len) != len) must(b, "ask", DW_E_IO);
    for (;;) {
        ssize_t n = read(b->socket, b->answer + have, READ - have - 1);
        if (n <= 0) must(b, "answer", DW_E_IO);
        have += (size_t)n;
        b->answer[have] = 0;
        char *body = strstr(b->answer, "\r\n\r\n"), *length = strcasestr(b->answer, "Content-Length: ");
        if (body == NULL || length == NULL || (size_t)(b->answer + have - body - 4) < strtoul(length + 16, NULL, 10)) continue;
        if (strncmp(b->answer, "HTTP/1.1 200", 12) != 0) {
            fprintf(stderr, "%s: %s\n", path, b->answer);
            exit(1);
        }
        return body + 4;
    }
}

static void bench_pages(struct bench *b, struct pages *pages, const char *path, const char *token)
{
    char next[64] = "", ask[512];
    pages->count = pages->items = 0;
    do {
        snprintf(ask, sizeof ask, "%s%climit=%d%s%s", path, strchr(path, '?') == NULL ? '?' : '&', PAGE,
                 *next == 0 ? "" : "&cursor=", next);
        uint64_t begin = clock_ns();
        const char *body = bench_get(b, ask, token);
        pages->ms[pages->count++] = (double)(clock_ns() - begin) / 1e6;
        for (const char *at = body; (at = strstr(at, strstr(path, "left") == NULL ? "{\"id\":" : "{\"area\":")) != NULL; at++)
            pages->items++;
        const char *at = strstr(body, "\"next\":\"");
        snprintf(next, sizeof next, "%.*s", at == NULL ? 0 : (int)strcspn(at + 8, "\""), at == NULL ? "" : at + 8);
    } while (*next != 0 && pages->count < MOST);
}

static int bench_order(const void *left, const void *right)
{
    double a = *(const double *)left, c = *(const double *)right;
    return (a > c) - (a < c);
}

static void bench_tell(struct bench *b, const char *name, const char *path, const char *token, bool more)
{
    static struct pages pages;
    bench_pages(b, &pages, path, token);
    qsort(pages.ms, (size_t)pages.count, sizeof *pages.ms, bench_order);
    printf("\"%s\":{\"pages\":%d,\"items\":%d,\"median_ms\":%.2f,\"p99_ms\":%.2f,\"most_ms\":%.2f}%s", name, pages.count,
           pages.items, pages.ms[pages.count / 2], pages.ms[pages.count * 99 / 100], pages.ms[pages.count - 1], more ? "," : "");
}

static void bench_token(char token[ACCOUNT_TOKEN], struct bench *b, struct account_desk *accounts, const char *login,
                        struct id member)
{
    const struct account_login spec = {.login = login, .password = "不漏一户，不漏一人。", .agent = "bench", .at = when_now()};
    struct account_who who;
    must(b, "account", account_make(accounts, login, spec.password, member, when_now(), &b->detail));
    must(b, "sign in", account_sign_in(token, &who, accounts, &spec, &b->detail));
}

int main(void)
{
    struct bench b = {.dir = "/tmp/doorward-bench-XXXXXX"};
    struct server *server;
    char whole[ACCOUNT_TOKEN], part[ACCOUNT_TOKEN], area[128];
    if (!keys_start() || mkdtemp(b.dir) == NULL) return 1;
    snprintf(b.path, sizeof b.path, "%s/site.db", b.dir);
    b.answer = malloc(READ);
    bench_make(&b);
    struct id all = bench_member(&b, "全部", KINDS_ROLE_COMMANDER, NULL),
              one = bench_member(&b, "最后", KINDS_ROLE_GROUP_LEADER, b.last);
    for (int i = 0; i < KEEPERS; i++) bench_member(&b, "责任人", KINDS_ROLE_KEEPER, b.last);
    desk_close(b.desk);
    const struct server_config config = {
        .store = b.path, .listen = "127.0.0.1:0", .socket = -1, .plain_socket = -1, .metrics_socket = -1};
    must(&b, "server", server_start(&server, &config, &b.detail));
    bench_token(whole, &b, server_accounts(server), "whole", all);
    bench_token(part, &b, server_accounts(server), "part", one);
    bench_connect(&b, server_port(server));
    snprintf(area, sizeof area, "/persons?area=%s", b.last);
    printf("{\"people\":%d,\"page\":%d,", PEOPLE, PAGE);
    bench_tell(&b, "all_people", "/persons", whole, true);
    bench_tell(&b, "some_fields", "/persons?fields=id", whole, true);
    bench_tell(&b, "last_area", area, whole, true);
    bench_tell(&b, "whoever_sees_the_last_area", "/persons", part, true);
    bench_tell(&b, "doors", "/doors", whole, true);
    bench_tell(&b, "left", "/rounds/0/left", whole, true);
    bench_tell(&b, "missing", "/rounds/0/missing", whole, true);
    bench_tell(&b, "last_area_missing", "/rounds/0/missing", part, false);
    printf("}\n");
    fflush(stdout);
    close(b.socket);
    server_stop(server);
    book_free(&b.office);
    free(b.answer);
    char clean[128];
    snprintf(clean, sizeof clean, "%s", b.dir);
    execlp("rm", "rm", "-rf", "--", clean, NULL);
    return 0;
}
