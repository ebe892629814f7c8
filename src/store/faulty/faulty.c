#include "store/faulty/faulty.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct faulty_spec {
    const char *name;
    unsigned strikes; /* a bit an enum faulty_operation */
    dw_err error;
    const char *texts[2]; /* by enum err_lang */
} faulty_specs[FAULTY_COUNT] = {
#include "faults_gen.inc"
};

struct faulty {
    struct store base;
    struct store *inner;
    enum faulty_how how;
    uint64_t at; /* 0: unarmed */
    uint64_t operations, values, struck;
    bool open;     /* a transaction of the caller's; the inner one may be over already */
    bool reading;  /* it only reads */
    bool gone;     /* everything fails */
    bool doomed;   /* the open transaction has lost a statement and its commit will say so */
    dw_err failed; /* why the open transaction can only be rolled back */
    void (*die)(void *ctx);
    void *die_ctx;
    struct faulty_damage damage;
    struct store_value *row; /* of the damage; the bytes of all its values stand behind */
};

static const struct store_ops faulty_ops;

static struct faulty *faulty_of(const struct store *store)
{
    assert(store->ops == &faulty_ops);
    return (struct faulty *)store;
}

static const struct faulty_spec *faulty_spec(const struct faulty *f)
{
    return &faulty_specs[f->how];
}

static dw_err faulty_say(const struct faulty *f, struct err_detail *detail)
{
    return err_set(detail, faulty_spec(f)->error, "fault at point %llu, %s: %s", (unsigned long long)f->struck,
                   faulty_spec(f)->name, faulty_spec(f)->texts[ERR_EN]);
}

/* The fault's own error; inside a transaction all that follow fail the same way. */
static dw_err faulty_fail(struct faulty *f, struct err_detail *detail)
{
    if (f->open) f->failed = faulty_spec(f)->error;
    return faulty_say(f, detail);
}

/* What failed before, or is gone, fails again. */
static dw_err faulty_failed(const struct faulty *f, struct err_detail *detail)
{
    if (f->gone) return faulty_say(f, detail);
    if (f->open && f->failed != DW_OK) return err_set(detail, f->failed, "a statement of the transaction has failed");
    return DW_OK;
}

static void faulty_death(const struct faulty *f)
{
    if (f->die == NULL) _exit(FAULTY_DEATH);
    f->die(f->die_ctx);
}

/* Counts an operation that is about to be done; true when the fault strikes it. */
static bool faulty_strikes(struct faulty *f, enum faulty_operation operation)
{
    f->operations++;
    if (f->at == 0 || f->struck != 0 || f->operations < f->at) return false;
    if (f->open && f->failed != DW_OK) return false; /* it fails already */
    if ((faulty_spec(f)->strikes & 1u << operation) == 0) return false;
    f->struck = f->operations;
    if (f->how == FAULTY_GONE) {
        f->gone = true;
        store_rollback(f->inner); /* as when a server or a disk goes */
        if (f->open) f->failed = faulty_spec(f)->error;
    }
    if (f->how != FAULTY_DIE) return true;
    faulty_death(f);
    return false;
}

/* Done inside and durable: the end of FAULTY_AFTER and FAULTY_DIE_AFTER. */
static dw_err faulty_answer(struct faulty *f, dw_err code, struct err_detail *detail)
{
    if (code != DW_OK) return code;
    if (f->how == FAULTY_AFTER) return faulty_say(f, detail);
    faulty_death(f);
    return DW_OK;
}

static bool faulty_durable(const struct faulty *f)
{
    return f->how == FAULTY_AFTER || f->how == FAULTY_DIE_AFTER;
}

static dw_err faulty_begin(struct store *store, bool reading, struct err_detail *detail)
{
    struct faulty *f = faulty_of(store);
    if (f->open) return err_set(detail, DW_E_STATE, "a transaction is open already");
    if (faulty_strikes(f, FAULTY_AT_BEGIN)) return faulty_fail(f, detail);
    ERR_TRY(faulty_failed(f, detail));
    ERR_TRY(reading ? store_begin_read(f->inner, detail) : store_begin(f->inner, detail));
    f->open = true;
    f->reading = reading;
    f->doomed = false;
    f->failed = DW_OK;
    return DW_OK;
}

