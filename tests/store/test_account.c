/* Accounts: the same work whoever is asked for, tries that are counted before they are looked at, sessions that end. */
#include "lab.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/secret.h"
#include "desk/account.h"
#include "desk/grant.h"

static const struct when noon = {1649390400000, 480};
static const char right[] = "东明巷二号的桂花树下面", wrong[] = "不是这一个密码呀呀呀呀";

enum { CROWD = 12 };

struct office {
    struct lab lab;
    struct desk *desk;
    struct account_desk *accounts;
    struct err_detail detail;
    struct account_who who;
    /* What a crowd does at once, and how it went. */
    const char *password, *code;
    atomic_int good, refused, locked;
};

static struct when later(int64_t minutes)
{
    return (struct when){noon.ms + minutes * 60000, noon.offset};
}

static void well(struct office *o, dw_err err)
{
    if (err != DW_OK) print_error("%s: %s\n", err_name(err), o->detail.text);
    assert_int_equal(err, DW_OK);
}

static int setup(void **state)
{
    struct office *o = calloc(1, sizeof *o);
    struct desk_new spec = {.name = "洋埭", .code = "350599101201", .synthetic = true, .at = noon};
    struct id member;
    assert_non_null(o);
    lab_open(&o->lab);
    well(o, desk_create(&o->desk, o->lab.path, &spec, &o->detail));
    well(o, account_open(&o->accounts, o->desk, o->lab.path, &o->detail));
    well(o, grant_member(&member, o->desk, "陈站长", NULL, noon, &o->detail));
    well(o, account_make(o->accounts, "chen", right, member, noon, &o->detail));
    *state = o;
    return 0;
}

static int teardown(void **state)
{
    struct office *o = *state;
    account_close(o->accounts);
    desk_close(o->desk);
    lab_close(&o->lab);
    free(o);
    return 0;
}

static dw_err sign_in(struct office *o, char token[ACCOUNT_TOKEN], const char *login, const char *password, struct when at)
{
    struct account_login spec = {.login = login, .password = password, .at = at};
    memset(&o->detail, 0, sizeof o->detail);
    return account_sign_in(token, &o->who, o->accounts, &spec, &o->detail);
}

/* Nobody learns from the answer, nor from how long it takes, which logins there are: each step is the same for both. */
static void test_a_stranger_is_refused_like_a_member(void **state)
{
    struct office *o = *state;
    char token[ACCOUNT_TOKEN], said[2][sizeof o->detail.text];
    for (int turn = 0; turn < ACCOUNT_TRIES + 2; turn++) {
        dw_err err[2];
        unsigned long long work[2];
        for (int k = 0; k < 2; k++) {
            unsigned long long before = secret_checks();
            err[k] = sign_in(o, token, k == 0 ? "chen" : "nobody", wrong, noon);
            work[k] = secret_checks() - before;
            memcpy(said[k], o->detail.text, sizeof said[k]);
        }
        assert_int_equal(err[0], turn < ACCOUNT_TRIES ? DW_E_UNKNOWN_CALLER : DW_E_LOCKED);
        assert_int_equal(err[1], err[0]);
        if (err[1] == DW_E_LOCKED) assert_int_equal(o->who.until_ms, noon.ms + 30000);
        assert_int_equal(work[0], turn < ACCOUNT_TRIES);
        assert_int_equal(work[1], work[0]);
        assert_string_equal(said[0], said[1]);
    }
    /* Locked for half a minute, then for twice as long: the right password waits too. */
    assert_int_equal(sign_in(o, token, "chen", right, noon), DW_E_LOCKED);
    assert_int_equal(o->who.until_ms, noon.ms + 30000);
    for (int k = 0; k < 2; k++) {
        const char *login = k == 0 ? "chen" : "nobody";
        assert_int_equal(sign_in(o, token, login, wrong, later(1)), DW_E_UNKNOWN_CALLER);
        assert_int_equal(sign_in(o, token, login, wrong, (struct when){later(1).ms + 59000, 480}), DW_E_LOCKED);
    }
    well(o, sign_in(o, token, "chen", right, later(3)));
    for (int i = 0; i < ACCOUNT_TRIES - 1; i++) assert_int_equal(sign_in(o, token, "chen", wrong, later(4)), DW_E_UNKNOWN_CALLER);
    well(o, sign_in(o, token, "chen", right, later(4)));
}

static void *one_of_a_crowd(void *ctx)
{
    struct office *o = ctx;
    char token[ACCOUNT_TOKEN];
    struct account_who who;
    struct err_detail detail = {0};
    struct account_login spec = {.login = "chen", .password = o->password, .code = o->code, .at = noon};
    dw_err err = account_sign_in(token, &who, o->accounts, &spec, &detail);
    atomic_fetch_add(err == DW_OK ? &o->good : err == DW_E_LOCKED ? &o->locked : &o->refused, 1);
    return NULL;
}

