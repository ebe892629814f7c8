#include <string.h>

#include "base/json.h"
#include "desk/parts.h"
#include "fuzz.h"

/* The input once as sealed bytes, which nothing opens that was not sealed here, and once as a clear part: what is sealed opens
 * again, as it was or member for member, and of who is forgotten nothing is left. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct keyring *keys;
    static const struct id on = {{1}};
    static const uint8_t hash[HASH_SIZE];
    struct err_detail detail = {0};
    struct arena arena = {0};
    struct json before = {0}, after = {0};
    struct store_value sealed, left, raw = store_bytes(data, size);
    const char *part;
    size_t len;
    bool failed;
    if (keys == NULL) {
        FUZZ_MUST(keys_start() && keyring_make(&keys, NULL, &detail) == DW_OK);
    }
    if (size == 0) return 0; /* no clear part is empty */
    (void)parts_open(&part, &len, keys, &raw, 1, &arena, &detail);
    (void)parts_forget(&left, &failed, keys, &raw, &arena);
    FUZZ_MUST(parts_seal(&sealed, keys, on, hash, (const char *)data, size, &arena) == DW_OK && sealed.type == STORE_BYTES);
    FUZZ_MUST(!parts_forget(&left, &failed, keys, &sealed, &arena));
    FUZZ_MUST(parts_open(&part, &len, keys, &sealed, 1, &arena, &detail) == DW_OK && part != NULL);
    bool json = json_read(&before, (const char *)data, size, NULL) == DW_OK && before.tokens[0].type == JSON_OBJECT;
    if (!json || len == size) FUZZ_MUST(json || (len == size && memcmp(part, data, size) == 0));
    if (json) {
        FUZZ_MUST(json_read(&after, part, len, NULL) == DW_OK && after.tokens[0].count == before.tokens[0].count);
        FUZZ_MUST(after.len == before.len);
    }
    json_free(&before);
    json_free(&after);
    arena_free(&arena);
    return 0;
}