static void faulty_rollback(struct store *store)
{
    struct faulty *f = faulty_of(store);
    f->open = false;
    store_rollback(f->inner);
}

static dw_err faulty_commit(struct store *store, struct err_detail *detail)
{
    struct faulty *f = faulty_of(store);
    if (!f->open) return err_set(detail, DW_E_STATE, "no transaction is open");
    bool struck = faulty_strikes(f, FAULTY_AT_COMMIT);
    dw_err code = faulty_failed(f, detail);
    if (code == DW_OK && (f->doomed || (struck && !faulty_durable(f)))) code = faulty_say(f, detail);
    if (code == DW_OK) code = store_commit(f->inner, detail);
    faulty_rollback(store); /* on an error nothing stays; after a commit it does nothing */
    return struck && faulty_durable(f) ? faulty_answer(f, code, detail) : code;
}

/* The row of the values that is to be damaged, with the damage, kept for faulty_damage. */
static bool faulty_keep(struct faulty *f, const struct store_sql *sql, const struct store_value *row, size_t columns,
                        size_t column)
{
    size_t bytes = columns * sizeof *row;
    for (size_t i = 0; i < columns; i++)
        if (row[i].type == STORE_TEXT || row[i].type == STORE_BYTES) bytes += row[i].len;
    free(f->row);
    f->row = malloc(bytes);
    if (f->row == NULL) return false;
    uint8_t *data = (uint8_t *)(f->row + columns);
    memcpy(f->row, row, columns * sizeof *row);
    for (size_t i = 0; i < columns; i++) {
        struct store_value *value = &f->row[i];
        if ((value->type != STORE_TEXT && value->type != STORE_BYTES) || value->len == 0) continue;
        value->data = memcpy(data, row[i].data, row[i].len);
        data += row[i].len;
        if (i != column) continue;
        if (f->how == FAULTY_SHORT)
            value->len /= 2;
        else
            data[-(ptrdiff_t)(1 + f->struck % row[i].len)] ^= 1; /* UTF-8 stays UTF-8 */
    }
    f->damage = (struct faulty_damage){sql, f->row, columns, column};
    return true;
}

/* Counts the values of a run; index of the one that the fault strikes, or count. */
static size_t faulty_value(struct faulty *f, const struct store_value *values, size_t count)
{
    size_t found = count;
    bool armed = f->at != 0 && f->struck == 0 && (faulty_spec(f)->strikes & 1u << FAULTY_AT_VALUE) != 0;
    for (size_t i = 0; i < count; i++) {
        if ((values[i].type != STORE_TEXT && values[i].type != STORE_BYTES) || values[i].len == 0) continue;
        if (++f->values != f->at || !armed) continue;
        f->struck = f->values;
        found = i;
    }
    return found;
}

static dw_err faulty_write(struct faulty *f, const struct store_sql *sql, const struct store_value *values, size_t columns,
                           size_t rows, struct err_detail *detail)
{
    size_t count = columns * rows, at = faulty_value(f, values, count);
    if (at == count) return store_run(f->inner, sql, values, columns, rows, detail);
    struct store_value *all = malloc(count * sizeof *all);
    if (all == NULL || !faulty_keep(f, sql, values + at / columns * columns, columns, at % columns)) {
        free(all);
        return DW_E_MEMORY;
    }
    memcpy(all, values, count * sizeof *all);
    all[at] = f->row[at % columns];
    dw_err code = store_run(f->inner, sql, all, columns, rows, detail);
    free(all);
    return code;
}

static dw_err faulty_run(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t columns,
                         size_t rows, struct err_detail *detail)
{
    struct faulty *f = faulty_of(store);
    if (rows == 0) return faulty_failed(f, detail);
    bool struck = faulty_strikes(f, f->open ? FAULTY_AT_RUN : FAULTY_AT_ALONE);
    ERR_TRY(faulty_failed(f, detail));
    if (struck && f->how == FAULTY_LOSE && f->open) {
        f->doomed = true;
        return DW_OK;
    }
    if (struck && !faulty_durable(f)) return faulty_fail(f, detail);
    dw_err code = faulty_write(f, sql, values, columns, rows, detail);
    if (f->open && !f->reading) f->failed = code;
    return struck ? faulty_answer(f, code, detail) : code;
}