static void crowd(struct office *o, const char *password, const char *code)
{
    pthread_t threads[CROWD];
    o->password = password;
    o->code = code;
    atomic_store(&o->good, 0);
    atomic_store(&o->refused, 0);
    atomic_store(&o->locked, 0);
    for (int i = 0; i < CROWD; i++) assert_int_equal(pthread_create(&threads[i], NULL, one_of_a_crowd, o), 0);
    for (int i = 0; i < CROWD; i++) pthread_join(threads[i], NULL);
}

static void test_many_tries_at_once_are_no_more_than_one_after_the_other(void **state)
{
    struct office *o = *state;
    unsigned long long before = secret_checks();
    crowd(o, wrong, NULL);
    assert_int_equal(atomic_load(&o->good), 0);
    assert_int_equal(atomic_load(&o->refused), ACCOUNT_TRIES);
    assert_int_equal(atomic_load(&o->locked), CROWD - ACCOUNT_TRIES);
    assert_int_equal(secret_checks() - before, ACCOUNT_TRIES);
}

static void enrol_second_factor(struct office *o, char code[8], char codes[ACCOUNT_RECOVERY][16], struct account_who *who)
{
    char token[ACCOUNT_TOKEN], url[256], *at;
    uint8_t key[SECRET_TOTP_KEY] = {0};
    struct account_login spec = {.login = "chen", .password = right, .at = noon};
    well(o, account_sign_in(token, who, o->accounts, &spec, &o->detail));
    well(o, account_totp_begin(url, sizeof url, o->accounts, who, &o->detail));
    at = strstr(url, "secret=");
    assert_non_null(at);
    uint32_t bits = 0;
    int have = 0, n = 0;
    for (at += 7; *at != '&' && n < SECRET_TOTP_KEY; at++) {
        bits = bits << 5 | (uint32_t)(*at >= 'A' ? *at - 'A' : *at - '2' + 26);
        for (have += 5; have >= 8; have -= 8) key[n++] = (uint8_t)(bits >> (have - 8));
    }
    snprintf(code, 8, "%06u", secret_totp(key, noon.ms / 30000));
    well(o, account_totp_confirm(codes, o->accounts, who, code, noon, &o->detail));
    snprintf(code, 8, "%06u", secret_totp(key, noon.ms / 30000 + 1));
}

static void test_a_code_is_good_once_also_for_many_at_once(void **state)
{
    struct office *o = *state;
    char code[8], codes[ACCOUNT_RECOVERY][16];
    struct account_who who;
    enrol_second_factor(o, code, codes, &who);
    crowd(o, right, code);
    assert_int_equal(atomic_load(&o->good), 1);
    well(o, account_password(o->accounts, "chen", right, &o->detail)); /* unlocks */
    crowd(o, right, codes[3]);
    assert_int_equal(atomic_load(&o->good), 1);
}

static dw_err shown(struct office *o, const char *token, struct when at)
{
    struct account_who who;
    return account_session(&who, o->accounts, token, at, &o->detail);
}

static void test_sessions_end(void **state)
{
    struct office *o = *state;
    char a[ACCOUNT_TOKEN], b[ACCOUNT_TOKEN];
    struct account_who who;
    well(o, sign_in(o, a, "chen", right, noon));
    well(o, sign_in(o, b, "chen", right, noon));
    assert_string_not_equal(a, b);
    for (int64_t m = 0; m < 12 * 60; m += 100) well(o, shown(o, a, later(m)));
    assert_int_equal(shown(o, b, later(121)), DW_E_UNKNOWN_CALLER); /* idle for two hours */
    assert_int_equal(shown(o, a, later(12 * 60)), DW_E_UNKNOWN_CALLER);
    well(o, sign_in(o, a, "chen", right, noon));
    well(o, sign_in(o, b, "chen", right, noon));
    well(o, account_session(&who, o->accounts, a, noon, &o->detail));
    well(o, account_sign_out(o->accounts, &who, false, &o->detail));
    assert_int_equal(shown(o, a, noon), DW_E_UNKNOWN_CALLER);
    well(o, sign_in(o, a, "chen", right, noon));
    well(o, account_session(&who, o->accounts, a, noon, &o->detail));
    well(o, account_sign_out(o->accounts, &who, true, &o->detail));
    assert_int_equal(shown(o, b, noon), DW_E_UNKNOWN_CALLER); /* everywhere */
    well(o, sign_in(o, a, "chen", right, noon));
    well(o, account_password(o->accounts, "chen", wrong, &o->detail));
    assert_int_equal(shown(o, a, noon), DW_E_UNKNOWN_CALLER);
    well(o, sign_in(o, a, "chen", wrong, noon));
    well(o, account_disable(o->accounts, "chen", true, &o->detail));
    assert_int_equal(shown(o, a, noon), DW_E_UNKNOWN_CALLER);
    assert_int_equal(sign_in(o, a, "chen", wrong, noon), DW_E_UNKNOWN_CALLER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_stranger_is_refused_like_a_member, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_tries_at_once_are_no_more_than_one_after_the_other, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_code_is_good_once_also_for_many_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sessions_end, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
