#include "cli/doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

static const char *doctor_keep(struct doctor *d, const char *text)
{
    const char *copy = arena_text(&d->cli->arena, text, strlen(text));
    return copy == NULL ? "" : copy;
}

/* What a check is called in the table; its code stands in JSON. */
static const char *doctor_name(const struct cli *cli, const char *check)
{
    static const char *const names[][2] = {{"settings", "设置"}, {"keys", "密钥"},  {"store", "数据库"}, {"chains", "链尾"},
                                           {"verify", "核验"},   {"disk", "磁盘"},  {"clock", "时钟"},   {"fonts", "字体"},
                                           {"files", "文件数"},  {"unit", "服务"},  {"port", "端口"},    {"certificate", "证书"},
                                           {"app", "网页应用"},  {"backup", "备份"}};
    for (size_t i = 0; cli->lang == ERR_ZH && i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], check) == 0) return names[i][1];
    return check;
}

void doctor_say(struct doctor *d, const char *check, enum doctor_state state, const char *fix, const char *format, ...)
{
    static const char *const codes[DOCTOR_STATES] = {"good", "note", "warn", "wrong"};
    const char *const said[DOCTOR_STATES] = {cli_say(d->cli, "正常", "good"), cli_say(d->cli, "提示", "note"),
                                             cli_say(d->cli, "注意", "warning"), cli_say(d->cli, "有问题", "WRONG")};
    char found[768];
    va_list args;
    va_start(args, format);
    vsnprintf(found, sizeof found, format, args);
    va_end(args);
    found[text_cut(found, strlen(found), sizeof found - 1)] = 0;
    d->states[state]++;
    out_rows_word(&d->rows, check, doctor_name(d->cli, check));
    out_rows_word(&d->rows, codes[state], said[state]);
    out_rows_text(&d->rows, doctor_keep(d, found));
    out_rows_text(&d->rows, fix == NULL ? "" : doctor_keep(d, fix));
}

void doctor_error(struct doctor *d, const char *check, const char *file, dw_err err)
{
    struct err_detail *detail = &d->cli->detail;
    char place[400] = "";
    if (*detail->file != 0) file = detail->file;
    if (file != NULL) snprintf(place, sizeof place, "%s: ", file);
    if (detail->row > 0) {
        size_t at = strlen(place);
        snprintf(place + at, sizeof place - at, cli_say(d->cli, "第 %lld 行 ", "line %lld, "), (long long)detail->row);
    }
    if (*detail->column != 0) {
        size_t at = strlen(place);
        snprintf(place + at, sizeof place - at, "%s: ", detail->column);
    }
    doctor_say(d, check, DOCTOR_WRONG, err_fix(err, d->cli->lang), "%s%s%s%s", place, err_title(err, d->cli->lang),
               *detail->text == 0 ? "" : cli_say(d->cli, "：", ": "), detail->text);
    err_clear(detail);
}

bool doctor_private(struct doctor *d, const char *check, const char *path, dw_err missing)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        doctor_say(d, check, DOCTOR_WRONG, err_fix(missing, d->cli->lang), "%s: %s", path, strerror(errno));
        return false;
    }
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        char fix[600];
        snprintf(fix, sizeof fix, "chmod 600 %s", path);
        doctor_say(d, check, DOCTOR_WRONG, fix,
                   cli_say(d->cli, "%s 别人也能读（权限 %03o）", "%s can be read by others (mode %03o)"), path,
                   (unsigned)st.st_mode & 0777);
        return false;
    }
    return true;
}
