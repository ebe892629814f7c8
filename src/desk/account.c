#include "desk/account.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/account_store.h"

dw_err account_open(struct account_desk **out, struct desk *desk, const char *url, struct err_detail *detail)
{
    struct account_desk *accounts = calloc(1, sizeof *accounts);
    *out = accounts;
    if (accounts == NULL) return DW_E_MEMORY;
    pthread_mutexattr_t again;
    pthread_mutexattr_init(&again);
    pthread_mutexattr_settype(&again, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&accounts->lock, &again);
    pthread_mutexattr_destroy(&again);
    accounts->desk = desk;
    accounts->site = desk->site->id;
    keys_derive(accounts->key, keyring_blind(desk->keys), "account totp");
    dw_err err = store_open(&accounts->store, url, STORE_USE, detail);
    if (err == DW_OK) store_lean(accounts->store);
    if (err == DW_OK && !secret_hash(accounts->nobody, "nobody signs in by this")) err = DW_E_MEMORY;
    if (err == DW_OK) return DW_OK;
    account_close(accounts);
    *out = NULL;
    return err;
}

void account_close(struct account_desk *accounts)
{
    if (accounts == NULL) return;
    store_close(accounts->store);
    pthread_mutex_destroy(&accounts->lock);
    keys_wipe(accounts->key, sizeof accounts->key);
    free(accounts);
}

dw_err account_run(struct account_desk *accounts, const struct store_sql *sql, const struct store_value *values, size_t count,
                   struct err_detail *detail)
{
    pthread_mutex_lock(&accounts->lock);
    dw_err err = store_run(accounts->store, sql, values, count, 1, detail);
    pthread_mutex_unlock(&accounts->lock);
    return err;
}

dw_err account_ask(struct account_desk *accounts, const struct store_sql *sql, const struct store_value *values, size_t count,
                   store_row *row, void *ctx, struct err_detail *detail)
{
    pthread_mutex_lock(&accounts->lock);
    dw_err err = store_ask(accounts->store, sql, values, count, row, ctx, detail);
    pthread_mutex_unlock(&accounts->lock);
    return err;
}

struct account_reading {
    struct account_row *row;
    const uint8_t *key;
};

static void account_text(char *out, size_t size, const struct store_value *value)
{
    size_t len = value->type == STORE_TEXT && value->len < size ? value->len : 0;
    if (len > 0) memcpy(out, value->data, len);
    out[len] = 0;
}

static dw_err account_read(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct account_reading *reading = ctx;
    struct account_row *row = reading->row;
    (void)count;
    row->id = store_get_id(&v[0]);
    account_text(row->login, sizeof row->login, &v[1]);
    account_text(row->password, sizeof row->password, &v[2]);
    row->has_totp = v[3].type == STORE_BYTES && v[3].len == SECRET_TOTP_KEY + KEYS_OVERHEAD;
    if (row->has_totp && !keys_open(row->totp, reading->key, v[3].data, v[3].len))
        return err_set(detail, DW_E_KEYS, "the second factor of %s does not open", row->login);
    row->totp_step = store_get_int(&v[4]);
    if (v[5].type == STORE_BYTES && v[5].len <= sizeof row->recovery) {
        row->recovery_len = v[5].len;
        memcpy(row->recovery, v[5].data, v[5].len);
    }
    row->failed = store_get_int(&v[6]);
    row->locked_ms = store_get_int(&v[7]);
    row->disabled = store_get_int(&v[8]) != 0;
    row->member = store_get_id(&v[9]);
    row->found = true;
    return DW_OK;
}

dw_err account_find(struct account_row *out, struct account_desk *accounts, const char *login, struct id id,
                    struct err_detail *detail)
{
#define ACCOUNT_COLUMNS                                                                                                          \
    "SELECT a.account_id, a.login, a.password, a.totp, a.totp_step, a.recovery, a.failed, a.locked_ms, a.disabled, s.member_id " \
    "FROM account a JOIN account_site s ON s.account_id = a.account_id AND s.site_id = $1 "
    static const struct store_sql by_login = {ACCOUNT_COLUMNS "WHERE a.login = $2", NULL},
                                  by_id = {ACCOUNT_COLUMNS "WHERE a.account_id = $2", NULL};
    struct account_reading reading = {out, accounts->key};
    struct store_value v[] = {store_id(&accounts->site), login == NULL ? store_id(&id) : store_text(login)};
    memset(out, 0, sizeof *out);
    return account_ask(accounts, login == NULL ? &by_id : &by_login, v, 2, account_read, &reading, detail);
}

dw_err account_keep(struct account_desk *accounts, const struct account_row *row, struct err_detail *detail)
{
    static const struct store_sql sql = {
        "UPDATE account SET password = $1, totp = $2, totp_step = $3, recovery = $4, failed = $5, "
        "locked_ms = $6, disabled = $7 WHERE account_id = $8",
        NULL};
    uint8_t sealed[SECRET_TOTP_KEY + KEYS_OVERHEAD];
    if (row->has_totp) keys_seal(sealed, accounts->key, row->id.b, sizeof row->id.b, row->totp, sizeof row->totp);
    struct store_value v[] = {store_text(row->password), row->has_totp ? store_bytes(sealed, sizeof sealed) : store_null(),
                              store_int(row->totp_step), store_bytes(row->recovery, row->recovery_len),
                              store_int(row->failed),    store_int(row->locked_ms),
                              store_int(row->disabled),  store_id(&row->id)};
    return account_run(accounts, &sql, v, 8, detail);
}

