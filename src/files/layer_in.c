#include "files/layer_in.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/apart.h"
#include "files/layer_said.h"

enum { LAYER_MEMORY = 1 << 30, LAYER_SECONDS = 120 };

dw_err layer_read(struct layer_map *map, const char *path, const struct clock_progress *progress, struct err_detail *detail)
{
    const char *slash = strrchr(path, '/');
    struct arena_buf said = {0};
    snprintf(map->file, sizeof map->file, "%.*s", (int)sizeof map->file - 1, slash == NULL ? path : slash + 1);
    if (access(path, R_OK) != 0) /* nor is a path ever an address on the network */
        return err_at(detail, errno == ENOENT ? DW_E_NOT_FOUND : DW_E_IO, map->file, NULL, 0, NULL, "%s", strerror(errno));
    const struct apart apart = {APART_LAYER, LAYER_MEMORY, LAYER_SECONDS, path, map->file};
    dw_err err = apart_run(&said, &apart, progress, detail);
    if (err == DW_OK) err = layer_said_read(map, &said, detail);
    arena_buf_free(&said);
    return err;
}

void layer_free(struct layer_map *map)
{
    arena_free(&map->arena);
    free(map->features);
    memset(map, 0, sizeof *map);
}
