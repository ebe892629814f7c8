#include "http/patience.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

/* A head in 30 seconds, a body at 4 KiB a second at least; in need, 5 seconds without a whole head are too long. */
static const uint64_t PATIENCE_HEAD_NS = 30000000000, PATIENCE_NEED_NS = 5000000000, PATIENCE_BYTE_NS = 1000000000 / 4096;

struct patience_one {
    struct patience_one *next, **from;
    int socket;
    bool head;                   /* it waits for a head, since began_ns */
    uint64_t began_ns, until_ns; /* until_ns 0: no matter how long */
};

struct patience {
    pthread_mutex_t lock;
    struct patience_one *first;
    size_t count, most;
};

dw_err patience_open(struct patience **out, size_t most)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    pthread_mutex_init(&(*out)->lock, NULL);
    (*out)->most = most;
    return DW_OK;
}

void patience_close(struct patience *patience)
{
    if (patience == NULL) return;
    while (patience->first != NULL) patience_end(patience, patience->first);
    pthread_mutex_destroy(&patience->lock);
    free(patience);
}

static void patience_wait(struct patience_one *one, uint64_t now_ns)
{
    one->head = true;
    one->began_ns = now_ns;
    one->until_ns = now_ns + PATIENCE_HEAD_NS;
}

struct patience_one *patience_begin(struct patience *patience, int socket, uint64_t now_ns)
{
    struct patience_one *one = calloc(1, sizeof *one);
    if (one == NULL) return NULL;
    one->socket = socket;
    patience_wait(one, now_ns);
    pthread_mutex_lock(&patience->lock);
    one->next = patience->first;
    one->from = &patience->first;
    if (one->next != NULL) one->next->from = &one->next;
    patience->first = one;
    patience->count++;
    pthread_mutex_unlock(&patience->lock);
    return one;
}

void patience_end(struct patience *patience, struct patience_one *one)
{
    if (one == NULL) return;
    pthread_mutex_lock(&patience->lock);
    *one->from = one->next;
    if (one->next != NULL) one->next->from = one->from;
    patience->count--;
    pthread_mutex_unlock(&patience->lock);
    free(one);
}

void patience_body(struct patience *patience, struct patience_one *one, uint64_t bytes, uint64_t now_ns)
{
    if (one == NULL) return;
    pthread_mutex_lock(&patience->lock);
    one->head = false;
    one->until_ns = now_ns + PATIENCE_HEAD_NS + bytes * PATIENCE_BYTE_NS;
    pthread_mutex_unlock(&patience->lock);
}

void patience_answering(struct patience *patience, struct patience_one *one)
{
    if (one == NULL) return;
    pthread_mutex_lock(&patience->lock);
    one->head = false;
    one->until_ns = 0;
    pthread_mutex_unlock(&patience->lock);
}

void patience_answered(struct patience *patience, struct patience_one *one, uint64_t now_ns)
{
    if (one == NULL) return;
    pthread_mutex_lock(&patience->lock);
    patience_wait(one, now_ns);
    pthread_mutex_unlock(&patience->lock);
}

size_t patience_tick(struct patience *patience, uint64_t now_ns)
{
    size_t ended = 0;
    pthread_mutex_lock(&patience->lock);
    bool need = patience->count > patience->most / 4 * 3;
    for (struct patience_one *one = patience->first; one != NULL; one = one->next) {
        bool over = one->until_ns != 0 && now_ns > one->until_ns;
        if (!over && need) over = one->head && now_ns > one->began_ns + PATIENCE_NEED_NS;
        if (!over) continue;
        /* Only shut: the library closes it, and tells us by patience_end before. */
        shutdown(one->socket, SHUT_RDWR);
        one->until_ns = 0;
        one->head = false;
        ended++;
    }
    pthread_mutex_unlock(&patience->lock);
    return ended;
}

size_t patience_count(struct patience *patience)
{
    pthread_mutex_lock(&patience->lock);
    size_t count = patience->count;
    pthread_mutex_unlock(&patience->lock);
    return count;
}
