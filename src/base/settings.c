#include "base/settings.h"

#include <string.h>

#include "base/text.h"

#include "settings_gen.inc"

static const char *settings_say(enum err_lang lang, const char *zh, const char *en)
    __attribute__((format_arg(2), format_arg(3), returns_nonnull));
static const char *settings_say(enum err_lang lang, const char *zh, const char *en)
{
    return lang == ERR_ZH ? zh : en;
}

size_t settings_find(const char *name, size_t len)
{
    size_t i = 0;
    while (i < SETTINGS_COUNT && (strlen(settings_all[i].name) != len || memcmp(settings_all[i].name, name, len) != 0)) i++;
    return i;
}

static bool settings_is_bool(const char *value, bool *yes)
{
    static const char *const words[] = {"yes", "no", "true", "false", "on", "off", "1", "0"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(value, words[i]) == 0) {
            *yes = i % 2 == 0;
            return true;
        }
    return false;
}

bool settings_bool(const char *value)
{
    bool yes = false;
    return value != NULL && settings_is_bool(value, &yes) && yes;
}

static bool settings_is_duration(const char *value, int64_t *seconds)
{
    static const char units[] = "smhd";
    static const int64_t worth[] = {1, 60, 3600, 86400};
    size_t len = strlen(value);
    const char *unit = len < 2 ? NULL : strchr(units, value[len - 1]);
    if (unit == NULL || !text_int(seconds, value, len - 1) || *seconds < 0 || *seconds > 1000000000) return false;
    *seconds *= worth[unit - units];
    return true;
}

int64_t settings_seconds(const char *value)
{
    int64_t seconds = 0;
    return value != NULL && settings_is_duration(value, &seconds) ? seconds : 0;
}

static bool settings_is_address(const char *value)
{
    const char *colon = strrchr(value, ':');
    int64_t port;
    return colon != NULL && text_int(&port, colon + 1, strlen(colon + 1)) && port >= 0 && port <= 65535 && colon[1] != '-';
}

static bool settings_is_url(const char *value)
{
    size_t from = strncmp(value, "https://", 8) == 0 ? 8 : strncmp(value, "http://", 7) == 0 ? 7 : 0;
    return from > 0 && value[from] != 0 && strchr("/:", value[from]) == NULL && strpbrk(value, " \t\"<>\\?#") == NULL;
}

static bool settings_is_choice(const struct settings_row *row, const char *value)
{
    for (size_t i = 0; row->choices[i] != NULL; i++)
        if (strcmp(row->choices[i], value) == 0) return true;
    return false;
}

/* What may be written instead, in words. */
static void settings_expect(char *out, size_t size, const struct settings_row *row, enum err_lang lang)
{
    size_t at = 0;
    if (row->type == SETTINGS_INT)
        snprintf(out, size, settings_say(lang, "应是 %lld 到 %lld 的整数", "a whole number from %lld to %lld is wanted"),
                 (long long)row->min, (long long)row->most);
    else if (row->type == SETTINGS_DURATION)
        snprintf(out, size,
                 settings_say(lang, "应是时长，如 30m、12h、7d，%lld 到 %lld 秒",
                              "a time such as 30m, 12h, 7d is wanted, from %lld to %lld seconds"),
                 (long long)row->min, (long long)row->most);
    else if (row->type == SETTINGS_BOOL)
        snprintf(out, size, "%s", settings_say(lang, "应是 yes 或 no", "yes or no is wanted"));
    else if (row->type == SETTINGS_ADDRESS)
        snprintf(out, size, "%s", settings_say(lang, "应是 地址:端口", "ADDRESS:PORT is wanted"));
    else if (row->type == SETTINGS_URL)
        snprintf(
            out, size, "%s",
            settings_say(lang, "应是 https://… 这样的地址，不带 ? 和 #", "an address like https://… without ? and # is wanted"));
    else if (row->type != SETTINGS_CHOICE)
        snprintf(out, size, settings_say(lang, "应是 1 到 %d 字节的文字", "a text of 1 to %d bytes is wanted"),
                 SETTINGS_VALUE_MAX);
    else
        for (size_t i = 0; row->choices[i] != NULL && at < size; i++)
            at += (size_t)snprintf(out + at, size - at, "%s%s", i == 0 ? settings_say(lang, "应是 ", "one of ") : "|",
                                   row->choices[i]);
}

