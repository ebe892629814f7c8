/* The first load of a phone whose scope is a whole large group: 7,000 households and 18,000 people (or as many people as are
 * asked for), in the middle of a round. Over HTTP on this machine: one phone alone, then ten at once, each over a connection of
 * its own. Prints one JSON object; of five runs the median and the worst; packed as the client asks for it (zstd). The figure
 * beside it is CHT's own: ten first replications at once, mean 19.25 s (its release notes of 4.3.0). */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aid.h"
#include "base/clock.h"
#include "base/json.h"
#include "desk/grant.h"
#include "desk/round.h"
#include "http/client.h"
#include "http/server.h"
#include "sim/demo.h"

enum { PEOPLE = 15800 /* whom the lists make about 17,800 people in 8,900 households */, PHONES = 10, RUNS = 5, PULLS = 100 };

struct bench {
    struct server *server;
    char url[64], token[PHONES][ACCOUNT_TOKEN];
    struct when now;
};

struct load {
    pthread_t thread;
    const struct bench *bench;
    int phone;
    double seconds;
    size_t wire, bytes;
};

/* One phone's first load, from connecting to the last line. */
static void *bench_load(void *ctx)
{
    struct load *load = ctx;
    struct client *client;
    struct err_detail detail = {0};
    struct arena_buf answer = {0};
    const struct client_call call = {.method = "GET", .path = "/sync/bundle", .token = load->bench->token[load->phone]};
    uint64_t start = clock_ns();
    must("client", client_open(&client, load->bench->url, NULL, &detail), &detail);
    must("bundle", client_do(&answer, &load->wire, client, &call, &detail), &detail);
    load->seconds = (double)(clock_ns() - start) / 1e9;
    load->bytes = answer.len;
    if (answer.len == 0 || memmem(answer.data, answer.len, "{\"is\":\"end\"", 11) == NULL) exit(1);
    arena_buf_free(&answer);
    client_close(client);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void bench_at_once(const struct bench *b, int phones)
{
    struct load loads[PHONES] = {0};
    double whole[RUNS], worst = 0;
    for (int run = 0; run < RUNS; run++) {
        uint64_t start = clock_ns();
        for (int i = 0; i < phones; i++) {
            loads[i].bench = b;
            loads[i].phone = i;
            if (pthread_create(&loads[i].thread, NULL, bench_load, &loads[i]) != 0) exit(1);
        }
        for (int i = 0; i < phones; i++) {
            pthread_join(loads[i].thread, NULL);
            if (loads[i].seconds > worst) worst = loads[i].seconds;
        }
        whole[run] = (double)(clock_ns() - start) / 1e9;
    }
    qsort(whole, RUNS, sizeof *whole, by_value);
    printf(",\"phones_%d\":{\"median_s\":%.3f,\"worst_run_s\":%.3f,\"slowest_phone_s\":%.3f,\"bytes\":%zu,\"wire_bytes\":%zu}",
           phones, whole[RUNS / 2], whole[RUNS - 1], worst, loads[0].bytes, loads[0].wire);
}

/* A phone that asks and has everything, and one that is a thousand entries behind. */
static void bench_pull(const struct bench *b, int64_t seq)
{
    struct client *client;
    struct err_detail detail = {0};
    struct arena_buf answer = {0};
    struct json json = {0};
    struct arena arena = {0};
    char path[256];
    double ms[PULLS];
    size_t wire = 0;
    struct client_call call = {.method = "GET", .path = "/sync/bundle", .token = b->token[0]};
    must("client", client_open(&client, b->url, NULL, &detail), &detail);
    must("bundle", client_do(&answer, NULL, client, &call, &detail), &detail);
    const char *line = memrchr(answer.data, '\n', answer.len - 1);
    must("end", json_read(&json, line + 1, strlen(line + 1), &detail), &detail);
    const char *cursor = json_text(&json, json_member(&json, 0, "next"), &arena);
    for (int behind = 0; behind < 2; behind++) {
        if (behind)
            snprintf(path, sizeof path, "/entries?cursor=%lld&limit=1000", (long long)seq - 1000);
        else
            snprintf(path, sizeof path, "/entries?cursor=%s", cursor == NULL ? "" : cursor);
        call.path = path;
        for (int i = 0; i < PULLS; i++) {
            uint64_t start = clock_ns();
            must("pull", client_do(&answer, &wire, client, &call, &detail), &detail);
            ms[i] = (double)(clock_ns() - start) / 1e6;
        }
        qsort(ms, PULLS, sizeof *ms, by_value);
        printf(",\"%s\":{\"median_ms\":%.2f,\"p99_ms\":%.2f,\"wire_bytes\":%zu}",
               behind ? "pull_1000_entries" : "pull_nothing_new", ms[PULLS / 2], ms[PULLS * 99 / 100], wire);
    }
    json_free(&json);
    arena_free(&arena);
    arena_buf_free(&answer);
    client_close(client);
}

/* Phones of one member, who may do everything a leader may, everywhere. */
static void bench_enrol(struct bench *b)
{
    struct err_detail detail = {0};
    struct desk *desk = server_desk(b->server);
    struct grant_new grant = {.role = KINDS_ROLE_GRID_LEADER};
    struct id member, id;
    must("member", grant_member(&member, desk, "组长", NULL, b->now, &detail), &detail);
    grant.member = member;
    must("grant", grant_give(&id, desk, SITE_NONE, &grant, b->now, &detail), &detail);
    for (int i = 0; i < PHONES; i++) {
        struct account_invite invite = {
            .member = member, .name = "phone", .minutes = 10, .phone_until_ms = SITE_NEVER, .at = b->now};
        struct account_desk *accounts = server_accounts(b->server);
        struct keys_signer signer;
        uint8_t seed[KEYS_SEED] = {(uint8_t)(i + 1)};
        char key[HASH_TEXT], token[ACCOUNT_TOKEN];
        keys_signer_make(&signer, seed);
        hash_b64(key, signer.public_key, KEYS_PUBLIC);
        must("invite", account_invite(token, accounts, NULL, &invite, &detail), &detail);
        must("enrol", account_enrol(&id, b->token[i], accounts, token, key, b->now, &detail), &detail);
    }
}

int main(int argc, char **argv)
{
    char dir[] = "/tmp/doorward-bench-XXXXXX";
    static struct demo_result made;
    struct bench b = {.now = when_now()};
    struct err_detail detail = {0};
    uint32_t people = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : PEOPLE;
    if (!keys_start() || mkdtemp(dir) == NULL) return 1;
    snprintf(made.store, sizeof made.store, "%s/site.db", dir);
    snprintf(made.village, sizeof made.village, "%s/village", dir);
    struct desk *desk;
    must("village", village_write(&made.summary, made.village, 1, people, NULL, &detail), &detail);
    must("lists", demo_prepare(&made, &desk, NULL, &detail), &detail);
    must("round", round_open(&made.opened, desk, KINDS_ROUND_KIND_PCR, b.now, b.now, &detail), &detail);
    must("field", worker_round(&made.worker, desk, made.village, NULL, 1, people, made.opened.number, NULL, &detail), &detail);
    printf("{\"persons\":%u,\"households\":%u,\"doors\":%u,\"areas\":%u,\"entries\":%lld", site_count(desk->site, SITE_PERSON),
           site_count(desk->site, SITE_HOUSEHOLD), site_count(desk->site, SITE_DOOR), site_count(desk->site, SITE_AREA),
           (long long)desk->site->seq);
    int64_t seq = desk->site->seq;
    desk_close(desk);
    struct server_config config = {
        .store = made.store, .listen = "127.0.0.1:0", .socket = -1, .plain_socket = -1, .metrics_socket = -1};
    must("server", server_start(&b.server, &config, &detail), &detail);
    snprintf(b.url, sizeof b.url, "http://127.0.0.1:%d", server_port(b.server));
    bench_enrol(&b);
    bench_at_once(&b, 1);
    bench_at_once(&b, PHONES);
    bench_pull(&b, seq);
    printf(",\"cht_4_3_0_ten_at_once_mean_s\":19.25}\n");
    server_stop(b.server);
    demo_free(&made);
    drop(dir);
    return 0;
}
