#include "domain/idno.h"

#include <stdio.h>
#include <string.h>
#include <uchar.h>

#include "base/text.h"
#include "base/when.h"
#include "domain/areacode.h"

enum { IDNO_FIRST_BIRTH = 18800101, IDNO_FOLDED = 256, IDNO_MENDED = 4 };

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

/* Letters of other alphabets that look like X and O. */
static int32_t idno_look(int32_t point)
{
    if (point < 0x80) return point >= 'a' && point <= 'z' ? point - 32 : point;
    static const char32_t x[] = {U'×', U'Х', U'х', U'Χ', U'χ'}, o[] = {U'О', U'о', U'Ο', U'ο'};
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        if (point == (int32_t)x[i]) return 'X';
    for (size_t i = 0; i < sizeof o / sizeof *o; i++)
        if (point == (int32_t)o[i]) return 'O';
    return point;
}

/* Spaces, dashes, and the quotes that spreadsheets put before texts. */
static bool idno_separates(int32_t point)
{
    if ((point >= '0' && point <= '9') || (point >= 'A' && point <= 'z')) return false;
    static const char32_t points[] = U" -'`\"‘’“”–—‐−,";
    for (size_t i = 0; points[i] != 0; i++)
        if (point == (int32_t)points[i]) return true;
    return false;
}

