#include "store/sqlite/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/disk.h"
#include "store/sqlite/sqlite_error.h"

enum { COPY_PAGES = 2048 };

/* The transaction of from holds its moment, so that nothing makes the copy start again. */
static dw_err copy_pages(sqlite3 *to, sqlite3 *from, const struct clock_progress *progress, struct err_detail *detail)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL) return sqlite_error_set(detail, to, sqlite3_errcode(to));
    int result = SQLITE_OK;
    bool on = true;
    while (on && result == SQLITE_OK) {
        result = sqlite3_backup_step(backup, COPY_PAGES);
        int all = sqlite3_backup_pagecount(backup), left = sqlite3_backup_remaining(backup);
        on = clock_tick(progress, "backup.copy", (uint64_t)(all - left), (uint64_t)all);
    }
    int end = sqlite3_backup_finish(backup);
    if (!on) return DW_E_CANCELLED;
    return result == SQLITE_DONE && end == SQLITE_OK ? DW_OK : sqlite_error_set(detail, to, end != SQLITE_OK ? end : result);
}

dw_err copy_file(sqlite3 *from, const char *path, const struct clock_progress *progress, struct err_detail *detail)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) return disk_error(detail, path, errno);
    close(fd);
    sqlite3 *to = NULL;
    int result = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    dw_err code = sqlite_error_set(detail, to, result);
    /* a copy that breaks off is thrown away: it needs neither a journal nor the disk's promise, nor is any of it read again */
    if (code == DW_OK)
        code = sqlite_error_exec(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = 64", detail);
    if (code == DW_OK) code = copy_pages(to, from, progress, detail);
    sqlite3_close(to);
    if (code != DW_OK) unlink(path);
    return code;
}
