#include <string.h>

#include "base/text.h"
#include "files/columns.h"
#include "fuzz.h"

enum { COLUMNS_WIDE = 12, COLUMNS_LONG = 40 };

/* The first line is a correction; the others are rows of cells parted by commas. Whatever is guessed stays inside the sheet. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sheet_cell cells[COLUMNS_WIDE * COLUMNS_LONG];
    uint32_t rows[COLUMNS_LONG];
    struct sheet sheet = {.name = "s", .columns = COLUMNS_WIDE, .cells = cells, .source_row = rows};
    struct columns columns;
    struct err_detail detail = {.row = 0};
    struct arena arena = {0};
    const char *text = arena_text(&arena, (const char *)data, size), *correction = "";
    if (!text_valid(text, size, NULL)) size = 0;
    for (size_t at = 0; at < size && sheet.rows < COLUMNS_LONG;) {
        size_t len = strcspn(text + at, "\n");
        const char *line = arena_text(&arena, text + at, len);
        at += len + 1;
        if (*correction == 0) {
            correction = line;
            continue;
        }
        rows[sheet.rows] = (uint32_t)sheet.rows + 1;
        for (size_t c = 0; c < COLUMNS_WIDE; c++) {
            size_t cell = strcspn(line, ",");
            cells[sheet.rows * COLUMNS_WIDE + c] = (struct sheet_cell){arena_text(&arena, line, cell), false};
            line += cell + (line[cell] == ',');
        }
        sheet.rows++;
    }
    if (sheet.rows > 0 && columns_guess(&columns, &sheet, "f", &detail) == DW_OK) {
        FUZZ_MUST(columns.column[COLUMNS_NAME] >= 0);
        columns_correct(&columns, &sheet, correction, &detail);
        for (int f = 0; f < COLUMNS_COUNT; f++) {
            FUZZ_MUST(columns.column[f] < COLUMNS_WIDE);
            for (int g = 0; g < f; g++) FUZZ_MUST(columns.column[f] < 0 || columns.column[f] != columns.column[g]);
            for (size_t row = (size_t)columns.header_row + 1; row < sheet.rows; row++)
                FUZZ_MUST(columns_cell(&columns, &sheet, row, (enum columns_field)f)->text != NULL);
        }
    }
    arena_free(&arena);
    return 0;
}
