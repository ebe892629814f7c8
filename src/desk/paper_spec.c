#include "desk/paper_spec.h"

#include <assert.h>
#include <string.h>

#include "domain/idno.h"
#include "domain/name.h"
#include "domain/phone.h"
#include "paper_gen.inc"

const struct paper_spec *paper_spec_get(enum paper_kind kind)
{
    assert(kind < PAPER_KINDS);
    return &paper_specs[kind];
}

const char *const *paper_spec_headers(enum paper_kind kind, enum err_lang lang)
{
    assert(kind < PAPER_KINDS);
    return paper_headers[kind][lang];
}

const char *paper_spec_word(enum paper_words words, int value, enum err_lang lang)
{
    assert(words < PAPER_WORDS && value >= 0 && value < paper_words_counts[words]);
    return paper_words_tables[words][value][lang];
}

const char *paper_spec_mask(enum paper_mask mask, const char *text, struct arena *arena)
{
    char name[NAME_SIZE], doc[IDNO_SIZE], phone[PHONE_SIZE];
    if (*text == 0) return text;
    switch (mask) {
    case PAPER_MASK_NONE:
        return text;
    case PAPER_MASK_NAME:
        name_mask(name, text);
        return arena_text(arena, name, strlen(name));
    case PAPER_MASK_STAIRS:
        name_mask_given(name, text);
        return arena_text(arena, name, strlen(name));
    case PAPER_MASK_DOC:
        idno_mask(doc, text);
        return arena_text(arena, doc, strlen(doc));
    case PAPER_MASK_PHONE:
        phone_mask(phone, text);
        return arena_text(arena, phone, strlen(phone));
    case PAPER_MASK_HIDE:
        break;
    }
    return "＊";
}
