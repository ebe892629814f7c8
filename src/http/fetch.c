#include "http/fetch.h"

#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

static void fetch_once(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static size_t fetch_take(char *data, size_t size, size_t count, void *ctx)
{
    struct arena_buf *out = ctx;
    if (out->len + size * count > FETCH_MOST) return 0;
    arena_buf_put(out, data, size * count);
    return out->failed ? 0 : count * size;
}

static struct curl_slist *fetch_headers(const struct fetch *fetch)
{
    struct curl_slist *list = NULL;
    const char *const parts[][2] = {
        {"Authorization: Bearer ", fetch->token}, {"Content-Type: ", fetch->type}, {"Accept-Language: ", fetch->lang}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct arena_buf line = {0};
        if (parts[i][1] == NULL) continue;
        arena_buf_format(&line, "%s%s", parts[i][0], parts[i][1]);
        if (!line.failed) list = curl_slist_append(list, line.data);
        arena_buf_free(&line);
    }
    return list;
}

dw_err fetch_run(long *status, struct arena_buf *out, const struct fetch *fetch, struct err_detail *detail)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char why[CURL_ERROR_SIZE] = "";
    pthread_once(&once, fetch_once);
    arena_buf_clear(out);
    if (strncmp(fetch->url, "http://", 7) != 0 && strncmp(fetch->url, "https://", 8) != 0)
        return err_set(detail, DW_E_INVALID, "%.200s", fetch->url);
    CURL *curl = curl_easy_init();
    if (curl == NULL) return DW_E_MEMORY;
    struct curl_slist *headers = fetch_headers(fetch);
    curl_easy_setopt(curl, CURLOPT_URL, fetch->url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, fetch->method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, fetch->seconds > 0 ? fetch->seconds : 60L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, fetch_take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
    if (fetch->authority != NULL) curl_easy_setopt(curl, CURLOPT_CAINFO, fetch->authority);
    if (fetch->type != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)fetch->len);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, fetch->body);
    }
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    bool large = code == CURLE_WRITE_ERROR;
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (code == CURLE_OK) return DW_OK;
    return err_set(detail, large ? DW_E_TOO_LARGE : DW_E_IO, "%.200s: %s", fetch->url,
                   *why != 0 ? why : curl_easy_strerror(code));
}
