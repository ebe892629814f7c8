/* Lists in: XLSX, XLS, ODS and CSV (UTF-8, with or without mark, or GB18030) read whole through GDAL.
 * The file is read by a worker process of its own with bounded memory, time and output, so that a damaged or hostile file
 * cannot harm the caller. Every trap known is handled or refused with file, sheet, row and column. */
#ifndef FILES_SHEET_IN_H
#define FILES_SHEET_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

struct sheet_cell {
    const char *text; /* UTF-8, trimmed; "" when empty, never NULL */
    bool number;      /* stored as a number: digits past the 15th are lost, so an identity number there is no key */
    bool error;       /* the spreadsheet's own error, as #N/A, stood there; text is "" */
};

struct sheet {
    const char *name;
    size_t rows, columns;     /* rows that are blank throughout are left out */
    struct sheet_cell *cells; /* cells[row * columns + column], every row as the file has it (headers included) */
    uint32_t *source_row;     /* 1-based row number in the file, as a spreadsheet program shows it */
};

struct sheet_book {
    struct arena arena;
    char file[256];       /* base name, for messages */
    struct sheet *sheets; /* those that have any cell */
    size_t count;
    uint8_t content[32]; /* SHA-256 over all names and cells: the same for the same content saved again */
    double read_ms;      /* time of reading itself, for benchmarks */
};

struct sheet_limits {
    size_t max_cells;      /* 0: 20 million */
    size_t max_file_bytes; /* 0: 256 MiB */
    unsigned max_seconds;  /* 0: 120 */
    size_t max_memory;     /* of the worker; 0: 1 GiB */
};

/* Zero-initialise the book; free it in every case. */
dw_err sheet_read(struct sheet_book *book, const char *path, const struct sheet_limits *limits,
                  const struct clock_progress *progress, struct err_detail *detail);
void sheet_free(struct sheet_book *book);

#endif
