#include <string.h>

#include "base/arena.h"
#include "fuzz.h"
#include "ledger/token.h"

/* Any text is a token or is not; one with a byte changed is never signed; what was made is read back. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct keys_signer signer;
    static bool ready;
    static const struct id site = {{7}};
    struct arena_buf text = {0};
    struct token token, made = {.version = (uint32_t)size};
    char whole[TOKEN_TEXT + 32] = "https://card.example/d/";
    if (!ready) {
        uint8_t seed[KEYS_SEED] = {1};
        FUZZ_MUST(keys_start());
        keys_signer_make(&signer, seed);
        ready = true;
    }
    arena_buf_put(&text, data, size);
    FUZZ_MUST(!token_check(&token, text.data, site, signer.public_key) || token_read(&token, text.data));
    memcpy(made.door.b, data, size < sizeof made.door.b ? size : sizeof made.door.b);
    size_t base = strlen(whole);
    token_make(whole + base, made, site, &signer);
    FUZZ_MUST(token_check(&token, whole, site, signer.public_key) && id_equal(token.door, made.door) &&
              token.version == made.version);
    if (size > 1) {
        size_t at = base + data[0] % (TOKEN_TEXT - 1);
        char was = whole[at];
        whole[at] = (char)data[1];
        FUZZ_MUST(whole[at] == was || !token_check(&token, whole, site, signer.public_key));
    }
    arena_buf_free(&text);
    return 0;
}
