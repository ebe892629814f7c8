/* Bytes that are all in memory, made smaller and whole again. */
#ifndef BASE_PACK_ONCE_H
#define BASE_PACK_ONCE_H

#include "base/arena.h"
#include "base/err.h"

/* Replaces what stands in out. False when memory is out or it would not become smaller; out is then empty. */
bool pack_once_zstd(struct arena_buf *out, const void *data, size_t len);
bool pack_once_gzip(struct arena_buf *out, const void *data, size_t len);
/* One zstd frame that tells its size. DW_E_FORMAT when it is not whole, DW_E_TOO_LARGE beyond max, before memory is taken. */
dw_err pack_once_open(struct arena_buf *out, size_t max, const void *data, size_t len, struct err_detail *detail);

#endif
