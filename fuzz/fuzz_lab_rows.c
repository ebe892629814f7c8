#include "base/text.h"
#include "desk.h"
#include "desk/lab.h"
#include "desk/round.h"

enum { ROWS_WIDE = 6, ROWS_LONG = 40 };

static void tubes(struct desk *desk)
{
    static const char *const codes[] = {"T1", "T2", "管3", "0004"};
    struct lab_by by = {.desk = desk, .device = DESK_CLI_DEVICE, .at = fuzz_noon};
    struct err_detail detail = {0};
    struct round_opened opened;
    struct book book = {0};
    FUZZ_MUST(book_open(&book, desk, DESK_CLI_DEVICE, &detail) == DW_OK);
    entry_begin(&book.writer, KINDS_PERSON_SET, id_make(fuzz_noon.ms, NULL), fuzz_noon, NULL);
    FUZZ_MUST(book_end(&book) == DW_OK && book_commit(desk, &book, 1, fuzz_noon, NULL, &detail) == DW_OK);
    book_free(&book);
    FUZZ_MUST(round_open(&opened, desk, KINDS_ROUND_KIND_PCR, fuzz_noon, fuzz_noon, &detail) == DW_OK);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        FUZZ_MUST(lab_tube_open(&by, codes[i], 10, KINDS_TUBE_USE_POOL, &detail) == DW_OK);
}

/* Rows of cells parted by commas, as a laboratory's file: whatever they say, every row is taken, told or empty, every entry can
 * be read, and the same results again bring nothing. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_desk site;
    static uint32_t content;
    static struct import_result first, again;
    struct sheet_cell cells[ROWS_WIDE * ROWS_LONG];
    uint32_t rows[ROWS_LONG];
    struct sheet sheet = {.name = "s", .columns = ROWS_WIDE, .cells = cells, .source_row = rows};
    struct sheet_book book = {.file = "r.csv", .sheets = &sheet, .count = 1};
    struct err_detail detail = {0};
    struct arena arena = {0};
    bool fresh;
    if (!text_valid((const char *)data, size, NULL)) return 0;
    const char *text = arena_text(&arena, (const char *)data, size);
    for (size_t at = 0; at < size && sheet.rows < ROWS_LONG;) {
        size_t len = strcspn(text + at, "\n");
        const char *line = arena_text(&arena, text + at, len);
        at += len + 1;
        rows[sheet.rows] = (uint32_t)sheet.rows + 1;
        for (size_t c = 0; c < ROWS_WIDE; c++) {
            size_t cell = strcspn(line, ",");
            cells[sheet.rows * ROWS_WIDE + c] = (struct sheet_cell){.text = arena_text(&arena, line, cell)};
            line += cell + (line[cell] == ',');
        }
        sheet.rows++;
    }
    struct desk *desk = fuzz_desk_open(&site, &fresh);
    if (fresh) tubes(desk);
    struct lab_results spec = {.by = {.desk = desk, .device = DESK_CLI_DEVICE, .at = fuzz_noon}, .lang = ERR_ZH};
    content++;
    memcpy(book.content, &content, sizeof content);
    dw_err err = sheet.rows == 0 ? DW_E_COLUMN : lab_results_take(&first, &spec, &book, &detail);
    FUZZ_MUST(err == DW_OK || err == DW_E_COLUMN);
    if (err == DW_OK) {
        FUZZ_MUST(first.rows <= first.fresh + first.seen + first.trouble_count);
        fuzz_desk_check(desk);
        book.content[31] = 1;
        FUZZ_MUST(lab_results_take(&again, &spec, &book, &detail) == DW_OK);
        FUZZ_MUST(again.rows == first.rows && (first.held > 0 || again.seen + again.trouble_count >= again.rows));
    }
    arena_free(&arena);
    return 0;
}
