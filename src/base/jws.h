/* Texts signed as RFC 7515 says (JWS, compact), by keys as RFC 7517 writes them, checked with libcrypto: RS256, RS384, RS512,
 * PS256, PS384, PS512 and ES256. What anybody could make ("none") or both sides can (HS…) is no signature here. Not by libcjose,
 * which ends the program on a text that is not base64. */
#ifndef BASE_JWS_H
#define BASE_JWS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

struct jws {
    const char *algorithm, *key_id; /* key_id NULL: it names none */
    const char *payload;            /* terminated; not to be believed before jws_by says so */
    size_t payload_len;
    const char *signed_text; /* within the text it was read from */
    size_t signed_len;
    const uint8_t *sign;
    size_t sign_len;
};
/* Everything lies in arena, or in text. DW_E_FORMAT: not three parts of base64url with a header that names an algorithm; a header
 * that says something is critical to understand ("crit"). O(len). */
dw_err jws_read(struct jws *out, struct arena *arena, const char *text, struct err_detail *detail);
/* Whether it was made by the private half of the key that stands at a token (an object) of json. False also when the key is of
 * another kind, or for another use, than the algorithm. */
bool jws_by(const struct jws *jws, const struct json *json, uint32_t key, struct arena *arena);

#endif
