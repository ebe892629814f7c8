#include "desk/card.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/walk.h"

uint32_t *card_heads(const struct site *site)
{
    uint32_t *heads = calloc((size_t)site_count(site, SITE_DOOR) + 1, sizeof *heads);
    for (uint32_t p = 0; heads != NULL && p < site_count(site, SITE_PERSON); p++) {
        bool gone;
        uint32_t place = site_place(site, p, &gone);
        if (place == SITE_NONE || gone || site_person(site, p)->merged_into != SITE_NONE) continue;
        if (site_stay(site, place)->door != SITE_NONE) heads[site_stay(site, place)->door]++;
    }
    return heads;
}

void card_code(char *out, size_t size, const struct site *site, uint32_t door)
{
    const struct site_door *d = site_door(site, door);
    const char *area = d->area == SITE_NONE ? d->name : site_area(site, d->area)->code;
    char text[256];
    walk_door_text(text, sizeof text, d);
    snprintf(out, size, "%s%s%s", area, *text == 0 ? "" : "·", text);
}

bool card_hangs(const struct site_door *d, uint32_t heads)
{
    bool dwelling = d->kind == KINDS_DOOR_KIND_FLAT || d->kind == KINDS_DOOR_KIND_ROOM || d->kind == KINDS_DOOR_KIND_DORMITORY;
    return heads > 0 || !dwelling || *d->unit != 0 || *d->floor != 0 || *d->room != 0;
}

struct card_list {
    struct walk_step *doors;
    size_t count;
    uint32_t *heads;
};

static void card_list_free(struct card_list *list)
{
    free(list->doors);
    free(list->heads);
}

static struct walk_step card_where(const void *item)
{
    const struct walk_step *step = item;
    return *step;
}

static dw_err card_doors(struct card_list *out, const struct site *site, const char *code, struct err_detail *detail)
{
    uint32_t top;
    memset(out, 0, sizeof *out);
    ERR_TRY(walk_top(&top, site, code, detail));
    out->doors = calloc((size_t)site_count(site, SITE_DOOR) + 1, sizeof *out->doors);
    out->heads = card_heads(site);
    if (out->doors == NULL || out->heads == NULL) return DW_E_MEMORY;
    for (uint32_t d = 0; d < site_count(site, SITE_DOOR); d++) {
        uint32_t area = site_door(site, d)->area;
        if (walk_under(site, area, top) && card_hangs(site_door(site, d), out->heads[d]))
            out->doors[out->count++] = (struct walk_step){.area = area, .door = d, .household = SITE_NONE, .person = SITE_NONE};
    }
    if (out->count == 0)
        return err_set(detail, DW_E_NOT_FOUND, "no door under %s", code == NULL || *code == 0 ? "the site" : code);
    return walk_sort(out->doors, out->count, sizeof *out->doors, site, card_where);
}

static const struct site_card *card_of(const struct site *site, uint32_t door)
{
    uint32_t card = site_door(site, door)->card;
    return card == 0 ? NULL : site_card(site, card - 1);
}

/* The entries of the cards that are lacking. */
static dw_err card_issue(struct card_printed *out, struct book *book, const struct card_list *list, const struct site *site,
                         const struct card_print *spec)
{
    for (size_t i = 0; i < list->count; i++) {
        uint32_t door = list->doors[i].door;
        const struct site_card *card = card_of(site, door);
        bool valid = card != NULL && !card->revoked;
        if (valid && !spec->reissue && !(spec->changed && card->heads != (int64_t)list->heads[door])) continue;
        entry_begin(&book->writer, KINDS_CARD_ISSUE, site_door(site, door)->id, spec->at, NULL);
        entry_put_int(&book->writer, KINDS_CARD_ISSUE_VERSION, card == NULL ? 1 : card->version + 1);
        entry_put_int(&book->writer, KINDS_CARD_ISSUE_HEADS, list->heads[door]);
        ERR_TRY(book_end(book));
        out->issued++;
    }
    return DW_OK;
}

uint32_t card_keeper(const struct site *site, uint32_t area)
{
    for (; area != SITE_NONE; area = site_area(site, area)->parent)
        if (site_area(site, area)->keeper != SITE_NONE) return site_area(site, area)->keeper;
    return SITE_NONE;
}

static dw_err card_put(struct card_out *out, const struct desk *desk, const struct site *site, uint32_t door,
                       const struct card_print *spec, struct err_detail *detail)
{
    const struct site_card *known = card_of(site, door);
    const struct site_door *d = site_door(site, door);
    char code[256], address[512] = "", url[CARD_URL + 1], issued[WHEN_TEXT];
    uint32_t keeper = card_keeper(site, d->area);
    const struct site_member *member = keeper == SITE_NONE ? NULL : site_member(site, keeper);
    card_code(code, sizeof code, site, door);
    if (d->area != SITE_NONE) {
        const struct site_area *a = site_area(site, d->area);
        snprintf(address, sizeof address, "%s %s", *a->address != 0 ? a->address : a->name, d->room);
    }
    int base = snprintf(url, sizeof url, "%.380s", spec->url == NULL ? "" : spec->url);
    token_make(url + base, (struct token){d->id, (uint32_t)known->version}, site->id, &desk->signer);
    when_text(issued, (struct when){known->stamp.ms, spec->at.offset});
    issued[10] = 0;
    struct card card = {.code = code,
                        .address = address,
                        .keeper = member == NULL ? NULL : member->name,
                        .keeper_phone = member == NULL ? NULL : member->phone,
                        .hotline = spec->hotline,
                        .site = site->name,
                        .heads = (int)known->heads,
                        .url = url,
                        .version = (int)known->version,
                        .issued = issued};
    return card_out_put(out, &card, detail);
}

