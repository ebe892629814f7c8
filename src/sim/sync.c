#include "sim/sync.h"

#include <stdlib.h>
#include <string.h>

#include "desk/writer.h"

enum { SYNC_TRIES = 100000 /* of one phone: then it will never end */, SYNC_MARKS = UINT32_MAX };
enum sync_what { SYNC_HAND_IN, SYNC_ENROL, SYNC_REVOKE };

/* What the office does, in this order when several are due. */
struct sync_task {
    int64_t ms;
    enum sync_what what;
    uint32_t phone;
};

static struct when sync_when(const struct sync *sync, int64_t ms)
{
    return (struct when){ms, sync->freeze.offset};
}

static struct phone *sync_fleet(const struct sync *sync, uint32_t phone)
{
    return &sync->fleet->phones[phone];
}

/* Nothing of it is left to send. */
static bool sync_over(const struct sync *sync, uint32_t phone)
{
    return sync->phones[phone].known == sync_fleet(sync, phone)->book.count;
}

static dw_err sync_arrive(void *ctx, struct network_answer *out, struct network_parcel *parcel, int64_t now_ms)
{
    struct sync *sync = ctx;
    struct err_detail why = {0};
    struct writer_take take = {.uploads = &parcel->upload, .count = 1, .received = sync_when(sync, now_ms)};
    out->err = writer_submit(sync->desk, &take, &why);
    out->receipt = take.receipts[0];
    out->held = take.held;
    out->known = take.known;
    switch (out->err) {
    case DW_OK:
    case DW_E_CHAIN:
    case DW_E_FORK:
    case DW_E_SIGNATURE:
    case DW_E_NOT_FOUND:
    case DW_E_ENTRY:
    case DW_E_JSON:
    case DW_E_UTF8:
    case DW_E_TOO_LARGE:
        return DW_OK;
    default:
        *sync->detail = why;
        return out->err;
    }
}

static dw_err sync_send(struct sync *sync, uint32_t phone, size_t count, int64_t now_ms, bool by_hand)
{
    struct phone *p = sync_fleet(sync, phone);
    struct sync_phone *s = &sync->phones[phone];
    size_t from = s->known + s->sent;
    const struct upload_entry *last = &p->book.entries[from + count - 1];
    struct network_parcel parcel = {.from = phone,
                                    .mark = s->attempt,
                                    .upload = {.site = p->book.writer.site,
                                               .device = p->book.writer.device,
                                               .first = p->book.first + (int64_t)from,
                                               .last = p->book.first + (int64_t)(from + count) - 1,
                                               .sent = phone_clock(p, sync_when(sync, now_ms)),
                                               .entries = p->book.entries + from,
                                               .count = count}};
    hash_one(parcel.upload.head, last->text, last->len);
    upload_sign(&parcel.upload, &p->book.signer);
    if (by_hand) return network_hand(&sync->network, &parcel, now_ms);
    s->sent += count;
    s->waiting++;
    s->patience_ms = now_ms + sync->fleet->rates->patience;
    return network_send(&sync->network, &parcel, now_ms);
}

static void sync_rest(struct sync *sync, uint32_t phone, int64_t now_ms)
{
    const struct rates *r = sync->fleet->rates;
    const struct phone *p = sync_fleet(sync, phone);
    struct sync_phone *s = &sync->phones[phone];
    s->patience_ms = PHONE_NEVER;
    s->next_ms = now_ms + rates_pick(&sync->rng, r->contact);
    if (!sync->network.calm && rates_hit(&sync->rng, r->offline)) s->next_ms += rates_pick(&sync->rng, r->spell);
    if (p->stolen && s->next_ms >= p->until_ms && s->next_ms < p->thief_ms) s->next_ms = p->thief_ms;
    bool handed = p->restored || p->branch; /* by cable, at its end */
    if (sync_over(sync, phone) || (handed && s->next_ms >= p->until_ms)) s->next_ms = PHONE_NEVER;
}

/* As many uploads as may be on their way; the try is over when there is nothing to send and nothing to wait for. */
static dw_err sync_go_on(struct sync *sync, uint32_t phone, int64_t now_ms)
{
    const struct rates *r = sync->fleet->rates;
    struct sync_phone *s = &sync->phones[phone];
    size_t have = phone_recorded(sync_fleet(sync, phone), now_ms);
    while (s->waiting < r->window && s->known + s->sent < have) {
        size_t rest = have - s->known - s->sent;
        ERR_TRY(sync_send(sync, phone, rest < r->batch ? rest : r->batch, now_ms, false));
    }
    if (s->waiting == 0) sync_rest(sync, phone, now_ms);
    return DW_OK;
}

static dw_err sync_tricks(struct sync *sync, uint32_t phone, int64_t now_ms)
{
    const struct phone *p = sync_fleet(sync, phone);
    struct sync_phone *s = &sync->phones[phone];
    s->tricked = true;
    for (int trick = 0; trick < THIEF_TRICKS; trick++) {
        struct network_parcel parcel = {.from = phone, .mark = SYNC_MARKS - 1 - (uint32_t)trick};
        bool made;
        ERR_TRY(thief_make(&parcel, &made, (enum thief_trick)trick, sync->fleet, p, s->known,
                           phone_clock(p, sync_when(sync, now_ms)), &sync->arena));
        if (!made) continue;
        sync->counts.tricks++;
        ERR_TRY(network_hand(&sync->network, &parcel, now_ms));
    }
    return DW_OK;
}

