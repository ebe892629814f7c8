#include "http/call_once.h"

#include <string.h>

#include "desk/once.h"
#include "http/answer.h"
#include "http/server.h"

enum { CALL_ONCE_KEY = 200, CALL_ONCE_MOST = 256 * 1024 /* bytes of an answer that are kept */ };

static const char *call_once_key(const struct request *r)
{
    const char *key = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Idempotency-Key");
    return r->match.route->method == ROUTES_POST && r->match.route->may != ROUTES_PUBLIC ? key : NULL;
}

static void call_once_hash(uint8_t out[HASH_SIZE], const struct request *r, const char *key)
{
    struct hash_stream stream;
    hash_start(&stream);
    hash_add(&stream, &r->who.account, sizeof r->who.account);
    hash_add(&stream, &r->who.device, sizeof r->who.device);
    hash_add(&stream, key, strlen(key));
    hash_end(&stream, out);
}

static void call_once_request(uint8_t out[HASH_SIZE], const struct request *r)
{
    struct hash_stream stream;
    hash_start(&stream);
    hash_add(&stream, r->match.route->name, strlen(r->match.route->name) + 1);
    for (int i = 0; i < ROUTER_PARAMS; i++) hash_add(&stream, r->match.params[i], strlen(r->match.params[i]) + 1);
    for (size_t i = 0; i < r->query_count; i++) {
        hash_add(&stream, r->queries[i].name, strlen(r->queries[i].name) + 1);
        hash_add(&stream, r->queries[i].value, strlen(r->queries[i].value) + 1);
    }
    hash_add(&stream, r->body.data == NULL ? "" : r->body.data, r->body.len);
    hash_end(&stream, out);
}

static dw_err call_once_wrong(struct request *r, dw_err err, const char *zh, const char *en)
{
    return err_at(&r->detail, err, NULL, NULL, 0, "Idempotency-Key", "%s", r->lang == ERR_ZH ? zh : en);
}

dw_err call_once_begin(bool *done, struct request *r)
{
    const char *key = call_once_key(r);
    uint8_t hash[HASH_SIZE], request[HASH_SIZE];
    struct once_answer answer;
    enum once_found found;
    *done = false;
    if (key == NULL) return DW_OK;
    if (*key == 0 || strlen(key) > CALL_ONCE_KEY)
        return call_once_wrong(r, DW_E_INVALID, "1 到 200 个字符", "1 to 200 characters");
    call_once_hash(hash, r, key);
    call_once_request(request, r);
    ERR_TRY(once_begin(&found, &answer, server_window(r->server), hash, request, r->now.ms, &r->arena, &r->detail));
    r->once = found == ONCE_NEW;
    if (found == ONCE_NEW) return DW_OK;
    if (found == ONCE_OTHER)
        return call_once_wrong(r, DW_E_INVALID, "这个键已用于另一个请求", "the key was used for another call");
    if (found == ONCE_BEGUN || answer.body == NULL)
        return call_once_wrong(r, DW_E_STATE, "这个请求已经开始或做过，请看现在的情况，再用新的键",
                               "this call was begun or done: see how things are, then use a new key");
    *done = true;
    answer_raw(r, arena_text(&r->arena, answer.type, strlen(answer.type)), answer.body, answer.len);
    r->status = (unsigned)answer.status;
    answer_header(r, "Idempotent-Replayed", "true");
    return DW_OK;
}

void call_once_end(struct request *r, dw_err err)
{
    const char *key = r->once ? call_once_key(r) : NULL;
    struct err_detail ignored = {0};
    struct once_answer answer = {.status = r->status};
    uint8_t hash[HASH_SIZE];
    if (key == NULL) return;
    r->once = false;
    call_once_hash(hash, r, key);
    if (r->type != NULL) snprintf(answer.type, sizeof answer.type, "%s", r->type);
    if (r->response == NULL && !r->out.failed && r->out.len <= CALL_ONCE_MOST) {
        answer.body = r->out.data == NULL ? "" : r->out.data;
        answer.len = r->out.len;
    }
    /* What is answered later, by another thread, is done once by its own nature (a push). */
    once_end(server_window(r->server), hash, err == DW_OK && r->hand_on == NULL ? &answer : NULL, &ignored);
}
