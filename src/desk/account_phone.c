/* Phones: invited by a leader, enrolled by scanning, and back again when their session is over. */
#include <string.h>

#include "desk/account_store.h"
#include "desk/book.h"

enum { ACCOUNT_CLOCK_MS = 10 * 60000 }; /* how old a signed "here I am" may be, either way */

/* The token stands behind #: browsers send it to nobody. */
const char *account_invite_url(struct arena *arena, const char *public_url, const char *token)
{
    struct arena_buf text = {0};
    if (public_url == NULL) return NULL;
    arena_buf_format(&text, "%s/#enrol=%s", public_url, token);
    const char *url = text.failed ? NULL : arena_text(arena, text.data, text.len);
    arena_buf_free(&text);
    return url;
}

dw_err account_invite(char token[ACCOUNT_TOKEN], struct account_desk *accounts, const struct account_who *by,
                      const struct account_invite *spec, struct err_detail *detail)
{
    static const struct store_sql put = {"INSERT INTO invite (token, site_id, member_id, name, by_account, made_ms, until_ms, "
                                         "phone_until_ms, used_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)",
                                         NULL};
    uint8_t hash[HASH_SIZE];
    if (spec->name == NULL || *spec->name == 0 || strlen(spec->name) > 200)
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "name", "a phone needs a name of at most 200 bytes");
    if (spec->minutes < 1 || spec->minutes > 1440) return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "minutes", "1 to 1440");
    bool there = site_find(desk_read(accounts->desk), SITE_MEMBER, spec->member) != SITE_NONE;
    desk_read_end(accounts->desk);
    if (!there) return err_set(detail, DW_E_NOT_FOUND, "this member");
    account_token(token, hash);
    struct store_value v[] = {store_bytes(hash, HASH_SIZE),
                              store_id(&accounts->site),
                              store_id(&spec->member),
                              store_text(spec->name),
                              by == NULL ? store_null() : store_id(&by->account),
                              store_int(spec->at.ms),
                              store_int(spec->at.ms + spec->minutes * 60000),
                              spec->phone_until_ms == SITE_NEVER ? store_null() : store_int(spec->phone_until_ms)};
    return account_run(accounts, &put, v, 8, detail);
}

struct account_invited {
    struct id member;
    char name[204];
    int64_t until_ms, phone_until_ms;
    bool found, used;
};

static dw_err account_invite_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct account_invited *invited = ctx;
    (void)count;
    (void)detail;
    invited->member = store_get_id(&v[0]);
    snprintf(invited->name, sizeof invited->name, "%.*s", (int)(v[1].len > 200 ? 200 : v[1].len), (const char *)v[1].data);
    invited->until_ms = store_get_int(&v[2]);
    invited->phone_until_ms = v[3].type == STORE_NULL ? SITE_NEVER : store_get_int(&v[3]);
    invited->used = v[4].type != STORE_NULL;
    invited->found = true;
    return DW_OK;
}

/* An invitation is good once: whoever marks it first has it. */
static dw_err account_invite_use(struct account_invited *invited, struct account_desk *accounts, const char *invite,
                                 struct when at, struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT member_id, name, until_ms, phone_until_ms, used_ms FROM invite WHERE token = $1 AND site_id = $2", NULL};
    static const struct store_sql use = {"UPDATE invite SET used_ms = $1 WHERE token = $2", NULL};
    uint8_t hash[HASH_SIZE];
    memset(invited, 0, sizeof *invited);
    hash_one(hash, invite, strlen(invite));
    struct store_value v[] = {store_bytes(hash, HASH_SIZE), store_id(&accounts->site)},
                       w[] = {store_int(at.ms), store_bytes(hash, HASH_SIZE)};
    pthread_mutex_lock(&accounts->lock);
    dw_err err = store_begin(accounts->store, detail);
    if (err == DW_OK) err = store_ask(accounts->store, &ask, v, 2, account_invite_row, invited, detail);
    bool good = invited->found && !invited->used && invited->until_ms > at.ms;
    if (err == DW_OK && good) err = store_run(accounts->store, &use, w, 2, 1, detail);
    if (err == DW_OK) err = store_commit(accounts->store, detail);
    if (err != DW_OK) store_rollback(accounts->store);
    pthread_mutex_unlock(&accounts->lock);
    return err != DW_OK || good ? err : err_set(detail, DW_E_UNKNOWN_CALLER, "the invitation is unknown, used or over");
}

