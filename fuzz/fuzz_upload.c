#include <string.h>

#include "fuzz.h"
#include "ledger/upload.h"

/* What can be read as uploads is written again and read as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct upload upload, again;
    struct entry_reader reader = {0};
    struct arena arena = {0};
    struct arena_buf text = {0};
    struct err_detail detail = {.row = 0};
    size_t at = 0;
    int64_t line = 0;
    bool more = true;
    static const uint8_t after[HASH_SIZE];
    while (upload_parse(&upload, &more, (const char *)data, size, &at, &line, &arena, &detail) == DW_OK && more) {
        size_t other = 0;
        int64_t number = 0;
        arena_buf_clear(&text);
        upload_print(&text, &upload);
        FUZZ_MUST(upload_parse(&again, &more, text.data, text.len, &other, &number, &arena, &detail) == DW_OK && more);
        FUZZ_MUST(again.count == upload.count && again.first == upload.first && memcmp(again.sign, upload.sign, KEYS_SIGN) == 0);
        for (size_t i = 0; i < upload.count; i++)
            FUZZ_MUST(again.entries[i].len == upload.entries[i].len &&
                      memcmp(again.entries[i].text, upload.entries[i].text, upload.entries[i].len) == 0);
        upload_check(&upload, after, &reader, &detail);
    }
    entry_reader_free(&reader);
    arena_free(&arena);
    arena_buf_free(&text);
    return 0;
}
