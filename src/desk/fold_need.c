/* Needs: each is known by the entry that raised it; of several words that close it the earliest stands. */
#include "desk/fold.h"

static enum site_type fold_need_type(const struct fold *fold)
{
    return fold->entry->values[KINDS_NEED_RAISE_OF].n == KINDS_FORM_OF_DOOR ? SITE_DOOR : SITE_PERSON;
}

enum kinds_held_reason fold_judge_need_raise(struct fold *fold)
{
    if (!fold_knows(fold, fold_need_type(fold), fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    return site_find(fold->site, SITE_NEED, fold->entry->id) == SITE_NONE ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_CONFLICT;
}

dw_err fold_apply_need_raise(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    enum site_type type = fold_need_type(fold);
    uint32_t subject = site_find(site, type, fold->entry->on), index = fold_subject(fold, SITE_NEED, fold->entry->id);
    bool failed = index == SITE_NONE, forgotten = type == SITE_PERSON && site_person(site, subject)->forgotten;
    if (failed) return DW_E_MEMORY;
    *site_need(site, index) = (struct site_need){.id = fold->entry->id,
                                                 .of = (enum kinds_form_of)v[KINDS_NEED_RAISE_OF].n,
                                                 .subject = subject,
                                                 .what = (enum kinds_need_kind)v[KINDS_NEED_RAISE_WHAT].n,
                                                 .urgent = v[KINDS_NEED_RAISE_URGENT].n != 0,
                                                 .reason = "",
                                                 .note = fold_said(fold, KINDS_NEED_RAISE_NOTE, forgotten, &failed),
                                                 .stamp = fold->stamp};
    return failed ? DW_E_MEMORY : DW_OK;
}

enum kinds_held_reason fold_judge_need_close(struct fold *fold)
{
    return fold_knows(fold, SITE_NEED, fold->entry->on) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_need_close(struct fold *fold)
{
    struct site *site = fold->site;
    uint32_t index = site_find(site, SITE_NEED, fold->entry->on);
    struct site_need *need = site_need(site, index);
    if (need->closed.n != 0 && site_stamp_compare(need->closed, fold->stamp) <= 0) return DW_OK;
    need->closed = fold->stamp;
    need->reason = site_text(site, fold->entry->values[KINDS_NEED_CLOSE_REASON].text);
    return need->reason != NULL && site_touch(site, SITE_NEED, index) ? DW_OK : DW_E_MEMORY;
}
