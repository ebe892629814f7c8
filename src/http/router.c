#include "http/router.h"

#include <string.h>

#include "routes_gen.inc"

const char *router_method(enum routes_method method)
{
    static const char *const names[ROUTES_METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    return names[method];
}

static bool router_fits(const char *pattern, const char *path, char params[ROUTER_PARAMS][ROUTER_PARAM])
{
    size_t param = 0;
    while (*pattern != 0 && *path != 0) {
        if (*pattern != '{') {
            if (*pattern++ != *path++) return false;
            continue;
        }
        size_t len = strcspn(path, "/");
        if (len == 0 || len >= ROUTER_PARAM || param == ROUTER_PARAMS) return false;
        memcpy(params[param], path, len);
        params[param++][len] = 0;
        path += len;
        pattern += strcspn(pattern, "}") + 1;
    }
    return *pattern == 0 && *path == 0;
}

static void router_among(struct router_match *out, const char *method, const char *path, unsigned root)
{
    char params[ROUTER_PARAMS][ROUTER_PARAM];
    /* HEAD is GET without its body; the library leaves the body out. */
    if (strcmp(method, "HEAD") == 0) method = "GET";
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < routes_count; i++) {
        memset(params, 0, sizeof params);
        if ((routes_all[i].flags & ROUTES_ROOT) != root || (routes_all[i].flags & ROUTES_REST) != 0) continue;
        if (!router_fits(routes_all[i].path, path, params)) continue;
        out->path_known = true;
        out->methods |= 1u << routes_all[i].method;
        if (strcmp(router_method(routes_all[i].method), method) != 0) continue;
        out->route = &routes_all[i];
        memcpy(out->params, params, sizeof params);
        if (strchr(routes_all[i].path, '{') == NULL) return; /* /rounds/latest goes before /rounds/{number} */
    }
}

void router_find(struct router_match *out, const char *method, const char *path)
{
    router_among(out, method, path, 0);
}

void router_find_root(struct router_match *out, const char *method, const char *path)
{
    router_among(out, method, path, ROUTES_ROOT);
    if (strncmp(path, "/api/", 5) != 0) {
        out->path_known = true;
        out->methods |= 1u << ROUTES_GET;
    }
    if (out->route != NULL || !out->path_known || (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)) return;
    for (size_t i = 0; i < routes_count; i++)
        if ((routes_all[i].flags & ROUTES_REST) != 0) out->route = &routes_all[i];
}
