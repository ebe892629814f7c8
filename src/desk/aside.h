/* What is set apart: entries of a device whose chain has forked, under numbers that the ledger has already or that follow on such
 * ones. Nothing of the state follows from them; nothing of them is lost. For the writer, and to be looked at. */
#ifndef DESK_ASIDE_H
#define DESK_ASIDE_H

#include "desk/desk.h"
#include "ledger/upload.h"

/* Sets the upload's entries from index from on apart, their clear values sealed. What is there already stays as it is. */
dw_err aside_put(struct desk *desk, uint32_t device, const struct upload *upload, size_t from, int64_t received_ms,
                 struct err_detail *detail);
/* Whether this entry of the device is set apart. */
dw_err aside_has(bool *out, struct desk *desk, uint32_t device, int64_t n, const uint8_t hash[HASH_SIZE],
                 struct err_detail *detail);

struct aside_one {
    uint32_t device;
    int64_t n, received_ms;
    const char *text; /* as the device signed it; terminated */
    size_t len;
    bool sound; /* the text is the one that was set apart */
};
/* Calls visit for each, by device and number. O(those set apart). */
dw_err aside_each(struct desk *desk, dw_err (*visit)(void *ctx, const struct aside_one *one), void *ctx,
                  struct err_detail *detail);

#endif
