#include "desk/desk.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/forget.h"
#include "desk/glance.h"
#include "desk/parts.h"
#include "desk/replay.h"
#include "desk/tables.h"
#include "desk/writer.h"

const struct site *desk_read(struct desk *desk)
{
    pthread_rwlock_rdlock(&desk->lock);
    return desk->site;
}

void desk_read_end(struct desk *desk)
{
    pthread_rwlock_unlock(&desk->lock);
}

bool desk_disposed(const struct desk *desk)
{
    return desk->site->disposed || keyring_disposed(desk->keys);
}

static struct desk *desk_make(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    if (desk == NULL) return NULL;
    pthread_rwlock_init(&desk->lock, NULL);
    pthread_mutex_init(&desk->glance_lock, NULL);
    pthread_mutex_init(&desk->queue_lock, NULL);
    pthread_cond_init(&desk->queue_done, NULL);
    pthread_cond_init(&desk->queue_more, NULL);
    desk->queue_end = &desk->queue;
    return desk;
}

void desk_close(struct desk *desk)
{
    if (desk == NULL) return;
    glance_free(desk);
    site_free(desk->site);
    store_close(desk->store);
    keyring_close(desk->keys);
    keys_wipe(&desk->signer, sizeof desk->signer);
    pthread_rwlock_destroy(&desk->lock);
    pthread_mutex_destroy(&desk->glance_lock);
    pthread_mutex_destroy(&desk->queue_lock);
    pthread_cond_destroy(&desk->queue_done);
    pthread_cond_destroy(&desk->queue_more);
    free(desk);
}

dw_err desk_reload(struct desk *desk, struct err_detail *detail)
{
    struct site *site;
    ERR_TRY(site_make(&site));
    dw_err err = tables_load(site, desk->store, desk->keys, detail);
    if (err != DW_OK) {
        site_free(site);
        return err;
    }
    site_free(desk->site);
    desk->site = site;
    desk->stale = false;
    return DW_OK;
}

/* Keys are durable before what they seal: read after the store's moment is fixed, none of them is lacking. */
dw_err desk_moment(struct desk *desk, struct err_detail *detail)
{
    struct id site;
    ERR_TRY(store_begin_read(desk->store, detail));
    dw_err err = tables_site_id(&site, desk->store, detail);
    if (err == DW_OK) err = keyring_catch_up(desk->keys, detail);
    if (err != DW_OK) store_rollback(desk->store);
    return err;
}

static dw_err desk_load(struct desk *desk, struct err_detail *detail)
{
    ERR_TRY(desk_moment(desk, detail));
    dw_err err = desk_reload(desk, detail);
    store_rollback(desk->store);
    return err;
}

/* The tables of an older program are made anew by this one's rules. Where the ledger cannot be replayed they stay as they are:
 * a damaged store may be all there is, and verify says what is wrong with it. */
static dw_err desk_renew(struct desk *desk, struct err_detail *detail)
{
    struct err_detail why = {0};
    ERR_TRY(store_begin(desk->store, detail));
    dw_err err = replay_tables(desk->store, desk->keys, NULL, &why);
    if (err != DW_OK) {
        store_rollback(desk->store);
        keyring_drop_new(desk->keys);
    }
    if (err == DW_OK) return desk_load(desk, detail);
    if (replay_is_fault(err)) return DW_OK;
    if (detail != NULL) *detail = why;
    return err;
}

static dw_err desk_start(struct desk *desk, const char *path, struct err_detail *detail)
{
    ERR_TRY(keyring_open(&desk->keys, path, detail));
    dw_err err = desk_load(desk, detail);
    if (err == DW_OK && desk->site->outdated) err = desk_renew(desk, detail);
    if (err == DW_OK) err = glance_publish(desk);
    ERR_TRY(err);
    if (keyring_disposed(desk->keys)) return DW_OK;
    if (site_count(desk->site, SITE_DEVICE) <= DESK_CLI_DEVICE)
        return err_set(detail, DW_E_DAMAGED, "the site's own devices are not there");
    struct id device = site_device(desk->site, DESK_SITE_DEVICE)->id;
    if (keyring_device(desk->keys, device, &desk->signer) != KEYRING_PRESENT)
        return err_set(detail, DW_E_KEYS, "the site's own signing key is not there");
    return desk->site->disposed ? DW_OK : forget_finish(desk, detail);
}

/* A desk that holds the store, which is closed if there can be none. */
static dw_err desk_hold(struct desk **out, struct store *store, struct err_detail *detail)
{
    dw_err err = keys_start() ? DW_OK : err_set(detail, DW_E_KEYS, "the cryptographic library does not start");
    *out = err == DW_OK ? desk_make() : NULL;
    if (*out == NULL) {
        store_close(store);
        return err == DW_OK ? DW_E_MEMORY : err;
    }
    (*out)->store = store;
    return DW_OK;
}

/* What was begun is given out, or closed. */
static dw_err desk_ready(struct desk **out, dw_err err)
{
    if (err == DW_OK) return DW_OK;
    desk_close(*out);
    *out = NULL;
    return err;
}

