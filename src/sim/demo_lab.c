/* The demo's night: the laboratory's file comes, a positive pool holds people, each is sampled alone, and then goes free or is
 * taken to hospital or quarantine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/policy.h"
#include "sim/demo.h"
#include "sim/laboratory.h"

struct demo_night {
    struct demo_result *r;
    struct desk *desk;
    struct when night;
    const struct clock_progress *progress;
    struct err_detail *detail;
    struct laboratory tested;
    struct lab_list held;
    struct laboratory_single *tubes; /* retests of each in held */
    size_t each;                     /* of a person */
};

static struct when demo_at(const struct demo_night *n, int minutes)
{
    return (struct when){n->night.ms + (int64_t)minutes * 60000, n->night.offset};
}

static dw_err demo_import(struct import_result *out, const struct demo_night *n, const char *path, int minutes)
{
    struct lab_results spec = {
        .path = path, .by = {n->desk, DESK_CLI_DEVICE, n->r->opened.number, demo_at(n, minutes)}, .lang = n->r->lang};
    return lab_results(out, &spec, n->progress, n->detail);
}

static bool demo_infected(const struct demo_night *n, const struct site *site, uint32_t person)
{
    for (size_t i = 0; i < n->tested.infected_count; i++) {
        uint32_t who = site_find(site, SITE_PERSON, n->tested.infected[i]);
        if (who != SITE_NONE && site_root(site, who) == person) return true;
    }
    return false;
}

/* Whom the positive pools hold, and the tubes that each is sampled into. */
static dw_err demo_holds(struct demo_night *n)
{
    const struct site *site = desk_read(n->desk);
    dw_err err = lab_holds(&n->held, site);
    n->each = (size_t)policy_round(KINDS_ROUND_KIND_PCR)->retests;
    n->tubes = calloc(n->held.count * n->each + 1, sizeof *n->tubes);
    if (n->tubes == NULL) err = DW_E_MEMORY;
    for (size_t i = 0; err == DW_OK && i < n->held.count * n->each; i++) {
        unsigned who = (unsigned)(i / n->each % 99999 + 1), which = (unsigned)(i % n->each % 9 + 1);
        snprintf(n->tubes[i].code, sizeof n->tubes[i].code, "F%04u-%u", who, which);
        n->tubes[i].positive = demo_infected(n, site, n->held.holds[i / n->each].person);
    }
    for (size_t i = 0; i < n->held.count; i++) {
        n->r->held_members += n->held.holds[i].member;
        n->r->held_homes += !n->held.holds[i].member;
    }
    desk_read_end(n->desk);
    return err;
}

static dw_err demo_retest(struct book *book, struct id round, const char *code, struct id person, struct when at)
{
    struct entry_writer *w = &book->writer;
    struct id tube = id_make(at.ms, NULL);
    entry_begin(w, KINDS_TUBE_OPEN, tube, at, NULL);
    entry_put_id(w, KINDS_TUBE_OPEN_ROUND, round);
    entry_put_text(w, KINDS_TUBE_OPEN_CODE, code);
    entry_put_int(w, KINDS_TUBE_OPEN_CAPACITY, 1);
    entry_put_int(w, KINDS_TUBE_OPEN_USE, KINDS_TUBE_USE_RETEST);
    ERR_TRY(book_end(book));
    entry_begin(w, KINDS_TUBE_SEAL, tube, at, NULL);
    entry_list_begin(w, KINDS_TUBE_SEAL_PEOPLE);
    entry_item_begin(w);
    entry_item_id(w, "person", person);
    entry_item_int(w, "position", 1);
    entry_item_end(w);
    entry_list_end(w);
    return book_end(book);
}

