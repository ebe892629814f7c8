/* What a feature of a map is; for layer_in.c. */
#ifndef FILES_LAYER_KIND_H
#define FILES_LAYER_KIND_H

#include <ogr_api.h>

/* An enum layer_kind, or −1: from an attribute "kind", else from OSM tags, else from the layer's name. */
int layer_kind_of(OGRLayerH layer, OGRFeatureH feature);

#endif
