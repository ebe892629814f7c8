#include "http/fetch.h"

#include <ctype.h>
#include <curl/curl.h>
#include <string.h>

#include "base/json.h"

enum { FETCH_ANSWER = 256 * 1024, FETCH_SECONDS = 10 };

bool fetch_allowed(const char *url)
{
    static const char *const here[] = {"http://127.0.0.1", "http://[::1]", "http://localhost"};
    if (strncmp(url, "https://", 8) == 0) return url[8] != 0 && strchr(url, '@') == NULL;
    for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
        size_t len = strlen(here[i]);
        if (strncmp(url, here[i], len) == 0 && (url[len] == 0 || url[len] == ':' || url[len] == '/'))
            return strchr(url, '@') == NULL;
    }
    return false;
}

void fetch_escape(struct arena_buf *out, const char *text)
{
    for (; *text != 0; text++) {
        unsigned char c = (unsigned char)*text;
        if (isalnum(c) || strchr("-._~", c) != NULL)
            arena_buf_put(out, text, 1);
        else
            arena_buf_format(out, "%%%02X", c);
    }
}

static size_t fetch_write(char *data, size_t size, size_t count, void *ctx)
{
    struct arena_buf *answer = ctx;
    if (answer->len + size * count > FETCH_ANSWER) return 0;
    arena_buf_put(answer, data, size * count);
    return answer->failed ? 0 : size * count;
}

static void fetch_prepare(CURL *curl, const struct fetch *spec, struct arena_buf *answer, char *why)
{
    curl_easy_setopt(curl, CURLOPT_URL, spec->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)FETCH_SECONDS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, fetch_write);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    if (spec->ca != NULL) curl_easy_setopt(curl, CURLOPT_CAINFO, spec->ca);
    if (spec->form != NULL) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, spec->form);
    if (spec->user == NULL) return;
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(curl, CURLOPT_USERNAME, spec->user);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, spec->password);
}

/* OAuth says why in a member of its own (RFC 6749 section 5.2). */
static dw_err fetch_refused(const struct arena_buf *answer, const struct fetch *spec, long status, struct err_detail *detail)
{
    struct json json = {0};
    struct arena arena = {0};
    const char *said = NULL;
    if (answer->data != NULL && json_read(&json, answer->data, answer->len, NULL) == DW_OK)
        said = json_member_text(&json, 0, "error", &arena);
    dw_err err = err_set(detail, spec->form != NULL && status >= 400 && status < 500 ? DW_E_UNKNOWN_CALLER : DW_E_UNREACHED,
                         "HTTP %ld %s", status, said == NULL ? "" : said);
    json_free(&json);
    arena_free(&arena);
    return err;
}

dw_err fetch_do(struct arena_buf *answer, const struct fetch *spec, struct err_detail *detail)
{
    char why[CURL_ERROR_SIZE] = "";
    long status = 0;
    arena_buf_clear(answer);
    if (!fetch_allowed(spec->url)) return err_set(detail, DW_E_UNREACHED, "not https: %s", spec->url);
    CURL *curl = curl_easy_init();
    if (curl == NULL) return DW_E_MEMORY;
    fetch_prepare(curl, spec, answer, why);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    if (answer->failed) return DW_E_MEMORY;
    if (code != CURLE_OK) return err_set(detail, DW_E_UNREACHED, "%s", *why != 0 ? why : curl_easy_strerror(code));
    return status == 200 ? DW_OK : fetch_refused(answer, spec, status, detail);
}
