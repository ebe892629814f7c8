#include "sim/welcome.h"

#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "desk/grant.h"
#include "desk/round.h"

enum { WELCOME_MINUTES = 60 };

/* Letters that nobody takes for one another, in four groups: 79 bits. */
static void welcome_password(char out[WELCOME_PASSWORD])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    const size_t count = sizeof letters - 1;
    for (int i = 0; i < WELCOME_PASSWORD - 1; i++) {
        uint8_t byte = 0;
        do rng_bytes(NULL, &byte, 1);
        while (byte >= 256 / count * count); /* all letters are as likely */
        out[i] = i % 5 == 4 ? '-' : letters[byte % count];
    }
    out[WELCOME_PASSWORD - 1] = 0;
}

static dw_err welcome_member(struct id *out, struct desk *desk, const char *name, enum kinds_role role, const char *area,
                             struct when at, struct err_detail *detail)
{
    struct id grant;
    ERR_TRY(grant_member(out, desk, name, NULL, at, detail));
    struct grant_new spec = {.member = *out, .role = role, .area = area, .reason = "演示"};
    return grant_give(&grant, desk, SITE_NONE, &spec, at, detail);
}

static dw_err welcome_fill(struct welcome *out, struct desk *desk, struct account_desk *accounts, const char *area,
                           struct when at, struct err_detail *detail)
{
    struct id commander;
    struct round_opened opened;
    struct account_invite invite = {.name = "演示手机", .minutes = WELCOME_MINUTES, .phone_until_ms = SITE_NEVER, .at = at};
    snprintf(out->login, sizeof out->login, "commander");
    welcome_password(out->password);
    snprintf(out->sign_in, sizeof out->sign_in, "{\"login\":\"%s\",\"password\":\"%s\"}", out->login, out->password);
    out->minutes = WELCOME_MINUTES;
    ERR_TRY(round_open(&opened, desk, KINDS_ROUND_KIND_PCR, at, at, detail));
    out->round = opened.number;
    ERR_TRY(welcome_member(&commander, desk, "指挥长", KINDS_ROLE_COMMANDER, NULL, at, detail));
    ERR_TRY(account_make(accounts, out->login, out->password, commander, at, detail));
    ERR_TRY(welcome_member(&invite.member, desk, "包栋责任人", KINDS_ROLE_KEEPER, area, at, detail));
    return account_invite(out->invite, accounts, NULL, &invite, detail);
}

dw_err welcome_make(struct welcome *out, const char *store, const char *area, struct when at, struct err_detail *detail)
{
    struct desk *desk = NULL;
    struct account_desk *accounts = NULL;
    memset(out, 0, sizeof *out);
    dw_err err = desk_open(&desk, store, detail);
    if (err == DW_OK) err = account_open(&accounts, desk, store, detail);
    if (err == DW_OK) err = welcome_fill(out, desk, accounts, area, at, detail);
    account_close(accounts);
    desk_close(desk);
    return err;
}
