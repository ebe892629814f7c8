#include <string.h>

#include "base/text.h"
#include "domain/idno.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena_buf text = {0};
    struct idno id, again;
    char masked[IDNO_SIZE];
    if (size < 1) return 0;
    bool number = (data[0] & 1) != 0, synthetic = (data[0] & 2) != 0;
    arena_buf_put(&text, data + 1, size - 1);
    idno_read(&id, text.data, number, synthetic, 20220408);
    FUZZ_MUST(id.type < IDNO_TYPES && id.problem < IDNO_PROBLEMS);
    FUZZ_MUST(memchr(id.text, 0, IDNO_SIZE) != NULL && text_valid(id.text, strlen(id.text), NULL));
    FUZZ_MUST(*idno_type_text(id.type, 0) != 0 && idno_problem_text(id.problem, 1) != NULL);
    FUZZ_MUST(id.problem != IDNO_OK || id.type != IDNO_UNKNOWN);
    /* A key read again is itself. */
    if (id.problem == IDNO_OK && id.type != IDNO_NONE) {
        idno_read(&again, id.text, false, synthetic, 20220408);
        FUZZ_MUST(again.problem == IDNO_OK && again.type == id.type && again.birth == id.birth && again.sex == id.sex);
        FUZZ_MUST(strcmp(again.text, id.text) == 0);
        if (id.type == IDNO_RESIDENT) FUZZ_MUST(strlen(id.text) == 18 && idno_check(id.text) == id.text[17] && id.birth > 0);
    }
    idno_mask(masked, id.text);
    FUZZ_MUST(strlen(masked) == strlen(id.text));
    arena_buf_free(&text);
    return 0;
}
