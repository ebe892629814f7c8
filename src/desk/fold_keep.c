/* Forgetting, copies that left the store, and the end of a site. */
#include "desk/fold.h"

enum kinds_held_reason fold_judge_person_forget(struct fold *fold)
{
    return fold_knows(fold, SITE_PERSON, fold->entry->on) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

/* His row, his marks and so every number stay. */
dw_err fold_apply_person_forget(struct fold *fold)
{
    uint32_t person = site_find(fold->site, SITE_PERSON, fold->entry->on);
    ERR_TRY(fold_round_forget(fold->site, person));
    return site_forget_person(fold->site, person) ? DW_OK : DW_E_MEMORY;
}

enum kinds_held_reason fold_judge_member_forget(struct fold *fold)
{
    return fold_knows(fold, SITE_MEMBER, fold->entry->on) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

/* What he keeps stays his, without a name, until another is named. */
dw_err fold_apply_member_forget(struct fold *fold)
{
    uint32_t member = site_find(fold->site, SITE_MEMBER, fold->entry->on);
    return site_forget_member(fold->site, member) ? DW_OK : DW_E_MEMORY;
}

/* A copy changes nothing; that it was made stands in the ledger. */
enum kinds_held_reason fold_judge_copy_made(struct fold *fold)
{
    (void)fold;
    return KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_copy_made(struct fold *fold)
{
    (void)fold;
    return DW_OK;
}

enum kinds_held_reason fold_judge_site_dispose(struct fold *fold)
{
    return id_equal(fold->entry->on, fold->site->id) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_CONFLICT;
}

dw_err fold_apply_site_dispose(struct fold *fold)
{
    struct site *site = fold->site;
    for (uint32_t i = 0; i < site_count(site, SITE_PERSON); i++) {
        ERR_TRY(fold_round_forget(site, i));
        if (!site_forget_person(site, i)) return DW_E_MEMORY;
    }
    for (uint32_t i = 0; i < site_count(site, SITE_MEMBER); i++)
        if (!site_forget_member(site, i)) return DW_E_MEMORY;
    site->disposed = true;
    return DW_OK;
}
