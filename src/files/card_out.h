/* Door cards out: what hangs beside a door while a round of visits goes on, as a PDF on A4 to print and cut (cairo, Pango,
 * libqrencode). Pure: no store, no clock; the same cards and the same time give the same bytes. */
#ifndef FILES_CARD_OUT_H
#define FILES_CARD_OUT_H

#include <stddef.h>

#include "base/err.h"
#include "base/when.h"

enum card_size {
    CARD_A6,   /* 105 × 148.5 mm, four on a page, with boxes for the stamps of CARD_ROUNDS rounds */
    CARD_SMALL /* 85.6 × 54 mm, ten on a page, no boxes */
};

enum { CARD_ROUNDS = 12, CARD_URL = 512, CARD_TEXT = 400 };

/* Texts are UTF-8, NULL or "" where nothing is known: a line to write on is then left. Nobody but the keeper is named. */
struct card {
    const char *code; /* of the door, such as "4-2-5·301" */
    const char *address;
    const char *keeper;
    const char *keeper_phone;
    const char *hotline;
    const char *site;
    int heads;       /* registered in the door; -1: unknown */
    const char *url; /* goes into the QR as it is; none: no QR */
    int version;
    const char *issued; /* a date as it shall be printed */
};

struct card_out;

/* The file appears under its name only when card_out_close succeeds (files/beside.h); "-" is stdout. when is the time of making
 * that the file tells of itself. DW_E_NOT_FOUND when neither font is installed, DW_E_IO, DW_E_FULL, DW_E_MEMORY. */
dw_err card_out_open(struct card_out **out, const char *path, enum card_size size, enum err_lang lang, struct when when,
                     struct err_detail *detail);
/* Long texts shrink, then wrap, and end in "…" where even that does not do; a text is read up to CARD_TEXT code points. What
 * cannot be printed is left out (controls, marks of direction) or becomes □ (a character of neither font, emoji among them).
 * DW_E_UTF8 and, for a url over CARD_URL bytes, DW_E_TOO_LARGE: with the number of the card (detail->row) and the field
 * (detail->column). After an error call card_out_abort. Memory does not grow with texts, and by a few hundred bytes a card. */
dw_err card_out_put(struct card_out *out, const struct card *card, struct err_detail *detail);
/* Finishes and frees; without a card DW_E_INVALID and no file. card_out_abort frees and leaves no file. Both are safe with
 * NULL. */
dw_err card_out_close(struct card_out *out, struct err_detail *detail);
void card_out_abort(struct card_out *out);

#endif