static dw_err sync_try(struct sync *sync, uint32_t phone, int64_t now_ms)
{
    const struct phone *p = sync_fleet(sync, phone);
    struct sync_phone *s = &sync->phones[phone];
    sync->counts.tries++;
    if (++s->attempt > SYNC_TRIES) return err_set(sync->detail, DW_E_STATE, "phone %u never gets done", phone + 1);
    s->sent = s->waiting = 0;
    s->next_ms = PHONE_NEVER;
    if (p->stolen && now_ms >= p->thief_ms && !s->tricked) ERR_TRY(sync_tricks(sync, phone, now_ms));
    return sync_go_on(sync, phone, now_ms);
}

/* The site has everything up to number last: in its ledger, or set apart. */
static dw_err sync_has(struct sync *sync, uint32_t phone, int64_t last)
{
    const struct phone *p = sync_fleet(sync, phone);
    struct sync_phone *s = &sync->phones[phone];
    if (last < p->book.first + (int64_t)s->known) return DW_OK;
    size_t known = (size_t)(last - p->book.first + 1), moved;
    if (known > p->book.count) return err_set(sync->detail, DW_E_DAMAGED, "an answer for more than phone %u has", phone + 1);
    moved = known - s->known;
    s->known = known;
    s->sent = s->sent > moved ? s->sent - moved : 0;
    return DW_OK;
}

static dw_err sync_receipt(struct sync *sync, uint32_t phone, const struct upload_receipt *receipt)
{
    if (!arena_grow((void **)&sync->receipts, &sync->receipt_cap, sync->receipt_count + 1, sizeof *sync->receipts))
        return DW_E_MEMORY;
    sync->receipts[sync->receipt_count++] = (struct sync_receipt){phone, *receipt};
    return sync_has(sync, phone, receipt->last);
}

/* Answers of an earlier try come too: a receipt is as good then, and the rest is past. */
static dw_err sync_answer(void *ctx, const struct network_parcel *parcel, const struct network_answer *said, int64_t now_ms)
{
    struct sync *sync = ctx;
    struct sync_phone *s = &sync->phones[parcel->from];
    if (parcel->mark >= SYNC_MARKS - THIEF_TRICKS) {
        sync->counts.refused += said->err != DW_OK;
        return DW_OK;
    }
    bool now = parcel->mark == s->attempt && s->patience_ms != PHONE_NEVER;
    if (now && s->waiting > 0) s->waiting--;
    if (said->err == DW_OK) ERR_TRY(sync_receipt(sync, parcel->from, &said->receipt));
    if (said->err == DW_E_FORK) {
        sync->counts.forks++;
        ERR_TRY(sync_has(sync, parcel->from, parcel->upload.last));
    }
    if (said->err == DW_E_CHAIN) {
        sync->counts.back++;
        if (now) s->sent = 0;
    }
    if (said->err != DW_OK && said->err != DW_E_FORK && said->err != DW_E_CHAIN)
        return err_set(sync->detail, DW_E_STATE, "phone %u was refused: %s", parcel->from + 1, err_name(said->err));
    return now ? sync_go_on(sync, parcel->from, now_ms) : DW_OK;
}

/* By cable: everything that the site does not have, in order. */
static dw_err sync_hand_in(struct sync *sync, uint32_t phone, int64_t now_ms)
{
    const struct phone *p = sync_fleet(sync, phone);
    struct sync_phone *s = &sync->phones[phone];
    s->attempt++;
    s->sent = s->waiting = 0;
    s->next_ms = s->patience_ms = PHONE_NEVER;
    while (s->known < p->book.count) {
        size_t before = s->known, rest = p->book.count - s->known, batch = sync->fleet->rates->batch;
        ERR_TRY(sync_send(sync, phone, rest < batch ? rest : batch, now_ms, true));
        if (s->known == before) return err_set(sync->detail, DW_E_STATE, "phone %u could not hand in", phone + 1);
    }
    return DW_OK;
}

static dw_err sync_office(struct sync *sync, const struct sync_task *task)
{
    const struct phone *p = sync_fleet(sync, task->phone);
    struct when now = sync_when(sync, task->ms);
    struct book by = {0};
    char name[64];
    if (task->what == SYNC_HAND_IN) return sync_hand_in(sync, task->phone, task->ms);
    ERR_TRY(book_open(&by, sync->desk, DESK_CLI_DEVICE, sync->detail));
    dw_err err;
    if (task->what == SYNC_ENROL) {
        phone_name(name, sync->fleet, p, sync->world);
        err = book_put_enrol(&by, p->book.writer.device, KINDS_DEVICE_KIND_PHONE, name, &p->book.signer, now);
        sync->counts.replaced++;
        sync_rest(sync, task->phone, task->ms);
    } else {
        entry_begin(&by.writer, KINDS_DEVICE_REVOKE, p->book.writer.device, now, NULL);
        entry_put_text(&by.writer, KINDS_DEVICE_REVOKE_REASON, "失窃");
        err = book_end(&by);
    }
    if (err == DW_OK) err = book_commit(sync->desk, &by, 1, now, NULL, sync->detail);
    book_free(&by);
    if (err != DW_OK || task->what != SYNC_REVOKE) return err;
    sync->revoked_seq[task->phone] = desk_read(sync->desk)->seq;
    desk_read_end(sync->desk);
    return DW_OK;
}

