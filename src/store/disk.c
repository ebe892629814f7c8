#include "store/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool disk_is_full(int number)
{
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

dw_err disk_error(struct err_detail *detail, const char *path, int number)
{
    dw_err code = DW_E_IO;
    if (number == ENOENT) code = DW_E_NOT_FOUND;
    if (number == EEXIST) code = DW_E_EXISTS;
    if (number == ENOMEM) code = DW_E_MEMORY;
    if (disk_is_full(number)) code = DW_E_FULL;
    char said[128] = "";
    return err_at(detail, code, path, NULL, 0, NULL, "%s", strerror_r(number, said, sizeof said));
}

dw_err disk_write(int fd, const char *path, const void *data, size_t len, unsigned long long offset, struct err_detail *detail)
{
    const char *at = data;
    while (len > 0) {
        ssize_t done = pwrite(fd, at, len, (off_t)offset);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return disk_error(detail, path, done < 0 ? errno : ENOSPC);
        at += done;
        len -= (size_t)done;
        offset += (unsigned long long)done;
    }
    return DW_OK;
}

dw_err disk_read(int fd, const char *path, void *out, size_t len, unsigned long long offset, struct err_detail *detail)
{
    char *at = out;
    while (len > 0) {
        ssize_t done = pread(fd, at, len, (off_t)offset);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return disk_error(detail, path, errno);
        if (done == 0) return err_at(detail, DW_E_DAMAGED, path, NULL, 0, NULL, "the file ends too soon");
        at += done;
        len -= (size_t)done;
        offset += (unsigned long long)done;
    }
    return DW_OK;
}

dw_err disk_sync_folder(const char *path, struct err_detail *detail)
{
    char *folder = strdup(path);
    if (folder == NULL) return DW_E_MEMORY;
    char *slash = strrchr(folder, '/');
    if (slash != NULL) slash[slash == folder] = 0; /* "/x" stands in "/" */
    const char *name = slash == NULL ? "." : folder;
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    dw_err code = DW_OK;
    /* some network file systems cannot sync a folder and say EINVAL: there is nothing more to do then */
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL)) code = disk_error(detail, name, errno);
    if (fd >= 0) close(fd);
    free(folder);
    return code;
}

char *disk_beside(const char *path, const char *ending)
{
    size_t len = strlen(path), more = strlen(ending);
    char *out = malloc(len + more + 1);
    if (out == NULL) return NULL;
    memcpy(out, path, len);
    memcpy(out + len, ending, more + 1);
    return out;
}
