#include "store/sqlite/sqlite.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/disk.h"
#include "store/sqlite/checkpoint.h"
#include "store/sqlite/copy.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/sqlite_error.h"
#include "store/sqlite/statements.h"

enum {
    SQLITE_PATIENCE_MS = 10000,
    SQLITE_CLOSING_MS = 200, /* closing waits no longer than this for others to let the log go */
    SQLITE_COLUMNS = 64
};

struct sqlite {
    struct store base;
    sqlite3 *db;
    struct statements statements;
    struct checkpoint *checkpoint; /* NULL of a store in memory */
    bool open;                     /* a transaction */
    bool reading;                  /* it only reads */
    dw_err failed;                 /* why it can only be rolled back */
};

static const struct store_sql sqlite_sql_begin = {"BEGIN IMMEDIATE"};
static const struct store_sql sqlite_sql_read = {"BEGIN DEFERRED"};
static const struct store_sql sqlite_sql_commit = {"COMMIT"};
static const struct store_sql sqlite_sql_rollback = {"ROLLBACK"};
static const struct store_sql sqlite_sql_check = {"PRAGMA integrity_check(20)"};
static_assert(STORE_CHECK_TOLD == 20, "the pragma takes no parameter");

static struct sqlite *sqlite_of(struct store *store)
{
    return (struct sqlite *)store;
}

/* Steps a statement to its end. */
static dw_err sqlite_finish(struct sqlite *sqlite, struct statements_one *one, struct err_detail *detail)
{
    int result;
    do result = sqlite3_step(one->stmt);
    while (result == SQLITE_ROW);
    return sqlite_error_set(detail, sqlite->db, result);
}

static dw_err sqlite_plain(struct sqlite *sqlite, const struct store_sql *sql, struct err_detail *detail)
{
    struct statements_one *one;
    ERR_TRY(statements_take(&one, &sqlite->statements, sql, 0, detail));
    dw_err code = sqlite_finish(sqlite, one, detail);
    statements_give(one);
    return code;
}

static dw_err sqlite_begin(struct store *store, bool reading, struct err_detail *detail)
{
    struct sqlite *sqlite = sqlite_of(store);
    if (sqlite->open) return err_set(detail, DW_E_STATE, "a transaction is open already");
    if (!reading) checkpoint_enter(sqlite->checkpoint);
    dw_err code = sqlite_plain(sqlite, reading ? &sqlite_sql_read : &sqlite_sql_begin, detail);
    if (code != DW_OK && !reading) checkpoint_leave(sqlite->checkpoint);
    sqlite->open = code == DW_OK;
    sqlite->reading = reading;
    sqlite->failed = DW_OK;
    return code;
}

static void sqlite_rollback(struct store *store)
{
    struct sqlite *sqlite = sqlite_of(store);
    if (!sqlite->open) return;
    /* some failures (a full disk) roll back by themselves */
    if (!sqlite3_get_autocommit(sqlite->db)) sqlite_plain(sqlite, &sqlite_sql_rollback, NULL);
    assert(sqlite3_get_autocommit(sqlite->db));
    sqlite->open = false;
    if (!sqlite->reading) checkpoint_leave(sqlite->checkpoint);
}

static dw_err sqlite_commit(struct store *store, struct err_detail *detail)
{
    struct sqlite *sqlite = sqlite_of(store);
    if (!sqlite->open || sqlite->reading) return err_set(detail, DW_E_STATE, "no transaction that writes is open");
    dw_err code = sqlite->failed;
    if (code != DW_OK) err_set(detail, code, "a statement of the transaction has failed");
    if (code == DW_OK) code = sqlite_plain(sqlite, &sqlite_sql_commit, detail);
    if (code != DW_OK) {
        sqlite_rollback(store);
        return code;
    }
    sqlite->open = false;
    checkpoint_leave(sqlite->checkpoint);
    return DW_OK;
}

static dw_err sqlite_rows(struct sqlite *sqlite, const struct store_sql *sql, const struct store_value *values, size_t columns,
                          size_t rows, struct err_detail *detail)
{
    struct statements_one *one;
    ERR_TRY(statements_take(&one, &sqlite->statements, sql, columns, detail));
    dw_err code = DW_OK;
    for (size_t row = 0; row < rows && code == DW_OK; row++) {
        code = statements_bind(one, sqlite->db, columns == 0 ? NULL : values + row * columns, columns, detail);
        if (code == DW_OK) code = sqlite_finish(sqlite, one, detail);
        sqlite3_reset(one->stmt);
    }
    statements_give(one);
    return code;
}