static int sync_compare(const void *a, const void *b)
{
    const struct sync_task *x = a, *y = b;
    if (x->ms != y->ms) return x->ms < y->ms ? -1 : 1;
    if (x->what != y->what) return x->what < y->what ? -1 : 1;
    return x->phone < y->phone ? -1 : x->phone > y->phone;
}

static dw_err sync_plan(struct sync *sync)
{
    const struct phone_fleet *fleet = sync->fleet;
    sync->phones = arena_array(&sync->arena, fleet->count + 1, sizeof *sync->phones);
    sync->revoked_seq = arena_array(&sync->arena, fleet->count + 1, sizeof *sync->revoked_seq);
    sync->tasks = arena_array(&sync->arena, 2 * fleet->count + 1, sizeof *sync->tasks);
    if (sync->phones == NULL || sync->revoked_seq == NULL || sync->tasks == NULL) return DW_E_MEMORY;
    for (uint32_t i = 0; i < fleet->count; i++) {
        const struct phone *p = &fleet->phones[i];
        bool first = i < fleet->beats, follows = !first && !p->branch;
        sync->phones[i] = (struct sync_phone){.next_ms = PHONE_NEVER, .patience_ms = PHONE_NEVER};
        if (follows) sync->tasks[sync->task_count++] = (struct sync_task){p->from_ms, SYNC_ENROL, i};
        if (p->restored || p->branch) sync->tasks[sync->task_count++] = (struct sync_task){p->until_ms, SYNC_HAND_IN, i};
        if (p->stolen) sync->tasks[sync->task_count++] = (struct sync_task){p->revoked_ms, SYNC_REVOKE, i};
        sync->counts.stolen += p->stolen;
        sync->counts.restored += p->restored;
        if (!follows) sync_rest(sync, i, p->from_ms);
    }
    if (sync->task_count > 0) qsort(sync->tasks, sync->task_count, sizeof *sync->tasks, sync_compare);
    return DW_OK;
}

/* The phone whose turn comes first, and when: its next try, or the end of its patience. */
static int64_t sync_first(const struct sync *sync, uint32_t *phone)
{
    int64_t first = PHONE_NEVER;
    for (uint32_t i = 0; i < sync->fleet->count; i++) {
        const struct sync_phone *s = &sync->phones[i];
        int64_t due = s->patience_ms < s->next_ms ? s->patience_ms : s->next_ms;
        if (due >= first) continue;
        first = due;
        *phone = i;
    }
    return first;
}

static dw_err sync_turn(struct sync *sync, uint32_t phone, int64_t now_ms)
{
    struct sync_phone *s = &sync->phones[phone];
    if (s->patience_ms > now_ms) return sync_try(sync, phone, now_ms);
    sync_rest(sync, phone, now_ms);
    return DW_OK;
}

dw_err sync_run(struct sync *sync, uint64_t seed, const struct clock_progress *progress)
{
    struct network *net = &sync->network;
    *net = (struct network){
        .rates = sync->fleet->rates, .rng = rng_seed(seed), .arrive = sync_arrive, .answer = sync_answer, .ctx = sync};
    sync->rng = rng_seed(seed ^ 0x73796e63u);
    ERR_TRY(sync_plan(sync));
    int64_t home = sync->freeze.ms + sync->fleet->rates->home;
    for (;;) {
        uint32_t phone = 0;
        int64_t turn = sync_first(sync, &phone), parcel = network_next(net),
                task = sync->task_next < sync->task_count ? sync->tasks[sync->task_next].ms : PHONE_NEVER;
        int64_t now = turn < parcel ? turn : parcel;
        if (task < now) now = task;
        if (now == PHONE_NEVER) break;
        net->calm = now >= home;
        if (!clock_tick(progress, "simulate.sync", (uint64_t)net->counts.arrived, 0)) return DW_E_CANCELLED;
        if (task == now)
            ERR_TRY(sync_office(sync, &sync->tasks[sync->task_next++]));
        else if (parcel == now)
            ERR_TRY(network_step(net));
        else
            ERR_TRY(sync_turn(sync, phone, now));
    }
    for (uint32_t i = 0; i < sync->fleet->count; i++)
        if (!sync_over(sync, i)) return err_set(sync->detail, DW_E_STATE, "phone %u never got done", i + 1);
    return DW_OK;
}

void sync_free(struct sync *sync)
{
    network_free(&sync->network);
    arena_free(&sync->arena);
    free(sync->receipts);
    memset(sync, 0, sizeof *sync);
}
