#include "store/sqlite/sqlite_error.h"

#include <errno.h>

#include "store/disk.h"

static dw_err sqlite_error_io(sqlite3 *db, int result)
{
    if (result == SQLITE_IOERR_NOMEM) return DW_E_MEMORY;
    if (result == SQLITE_IOERR_SHORT_READ || result == SQLITE_IOERR_CORRUPTFS) return DW_E_DAMAGED;
    /* A commit does not keep the number of its error; nothing has succeeded in this thread since that could have changed it. */
    bool full = db != NULL && (disk_is_full(sqlite3_system_errno(db)) || (result == SQLITE_IOERR_WRITE && disk_is_full(errno)));
    return full ? DW_E_FULL : DW_E_IO;
}

static dw_err sqlite_error_code(sqlite3 *db, int result)
{
    switch (result & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return DW_OK;
    case SQLITE_FULL:
        return DW_E_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return DW_E_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DW_E_DAMAGED;
    case SQLITE_IOERR:
        return sqlite_error_io(db, result);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return sqlite_error_io(db, SQLITE_IOERR);
    case SQLITE_NOMEM:
        return DW_E_MEMORY;
    case SQLITE_TOOBIG:
        return DW_E_TOO_LARGE;
    case SQLITE_INTERRUPT:
        return DW_E_CANCELLED;
    default:
        return DW_E_STORE;
    }
}

dw_err sqlite_error_set(struct err_detail *detail, sqlite3 *db, int result)
{
    dw_err code = sqlite_error_code(db, result);
    if (code == DW_OK) return DW_OK;
    const char *said = db == NULL ? sqlite3_errstr(result) : sqlite3_errmsg(db);
    const char *file = db == NULL ? NULL : sqlite3_db_filename(db, "main");
    /* what is wrong with a file is told of the file */
    if (code == DW_E_DAMAGED && detail != NULL && file != NULL && detail->file[0] == 0)
        snprintf(detail->file, sizeof detail->file, "%s", file);
    bool disk = code == DW_E_FULL || code == DW_E_IO;
    if (disk && file != NULL && *file != 0) return err_at(detail, code, file, NULL, 0, NULL, "%s (SQLite %d)", said, result);
    return err_set(detail, code, "%s (SQLite %d)", said, result);
}

dw_err sqlite_error_exec(sqlite3 *db, const char *text, struct err_detail *detail)
{
    return sqlite_error_set(detail, db, sqlite3_exec(db, text, NULL, NULL, NULL));
}
