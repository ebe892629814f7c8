#include <string.h>

#include "base/arena.h"
#include "fuzz.h"
#include "http/oidc_token.h"

/* Whatever a provider sends: as a token nothing is ever signed by a key that signed nothing; as claims, those that fit name a
 * subject. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char keys[] =
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"x\":\"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY\","
        "\"y\":\"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU\"}]}";
    const struct oidc_expected expected = {"https://id.example", "doorward", "nonce", {.ms = 1650000000000}};
    struct arena arena = {0};
    struct arena_buf text = {0};
    const char *subject = NULL;
    bool unknown;
    arena_buf_put(&text, data, size);
    if (text.data != NULL) {
        FUZZ_MUST(oidc_token_read(&subject, &unknown, &arena, text.data, keys, &expected, NULL) != DW_OK);
        FUZZ_MUST(oidc_token_read(&subject, &unknown, &arena, "e30.e30.e30", text.data, &expected, NULL) != DW_OK);
        bool good = oidc_token_claims(&subject, &arena, text.data, text.len, &expected, NULL) == DW_OK;
        FUZZ_MUST(!good || (subject != NULL && *subject != 0 && strstr(text.data, "id.example") != NULL));
    }
    arena_buf_free(&text);
    arena_free(&arena);
    return 0;
}
