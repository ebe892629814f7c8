#include "base/keys.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

_Static_assert(KEYS_OVERHEAD == crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES, "sealing overhead");
_Static_assert(KEYS_SECRET == crypto_secretbox_KEYBYTES, "sealing key");

bool keys_start(void)
{
    return sodium_init() >= 0;
}

void keys_signer_make(struct keys_signer *out, const uint8_t seed[KEYS_SEED])
{
    crypto_sign_seed_keypair(out->public_key, out->secret, seed);
}

void keys_sign(uint8_t out[KEYS_SIGN], const struct keys_signer *signer, const void *data, size_t len)
{
    crypto_sign_detached(out, NULL, data, len, signer->secret);
}

bool keys_signed(const uint8_t sign[KEYS_SIGN], const uint8_t public_key[KEYS_PUBLIC], const void *data, size_t len)
{
    return crypto_sign_verify_detached(sign, data, len, public_key) == 0;
}

void keys_seal(uint8_t *out, const uint8_t key[KEYS_SECRET], const void *where, size_t where_len, const void *data, size_t len)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, KEYS_SECRET, KEYS_NONCE);
    crypto_generichash_update(&state, where, where_len);
    crypto_generichash_update(&state, data, len);
    crypto_generichash_final(&state, out, KEYS_NONCE);
    crypto_secretbox_easy(out + KEYS_NONCE, data, len, out, key);
}

bool keys_open(void *out, const uint8_t key[KEYS_SECRET], const uint8_t *sealed, size_t len)
{
    if (len < KEYS_OVERHEAD) return false;
    return crypto_secretbox_open_easy(out, sealed + KEYS_NONCE, len - KEYS_NONCE, sealed, key) == 0;
}

void keys_derive(uint8_t out[KEYS_SECRET], const uint8_t key[KEYS_SECRET], const char *label)
{
    crypto_generichash(out, KEYS_SECRET, (const unsigned char *)label, strlen(label), key, KEYS_SECRET);
}

void keys_wipe(void *secret, size_t len)
{
    sodium_memzero(secret, len);
}
