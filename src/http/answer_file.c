#include "http/answer_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

struct answer_part {
    int64_t first, count, size;
};

/* "bytes=0-499", "bytes=500-", "bytes=-500": one part; anything else is answered whole, as RFC 9110 allows. False: none of it is
 * there. */
static bool answer_range(struct answer_part *part, bool *asked, const char *range)
{
    int64_t first = -1, last = -1;
    *asked = false;
    if (range == NULL || strncmp(range, "bytes=", 6) != 0) return true;
    const char *text = range + 6, *dash = strchr(text, '-');
    if (dash == NULL || strchr(text, ',') != NULL) return true;
    if (dash > text && !text_int(&first, text, (size_t)(dash - text))) return true;
    if (dash[1] != 0 && !text_int(&last, dash + 1, strlen(dash + 1))) return true;
    if (first < 0 && last < 0) return true;
    if (first >= 0 && last >= 0 && last < first) return true; /* nonsense is passed over */
    *asked = true;
    if (first < 0) { /* the last so many */
        first = last > part->size ? 0 : part->size - last;
        if (last == 0) return false;
        last = part->size - 1;
    }
    if (last < 0 || last >= part->size) last = part->size - 1;
    if (first >= part->size || first > last) return false;
    part->first = first;
    part->count = last - first + 1;
    return true;
}

static const char *answer_header_of(const struct request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

/* attachment; filename*=UTF-8''… (RFC 6266): every byte that is no letter, digit, dot or hyphen is escaped. */
static void answer_name(struct request *r, const char *name)
{
    struct arena_buf text = {0};
    arena_buf_text(&text, "attachment; filename*=UTF-8''");
    for (const unsigned char *c = (const unsigned char *)name; *c != 0; c++) {
        bool plain = (*c >= '0' && *c <= '9') || ((*c | 32) >= 'a' && (*c | 32) <= 'z') || *c == '.' || *c == '-';
        if (plain)
            arena_buf_put(&text, c, 1);
        else
            arena_buf_format(&text, "%%%02X", *c);
    }
    if (!text.failed) answer_header(r, "Content-Disposition", arena_text(&r->arena, text.data, text.len));
    arena_buf_free(&text);
}

static void answer_format_header(struct request *r, const char *name, const char *format, long long a, long long b, long long c)
{
    char text[96];
    snprintf(text, sizeof text, format, a, b, c);
    answer_header(r, name, arena_text(&r->arena, text, strlen(text)));
}

dw_err answer_file_part(struct request *r, int fd, int64_t size, const char *tag)
{
    struct answer_part part = {0, size, size};
    const char *unless = answer_header_of(r, "If-Range");
    bool asked = false, there = true;
    if (tag != NULL && strcmp(r->method, "GET") == 0 && (unless == NULL || strcmp(unless, tag) == 0))
        there = answer_range(&part, &asked, answer_header_of(r, "Range"));
    if (!there) {
        close(fd);
        r->status = MHD_HTTP_RANGE_NOT_SATISFIABLE;
        answer_format_header(r, "Content-Range", "bytes */%lld", (long long)size, 0, 0);
        return DW_OK;
    }
    r->response = MHD_create_response_from_fd_at_offset64((uint64_t)part.count, fd, (uint64_t)part.first);
    if (r->response == NULL) {
        close(fd);
        return DW_E_MEMORY;
    }
    r->status = asked ? MHD_HTTP_PARTIAL_CONTENT : r->match.route->status;
    r->sent = (uint64_t)part.count;
    answer_header(r, "Accept-Ranges", tag != NULL ? "bytes" : "none");
    if (tag != NULL) answer_header(r, "ETag", tag);
    if (asked)
        answer_format_header(r, "Content-Range", "bytes %lld-%lld/%lld", (long long)part.first,
                             (long long)(part.first + part.count - 1), (long long)size);
    return DW_OK;
}

dw_err answer_file(struct request *r, const struct answer_file *file)
{
    struct stat found;
    if (fstat(file->fd, &found) != 0) {
        close(file->fd);
        return err_set(&r->detail, DW_E_IO, "%s", strerror(errno));
    }
    const char *have = answer_header_of(r, "If-None-Match");
    arena_buf_clear(&r->out);
    if (file->tag != NULL && have != NULL && strstr(have, file->tag) != NULL) {
        close(file->fd);
        r->status = MHD_HTTP_NOT_MODIFIED;
        answer_header(r, "ETag", file->tag);
        return DW_OK;
    }
    r->type = file->type;
    answer_name(r, file->name);
    return answer_file_part(r, file->fd, (int64_t)found.st_size, file->tag);
}

dw_err answer_file_once(struct request *r, char *path, const char *type, const char *name)
{
    struct answer_file file = {.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), .type = type, .name = name};
    int failed = errno;
    unlink(path);
    free(path);
    return file.fd < 0 ? err_set(&r->detail, DW_E_IO, "%s", strerror(failed)) : answer_file(r, &file);
}
