#include <string.h>

#include "desk/account_store.h"
#include "desk/glance.h"

enum { ACCOUNT_OFFICER_MS = 12 * 3600000, ACCOUNT_IDLE_MS = 2 * 3600000, ACCOUNT_SEEN_MS = 60000 };
static const int64_t ACCOUNT_PHONE_MS = 30ll * 86400000;

void account_token(char token[ACCOUNT_TOKEN], uint8_t hash[HASH_SIZE])
{
    uint8_t secret[HASH_SIZE];
    rng_bytes(NULL, secret, sizeof secret);
    hash_b64(token, secret, sizeof secret);
    hash_one(hash, token, strlen(token));
    keys_wipe(secret, sizeof secret);
}

dw_err account_session_make(char token[ACCOUNT_TOKEN], struct account_who *who, struct account_desk *accounts, const char *agent,
                            struct when at, struct err_detail *detail)
{
    static const struct store_sql old = {"DELETE FROM session WHERE until_ms < $1", NULL},
                                  put = {
                                      "INSERT INTO session (token, account_id, device_id, site_id, made_ms, seen_ms, until_ms, "
                                      "agent) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
                                      NULL};
    char cut[200];
    snprintf(cut, sizeof cut, "%.199s", agent == NULL ? "" : agent);
    account_token(token, who->token);
    who->until_ms = at.ms + (who->kind == ACCOUNT_PHONE ? ACCOUNT_PHONE_MS : ACCOUNT_OFFICER_MS);
    struct store_value past = store_int(at.ms);
    ERR_TRY(account_run(accounts, &old, &past, 1, detail));
    struct store_value v[] = {store_bytes(who->token, HASH_SIZE),
                              store_id(&who->account),
                              store_id(&who->device),
                              store_id(&accounts->site),
                              store_int(at.ms),
                              store_int(who->until_ms),
                              store_text(cut)};
    return account_run(accounts, &put, v, 7, detail);
}

struct account_seen {
    struct account_who *who;
    int64_t seen_ms;
    bool found, disabled;
};

static dw_err account_session_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct account_seen *seen = ctx;
    (void)count;
    (void)detail;
    seen->who->account = store_get_id(&v[0]);
    seen->who->device = store_get_id(&v[1]);
    seen->who->until_ms = store_get_int(&v[2]);
    seen->seen_ms = store_get_int(&v[3]);
    seen->who->member = store_get_id(&v[4]);
    seen->disabled = store_get_int(&v[5]) != 0;
    seen->who->kind = id_null(seen->who->device) ? ACCOUNT_OFFICER : ACCOUNT_PHONE;
    seen->found = true;
    return DW_OK;
}

static bool account_phone_good(struct account_who *who, struct desk *desk, int64_t now_ms)
{
    struct glance_device device;
    bool good = glance_device(&device, desk, who->device);
    /* It may still hand in what it recorded, which the ledger holds; it reads nothing more. */
    who->barred = good && (device.revoked || (device.until_ms != SITE_NEVER && device.until_ms <= now_ms));
    who->member = good ? device.member : (struct id){{0}};
    return good;
}

static dw_err account_look(struct account_who *who, int64_t *seen_ms, struct account_desk *accounts, struct when at,
                           struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT s.account_id, s.device_id, s.until_ms, s.seen_ms, m.member_id, a.disabled FROM session s "
        "LEFT JOIN account a ON a.account_id = s.account_id "
        "LEFT JOIN account_site m ON m.account_id = s.account_id AND m.site_id = s.site_id WHERE s.token = $1 AND s.site_id = $2",
        NULL};
    struct account_seen seen = {.who = who};
    struct store_value v[] = {store_bytes(who->token, HASH_SIZE), store_id(&accounts->site)};
    ERR_TRY(account_ask(accounts, &ask, v, 2, account_session_row, &seen, detail));
    bool good = seen.found && !seen.disabled && who->until_ms > at.ms;
    if (good && who->kind == ACCOUNT_OFFICER) good = at.ms - seen.seen_ms < ACCOUNT_IDLE_MS;
    if (good && who->kind == ACCOUNT_PHONE) good = account_phone_good(who, accounts->desk, at.ms);
    *seen_ms = seen.seen_ms;
    return good ? DW_OK : err_set(detail, DW_E_UNKNOWN_CALLER, "no such session, or it is over");
}

dw_err account_session(struct account_who *who, struct account_desk *accounts, const char *token, struct when at,
                       struct err_detail *detail)
{
    static const struct store_sql note = {"UPDATE session SET seen_ms = $1 WHERE token = $2", NULL};
    int64_t seen_ms;
    memset(who, 0, sizeof *who);
    if (strlen(token) != ACCOUNT_TOKEN - 1) return err_set(detail, DW_E_UNKNOWN_CALLER, "no such session");
    hash_one(who->token, token, ACCOUNT_TOKEN - 1);
    dw_err err = account_look(who, &seen_ms, accounts, at, detail);
    if (err != DW_OK) {
        memset(who, 0, sizeof *who);
        return err;
    }
    if (at.ms - seen_ms < ACCOUNT_SEEN_MS) return DW_OK;
    struct store_value v[] = {store_int(at.ms), store_bytes(who->token, HASH_SIZE)};
    return account_run(accounts, &note, v, 2, detail);
}

dw_err account_still(struct account_who *who, struct account_desk *accounts, struct when at, struct err_detail *detail)
{
    int64_t seen_ms;
    return account_look(who, &seen_ms, accounts, at, detail);
}

dw_err account_sign_out(struct account_desk *accounts, const struct account_who *who, bool everywhere, struct err_detail *detail)
{
    static const struct store_sql one = {"DELETE FROM session WHERE token = $1", NULL},
                                  all = {"DELETE FROM session WHERE account_id = $1", NULL};
    bool every = everywhere && who->kind == ACCOUNT_OFFICER;
    struct store_value v = every ? store_id(&who->account) : store_bytes(who->token, HASH_SIZE);
    return account_run(accounts, every ? &all : &one, &v, 1, detail);
}