/* Lower case letters, digits and . _ - @: what a tired person can say over the telephone. */
static bool account_login_good(const char *login)
{
    size_t len = strlen(login);
    return len >= 2 && len <= ACCOUNT_LOGIN_MAX && strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-@") == len;
}

static dw_err account_password_good(const char *login, const char *password, struct err_detail *detail)
{
    size_t characters = 0;
    for (const char *c = password; *c != 0; c++) characters += ((unsigned char)*c & 0xC0) != 0x80;
    if (characters < ACCOUNT_PASSWORD_MIN || strlen(password) > ACCOUNT_PASSWORD_MAX)
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "password", "%d characters or more", (int)ACCOUNT_PASSWORD_MIN);
    if (strstr(password, login) != NULL) return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "password", "it contains the login");
    return DW_OK;
}

dw_err account_make(struct account_desk *accounts, const char *login, const char *password, struct id member, struct when at,
                    struct err_detail *detail)
{
    static const struct store_sql put = {"INSERT INTO account (account_id, login, password, totp, totp_step, recovery, failed, "
                                         "locked_ms, disabled, made_ms) VALUES ($1, $2, $3, NULL, -1, NULL, 0, 0, 0, $4)",
                                         NULL},
                                  link = {"INSERT INTO account_site (account_id, site_id, member_id) VALUES ($1, $2, $3)", NULL};
    struct account_row known;
    char hash[SECRET_HASH] = "";
    if (!account_login_good(login))
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "login", "2 to 64 of a to z, 0 to 9 and . _ - @");
    if (password != NULL) ERR_TRY(account_password_good(login, password, detail));
    bool there = site_find(desk_read(accounts->desk), SITE_MEMBER, member) != SITE_NONE;
    desk_read_end(accounts->desk);
    if (!there) return err_set(detail, DW_E_NOT_FOUND, "this member");
    ERR_TRY(account_find(&known, accounts, login, (struct id){{0}}, detail));
    if (known.found) return err_at(detail, DW_E_EXISTS, NULL, NULL, 0, "login", "%s", login);
    if (password != NULL && !secret_hash(hash, password)) return DW_E_MEMORY;
    struct id id = id_make(at.ms, NULL);
    struct store_value v[] = {store_id(&id), store_text(login), store_text(hash), store_int(at.ms)};
    struct store_value w[] = {store_id(&id), store_id(&accounts->site), store_id(&member)};
    pthread_mutex_lock(&accounts->lock);
    dw_err err = store_begin(accounts->store, detail);
    if (err == DW_OK) err = store_run(accounts->store, &put, v, 4, 1, detail);
    if (err == DW_OK) err = store_run(accounts->store, &link, w, 3, 1, detail);
    if (err == DW_OK) err = store_commit(accounts->store, detail);
    if (err != DW_OK) store_rollback(accounts->store);
    pthread_mutex_unlock(&accounts->lock);
    return err;
}

static dw_err account_known(struct account_row *row, struct account_desk *accounts, const char *login, struct err_detail *detail)
{
    ERR_TRY(account_find(row, accounts, login, (struct id){{0}}, detail));
    return row->found ? DW_OK : err_set(detail, DW_E_NOT_FOUND, "login %s", login);
}

dw_err account_end_sessions(struct account_desk *accounts, struct id account, struct err_detail *detail)
{
    static const struct store_sql sql = {"DELETE FROM session WHERE account_id = $1", NULL};
    struct store_value v = store_id(&account);
    return account_run(accounts, &sql, &v, 1, detail);
}

dw_err account_password(struct account_desk *accounts, const char *login, const char *password, struct err_detail *detail)
{
    struct account_row row;
    ERR_TRY(account_known(&row, accounts, login, detail));
    ERR_TRY(account_password_good(login, password, detail));
    if (!secret_hash(row.password, password)) return DW_E_MEMORY;
    row.failed = row.locked_ms = 0;
    ERR_TRY(account_keep(accounts, &row, detail));
    return account_end_sessions(accounts, row.id, detail);
}

dw_err account_disable(struct account_desk *accounts, const char *login, bool disabled, struct err_detail *detail)
{
    struct account_row row;
    ERR_TRY(account_known(&row, accounts, login, detail));
    row.disabled = disabled;
    ERR_TRY(account_keep(accounts, &row, detail));
    return disabled ? account_end_sessions(accounts, row.id, detail) : DW_OK;
}

dw_err account_member(struct id *out, struct account_desk *accounts, const char *login, struct err_detail *detail)
{
    struct account_row row;
    ERR_TRY(account_known(&row, accounts, login, detail));
    *out = row.member;
    keys_wipe(&row, sizeof row);
    return DW_OK;
}
