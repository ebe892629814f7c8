#include "files/beside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* A disk with less than this left counts as full when a library only says that writing failed. */
enum { BESIDE_SPARE = 64 * 1024 };

static char *beside_join(const char *path, size_t len, const char *name)
{
    char *text = malloc(len + strlen(name) + 1);
    if (text != NULL) {
        memcpy(text, path, len);
        memcpy(text + len, name, strlen(name) + 1);
    }
    return text;
}

/* Bytes of path before its last name, the slash included. */
static size_t beside_head(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

static char *beside_inside(const struct beside *b, const char *name)
{
    size_t size = strlen(b->folder) + strlen(name) + 2;
    char *text = malloc(size);
    if (text != NULL) snprintf(text, size, "%s/%s", b->folder, name);
    return text;
}

dw_err beside_make(struct beside *b, const char *path, struct err_detail *detail)
{
    struct stat st;
    if (strcmp(path, "-") == 0) return DW_OK;
    bool there = stat(path, &st) == 0, regular = there && S_ISREG(st.st_mode);
    b->path = regular ? realpath(path, NULL) : strdup(path); /* behind a link the file is replaced, not the link */
    if (b->path == NULL) return DW_E_MEMORY;
    size_t head = beside_head(b->path);
    if (b->path[head] == 0 || (there && S_ISDIR(st.st_mode))) return beside_fail(b, EISDIR, detail);
    if (there && !regular) {
        b->part = strdup(path);
        return b->part == NULL ? DW_E_MEMORY : DW_OK;
    }
    char *folder = beside_join(b->path, head, ".part-XXXXXX");
    if (folder == NULL) return DW_E_MEMORY;
    if (mkdtemp(folder) == NULL) {
        dw_err err = beside_fail(b, errno, detail);
        free(folder);
        return err;
    }
    b->folder = folder;
    b->part = beside_inside(b, b->path + head);
    return b->part == NULL ? DW_E_MEMORY : DW_OK;
}

FILE *beside_open(const struct beside *b)
{
    return b->part == NULL ? stdout : fopen(b->part, "wb");
}

/* A full disk may show only now: some file systems place bytes late. */
static bool beside_sync(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool good = fsync(file) == 0;
    int code = errno;
    close(file);
    errno = code;
    return good;
}

/* Calls visit for every file of the folder; false when one fails, errno as it left it. */
static bool beside_each(const struct beside *b, bool (*visit)(const struct beside *b, const char *name, const char *file))
{
    DIR *folder = opendir(b->folder);
    struct dirent *entry;
    bool good = folder != NULL;
    while (good && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char *file = beside_inside(b, entry->d_name);
        good = file != NULL && visit(b, entry->d_name, file);
        free(file);
    }
    int code = errno;
    if (folder != NULL) closedir(folder);
    errno = code;
    return good;
}

static bool beside_move(const struct beside *b, const char *name, const char *file)
{
    if (strcmp(file, b->part) == 0) return true;
    char *place = beside_join(b->path, beside_head(b->path), name);
    if (place == NULL) return false;
    bool good = beside_sync(file) && rename(file, place) == 0;
    int code = errno;
    free(place);
    errno = code;
    return good;
}

static bool beside_remove(const struct beside *b, const char *name, const char *file)
{
    (void)b;
    (void)name;
    unlink(file); /* what cannot be removed keeps its folder, and that is seen */
    return true;
}

/* A name is kept by its folder. Some network file systems cannot sync one and say EINVAL: there is nothing more to do then. */
static bool beside_sync_names(const struct beside *b)
{
    char *folder = beside_join(b->path, beside_head(b->path), ".");
    bool good = folder != NULL && (beside_sync(folder) || errno == EINVAL);
    free(folder);
    return good;
}

dw_err beside_keep(struct beside *b, struct err_detail *detail)
{
    if (b->folder == NULL) return DW_OK;
    bool good = beside_sync(b->part) && beside_each(b, beside_move) && rename(b->part, b->path) == 0 && beside_sync_names(b);
    return good ? DW_OK : beside_fail(b, errno, detail);
}

void beside_free(struct beside *b)
{
    if (b->folder != NULL && b->part != NULL) beside_each(b, beside_remove);
    if (b->folder != NULL) rmdir(b->folder);
    free(b->path);
    free(b->folder);
    free(b->part);
    memset(b, 0, sizeof *b);
}

dw_err beside_fail(const struct beside *b, int code, struct err_detail *detail)
{
    struct statvfs space;
    bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    if (code == 0 && b->folder != NULL && statvfs(b->folder, &space) == 0)
        full = (uint64_t)space.f_bavail * space.f_frsize < BESIDE_SPARE;
    return err_at(detail, full ? DW_E_FULL : DW_E_IO, b->path == NULL ? "-" : b->path, "", 0, "", "%s",
                  code == 0 ? "cannot write" : strerror(code));
}

dw_err beside_put(const char *path, const void *data, size_t len, struct err_detail *detail)
{
    struct beside beside = {0};
    dw_err err = beside_make(&beside, path, detail);
    FILE *file = err == DW_OK ? beside_open(&beside) : NULL;
    if (err == DW_OK && file == NULL) err = beside_fail(&beside, errno, detail);
    if (err == DW_OK && fwrite(data, 1, len, file) != len) err = beside_fail(&beside, errno, detail);
    if (file != NULL && (file == stdout ? fflush(file) : fclose(file)) != 0 && err == DW_OK)
        err = beside_fail(&beside, errno, detail);
    if (err == DW_OK) err = beside_keep(&beside, detail);
    beside_free(&beside);
    return err;
}
