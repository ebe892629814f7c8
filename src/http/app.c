#include "http/app.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/answer_file.h"

enum { APP_DEPTH = 16, APP_NAME = 200, APP_HASH = 8 };

/* Scripts, styles, pictures and calls of this site only; wasm reads codes; maps draw into blobs. */
static const char APP_CSP[] =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

const char *app_type(const char *name)
{
    static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".mjs", "text/javascript; charset=utf-8"},
                                           {".css", "text/css; charset=utf-8"},
                                           {".json", "application/json"},
                                           {".webmanifest", "application/manifest+json"},
                                           {".map", "application/json"},
                                           {".geojson", "application/geo+json"},
                                           {".svg", "image/svg+xml"},
                                           {".png", "image/png"},
                                           {".jpg", "image/jpeg"},
                                           {".webp", "image/webp"},
                                           {".ico", "image/vnd.microsoft.icon"},
                                           {".wasm", "application/wasm"},
                                           {".woff2", "font/woff2"},
                                           {".txt", "text/plain; charset=utf-8"},
                                           {".pdf", "application/pdf"},
                                           {".pbf", "application/x-protobuf"}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof *types; i++)
        if (strcmp(dot, types[i][0]) == 0) return types[i][1];
    return "application/octet-stream";
}

bool app_hashed(const char *name)
{
    const char *dot = strrchr(name, '.'), *at = dot;
    bool digit = false, upper = false, lower = false;
    while (at != NULL && at > name && (isalnum((unsigned char)at[-1]) || at[-1] == '_')) {
        at--;
        digit = digit || isdigit((unsigned char)*at);
        upper = upper || isupper((unsigned char)*at);
        lower = lower || islower((unsigned char)*at);
    }
    /* A word of eight letters is no hash: one has digits, or letters of both cases. */
    return at != NULL && at > name && (at[-1] == '-' || at[-1] == '.') && dot - at >= APP_HASH && (digit || (upper && lower));
}

/* Opens a file below a folder step by step, through no link and no way up: nothing outside of it can be reached, whatever path
 * says. Nor is what begins with a dot given out (but .well-known). −1. */
static int app_open(int folder, const char *path, struct stat *st)
{
    char name[APP_NAME + 8];
    int at = dup(folder);
    for (int depth = 0; at >= 0 && depth < APP_DEPTH; depth++) {
        path += strspn(path, "/");
        size_t len = strcspn(path, "/");
        if (len == 0 || len >= APP_NAME || (*path == '.' && !(len == 11 && memcmp(path, ".well-known", 11) == 0))) break;
        memcpy(name, path, len);
        name[len] = 0;
        path += len;
        int next = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (*path == '/' ? O_DIRECTORY : 0));
        close(at);
        at = next;
        if (at >= 0 && *path == 0 && fstat(at, st) == 0 && S_ISREG(st->st_mode)) return at;
        if (*path == 0) break;
    }
    if (at >= 0) close(at);
    return -1;
}

/* The smallest of what lies there packed and the caller takes, if it is not older than the file. */
static int app_packed(const char **coding, const struct request *r, int folder, const char *path, struct stat *st)
{
    static const char *const kinds[][2] = {{"br", ".br"}, {"zstd", ".zst"}, {"gzip", ".gz"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char beside[APP_DEPTH * APP_NAME];
        struct stat packed;
        if (!answer_takes(r, kinds[i][0])) continue;
        snprintf(beside, sizeof beside, "%s%s", path, kinds[i][1]);
        int fd = app_open(folder, beside, &packed);
        if (fd >= 0 && packed.st_mtim.tv_sec >= st->st_mtim.tv_sec) {
            *coding = kinds[i][0];
            *st = packed;
            return fd;
        }
        if (fd >= 0) close(fd);
    }
    return -1;
}

static void app_headers(struct request *r, const char *path)
{
    const char *name = strrchr(path, '/');
    name = name == NULL ? path : name + 1;
    answer_header(r, "Cache-Control", app_hashed(name) ? "public, max-age=31536000, immutable" : "no-cache");
    answer_header(r, "Content-Security-Policy", APP_CSP);
    answer_header(r, "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()");
    answer_header(r, "Cross-Origin-Opener-Policy", "same-origin");
    r->type = app_type(name);
}

static dw_err app_send(struct request *r, int folder, const char *path, int fd, struct stat st)
{
    const char *coding = NULL;
    char tag[80];
    int packed = app_packed(&coding, r, folder, path, &st);
    if (packed >= 0) {
        close(fd);
        fd = packed;
    }
    app_headers(r, path);
    snprintf(tag, sizeof tag, "\"%llx%08lx-%llx%s%s\"", (unsigned long long)st.st_mtim.tv_sec, (unsigned long)st.st_mtim.tv_nsec,
             (unsigned long long)st.st_size, coding == NULL ? "" : "-", coding == NULL ? "" : coding);
    if (coding != NULL) answer_header(r, "Content-Encoding", coding);
    const char *have = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "If-None-Match");
    if (have != NULL && strstr(have, tag) != NULL) {
        close(fd);
        answer_header(r, "ETag", arena_text(&r->arena, tag, strlen(tag)));
        r->status = MHD_HTTP_NOT_MODIFIED;
        return DW_OK;
    }
    return answer_file_part(r, fd, (int64_t)st.st_size, arena_text(&r->arena, tag, strlen(tag)));
}

dw_err app_answer(struct request *r, const char *path_of_folder)
{
    static const char index[] = "/index.html";
    struct stat st;
    const char *path = strcmp(r->url, "/") == 0 ? index : r->url, *name = strrchr(path, '/');
    int folder = open(path_of_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return err_set(&r->detail, DW_E_IO, "%s", strerror(errno));
    int fd = strlen(path) < (APP_DEPTH - 1) * APP_NAME ? app_open(folder, path, &st) : -1;
    if (fd < 0 && name != NULL && strchr(name, '.') == NULL)
        fd = app_open(folder, path = index, &st); /* a page of the app's own */
    dw_err err = fd < 0 ? err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有这个文件", "no such file"))
                        : app_send(r, folder, path, fd, st);
    close(folder);
    return err;
}
