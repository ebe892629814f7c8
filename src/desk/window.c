#include "desk/window.h"

#include <stdlib.h>

struct window {
    struct desk *desk;
    struct store *store;
    pthread_mutex_t lock;
};

dw_err window_open(struct window **out, struct desk *desk, const char *url, struct err_detail *detail)
{
    struct window *window = calloc(1, sizeof *window);
    *out = NULL;
    if (window == NULL) return DW_E_MEMORY;
    pthread_mutex_init(&window->lock, NULL);
    window->desk = desk;
    dw_err err = store_open(&window->store, url, STORE_USE, detail);
    if (err == DW_OK)
        *out = window;
    else
        window_close(window);
    return err;
}

void window_close(struct window *window)
{
    if (window == NULL) return;
    store_close(window->store);
    pthread_mutex_destroy(&window->lock);
    free(window);
}

struct desk *window_desk(const struct window *window)
{
    return window->desk;
}

dw_err window_ask(struct window *window, const struct store_sql *sql, const struct store_value *values, size_t count,
                  store_row *row, void *ctx, struct err_detail *detail)
{
    pthread_mutex_lock(&window->lock);
    dw_err err = store_ask(window->store, sql, values, count, row, ctx, detail);
    pthread_mutex_unlock(&window->lock);
    return err;
}

dw_err window_run(struct window *window, const struct store_sql *sql, const struct store_value *values, size_t count,
                  struct err_detail *detail)
{
    pthread_mutex_lock(&window->lock);
    dw_err err = store_run(window->store, sql, values, count, 1, detail);
    pthread_mutex_unlock(&window->lock);
    return err;
}
