/* Entries in and out: uploads of phones, the ledger for whoever may read it, what waits for a person. */
#include <string.h>

#include "base/pack_once.h"
#include "base/text.h"
#include "desk/amend.h"
#include "desk/register.h"
#include "desk/writer.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/call.h"
#include "http/guard.h"
#include "http/server.h"

enum { API_UNPACKED = 256 << 20 };

/* What a push keeps while it waits for the writer; it lies in the request's arena. */
struct api_push {
    struct writer_take take; /* first */
    struct request *r;
    struct upload uploads[WRITER_UPLOADS];
};

static dw_err api_unpack(struct request *r)
{
    const char *coding = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Content-Encoding");
    if (coding == NULL || strcmp(coding, "identity") == 0) return DW_OK;
    if (strcmp(coding, "zstd") != 0)
        return err_at(&r->detail, DW_E_FORMAT, NULL, NULL, 0, "Content-Encoding", "%s",
                      request_say(r, "只收 zstd", "zstd or nothing"));
    struct arena_buf clear = {0};
    dw_err err = pack_once_open(&clear, API_UNPACKED, r->body.data, r->body.len, &r->detail);
    if (err != DW_OK) {
        arena_buf_free(&clear);
        return err;
    }
    arena_buf_free(&r->body);
    r->body = clear;
    return DW_OK;
}

static void api_receipts(struct request *r, const struct writer_take *take)
{
    char text[HASH_TEXT], sign[KEYS_SIGN * 4 / 3 + 4];
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_open(r, "receipts", '[');
    for (size_t i = 0; i < take->count; i++) {
        const struct upload_receipt *receipt = &take->receipts[i];
        answer_open(r, NULL, '{');
        answer_id(r, "device", receipt->device);
        answer_int(r, "first", receipt->first);
        answer_int(r, "last", receipt->last);
        answer_int(r, "first_seq", receipt->first_seq);
        answer_time(r, "sent", receipt->sent_ms);
        answer_time(r, "received", receipt->received_ms);
        hash_b64(text, receipt->head, HASH_SIZE);
        answer_text(r, "head", text);
        hash_b64(text, receipt->verdicts, HASH_SIZE);
        answer_text(r, "verdicts", text);
        hash_b64(sign, receipt->sign, KEYS_SIGN);
        answer_text(r, "sign", sign);
        answer_int(r, "held", (int64_t)take->held);
        answer_int(r, "known", (int64_t)take->known);
        answer_close(r, '}');
    }
    answer_close(r, ']');
    answer_close(r, '}');
}

/* The writer's thread: the entries are durable, or none of them was taken. */
static void api_pushed(struct writer_take *take)
{
    struct api_push *push = (struct api_push *)take;
    struct request *r = push->r;
    if (take->err == DW_OK) {
        /* Its clock, by the last it sent: what a copy of an old upload says is no news. */
        if (take->known == 0) api_heard(r, -1, take->uploads[take->count - 1].sent.ms - take->received.ms);
        api_receipts(r, take);
    } else {
        r->detail = take->detail;
    }
    call_finish(r, take->err);
}

static void api_push_on(struct request *r)
{
    writer_post(request_desk(r), &((struct api_push *)r->handed)->take);
}

