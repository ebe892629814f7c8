#include <string.h>

#include "base/text.h"
#include "domain/phone.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena_buf text = {0};
    char phone[PHONE_SIZE], again[PHONE_SIZE], masked[PHONE_SIZE];
    arena_buf_put(&text, data, size);
    bool mobile = phone_read(phone, text.data);
    FUZZ_MUST(strlen(phone) < PHONE_SIZE && text_valid(phone, strlen(phone), NULL));
    if (mobile) {
        FUZZ_MUST(strlen(phone) == 11 && phone[0] == '1' && strspn(phone, "0123456789") == 11);
        FUZZ_MUST(phone_read(again, phone) && strcmp(again, phone) == 0);
    }
    phone_mask(masked, phone);
    FUZZ_MUST(strlen(masked) == strlen(phone));
    arena_buf_free(&text);
    return 0;
}
