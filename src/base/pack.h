/* A stream of bytes made smaller and whole again (zstd, RFC 8878), with bounded memory. Packing does its work in threads of its
 * own, beside what the caller does with the packed bytes. It checks nothing: what may have been changed on the way is sealed
 * (base/vault.h) and opened before it is unpacked. Not for secrets: its buffers are not wiped. */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Takes packed bytes; gives the next of them, at most cap (*len 0: there are no more). */
typedef dw_err pack_sink(void *ctx, const void *data, size_t len, struct err_detail *detail);
typedef dw_err pack_source(void *ctx, void *out, size_t cap, size_t *len, struct err_detail *detail);

struct pack;

/* Free in every case. DW_E_MEMORY. */
dw_err pack_create(struct pack **out, pack_sink *sink, void *ctx);
/* last: these are the last bytes (there may be none), and all of it goes to the sink now. DW_E_MEMORY and what the sink says. */
dw_err pack_write(struct pack *pack, const void *data, size_t len, bool last, struct err_detail *detail);
void pack_free(struct pack *pack); /* NULL is safe */

struct unpack;

/* Free in every case. DW_E_MEMORY. */
dw_err pack_open(struct unpack **out, pack_source *source, void *ctx);
/* The next bytes, at most cap; *len 0 at the end. DW_E_FORMAT: never packed so; DW_E_DAMAGED: it ends too soon or goes on after
 * its end; and what the source says. */
dw_err pack_read(struct unpack *unpack, void *out, size_t cap, size_t *len, struct err_detail *detail);
void pack_close(struct unpack *unpack); /* NULL is safe */

#endif
