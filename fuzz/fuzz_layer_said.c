#include <math.h>
#include <string.h>

#include "base/text.h"
#include "files/layer_said.h"
#include "files/layer_worker.h"
#include "fuzz.h"

/* Whatever the process that reads a map says, what comes of it is a map without a hole, or an error with a text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct layer_map map = {.file = "f"};
    struct err_detail detail = {0};
    const struct arena_buf said = {.data = (char *)data, .len = size};
    dw_err err = layer_said_read(&map, &said, &detail);
    FUZZ_MUST(err >= DW_OK && err < DW_E_COUNT && (err != DW_OK || map.count > 0));
    FUZZ_MUST(text_valid(detail.text, strlen(detail.text), NULL) && text_valid(detail.sheet, strlen(detail.sheet), NULL));
    for (size_t i = 0; err == DW_OK && i < map.count; i++) {
        const char **texts[LAYER_WORKER_TEXTS];
        FUZZ_MUST(map.features[i].kind < LAYER_KINDS && isfinite(map.features[i].lon) && isfinite(map.features[i].lat));
        FUZZ_MUST(map.features[i].parent == LAYER_NONE || map.features[i].parent < i);
        layer_worker_texts(texts, &map.features[i]);
        for (int t = 0; t < LAYER_WORKER_TEXTS; t++) FUZZ_MUST(text_valid(*texts[t], strlen(*texts[t]), NULL));
    }
    layer_free(&map);
    return 0;
}
