/* Maps in through GDAL: GeoJSON, GeoPackage, Shapefile, KML, OSM (.osm, .pbf), reprojected to WGS 84; read in a process apart. */
#ifndef FILES_LAYER_IN_H
#define FILES_LAYER_IN_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

enum layer_kind {
    LAYER_VILLAGE,
    LAYER_GRID,
    LAYER_CELL,
    LAYER_BUILDING,
    LAYER_FACTORY,
    LAYER_LANE,
    LAYER_GATE,
    LAYER_BARRIER,
    LAYER_KINDS
};

#define LAYER_NONE UINT32_MAX

struct layer_feature {
    enum layer_kind kind;
    const char *code;                  /* "4-2-5", "" when the map has none */
    const char *name;                  /* "" when none */
    const char *address;               /* house number or address text, "" */
    const char *use;                   /* building use or factory trade: "rental", "dormitory", "factory", …; "" */
    const char *parent_code;           /* as the map says it, "" */
    uint32_t parent;                   /* index of the smallest area feature of a higher level that holds it; LAYER_NONE */
    int floors;                        /* 0 unknown */
    const char *valid_from, *valid_to; /* RFC 3339 or date text, "" */
    double lon, lat;                   /* a point inside */
    const char *geometry;              /* GeoJSON geometry, at most 7 decimals, valid */
    const char *source;                /* layer and feature id in the file, for messages */
};

struct layer_map {
    struct arena arena;
    char file[256];
    struct layer_feature *features; /* areas before what lies in them: village, grids, cells, then the rest */
    size_t count;
    size_t ignored; /* features of no kind we know */
    uint8_t content[32];
};

/* Kinds come from a "kind" attribute, from the layer's name (Chinese or English: 网格, 楼栋, 围挡, 卡口 …) or from OSM tags.
 * Invalid polygons are mended by GEOS or refused with layer and feature. Zero-initialise; free in every case. */
dw_err layer_read(struct layer_map *map, const char *path, const struct clock_progress *progress, struct err_detail *detail);
void layer_free(struct layer_map *map);

#endif