static dw_err sqlite_failed(const struct sqlite *sqlite, struct err_detail *detail)
{
    if (!sqlite->open || sqlite->failed == DW_OK) return DW_OK;
    return err_set(detail, sqlite->failed, "a statement of the transaction has failed");
}

static dw_err sqlite_run(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t columns,
                         size_t rows, struct err_detail *detail)
{
    struct sqlite *sqlite = sqlite_of(store);
    ERR_TRY(sqlite_failed(sqlite, detail));
    if (rows == 0) return DW_OK;
    if (sqlite->open) {
        if (sqlite->reading) return err_set(detail, DW_E_STATE, "this transaction only reads");
        sqlite->failed = sqlite_rows(sqlite, sql, values, columns, rows, detail);
        return sqlite->failed;
    }
    ERR_TRY(sqlite_begin(store, false, detail));
    dw_err code = sqlite_rows(sqlite, sql, values, columns, rows, detail);
    if (code == DW_OK) return sqlite_commit(store, detail);
    sqlite_rollback(store);
    return code;
}

/* *stopped tells a callback's error (the transaction is as good as before) from the store's. */
static dw_err sqlite_walk(struct sqlite *sqlite, struct statements_one *one, store_row *row, void *ctx, bool *stopped,
                          struct err_detail *detail)
{
    struct store_value values[SQLITE_COLUMNS];
    int result;
    while ((result = sqlite3_step(one->stmt)) == SQLITE_ROW) {
        int count = sqlite3_data_count(one->stmt);
        if (count > SQLITE_COLUMNS) return err_set(detail, DW_E_STORE, "an answer of %d columns", count);
        for (int i = 0; i < count; i++) ERR_TRY(statements_value(&values[i], one, i));
        dw_err code = row(ctx, values, (size_t)count, detail);
        *stopped = code != DW_OK;
        if (*stopped) return code;
    }
    return sqlite_error_set(detail, sqlite->db, result);
}

static dw_err sqlite_ask(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t count,
                         store_row *row, void *ctx, struct err_detail *detail)
{
    struct sqlite *sqlite = sqlite_of(store);
    ERR_TRY(sqlite_failed(sqlite, detail));
    bool stopped = false;
    struct statements_one *one;
    dw_err code = statements_take(&one, &sqlite->statements, sql, count, detail);
    if (code == DW_OK) {
        if ((!sqlite->open || sqlite->reading) && !sqlite3_stmt_readonly(one->stmt))
            code = err_set(detail, DW_E_STATE, "a statement that writes is asked outside a transaction");
        if (code == DW_OK) code = statements_bind(one, sqlite->db, values, count, detail);
        if (code == DW_OK) code = sqlite_walk(sqlite, one, row, ctx, &stopped, detail);
        statements_give(one);
    }
    if (sqlite->open && code != DW_OK && !stopped) sqlite->failed = code;
    return code;
}

struct sqlite_check {
    store_row *row;
    void *ctx;
};

/* One row "ok" says that there is nothing to say; others are of several lines, of which a headline "*** in database main ***" is
 * none. */
static dw_err sqlite_checked(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    const struct sqlite_check *check = ctx;
    if (count != 1 || values[0].type != STORE_TEXT) return err_set(detail, DW_E_STORE, "an answer of %zu columns", count);
    const char *at = values[0].data, *end = at + values[0].len;
    if (values[0].len == 2 && memcmp(at, "ok", 2) == 0) return DW_OK;
    while (at < end) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((line == NULL ? end : line) - at);
        struct store_value said = {.type = STORE_TEXT, .data = at, .len = len};
        if (len > 0 && at[0] != '*') ERR_TRY(check->row(check->ctx, &said, 1, detail));
        at += len + (line != NULL);
    }
    return DW_OK;
}

static dw_err sqlite_check(struct store *store, store_row *row, void *ctx, struct err_detail *detail)
{
    struct sqlite_check check = {row, ctx};
    return sqlite_ask(store, &sqlite_sql_check, NULL, 0, sqlite_checked, &check, detail);
}

static void sqlite_lean(struct store *store)
{
    struct sqlite *sqlite = sqlite_of(store);
    sqlite_error_exec(sqlite->db, "PRAGMA cache_size = -8192", NULL);
    sqlite3_db_release_memory(sqlite->db);
}

