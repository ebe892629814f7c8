#include "desk/register.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "desk/book.h"
#include "desk/walk.h"
#include "domain/name.h"

const char *register_field(const struct site *site, uint32_t person, int field)
{
    const char *text = site_person(site, person)->field[field];
    return text == NULL ? "" : text;
}

/* The next word of a list, without what stands between words; its length, 0 when the text is at its end. */
static size_t register_word(const char **at)
{
    static const char *const between[] = {"、", "，", "；", ",", ";", "/", "|", "\n", " "};
    const char *from = *at, *end;
    for (size_t i = 0; i < sizeof between / sizeof *between; i++)
        if (strncmp(from, between[i], strlen(between[i])) == 0) {
            from += strlen(between[i]);
            i = (size_t)-1;
        }
    end = from + strlen(from);
    for (size_t i = 0; i + 1 < sizeof between / sizeof *between; i++) { /* words of English have spaces in them */
        const char *cut = strstr(from, between[i]);
        if (cut != NULL && cut < end) end = cut;
    }
    *at = from;
    return (size_t)(end - from);
}

static bool register_of_mind(const char *word, size_t len)
{
    static const char *const words[] = {"精神", "精障", "心理", "抑郁", "mental", "psych", "depress"};
    char one[REGISTER_FLAGS];
    snprintf(one, sizeof one, "%.*s", (int)len, word);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(one, words[i]) != NULL) return true;
    return false;
}

bool register_flags(char out[REGISTER_FLAGS], const struct site *site, uint32_t person, bool all)
{
    const char *at = register_field(site, person, KINDS_PERSON_SET_FLAGS);
    size_t len = 0;
    bool hidden = false;
    out[0] = 0;
    for (size_t word; (word = register_word(&at)) > 0 && len + word + 4 < REGISTER_FLAGS; at += word) {
        bool left_out = !all && register_of_mind(at, word);
        hidden = hidden || left_out;
        if (!left_out) len += (size_t)snprintf(out + len, REGISTER_FLAGS - len, "%s%.*s", len > 0 ? "、" : "", (int)word, at);
    }
    return hidden;
}

void register_place_text(char *out, size_t size, const struct site *site, const struct site_round *round, uint32_t person)
{
    bool gone;
    uint32_t place = site_place_in(site, round, person, &gone),
             door = place == SITE_NONE ? SITE_NONE : site_stay(site, place)->door;
    out[0] = 0;
    if (door == SITE_NONE) return;
    const struct site_door *d = site_door(site, door);
    const struct site_area *a = d->area == SITE_NONE ? NULL : site_area(site, d->area);
    char text[256];
    walk_door_text(text, sizeof text, d);
    if (a == NULL)
        snprintf(out, size, "%s %s", d->name, text);
    else
        snprintf(out, size, "%s %s %s", a->code, *a->address != 0 ? a->address : a->name, text);
}

/* Latin letters and digits are looked up as pinyin, initials, phone or document; anything else as part of a name. */
struct register_query {
    char name[NAME_SIZE];
    char latin[64];
    bool digits;
    struct arena_buf full, initials;
};

static void register_query(struct register_query *q, const char *text)
{
    size_t n = 0;
    memset(q, 0, sizeof *q);
    if (!name_fold(q->name, text)) q->name[0] = 0;
    q->digits = *text != 0;
    for (const char *c = text; *c != 0 && n < sizeof q->latin - 1; c++) {
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
        bool digit = *c >= '0' && *c <= '9', letter = lower >= 'a' && lower <= 'z';
        if (letter || digit) q->latin[n++] = lower;
        q->digits = q->digits && (digit || *c == 'X' || *c == 'x');
        if (!letter && !digit && *c != ' ') {
            q->latin[0] = 0;
            q->digits = false;
            return;
        }
    }
}

static bool register_ends(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strncasecmp(text + n - m, end, m) == 0;
}

