/* The card desk: what hangs at each door, printed, reissued, revoked, checked. */
#ifndef DESK_CARD_H
#define DESK_CARD_H

#include "base/clock.h"
#include "desk/desk.h"
#include "files/card_out.h"
#include "ledger/token.h"

struct card_print {
    const char *area, *path; /* area: code, "" or NULL the whole site */
    const char *url;         /* what the token is put behind, "https://…/d/" */
    const char *hotline;     /* or NULL */
    enum card_size size;
    enum err_lang lang;
    bool reissue; /* a new version for every door: older cards are void */
    bool changed; /* a new version where the head count is no longer the card's */
    struct when at;
};

struct card_printed {
    int64_t doors, issued;
};

/* A page of cards for every door under an area, in walking order; doors without a valid card get one. Cards are issued in one
 * transaction before the file is made: should the file fail, the next print has the same cards. DW_E_NOT_FOUND (area, or no door
 * under it), and what card_out says. O(people + doors log doors). */
dw_err card_print(struct card_printed *out, struct desk *desk, const struct card_print *spec,
                  const struct clock_progress *progress, struct err_detail *detail);
/* Makes a door's card void. DW_E_NOT_FOUND, DW_E_STATE when it has no valid one. */
dw_err card_revoke(struct desk *desk, struct id door, const char *reason, struct when at, struct err_detail *detail);

enum card_verdict {
    CARD_VALID,
    CARD_FORGED, /* not signed by this site, or no card at all */
    CARD_OLDER,  /* a newer one was issued */
    CARD_REVOKED,
    CARD_UNKNOWN, /* signed by this site, of a door or version that this store does not have */
    CARD_VERDICTS
};
struct card_checked {
    enum card_verdict verdict;
    struct token token;
    uint32_t door;        /* SITE_NONE */
    int64_t shown, heads; /* head count on the card, and now; −1 unknown */
};
/* Looks a scanned text up. Caller holds the read lock. O(people) for the head count. */
void card_check(struct card_checked *out, const struct site *site, const char *text);
/* With the site's card key alone ("site id:public key" in base64url, as card_key writes it): valid, older cards not told. False
 * when key is none. */
bool card_check_apart(struct card_checked *out, const char *key, const char *text);
const char *card_verdict_text(enum card_verdict verdict, enum err_lang lang);
enum { CARD_KEY = ID_TEXT + HASH_TEXT };
void card_key(char out[CARD_KEY], const struct site *site);
/* "4-2-5·301", the code a card shows; a door without a building by its name. */
void card_code(char *out, size_t size, const struct site *site, uint32_t door);
/* Registered people by door, one number a door of the site; free() it. NULL when memory is out. O(people). */
uint32_t *card_heads(const struct site *site);
/* Who is answerable for an area: its keeper, or that of the nearest area above; a member, SITE_NONE. O(depth). */
uint32_t card_keeper(const struct site *site, uint32_t area);
/* Whether there is a door to hang a card on, or to knock at: a list that names no room leaves a door behind which nobody stands
 * once another list has told the rooms. */
bool card_hangs(const struct site_door *door, uint32_t heads);

#endif
