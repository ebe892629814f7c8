/* Passwords and one-time codes. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SECRET_HASH = 128, SECRET_TOTP_KEY = 20, SECRET_BASE32 = 33 };

/* argon2id with a salt of its own, 64 MiB and two passes; about 0.1 s. False when memory is out. */
bool secret_hash(char out[SECRET_HASH], const char *password);
/* Takes as long for a wrong password as for the right one. */
bool secret_fits(const char *hash, const char *password);
/* How many passwords secret_fits has looked at in this process. */
unsigned long long secret_checks(void);
/* The code of a step (RFC 6238, SHA-1, six digits); step: seconds since 1970 divided by 30. */
uint32_t secret_totp(const uint8_t key[SECRET_TOTP_KEY], int64_t step);
/* A key in base32 (RFC 4648), as apps take it. */
void secret_base32(char out[SECRET_BASE32], const uint8_t key[SECRET_TOTP_KEY]);
/* Whether two run of bytes are the same, in a time that does not tell where they differ. */
bool secret_same(const void *a, const void *b, size_t len);

#endif
