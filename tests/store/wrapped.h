/* Opening a store inside the one that can fail; not armed. */
#ifndef TESTS_STORE_WRAPPED_H
#define TESTS_STORE_WRAPPED_H

#include "store/faulty/faulty.h"

static inline dw_err wrapped_open(struct store **out, const char *url, enum store_mode mode, struct err_detail *detail)
{
    struct store *inner;
    *out = NULL;
    ERR_TRY(store_open(&inner, url, mode, detail));
    return faulty_wrap(out, inner, detail);
}

#endif
