#include "http/client.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { CLIENT_ANSWER = 256 << 20, CLIENT_CONNECT_S = 20, CLIENT_SLOW_S = 60 };

struct client {
    CURL *curl;
    char base[512], ca[512];
};

dw_err client_open(struct client **out, const char *base, const char *ca, struct err_detail *detail)
{
    struct client *client = calloc(1, sizeof *client);
    size_t len = strlen(base);
    *out = client;
    if (client == NULL) return DW_E_MEMORY;
    while (len > 0 && base[len - 1] == '/') len--;
    bool good = len < sizeof client->base && (ca == NULL || strlen(ca) < sizeof client->ca) &&
                (strncmp(base, "http://", 7) == 0 || strncmp(base, "https://", 8) == 0);
    snprintf(client->base, sizeof client->base, "%.*s", (int)len, base);
    snprintf(client->ca, sizeof client->ca, "%s", ca == NULL ? "" : ca);
    client->curl = good ? curl_easy_init() : NULL;
    if (client->curl != NULL) return DW_OK;
    client_close(client);
    *out = NULL;
    return good ? DW_E_MEMORY : err_at(detail, DW_E_INVALID, NULL, NULL, 0, "url", "%s: http://… or https://…", base);
}

void client_close(struct client *client)
{
    if (client == NULL) return;
    if (client->curl != NULL) curl_easy_cleanup(client->curl);
    free(client);
}

static size_t client_write(char *data, size_t size, size_t count, void *ctx)
{
    struct arena_buf *answer = ctx;
    if (answer->len + size * count > CLIENT_ANSWER) return 0;
    arena_buf_put(answer, data, size * count);
    return answer->failed ? 0 : size * count;
}

static struct curl_slist *client_headers(const struct client_call *call)
{
    char line[512];
    struct curl_slist *headers = NULL;
    if (call->token != NULL) {
        snprintf(line, sizeof line, "Authorization: Bearer %s", call->token);
        headers = curl_slist_append(headers, line);
    }
    snprintf(line, sizeof line, "Content-Type: %s", call->type == NULL ? "application/json" : call->type);
    headers = curl_slist_append(headers, line);
    if (call->packed) headers = curl_slist_append(headers, "Content-Encoding: zstd");
    return curl_slist_append(headers, "Expect:"); /* nothing is sent twice for want of an answer to it */
}

static dw_err client_problem(const struct arena_buf *answer, long status, struct err_detail *detail)
{
    struct json json = {0};
    struct arena arena = {0};
    const char *code = NULL, *said = NULL;
    dw_err err = status == 401 ? DW_E_UNKNOWN_CALLER : DW_E_UNREACHED;
    if (answer->data != NULL && json_read(&json, answer->data, answer->len, NULL) == DW_OK &&
        json.tokens[0].type == JSON_OBJECT) {
        code = json_member_text(&json, 0, "code", &arena);
        said = json_member_text(&json, 0, "detail", &arena);
    }
    for (int i = 0; code != NULL && i < DW_E_COUNT; i++)
        if (strcmp(err_name((dw_err)i), code) == 0 && i != DW_OK) err = (dw_err)i;
    err = err_set(detail, err, "%s", said == NULL ? "" : said);
    if (code == NULL) err_set(detail, err, "HTTP %ld", status);
    json_free(&json);
    arena_free(&arena);
    return err;
}

static void client_prepare(CURL *curl, const struct client *client, const struct client_call *call)
{
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CLIENT_CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)CLIENT_SLOW_S);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (client->ca[0] != 0) curl_easy_setopt(curl, CURLOPT_CAINFO, client->ca);
    if (call->body == NULL) return;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body);
}

dw_err client_do(struct arena_buf *answer, size_t *wire, struct client *client, const struct client_call *call,
                 struct err_detail *detail)
{
    CURL *curl = client->curl;
    char url[2048], why[CURL_ERROR_SIZE] = "";
    long status = 0;
    curl_off_t bytes = 0;
    arena_buf_clear(answer);
    curl_easy_reset(curl);
    int len = snprintf(url, sizeof url, "%s/api/v1%s", client->base, call->path);
    if (len < 0 || len >= (int)sizeof url) return err_set(detail, DW_E_INVALID, "%s", call->path);
    struct curl_slist *headers = client_headers(call);
    client_prepare(curl, client, call);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, client_write);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    if (wire != NULL) *wire = (size_t)bytes;
    curl_slist_free_all(headers);
    if (answer->failed) return DW_E_MEMORY;
    if (code != CURLE_OK) return err_set(detail, DW_E_UNREACHED, "%s", *why != 0 ? why : curl_easy_strerror(code));
    return status >= 200 && status < 300 ? DW_OK : client_problem(answer, status, detail);
}
