#include <string.h>

#include "base/text.h"
#include "fuzz.h"

static void folded(const char *text, size_t size)
{
    struct arena_buf once = {0}, twice = {0};
    bool good = text_fold(&once, text, size);
    FUZZ_MUST(good == text_valid(text, size, NULL));
    if (good && once.len > 0) {
        FUZZ_MUST(text_valid(once.data, once.len, NULL));
        FUZZ_MUST(once.data[0] != ' ' && once.data[once.len - 1] != ' ');
        FUZZ_MUST(text_fold(&twice, once.data, once.len));
        FUZZ_MUST(twice.len == once.len && memcmp(twice.data, once.data, once.len) == 0);
        FUZZ_MUST(text_width(once.data) <= 2 * text_count(once.data, once.len));
    }
    FUZZ_MUST(good || once.len == 0);
    arena_buf_free(&once);
    arena_buf_free(&twice);
}

static void decoded(enum text_charset charset, const char *data, size_t size)
{
    struct arena_buf text = {0}, wide = {0}, back = {0};
    size_t bad = 0;
    if (text_decode(&text, charset, data, size, &bad)) {
        FUZZ_MUST(text.len == 0 || text_valid(text.data, text.len, NULL));
        if (text.len > 0) {
            FUZZ_MUST(text_to_gb18030(&wide, text.data, text.len));
            FUZZ_MUST(text_decode(&back, TEXT_GB18030, wide.data, wide.len, NULL));
            FUZZ_MUST(back.len == text.len && memcmp(back.data, text.data, text.len) == 0);
        }
    } else {
        FUZZ_MUST(bad <= size && text.len == 0);
    }
    arena_buf_free(&text);
    arena_buf_free(&wide);
    arena_buf_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    size_t len = size, bad = 0;
    int64_t n;
    folded(text, size);
    for (int charset = TEXT_UTF8; charset <= TEXT_UNKNOWN; charset++) decoded((enum text_charset)charset, text, size);
    enum text_charset is = text_detect(text, size);
    if (is == TEXT_UTF8 || is == TEXT_GB18030) {
        struct arena_buf out = {0};
        FUZZ_MUST(text_decode(&out, is, text, size, NULL));
        arena_buf_free(&out);
    }
    const char *start = text_trim(text, &len);
    FUZZ_MUST(start >= text && start + len <= text + size);
    if (!text_valid(text, size, &bad)) FUZZ_MUST(bad < size);
    for (size_t max = 0; max <= size && max < 20; max++) FUZZ_MUST(text_cut(text, size, max) <= max);
    (void)text_int(&n, text, size);
    return 0;
}