dw_err api_entries_push(struct request *r)
{
    struct api_push *push = arena_alloc(&r->arena, sizeof *push);
    size_t at = 0;
    int64_t line = 0;
    bool more = true;
    if (push == NULL) return DW_E_MEMORY;
    if (r->who.kind != ACCOUNT_PHONE)
        return err_set(&r->detail, DW_E_FORBIDDEN, "%s",
                       request_say(r, "只有登记的手机能上传", "only an enrolled phone pushes entries"));
    ERR_TRY(api_unpack(r));
    push->r = r;
    api_heard(r, -1, PULL_NO_CLOCK);
    push->take = (struct writer_take){.uploads = push->uploads, .received = r->now, .finished = api_pushed};
    while (more && push->take.count < WRITER_UPLOADS) {
        struct upload *upload = &push->uploads[push->take.count];
        ERR_TRY(upload_parse(upload, &more, r->body.data == NULL ? "" : r->body.data, r->body.len, &at, &line, &r->arena,
                             &r->detail));
        if (!more) break;
        if (!id_equal(upload->device, r->who.device))
            return err_set(&r->detail, DW_E_FORBIDDEN, "%s", request_say(r, "不是本机的条目", "entries of another device"));
        writer_prepare(request_desk(r), upload);
        push->take.count++;
    }
    if (push->take.count == 0) return err_set(&r->detail, DW_E_FORMAT, "%s", request_say(r, "没有条目", "no upload in the body"));
    if (more && at < r->body.len)
        return err_set(&r->detail, DW_E_TOO_LARGE, request_say(r, "一次最多 %d 批", "%d uploads at once"), WRITER_UPLOADS);
    r->handed = push;
    r->hand_on = api_push_on;
    return DW_OK;
}

dw_err api_held_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_HELD);
    dw_err err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++) {
        const struct site_held *h = site_held(site, (uint32_t)at);
        if (h->state != SITE_HELD_WAITING || !guard_sees(r, site, SITE_NONE)) continue;
        answer_open(r, NULL, '{');
        answer_int(r, "seq", h->seq);
        answer_id(r, "device", site_device(site, h->device)->id);
        answer_int(r, "n", h->n);
        answer_text(r, "reason", kinds_held_reason_texts[h->reason]);
        answer_close(r, '}');
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_held_decide(struct request *r)
{
    static const char *const fields[] = {"decision", NULL};
    const char *text = request_param(r, 0);
    int64_t seq;
    int decision;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&decision, r, "decision", kinds_held_decision_texts, KINDS_HELD_DECISION_COUNT, -1));
    const struct site *site = desk_read(request_desk(r));
    bool sees = guard_sees(r, site, SITE_NONE);
    desk_read_end(request_desk(r));
    if (!sees || !text_int(&seq, text, strlen(text)))
        return err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有，或不在您的区域", "none, or not in your areas"));
    ERR_TRY(register_decide_held(request_desk(r), seq, decision == KINDS_HELD_DECISION_ACCEPT, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}

static dw_err api_held_seq(int64_t *seq, struct request *r)
{
    const char *text = request_param(r, 0);
    bool sees = guard_sees(r, desk_read(request_desk(r)), SITE_NONE);
    desk_read_end(request_desk(r));
    return sees && text_int(seq, text, strlen(text))
               ? DW_OK
               : err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有，或不在您的区域", "none, or not in your areas"));
}

dw_err api_held_show(struct request *r)
{
    static const char *const fields[] = {"reason", NULL};
    struct arena_buf text = {0};
    const char *reason;
    int64_t seq;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&reason, r, "reason", 500));
    ERR_TRY(api_held_seq(&seq, r));
    /* Nothing is shown in full that was not recorded first. */
    dw_err err = amend_show(&text, server_window(r->server), seq, &r->detail);
    if (err == DW_OK) err = register_look(request_desk(r), "held.show", reason, 1, r->now, &r->detail);
    if (err == DW_OK) {
        answer_begin(r);
        answer_open(r, NULL, '{');
        answer_int(r, "seq", seq);
        arena_buf_put(&r->out, ",", 1);
        arena_buf_put(&r->out, text.data + 1, text.len - 1); /* its members, and the closing bracket */
    }
    if (text.data != NULL) keys_wipe(text.data, text.cap);
    arena_buf_free(&text);
    return err;
}

dw_err api_held_amend(struct request *r)
{
    static const char *const fields[] = {"body", NULL};
    struct amend_made made;
    int64_t seq;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(api_held_seq(&seq, r));
    uint32_t body = json_member(&r->json, 0, "body");
    if (body == 0)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "body", "%s", request_say(r, "必须填写", "it must be given"));
    ERR_TRY(amend_held(&made, server_window(r->server), seq, &r->json, body, r->now, &r->detail));
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_id(r, "id", made.id);
    answer_bool(r, "held", made.held);
    answer_close(r, '}');
    return DW_OK;
}
