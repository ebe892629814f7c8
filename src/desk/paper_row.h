/* What the rows of papers are made of; for paper_*.c. */
#ifndef DESK_PAPER_ROW_H
#define DESK_PAPER_ROW_H

#include "desk/paper.h"
#include "files/table_out.h"

/* Zero-initialise but for site, ask and round. Texts lie in the arena until the next row begins. */
struct paper_row {
    const struct site *site;
    const struct paper_ask *ask;
    const struct site_round *round; /* where people are met in it; NULL: where they live */
    struct arena arena;
    bool failed; /* memory ran out */
    const char *cells[PAPER_COLUMNS_MAX];
};

/* Forgets the last row: all cells are empty. */
void paper_row_begin(struct paper_row *row);
const char *paper_row_text(struct paper_row *row, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "2022-04-08 07:30" as it was where the paper is made; "" for no time. */
const char *paper_row_time(struct paper_row *row, int64_t ms);
/* Code of the nearest area of a kind; "". */
const char *paper_row_code(const struct site *site, uint32_t area, enum kinds_area_kind kind);
/* "4-2-5 东明巷二号", or that the building is not known. */
const char *paper_row_area(struct paper_row *row, uint32_t area);
/* The area whose page an area stands on; a building under no cell or grid stands for itself. */
uint32_t paper_row_group(const struct site *site, enum paper_per per, uint32_t area);
/* Whether keepers are named for it: a building, a factory, or nowhere. */
bool paper_row_building(const struct site *site, uint32_t area);
/* "包栋责任人 林如强 13800138000", with lines to write on for what is not known. */
const char *paper_row_keeper(struct paper_row *row, uint32_t area);
/* "301", "2-301" (unit 2), a shop's name, or that the door is not known. */
const char *paper_row_door(struct paper_row *row, uint32_t person);
const char *paper_row_at(struct paper_row *row, uint32_t door);
/* The text of the paper's language. */
const char *paper_row_say(const struct paper_row *row, const char *zh, const char *en)
    __attribute__((format_arg(2), format_arg(3), returns_nonnull));
/* Masks the cells of a paper unless it is revealed. DW_E_MEMORY also when a text of the row failed before. */
dw_err paper_row_mask(struct paper_row *row, enum paper_kind kind);
/* The columns of a paper as a workbook takes them. */
void paper_row_columns(struct table_out_column out[PAPER_COLUMNS_MAX], enum paper_kind kind, enum err_lang lang);

#endif
