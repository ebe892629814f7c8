#include <string.h>

#include "base/text.h"
#include "files/sheet_said.h"
#include "fuzz.h"

enum { SAID_CELLS = 4096 };

/* Whatever the process that reads a list says, what comes of it is a book without a hole, or an error with a text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sheet_book book = {.file = "f"};
    struct err_detail detail = {0};
    const struct arena_buf raw = {.data = (char *)data, .len = size};
    dw_err err = sheet_said_read(&book, &raw, SAID_CELLS, &detail);
    size_t cells = 0;
    FUZZ_MUST(err == DW_OK || text_valid(detail.text, strlen(detail.text), NULL));
    FUZZ_MUST(err >= DW_OK && err < DW_E_COUNT && (err != DW_OK || book.count > 0));
    for (size_t s = 0; err == DW_OK && s < book.count; s++) {
        const struct sheet *sheet = &book.sheets[s];
        FUZZ_MUST(sheet->rows > 0 && sheet->columns > 0 && text_valid(sheet->name, strlen(sheet->name), NULL));
        for (size_t i = 0; i < sheet->rows * sheet->columns; i++)
            FUZZ_MUST(text_valid(sheet->cells[i].text, strlen(sheet->cells[i].text), NULL));
        cells += sheet->rows * sheet->columns;
    }
    FUZZ_MUST(err != DW_OK || cells <= SAID_CELLS);
    sheet_free(&book);
    return 0;
}
