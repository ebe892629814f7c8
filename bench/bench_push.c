/* Durable pushes through the server against the ledger's own appends, in one run and over copies of one store of 54,000 people:
 * 64 connections of 50-entry signed batches, then 2,000 phones that push one entry at a time. Beside them PocketBase, when `make
 * peers` has built it: the same entry's text as one durable record. Prints one JSON object. */
#include <stdatomic.h>

#include "client.h"
#include "phones.h"

enum { LINKS = 64, BATCHES = 24, BATCH = 50, SINGLES = 2000, ROUNDS = 10, TURNS = 2 };

static const char peer[] = "build-peers/pocketbase";

static struct phones phones;

static void call_make(struct client_call *call, const char *path, const char *token, const char *type,
                      const struct arena_buf *body)
{
    struct arena_buf out = {0};
    arena_buf_format(&out, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %zu\r\n", path, type, body->len);
    if (token != NULL) arena_buf_format(&out, "Authorization: Bearer %s\r\n", token);
    arena_buf_text(&out, "\r\n");
    arena_buf_put(&out, body->data, body->len);
    *call = (struct client_call){out.data, out.len};
}

static struct client_call *calls_make(int first, int count, int each, int entries)
{
    struct client_call *calls = calloc((size_t)count * (size_t)each, sizeof *calls);
    struct arena_buf body = {0};
    for (int i = 0; i < count; i++)
        for (int k = 0; k < each; k++) {
            struct phones_one *phone = &phones.all[first + i];
            arena_buf_clear(&body);
            phones_upload(&body, &phones, phone, entries);
            call_make(&calls[i * each + k], "/api/v1/entries", phone->token, "application/x-doorward-upload", &body);
        }
    arena_buf_free(&body);
    return calls;
}

static void calls_free(struct client_call *calls, int count)
{
    for (int i = 0; i < count; i++) free(calls[i].data);
    free(calls);
}

/* The same uploads straight to the writer of a copy: everything waits in its queue, so nothing slows it but itself. */
struct own {
    struct writer_take take;
    struct upload upload;
};

static atomic_int own_left;

static void own_done(struct writer_take *take)
{
    if (take->err != DW_OK || take->held > 0) phones_must("own", DW_E_STATE, &take->detail);
    atomic_fetch_sub(&own_left, 1);
}

static void *own_serve(void *desk)
{
    writer_serve(desk);
    return NULL;
}

/* Entries a second. */
static double own_rate(const struct client_call *calls, int links, int each, int entries, const char *name)
{
    char path[96];
    struct desk *desk;
    struct own *all = calloc((size_t)links * (size_t)each, sizeof *all);
    struct arena arena = {0};
    pthread_t thread;
    phones_copy(&phones, path, name);
    phones_must("open", desk_open(&desk, path, &phones.detail), &phones.detail);
    for (int i = 0; i < links * each; i++) {
        size_t at = 0;
        int64_t line = 0;
        bool more;
        const char *body = strstr(calls[i].data, "\r\n\r\n") + 4;
        phones_must("parse",
                    upload_parse(&all[i].upload, &more, body, calls[i].len - (size_t)(body - calls[i].data), &at, &line, &arena,
                                 &phones.detail),
                    &phones.detail);
        all[i].take = (struct writer_take){.uploads = &all[i].upload, .count = 1, .received = when_now(), .finished = own_done};
    }
    atomic_store(&own_left, links * each);
    uint64_t begin = clock_ns();
    pthread_create(&thread, NULL, own_serve, desk);
    for (int k = 0; k < each; k++)
        for (int i = 0; i < links; i++) writer_post(desk, &all[i * each + k].take);
    writer_stop(desk);
    pthread_join(thread, NULL);
    double seconds = (double)(clock_ns() - begin) / 1e9;
    if (atomic_load(&own_left) != 0) exit(1);
    desk_close(desk);
    arena_free(&arena);
    free(all);
    return links * each * entries / seconds;
}

struct measured {
    double rate, p50, p99, cpu, start_ms;
    double each_us, ours_us; /* of the processors for a call: by the server, by this program that sends it */
};

static double own_cpu(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) + (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static struct measured run(struct client *client, pid_t pid, int calls, int entries)
{
    double cpu = phones_cpu(pid), ours = own_cpu(), seconds = client_run(client);
    ours = own_cpu() - ours;
    cpu = phones_cpu(pid) - cpu;
    return (struct measured){.rate = calls * entries / seconds,
                             .p50 = client_share(client, 0.5),
                             .p99 = client_share(client, 0.99),
                             .cpu = cpu / seconds,
                             .each_us = cpu * 1e6 / calls,
                             .ours_us = ours * 1e6 / calls};
}

static struct measured server_rate(struct client_call *calls, int links, int each, int entries, const char *name)
{
    char path[96];
    struct phones_server server;
    struct client client;
    struct measured m;
    phones_copy(&phones, path, name);
    phones_serve(&server, path);
    client_make(&client, server.port, links, calls, each);
    client.must = "\"held\":0";
    m = run(&client, server.pid, links * each, entries);
    m.start_ms = server.start_ms;
    client_free(&client);
    phones_end(&server);
    return m;
}

/* The same records by PocketBase: each entry's text in one field. */
static struct client_call *peer_calls(const struct client_call *calls, int count)
{
    struct client_call *out = calloc((size_t)count, sizeof *out);
    struct arena_buf body = {0};
    for (int i = 0; i < count; i++) {
        const char *head = strstr(calls[i].data, "\r\n\r\n") + 4, *text = strchr(head, '\n') + 1;
        struct json_out json = {.buf = &body};
        arena_buf_clear(&body);
        json_open(&json, '{');
        json_key(&json, "text");
        json_put_text(&json, text, (size_t)(strchr(text, '\n') - text));
        json_close(&json, '}');
        call_make(&out[i], "/api/collections/entries/records", NULL, "application/json", &body);
    }
    arena_buf_free(&body);
    return out;
}

static bool peer_answers(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 300; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        bool good = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
        close(fd);
        if (good) return true;
        usleep(100000);
    }
    return false;
}

static struct measured peer_rate(const struct client_call *calls, int turn)
{
    struct measured m = {0};
    struct client client;
    char folder[96], listen[32];
    int port = 20000 + (int)getpid() % 20000, status;
    if (access(peer, X_OK) != 0) return m;
    struct client_call *own = peer_calls(calls, SINGLES * ROUNDS);
    snprintf(folder, sizeof folder, "%s/pocketbase%d", phones.dir, turn);
    snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
    pid_t pid = fork();
    if (pid == 0) {
        int quiet = open("/dev/null", O_WRONLY);
        dup2(quiet, 1);
        execl(peer, peer, "serve", "--dir", folder, "--http", listen, (char *)NULL);
        _exit(1);
    }
    if (!peer_answers(port)) {
        fprintf(stderr, "the peer did not start\n");
        exit(1);
    }
    usleep(1000000);
    client_make(&client, port, SINGLES, own, ROUNDS);
    m = run(&client, pid, SINGLES * ROUNDS, 1);
    client_free(&client);
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    calls_free(own, SINGLES * ROUNDS);
    return m;
}

static void tell(const char *name, struct measured m)
{
    printf(",\"%s\":{\"per_s\":%.0f,\"p50_ms\":%.1f,\"p99_ms\":%.1f,\"processors\":%.2f,\"server_us_a_call\":%.0f,"
           "\"sender_us_a_call\":%.0f}",
           name, m.rate, m.p50, m.p99, m.cpu, m.each_us, m.ours_us);
}

static struct measured better(struct measured a, struct measured b)
{
    return a.rate > b.rate ? a : b;
}

/* "singles" as its only word: single entries alone, for whoever looks where their time goes. */
int main(int argc, char **argv)
{
    struct measured server = {0}, single = {0}, pocket = {0};
    double own = 0, own_single = 0, rate;
    bool whole = argc < 2 || strcmp(argv[1], "singles") != 0;
    phones_main(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    phones_files();
    phones_make(&phones, LINKS + SINGLES);
    struct client_call *batches = calls_make(0, LINKS, BATCHES, BATCH), *singles = calls_make(LINKS, SINGLES, ROUNDS, 1);
    for (int turn = 0; turn < TURNS; turn++) { /* one after the other, so that a busy machine is busy for both */
        rate = whole ? own_rate(batches, LINKS, BATCHES, BATCH, "own") : 0;
        if (rate > own) own = rate;
        if (whole) server = better(server_rate(batches, LINKS, BATCHES, BATCH, "server"), server);
        rate = whole ? own_rate(singles, SINGLES, ROUNDS, 1, "own") : 0;
        if (rate > own_single) own_single = rate;
        single = better(server_rate(singles, SINGLES, ROUNDS, 1, "server"), single);
        if (whole) pocket = better(peer_rate(singles, turn), pocket);
    }
    printf("{\"bench\":\"push\",\"people\":%d,\"start_ms\":%.0f,\"connections\":%d,\"batch\":%d,\"ledger_per_s\":%.0f",
           PHONES_PEOPLE, server.start_ms, LINKS, BATCH, own);
    tell("server", server);
    printf(",\"share_of_ledger\":%.2f,\"phones\":%d,\"ledger_single_per_s\":%.0f", server.rate / own, SINGLES, own_single);
    tell("single", single);
    tell("pocketbase", pocket);
    if (pocket.rate > 0) printf(",\"times_pocketbase\":%.1f", single.rate / pocket.rate);
    printf("}\n");
    calls_free(batches, LINKS * BATCHES);
    calls_free(singles, SINGLES * ROUNDS);
    phones_free(&phones);
    return 0;
}
