#include "desk/lab.h"

#include <string.h>

#include "desk/book.h"
#include "desk/policy.h"
#include "desk/round.h"

dw_err lab_device_find(uint32_t *out, struct desk *desk, const char *name, struct err_detail *detail)
{
    struct keys_signer signer;
    const struct site *site = desk_read(desk);
    *out = SITE_NONE;
    for (uint32_t i = 0; i < site_count(site, SITE_DEVICE); i++) {
        const struct site_device *d = site_device(site, i);
        if (d->kind == KINDS_DEVICE_KIND_PHONE && !d->revoked && strcmp(d->name, name) == 0 &&
            keyring_device(desk->keys, d->id, &signer) == KEYRING_PRESENT)
            *out = i;
    }
    desk_read_end(desk);
    keys_wipe(&signer, sizeof signer);
    return *out != SITE_NONE ? DW_OK : err_set(detail, DW_E_NOT_FOUND, "device %s", name);
}

dw_err lab_device_add(struct desk *desk, const char *name, struct when at, struct err_detail *detail)
{
    struct book books[2] = {0};
    uint32_t known;
    if (lab_device_find(&known, desk, name, NULL) == DW_OK) return err_set(detail, DW_E_EXISTS, "device %s", name);
    const struct site *site = desk_read(desk);
    book_while(&books[0], site, SITE_DEVICE);
    desk_read_end(desk);
    dw_err err = book_open(&books[0], desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) err = book_enrol(&books[1], desk, &books[0], KINDS_DEVICE_KIND_PHONE, name, at, detail);
    if (err == DW_OK) err = book_commit(desk, books, 1, at, NULL, detail);
    book_free(&books[0]);
    book_free(&books[1]);
    return err;
}

dw_err lab_tube(uint32_t *out, const struct site *site, int64_t round, const char *code, struct err_detail *detail)
{
    uint32_t of;
    size_t cursor = 0;
    *out = SITE_NONE;
    ERR_TRY(round_find(&of, site, round, detail));
    for (uint32_t at; (at = site_tube_coded(site, of, code, &cursor)) != SITE_NONE;)
        if (*out == SITE_NONE || site_stamp_compare(site_tube(site, at)->opened, site_tube(site, *out)->opened) < 0) *out = at;
    return *out != SITE_NONE ? DW_OK : err_set(detail, DW_E_NOT_FOUND, "tube %s", code);
}

static uint32_t lab_box(const struct site *site, const char *code)
{
    uint32_t found = SITE_NONE;
    for (uint32_t i = 0; i < site_count(site, SITE_BOX); i++)
        if (strcmp(site_box(site, i)->code, code) == 0) found = i;
    return found;
}

/* Sends the one entry that was begun in the book. */
dw_err lab_send_all(const struct lab_by *by, struct book *book, struct err_detail *detail)
{
    size_t held = 0;
    dw_err err = book_commit(by->desk, book, 1, by->at, &held, detail);
    if (err == DW_OK && held > 0) err = err_set(detail, DW_E_STATE, "the entry is held: see entries held");
    book_free(book);
    return err;
}

dw_err lab_send(const struct lab_by *by, struct book *book, struct err_detail *detail)
{
    dw_err err = book_end(book);
    if (err == DW_OK) return lab_send_all(by, book, detail);
    book_free(book);
    return err;
}

dw_err lab_tube_open(const struct lab_by *by, const char *code, int64_t capacity, enum kinds_tube_use use,
                     struct err_detail *detail)
{
    struct book book = {0};
    uint32_t round = SITE_NONE, known;
    if (*code == 0 || strlen(code) > 64) return err_set(detail, DW_E_INVALID, "a tube's code has 1 to 64 bytes");
    const struct site *site = desk_read(by->desk);
    dw_err err = round_find(&round, site, by->round, detail);
    const struct policy_round *policy = err == DW_OK ? policy_round(site_round(site, round)->kind) : NULL;
    if (err == DW_OK && (policy == NULL || !policy_capacity(policy, capacity)))
        err = err_set(detail, DW_E_INVALID, "tubes of this kind of round do not hold %lld people", (long long)capacity);
    if (err == DW_OK && lab_tube(&known, site, by->round, code, NULL) == DW_OK)
        err = err_set(detail, DW_E_EXISTS, "tube %s", code);
    struct id id = err == DW_OK ? site_round(site, round)->id : (struct id){{0}};
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_TUBE_OPEN, id_make(by->at.ms, NULL), by->at, NULL);
    entry_put_id(&book.writer, KINDS_TUBE_OPEN_ROUND, id);
    entry_put_text(&book.writer, KINDS_TUBE_OPEN_CODE, code);
    entry_put_int(&book.writer, KINDS_TUBE_OPEN_CAPACITY, capacity);
    entry_put_int(&book.writer, KINDS_TUBE_OPEN_USE, use);
    return lab_send(by, &book, detail);
}