dw_err settings_fits(const struct settings_row *row, const char *value, enum err_lang lang, struct err_detail *detail)
{
    char expect[160] = "";
    int64_t n = row->min;
    bool yes, fits = *value != 0 && strlen(value) <= SETTINGS_VALUE_MAX;
    if (row->type == SETTINGS_INT) fits = fits && text_int(&n, value, strlen(value));
    if (row->type == SETTINGS_DURATION) fits = fits && settings_is_duration(value, &n);
    if (row->type == SETTINGS_BOOL) fits = fits && settings_is_bool(value, &yes);
    if (row->type == SETTINGS_ADDRESS) fits = fits && settings_is_address(value);
    if (row->type == SETTINGS_URL) fits = fits && settings_is_url(value);
    if (row->type == SETTINGS_CHOICE) fits = fits && settings_is_choice(row, value);
    if (fits && n >= row->min && n <= (row->most > 0 ? row->most : INT64_MAX)) return DW_OK;
    settings_expect(expect, sizeof expect, row, lang);
    return err_at(detail, DW_E_INVALID, NULL, NULL, 0, row->name, "\"%.100s\": %s", value, expect);
}

static dw_err settings_line(struct settings *out, struct arena *arena, const char *line, size_t len, enum err_lang lang,
                            struct err_detail *detail)
{
    const char *equals = memchr(line, '=', len);
    if (equals == NULL)
        return err_set(detail, DW_E_INVALID, "%s", settings_say(lang, "应写成 名称 = 值", "it should read: name = value"));
    size_t name_len = (size_t)(equals - line), value_len = len - name_len - 1;
    const char *name = text_trim(line, &name_len), *value = text_trim(equals + 1, &value_len);
    size_t i = settings_find(name, name_len);
    if (i == SETTINGS_COUNT)
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0,
                      arena_text(arena, name, name_len < 60 ? name_len : text_cut(name, name_len, 60)), "%s",
                      settings_say(lang, "没有这个设置，见 docs/settings.md", "there is no such setting; see docs/settings.md"));
    const struct settings_row *row = &settings_all[i];
    if (!row->in_file)
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, row->name,
                      settings_say(lang, "不能写在文件里，请用环境变量 %s", "not to be set in a file; use the variable %s"),
                      row->env);
    if (out->values[i] != NULL)
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, row->name, "%s",
                      settings_say(lang, "写了两次", "it stands here twice"));
    const char *copy = arena_text(arena, value, value_len);
    if (copy == NULL) return DW_E_MEMORY;
    ERR_TRY(settings_fits(row, copy, lang, detail));
    out->values[i] = copy;
    return DW_OK;
}

dw_err settings_read(struct settings *out, struct arena *arena, const char *text, size_t len, const char *path,
                     enum err_lang lang, struct err_detail *detail)
{
    size_t bad, at = 0;
    memset(out, 0, sizeof *out);
    if (len > SETTINGS_FILE_MAX) return err_at(detail, DW_E_TOO_LARGE, path, NULL, 0, NULL, "%zu", len);
    if (!text_valid(text, len, &bad)) return err_at(detail, DW_E_UTF8, path, NULL, 0, NULL, "%zu", bad);
    for (int64_t row = 1; at < len; row++) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t run = end == NULL ? len - at : (size_t)(end - text) - at, line_len = run;
        const char *line = text_trim(text + at, &line_len);
        at += run + 1;
        if (line_len == 0 || *line == '#') continue;
        dw_err err = settings_line(out, arena, line, line_len, lang, detail);
        if (err != DW_OK && detail != NULL) {
            snprintf(detail->file, sizeof detail->file, "%.200s", path);
            detail->row = row;
        }
        ERR_TRY(err);
    }
    return DW_OK;
}
