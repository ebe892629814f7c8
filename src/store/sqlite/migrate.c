#include "store/sqlite/migrate.h"

#include <stdio.h>

#include "store/sqlite/sqlite_error.h"

static const struct migrate_step {
    int number;
    const char *name;
    const char *text;
} migrate_steps[] = {
#include "schema_gen.inc"
};

enum {
    MIGRATE_STEPS = sizeof migrate_steps / sizeof migrate_steps[0],
    MIGRATE_MARK = 0x44577264 /* "DWrd", SQLite's application_id: what tells our stores from other programs' files */
};

static dw_err migrate_number(int *out, sqlite3 *db, const char *pragma, struct err_detail *detail)
{
    sqlite3_stmt *stmt = NULL;
    int result = sqlite3_prepare_v2(db, pragma, -1, &stmt, NULL);
    if (result == SQLITE_OK) result = sqlite3_step(stmt);
    dw_err code = sqlite_error_set(detail, db, result);
    *out = result == SQLITE_ROW ? sqlite3_column_int(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    return code;
}

static dw_err migrate_known(int have, struct err_detail *detail)
{
    int newest = migrate_steps[MIGRATE_STEPS - 1].number;
    if (have > newest || have < 0) return err_set(detail, DW_E_SCHEMA, "schema %d, this program knows %d", have, newest);
    return DW_OK;
}

dw_err migrate_check(sqlite3 *db, struct err_detail *detail)
{
    int mark, have;
    ERR_TRY(migrate_number(&mark, db, "PRAGMA application_id", detail));
    if (mark != MIGRATE_MARK) return err_set(detail, DW_E_NOT_STORE, "application_id %d", mark);
    ERR_TRY(migrate_number(&have, db, "PRAGMA user_version", detail));
    return migrate_known(have, detail);
}

static dw_err migrate_one(sqlite3 *db, const struct migrate_step *step, struct err_detail *detail)
{
    char number[128];
    snprintf(number, sizeof number, "PRAGMA application_id = %d; PRAGMA user_version = %d", MIGRATE_MARK, step->number);
    int have; /* read again: another program may have been here before the lock was ours */
    ERR_TRY(migrate_number(&have, db, "PRAGMA user_version", detail));
    ERR_TRY(migrate_known(have, detail));
    if (have >= step->number) return DW_OK;
    ERR_TRY(sqlite_error_exec(db, step->text, detail));
    return sqlite_error_exec(db, number, detail);
}

dw_err migrate_apply(sqlite3 *db, struct err_detail *detail)
{
    int have;
    ERR_TRY(migrate_number(&have, db, "PRAGMA user_version", detail));
    ERR_TRY(migrate_known(have, detail));
    for (size_t i = 0; i < MIGRATE_STEPS; i++) {
        if (migrate_steps[i].number <= have) continue;
        ERR_TRY(sqlite_error_exec(db, "BEGIN IMMEDIATE", detail));
        dw_err code = migrate_one(db, &migrate_steps[i], detail);
        if (code == DW_OK) code = sqlite_error_exec(db, "COMMIT", detail);
        if (code != DW_OK) {
            if (!sqlite3_get_autocommit(db)) sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
            return code;
        }
    }
    return DW_OK;
}
