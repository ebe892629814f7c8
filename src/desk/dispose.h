/* The end of a site: every key is destroyed, and a signed certificate says what there was and that it is gone.
 *
 * In this order, so that it can be done again wherever it broke off: the ledger's last entry (site.dispose), which clears what is
 * personal from the tables; the sealed values beside the entries; the certificate, signed, on the disk and read again; the person
 * keys; the site's own key. The certificate is {"certificate":{…},"sign":"<86 of base64url>"} and a line end, signed over the
 * inner object byte for byte. */
#ifndef DESK_DISPOSE_H
#define DESK_DISPOSE_H

#include "base/clock.h"
#include "desk/desk.h"

struct dispose_done {
    int64_t people, members, keys; /* registered; keys destroyed */
    int64_t entries, devices, copies;
    char hash[HASH_TEXT]; /* of the certificate's file */
};

/* desk is open over the store at path store; file: of the certificate; a readable one in both languages is written to file.txt.
 * DW_E_DISPOSED when the keys are destroyed already. Close the desk afterwards. */
dw_err dispose_site(struct dispose_done *out, struct desk *desk, const char *store, const char *file, const char *reason,
                    struct when at, struct err_detail *detail);
/* Ends a disposal that broke off while keys were being destroyed, so that the site cannot be opened: DW_E_STATE when that is not
 * how this store stands. */
dw_err dispose_finish(const char *store, struct err_detail *detail);

/* A certificate read and checked. */
struct dispose_checked {
    char site[ID_TEXT], name[256], at[WHEN_TEXT], key[HASH_TEXT];
    int64_t people, keys, entries, devices, copies;
    bool compared; /* with the store: its site, key and every chain's head are those of the certificate */
};

/* DW_E_FORMAT, DW_E_SIGNATURE; with desk (NULL: none) also DW_E_DIFFERS when it is not of this site or a head is another. */
dw_err dispose_check(struct dispose_checked *out, const char *file, struct desk *desk, struct err_detail *detail);

#endif