static dw_err card_draw(const struct card_list *list, struct desk *desk, const struct site *site, const struct card_print *spec,
                        const struct clock_progress *progress, struct err_detail *detail)
{
    struct card_out *out = NULL;
    ERR_TRY(card_out_open(&out, spec->path, spec->size, spec->lang, spec->at, detail));
    dw_err err = DW_OK;
    for (size_t i = 0; err == DW_OK && i < list->count; i++) {
        if (i % 256 == 0 && !clock_tick(progress, "cards", i, list->count)) err = DW_E_CANCELLED;
        if (err == DW_OK) err = card_put(out, desk, site, list->doors[i].door, spec, detail);
    }
    if (err == DW_OK) return card_out_close(out, detail);
    card_out_abort(out);
    return err;
}

dw_err card_print(struct card_printed *out, struct desk *desk, const struct card_print *spec,
                  const struct clock_progress *progress, struct err_detail *detail)
{
    struct card_list list;
    struct book book = {0};
    memset(out, 0, sizeof *out);
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    const struct site *site = desk_read(desk);
    book_while(&book, site, SITE_CARD);
    if (err == DW_OK)
        err = card_doors(&list, site, spec->area, detail);
    else
        memset(&list, 0, sizeof list);
    if (err == DW_OK) err = card_issue(out, &book, &list, site, spec);
    desk_read_end(desk);
    if (err == DW_OK) err = book_commit(desk, &book, 1, spec->at, NULL, detail);
    book_free(&book);
    out->doors = (int64_t)list.count;
    if (err == DW_OK) {
        site = desk_read(desk);
        err = card_draw(&list, desk, site, spec, progress, detail);
        desk_read_end(desk);
    }
    card_list_free(&list);
    return err;
}

dw_err card_revoke(struct desk *desk, struct id door, const char *reason, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    const struct site *site = desk_read(desk);
    uint32_t index = site_find(site, SITE_DOOR, door);
    const struct site_card *card = index == SITE_NONE ? NULL : card_of(site, index);
    bool valid = card != NULL && !card->revoked;
    int64_t version = valid ? card->version : 0;
    desk_read_end(desk);
    if (index == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "this door");
    if (!valid) return err_set(detail, DW_E_STATE, "the door has no valid card");
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_CARD_REVOKE, door, at, NULL);
        entry_put_int(&book.writer, KINDS_CARD_REVOKE_VERSION, version);
        entry_put_text(&book.writer, KINDS_CARD_REVOKE_REASON, reason);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}

void card_check(struct card_checked *out, const struct site *site, const char *text)
{
    *out = (struct card_checked){.verdict = CARD_FORGED, .door = SITE_NONE, .shown = -1, .heads = -1};
    if (!token_check(&out->token, text, site->id, site_device(site, DESK_SITE_DEVICE)->key.bytes)) return;
    out->door = site_find(site, SITE_DOOR, out->token.door);
    const struct site_card *card = out->door == SITE_NONE ? NULL : card_of(site, out->door);
    out->verdict = card == NULL || out->token.version > card->version ? CARD_UNKNOWN
                   : out->token.version < card->version               ? CARD_OLDER
                   : card->revoked                                    ? CARD_REVOKED
                                                                      : CARD_VALID;
    if (card != NULL && card->version == out->token.version) out->shown = card->heads;
    uint32_t *heads = out->door == SITE_NONE ? NULL : card_heads(site);
    if (heads != NULL) out->heads = heads[out->door];
    free(heads);
}

bool card_check_apart(struct card_checked *out, const char *key, const char *text)
{
    uint8_t public_key[KEYS_PUBLIC];
    struct id site;
    const char *colon = strchr(key, ':');
    *out = (struct card_checked){.verdict = CARD_FORGED, .door = SITE_NONE, .shown = -1, .heads = -1};
    if (colon == NULL || !id_parse(&site, key, (size_t)(colon - key)) ||
        !hash_unb64(public_key, sizeof public_key, colon + 1, strlen(colon + 1)))
        return false;
    if (token_check(&out->token, text, site, public_key)) out->verdict = CARD_VALID;
    return true;
}

void card_key(char out[CARD_KEY], const struct site *site)
{
    id_text(out, site->id);
    out[ID_TEXT - 1] = ':';
    hash_b64(out + ID_TEXT, site_device(site, DESK_SITE_DEVICE)->key.bytes, KEYS_PUBLIC);
}

const char *card_verdict_text(enum card_verdict verdict, enum err_lang lang)
{
    static const char *const texts[CARD_VERDICTS][2] = {[CARD_VALID] = {"有效", "valid"},
                                                        [CARD_FORGED] = {"不是本战区的卡", "not_of_this_site"},
                                                        [CARD_OLDER] = {"旧卡，已换发", "replaced"},
                                                        [CARD_REVOKED] = {"已作废", "revoked"},
                                                        [CARD_UNKNOWN] = {"本库没有这张卡", "unknown_here"}};
    return texts[verdict][lang];
}
