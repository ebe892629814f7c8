#include "files/qr_text.h"

#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>

enum { QR_QUIET = 2 /* modules around it */ };

/* A terminal's ground is mostly dark: what is light in the code is drawn. */
static bool qr_light(const QRcode *qr, int x, int y)
{
    return x < 0 || y < 0 || x >= qr->width || y >= qr->width || (qr->data[y * qr->width + x] & 1) == 0;
}

dw_err qr_text(struct arena_buf *out, const char *text)
{
    static const char *const halves[] = {" ", "▄", "▀", "█"};
    QRcode *qr = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
    if (qr == NULL) return errno == ENOMEM ? DW_E_MEMORY : DW_E_TOO_LARGE;
    for (int y = -QR_QUIET; y < qr->width + QR_QUIET; y += 2) {
        for (int x = -QR_QUIET; x < qr->width + QR_QUIET; x++)
            arena_buf_text(out, halves[qr_light(qr, x, y) * 2 + (y + 1 < qr->width + QR_QUIET && qr_light(qr, x, y + 1))]);
        arena_buf_text(out, "\n");
    }
    QRcode_free(qr);
    return out->failed ? DW_E_MEMORY : DW_OK;
}
