/* Door cards: the latest version is the valid one. */
#include "desk/fold.h"

static const struct site_card *fold_latest_card(const struct fold *fold)
{
    uint32_t door = site_find(fold->site, SITE_DOOR, fold->entry->on);
    uint32_t card = door == SITE_NONE ? 0 : site_door(fold->site, door)->card;
    return card == 0 ? NULL : site_card(fold->site, card - 1);
}

/* Versions rise one by one: two programs that issued at once are told apart. */
enum kinds_held_reason fold_judge_card_issue(struct fold *fold)
{
    if (!fold_knows(fold, SITE_DOOR, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    const struct site_card *latest = fold_latest_card(fold);
    int64_t version = fold->entry->values[KINDS_CARD_ISSUE_VERSION].n;
    if (version > UINT32_MAX) return KINDS_HELD_REASON_MALFORMED;
    return version == (latest == NULL ? 0 : latest->version) + 1 ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_CONFLICT;
}

dw_err fold_apply_card_issue(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t door = site_find(site, SITE_DOOR, fold->entry->on), index = site_add(site, SITE_CARD);
    if (index == SITE_NONE) return DW_E_MEMORY;
    *site_card(site, index) = (struct site_card){.door = door,
                                                 .version = v[KINDS_CARD_ISSUE_VERSION].n,
                                                 .heads = v[KINDS_CARD_ISSUE_HEADS].n,
                                                 .reason = "",
                                                 .stamp = fold->stamp};
    site_door(site, door)->card = index + 1;
    return DW_OK;
}

enum kinds_held_reason fold_judge_card_revoke(struct fold *fold)
{
    if (!fold_knows(fold, SITE_DOOR, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    const struct site_card *latest = fold_latest_card(fold);
    return latest != NULL && latest->version == fold->entry->values[KINDS_CARD_REVOKE_VERSION].n ? KINDS_HELD_REASON_NONE
                                                                                                 : KINDS_HELD_REASON_CONFLICT;
}

dw_err fold_apply_card_revoke(struct fold *fold)
{
    struct site *site = fold->site;
    uint32_t index = site_door(site, site_find(site, SITE_DOOR, fold->entry->on))->card - 1;
    struct site_card *card = site_card(site, index);
    card->revoked = true;
    card->reason = site_text(site, fold->entry->values[KINDS_CARD_REVOKE_REASON].text);
    return card->reason != NULL && site_touch(site, SITE_CARD, index) ? DW_OK : DW_E_MEMORY;
}