static dw_err account_put_phone(struct book *by, struct id device, const struct account_invited *invited,
                                const struct keys_public *key, struct when at)
{
    char public_key[KEYS_POINT_TEXT];
    keys_public_text(public_key, key);
    entry_begin(&by->writer, KINDS_DEVICE_ENROL, device, at, NULL);
    entry_put_text(&by->writer, KINDS_DEVICE_ENROL_NAME, invited->name);
    entry_put_int(&by->writer, KINDS_DEVICE_ENROL_KIND, KINDS_DEVICE_KIND_PHONE);
    entry_put_text(&by->writer, KINDS_DEVICE_ENROL_PUBLIC_KEY, public_key);
    entry_put_id(&by->writer, KINDS_DEVICE_ENROL_MEMBER, invited->member);
    if (invited->phone_until_ms != SITE_NEVER)
        entry_put_time(&by->writer, KINDS_DEVICE_ENROL_UNTIL, (struct when){invited->phone_until_ms, at.offset});
    if (key->kind == KEYS_P256) entry_put_int(&by->writer, KINDS_DEVICE_ENROL_KEY_KIND, KINDS_KEY_KIND_P256);
    return book_end(by);
}

dw_err account_enrol(struct id *device, char token[ACCOUNT_TOKEN], struct account_desk *accounts, const char *invite,
                     const char *public_key, struct when at, struct err_detail *detail)
{
    struct account_invited invited;
    struct book by = {0};
    struct keys_public key;
    if (!keys_public_read(&key, public_key))
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "public_key",
                      "base64url of 32 bytes of Ed25519, or of a point of P-256 (33 or 65 bytes), is wanted");
    ERR_TRY(account_invite_use(&invited, accounts, invite, at, detail));
    *device = id_make(at.ms, NULL);
    dw_err err = book_open(&by, accounts->desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) err = account_put_phone(&by, *device, &invited, &key, at);
    if (err == DW_OK) err = book_commit(accounts->desk, &by, 1, at, NULL, detail);
    book_free(&by);
    struct account_who who = {.kind = ACCOUNT_PHONE, .device = *device, .member = invited.member};
    return err == DW_OK ? account_session_make(token, &who, accounts, invited.name, at, detail) : err;
}

dw_err account_resume(char token[ACCOUNT_TOKEN], struct account_desk *accounts, struct id device, struct when signed_at,
                      const char *sign, struct when at, struct err_detail *detail)
{
    uint8_t bytes[KEYS_SIGN];
    char text[128], id[ID_TEXT], time[WHEN_TEXT];
    id_text(id, device);
    when_text(time, signed_at);
    snprintf(text, sizeof text, "doorward session %s %s", id, time);
    const struct site *site = desk_read(accounts->desk);
    uint32_t index = site_find(site, SITE_DEVICE, device);
    bool good = index != SITE_NONE && site_device(site, index)->kind == KINDS_DEVICE_KIND_PHONE &&
                signed_at.ms > at.ms - ACCOUNT_CLOCK_MS && signed_at.ms < at.ms + ACCOUNT_CLOCK_MS &&
                hash_unb64(bytes, sizeof bytes, sign, strlen(sign)) &&
                keys_public_signed(bytes, &site_device(site, index)->key, text, strlen(text));
    desk_read_end(accounts->desk);
    if (!good) return err_set(detail, DW_E_SIGNATURE, "no phone of this site signed this just now");
    struct account_who who = {.kind = ACCOUNT_PHONE, .device = device};
    return account_session_make(token, &who, accounts, "phone", at, detail);
}
