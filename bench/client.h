/* Many HTTP connections from one thread (epoll): each sends its calls one after the other, and the time of each answer is kept.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

enum { CLIENT_IN = 16384 };

struct client_call {
    char *data;
    size_t len;
};

struct client_link {
    int fd;
    struct client_call *calls;
    int count, at;
    size_t sent, got;
    uint64_t begin;
    char in[CLIENT_IN];
};

struct client {
    int epoll, links, left;
    struct client_link *link;
    double *ms; /* of every answer */
    size_t answers;
    const char *must; /* what every answer holds; NULL: anything with status 200 */
};

static inline int client_connect(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        perror("connect");
        exit(1);
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static inline void client_want(struct client *c, struct client_link *l, uint32_t events, int how)
{
    struct epoll_event event = {.events = events, .data.ptr = l};
    if (epoll_ctl(c->epoll, how, l->fd, &event) != 0) exit(1);
}

/* calls[i * count + k]: the k-th call of link i. */
static inline void client_make(struct client *c, int port, int links, struct client_call *calls, int count)
{
    *c = (struct client){.epoll = epoll_create1(0), .links = links, .left = links};
    c->link = calloc((size_t)links, sizeof *c->link);
    c->ms = calloc((size_t)links * (size_t)count, sizeof *c->ms);
    for (int i = 0; i < links; i++) {
        c->link[i] = (struct client_link){.fd = client_connect(port), .calls = calls + (size_t)i * (size_t)count, .count = count};
        client_want(c, &c->link[i], EPOLLOUT, EPOLL_CTL_ADD);
    }
}

static inline void client_send(struct client *c, struct client_link *l)
{
    struct client_call *call = &l->calls[l->at];
    if (l->sent == 0) l->begin = clock_ns();
    ssize_t n = send(l->fd, call->data + l->sent, call->len - l->sent, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) {
        perror("send");
        exit(1);
    }
    if (n > 0) l->sent += (size_t)n;
    client_want(c, l, l->sent < call->len ? EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
}

/* True when the answer is whole. */
static inline bool client_whole(const struct client *c, struct client_link *l)
{
    l->in[l->got] = 0;
    const char *body = strstr(l->in, "\r\n\r\n"), *length = strcasestr(l->in, "content-length:");
    if (body == NULL) return false;
    size_t want = (size_t)(body + 4 - l->in) + (length == NULL ? 0 : strtoul(length + 15, NULL, 10));
    if (l->got < want) return false;
    if (strncmp(l->in, "HTTP/1.1 200", 12) != 0 || (c->must != NULL && strstr(body, c->must) == NULL)) {
        fprintf(stderr, "%s\n", l->in);
        exit(1);
    }
    return true;
}

static inline void client_read(struct client *c, struct client_link *l)
{
    ssize_t n = recv(l->fd, l->in + l->got, CLIENT_IN - 1 - l->got, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        fprintf(stderr, "a connection was cut\n");
        exit(1);
    }
    l->got += (size_t)n;
    if (!client_whole(c, l)) return;
    c->ms[c->answers++] = (double)(clock_ns() - l->begin) / 1e6;
    l->got = l->sent = 0;
    if (++l->at < l->count) {
        client_send(c, l);
        return;
    }
    client_want(c, l, 0, EPOLL_CTL_MOD);
    c->left--;
}

static inline int client_by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Sends everything; seconds it took. Then ms is in order. */
static inline double client_run(struct client *c)
{
    struct epoll_event events[256];
    uint64_t begin = clock_ns();
    while (c->left > 0) {
        int n = epoll_wait(c->epoll, events, 256, 60000);
        if (n <= 0) {
            fprintf(stderr, "nothing was answered for a minute\n");
            exit(1);
        }
        for (int i = 0; i < n; i++) {
            struct client_link *l = events[i].data.ptr;
            if (events[i].events & EPOLLOUT)
                client_send(c, l);
            else
                client_read(c, l);
        }
    }
    double seconds = (double)(clock_ns() - begin) / 1e9;
    qsort(c->ms, c->answers, sizeof *c->ms, client_by_value);
    return seconds;
}

static inline double client_share(const struct client *c, double share)
{
    return c->answers == 0 ? 0 : c->ms[(size_t)((double)(c->answers - 1) * share)];
}

static inline void client_free(struct client *c)
{
    for (int i = 0; i < c->links; i++) close(c->link[i].fd);
    close(c->epoll);
    free(c->link);
    free(c->ms);
}

#endif
