/* A simulated phone against a server, over HTTP as a real one: it enrols by an invitation, asks who is missing, knocks at some
 * doors, pushes, and asks again. */
#include <string.h>

#include "cli/cmd.h"
#include "desk/book.h"
#include "http/fetch.h"

enum { PHONE_VISITS_MOST = 1000 };

struct phone_run {
    struct cli *cli;
    const char *server, *token;
    struct json json; /* of the last answer */
    struct arena_buf text;
    struct book book;
    struct keys_signer signer;
    struct id site, device, round;
    int64_t number, before, after, visits, held;
};

/* What the server said was wrong is told in its words. */
static dw_err phone_refused(struct phone_run *p, long status)
{
    uint32_t title = json_member(&p->json, 0, "title"), said = json_member(&p->json, 0, "detail");
    const char *what = title == 0 ? "" : json_text(&p->json, title, &p->cli->arena),
               *more = said == 0 ? "" : json_text(&p->json, said, &p->cli->arena);
    return err_set(&p->cli->detail,
                   status == 401   ? DW_E_UNKNOWN_CALLER
                   : status == 403 ? DW_E_FORBIDDEN
                                   : DW_E_STATE,
                   "%ld %s %s", status, what == NULL ? "" : what, more == NULL ? "" : more);
}

static dw_err phone_ask(struct phone_run *p, const char *method, const char *path, const char *type, const void *body, size_t len)
{
    char url[1024];
    long status = 0;
    struct fetch fetch = {.method = method,
                          .url = url,
                          .token = p->token,
                          .type = type,
                          .body = body,
                          .len = len,
                          .lang = p->cli->lang == ERR_ZH ? "zh" : "en",
                          .authority = cli_text(p->cli, "authority")};
    snprintf(url, sizeof url, "%s/api/v1%s", p->server, path);
    ERR_TRY(fetch_run(&status, &p->text, &fetch, &p->cli->detail));
    ERR_TRY(json_read(&p->json, p->text.data == NULL ? "" : p->text.data, p->text.len, &p->cli->detail));
    return status / 100 == 2 ? DW_OK : phone_refused(p, status);
}

static bool phone_id(struct id *out, struct phone_run *p, uint32_t object, const char *key)
{
    uint32_t token = json_member(&p->json, object, key);
    const char *text = token == 0 ? NULL : json_text(&p->json, token, &p->cli->arena);
    return text != NULL && id_parse(out, text, strlen(text));
}

static int64_t phone_int(struct phone_run *p, uint32_t object, const char *key)
{
    int64_t n = 0;
    uint32_t token = json_member(&p->json, object, key);
    return token != 0 && json_int(&p->json, token, &n) ? n : 0;
}

static dw_err phone_strange(struct phone_run *p, const char *what)
{
    return err_set(&p->cli->detail, DW_E_FORMAT, "%s: %s", p->server, what);
}

static dw_err phone_enrol(struct phone_run *p)
{
    struct arena_buf body = {0};
    struct json_out out = {.buf = &body};
    char key[HASH_TEXT];
    uint8_t seed[KEYS_SEED];
    rng_bytes(NULL, seed, sizeof seed);
    keys_signer_make(&p->signer, seed);
    keys_wipe(seed, sizeof seed);
    hash_b64(key, p->signer.public_key, KEYS_PUBLIC);
    json_open(&out, '{');
    json_key(&out, "invite");
    json_put(&out, cli_text(p->cli, "invite"));
    json_key(&out, "public_key");
    json_put(&out, key);
    json_close(&out, '}');
    dw_err err = body.failed ? DW_E_MEMORY : phone_ask(p, "POST", "/auth/phone", "application/json", body.data, body.len);
    arena_buf_free(&body);
    ERR_TRY(err);
    uint32_t token = json_member(&p->json, 0, "token");
    p->token = token == 0 ? NULL : json_text(&p->json, token, &p->cli->arena);
    if (p->token == NULL || !phone_id(&p->device, p, 0, "device") || !phone_id(&p->site, p, 0, "site"))
        return phone_strange(p, "auth/phone");
    book_start(&p->book, p->site, p->device, &p->signer, NULL);
    return DW_OK;
}

