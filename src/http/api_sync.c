/* What phones get: the first load as one bundle, then what is new behind a cursor. */
#include <stdlib.h>

#include "desk/pull.h"
#include "desk/register.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"
#include "http/server.h"

static struct pull_who api_puller(const struct request *r)
{
    return (struct pull_who){.member = r->who.member, .device = r->who.device, .at_ms = r->now.ms};
}

void api_heard(struct request *r, int64_t pulled_seq, int64_t clock_ms)
{
    struct pull_heard heard = {.device = r->who.device,
                               .recorded = request_text(r, "have") == NULL ? -1 : request_int(r, "have"),
                               .pulled_seq = pulled_seq,
                               .clock_ms = clock_ms,
                               .at_ms = r->now.ms};
    if (r->who.kind == ACCOUNT_PHONE) pull_hear(server_pull(r->server), &heard);
}

dw_err api_entries_pull(struct request *r)
{
    struct pull_who who = api_puller(r);
    const char *cursor = request_text(r, "cursor");
    if (r->who.kind == ACCOUNT_OFFICER) {
        const struct site *site = desk_read(request_desk(r));
        bool may = guard_anywhere(r, site, ROLES_ENTRY_READ);
        desk_read_end(request_desk(r));
        if (!may) return err_set(&r->detail, DW_E_FORBIDDEN, "%s", roles_may_name(ROLES_ENTRY_READ));
    }
    answer_begin(r);
    dw_err err = pull_page(&r->answer, server_pull(r->server), &who, cursor, request_int(r, "limit"), &r->detail);
    /* What it asks behind is what it has. */
    if (err == DW_OK) api_heard(r, cursor == NULL ? 0 : strtoll(cursor, NULL, 10), PULL_NO_CLOCK);
    return err;
}

dw_err api_sync_bundle(struct request *r)
{
    struct pull_who who = api_puller(r);
    size_t people = 0;
    if (r->who.kind != ACCOUNT_PHONE)
        return err_set(&r->detail, DW_E_FORBIDDEN, "%s",
                       request_say(r, "只有登记的手机能下载捆包", "only an enrolled phone loads a bundle"));
    answer_raw(r, "application/x-ndjson", "", 0);
    ERR_TRY(pull_bundle(&r->out, &people, server_pull(r->server), &who, &r->detail));
    api_heard(r, -1, PULL_NO_CLOCK);
    /* Whose names a phone holds is on record before it has them. */
    return people == 0 ? DW_OK
                       : register_look(request_desk(r), "sync.bundle", request_say(r, "手机首次下载", "first load of a phone"),
                                       people, r->now, &r->detail);
}
