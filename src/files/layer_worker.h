/* The process that reads a map through GDAL and writes its features to a pipe; for layer_in.c. */
#ifndef FILES_LAYER_WORKER_H
#define FILES_LAYER_WORKER_H

#include "files/layer_in.h"

enum { LAYER_WORKER_MOST = 2000000, LAYER_WORKER_TEXTS = 9 };

/* The stream: this, then each feature as it lies in memory (its pointers mean nothing) and its texts, each with its zero byte. */
struct layer_worker_head {
    dw_err err;
    struct err_detail detail;
    size_t count, ignored;
    uint8_t content[32];
};

/* The texts of a feature in their order. */
void layer_worker_texts(const char **out[LAYER_WORKER_TEXTS], struct layer_feature *f);
/* Reads the map and writes the stream. file: its name, for messages. */
void layer_worker_run(const char *path, const char *file, int out);

#endif