static dw_err phone_round(struct phone_run *p, int64_t *missing)
{
    ERR_TRY(phone_ask(p, "GET", "/rounds/0", NULL, NULL, 0));
    if (!phone_id(&p->round, p, 0, "id")) return phone_strange(p, "rounds/0");
    p->number = phone_int(p, 0, "number");
    *missing = phone_int(p, 0, "missing");
    return DW_OK;
}

static dw_err phone_visit(struct phone_run *p, struct id door, struct id person)
{
    struct entry_writer *w = &p->book.writer;
    entry_begin(w, KINDS_VISIT, door, when_now(), NULL);
    entry_put_id(w, KINDS_VISIT_ROUND, p->round);
    entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
    entry_list_begin(w, KINDS_VISIT_PEOPLE);
    entry_item_begin(w);
    entry_item_id(w, "person", person);
    entry_item_text(w, "state", kinds_state_texts[KINDS_STATE_DONE]);
    entry_item_end(w);
    entry_list_end(w);
    return book_end(&p->book);
}

static dw_err phone_knock(struct phone_run *p, int64_t visits)
{
    char path[64];
    snprintf(path, sizeof path, "/rounds/0/missing?limit=%lld", (long long)visits);
    ERR_TRY(phone_ask(p, "GET", path, NULL, NULL, 0));
    uint32_t items = json_member(&p->json, 0, "items");
    if (items == 0) return phone_strange(p, path);
    for (uint32_t at = json_first(items); at < json_end(&p->json, items); at = p->json.tokens[at].next) {
        struct id person, door;
        if (!phone_id(&person, p, at, "id") || !phone_id(&door, p, at, "door")) continue; /* who has no door is not knocked at */
        ERR_TRY(phone_visit(p, door, person));
        p->visits++;
    }
    return DW_OK;
}

static dw_err phone_push(struct phone_run *p)
{
    struct upload upload;
    struct arena_buf text = {0};
    if (p->visits == 0) return DW_OK;
    book_upload(&upload, &p->book, when_now());
    upload_print(&text, &upload);
    dw_err err =
        text.failed ? DW_E_MEMORY : phone_ask(p, "POST", "/entries", "application/x-doorward-upload", text.data, text.len);
    arena_buf_free(&text);
    ERR_TRY(err);
    uint32_t receipts = json_member(&p->json, 0, "receipts");
    if (receipts == 0 || p->json.tokens[receipts].count == 0) return phone_strange(p, "entries");
    p->held = phone_int(p, json_first(receipts), "held");
    return DW_OK;
}

static dw_err phone_tell(const struct phone_run *p)
{
    const struct cli *cli = p->cli;
    char device[ID_TEXT];
    id_text(device, p->device);
    if (!cli->json) {
        printf(cli_say(cli, "手机已登记：%s\n", "Enrolled as device %s\n"), device);
        printf(cli_say(cli, "第 %lld 轮：上门 %lld 人，已上传并收到回执（待定 %lld 条）\n",
                       "Round %lld: %lld people done at their doors, pushed, receipt received (%lld entries held)\n"),
               (long long)p->number, (long long)p->visits, (long long)p->held);
        printf(cli_say(cli, "未检人数：%lld → %lld\n", "Missing: %lld -> %lld\n"), (long long)p->before, (long long)p->after);
        return DW_OK;
    }
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "device", device);
    out_json_int(&out, "round", p->number);
    out_json_int(&out, "visits", p->visits);
    out_json_int(&out, "held", p->held);
    out_json_int(&out, "missing_before", p->before);
    out_json_int(&out, "missing_after", p->after);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

dw_err cmd_simulate_phone(struct cli *cli)
{
    static struct phone_run p;
    int64_t visits = cli_int(cli, "visits");
    if (visits < 1 || visits > PHONE_VISITS_MOST) return err_set(&cli->detail, DW_E_USAGE, "--visits 1..%d", PHONE_VISITS_MOST);
    p.cli = cli;
    p.server = cli_text(cli, "server");
    dw_err err = phone_enrol(&p);
    if (err == DW_OK) err = phone_round(&p, &p.before);
    if (err == DW_OK) err = phone_knock(&p, visits);
    if (err == DW_OK) err = phone_push(&p);
    if (err == DW_OK) err = phone_round(&p, &p.after);
    if (err == DW_OK) err = phone_tell(&p);
    book_free(&p.book);
    keys_wipe(&p.signer, sizeof p.signer);
    json_free(&p.json);
    arena_buf_free(&p.text);
    return err;
}
