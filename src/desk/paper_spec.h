/* The column lists of papers, from spec/papers.json, and the words that stand on them. */
#ifndef DESK_PAPER_SPEC_H
#define DESK_PAPER_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "paper_gen.h"

struct paper_column {
    const char *name;    /* for programs */
    const char *text[2]; /* its header, by enum err_lang */
    int width;           /* characters of a workbook's column, shares of a page */
    bool number;
    enum paper_mask mask;
};

struct paper_spec {
    const char *text[2];
    const struct paper_column *columns;
    size_t count;
};

const struct paper_spec *paper_spec_get(enum paper_kind kind);
/* The headers of a paper; static. */
const char *const *paper_spec_headers(enum paper_kind kind, enum err_lang lang);
/* What stands for a value of spec/kinds.json, such as a state. */
const char *paper_spec_word(enum paper_words words, int value, enum err_lang lang);
/* text as a reader without leave to see it in full may see it; in the arena. NULL when memory is out. */
const char *paper_spec_mask(enum paper_mask mask, const char *text, struct arena *arena);

#endif
