/* The live stream with 2,000 listeners at a site of 54,000 people: how long after a push was answered its change reaches them,
 * whether any is left out, and what memory the server takes. Prints one JSON object. */
#include "client.h"
#include "phones.h"

enum { LISTENERS = 2000, PUSHES = 40, PAUSE_MS = 400 };

static struct phones phones;

struct listener {
    int fd;
    int64_t seen; /* the last number it was told */
    char tail[16384];
    size_t len;
};

static struct listener listeners[LISTENERS];
static double delivered[LISTENERS * PUSHES];
static size_t count, late;

static void listener_open(struct listener *l, int port, const char *token)
{
    char call[400];
    int n = snprintf(call, sizeof call, "GET /api/v1/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", token);
    l->fd = client_connect(port);
    if (send(l->fd, call, (size_t)n, MSG_NOSIGNAL) != n) exit(1);
}

/* The number of the last event that is whole in what has come; what comes behind it is kept. */
static bool listener_read(struct listener *l)
{
    ssize_t n = recv(l->fd, l->tail + l->len, sizeof l->tail - 1 - l->len, 0);
    if (n <= 0) {
        if (n < 0 && errno == EAGAIN) return false;
        fprintf(stderr, "a stream was cut\n");
        exit(1);
    }
    l->len += (size_t)n;
    l->tail[l->len] = 0;
    bool told = false;
    for (char *at = l->tail, *id; (id = strstr(at, "id: ")) != NULL; at = id + 4) {
        char *end = strstr(id, "\n\n");
        if (end == NULL) {
            memmove(l->tail, id, strlen(id) + 1);
            l->len = strlen(l->tail);
            return told;
        }
        l->seen = strtoll(id + 4, NULL, 10);
        told = true;
    }
    l->len = 0;
    return told;
}

/* Until every listener knows what stands at seq; counts the delays since then. */
static void listen_for(int epoll, int64_t seq, uint64_t since, bool keep)
{
    struct epoll_event events[256];
    int left = LISTENERS;
    for (int i = 0; i < LISTENERS; i++) left -= listeners[i].seen >= seq;
    for (uint64_t until = clock_ns() + 20000000000ull; left > 0 && clock_ns() < until;) {
        int n = epoll_wait(epoll, events, 256, 1000);
        for (int i = 0; i < n; i++) {
            struct listener *l = events[i].data.ptr;
            bool before = l->seen >= seq;
            if (!listener_read(l) || before || l->seen < seq) continue;
            left--;
            if (keep) delivered[count++] = (double)(clock_ns() - since) / 1e6;
        }
    }
    late += (size_t)left;
}

static int64_t push_one(int port, struct phones_one *phone)
{
    struct arena_buf body = {0}, out = {0};
    struct client client;
    struct client_call call;
    phones_upload(&body, &phones, phone, 1);
    arena_buf_format(
        &out,
        "POST /api/v1/entries HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-doorward-upload\r\nContent-Length: %zu\r\n"
        "Authorization: Bearer %s\r\n\r\n",
        body.len, phone->token);
    arena_buf_put(&out, body.data, body.len);
    call = (struct client_call){out.data, out.len};
    client_make(&client, port, 1, &call, 1);
    client.must = "\"held\":0";
    client_run(&client);
    int64_t seq = strtoll(strstr(client.link[0].in, "\"first_seq\":") + 12, NULL, 10);
    client_free(&client);
    arena_buf_free(&body);
    arena_buf_free(&out);
    return seq;
}

int main(int argc, char **argv)
{
    struct phones_server server;
    int epoll = epoll_create1(0);
    phones_main(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    phones_files();
    phones_make(&phones, 64);
    phones_serve(&server, phones.path);
    double alone = phones_resident(server.pid);
    for (int i = 0; i < LISTENERS; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listeners[i]};
        listener_open(&listeners[i], server.port, phones.all[i % phones.count].token);
        epoll_ctl(epoll, EPOLL_CTL_ADD, listeners[i].fd, &event);
    }
    listen_for(epoll, 1, clock_ns(), false);
    double cpu = phones_cpu(server.pid);
    uint64_t begin = clock_ns();
    for (int i = 0; i < PUSHES; i++) {
        int64_t seq = push_one(server.port, &phones.all[i % phones.count]);
        listen_for(epoll, seq, clock_ns(), true);
        usleep(PAUSE_MS * 1000);
    }
    cpu = (phones_cpu(server.pid) - cpu) / ((double)(clock_ns() - begin) / 1e9);
    double resident = phones_resident(server.pid);
    qsort(delivered, count, sizeof *delivered, client_by_value);
    printf("{\"bench\":\"live\",\"people\":%d,\"listeners\":%d,\"start_ms\":%.0f,\"events\":%zu,\"missed\":%zu,\"p50_ms\":%.0f,"
           "\"p99_ms\":%.0f,"
           "\"processors\":%.2f,\"resident_mib_alone\":%.0f,\"resident_mib\":%.0f}\n",
           PHONES_PEOPLE, LISTENERS, server.start_ms, count, late, delivered[count / 2], delivered[count * 99 / 100], cpu, alone,
           resident);
    for (int i = 0; i < LISTENERS; i++) close(listeners[i].fd);
    close(epoll);
    phones_end(&server);
    phones_free(&phones);
    return late > 0;
}
