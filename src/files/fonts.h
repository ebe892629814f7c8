/* The fonts that papers need, and whether they are installed. */
#ifndef FILES_FONTS_H
#define FILES_FONTS_H

#include <stdbool.h>

enum { FONTS_PAPER = 2 };
extern const char *const fonts_paper[FONTS_PAPER]; /* families, the one that texts are written with first */

bool fonts_installed(const char *family);

#endif
