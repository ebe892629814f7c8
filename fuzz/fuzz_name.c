#include <string.h>

#include "base/text.h"
#include "domain/name.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena_buf text = {0}, full = {0}, initials = {0};
    char name[NAME_SIZE], again[NAME_SIZE], other[NAME_SIZE], masked[NAME_SIZE];
    arena_buf_put(&text, data, size);
    arena_buf_text(&initials, "");
    bool good = name_fold(name, text.data);
    FUZZ_MUST(good || name[0] == 0);
    FUZZ_MUST(strlen(name) < NAME_SIZE && text_valid(name, strlen(name), NULL));
    FUZZ_MUST(name_fold(again, name) && strcmp(again, name) == 0);
    FUZZ_MUST(name_surname(name) <= strlen(name) && (name_surname(name) > 0) == (name[0] != 0));
    FUZZ_MUST(name_pinyin(&full, &initials, name));
    FUZZ_MUST(strspn(initials.data, "abcdefghijklmnopqrstuvwxyz") == initials.len && initials.len <= strlen(name));
    FUZZ_MUST(name_like(name, name) == (name[0] != 0));
    /* The second half of the input as another name. */
    if (name_fold(other, text.data + strlen(text.data) / 2)) FUZZ_MUST(name_like(name, other) == name_like(other, name));
    name_mask(masked, name);
    FUZZ_MUST(text_valid(masked, strlen(masked), NULL));
    arena_buf_free(&text);
    arena_buf_free(&full);
    arena_buf_free(&initials);
    return 0;
}