dw_err desk_open_over(struct desk **out, struct store *store, const char *path, struct err_detail *detail)
{
    ERR_TRY(desk_hold(out, store, detail));
    return desk_ready(out, desk_start(*out, path, detail));
}

dw_err desk_open(struct desk **out, const char *url, struct err_detail *detail)
{
    struct store *store;
    *out = NULL;
    ERR_TRY(store_open(&store, url, STORE_USE, detail));
    return desk_open_over(out, store, url, detail);
}

/* The first three entries of a site, all by its own device. */
static dw_err desk_genesis(struct desk *desk, const struct desk_new *spec, struct err_detail *detail)
{
    struct book book = {0};
    struct keys_signer cli;
    struct id site = id_make(spec->at.ms, spec->rng), device = id_make(spec->at.ms, spec->rng),
              command = id_make(spec->at.ms, spec->rng);
    desk->site->id = site;
    ERR_TRY(keyring_device_make(desk->keys, device, &desk->signer));
    ERR_TRY(keyring_device_make(desk->keys, command, &cli));
    book_start(&book, site, device, &desk->signer, spec->rng);
    entry_begin(&book.writer, KINDS_SITE_CREATE, site, spec->at, NULL);
    entry_put_text(&book.writer, KINDS_SITE_CREATE_NAME, spec->name);
    entry_put_text(&book.writer, KINDS_SITE_CREATE_CODE, spec->code);
    entry_put_int(&book.writer, KINDS_SITE_CREATE_SYNTHETIC, spec->synthetic);
    dw_err err = book_end(&book);
    if (err == DW_OK) err = book_put_enrol(&book, device, KINDS_DEVICE_KIND_SITE, "site", &desk->signer, spec->at);
    if (err == DW_OK) err = book_put_enrol(&book, command, KINDS_DEVICE_KIND_CLI, "command line", &cli, spec->at);
    if (err == DW_OK) err = book_commit(desk, &book, 1, spec->at, NULL, detail);
    book_free(&book);
    keys_wipe(&cli, sizeof cli);
    return err;
}

/* unfinished: of an earlier try there may be keys. */
static dw_err desk_build(struct desk **out, struct store *store, const char *path, const struct desk_new *spec, bool unfinished,
                         struct err_detail *detail)
{
    ERR_TRY(desk_hold(out, store, detail));
    struct desk *desk = *out;
    dw_err err = keyring_make(&desk->keys, path, detail);
    if (err == DW_E_EXISTS && unfinished) err = keyring_open(&desk->keys, path, detail);
    if (err == DW_OK) err = site_make(&desk->site);
    if (err == DW_OK) err = desk_genesis(desk, spec, detail);
    return desk_ready(out, err);
}

dw_err desk_create_over(struct desk **out, struct store *store, const char *path, const struct desk_new *spec,
                        struct err_detail *detail)
{
    return desk_build(out, store, path, spec, false, detail);
}

/* Opens a store that holds no site: all that a desk_create left that did not come to its end. */
static bool desk_unfinished(struct store **out, const char *url)
{
    struct id site;
    if (store_open(out, url, STORE_USE, NULL) != DW_OK) return false;
    if (tables_site_id(&site, *out, NULL) == DW_E_NOT_FOUND) return true;
    store_close(*out);
    return false;
}

dw_err desk_create(struct desk **out, const char *url, const struct desk_new *spec, struct err_detail *detail)
{
    struct store *store;
    *out = NULL;
    dw_err err = store_open(&store, url, STORE_CREATE, detail);
    bool unfinished = err == DW_E_EXISTS && desk_unfinished(&store, url);
    if (err != DW_OK && !unfinished) return err;
    return desk_build(out, store, url, spec, unfinished, detail);
}

struct desk_found {
    struct desk *desk;
    struct arena *arena;
    struct feed_entry *out;
    int *reason;
    bool found;
};

static dw_err desk_entry_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct desk_found *f = ctx;
    (void)count;
    f->out->text = arena_text(f->arena, v[3].data, v[3].len);
    f->out->len = v[3].len;
    f->out->device = (uint32_t)store_get_int(&v[0]);
    f->out->at_ms = store_get_int(&v[1]);
    *f->reason = (int)store_get_int(&v[2]);
    ERR_TRY(parts_open(&f->out->part, &f->out->part_len, f->desk->keys, &v[4], f->out->seq, f->arena, detail));
    f->found = true;
    return f->out->text == NULL ? DW_E_MEMORY : DW_OK;
}

dw_err desk_entry(struct desk *desk, int64_t seq, struct feed_entry *out, int *reason, struct arena *arena,
                  struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT device_no, at_ms, reason, text, parts FROM entry WHERE site_id = $1 AND seq = $2"};
    struct desk_found found = {desk, arena, out, reason, false};
    struct store_value v[] = {store_id(&desk->site->id), store_int(seq)};
    *out = (struct feed_entry){.seq = seq};
    ERR_TRY(store_ask(desk->store, &ask, v, 2, desk_entry_row, &found, detail));
    return found.found ? DW_OK : err_set(detail, DW_E_NOT_FOUND, "entry %lld", (long long)seq);
}
