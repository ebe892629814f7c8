#include "base/settings.h"

#include <string.h>

#include "fuzz.h"

/* Any text is a configuration or says where it is none; what was read is of its type, and, written down, is read as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct arena_buf text = {0};
    struct settings read, again;
    struct err_detail detail = {0};
    dw_err err = settings_read(&read, &arena, (const char *)data, size, "fuzz", ERR_ZH, &detail);
    FUZZ_MUST(err == DW_OK || err == DW_E_INVALID || err == DW_E_UTF8 || err == DW_E_TOO_LARGE);
    FUZZ_MUST(err != DW_E_INVALID || (detail.row > 0 && *detail.text != 0));
    for (int i = 0; err == DW_OK && i < SETTINGS_COUNT; i++) {
        if (read.values[i] == NULL) continue;
        FUZZ_MUST(settings_fits(&settings_all[i], read.values[i], ERR_EN, NULL) == DW_OK && settings_all[i].in_file);
        arena_buf_format(&text, "%s=%s\n", settings_all[i].name, read.values[i]);
    }
    if (err == DW_OK && text.data != NULL && !text.failed) {
        FUZZ_MUST(settings_read(&again, &arena, text.data, text.len, "fuzz", ERR_EN, &detail) == DW_OK);
        for (int i = 0; i < SETTINGS_COUNT; i++)
            FUZZ_MUST((read.values[i] == NULL) == (again.values[i] == NULL) &&
                      (read.values[i] == NULL || strcmp(read.values[i], again.values[i]) == 0));
    }
    arena_buf_free(&text);
    arena_free(&arena);
    return 0;
}
