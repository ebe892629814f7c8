/* What the files of the account desk share: the rows, and the statements' way to the store. For account*.c only. */
#ifndef DESK_ACCOUNT_STORE_H
#define DESK_ACCOUNT_STORE_H

#include <pthread.h>

#include "base/secret.h"
#include "desk/account.h"

enum { ACCOUNT_STRANGERS = 4096 };
/* Wrong tries at a login that does not exist, which is locked as one that does: nobody learns which there are. */
struct account_stranger {
    uint8_t login[HASH_FAST]; /* its keyed hash */
    int64_t failed, locked_ms;
};

struct account_desk {
    struct desk *desk;
    struct id site;      /* desk->site itself may be replaced at any moment */
    struct store *store; /* of its own; one thread at a time: lock, which its owner may take again */
    pthread_mutex_t lock;
    struct account_stranger strangers[ACCOUNT_STRANGERS]; /* by hash; a newer one takes an older one's place */
    uint8_t key[KEYS_SECRET];                             /* seals TOTP secrets */
    char nobody[SECRET_HASH];                             /* the hash a login that does not exist is held against */
};

struct account_row {
    bool found, disabled;
    struct id id, member;
    char login[ACCOUNT_LOGIN_MAX + 1], password[SECRET_HASH];
    uint8_t totp[SECRET_TOTP_KEY], recovery[ACCOUNT_RECOVERY * HASH_SIZE];
    bool has_totp;
    size_t recovery_len;
    int64_t totp_step, failed, locked_ms; /* totp_step −1: not confirmed yet; else the last one used */
};

/* The account of a login, or of an id (login NULL). Not found is no error. */
dw_err account_find(struct account_row *out, struct account_desk *accounts, const char *login, struct id id,
                    struct err_detail *detail);
/* Writes back what may change: password, TOTP, recovery, failures, disabled. */
dw_err account_keep(struct account_desk *accounts, const struct account_row *row, struct err_detail *detail);
/* One statement as a transaction, under the lock. */
dw_err account_run(struct account_desk *accounts, const struct store_sql *sql, const struct store_value *values, size_t count,
                   struct err_detail *detail);
dw_err account_ask(struct account_desk *accounts, const struct store_sql *sql, const struct store_value *values, size_t count,
                   store_row *row, void *ctx, struct err_detail *detail);
/* Holds the accounts, here and in other programs, until account_release: which commits when err is DW_OK. */
dw_err account_hold(struct account_desk *accounts, struct err_detail *detail);
dw_err account_release(struct account_desk *accounts, dw_err err, struct err_detail *detail);
dw_err account_end_sessions(struct account_desk *accounts, struct id account, struct err_detail *detail);
/* A new session of an account or a device; the token for its bearer, who is filled in. */
dw_err account_session_make(char token[ACCOUNT_TOKEN], struct account_who *who, struct account_desk *accounts, const char *agent,
                            struct when at, struct err_detail *detail);
/* A random token and its hash. */
void account_token(char token[ACCOUNT_TOKEN], uint8_t hash[HASH_SIZE]);
/* Whether a one-time code is good now; it is used up in row, which is to be kept. */
bool account_code(struct account_row *row, const char *code, int64_t now_ms);

#endif
