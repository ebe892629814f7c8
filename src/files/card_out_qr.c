#include "files/card_out_qr.h"

#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stdint.h>

enum { LEAST_VERSION = 3 }; /* 29 modules */

/* One bit a module: a PDF holds this as a stencil, several times faster and smaller than a rectangle a module. A surface of its
 * own for each, since cairo tells images apart by their surface. */
static cairo_surface_t *card_out_qr_stencil(const QRcode *qr)
{
    const union {
        uint32_t word;
        uint8_t bytes[4];
    } order = {1};
    bool little = order.bytes[0] == 1; /* cairo's bits go the way of the machine's bytes */
    cairo_surface_t *stencil = cairo_image_surface_create(CAIRO_FORMAT_A1, qr->width, qr->width);
    if (cairo_surface_status(stencil) != CAIRO_STATUS_SUCCESS) return stencil;
    cairo_surface_flush(stencil);
    unsigned char *bits = cairo_image_surface_get_data(stencil);
    int stride = cairo_image_surface_get_stride(stencil);
    for (int y = 0; y < qr->width; y++)
        for (int x = 0; x < qr->width; x++)
            if (qr->data[y * qr->width + x] & 1) bits[y * stride + x / 8] |= (unsigned char)(little ? 1 << x % 8 : 0x80 >> x % 8);
    cairo_surface_mark_dirty(stencil);
    return stencil;
}

dw_err card_out_qr(cairo_t *cr, const char *url, double x, double y, double side)
{
    QRcode *qr = QRcode_encodeString(url, LEAST_VERSION, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (qr == NULL) return errno == ENOMEM ? DW_E_MEMORY : DW_E_TOO_LARGE;
    double module = side / qr->width;
    cairo_surface_t *stencil = card_out_qr_stencil(qr);
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(stencil);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, module, module);
    cairo_mask(cr, pattern);
    cairo_restore(cr);
    cairo_pattern_destroy(pattern);
    cairo_surface_destroy(stencil);
    QRcode_free(qr);
    return DW_OK;
}
