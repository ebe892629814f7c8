/* Signing in: tries are counted before they are looked at, so that many at once are no more than one after the other. */
#include <string.h>

#include "desk/account_store.h"

enum { ACCOUNT_LOCK_MS = 30000, ACCOUNT_LOCK_MAX = 10 /* doublings: about 8 hours */ };

dw_err account_hold(struct account_desk *accounts, struct err_detail *detail)
{
    pthread_mutex_lock(&accounts->lock);
    dw_err err = store_begin(accounts->store, detail);
    if (err != DW_OK) pthread_mutex_unlock(&accounts->lock);
    return err;
}

dw_err account_release(struct account_desk *accounts, dw_err err, struct err_detail *detail)
{
    if (err == DW_OK) err = store_commit(accounts->store, detail);
    if (err != DW_OK) store_rollback(accounts->store);
    pthread_mutex_unlock(&accounts->lock);
    return err;
}

/* Wrong ones in a row lock the account, each time for twice as long. */
static void account_failed(struct account_row *row, int64_t now_ms)
{
    row->failed++;
    if (row->failed < ACCOUNT_TRIES) return;
    int64_t doublings = row->failed - ACCOUNT_TRIES;
    if (doublings > ACCOUNT_LOCK_MAX) doublings = ACCOUNT_LOCK_MAX;
    row->locked_ms = now_ms + ((int64_t)ACCOUNT_LOCK_MS << doublings);
}

/* Where the tries at a login that does not exist are counted. */
static struct account_stranger *account_stranger(struct account_desk *accounts, const char *login)
{
    uint8_t hash[HASH_FAST];
    uint64_t at;
    hash_fast(hash, accounts->key, login, strlen(login));
    memcpy(&at, hash, sizeof at);
    struct account_stranger *stranger = &accounts->strangers[at % ACCOUNT_STRANGERS];
    if (memcmp(stranger->login, hash, sizeof hash) == 0) return stranger;
    *stranger = (struct account_stranger){.failed = 0};
    memcpy(stranger->login, hash, sizeof hash);
    return stranger;
}

/* One try more, as if it were wrong; account_settle takes that back. */
static dw_err account_try(struct account_row *row, struct account_desk *accounts, const struct account_login *spec,
                          struct err_detail *detail)
{
    ERR_TRY(account_hold(accounts, detail));
    dw_err err = account_find(row, accounts, spec->login, (struct id){{0}}, detail);
    struct account_stranger *stranger = err != DW_OK || row->found ? NULL : account_stranger(accounts, spec->login);
    if (stranger != NULL) {
        row->failed = stranger->failed;
        row->locked_ms = stranger->locked_ms;
    }
    if (err == DW_OK && row->locked_ms > spec->at.ms)
        err = err_set(detail, DW_E_LOCKED, "for %lld s more", (long long)(row->locked_ms - spec->at.ms + 999) / 1000);
    if (err == DW_OK) {
        account_failed(row, spec->at.ms);
        if (stranger == NULL)
            err = account_keep(accounts, row, detail);
        else {
            stranger->failed = row->failed;
            stranger->locked_ms = row->locked_ms;
        }
    }
    return account_release(accounts, err, detail);
}

/* The password fits: what of the account has changed since, and the second factor. */
static dw_err account_settle(struct account_row *row, struct account_desk *accounts, const struct account_login *spec,
                             struct err_detail *detail)
{
    struct account_row tried = *row;
    ERR_TRY(account_hold(accounts, detail));
    dw_err err = account_find(row, accounts, spec->login, (struct id){{0}}, detail);
    bool second = row->has_totp && row->totp_step >= 0, wanted = second && spec->code == NULL;
    bool good = err == DW_OK && row->found && !row->disabled && strcmp(row->password, tried.password) == 0;
    if (good && second && !wanted) good = account_code(row, spec->code, spec->at.ms);
    if (err == DW_OK && good) {
        row->failed = wanted && row->failed > 0 ? row->failed - 1 : 0;
        row->locked_ms = 0;
        err = account_keep(accounts, row, detail);
    }
    err = account_release(accounts, err, detail);
    keys_wipe(&tried, sizeof tried);
    if (err == DW_OK && !good) return err_set(detail, DW_E_UNKNOWN_CALLER, "wrong login or password");
    if (err == DW_OK && wanted)
        return err_at(detail, DW_E_UNKNOWN_CALLER, NULL, NULL, 0, "code", "the code of the second factor is wanted");
    return err;
}

dw_err account_sign_in(char token[ACCOUNT_TOKEN], struct account_who *who, struct account_desk *accounts,
                       const struct account_login *spec, struct err_detail *detail)
{
    struct account_row row;
    memset(who, 0, sizeof *who);
    if (strlen(spec->login) > ACCOUNT_LOGIN_MAX || strlen(spec->password) > ACCOUNT_PASSWORD_MAX)
        return err_set(detail, DW_E_UNKNOWN_CALLER, "wrong login or password");
    dw_err tried = account_try(&row, accounts, spec, detail);
    if (tried == DW_E_LOCKED) who->until_ms = row.locked_ms;
    ERR_TRY(tried);
    /* The same work whether there is such a login or not, and whether it has a password. */
    bool good = secret_fits(row.found && row.password[0] != 0 ? row.password : accounts->nobody, spec->password) &&
                row.password[0] != 0 && !row.disabled;
    dw_err err =
        good ? account_settle(&row, accounts, spec, detail) : err_set(detail, DW_E_UNKNOWN_CALLER, "wrong login or password");
    if (err == DW_OK) {
        *who = (struct account_who){.kind = ACCOUNT_OFFICER, .account = row.id, .member = row.member};
        err = account_session_make(token, who, accounts, spec->agent, spec->at, detail);
    }
    keys_wipe(&row, sizeof row);
    return err;
}

dw_err account_change(struct account_desk *accounts, const struct account_who *who, const char *old, const char *password,
                      struct when at, struct err_detail *detail)
{
    struct account_row row;
    ERR_TRY(account_find(&row, accounts, NULL, who->account, detail));
    if (!row.found) return err_set(detail, DW_E_NOT_FOUND, "this account");
    if (row.password[0] == 0) return err_set(detail, DW_E_STATE, "the account has no password");
    char login[ACCOUNT_LOGIN_MAX + 1];
    snprintf(login, sizeof login, "%s", row.login);
    /* A session that was taken over is no way to guess the password: wrong ones count as they do when one signs in. */
    dw_err err = account_try(&row, accounts, &(struct account_login){.login = login, .password = old, .at = at}, detail);
    bool good = err == DW_OK && row.found && secret_fits(row.password, old);
    keys_wipe(&row, sizeof row);
    if (err != DW_OK) return err;
    if (!good) return err_at(detail, DW_E_FORBIDDEN, NULL, NULL, 0, "old", "wrong password");
    return account_password(accounts, login, password, detail);
}
