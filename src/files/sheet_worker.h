/* The process that reads a list through GDAL and writes its cells to a pipe; for sheet_in.c. */
#ifndef FILES_SHEET_WORKER_H
#define FILES_SHEET_WORKER_H

#include <stddef.h>
#include <stdint.h>

/* The stream: a tag, then what belongs to it. Numbers are 32 bits in the machine's order; a text is its length and bytes, with
 * flags in the length: of a cell that was stored as a number too long for one, or that holds the spreadsheet's own error. */
enum {
    SHEET_WORKER_SHEET = 'S', /* columns, name */
    SHEET_WORKER_ROW = 'R',   /* row number from 1, cells, each a text */
    SHEET_WORKER_SHEET_END = 's',
    SHEET_WORKER_ERROR = 'E', /* dw_err, text */
    SHEET_WORKER_DONE = 'Z'   /* milliseconds of reading, a double */
};
#define SHEET_WORKER_NUMBER 0x80000000u
#define SHEET_WORKER_BAD 0x40000000u
#define SHEET_WORKER_FLAGS (SHEET_WORKER_NUMBER | SHEET_WORKER_BAD)

/* Reads the file and writes the stream. */
void sheet_worker_run(const char *path, int out);

#endif
