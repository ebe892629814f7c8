#include <string.h>

#include "apart.h"
#include "files/sheet_said.h"
#include "files/sheet_worker.h"

/* Any bytes under the name of a CSV file: read, or refused for a reason of their own, and the two halves of the reader understand
 * each other. Workbooks are left to the process apart: their library's depths are not ours. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_apart apart;
    struct sheet_book book = {.file = "f"};
    struct err_detail detail = {0};
    struct arena_buf said = {0};
    if (size >= 4 && (memcmp(data, "PK\3\4", 4) == 0 || memcmp(data, "\xd0\xcf\x11\xe0", 4) == 0)) return 0;
    fuzz_apart_open(&apart, data, size);
    sheet_worker_run(apart.path, apart.out);
    fuzz_apart_said(&said, &apart);
    dw_err err = sheet_said_read(&book, &said, 1 << 20, &detail);
    FUZZ_MUST(err == DW_OK || err == DW_E_FORMAT || err == DW_E_UTF8 || err == DW_E_CELL || err == DW_E_TOO_LARGE);
    FUZZ_MUST(err == DW_OK || (strstr(detail.text, "the reader sent") == NULL && strstr(detail.text, "its reader") == NULL));
    for (size_t s = 0; err == DW_OK && s < book.count; s++)
        for (size_t i = 1; i < book.sheets[s].rows; i++)
            FUZZ_MUST(book.sheets[s].source_row[i] > book.sheets[s].source_row[i - 1]);
    arena_buf_free(&said);
    sheet_free(&book);
    return 0;
}
