#include "desk/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/disk.h"

dw_err scratch_make(struct scratch *scratch, const char *beside, struct err_detail *detail)
{
    static const char name[] = ".doorward-XXXXXX";
    const char *slash = strrchr(beside, '/');
    size_t head = slash == NULL ? 0 : (size_t)(slash - beside) + 1;
    char *folder = malloc(head + sizeof name);
    if (folder == NULL) return DW_E_MEMORY;
    memcpy(folder, beside, head);
    memcpy(folder + head, name, sizeof name);
    if (mkdtemp(folder) == NULL) {
        dw_err err = disk_error(detail, beside, errno);
        free(folder);
        return err;
    }
    scratch->folder = folder;
    scratch->path = disk_beside(folder, "/site.db");
    return scratch->path == NULL ? DW_E_MEMORY : DW_OK;
}

static void scratch_overwrite(const char *path)
{
    static const char zero[4096];
    struct stat found;
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    if (fstat(fd, &found) == 0)
        for (off_t at = 0; at < found.st_size; at += (off_t)sizeof zero) {
            off_t left = found.st_size - at;
            size_t now = left < (off_t)sizeof zero ? (size_t)left : sizeof zero;
            if (disk_write(fd, path, zero, now, (unsigned long long)at, NULL) != DW_OK) break;
        }
    fdatasync(fd);
    close(fd);
}

void scratch_clear(struct scratch *scratch)
{
    static const char *const endings[] = {".sitekey", ".keys", "", "-wal", "-shm", "-journal"};
    for (size_t i = 0; scratch->path != NULL && i < sizeof endings / sizeof *endings; i++) {
        char *name = disk_beside(scratch->path, endings[i]);
        if (name != NULL && i < 2) scratch_overwrite(name);
        if (name != NULL) unlink(name);
        free(name);
    }
}

void scratch_free(struct scratch *scratch)
{
    scratch_clear(scratch);
    if (scratch->folder != NULL) rmdir(scratch->folder);
    free(scratch->folder);
    free(scratch->path);
    *scratch = (struct scratch){0};
}

static dw_err scratch_move_named(const char *from, const char *to, struct err_detail *detail)
{
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return disk_error(detail, from, errno);
    dw_err err = fsync(fd) == 0 ? DW_OK : disk_error(detail, from, errno);
    close(fd);
    ERR_TRY(err);
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) {
        /* disks that cannot promise it: nothing stood there when it was looked at */
        struct stat found;
        if ((errno != EINVAL && errno != ENOSYS) || lstat(to, &found) == 0 || rename(from, to) != 0)
            return disk_error(detail, to, errno == 0 ? EEXIST : errno);
    }
    return disk_sync_folder(to, detail);
}

dw_err scratch_move(const struct scratch *scratch, const char *ending, const char *place, struct err_detail *detail)
{
    char *from = disk_beside(scratch->path, ending), *to = disk_beside(place, ending);
    dw_err err = from == NULL || to == NULL ? DW_E_MEMORY : scratch_move_named(from, to, detail);
    free(from);
    free(to);
    return err;
}
