#include "base/secret.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

_Static_assert(SECRET_HASH == crypto_pwhash_STRBYTES, "room for the hash");

bool secret_hash(char out[SECRET_HASH], const char *password)
{
    return crypto_pwhash_str_alg(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                 crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static atomic_ullong secret_count;

unsigned long long secret_checks(void)
{
    return atomic_load(&secret_count);
}

bool secret_fits(const char *hash, const char *password)
{
    char full[SECRET_HASH] = {0}; /* the library reads all of it */
    atomic_fetch_add(&secret_count, 1);
    memcpy(full, hash, strnlen(hash, SECRET_HASH - 1));
    return crypto_pwhash_str_verify(full, password, strlen(password)) == 0;
}

uint32_t secret_totp(const uint8_t key[SECRET_TOTP_KEY], int64_t step)
{
    uint8_t counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    for (int i = 0; i < 8; i++) counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    HMAC(EVP_sha1(), key, SECRET_TOTP_KEY, counter, sizeof counter, mac, &len);
    unsigned at = mac[len - 1] & 15;
    uint32_t n = (uint32_t)(mac[at] & 127) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    return n % 1000000;
}

void secret_base32(char out[SECRET_BASE32], const uint8_t key[SECRET_TOTP_KEY])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    int have = 0, n = 0;
    for (int i = 0; i < SECRET_TOTP_KEY; i++) {
        bits = bits << 8 | key[i];
        for (have += 8; have >= 5; have -= 5) out[n++] = letters[bits >> (have - 5) & 31];
    }
    out[n] = 0;
}

bool secret_same(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}
