#include "ledger/token.h"

#include <string.h>

#include "base/hash.h"

enum { TOKEN_FORMAT = 1, TOKEN_SAID = 21 };

static const char token_label[] = "doorward-card-1";

struct token_message {
    uint8_t bytes[sizeof token_label + 16 + TOKEN_SAID];
};

static struct token_message token_message(struct id site, const uint8_t said[TOKEN_SAID])
{
    struct token_message m;
    memcpy(m.bytes, token_label, sizeof token_label);
    memcpy(m.bytes + sizeof token_label, site.b, sizeof site.b);
    memcpy(m.bytes + sizeof token_label + sizeof site.b, said, TOKEN_SAID);
    return m;
}

void token_make(char out[TOKEN_TEXT], struct token token, struct id site, const struct keys_signer *signer)
{
    uint8_t bytes[TOKEN_BYTES] = {TOKEN_FORMAT};
    memcpy(bytes + 1, token.door.b, sizeof token.door.b);
    for (int i = 0; i < 4; i++) bytes[17 + i] = (uint8_t)(token.version >> (24 - 8 * i));
    struct token_message m = token_message(site, bytes);
    keys_sign(bytes + TOKEN_SAID, signer, m.bytes, sizeof m.bytes);
    hash_b64(out, bytes, sizeof bytes);
}

static bool token_bytes(uint8_t out[TOKEN_BYTES], const char *text)
{
    const char *at = text;
    for (const char *c = text; *c != 0; c++)
        if (*c == '/' || *c == '#' || *c == '=') at = c + 1;
    return strnlen(at, TOKEN_TEXT) == TOKEN_TEXT - 1 && hash_unb64(out, TOKEN_BYTES, at, TOKEN_TEXT - 1) &&
           out[0] == TOKEN_FORMAT;
}

static struct token token_of(const uint8_t bytes[TOKEN_BYTES])
{
    struct token token = {.version = 0};
    memcpy(token.door.b, bytes + 1, sizeof token.door.b);
    for (int i = 0; i < 4; i++) token.version = token.version << 8 | bytes[17 + i];
    return token;
}

bool token_read(struct token *out, const char *text)
{
    uint8_t bytes[TOKEN_BYTES];
    if (!token_bytes(bytes, text)) return false;
    *out = token_of(bytes);
    return true;
}

bool token_check(struct token *out, const char *text, struct id site, const uint8_t public_key[KEYS_PUBLIC])
{
    uint8_t bytes[TOKEN_BYTES];
    if (!token_bytes(bytes, text)) return false;
    *out = token_of(bytes);
    struct token_message m = token_message(site, bytes);
    return keys_signed(bytes + TOKEN_SAID, public_key, m.bytes, sizeof m.bytes);
}
