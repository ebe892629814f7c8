#include "files/layer_kml.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <cpl_conv.h>
#include <ogr_api.h>

/* XML has no way to write most control characters: a space stands for each. */
static void layer_kml_text(struct arena_buf *out, const char *text)
{
    for (; *text != 0; text++) {
        switch (*text) {
        case '&':
            arena_buf_text(out, "&amp;");
            break;
        case '<':
            arena_buf_text(out, "&lt;");
            break;
        case '>':
            arena_buf_text(out, "&gt;");
            break;
        case '"':
            arena_buf_text(out, "&quot;");
            break;
        case '\r':
            arena_buf_text(out, "&#13;"); /* else read as a line feed */
            break;
        default:
            arena_buf_put(out, (unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t' ? text : " ", 1);
        }
    }
}

static void layer_kml_element(struct arena_buf *out, const char *before, const char *text, const char *after)
{
    arena_buf_text(out, before);
    layer_kml_text(out, text);
    arena_buf_text(out, after);
}

void layer_kml_start(struct arena_buf *out, const char *layer, const char *const *fields, size_t count)
{
    arena_buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n");
    layer_kml_element(out, "<Schema name=\"", layer, "\" ");
    layer_kml_element(out, "id=\"", layer, "\">");
    for (size_t i = 0; i < count; i++) layer_kml_element(out, "<SimpleField type=\"string\" name=\"", fields[i], "\"/>");
    layer_kml_element(out, "</Schema>\n<Folder><name>", layer, "</name>\n");
}

static size_t layer_kml_label(const char *const *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(fields[i], "name") == 0) return i;
    return 0;
}

dw_err layer_kml_feature(struct arena_buf *out, const char *layer, const char *const *fields, const char *const *values,
                         size_t count, const char *geometry)
{
    OGRGeometryH shape = geometry == NULL ? NULL : OGR_G_CreateGeometryFromJson(geometry);
    if (geometry != NULL && shape == NULL) return DW_E_FORMAT;
    size_t label = layer_kml_label(fields, count);
    arena_buf_text(out, "<Placemark>");
    if (count > 0 && values[label] != NULL) layer_kml_element(out, "<name>", values[label], "</name>");
    layer_kml_element(out, "<ExtendedData><SchemaData schemaUrl=\"#", layer, "\">");
    for (size_t i = 0; i < count; i++) {
        if (values[i] == NULL || values[i][0] == 0) continue;
        layer_kml_element(out, "<SimpleData name=\"", fields[i], "\">");
        layer_kml_element(out, "", values[i], "</SimpleData>");
    }
    arena_buf_text(out, "</SchemaData></ExtendedData>");
    char *kml = shape == NULL ? NULL : OGR_G_ExportToKML(shape, NULL);
    if (kml != NULL) arena_buf_text(out, kml);
    bool lost = shape != NULL && kml == NULL;
    CPLFree(kml);
    OGR_G_DestroyGeometry(shape);
    arena_buf_text(out, "</Placemark>\n");
    return lost ? DW_E_MEMORY : DW_OK;
}

void layer_kml_end(struct arena_buf *out)
{
    arena_buf_text(out, "</Folder></Document></kml>\n");
}
