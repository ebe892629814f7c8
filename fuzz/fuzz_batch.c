#include <string.h>

#include "base/pack_once.h"
#include "fuzz.h"
#include "ledger/upload.h"

enum { BATCH_MOST = 1 << 20 };

/* A push as it comes: what opens is not larger than it may be, and is read to its end or to its first fault. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena_buf clear = {0}, packed = {0};
    struct arena arena = {0};
    struct err_detail detail = {.row = 0};
    struct upload upload;
    size_t at = 0, before;
    int64_t line = 0;
    bool more = true;
    if (pack_once_open(&clear, BATCH_MOST, data, size, &detail) == DW_OK)
        FUZZ_MUST(clear.len <= BATCH_MOST);
    else {
        /* Most inputs are no zstd: those are packed first, so that what lies behind is reached too. */
        arena_buf_clear(&clear);
        if (pack_once_zstd(&packed, data, size)) /* else it would not become smaller */
            FUZZ_MUST(pack_once_open(&clear, BATCH_MOST, packed.data, packed.len, &detail) == DW_OK);
        else
            arena_buf_put(&clear, data, size);
        FUZZ_MUST(clear.len == size && (size == 0 || memcmp(clear.data, data, size) == 0));
    }
    do {
        before = at;
        if (upload_parse(&upload, &more, clear.data == NULL ? "" : clear.data, clear.len, &at, &line, &arena, &detail) != DW_OK)
            break;
        FUZZ_MUST(at <= clear.len && (!more || at > before));
    } while (more);
    arena_free(&arena);
    arena_buf_free(&clear);
    arena_buf_free(&packed);
    return 0;
}
