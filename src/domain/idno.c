#include "domain/idno.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "domain/areacode.h"

enum { IDNO_FIRST_BIRTH = 18800101 };

char idno_check(const char *digits17)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++) sum += (digits17[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

void idno_make18(char out[19], const char *area6, int32_t birth, int serial)
{
    snprintf(out, 19, "%.6s%08d%03d", area6, birth, serial);
    out[17] = idno_check(out);
    out[18] = 0;
}

/* Half width, capitals, without spaces, dashes and the apostrophe that spreadsheets put before texts. */
static size_t idno_fold(char out[IDNO_SIZE], const char *text)
{
    struct arena_buf folded = {0};
    size_t n = 0;
    if (text_fold(&folded, text, strlen(text)))
        for (size_t i = 0; i < folded.len && n < IDNO_SIZE - 1; i++) {
            char c = folded.data[i];
            if (c == ' ' || c == '-' || c == '\'' || c == '`') continue;
            out[n++] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
        }
    out[n] = 0;
    n = text_cut(out, n, n);
    arena_buf_free(&folded);
    return n;
}

static bool idno_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9') return false;
    return len > 0;
}

static int32_t idno_number(const char *text, size_t len)
{
    int32_t n = 0;
    for (size_t i = 0; i < len; i++) n = n * 10 + (text[i] - '0');
    return n;
}

static bool idno_none(const char *text)
{
    static const char *const words[] = {"",     "无",  "没有", "无证件", "暂无", "不详", "未知",
                                        "NONE", "N/A", "NA",   "NULL",   "/",    "0",    "新生儿"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0) return true;
    return false;
}

static enum idno_problem idno_area(const struct idno *id, bool synthetic_site)
{
    if (synthetic_site && strncmp(id->text, "350599", 6) == 0) return IDNO_OK;
    return areacode_valid(id->text, id->birth / 10000) ? IDNO_OK : IDNO_AREA;
}

/* Birth, sex and what is wrong with 18 characters whose first 17 are digits. */
static void idno_read18(struct idno *out, bool synthetic_site, int32_t today)
{
    int32_t birth = idno_number(out->text + 6, 8);
    bool residence =
        strncmp(out->text, "810000", 6) == 0 || strncmp(out->text, "820000", 6) == 0 || strncmp(out->text, "830000", 6) == 0;
    out->type = residence ? IDNO_RESIDENCE : out->text[0] == '9' ? IDNO_FOREIGNER : IDNO_RESIDENT;
    bool born = when_valid_day(birth) && birth >= IDNO_FIRST_BIRTH && (today == 0 || birth <= today);
    if (born) {
        out->birth = birth;
        out->sex = (out->text[16] - '0') % 2 == 1 ? 'm' : 'f';
    }
    if (strcmp(out->text + 15, "000") == 0)
        out->problem = idno_check(out->text) == out->text[17] ? IDNO_OK : IDNO_ROUNDED;
    else if (idno_check(out->text) != out->text[17])
        out->problem = IDNO_CHECKSUM;
    if (out->problem == IDNO_OK && !born) out->problem = IDNO_BIRTH;
    if (out->problem == IDNO_OK && out->type == IDNO_RESIDENT) out->problem = idno_area(out, synthetic_site);
}

/* Fifteen digits: the century is put in and the check character added. */
static bool idno_read15(struct idno *out, bool synthetic_site, int32_t today)
{
    char long18[IDNO_SIZE];
    snprintf(long18, sizeof long18, "%.6s19%.9s", out->text, out->text + 6);
    if (!when_valid_day(idno_number(long18 + 6, 8))) return false;
    long18[17] = idno_check(long18);
    long18[18] = 0;
    struct idno read = {.mended = true};
    memcpy(read.text, long18, sizeof long18);
    idno_read18(&read, synthetic_site, today);
    if (read.problem != IDNO_OK && read.problem != IDNO_ROUNDED) return false;
    read.problem = IDNO_OK;
    *out = read;
    return true;
}

/* Letters that look like digits, where digits belong; kept only if the result has the right checksum. */
static bool idno_mend(struct idno *out, size_t len)
{
    char mended[IDNO_SIZE];
    bool any = false;
    if (len != 18) return false;
    memcpy(mended, out->text, IDNO_SIZE);
    for (size_t i = 0; i < 17; i++) {
        char c = mended[i], is = c == 'O' || c == 'Q' || c == 'D'   ? '0'
                                 : c == 'L' || c == 'I' || c == '|' ? '1'
                                 : c == 'Z'                         ? '2'
                                 : c == 'S'                         ? '5'
                                 : c == 'B'                         ? '8'
                                                                    : c;
        any |= is != c;
        mended[i] = is;
    }
    if (mended[17] == 'O') mended[17] = '0', any = true;
    if (mended[17] == 'L' || mended[17] == 'I') mended[17] = '1', any = true;
    if (!any || !idno_digits(mended, 17) || idno_check(mended) != mended[17]) return false;
    memcpy(out->text, mended, IDNO_SIZE);
    out->mended = true;
    return true;
}

static bool idno_alnum(const char *text)
{
    for (; *text != 0; text++)
        if (!((*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z'))) return false;
    return true;
}

/* 3.50599E+17: a spreadsheet has kept six digits. */
static bool idno_science(const char *text)
{
    const char *e = strchr(text, 'E');
    return e != NULL && (e[1] == '+' || (e[1] >= '0' && e[1] <= '9')) && strchr(text, '.') != NULL;
}

static void idno_travel(struct idno *out, size_t len)
{
    char first = out->text[0];
    bool rest = len > 1 && idno_digits(out->text + 1, len - 1);
    if ((first == 'H' || first == 'M') && rest && len >= 9 && len <= 11) {
        out->type = IDNO_HKMO;
        out->text[9] = 0; /* the renewal count */
    } else if (idno_digits(out->text, len) && len == 8) {
        out->type = IDNO_TAIWAN;
    } else if (len >= 10 && len <= 12 && idno_digits(out->text, 8) && !idno_digits(out->text, len)) {
        out->type = IDNO_TAIWAN; /* older cards: a suffix after ten digits or eight */
        out->text[8] = 0;
    } else if (idno_science(out->text)) {
        out->problem = IDNO_ROUNDED;
    } else if (idno_digits(out->text, len)) {
        out->problem = IDNO_LENGTH;
    } else if (len == 15 && idno_alnum(out->text) && idno_digits(out->text + 3, 12)) {
        out->type = IDNO_FOREIGNER;
    } else if (len >= 5 && len <= 10 && idno_alnum(out->text)) {
        out->type = IDNO_PASSPORT;
    } else {
        out->problem = IDNO_FORM;
    }
}

void idno_read(struct idno *out, const char *text, bool number_cell, bool synthetic_site, int32_t today)
{
    char raw[IDNO_SIZE];
    *out = (struct idno){.type = IDNO_UNKNOWN};
    if (text == NULL) text = "";
    size_t len = idno_fold(out->text, text);
    memcpy(raw, out->text, IDNO_SIZE);
    if (idno_none(out->text)) {
        *out = (struct idno){.type = IDNO_NONE};
        return;
    }
    out->mended = strcmp(raw, text) != 0;
    bool eighteen =
        len == 18 && idno_digits(out->text, 17) && (out->text[17] == 'X' || (out->text[17] >= '0' && out->text[17] <= '9'));
    if (eighteen || idno_mend(out, len)) {
        idno_read18(out, synthetic_site, today);
    } else if (len == 15 && idno_digits(out->text, 15)) {
        out->type = IDNO_RESIDENT;
        if (!idno_read15(out, synthetic_site, today)) out->problem = IDNO_LENGTH;
    } else {
        idno_travel(out, len);
    }
    if (number_cell && len > 15) out->problem = IDNO_NUMBER_CELL;
}

void idno_mask(char out[IDNO_SIZE], const char *text)
{
    size_t len = strlen(text);
    snprintf(out, IDNO_SIZE, "%s", text);
    if (len >= IDNO_SIZE) len = IDNO_SIZE - 1;
    size_t keep = len > 8 ? 4 : 1;
    for (size_t i = keep; i + keep < len; i++) out[i] = '*';
}

const char *idno_type_text(enum idno_type type, int lang)
{
    static const char *const texts[IDNO_TYPES][2] = {
        {"无", "none"},       {"居民身份证", "resident"}, {"港澳台居民居住证", "residence"}, {"回乡证", "hkmo"},
        {"台胞证", "taiwan"}, {"护照", "passport"},       {"外国人永久居留证", "foreigner"}, {"不明", "unknown"}};
    return texts[type][lang != 0];
}

const char *idno_problem_text(enum idno_problem problem, int lang)
{
    static const char *const texts[IDNO_PROBLEMS][2] = {
        {"", ""},
        {"校验位不符", "the check character does not fit"},
        {"出生日期不存在", "no such day of birth"},
        {"地区码不存在", "no such area code"},
        {"位数不对", "wrong number of digits"},
        {"末位被表格软件改成 000", "the spreadsheet rounded it"},
        {"以数字格式存放，末位不可信", "stored as a number: its last digits are lost"},
        {"不是已知的证件号", "of no known form"}};
    return texts[problem][lang != 0];
}
