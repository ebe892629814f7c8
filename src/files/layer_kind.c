#include "files/layer_kind.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "files/layer_in.h"

/* Words of each kind; the first that a text contains decides, so the longer ones stand first. */
static const struct {
    const char *word;
    enum layer_kind kind;
} layer_kind_words[] = {
    {"village", LAYER_VILLAGE},   {"microgrid", LAYER_CELL},  {"grid", LAYER_GRID},     {"cell", LAYER_CELL},
    {"building", LAYER_BUILDING}, {"factory", LAYER_FACTORY}, {"lane", LAYER_LANE},     {"road", LAYER_LANE},
    {"street", LAYER_LANE},       {"highway", LAYER_LANE},    {"gate", LAYER_GATE},     {"barrier", LAYER_BARRIER},
    {"微网格", LAYER_CELL},       {"小组", LAYER_CELL},       {"网格", LAYER_GRID},     {"村界", LAYER_VILLAGE},
    {"村", LAYER_VILLAGE},        {"社区", LAYER_VILLAGE},    {"楼栋", LAYER_BUILDING}, {"房屋", LAYER_BUILDING},
    {"建筑", LAYER_BUILDING},     {"工厂", LAYER_FACTORY},    {"企业", LAYER_FACTORY},  {"厂", LAYER_FACTORY},
    {"围挡", LAYER_BARRIER},      {"卡口", LAYER_GATE},       {"道路", LAYER_LANE},     {"巷", LAYER_LANE},
    {"路", LAYER_LANE},
};

static bool layer_kind_within(const char *text, const char *word)
{
    size_t n = strlen(text), m = strlen(word);
    for (size_t i = 0; i + m <= n; i++)
        if (strncasecmp(text + i, word, m) == 0) return true;
    return false;
}

static int layer_kind_word(const char *text)
{
    for (size_t i = 0; i < sizeof layer_kind_words / sizeof *layer_kind_words; i++)
        if (layer_kind_within(text, layer_kind_words[i].word)) return (int)layer_kind_words[i].kind;
    return -1;
}

static const char *layer_kind_field(OGRFeatureH feature, const char *name)
{
    int at = OGR_F_GetFieldIndex(feature, name);
    return at >= 0 && OGR_F_IsFieldSetAndNotNull(feature, at) ? OGR_F_GetFieldAsString(feature, at) : "";
}

/* OpenStreetMap keeps most tags of points and lines in one text. */
static int layer_kind_osm(OGRFeatureH feature)
{
    const char *other = layer_kind_field(feature, "other_tags"), *building = layer_kind_field(feature, "building");
    if (strcmp(building, "industrial") == 0 || strcmp(layer_kind_field(feature, "landuse"), "industrial") == 0)
        return LAYER_FACTORY;
    if (*building != 0 && strcmp(building, "no") != 0) return LAYER_BUILDING;
    if (*layer_kind_field(feature, "highway") != 0) return LAYER_LANE;
    const char *barrier = layer_kind_field(feature, "barrier");
    if (strcmp(barrier, "gate") == 0 || strcmp(barrier, "lift_gate") == 0 || strstr(other, "\"barrier\"=>\"gate\"") != NULL)
        return LAYER_GATE;
    if (*barrier != 0 || strstr(other, "\"barrier\"=>") != NULL) return LAYER_BARRIER;
    return -1;
}

int layer_kind_of(OGRLayerH layer, OGRFeatureH feature)
{
    static const char *const names[] = {"kind", "类别", "要素类型", NULL};
    for (size_t i = 0; names[i] != NULL; i++) {
        const char *text = layer_kind_field(feature, names[i]);
        if (*text != 0) return layer_kind_word(text);
    }
    int osm = layer_kind_osm(feature);
    return osm >= 0 ? osm : layer_kind_word(OGR_L_GetName(layer));
}
