/* A way of one's own to the store of a desk, beside the writer's: for what reads the ledger or keeps rows that are not of it,
 * from any number of threads, one at a time. */
#ifndef DESK_WINDOW_H
#define DESK_WINDOW_H

#include "desk/desk.h"

struct window;
dw_err window_open(struct window **out, struct desk *desk, const char *url, struct err_detail *detail);
void window_close(struct window *window); /* NULL is safe */
struct desk *window_desk(const struct window *window);
dw_err window_ask(struct window *window, const struct store_sql *sql, const struct store_value *values, size_t count,
                  store_row *row, void *ctx, struct err_detail *detail);
dw_err window_run(struct window *window, const struct store_sql *sql, const struct store_value *values, size_t count,
                  struct err_detail *detail);

#endif