struct faulty_walk {
    store_row *row;
    void *ctx;
    bool struck;  /* breaks off after the first row */
    bool stopped; /* by the caller */
};

static dw_err faulty_row(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    struct faulty_walk *walk = ctx;
    dw_err code = walk->row(walk->ctx, values, count, detail);
    walk->stopped = code != DW_OK;
    return code == DW_OK && walk->struck ? DW_E_CANCELLED : code;
}

static dw_err faulty_ask(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t count,
                         store_row *row, void *ctx, struct err_detail *detail)
{
    struct faulty *f = faulty_of(store);
    struct faulty_walk walk = {.row = row, .ctx = ctx, .struck = faulty_strikes(f, FAULTY_AT_ASK)};
    ERR_TRY(faulty_failed(f, detail));
    dw_err code = store_ask(f->inner, sql, values, count, faulty_row, &walk, detail);
    if (walk.stopped) return code;
    if (walk.struck && (code == DW_OK || code == DW_E_CANCELLED)) return faulty_fail(f, detail);
    if (f->open && code != DW_OK) f->failed = code;
    return code;
}

static dw_err faulty_copy(struct store *store, const char *path, const struct clock_progress *progress, struct err_detail *detail)
{
    struct faulty *f = faulty_of(store);
    if (faulty_strikes(f, FAULTY_AT_ASK)) return faulty_fail(f, detail);
    ERR_TRY(faulty_failed(f, detail));
    return store_copy(f->inner, path, progress, detail);
}

static dw_err faulty_check(struct store *store, store_row *row, void *ctx, struct err_detail *detail)
{
    struct faulty *f = faulty_of(store);
    if (faulty_strikes(f, FAULTY_AT_ASK)) return faulty_fail(f, detail);
    ERR_TRY(faulty_failed(f, detail));
    return store_check(f->inner, row, ctx, detail);
}

static void faulty_patience(struct store *store, int ms)
{
    store_patience(faulty_of(store)->inner, ms);
}

static void faulty_close(struct store *store)
{
    struct faulty *f = faulty_of(store);
    store_close(f->inner);
    free(f->row);
    free(f);
}

static const struct store_ops faulty_ops = {.close = faulty_close,
                                            .begin = faulty_begin,
                                            .commit = faulty_commit,
                                            .rollback = faulty_rollback,
                                            .run = faulty_run,
                                            .ask = faulty_ask,
                                            .check = faulty_check,
                                            .patience = faulty_patience,
                                            .copy = faulty_copy};

dw_err faulty_wrap(struct store **out, struct store *inner, struct err_detail *detail)
{
    (void)detail;
    struct faulty *f = calloc(1, sizeof *f);
    *out = NULL;
    if (f == NULL) {
        store_close(inner);
        return DW_E_MEMORY;
    }
    f->base.ops = &faulty_ops;
    f->inner = inner;
    *out = &f->base;
    return DW_OK;
}

void faulty_arm(struct store *store, enum faulty_how how, uint64_t at)
{
    struct faulty *f = faulty_of(store);
    if (f->open && f->doomed) f->failed = faulty_spec(f)->error; /* how it was lost is forgotten here, that it is lost is not */
    f->how = how;
    f->at = at;
    f->operations = f->values = f->struck = 0;
    f->gone = f->doomed = false;
    f->damage = (struct faulty_damage){0};
}

void faulty_on_death(struct store *store, void (*die)(void *ctx), void *ctx)
{
    struct faulty *f = faulty_of(store);
    f->die = die;
    f->die_ctx = ctx;
}

uint64_t faulty_count(const struct store *store, enum faulty_how how)
{
    const struct faulty *f = faulty_of(store);
    return (faulty_specs[how].strikes & 1u << FAULTY_AT_VALUE) != 0 ? f->values : f->operations;
}

uint64_t faulty_struck(const struct store *store)
{
    return faulty_of(store)->struck;
}

struct faulty_damage faulty_damage(const struct store *store)
{
    return faulty_of(store)->damage;
}

const char *faulty_name(enum faulty_how how)
{
    return faulty_specs[how].name;
}

const char *faulty_text(enum faulty_how how, enum err_lang lang)
{
    return faulty_specs[how].texts[lang];
}
