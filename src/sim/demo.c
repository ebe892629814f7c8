#include "sim/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk/area.h"
#include "desk/register.h"
#include "sim/grade.h"
#include "sim/lists.h"
#include "sim/names.h"

enum { DEMO_KEEPS = 5, DEMO_MEMBERS = 20000 };

/* The case's first days, April 2022: the team arrives on the 8th at half past seven; the round's roster is frozen next morning at
 * five; the last door is knocked at that evening, results come in the night, and the round is closed in the morning. */
static const struct when demo_arrival = {1649374200000, 480}, demo_freeze = {1649451600000, 480},
                         demo_evening = {1649509200000, 480}, demo_late = {1649516400000, 480},
                         demo_morning = {1649541600000, 480};

static struct when demo_after(int minutes)
{
    return (struct when){demo_arrival.ms + (int64_t)minutes * 60000, demo_arrival.offset};
}

/* Removes what an earlier demo left: only a store beside a village folder is one. */
static dw_err demo_clear(const struct demo_result *r, struct err_detail *detail)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".keys", ".sitekey"};
    char path[4200];
    struct stat st;
    if (stat(r->store, &st) != 0) return DW_OK;
    if (stat(r->village, &st) != 0) return err_set(detail, DW_E_EXISTS, "%s is not of a demo", r->store);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", r->store, ends[i]);
        if (unlink(path) != 0 && errno != ENOENT) return err_set(detail, DW_E_IO, "%s", path);
    }
    return DW_OK;
}

static dw_err demo_folders(struct demo_result *r, const char *dir, struct err_detail *detail)
{
    char path[4000];
    if (strlen(dir) >= sizeof path - 16) return err_set(detail, DW_E_INVALID, "%s", dir);
    snprintf(path, sizeof path, "%s", dir);
    for (char *slash = path; *slash != 0 && (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = 0;
        mkdir(path, 0755);
        *slash = '/';
    }
    if (mkdir(path, 0755) != 0 && errno != EEXIST) return err_set(detail, DW_E_IO, "%s", dir);
    snprintf(r->store, sizeof r->store, "%s/site.db", path);
    snprintf(r->village, sizeof r->village, "%s/village", path);
    snprintf(r->papers, sizeof r->papers, "%s/papers", path);
    return DW_OK;
}

static dw_err demo_keepers(struct demo_result *r, struct desk *desk, struct err_detail *detail)
{
    struct rng rng = rng_seed(20220408);
    struct arena arena = {0};
    struct area_member *members = arena_array(&arena, DEMO_MEMBERS, sizeof *members);
    dw_err err = members == NULL ? DW_E_MEMORY : DW_OK;
    for (size_t i = 0; err == DW_OK && i < DEMO_MEMBERS; i++) {
        char name[NAMES_SIZE * 2], given[NAMES_SIZE], phone[16];
        char sex = rng_below(&rng, 2) == 0 ? 'M' : 'F';
        const char *surname = names_surname(&rng, true);
        names_given(given, &rng, sex, 1985);
        snprintf(name, sizeof name, "%s%s", surname, given);
        snprintf(phone, sizeof phone, "139%08llu", (unsigned long long)rng_below(&rng, 100000000));
        members[i] = (struct area_member){arena_text(&arena, name, strlen(name)), arena_text(&arena, phone, strlen(phone))};
        if (members[i].name == NULL || members[i].phone == NULL) err = DW_E_MEMORY;
    }
    if (err == DW_OK) err = area_keep_all(&r->keepers, desk, members, DEMO_MEMBERS, DEMO_KEEPS, demo_after(30), detail);
    arena_free(&arena);
    return err;
}

dw_err demo_prepare(struct demo_result *r, struct desk **desk, const struct clock_progress *progress, struct err_detail *detail)
{
    static const enum kinds_list_kind kinds[DEMO_LISTS] = {KINDS_LIST_KIND_HOUSEHOLD, KINDS_LIST_KIND_FACTORY,
                                                           KINDS_LIST_KIND_FACTORY, KINDS_LIST_KIND_LANDLORD,
                                                           KINDS_LIST_KIND_SAMPLES};
    struct desk_new spec = {.name = "仿真村", .code = WORLD_VILLAGE_CODE, .synthetic = true, .at = demo_arrival};
    char path[4200];
    ERR_TRY(desk_create(desk, r->store, &spec, detail));
    snprintf(path, sizeof path, "%s/map.geojson", r->village);
    ERR_TRY(import_map(&r->map, *desk, path, false, demo_after(10), progress, detail));
    ERR_TRY(demo_keepers(r, *desk, detail));
    for (int i = 0; i < DEMO_LISTS; i++) {
        struct import_list list = {.path = path, .kind = kinds[i], .at = demo_after(60 + 30 * i)};
        snprintf(path, sizeof path, "%s/%s", r->village, lists_file_name((enum lists_file)i));
        ERR_TRY(import_list(&r->lists[i], *desk, &list, progress, detail));
    }
    return DW_OK;
}

static dw_err demo_sum(struct demo_result *r, struct desk *desk, struct err_detail *detail)
{
    const struct site *site = desk_read(desk);
    dw_err err = round_status(&r->status, site, r->opened.number, false, detail);
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        bool gone;
        uint32_t place = site_place(site, p, &gone);
        r->people += site_person(site, p)->merged_into == SITE_NONE && place != SITE_NONE && !gone;
    }
    r->doors = site_count(site, SITE_DOOR);
    for (uint32_t i = 0; i < site_count(site, SITE_PAIR); i++) r->pairs += register_pair_open(site, i);
    if (err == DW_OK) err = grade_round(&r->score, site, r->village, r->opened.number, NULL, detail);
    desk_read_end(desk);
    return err;
}

dw_err demo_run(struct demo_result *out, const char *dir, uint64_t seed, uint32_t people, enum err_lang lang,
                const struct clock_progress *progress, struct err_detail *detail)
{
    struct desk *desk = NULL;
    memset(out, 0, sizeof *out);
    out->lang = lang;
    ERR_TRY(demo_folders(out, dir, detail));
    ERR_TRY(demo_clear(out, detail));
    ERR_TRY(village_write(&out->summary, out->village, seed, people, progress, detail));
    dw_err err = demo_prepare(out, &desk, progress, detail);
    if (err == DW_OK) err = round_open(&out->opened, desk, KINDS_ROUND_KIND_PCR, demo_freeze, demo_freeze, detail);
    if (err == DW_OK)
        err = worker_round(&out->worker, desk, out->village, NULL, seed, people, out->opened.number, progress, detail);
    if (err == DW_OK) err = demo_sum(out, desk, detail);
    if (err == DW_OK) err = demo_print(out, desk, demo_evening, progress, detail);
    if (err == DW_OK) err = demo_night(out, desk, seed, demo_late, progress, detail);
    if (err == DW_OK) err = demo_close(out, desk, demo_morning, detail);
    desk_close(desk);
    return err;
}

void demo_free(struct demo_result *result)
{
    round_status_free(&result->status);
    lab_status_free(&result->lab);
}