/* Half width, capitals, without separators; false if text is no UTF-8 or too long to hold a number. */
static bool idno_fold(char out[IDNO_FOLDED], const char *text)
{
    struct arena_buf folded = {0};
    size_t len = 0;
    bool good = text_fold(&folded, text, strlen(text));
    for (size_t at = 0; good && at < folded.len;) {
        int32_t point = text_next(folded.data, folded.len, &at);
        if (idno_separates(point)) continue;
        good = len + TEXT_POINT < IDNO_FOLDED;
        if (good) len += text_encode(out + len, idno_look(point));
    }
    out[good ? len : 0] = 0;
    arena_buf_free(&folded);
    return good;
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

/* Fifteen digits of an old number; what may as well be eighteen cut short (born in 20yy read as 1920) is not trusted. */
static void idno_read15(struct idno *out, bool synthetic_site, int32_t today)
{
    struct idno read = {.mended = true};
    int32_t cut = idno_number(out->text + 6, 8);
    out->type = IDNO_RESIDENT;
    snprintf(read.text, sizeof read.text, "%.6s19%.9s", out->text, out->text + 6);
    if (!when_valid_day(idno_number(read.text + 6, 8)) ||
        (when_valid_day(cut) && cut >= 20000101 && (today == 0 || cut <= today))) {
        out->problem = IDNO_LENGTH;
        return;
    }
    read.text[17] = idno_check(read.text);
    read.text[18] = 0;
    idno_read18(&read, synthetic_site, today);
    if (read.problem == IDNO_OK)
        *out = read;
    else
        out->problem = read.problem;
}

static bool idno_eighteen(const char *text)
{
    return idno_digits(text, 17) && (text[17] == 'X' || idno_digits(text + 17, 1));
}

static bool idno_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/* The one right number in a text that says more: 身份证:350599199001010017(户主). False when there is none, or two. */
static bool idno_inside(char out[19], const char *text)
{
    size_t found = 0, run = 0;
    for (const char *at = text;; at++) {
        if (idno_letter(*at)) {
            run++;
            continue;
        }
        if (run == 18 && idno_eighteen(at - 18) && idno_check(at - 18) == at[-1]) {
            found++;
            memcpy(out, at - 18, 18);
        }
        run = 0;
        if (*at == 0) break;
    }
    out[18] = 0;
    return found == 1;
}

/* Letters that look like digits, where digits belong, and a star for the last X; kept only if the result has the right checksum
 * (of more than a few letters one in eleven would have it by chance). */
static bool idno_mend(struct idno *out, size_t len)
{
    static const char looks[] = "OQDLI|ZSB", is[] = "000111258";
    char mended[IDNO_SIZE];
    size_t any = 0;
    if (len != 18) return false;
    memcpy(mended, out->text, IDNO_SIZE);
    for (size_t i = 0; i < 18; i++) {
        const char *found = strchr(looks, mended[i]);
        if (found == NULL) continue;
        mended[i] = is[found - looks];
        any++;
    }
    if (mended[17] == '*') mended[17] = 'X', any++;
    if (any == 0 || any > IDNO_MENDED || !idno_digits(mended, 17) || idno_check(mended) != mended[17]) return false;
    memcpy(out->text, mended, IDNO_SIZE);
    out->mended = true;
    return true;
}

/* How many digits and letters; -1 if there is anything else. */
static int idno_count_digits(const char *text)
{
    int digits = 0;
    for (; *text != 0; text++) {
        if (!idno_letter(*text)) return -1;
        digits += *text <= '9';
    }
    return digits;
}

/* 3.50599E+17: a spreadsheet has kept six digits. */
static bool idno_science(const char *text)
{
    size_t whole = strspn(text, "0123456789."), sign = text[whole] == 'E' && text[whole + 1] == '+' ? 2 : 1;
    return whole > 0 && text[whole] == 'E' && strchr(text, '.') != NULL &&
           idno_digits(text + whole + sign, strlen(text + whole + sign));
}

/* Ten digits, the first 0 (as no area code's), and a suffix in brackets or without: the cards of Taiwan compatriots before 2015.
 */
static bool idno_old_taiwan(const char *text)
{
    size_t digits = strspn(text, "0123456789"), rest = strlen(text + digits);
    const char *suffix = text + digits;
    if (digits == 10 && rest >= 3 && suffix[0] == '(' && suffix[rest - 1] == ')') suffix++, rest -= 2;
    return digits == 10 && text[0] == '0' && rest >= 1 && rest <= 2 && strspn(suffix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= rest;
}

/* Eight digits that are rather somebody's birthday. */
static bool idno_day(const char *text)
{
    int32_t day = idno_number(text, 8);
    return day >= 19000101 && day < 21000101 && when_valid_day(day);
}

static void idno_travel(struct idno *out, size_t len)
{
    char first = out->text[0];
    size_t leading = strspn(out->text, "0123456789");
    int digits = idno_count_digits(out->text);
    if ((first == 'H' || first == 'M') && digits == (int)len - 1 && len >= 9 && len <= 11) {
        out->type = IDNO_HKMO;
        out->text[9] = 0; /* the renewal count */
    } else if (leading == len && len == 8 && !idno_day(out->text)) {
        out->type = IDNO_TAIWAN;
    } else if (idno_old_taiwan(out->text)) {
        out->type = IDNO_TAIWAN;
        out->text[8] = 0;
    } else if (idno_science(out->text)) {
        out->problem = IDNO_ROUNDED;
    } else if (leading == len) {
        out->problem = IDNO_LENGTH;
    } else if (len == 15 && leading == 0 && digits == 12 && idno_digits(out->text + 3, 12)) {
        out->type = IDNO_FOREIGNER;
    } else if (len >= 5 && len <= 17 && digits >= 4 && (len <= 10 ? leading < 6 : leading == 0)) {
        out->type = IDNO_PASSPORT; /* what begins with many digits is a damaged number of another kind */
    } else {
        out->problem = IDNO_FORM;
    }
}

/* A number cell's decimals, and a number that stands among words. */
static void idno_trim(char folded[IDNO_FOLDED])
{
    char inside[19];
    size_t len = strlen(folded);
    if (len > 2 && strcmp(folded + len - 2, ".0") == 0 && idno_digits(folded, len - 2)) folded[len - 2] = 0;
    if (len > 18 && idno_inside(inside, folded)) memcpy(folded, inside, sizeof inside);
}

void idno_read(struct idno *out, const char *text, bool number_cell, bool synthetic_site, int32_t today)
{
    char folded[IDNO_FOLDED];
    *out = (struct idno){.type = IDNO_UNKNOWN};
    if (text == NULL) text = "";
    if (!idno_fold(folded, text)) {
        out->problem = IDNO_FORM;
        return;
    }
    if (idno_none(folded)) {
        out->type = IDNO_NONE;
        return;
    }
    idno_trim(folded);
    size_t len = text_cut(folded, strlen(folded), IDNO_SIZE - 1);
    memcpy(out->text, folded, len);
    out->mended = strcmp(out->text, text) != 0;
    if ((len == 18 && idno_eighteen(out->text)) || idno_mend(out, len)) {
        idno_read18(out, synthetic_site, today);
    } else if (len == 15 && idno_digits(out->text, 15)) {
        idno_read15(out, synthetic_site, today);
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