/* The tube and all people must be known here: a command's typing error is told at once, not held. */
static dw_err lab_named(struct id *tube, const struct lab_by *by, const char *code, const struct id *people, size_t count,
                        struct err_detail *detail)
{
    uint32_t index = SITE_NONE;
    if (count > LAB_PEOPLE) return err_set(detail, DW_E_INVALID, "%zu people at once", count);
    const struct site *site = desk_read(by->desk);
    dw_err err = lab_tube(&index, site, by->round, code, detail);
    if (err == DW_OK && site_tube(site, index)->sealed.n != 0) err = err_set(detail, DW_E_STATE, "tube %s is sealed", code);
    for (size_t i = 0; err == DW_OK && i < count; i++) {
        char text[ID_TEXT];
        id_text(text, people[i]);
        if (site_find(site, SITE_PERSON, people[i]) == SITE_NONE) err = err_set(detail, DW_E_NOT_FOUND, "person %s", text);
    }
    if (err == DW_OK) *tube = site_tube(site, index)->id;
    desk_read_end(by->desk);
    return err;
}

static void lab_put_people(struct entry_writer *w, const struct id *people, size_t count, size_t from)
{
    entry_list_begin(w, KINDS_TUBE_FILL_PEOPLE);
    for (size_t i = 0; i < count; i++) {
        entry_item_begin(w);
        entry_item_id(w, "person", people[i]);
        entry_item_int(w, "position", (int64_t)(from + i + 1));
        entry_item_end(w);
    }
    entry_list_end(w);
}

/* Who stands in a tube, by position. */
static size_t lab_standing(struct id out[LAB_PEOPLE], struct desk *desk, struct id tube)
{
    const struct site *site = desk_read(desk);
    uint32_t index = site_find(site, SITE_TUBE, tube);
    int64_t positions[LAB_PEOPLE];
    size_t count = 0;
    for (uint32_t at = site_tube(site, index)->first_sample; at != SITE_NONE && count < LAB_PEOPLE;
         at = site_sample(site, at)->next_in_tube) {
        const struct site_sample *sample = site_sample(site, at);
        if (sample->state != SITE_SAMPLE_STANDS) continue;
        size_t to = count++;
        for (; to > 0 && positions[to - 1] > sample->position; to--) {
            positions[to] = positions[to - 1];
            out[to] = out[to - 1];
        }
        positions[to] = sample->position;
        out[to] = site_person(site, sample->person)->id;
    }
    desk_read_end(desk);
    return count;
}

dw_err lab_tube_fill(const struct lab_by *by, const char *code, const struct id *people, size_t count, struct err_detail *detail)
{
    struct book book = {0};
    struct id tube, inside[LAB_PEOPLE];
    ERR_TRY(lab_named(&tube, by, code, people, count, detail));
    size_t before = lab_standing(inside, by->desk, tube);
    ERR_TRY(book_open(&book, by->desk, by->device, detail));
    entry_begin(&book.writer, KINDS_TUBE_FILL, tube, by->at, NULL);
    lab_put_people(&book.writer, people, count, before);
    return lab_send(by, &book, detail);
}

dw_err lab_tube_seal(const struct lab_by *by, const char *code, const struct id *people, size_t count, struct err_detail *detail)
{
    struct book book = {0};
    struct id tube, inside[LAB_PEOPLE];
    ERR_TRY(lab_named(&tube, by, code, people, count, detail));
    if (count == 0) {
        count = lab_standing(inside, by->desk, tube);
        people = inside;
    }
    if (count == 0) return err_set(detail, DW_E_STATE, "tube %s is empty", code);
    ERR_TRY(book_open(&book, by->desk, by->device, detail));
    entry_begin(&book.writer, KINDS_TUBE_SEAL, tube, by->at, NULL);
    lab_put_people(&book.writer, people, count, 0);
    return lab_send(by, &book, detail);
}

dw_err lab_box_pack(const struct lab_by *by, const char *code, const char *const *tubes, size_t count, struct err_detail *detail)
{
    struct book book = {0};
    struct id ids[LAB_TUBES], box = id_make(by->at.ms, NULL);
    dw_err err = DW_OK;
    if (count < 1 || count > LAB_TUBES) return err_set(detail, DW_E_INVALID, "%zu tubes in a box", count);
    const struct site *site = desk_read(by->desk);
    uint32_t known = lab_box(site, code);
    if (known != SITE_NONE) box = site_box(site, known)->id;
    for (size_t i = 0; err == DW_OK && i < count; i++) {
        uint32_t tube;
        err = lab_tube(&tube, site, by->round, tubes[i], detail);
        if (err == DW_OK && site_tube(site, tube)->sealed.n == 0)
            err = err_set(detail, DW_E_STATE, "tube %s is not sealed", tubes[i]);
        if (err == DW_OK) ids[i] = site_tube(site, tube)->id;
    }
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_BOX_PACK, box, by->at, NULL);
    entry_put_text(&book.writer, KINDS_BOX_PACK_CODE, code);
    entry_list_begin(&book.writer, KINDS_BOX_PACK_TUBES);
    for (size_t i = 0; i < count; i++) {
        entry_item_begin(&book.writer);
        entry_item_id(&book.writer, "tube", ids[i]);
        entry_item_end(&book.writer);
    }
    entry_list_end(&book.writer);
    return lab_send(by, &book, detail);
}

