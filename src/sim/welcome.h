/* What a newcomer needs to try the demo's server: a commander's login, a keeper with an invitation for his phone, and a round
 * that has just begun. */
#ifndef SIM_WELCOME_H
#define SIM_WELCOME_H

#include "desk/account.h"

enum { WELCOME_PASSWORD = 20 };

struct welcome {
    char login[16], password[WELCOME_PASSWORD]; /* told once, kept nowhere */
    char sign_in[96];                           /* the two as JSON, to be copied */
    char invite[ACCOUNT_TOKEN];
    int64_t minutes; /* the invitation is good for */
    int64_t round;
};
/* area: code of the keeper's. */
dw_err welcome_make(struct welcome *out, const char *store, const char *area, struct when at, struct err_detail *detail);

#endif
