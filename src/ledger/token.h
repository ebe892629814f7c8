/* What a door card's QR says: which door, which version, signed by the site. No personal data, and no need of a network to check:
 * the site's public key is enough. Pure.
 *
 * Text: BASE, then base64url of format (1 byte), door (16), version (4, high byte first) and the Ed25519 signature (64) over the
 * label "doorward-card-1", the site's id and those 21 bytes. */
#ifndef LEDGER_TOKEN_H
#define LEDGER_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"
#include "base/keys.h"

enum { TOKEN_BYTES = 21 + KEYS_SIGN, TOKEN_TEXT = 115 /* with its terminator */ };

struct token {
    struct id door;
    uint32_t version;
};

void token_make(char out[TOKEN_TEXT], struct token token, struct id site, const struct keys_signer *signer);
/* Reads the end of a scanned text: what stands after its last '/', '#' or '='. False when it is no token. */
bool token_read(struct token *out, const char *text);
/* The same, and whether this site signed it. */
bool token_check(struct token *out, const char *text, struct id site, const uint8_t public_key[KEYS_PUBLIC]);

#endif
