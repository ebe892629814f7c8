#include "base/pack.h"

#include <stdlib.h>
#include <zstd.h>

/* Level 1 keeps up with a disk; higher levels gain a few hundredths on what a store holds and cost twice the time. */
enum { PACK_LEVEL = 1, PACK_THREADS = 2, PACK_PIECE = 65536 };

struct pack {
    ZSTD_CCtx *zstd;
    pack_sink *sink;
    void *ctx;
    char piece[PACK_PIECE];
};

struct unpack {
    ZSTD_DCtx *zstd;
    pack_source *source;
    void *ctx;
    bool ended; /* the packed stream is whole */
    ZSTD_inBuffer in;
    char piece[PACK_PIECE];
};

dw_err pack_create(struct pack **out, pack_sink *sink, void *ctx)
{
    struct pack *pack = calloc(1, sizeof *pack);
    *out = pack;
    if (pack == NULL) return DW_E_MEMORY;
    pack->sink = sink;
    pack->ctx = ctx;
    pack->zstd = ZSTD_createCCtx();
    if (pack->zstd == NULL) return DW_E_MEMORY;
    ZSTD_CCtx_setParameter(pack->zstd, ZSTD_c_compressionLevel, PACK_LEVEL);
    ZSTD_CCtx_setParameter(pack->zstd, ZSTD_c_nbWorkers, PACK_THREADS); /* a library without threads does without */
    return DW_OK;
}

dw_err pack_write(struct pack *pack, const void *data, size_t len, bool last, struct err_detail *detail)
{
    ZSTD_inBuffer in = {data, len, 0};
    size_t left;
    do {
        ZSTD_outBuffer out = {pack->piece, sizeof pack->piece, 0};
        left = ZSTD_compressStream2(pack->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left)) return err_set(detail, DW_E_MEMORY, "packing: %s", ZSTD_getErrorName(left));
        if (out.pos > 0) ERR_TRY(pack->sink(pack->ctx, pack->piece, out.pos, detail));
    } while (in.pos < in.size || (last && left > 0));
    return DW_OK;
}

void pack_free(struct pack *pack)
{
    if (pack == NULL) return;
    ZSTD_freeCCtx(pack->zstd);
    free(pack);
}

dw_err pack_open(struct unpack **out, pack_source *source, void *ctx)
{
    struct unpack *unpack = calloc(1, sizeof *unpack);
    *out = unpack;
    if (unpack == NULL) return DW_E_MEMORY;
    unpack->source = source;
    unpack->ctx = ctx;
    unpack->in.src = unpack->piece;
    unpack->zstd = ZSTD_createDCtx();
    return unpack->zstd == NULL ? DW_E_MEMORY : DW_OK;
}

static dw_err pack_more(struct unpack *unpack, bool *more, struct err_detail *detail)
{
    unpack->in.pos = unpack->in.size = 0;
    ERR_TRY(unpack->source(unpack->ctx, unpack->piece, sizeof unpack->piece, &unpack->in.size, detail));
    *more = unpack->in.size > 0;
    return DW_OK;
}

dw_err pack_read(struct unpack *unpack, void *out, size_t cap, size_t *len, struct err_detail *detail)
{
    bool more = true;
    *len = 0;
    while (more && !unpack->ended) {
        ZSTD_outBuffer to = {out, cap, 0};
        size_t left = ZSTD_decompressStream(unpack->zstd, &to, &unpack->in);
        if (ZSTD_isError(left)) return err_set(detail, DW_E_FORMAT, "what lies in it was not packed by this program");
        unpack->ended = left == 0;
        *len = to.pos;
        if (to.pos > 0) return DW_OK;
        if (!unpack->ended && unpack->in.pos == unpack->in.size) ERR_TRY(pack_more(unpack, &more, detail));
    }
    if (!unpack->ended) return err_set(detail, DW_E_DAMAGED, "what is packed in it ends too soon");
    if (unpack->in.pos == unpack->in.size) ERR_TRY(pack_more(unpack, &more, detail));
    return unpack->in.pos == unpack->in.size ? DW_OK
                                             : err_set(detail, DW_E_DAMAGED, "something stands behind what is packed in it");
}

void pack_close(struct unpack *unpack)
{
    if (unpack == NULL) return;
    ZSTD_freeDCtx(unpack->zstd);
    free(unpack);
}