static bool register_fits(struct register_query *q, const struct site *site, uint32_t person)
{
    const char *name = register_field(site, person, KINDS_PERSON_SET_NAME);
    if (q->digits) {
        const char *phone = register_field(site, person, KINDS_PERSON_SET_PHONE),
                   *doc = register_field(site, person, KINDS_PERSON_SET_DOC);
        return strlen(q->latin) >= 4 &&
               (register_ends(doc, q->latin) || register_ends(phone, q->latin) || strcmp(phone, q->latin) == 0);
    }
    if (q->latin[0] == 0) {
        char folded[NAME_SIZE];
        return q->name[0] != 0 && name_fold(folded, name) && strstr(folded, q->name) != NULL;
    }
    char folded[NAME_SIZE];
    arena_buf_clear(&q->full);
    arena_buf_clear(&q->initials);
    if (!name_fold(folded, name) || !name_pinyin(&q->full, &q->initials, folded) || q->initials.len == 0) return false;
    return strcmp(q->initials.data, q->latin) == 0 || strncmp(q->full.data, q->latin, strlen(q->latin)) == 0;
}

size_t register_find(uint32_t *out, size_t cap, const struct site *site, const char *text)
{
    struct register_query query;
    size_t found = 0;
    register_query(&query, text);
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        if (site_person(site, p)->merged_into != SITE_NONE || !register_fits(&query, site, p)) continue;
        if (found < cap) out[found] = p;
        found++;
    }
    arena_buf_free(&query.full);
    arena_buf_free(&query.initials);
    return found;
}

/* Looks two people up and checks that the first stands for itself, and the second for itself or for the first. */
static dw_err register_two(struct desk *desk, struct id keep, struct id gone, bool merged, struct err_detail *detail)
{
    const struct site *site = desk_read(desk);
    uint32_t a = site_find(site, SITE_PERSON, keep), b = site_find(site, SITE_PERSON, gone);
    dw_err err = DW_OK;
    if (a == SITE_NONE || b == SITE_NONE)
        err = err_set(detail, DW_E_NOT_FOUND, "no such person");
    else if (a == b)
        err = err_set(detail, DW_E_INVALID, "that is one person");
    else if (merged && site_person(site, b)->merged_into != a)
        err = err_set(detail, DW_E_STATE, "they are not merged");
    else if (!merged && (site_person(site, a)->merged_into != SITE_NONE || site_person(site, b)->merged_into != SITE_NONE))
        err = err_set(detail, DW_E_STATE, "one of them was merged into somebody already");
    desk_read_end(desk);
    return err;
}

static dw_err register_put(struct desk *desk, enum kinds_kind kind, struct id keep, struct id gone, const char *reason,
                           struct when at, struct err_detail *detail)
{
    struct book book = {0};
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, kind, keep, at, NULL);
        entry_put_id(&book.writer, KINDS_PERSON_MERGE_GONE, gone);
        entry_put_text(&book.writer, KINDS_PERSON_MERGE_REASON, reason);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}

_Static_assert((int)KINDS_PERSON_MERGE_GONE == (int)KINDS_PERSON_UNMERGE_GONE &&
                   (int)KINDS_PERSON_MERGE_REASON == (int)KINDS_PERSON_UNMERGE_REASON,
               "merge and unmerge have the same fields");

dw_err register_merge(struct desk *desk, struct id keep, struct id gone, const char *reason, struct when at,
                      struct err_detail *detail)
{
    ERR_TRY(register_two(desk, keep, gone, false, detail));
    return register_put(desk, KINDS_PERSON_MERGE, keep, gone, reason, at, detail);
}

dw_err register_unmerge(struct desk *desk, struct id keep, struct id gone, const char *reason, struct when at,
                        struct err_detail *detail)
{
    ERR_TRY(register_two(desk, keep, gone, true, detail));
    return register_put(desk, KINDS_PERSON_UNMERGE, keep, gone, reason, at, detail);
}

