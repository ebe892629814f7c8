/* Accounts that an identity provider vouches for. Which identity is whose is never guessed from what the provider says of a name
 * or an address: somebody who may hands out a link, and whoever then signs in at the provider by it is tied to the account. */
#include <string.h>

#include "desk/account_store.h"

enum { ACCOUNT_SUBJECT_MAX = 255 /* OpenID Connect Core 2 */, ACCOUNT_ISSUER_MAX = 512 };

dw_err account_link(char token[ACCOUNT_TOKEN], struct account_desk *accounts, const char *login, const struct account_who *by,
                    int64_t minutes, struct when at, struct err_detail *detail)
{
    static const struct store_sql old = {"DELETE FROM identity_link WHERE until_ms < $1", NULL},
                                  put = {"INSERT INTO identity_link (token, account_id, by_account, until_ms, used_ms) "
                                         "VALUES ($1, $2, $3, $4, NULL)",
                                         NULL};
    struct account_row row;
    uint8_t hash[HASH_SIZE];
    ERR_TRY(account_find(&row, accounts, login, by == NULL ? (struct id){{0}} : by->account, detail));
    if (!row.found) return err_set(detail, DW_E_NOT_FOUND, "login %s", login == NULL ? "" : login);
    account_token(token, hash);
    struct store_value past = store_int(at.ms);
    ERR_TRY(account_run(accounts, &old, &past, 1, detail));
    struct store_value v[] = {store_bytes(hash, sizeof hash), store_id(&row.id),
                              by == NULL ? store_null() : store_id(&by->account), store_int(at.ms + minutes * 60000)};
    return account_run(accounts, &put, v, 4, detail);
}

struct account_linked {
    struct id account;
    bool found;
};

static dw_err account_linked_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct account_linked *linked = ctx;
    (void)count;
    (void)detail;
    linked->account = store_get_id(&v[0]);
    linked->found = true;
    return DW_OK;
}

static dw_err account_known_as(struct account_linked *linked, struct account_desk *accounts, const struct account_vouched *spec,
                               struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT account_id FROM identity WHERE issuer = $1 AND subject = $2", NULL};
    struct store_value v[] = {store_text(spec->issuer), store_text(spec->subject)};
    return account_ask(accounts, &ask, v, 2, account_linked_row, linked, detail);
}

/* The link is used up, and the identity becomes its account's. One that is another account's stays there: a link that somebody
 * was lured into must not take his own way in from him. */
static dw_err account_tie(struct account_linked *linked, struct account_desk *accounts, const struct account_vouched *spec,
                          struct err_detail *detail)
{
    static const struct store_sql
        ask = {"SELECT account_id FROM identity_link WHERE token = $1 AND until_ms > $2 AND used_ms IS NULL", NULL},
        use = {"UPDATE identity_link SET used_ms = $1 WHERE token = $2", NULL},
        put = {"INSERT INTO identity (issuer, subject, account_id, made_ms, seen_ms) VALUES ($1, $2, $3, $4, $4)", NULL};
    struct account_linked known = {.found = false};
    uint8_t hash[HASH_SIZE];
    hash_one(hash, spec->link, strlen(spec->link));
    struct store_value v[] = {store_bytes(hash, sizeof hash), store_int(spec->at.ms)};
    ERR_TRY(account_ask(accounts, &ask, v, 2, account_linked_row, linked, detail));
    if (!linked->found) return err_at(detail, DW_E_UNKNOWN_CALLER, NULL, NULL, 0, "link", "unknown, used or over");
    ERR_TRY(account_known_as(&known, accounts, spec, detail));
    if (known.found && !id_equal(known.account, linked->account))
        return err_at(detail, DW_E_EXISTS, NULL, NULL, 0, "link", "this identity is another account's");
    struct store_value u[] = {store_int(spec->at.ms), store_bytes(hash, sizeof hash)};
    ERR_TRY(account_run(accounts, &use, u, 2, detail));
    struct store_value w[] = {store_text(spec->issuer), store_text(spec->subject), store_id(&linked->account),
                              store_int(spec->at.ms)};
    return known.found ? DW_OK : account_run(accounts, &put, w, 4, detail);
}

static dw_err account_vouched_row(struct account_row *row, struct account_desk *accounts, const struct account_vouched *spec,
                                  struct err_detail *detail)
{
    static const struct store_sql seen = {"UPDATE identity SET seen_ms = $1 WHERE issuer = $2 AND subject = $3", NULL};
    struct account_linked linked = {.found = false};
    struct store_value v[] = {store_int(spec->at.ms), store_text(spec->issuer), store_text(spec->subject)};
    if (spec->link != NULL)
        ERR_TRY(account_tie(&linked, accounts, spec, detail));
    else
        ERR_TRY(account_known_as(&linked, accounts, spec, detail));
    if (linked.found) ERR_TRY(account_find(row, accounts, NULL, linked.account, detail));
    /* An account that is locked for wrong passwords is not locked here: whoever has the provider's word guesses nothing. */
    if (!linked.found || !row->found || row->disabled)
        return err_set(detail, DW_E_UNKNOWN_CALLER, "no account here is tied to this identity");
    return account_run(accounts, &seen, v, 3, detail);
}

dw_err account_vouch(char token[ACCOUNT_TOKEN], struct account_who *who, struct account_desk *accounts,
                     const struct account_vouched *spec, struct err_detail *detail)
{
    struct account_row row = {.found = false};
    memset(who, 0, sizeof *who);
    if (*spec->subject == 0 || strlen(spec->subject) > ACCOUNT_SUBJECT_MAX || strlen(spec->issuer) > ACCOUNT_ISSUER_MAX)
        return err_set(detail, DW_E_UNKNOWN_CALLER, "no subject of 1 to %d bytes", (int)ACCOUNT_SUBJECT_MAX);
    ERR_TRY(account_hold(accounts, detail));
    dw_err err = account_vouched_row(&row, accounts, spec, detail);
    err = account_release(accounts, err, detail);
    if (err == DW_OK) {
        *who = (struct account_who){.kind = ACCOUNT_OFFICER, .account = row.id, .member = row.member};
        err = account_session_make(token, who, accounts, spec->agent, spec->at, detail);
    }
    keys_wipe(&row, sizeof row);
    return err;
}

dw_err account_untie(struct account_desk *accounts, const char *login, struct err_detail *detail)
{
    static const struct store_sql identities = {"DELETE FROM identity WHERE account_id = $1", NULL},
                                  links = {"DELETE FROM identity_link WHERE account_id = $1", NULL};
    struct account_row row;
    ERR_TRY(account_find(&row, accounts, login, (struct id){{0}}, detail));
    if (!row.found) return err_set(detail, DW_E_NOT_FOUND, "login %s", login);
    struct store_value v = store_id(&row.id);
    ERR_TRY(account_run(accounts, &links, &v, 1, detail));
    ERR_TRY(account_run(accounts, &identities, &v, 1, detail));
    return account_end_sessions(accounts, row.id, detail);
}