/* A sampler in a suit goes to each of them and takes as many samples as the policy says, each into a tube of its own. */
static dw_err demo_retests(struct demo_night *n)
{
    const char *name = "复核采样组";
    struct book book = {0};
    uint32_t device = SITE_NONE;
    ERR_TRY(lab_device_add(n->desk, name, demo_at(n, 20), n->detail));
    ERR_TRY(lab_device_find(&device, n->desk, name, n->detail));
    dw_err err = book_open(&book, n->desk, device, n->detail);
    const struct site *site = desk_read(n->desk);
    struct id round = site_round(site, site_round_by_number(site, n->r->opened.number))->id;
    for (size_t i = 0; err == DW_OK && i < n->held.count * n->each; i++) {
        struct id person = site_person(site, n->held.holds[i / n->each].person)->id;
        err = demo_retest(&book, round, n->tubes[i].code, person, demo_at(n, 30));
        n->r->retests++;
    }
    desk_read_end(n->desk);
    if (err == DW_OK) err = book_commit(n->desk, &book, 1, demo_at(n, 60), NULL, n->detail);
    book_free(&book);
    return err;
}

/* Who lives behind the door of somebody infected is taken to quarantine. */
static bool demo_close_to(const struct demo_night *n, const struct site *site, uint32_t person)
{
    bool gone;
    uint32_t place = site_place(site, person, &gone);
    if (place == SITE_NONE || site_stay(site, place)->door == SITE_NONE) return false;
    for (size_t i = 0; i < n->held.count; i++) {
        uint32_t other = n->held.holds[i].person, at = site_place(site, other, &gone);
        if (at != SITE_NONE && demo_infected(n, site, other) && site_stay(site, at)->door == site_stay(site, place)->door)
            return true;
    }
    return false;
}

static dw_err demo_let_go(struct demo_night *n)
{
    static const char *const reasons[3][2] = {{"复核两次阴性", "both retests negative"},
                                              {"复核阳性，转定点医院", "retests positive: to hospital"},
                                              {"与阳性人员同住，转集中隔离", "lives with an infected person: to quarantine"}};
    struct book book = {0};
    struct lab_list now = {0};
    dw_err err = book_open(&book, n->desk, DESK_CLI_DEVICE, n->detail);
    const struct site *site = desk_read(n->desk);
    if (err == DW_OK) err = lab_holds(&now, site);
    for (size_t i = 0; err == DW_OK && i < now.count; i++) {
        uint32_t person = now.holds[i].person;
        int why = now.holds[i].positive > 0 ? 1 : demo_close_to(n, site, person) ? 2 : 0;
        n->r->released += why == 0;
        n->r->transferred += why != 0;
        entry_begin(&book.writer, KINDS_HOLD_END, site_person(site, person)->id, demo_at(n, 300), NULL);
        entry_put_int(&book.writer, KINDS_HOLD_END_HOW, why == 0 ? KINDS_RELEASE_RELEASED : KINDS_RELEASE_TRANSFERRED);
        entry_put_text(&book.writer, KINDS_HOLD_END_REASON, reasons[why][n->r->lang]);
        err = book_end(&book);
    }
    desk_read_end(n->desk);
    lab_list_free(&now);
    if (err == DW_OK) err = book_commit(n->desk, &book, 1, demo_at(n, 300), NULL, n->detail);
    book_free(&book);
    return err;
}

dw_err demo_night(struct demo_result *r, struct desk *desk, uint64_t seed, struct when at, const struct clock_progress *progress,
                  struct err_detail *detail)
{
    struct demo_night n = {.r = r, .desk = desk, .night = at, .progress = progress, .detail = detail};
    char path[4200];
    snprintf(path, sizeof path, "%s/results_round%lld.xlsx", r->village, (long long)r->opened.number);
    dw_err err = laboratory_test(&n.tested, r->village, (unsigned)r->opened.number, seed, path, demo_at(&n, 0), detail);
    if (err == DW_OK) err = demo_import(&r->results, &n, path, 10);
    if (err == DW_OK) err = demo_holds(&n);
    if (err == DW_OK) err = demo_retests(&n);
    snprintf(path, sizeof path, "%s/results_retests.csv", r->village);
    if (err == DW_OK) err = laboratory_singles(n.tubes, n.held.count * n.each, path, demo_at(&n, 240), detail);
    if (err == DW_OK) err = demo_import(&r->retested, &n, path, 250);
    if (err == DW_OK) err = demo_let_go(&n);
    const struct site *site = desk_read(desk);
    if (err == DW_OK) err = lab_status(&r->lab, site, r->opened.number, demo_at(&n, 360).ms, detail);
    desk_read_end(desk);
    lab_list_free(&n.held);
    free(n.tubes);
    return err;
}