dw_err register_look(struct desk *desk, const char *what, const char *reason, size_t people, struct when at,
                     struct err_detail *detail)
{
    struct book book = {0};
    char cut[200];
    snprintf(cut, sizeof cut, "%.*s", (int)text_cut(what, strlen(what), sizeof cut - 1), what);
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_LOOK, book.writer.site, at, NULL);
        entry_put_text(&book.writer, KINDS_LOOK_WHAT, cut);
        entry_put_text(&book.writer, KINDS_LOOK_REASON, reason);
        entry_put_int(&book.writer, KINDS_LOOK_PEOPLE, (int64_t)people);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}

bool register_pair_open(const struct site *site, uint32_t pair)
{
    const struct site_pair *p = site_pair(site, pair);
    return p->decision == 0 && site_root(site, p->a) != site_root(site, p->b);
}

static bool register_pair_known(struct desk *desk, struct id a, struct id b)
{
    const struct site *site = desk_read(desk);
    uint32_t x = site_find(site, SITE_PERSON, a), y = site_find(site, SITE_PERSON, b);
    bool known = false;
    for (uint32_t i = 0; i < site_count(site, SITE_PAIR) && !known; i++) {
        const struct site_pair *p = site_pair(site, i);
        known = register_pair_open(site, i) && ((p->a == x && p->b == y) || (p->a == y && p->b == x));
    }
    desk_read_end(desk);
    return known;
}

dw_err register_decide(struct desk *desk, struct id a, struct id b, bool same, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    if (!register_pair_known(desk, a, b)) return err_set(detail, DW_E_NOT_FOUND, "these two are no open pair");
    if (same) ERR_TRY(register_two(desk, a, b, false, detail));
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_REVIEW_DECIDE, a, at, NULL);
        entry_put_id(&book.writer, KINDS_REVIEW_DECIDE_OTHER, b);
        entry_put_int(&book.writer, KINDS_REVIEW_DECIDE_DECISION,
                      same ? KINDS_PAIR_DECISION_SAME : KINDS_PAIR_DECISION_DIFFERENT);
        err = book_end(&book);
    }
    if (err == DW_OK && same) {
        entry_begin(&book.writer, KINDS_PERSON_MERGE, a, at, NULL);
        entry_put_id(&book.writer, KINDS_PERSON_MERGE_GONE, b);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}

static dw_err register_held(struct desk *desk, int64_t seq, bool accept, struct id *device, int64_t *n, struct err_detail *detail)
{
    const struct site *site = desk_read(desk);
    dw_err err = DW_E_NOT_FOUND;
    for (uint32_t i = 0; i < site_count(site, SITE_HELD); i++) {
        const struct site_held *held = site_held(site, i);
        if (held->seq != seq || held->state != SITE_HELD_WAITING) continue;
        bool hopeless = held->reason == KINDS_HELD_REASON_MALFORMED || held->reason == KINDS_HELD_REASON_UNKNOWN;
        *device = site_device(site, held->device)->id;
        *n = held->n;
        err = accept && hopeless ? err_set(detail, DW_E_STATE, "entry %lld cannot be accepted: %s", (long long)seq,
                                           kinds_held_reason_texts[held->reason])
                                 : DW_OK;
    }
    desk_read_end(desk);
    return err == DW_E_NOT_FOUND ? err_set(detail, err, "entry %lld is not held", (long long)seq) : err;
}

dw_err register_decide_held(struct desk *desk, int64_t seq, bool accept, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    struct id device;
    int64_t n = 0;
    ERR_TRY(register_held(desk, seq, accept, &device, &n, detail));
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_HELD_DECIDE, device, at, NULL);
        entry_put_id(&book.writer, KINDS_HELD_DECIDE_DEVICE, device);
        entry_put_int(&book.writer, KINDS_HELD_DECIDE_N, n);
        entry_put_int(&book.writer, KINDS_HELD_DECIDE_DECISION, accept ? KINDS_HELD_DECISION_ACCEPT : KINDS_HELD_DECISION_VOID);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}
