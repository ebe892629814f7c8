#include <string.h>

#include "apart.h"
#include "files/layer_said.h"
#include "files/layer_worker.h"

/* Any bytes that begin as GeoJSON does: read, or refused for a reason of their own, and the two halves of the reader understand
 * each other. Other formats are left to the process apart: their library's depths are not ours. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_apart apart;
    struct layer_map map = {.file = "f"};
    struct err_detail detail = {0};
    struct arena_buf said = {0};
    if (size == 0 || data[0] != '{') return 0;
    fuzz_apart_open(&apart, data, size);
    layer_worker_run(apart.path, "f", apart.out);
    fuzz_apart_said(&said, &apart);
    dw_err err = layer_said_read(&map, &said, &detail);
    FUZZ_MUST(err == DW_OK || err == DW_E_FORMAT);
    FUZZ_MUST(err == DW_OK || strstr(detail.text, "its reader") == NULL);
    arena_buf_free(&said);
    layer_free(&map);
    return 0;
}
