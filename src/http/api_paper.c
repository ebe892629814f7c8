/* Papers and door cards: made for the call, streamed, gone. */
#include <stdlib.h>
#include <string.h>

#include "desk/card.h"
#include "desk/paper.h"
#include "desk/register.h"
#include "desk/walk.h"
#include "http/answer_file.h"
#include "http/api.h"
#include "http/api_version.h"
#include "http/guard.h"
#include "http/server.h"

#define API_PDF "application/pdf"
#define API_XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

static const char *const api_paper_pers[] = {"building", "cell", "grid"};
enum { API_PAPER_LEFT = -1 };

struct api_paper {
    const char *name;
    int kind; /* enum paper_kind */
    const char *ending, *type;
    enum paper_per per; /* when none is asked for */
};
static const struct api_paper api_papers[] = {{"missing", PAPER_STAIRS, "pdf", API_PDF, PAPER_PER_BUILDING},
                                              {"round", PAPER_ROUND, "xlsx", API_XLSX, PAPER_PER_BUILDING},
                                              {"ledger", PAPER_LEDGER, "xlsx", API_XLSX, PAPER_PER_BUILDING},
                                              {"closing", PAPER_CLOSING, "xlsx", API_XLSX, PAPER_PER_BUILDING},
                                              {"left", API_PAPER_LEFT, "pdf", API_PDF, PAPER_PER_CELL}};

static const struct api_paper *api_paper_of(const char *name)
{
    for (size_t i = 0; i < sizeof api_papers / sizeof *api_papers; i++)
        if (strcmp(api_papers[i].name, name) == 0) return &api_papers[i];
    return NULL;
}

/* The area asked for must be the caller's; what is shown in full asks for its own ability there. */
static dw_err api_paper_may(struct request *r, const struct paper_ask *ask)
{
    uint32_t top;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = walk_top(&top, site, ask->area, &r->detail);
    if (err == DW_OK) err = guard_area(r, site, top);
    if (err == DW_OK && ask->reveal && !guard_may(r, site, ROLES_REGISTER_REVEAL, top))
        err = err_set(&r->detail, DW_E_FORBIDDEN, "%s", roles_may_name(ROLES_REGISTER_REVEAL));
    desk_read_end(request_desk(r));
    return err;
}

static dw_err api_paper_write(struct request *r, const struct site *site, const struct paper_ask *ask,
                              const struct paper_people *people, enum paper_per per)
{
    switch (people->kind) {
    case PAPER_STAIRS:
        return paper_stairs(site, ask, people, per, &r->detail);
    case PAPER_ROUND:
        return paper_round(site, ask, people, &r->detail);
    case PAPER_LEDGER:
        return paper_ledger(site, ask, people, &r->detail);
    default:
        return paper_closing(site, ask, people, &r->detail);
    }
}

static dw_err api_paper_people(struct request *r, const struct paper_ask *ask, enum paper_kind kind, enum paper_per per,
                               const char *reason)
{
    struct paper_people people = {0};
    dw_err err = paper_people(&people, desk_read(request_desk(r)), kind, ask, &r->detail);
    desk_read_end(request_desk(r));
    /* Nothing is shown in full that was not recorded first. */
    if (err == DW_OK && ask->reveal)
        err = register_look(request_desk(r), r->match.route->name, reason, people.count, ask->at, &r->detail);
    const struct site *site = desk_read(request_desk(r));
    if (err == DW_OK) err = api_paper_write(r, site, ask, &people, per);
    desk_read_end(request_desk(r));
    paper_people_free(&people);
    return err;
}

static dw_err api_paper(struct request *r, int64_t round, const char *area, int per, const char *reason)
{
    const struct api_paper *paper = api_paper_of(request_param(r, 0));
    struct paper_ask ask = {.round = round, .area = area, .lang = r->lang, .reveal = reason != NULL, .at = r->now};
    char name[40];
    size_t places;
    if (paper == NULL) return err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有这种表单", "there is no such paper"));
    ERR_TRY(api_paper_may(r, &ask));
    enum paper_per as = per < 0 ? paper->per : (enum paper_per)per;
    snprintf(name, sizeof name, "%s.%s", paper->name, paper->ending);
    char *path = job_scratch(server_jobs(r->server), name);
    if (path == NULL) return DW_E_MEMORY;
    ask.path = path;
    dw_err err;
    if (paper->kind == API_PAPER_LEFT) {
        err = paper_left(&places, desk_read(request_desk(r)), &ask, as, &r->detail);
        desk_read_end(request_desk(r));
    } else {
        err = api_paper_people(r, &ask, (enum paper_kind)paper->kind, as, reason);
    }
    if (err == DW_OK) return answer_file_once(r, path, paper->type, arena_text(&r->arena, name, strlen(name)));
    free(path);
    return err;
}