static void sqlite_patience(struct store *store, int ms)
{
    sqlite3_busy_timeout(sqlite_of(store)->db, ms);
}

static dw_err sqlite_copy(struct store *store, const char *path, const struct clock_progress *progress, struct err_detail *detail)
{
    struct sqlite *sqlite = sqlite_of(store);
    if (!sqlite->open || !sqlite->reading) return err_set(detail, DW_E_STATE, "a copy needs a transaction that reads");
    return copy_file(sqlite->db, path, progress, detail);
}

/* The last one out brings the log into the file and empties it; where another program still reads, it stays. */
static void sqlite_close(struct store *store)
{
    struct sqlite *sqlite = sqlite_of(store);
    sqlite_rollback(store);
    checkpoint_stop(sqlite->checkpoint);
    statements_free(&sqlite->statements);
    sqlite3_busy_timeout(sqlite->db, SQLITE_CLOSING_MS);
    if (sqlite->checkpoint != NULL) sqlite3_wal_checkpoint_v2(sqlite->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    int result = sqlite3_close(sqlite->db);
    assert(result == SQLITE_OK);
    (void)result;
    free(sqlite);
}

static const struct store_ops sqlite_ops = {.close = sqlite_close,
                                            .begin = sqlite_begin,
                                            .commit = sqlite_commit,
                                            .rollback = sqlite_rollback,
                                            .run = sqlite_run,
                                            .ask = sqlite_ask,
                                            .check = sqlite_check,
                                            .patience = sqlite_patience,
                                            .lean = sqlite_lean,
                                            .copy = sqlite_copy};

/* Called after each commit with the pages of the log; having a hook also turns off SQLite's own checkpoints. */
static int sqlite_logged(void *ctx, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    checkpoint_note(((struct sqlite *)ctx)->checkpoint, pages);
    return SQLITE_OK;
}

/* Settings of a connection; none changes the file. Those of db_config keep a damaged or foreign schema from doing harm. */
static dw_err sqlite_connect(sqlite3 **out, const char *path, struct err_detail *detail)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
    int result = sqlite3_open_v2(path, out, path[0] == ':' ? flags | SQLITE_OPEN_MEMORY : flags, NULL);
    if (result != SQLITE_OK) return sqlite_error_set(detail, *out, result);
    sqlite3_busy_timeout(*out, SQLITE_PATIENCE_MS);
    sqlite3_db_config(*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(*out, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(*out, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(*out, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    return sqlite_error_exec(*out,
                             "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
                             "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST;"
                             "PRAGMA journal_size_limit = 67108864",
                             detail);
}

/* Turns the log on. It stays on in the file, so this writes only once. */
static dw_err sqlite_log(sqlite3 *db, struct err_detail *detail)
{
    sqlite3_stmt *stmt = NULL;
    int result = sqlite3_prepare_v2(db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
    if (result == SQLITE_OK) result = sqlite3_step(stmt);
    dw_err code = sqlite_error_set(detail, db, result);
    if (result == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") != 0)
        code = err_set(detail, DW_E_IO, "this disk cannot hold a write-ahead log");
    sqlite3_finalize(stmt);
    return code;
}

/* A store without data at path, which must not exist. */
static dw_err sqlite_build(const char *path, struct err_detail *detail)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) return disk_error(detail, path, errno);
    close(fd);
    sqlite3 *db = NULL;
    dw_err code = sqlite_connect(&db, path, detail);
    if (code == DW_OK) code = sqlite_log(db, detail);
    if (code == DW_OK) code = migrate_apply(db, detail);
    int result = sqlite3_close(db); /* brings the log into the file */
    assert(result == SQLITE_OK);
    (void)result;
    return code;
}

static void sqlite_discard(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *name = disk_beside(path, endings[i]);
        if (name != NULL) unlink(name);
        free(name);
    }
}

/* Fails where the store, or the log of one that is gone, is in the way. */
static dw_err sqlite_free_place(const char *path, struct err_detail *detail)
{
    static const char *const endings[] = {"", "-wal", "-journal"};
    dw_err code = DW_OK;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0] && code == DW_OK; i++) {
        struct stat found;
        char *name = disk_beside(path, endings[i]);
        if (name == NULL)
            code = DW_E_MEMORY;
        else if (lstat(name, &found) == 0)
            code = disk_error(detail, name, EEXIST);
        free(name);
    }
    return code;
}

static dw_err sqlite_create(const char *path, struct err_detail *detail)
{
    ERR_TRY(sqlite_free_place(path, detail));
    char ending[32];
    snprintf(ending, sizeof ending, ".new%ld", (long)getpid());
    char *fresh = disk_beside(path, ending);
    if (fresh == NULL) return DW_E_MEMORY;
    sqlite_discard(fresh); /* of a program of this number that died here */
    dw_err code = sqlite_build(fresh, detail);
    /* a link fails where a file stands, which a rename would replace; disks without links get the rename */
    if (code == DW_OK && link(fresh, path) != 0) {
        bool linkless = errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK;
        if (!linkless || renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
            code = disk_error(detail, path, errno);
    }
    sqlite_discard(fresh);
    if (code == DW_OK) code = disk_sync_folder(path, detail);
    free(fresh);
    return code;
}

static dw_err sqlite_use(struct sqlite *sqlite, const char *path, struct err_detail *detail)
{
    struct stat found;
    if (stat(path, &found) != 0) return disk_error(detail, path, errno);
    if (!S_ISREG(found.st_mode)) return err_set(detail, DW_E_NOT_STORE, "not a file");
    ERR_TRY(sqlite_connect(&sqlite->db, path, detail));
    ERR_TRY(migrate_check(sqlite->db, detail));
    ERR_TRY(sqlite_log(sqlite->db, detail));
    ERR_TRY(migrate_apply(sqlite->db, detail));
    ERR_TRY(checkpoint_start(&sqlite->checkpoint, path, detail));
    sqlite3_wal_hook(sqlite->db, sqlite_logged, sqlite);
    return DW_OK;
}

static dw_err sqlite_scratch(struct sqlite *sqlite, struct err_detail *detail)
{
    ERR_TRY(sqlite_connect(&sqlite->db, ":memory:", detail));
    return migrate_apply(sqlite->db, detail);
}

/* Prepared beforehand: ending a transaction must not fail for want of memory. */
static dw_err sqlite_prepare(struct sqlite *sqlite, struct err_detail *detail)
{
    const struct store_sql *const all[] = {&sqlite_sql_begin, &sqlite_sql_read, &sqlite_sql_commit, &sqlite_sql_rollback};
    sqlite->statements.db = sqlite->db;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct statements_one *one;
        ERR_TRY(statements_take(&one, &sqlite->statements, all[i], 0, detail));
        statements_give(one);
    }
    return DW_OK;
}

static dw_err sqlite_open_at(struct sqlite *sqlite, const char *path, enum store_mode mode, struct err_detail *detail)
{
    if (mode == STORE_CREATE) ERR_TRY(sqlite_create(path, detail));
    if (mode == STORE_SCRATCH)
        ERR_TRY(sqlite_scratch(sqlite, detail));
    else
        ERR_TRY(sqlite_use(sqlite, path, detail));
    return sqlite_prepare(sqlite, detail);
}

dw_err sqlite_open(struct store **out, const char *path, enum store_mode mode, struct err_detail *detail)
{
    *out = NULL;
    struct sqlite *sqlite = calloc(1, sizeof *sqlite);
    /* "./" before a path keeps SQLite from taking "file:…" and ":memory:" for more than names */
    char *plain = mode == STORE_SCRATCH || path[0] == '/' ? NULL : disk_beside("./", path);
    if (sqlite == NULL || (plain == NULL && mode != STORE_SCRATCH && path[0] != '/')) {
        free(sqlite);
        return DW_E_MEMORY;
    }
    dw_err code = sqlite_open_at(sqlite, plain != NULL ? plain : path, mode, detail);
    free(plain);
    if (code != DW_OK) {
        if (path != NULL && detail != NULL && (code == DW_E_DAMAGED || detail->file[0] == 0))
            snprintf(detail->file, sizeof detail->file, "%s", path);
        checkpoint_stop(sqlite->checkpoint);
        statements_free(&sqlite->statements);
        sqlite3_close(sqlite->db);
        free(sqlite);
        return code;
    }
    sqlite->base.ops = &sqlite_ops;
    *out = &sqlite->base;
    return DW_OK;
}

const char *sqlite_version(void)
{
    return "SQLite " SQLITE_VERSION;
}
