#include <string.h>

#include "fuzz.h"
#include "http/request.h"
#include "ledger/kinds.h"

static const struct routes_query no_queries[] = {{NULL, ROUTES_TEXT, 0, 0, 0, NULL, 0}};
static const struct routes_row fuzz_route = {.name = "fuzz", .queries = no_queries, .body_max = 65536};

/* Every way in which handlers read a member, of any body: what is let through is what was promised. */
static void fuzz_members(struct request *r, const char *field)
{
    const char *text;
    int64_t n;
    struct when when;
    struct id id;
    bool given;
    int value;
    if (request_want(&text, r, field, 40) == DW_OK) FUZZ_MUST(text != NULL && *text != 0 && strlen(text) <= 40);
    if (request_may(&text, r, field, 8) == DW_OK) FUZZ_MUST(text == NULL || strlen(text) <= 8);
    if (request_may_int(&n, r, field, -3, 1000, 7) == DW_OK) FUZZ_MUST(n >= -3 && n <= 1000);
    if (request_may_time(&when, &given, r, field) == DW_OK && given) {
        char again[WHEN_TEXT];
        when_text(again, when);
        FUZZ_MUST(when_parse(&when, again, strlen(again)));
    }
    if (request_may_id(&id, &given, r, field) == DW_OK && given) {
        char again[ID_TEXT];
        struct id same;
        id_text(again, id);
        FUZZ_MUST(id_parse(&same, again, strlen(again)) && id_equal(id, same));
    }
    if (request_may_enum(&value, r, field, kinds_role_texts, KINDS_ROLE_COUNT, -1) == DW_OK)
        FUZZ_MUST(value >= 0 && value < KINDS_ROLE_COUNT);
    FUZZ_MUST(strlen(r->detail.text) < sizeof r->detail.text);
}

/* The first line is a path, the rest a body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const fields[] = {"member", "role",  "area",     "from", "to", "minutes",
                                         "reason", "login", "password", "code", NULL};
    struct request *r = calloc(1, sizeof *r);
    const uint8_t *line = size == 0 ? NULL : memchr(data, '\n', size);
    size_t path_len = line == NULL ? 0 : (size_t)(line - data);
    char path[512];
    struct router_match match;
    FUZZ_MUST(r != NULL);
    if (path_len >= sizeof path) path_len = sizeof path - 1;
    if (path_len > 0) memcpy(path, data, path_len);
    path[path_len] = 0;
    for (int m = 0; m < ROUTES_METHODS; m++) {
        router_find(&match, router_method((enum routes_method)m), path);
        FUZZ_MUST(match.route == NULL || match.path_known);
        for (int i = 0; i < ROUTER_PARAMS; i++) FUZZ_MUST(memchr(match.params[i], 0, ROUTER_PARAM) != NULL);
    }
    r->match.route = &fuzz_route;
    r->lang = size % 2 == 0 ? ERR_ZH : ERR_EN;
    if (line != NULL) arena_buf_put(&r->body, line + 1, size - (size_t)(line - data) - 1);
    if (request_json(r) == DW_OK) {
        bool only = request_only(r, fields) == DW_OK;
        for (const char *const *field = fields; *field != NULL; field++) fuzz_members(r, *field);
        FUZZ_MUST(only || *r->detail.column != 0);
    }
    request_free(r);
    return 0;
}
