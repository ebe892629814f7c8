#include <string.h>

#include "desk/account_store.h"
#include "fuzz.h"

/* A second factor: whatever is shown, only a code of this moment or a recovery code is good, and each once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t now = 1649390400000;
    static const char good[] = "abcdefghjkmn";
    struct account_row row = {.found = true, .has_totp = true, .totp_step = -1};
    char code[64], right[8];
    size_t len = size < sizeof code - 1 ? size : sizeof code - 1;
    if (len > 0) memcpy(code, data, len);
    code[len] = 0;
    for (size_t i = 0; i < sizeof row.totp; i++) row.totp[i] = (uint8_t)(i * 37 + 1);
    for (int i = 0; i < 3; i++) hash_one(row.recovery + i * HASH_SIZE, good, (size_t)(10 + i));
    row.recovery_len = 3 * HASH_SIZE;
    int64_t step = now / 30000;
    bool known = false;
    for (int64_t at = step - 1; at <= step + 1; at++) {
        snprintf(right, sizeof right, "%06u", secret_totp(row.totp, at));
        known = known || strcmp(code, right) == 0;
    }
    for (size_t n = 10; n <= 12; n++) known = known || (strlen(code) == n && memcmp(code, good, n) == 0);
    struct account_row used = row;
    FUZZ_MUST(account_code(&used, code, now) == known);
    FUZZ_MUST(used.recovery_len == row.recovery_len || used.recovery_len + HASH_SIZE == row.recovery_len);
    FUZZ_MUST(!account_code(&used, code, now));
    return 0;
}
