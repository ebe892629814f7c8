/* The account desk: who signs in and how, sessions, enrolling phones. Accounts are not of the ledger (no secret belongs there);
 * what a member may do is: grants (desk/grant.h). Any number of threads may call it. */
#ifndef DESK_ACCOUNT_H
#define DESK_ACCOUNT_H

#include "desk/desk.h"
#include "desk/roles.h"

enum {
    ACCOUNT_TOKEN = 44, /* text of a session or invitation: 43 of base64url and a terminator */
    ACCOUNT_LOGIN_MAX = 64,
    ACCOUNT_PASSWORD_MIN = 10, /* characters */
    ACCOUNT_PASSWORD_MAX = 256,
    ACCOUNT_RECOVERY = 8, /* codes */
    ACCOUNT_TRIES = 5     /* wrong ones in a row, then the account is locked for a while that doubles */
};

struct account_desk;
/* Its own way to the store of desk, at url. Free with account_close; NULL is safe. */
dw_err account_open(struct account_desk **out, struct desk *desk, const char *url, struct err_detail *detail);
void account_close(struct account_desk *accounts);

/* Who calls. */
enum account_kind { ACCOUNT_NOBODY, ACCOUNT_OFFICER, ACCOUNT_PHONE };
struct account_who {
    enum account_kind kind;
    struct id account, device; /* one of them is null */
    struct id member;
    bool barred;              /* a phone that was revoked, or whose time is over: it may only hand in what it holds */
    uint8_t token[HASH_SIZE]; /* the session's */
    int64_t until_ms;
};

/* A login for a member; password NULL: none, an identity provider vouches for him (account_vouch). DW_E_INVALID (login, password:
 * too short, or the login itself), DW_E_EXISTS, DW_E_NOT_FOUND (member). Takes about 0.1 s and 64 MiB on purpose (argon2id). */
dw_err account_make(struct account_desk *accounts, const char *login, const char *password, struct id member, struct when at,
                    struct err_detail *detail);
dw_err account_password(struct account_desk *accounts, const char *login, const char *password, struct err_detail *detail);
/* One's own, for somebody who knows the old one. Ends every session. DW_E_FORBIDDEN (column "old"), DW_E_LOCKED, DW_E_STATE:
 * there is none, an identity provider vouches for him; DW_E_INVALID. */
dw_err account_change(struct account_desk *accounts, const struct account_who *who, const char *old, const char *password,
                      struct when at, struct err_detail *detail);
/* Whose login it is. DW_E_NOT_FOUND. */
dw_err account_member(struct id *out, struct account_desk *accounts, const char *login, struct err_detail *detail);
/* Ends every session of the account too. */
dw_err account_disable(struct account_desk *accounts, const char *login, bool disabled, struct err_detail *detail);

struct account_login {
    const char *login, *password;
    const char *code;  /* six digits of the TOTP app, or a recovery code; NULL: none given */
    const char *agent; /* what the browser calls itself */
    struct when at;
};
/* A session. DW_E_UNKNOWN_CALLER when login, password or code are wrong (the same answer, after the same time, whichever it was);
 * detail.column is "code" when only that is wanted. DW_E_LOCKED: until who->until_ms. */
dw_err account_sign_in(char token[ACCOUNT_TOKEN], struct account_who *who, struct account_desk *accounts,
                       const struct account_login *spec, struct err_detail *detail);
/* Who shows a token. DW_E_UNKNOWN_CALLER when there is no such session, it is over or its account disabled.
 */
dw_err account_session(struct account_who *who, struct account_desk *accounts, const char *token, struct when at,
                       struct err_detail *detail);
/* Whether the session of who goes on: somebody who stays connected shows his token only once. Is no use of the session. */
dw_err account_still(struct account_who *who, struct account_desk *accounts, struct when at, struct err_detail *detail);
dw_err account_sign_out(struct account_desk *accounts, const struct account_who *who, bool everywhere, struct err_detail *detail);

/* A link that ties an identity to an account, once and within minutes: to login's, or (NULL) to by's own. by: who hands it out;
 * NULL: the machine's owner. DW_E_NOT_FOUND. */
dw_err account_link(char token[ACCOUNT_TOKEN], struct account_desk *accounts, const char *login, const struct account_who *by,
                    int64_t minutes, struct when at, struct err_detail *detail);
/* What an identity provider has said, checked already. */
struct account_vouched {
    const char *issuer, *subject;
    const char *link;  /* ties it first; NULL: it is tied */
    const char *agent; /* what the browser calls itself */
    struct when at;
};
/* A session. DW_E_UNKNOWN_CALLER: tied to no account, or to a disabled one, or (detail.column "link") the link is unknown, used
 * or over; DW_E_EXISTS: the identity is another account's. The second factor is the provider's business. */
dw_err account_vouch(char token[ACCOUNT_TOKEN], struct account_who *who, struct account_desk *accounts,
                     const struct account_vouched *spec, struct err_detail *detail);
/* No identity is tied to the account any more; every session of it ends. DW_E_NOT_FOUND. */
dw_err account_untie(struct account_desk *accounts, const char *login, struct err_detail *detail);

/* The accounts of the site, by login. */
struct account_told {
    struct id member;
    char login[ACCOUNT_LOGIN_MAX + 1];
    bool disabled, password, second;                  /* second: a second factor is confirmed */
    int64_t identities, sessions, locked_ms, seen_ms; /* seen_ms: last use of any session that is left; 0: none */
};
/* In arena. O(accounts). */
dw_err account_list(struct account_told **out, size_t *count, struct arena *arena, struct account_desk *accounts, struct when at,
                    struct err_detail *detail);

/* TOTP (RFC 6238: SHA-1, six digits, 30 seconds, one step either way, each step once). begin: a new secret as an otpauth URL,
 * which counts only after confirm with a code of it; confirm gives the recovery codes, each good once. */
dw_err account_totp_begin(char *url, size_t size, struct account_desk *accounts, const struct account_who *who,
                          struct err_detail *detail);
dw_err account_totp_confirm(char codes[ACCOUNT_RECOVERY][16], struct account_desk *accounts, const struct account_who *who,
                            const char *code, struct when at, struct err_detail *detail);

/* An invitation to enrol one phone for a member, good for minutes. name: the phone's; phone_until: SITE_NEVER for good. */
struct account_invite {
    struct id member;
    const char *name;
    int64_t minutes, phone_until_ms;
    struct when at;
};
/* What a phone's camera opens to enrol by an invitation: the app of the server at public_url; NULL when that is not known. */
const char *account_invite_url(struct arena *arena, const char *public_url, const char *token);
dw_err account_invite(char token[ACCOUNT_TOKEN], struct account_desk *accounts, const struct account_who *by,
                      const struct account_invite *spec, struct err_detail *detail);
/* The phone shows the invitation and its public key (base64url, keys_public_read); it is enrolled in the ledger and gets a
 * session. DW_E_UNKNOWN_CALLER when the invitation is unknown, used or over. */
dw_err account_enrol(struct id *device, char token[ACCOUNT_TOKEN], struct account_desk *accounts, const char *invite,
                     const char *public_key, struct when at, struct err_detail *detail);
/* A phone that lost its session shows its key: the signature of "doorward session <device> <time>" by it. DW_E_SIGNATURE. */
dw_err account_resume(char token[ACCOUNT_TOKEN], struct account_desk *accounts, struct id device, struct when signed_at,
                      const char *sign, struct when at, struct err_detail *detail);

#endif
