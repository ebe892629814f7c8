#include "desk/dispose.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/dispose_text.h"
#include "desk/job.h"
#include "desk/tables.h"
#include "files/beside.h"

static dw_err dispose_record(struct desk *desk, const char *reason, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    size_t held = 0, most = (size_t)kinds_get(KINDS_SITE_DISPOSE)->fields[KINDS_SITE_DISPOSE_REASON].max;
    if (strlen(reason) > most) return err_set(detail, DW_E_INVALID, "the reason has over %zu bytes", most);
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_SITE_DISPOSE, book.writer.site, at, NULL);
        entry_put_text(&book.writer, KINDS_SITE_DISPOSE_REASON, reason);
        err = book_end(&book);
    }
    if (err == DW_OK) err = book_commit(desk, &book, 1, at, &held, detail);
    book_free(&book);
    return err == DW_OK && held > 0 ? err_set(detail, DW_E_STATE, "the ledger holds it back: see entries held") : err;
}

static dw_err dispose_parts(struct desk *desk, struct err_detail *detail)
{
    static const struct store_sql clear[] = {{"UPDATE entry SET parts = NULL WHERE site_id = $1 AND parts IS NOT NULL"},
                                             {"UPDATE fork SET parts = NULL WHERE site_id = $1 AND parts IS NOT NULL"}};
    struct store_value id = store_id(&desk->site->id);
    pthread_rwlock_wrlock(&desk->lock);
    dw_err err = store_run(desk->store, &clear[0], &id, 1, 1, detail);
    if (err == DW_OK) err = store_run(desk->store, &clear[1], &id, 1, 1, detail);
    pthread_rwlock_unlock(&desk->lock);
    return err;
}

/* Logins, names of phones and browsers, identities: not of the ledger, and people's all the same. What is another site's too
 * stays with that one. */
static dw_err dispose_accounts(struct desk *desk, struct err_detail *detail)
{
#define DISPOSE_OWN                                                                                                              \
    "IN (SELECT s.account_id FROM account_site s WHERE s.site_id = $1 AND NOT EXISTS "                                           \
    "(SELECT 1 FROM account_site o WHERE o.account_id = s.account_id AND o.site_id <> s.site_id))"
    static const struct store_sql clear[] = {{"DELETE FROM session WHERE site_id = $1"},
                                             {"DELETE FROM invite WHERE site_id = $1"},
                                             {"DELETE FROM answered WHERE site_id = $1"},
                                             {"DELETE FROM position WHERE site_id = $1"},
                                             {"DELETE FROM identity WHERE account_id " DISPOSE_OWN},
                                             {"DELETE FROM identity_link WHERE account_id " DISPOSE_OWN},
                                             {"DELETE FROM account WHERE account_id " DISPOSE_OWN},
                                             {"DELETE FROM account_site WHERE site_id = $1"}};
    struct store_value id = store_id(&desk->site->id);
    dw_err err = DW_OK;
    pthread_rwlock_wrlock(&desk->lock);
    for (size_t i = 0; err == DW_OK && i < sizeof clear / sizeof *clear; i++)
        err = store_run(desk->store, &clear[i], &id, 1, 1, detail);
    pthread_rwlock_unlock(&desk->lock);
    return err;
}

/* The certificate as it will be found: signed by the site's key over the inner object. */
static dw_err dispose_sign(struct arena_buf *out, const struct arena_buf *inner, const struct desk *desk)
{
    uint8_t sign[KEYS_SIGN];
    char text[DISPOSE_SIGN + 1];
    keys_sign(sign, &desk->signer, inner->data, inner->len);
    hash_b64(text, sign, sizeof sign);
    arena_buf_format(out, "%s%s%s%s%s", DISPOSE_HEAD, inner->data, DISPOSE_MIDDLE, text, DISPOSE_END);
    return out->failed ? DW_E_MEMORY : DW_OK;
}

static dw_err dispose_text_file(const struct dispose_facts *facts, const char *file, struct err_detail *detail)
{
    struct arena_buf text = {0};
    size_t size = strlen(file) + sizeof ".txt";
    char *path = malloc(size);
    if (path == NULL) return DW_E_MEMORY;
    snprintf(path, size, "%s.txt", file);
    dispose_text_readable(&text, facts);
    dw_err err = text.failed ? DW_E_MEMORY : beside_put(path, text.data, text.len, detail);
    arena_buf_free(&text);
    free(path);
    return err;
}

/* Written and read again, for after this there is nobody who could sign it. */
static dw_err dispose_certify(struct dispose_done *out, struct desk *desk, const char *file, struct err_detail *detail)
{
    struct dispose_facts facts = {0};
    struct arena_buf inner = {0}, whole = {0};
    struct dispose_checked checked;
    uint8_t hash[HASH_SIZE];
    desk_read(desk);
    dw_err err = dispose_text_facts(&facts, desk, detail);
    if (err == DW_OK) err = dispose_text_inner(&inner, &facts, desk);
    desk_read_end(desk);
    if (err == DW_OK) err = dispose_sign(&whole, &inner, desk);
    if (err == DW_OK) err = beside_put(file, whole.data, whole.len, detail);
    if (err == DW_OK) err = dispose_check(&checked, file, desk, detail);
    if (err == DW_OK) {
        hash_one(hash, whole.data, whole.len);
        hash_b64(out->hash, hash, HASH_SIZE);
        memcpy(facts.hash, out->hash, sizeof facts.hash);
        err = dispose_text_file(&facts, file, detail);
    }
    out->people = facts.people;
    out->members = facts.members;
    out->keys = facts.keys;
    out->entries = facts.entries;
    out->devices = facts.devices;
    out->copies = (int64_t)facts.copy_count;
    arena_buf_free(&inner);
    arena_buf_free(&whole);
    dispose_text_free(&facts);
    return err;
}

dw_err dispose_site(struct dispose_done *out, struct desk *desk, const char *store, const char *file, const char *reason,
                    struct when at, struct err_detail *detail)
{
    memset(out, 0, sizeof *out);
    if (keyring_disposed(desk->keys)) return err_set(detail, DW_E_DISPOSED, "its keys are destroyed already");
    if (!desk->site->disposed) ERR_TRY(dispose_record(desk, reason, at, detail));
    ERR_TRY(dispose_parts(desk, detail));
    ERR_TRY(dispose_accounts(desk, detail));
    ERR_TRY(dispose_certify(out, desk, file, detail));
    ERR_TRY(job_folder_clear(store, detail)); /* what a server has exported and not removed yet */
    return keyring_destroy(store, detail);
}

static dw_err dispose_last(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    static const char kind[] = "\"kind\":\"site.dispose\"";
    *(bool *)ctx = v[0].type == STORE_TEXT && memmem(v[0].data, v[0].len, kind, sizeof kind - 1) != NULL;
    return DW_OK;
}

dw_err dispose_finish(const char *store, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT text FROM entry WHERE site_id = $1 AND reason = 0 ORDER BY seq DESC LIMIT 1"};
    struct store *opened;
    struct id site;
    bool last = false;
    ERR_TRY(store_open(&opened, store, STORE_USE, detail));
    dw_err err = tables_site_id(&site, opened, detail);
    struct store_value id = store_id(&site);
    if (err == DW_OK) err = store_ask(opened, &ask, &id, 1, dispose_last, &last, detail);
    store_close(opened);
    ERR_TRY(err);
    if (!last) return err_set(detail, DW_E_STATE, "this site was not disposed of");
    return keyring_destroy(store, detail);
}