dw_err api_papers_print(struct request *r)
{
    return api_paper(r, request_int(r, "round"), request_text(r, "area"), request_enum(r, "per"), NULL);
}

dw_err api_papers_reveal(struct request *r)
{
    static const char *const fields[] = {"reason", "round", "area", "per", NULL};
    const char *reason, *area;
    int64_t round;
    int per;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&reason, r, "reason", 500));
    ERR_TRY(request_may_int(&round, r, "round", -1000000, 1000000, 0));
    ERR_TRY(request_may(&area, r, "area", 64));
    ERR_TRY(request_may_enum(&per, r, "per", api_paper_pers, 3, PAPER_PER_BUILDING));
    return api_paper(r, round, area, per, reason);
}

dw_err api_cards_print(struct request *r)
{
    static const char *const fields[] = {"area", "size", "url", "hotline", "reissue", "changed", NULL};
    static const char *const sizes[] = {"a6", "small"};
    struct card_print spec = {.lang = r->lang, .at = r->now};
    struct card_printed printed;
    uint32_t top;
    int size;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may(&spec.area, r, "area", 64));
    ERR_TRY(request_may(&spec.url, r, "url", 200));
    ERR_TRY(request_may(&spec.hotline, r, "hotline", 40));
    ERR_TRY(request_may_enum(&size, r, "size", sizes, 2, 0));
    ERR_TRY(request_may_bool(&spec.reissue, NULL, r, "reissue"));
    ERR_TRY(request_may_bool(&spec.changed, NULL, r, "changed"));
    if (spec.url == NULL) spec.url = "https://doorward.invalid/d/";
    spec.size = size == 1 ? CARD_SMALL : CARD_A6;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = walk_top(&top, site, spec.area, &r->detail);
    if (err == DW_OK) err = guard_area(r, site, top);
    desk_read_end(request_desk(r));
    if (err != DW_OK) return err;
    char *path = job_scratch(server_jobs(r->server), "cards.pdf");
    if (path == NULL) return DW_E_MEMORY;
    spec.path = path;
    err = card_print(&printed, request_desk(r), &spec, NULL, &r->detail);
    if (err == DW_OK) return answer_file_once(r, path, API_PDF, "cards.pdf");
    free(path);
    return err;
}

dw_err api_cards_check(struct request *r)
{
    static const char *const fields[] = {"text", NULL};
    const char *text;
    struct card_checked seen;
    char code[256] = "";
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&text, r, "text", 400));
    const struct site *site = desk_read(request_desk(r));
    card_check(&seen, site, text);
    /* How many live behind a door is for who may read the register there. */
    bool heads = seen.door != SITE_NONE && guard_may(r, site, ROLES_REGISTER_READ, site_door(site, seen.door)->area);
    if (seen.door != SITE_NONE) card_code(code, sizeof code, site, seen.door);
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_text(r, "verdict", card_verdict_text(seen.verdict, ERR_EN));
    answer_id(r, "door", seen.verdict == CARD_FORGED ? (struct id){{0}} : seen.token.door);
    answer_text(r, "code", *code == 0 ? NULL : code);
    const struct {
        const char *name;
        bool known;
        int64_t n;
    } numbers[] = {{"version", seen.verdict != CARD_FORGED, seen.token.version},
                   {"heads_on_card", heads && seen.shown >= 0, seen.shown},
                   {"heads_now", heads && seen.heads >= 0, seen.heads}};
    for (size_t i = 0; i < 3; i++) {
        if (numbers[i].known)
            answer_int(r, numbers[i].name, numbers[i].n);
        else
            answer_text(r, numbers[i].name, NULL);
    }
    answer_close(r, '}');
    desk_read_end(request_desk(r));
    return DW_OK;
}

dw_err api_cards_revoke(struct request *r)
{
    static const char *const fields[] = {"reason", NULL};
    const char *reason;
    struct id id = {{0}};
    uint32_t door;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may(&reason, r, "reason", 500));
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_door_of(&door, r, site);
    if (err == DW_OK) id = site_door(site, door)->id;
    desk_read_end(request_desk(r));
    if (err == DW_OK) err = api_version_match(r, SITE_DOOR, id);
    if (err == DW_OK) err = card_revoke(request_desk(r), id, reason, r->now, &r->detail);
    if (err == DW_OK) api_nothing(r);
    return err;
}
