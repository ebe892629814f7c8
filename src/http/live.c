#include "http/live.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/thread.h"
#include "desk/grant.h"
#include "desk/writer.h"
#include "http/guard.h"
#include "http/live_news.h"
#include "http/server_inside.h"

enum { LIVE_CHECKS = 64 /* sessions looked up in one look */, LIVE_BLOCK = 2048 /* bytes given to the library at once */ };

/* One event, shared by all who get the same one. */
struct live_text {
    size_t uses, len;
    char data[];
};

struct live_listener {
    struct live *live;
    struct live_listener *next, **here;
    struct MHD_Connection *connection;
    struct account_who who;
    uint64_t number;
    int64_t after; /* the site's sequence up to which it has been told */
    bool buildings, suspended, ended;
    struct live_text *text; /* being read; NULL: nothing to say */
    size_t at;
    uint64_t told_ns, check_ns;
};

/* What has been made for others in this look. */
struct live_made {
    struct id member;
    int64_t after;
    bool buildings;
    struct live_text *text;
};

struct live {
    struct server *server;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* of all below. Taken inside the site's read lock, never around it */
    pthread_cond_t wake;
    bool stopping;
    struct live_listener *first;
    size_t count;
    uint64_t numbers;
    struct live_news news; /* the thread's own */
    struct live_made *made;
    size_t made_count, made_cap;
    struct map by_made;
    struct live_text *ping;
};

static struct live_text *live_text_make(const char *data, size_t len)
{
    struct live_text *text = malloc(sizeof *text + len);
    if (text == NULL) return NULL;
    text->uses = 1;
    text->len = len;
    memcpy(text->data, data, len);
    return text;
}

static void live_text_drop(struct live_text *text)
{
    if (text != NULL && --text->uses == 0) free(text);
}

static void live_resume(struct live_listener *l)
{
    if (!l->suspended) return;
    l->suspended = false;
    MHD_resume_connection(l->connection);
}

static void live_say(struct live_listener *l, struct live_text *text, uint64_t now)
{
    text->uses++;
    l->text = text;
    l->at = 0;
    l->told_ns = now;
    live_resume(l);
}

/* The library asks for more of a stream. Whoever has nothing to hear waits suspended; that is decided under the lock, so that
 * nobody wakes him in between. */
static ssize_t live_read(void *cls, uint64_t pos, char *out, size_t max)
{
    struct live_listener *l = cls;
    ssize_t n = 0;
    (void)pos;
    pthread_mutex_lock(&l->live->lock);
    if (l->text != NULL) {
        size_t left = l->text->len - l->at;
        n = (ssize_t)(left < max ? left : max);
        memcpy(out, l->text->data + l->at, (size_t)n);
        l->at += (size_t)n;
        if (l->at == l->text->len) {
            live_text_drop(l->text);
            l->text = NULL;
        }
    } else if (l->ended || l->live->stopping) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        l->suspended = true;
        MHD_suspend_connection(l->connection);
    }
    pthread_mutex_unlock(&l->live->lock);
    return n;
}

static void live_gone(void *cls)
{
    struct live_listener *l = cls;
    struct live *live = l->live;
    pthread_mutex_lock(&live->lock);
    *l->here = l->next;
    if (l->next != NULL) l->next->here = l->here;
    live->count--;
    live_text_drop(l->text);
    pthread_mutex_unlock(&live->lock);
    free(l);
}

static bool live_join(struct live *live, struct live_listener *l)
{
    pthread_mutex_lock(&live->lock);
    bool room = !live->stopping && live->count < LIVE_MOST;
    if (room) {
        l->number = ++live->numbers;
        l->next = live->first;
        l->here = &live->first;
        if (l->next != NULL) l->next->here = &l->next;
        live->first = l;
        live->count++;
    }
    pthread_mutex_unlock(&live->lock);
    return room;
}

dw_err live_listen(struct live *live, struct request *r, int64_t after, bool buildings)
{
    struct live_listener *l = calloc(1, sizeof *l);
    if (l == NULL) return DW_E_MEMORY;
    *l = (struct live_listener){.live = live,
                                .connection = r->connection,
                                .who = r->who,
                                .after = after,
                                .buildings = buildings,
                                .check_ns = clock_ns() + LIVE_CHECK * 1000000ull};
    if (!live_join(live, l)) {
        free(l);
        return err_set(&r->detail, DW_E_BUSY, "%s", request_say(r, "收听的人太多", "too many listen already"));
    }
    r->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, LIVE_BLOCK, live_read, l, live_gone);
    if (r->response != NULL) return DW_OK;
    live_gone(l);
    return DW_E_MEMORY;
}

size_t live_count(struct live *live)
{
    pthread_mutex_lock(&live->lock);
    size_t count = live->count;
    pthread_mutex_unlock(&live->lock);
    return count;
}

/* The event for one listener; NULL: nothing to say, or no memory now. */
static struct live_text *live_made(struct live *live, const struct live_listener *l, const struct site *site, int64_t now_ms)
{
    uint64_t hash = site_key(id_hash(l->who.member), (uint64_t)l->after * 2 + l->buildings);
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&live->by_made, hash, &cursor, &at)) {
        const struct live_made *m = &live->made[at];
        if (id_equal(m->member, l->who.member) && m->after == l->after && m->buildings == l->buildings) return m->text;
    }
    if (!arena_grow((void **)&live->made, &live->made_cap, live->made_count + 1, sizeof *live->made)) return NULL;
    struct arena_buf out = {0};
    live_news_tell(&out, &live->news, site, site_find(site, SITE_MEMBER, l->who.member), l->buildings, l->after, now_ms);
    struct live_text *text = out.failed || out.len == 0 ? NULL : live_text_make(out.data, out.len);
    arena_buf_free(&out);
    live->made[live->made_count] = (struct live_made){l->who.member, l->after, l->buildings, text};
    map_put(&live->by_made, hash, (uint32_t)live->made_count++);
    return text;
}

