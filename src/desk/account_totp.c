#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/account_store.h"

enum { ACCOUNT_STEP_MS = 30000 };

static bool account_recovery(struct account_row *row, const char *code)
{
    uint8_t hash[HASH_SIZE];
    hash_one(hash, code, strlen(code));
    for (size_t at = 0; at + HASH_SIZE <= row->recovery_len; at += HASH_SIZE) {
        if (!secret_same(row->recovery + at, hash, HASH_SIZE)) continue;
        row->recovery_len -= HASH_SIZE;
        memmove(row->recovery + at, row->recovery + at + HASH_SIZE, row->recovery_len - at);
        return true;
    }
    return false;
}

bool account_code(struct account_row *row, const char *code, int64_t now_ms)
{
    int64_t n, step = now_ms / ACCOUNT_STEP_MS;
    if (strlen(code) != 6 || !text_int(&n, code, 6)) return account_recovery(row, code);
    for (int64_t at = step - 1; at <= step + 1; at++) {
        if (at <= row->totp_step || secret_totp(row->totp, at) != (uint32_t)n) continue;
        row->totp_step = at; /* each step once */
        return true;
    }
    return false;
}

static dw_err account_own(struct account_row *row, struct account_desk *accounts, const struct account_who *who,
                          struct err_detail *detail)
{
    ERR_TRY(account_find(row, accounts, NULL, who->account, detail));
    return row->found ? DW_OK : err_set(detail, DW_E_STATE, "a phone has no second factor");
}

dw_err account_totp_begin(char *url, size_t size, struct account_desk *accounts, const struct account_who *who,
                          struct err_detail *detail)
{
    struct account_row row;
    char key[SECRET_BASE32];
    ERR_TRY(account_own(&row, accounts, who, detail));
    if (row.has_totp && row.totp_step >= 0) return err_set(detail, DW_E_STATE, "there is a second factor already");
    rng_bytes(NULL, row.totp, sizeof row.totp);
    row.has_totp = true;
    row.totp_step = -1;
    ERR_TRY(account_keep(accounts, &row, detail));
    secret_base32(key, row.totp);
    snprintf(url, size, "otpauth://totp/doorward:%s?secret=%s&issuer=doorward", row.login, key);
    return DW_OK;
}

dw_err account_totp_confirm(char codes[ACCOUNT_RECOVERY][16], struct account_desk *accounts, const struct account_who *who,
                            const char *code, struct when at, struct err_detail *detail)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789x";
    struct account_row row;
    ERR_TRY(account_own(&row, accounts, who, detail));
    if (!row.has_totp || row.totp_step >= 0) return err_set(detail, DW_E_STATE, "no second factor waits to be confirmed");
    row.recovery_len = 0;
    if (strlen(code) != 6 || !account_code(&row, code, at.ms))
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "code", "a wrong code");
    for (int i = 0; i < ACCOUNT_RECOVERY; i++) {
        uint8_t bytes[12];
        rng_bytes(NULL, bytes, sizeof bytes);
        for (int k = 0; k < 12; k++) codes[i][k] = letters[bytes[k] & 31];
        codes[i][12] = 0;
        hash_one(row.recovery + (size_t)i * HASH_SIZE, codes[i], 12);
    }
    row.recovery_len = sizeof row.recovery;
    return account_keep(accounts, &row, detail);
}
