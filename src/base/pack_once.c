#include "base/pack_once.h"

#include <stdint.h>
#include <zlib.h>
#include <zstd.h>

enum { PACK_ONCE_LEVEL = 1, PACK_ONCE_SPARE = 64 };

static bool pack_once_keep(struct arena_buf *out, size_t made, size_t len)
{
    out->len = made > 0 && made < len ? made : 0;
    return out->len > 0;
}

bool pack_once_zstd(struct arena_buf *out, const void *data, size_t len)
{
    arena_buf_clear(out);
    if (!arena_grow((void **)&out->data, &out->cap, ZSTD_compressBound(len) + PACK_ONCE_SPARE, 1)) return false;
    size_t made = ZSTD_compress(out->data, out->cap, data, len, PACK_ONCE_LEVEL);
    return pack_once_keep(out, ZSTD_isError(made) ? 0 : made, len);
}

bool pack_once_gzip(struct arena_buf *out, const void *data, size_t len)
{
    arena_buf_clear(out);
    if (len > UINT32_MAX / 2 || !arena_grow((void **)&out->data, &out->cap, compressBound((uLong)len) + PACK_ONCE_SPARE, 1))
        return false;
    z_stream z = {.next_in = (Bytef *)(uintptr_t)data,
                  .avail_in = (uInt)len,
                  .next_out = (Bytef *)out->data,
                  .avail_out = (uInt)(out->cap > UINT32_MAX ? UINT32_MAX : out->cap)};
    if (deflateInit2(&z, PACK_ONCE_LEVEL, Z_DEFLATED, 15 + 16 /* gzip */, 8, Z_DEFAULT_STRATEGY) != Z_OK) return false;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t made = z.total_out;
    deflateEnd(&z);
    return pack_once_keep(out, whole ? made : 0, len);
}

dw_err pack_once_open(struct arena_buf *out, size_t max, const void *data, size_t len, struct err_detail *detail)
{
    unsigned long long size = ZSTD_getFrameContentSize(data, len);
    arena_buf_clear(out);
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR)
        return err_set(detail, DW_E_FORMAT, "not one whole zstd frame that tells its size");
    if (size > max) return err_set(detail, DW_E_TOO_LARGE, "%llu bytes unpacked", size);
    if (!arena_grow((void **)&out->data, &out->cap, (size_t)size + 1, 1)) return DW_E_MEMORY;
    size_t made = ZSTD_decompress(out->data, (size_t)size, data, len);
    if (ZSTD_isError(made) || made != size) return err_set(detail, DW_E_FORMAT, "the packed bytes are not whole");
    out->len = made;
    out->data[made] = 0;
    return DW_OK;
}