static void live_unmake(struct live *live)
{
    for (size_t i = 0; i < live->made_count; i++) live_text_drop(live->made[i].text);
    live->made_count = 0;
    map_clear(&live->by_made);
}

static void live_serve(struct live *live, struct live_listener *l, const struct site *site, int64_t now_ms, uint64_t now)
{
    uint32_t member = site_find(site, SITE_MEMBER, l->who.member);
    if (l->ended || l->text != NULL) return; /* he reads still: what changes meanwhile he gets in one */
    if (member == SITE_NONE || !grant_anywhere(site, member, ROLES_SITE_READ, now_ms)) {
        l->ended = true;
        live_resume(l);
        return;
    }
    bool first = l->told_ns == 0;
    if (l->after != live->news.seq && (first || now - l->told_ns >= LIVE_GAP * 1000000ull)) {
        struct live_text *text = live_made(live, l, site, now_ms);
        l->after = live->news.seq;
        if (text != NULL) {
            live_say(l, text, now);
            return;
        }
    }
    if (now - l->told_ns >= LIVE_PING * 1000000ull) live_say(l, live->ping, now);
}

static void live_look(struct live *live)
{
    int64_t now_ms = when_now().ms;
    uint64_t now = clock_ns();
    const struct site *site = desk_read(live->server->desk);
    bool good = live_news_look(&live->news, site);
    pthread_mutex_lock(&live->lock);
    for (struct live_listener *l = live->first; good && l != NULL; l = l->next) live_serve(live, l, site, now_ms, now);
    live_unmake(live);
    pthread_mutex_unlock(&live->lock);
    desk_read_end(live->server->desk);
}

/* Sessions end, accounts are closed, phones run out: a few listeners are looked up each time, outside of every lock. */
static void live_check(struct live *live)
{
    struct {
        uint64_t number;
        struct account_who who;
        bool over;
    } due[LIVE_CHECKS];
    size_t count = 0;
    uint64_t now = clock_ns();
    struct err_detail ignored;
    pthread_mutex_lock(&live->lock);
    for (struct live_listener *l = live->first; l != NULL && count < LIVE_CHECKS; l = l->next) {
        if (l->ended || now < l->check_ns) continue;
        l->check_ns = now + LIVE_CHECK * 1000000ull;
        due[count].number = l->number;
        due[count++].who = l->who;
    }
    pthread_mutex_unlock(&live->lock);
    if (count == 0) return;
    for (size_t i = 0; i < count; i++)
        due[i].over =
            account_still(&due[i].who, live->server->accounts, when_now(), &ignored) == DW_E_UNKNOWN_CALLER || due[i].who.barred;
    pthread_mutex_lock(&live->lock);
    for (struct live_listener *l = live->first; l != NULL; l = l->next)
        for (size_t i = 0; i < count; i++) {
            if (due[i].number != l->number || !due[i].over) continue;
            l->ended = true;
            live_resume(l);
        }
    pthread_mutex_unlock(&live->lock);
}

/* Sleeps one tick; false when it is over. */
static bool live_wait(struct live *live)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LIVE_TICK * 1000000l;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&live->lock);
    if (!live->stopping) pthread_cond_timedwait(&live->wake, &live->lock, &until);
    bool go = !live->stopping;
    pthread_mutex_unlock(&live->lock);
    return go;
}

static void *live_run(void *ctx)
{
    struct live *live = ctx;
    uint64_t refreshed = 0;
    struct err_detail ignored = {0}; /* it is tried again; a writer says what is wrong */
    pthread_setname_np(pthread_self(), "dw-live");
    while (live_wait(live)) {
        if (clock_ns() - refreshed >= LIVE_REFRESH * 1000000ull) {
            writer_refresh(live->server->desk, &ignored);
            refreshed = clock_ns();
        }
        live_look(live);
        live_check(live);
    }
    return NULL;
}

dw_err live_start(struct live **out, struct server *server)
{
    struct live *live = calloc(1, sizeof *live);
    *out = live;
    if (live == NULL) return DW_E_MEMORY;
    live->server = server;
    pthread_mutex_init(&live->lock, NULL);
    pthread_cond_init(&live->wake, NULL);
    live->ping = live_text_make(": ping\n\n", 8);
    live->started = live->ping != NULL && thread_start(&live->thread, live_run, live);
    return live->started ? DW_OK : DW_E_MEMORY;
}

void live_stop(struct live *live)
{
    if (live == NULL) return;
    pthread_mutex_lock(&live->lock);
    live->stopping = true;
    for (struct live_listener *l = live->first; l != NULL; l = l->next) live_resume(l);
    pthread_cond_broadcast(&live->wake);
    pthread_mutex_unlock(&live->lock);
    if (live->started) pthread_join(live->thread, NULL);
    live->started = false;
}

void live_free(struct live *live)
{
    if (live == NULL) return;
    live_unmake(live);
    free(live->made);
    map_free(&live->by_made);
    live_news_free(&live->news);
    live_text_drop(live->ping);
    pthread_mutex_destroy(&live->lock);
    pthread_cond_destroy(&live->wake);
    free(live);
}