dw_err lab_box_hand(const struct lab_by *by, const char *code, enum kinds_box_side side, uint32_t other,
                    struct err_detail *detail)
{
    struct book book = {0};
    if (other == by->device) return err_set(detail, DW_E_INVALID, "nobody hands a box to himself");
    const struct site *site = desk_read(by->desk);
    uint32_t box = lab_box(site, code);
    struct id id = box == SITE_NONE ? (struct id){{0}} : site_box(site, box)->id, whom = site_device(site, other)->id;
    desk_read_end(by->desk);
    if (box == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "box %s", code);
    ERR_TRY(book_open(&book, by->desk, by->device, detail));
    entry_begin(&book.writer, KINDS_BOX_HAND, id, by->at, NULL);
    entry_put_int(&book.writer, KINDS_BOX_HAND_SIDE, side);
    entry_put_id(&book.writer, KINDS_BOX_HAND_OTHER, whom);
    return lab_send(by, &book, detail);
}

dw_err lab_result(const struct lab_by *by, const char *code, enum kinds_tube_result result, const char *method,
                  struct err_detail *detail)
{
    struct book book = {0};
    uint32_t tube;
    struct id id = {{0}};
    const struct site *site = desk_read(by->desk);
    dw_err err = lab_tube(&tube, site, by->round, code, detail);
    uint8_t known = err == DW_OK ? site_tube(site, tube)->result : 0;
    if (err == DW_OK) id = site_tube(site, tube)->id;
    if (err == DW_OK && known != 0 && known != 1 + result)
        err = err_set(detail, DW_E_STATE, "tube %s is %s already", code, kinds_tube_result_texts[known - 1]);
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, DESK_CLI_DEVICE, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_TUBE_RESULT, id, by->at, NULL);
    entry_put_int(&book.writer, KINDS_TUBE_RESULT_RESULT, result);
    entry_put_time(&book.writer, KINDS_TUBE_RESULT_AT, by->at);
    entry_put_text(&book.writer, KINDS_TUBE_RESULT_METHOD, method);
    return lab_send(by, &book, detail);
}

/* The number under which a person's sample is in a tube: the one given, or else another of his that does not stand there, or any.
 */
static uint32_t lab_sampled_as(const struct site *site, uint32_t tube, uint32_t person)
{
    uint32_t root = site_root(site, person), found = SITE_NONE;
    if (site_find_sample(site, tube, person) != SITE_NONE) return person;
    for (uint32_t at = root; at != SITE_NONE; at = site_next_merged(site, root, at)) {
        uint32_t sample = site_find_sample(site, tube, at);
        if (sample == SITE_NONE) continue;
        if (found == SITE_NONE || site_sample(site, sample)->state != SITE_SAMPLE_STANDS) found = at;
    }
    return found;
}

dw_err lab_sample_decide(const struct lab_by *by, const char *code, struct id person, enum kinds_sample_decision decision,
                         const char *reason, struct err_detail *detail)
{
    struct book book = {0};
    uint32_t tube, who;
    struct id id = {{0}};
    const struct site *site = desk_read(by->desk);
    dw_err err = lab_tube(&tube, site, by->round, code, detail);
    who = site_find(site, SITE_PERSON, person);
    if (err == DW_OK && who != SITE_NONE) who = lab_sampled_as(site, tube, who);
    if (err == DW_OK && who == SITE_NONE) err = err_set(detail, DW_E_NOT_FOUND, "this person in tube %s", code);
    if (err == DW_OK) id = site_tube(site, tube)->id;
    if (err == DW_OK) person = site_person(site, who)->id;
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, DESK_CLI_DEVICE, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_SAMPLE_DECIDE, id, by->at, NULL);
    entry_put_id(&book.writer, KINDS_SAMPLE_DECIDE_PERSON, person);
    entry_put_int(&book.writer, KINDS_SAMPLE_DECIDE_DECISION, decision);
    entry_put_text(&book.writer, KINDS_SAMPLE_DECIDE_REASON, reason);
    return lab_send(by, &book, detail);
}

dw_err lab_hold_end(const struct lab_by *by, struct id person, enum kinds_release how, const char *reason,
                    struct err_detail *detail)
{
    struct book book = {0};
    struct lab_list list = {0};
    bool held = false;
    const struct site *site = desk_read(by->desk);
    uint32_t who = site_find(site, SITE_PERSON, person);
    dw_err err = lab_holds(&list, site);
    for (size_t i = 0; who != SITE_NONE && i < list.count; i++)
        held |= list.holds[i].ended < 0 && list.holds[i].person == site_root(site, who);
    desk_read_end(by->desk);
    lab_list_free(&list);
    if (err == DW_OK && !held) err = err_set(detail, DW_E_STATE, "nothing holds this person");
    if (err == DW_OK) err = book_open(&book, by->desk, DESK_CLI_DEVICE, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_HOLD_END, person, by->at, NULL);
    entry_put_int(&book.writer, KINDS_HOLD_END_HOW, how);
    entry_put_text(&book.writer, KINDS_HOLD_END_REASON, reason);
    return lab_send(by, &book, detail);
}
