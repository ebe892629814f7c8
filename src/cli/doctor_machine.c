/* The machine: settings, disk, clock, fonts, files it may open, the service manager. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "cli/conf.h"
#include "cli/doctor.h"
#include "files/fonts.h"

enum { MACHINE_SPARE_MB = 512, MACHINE_FILES = 300 /* beside connections */, MACHINE_AHEAD_MS = 300000 };
static const int64_t MACHINE_2024 = 1704067200000; /* no clock that is right says less */
extern char **environ;

/* A variable of ours with a name that we do not know is a slip of the pen. */
static void doctor_machine_variables(struct doctor *d)
{
    static const char prefix[] = "DOORWARD_";
    for (char **one = environ; *one != NULL; one++) {
        size_t len = strcspn(*one, "="), i = 0;
        if (strncmp(*one, prefix, sizeof prefix - 1) != 0) continue;
        while (i < SETTINGS_COUNT && (strlen(settings_all[i].env) != len || strncmp(settings_all[i].env, *one, len) != 0)) i++;
        if (i == SETTINGS_COUNT)
            doctor_say(
                d, "settings", DOCTOR_WARN, cli_say(d->cli, "对照 docs/settings.md 改名", "compare it with docs/settings.md"),
                cli_say(d->cli, "不认识的环境变量 %.*s", "a variable that nobody reads: %.*s"), (int)(len < 60 ? len : 60), *one);
    }
}

void doctor_settings(struct doctor *d)
{
    struct settings read;
    bool found;
    dw_err err = conf_load(d->cli);
    const char *path = conf_text(d->cli, SETTINGS_NAME_CONFIG);
    if (err != DW_OK) {
        doctor_error(d, "settings", NULL, err);
    } else {
        conf_file(&read, &found, d->cli);
        doctor_say(d, "settings", DOCTOR_GOOD, NULL, found ? "%s" : cli_say(d->cli, "没有 %s，用默认值", "no %s: defaults"),
                   path);
    }
    doctor_machine_variables(d);
}

static void doctor_machine_disk(struct doctor *d, const char *check, const char *path)
{
    struct cli *cli = d->cli;
    struct statvfs fs;
    struct stat st;
    char folder[PATH_MAX];
    int64_t need = (int64_t)MACHINE_SPARE_MB << 20;
    snprintf(folder, sizeof folder, "%s", path);
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) need += 2 * (int64_t)st.st_size; /* a backup's scratch, and growth */
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
        char *slash = strrchr(folder, '/');
        snprintf(folder, sizeof folder, "%.*s",
                 slash == NULL     ? 1
                 : slash == folder ? 1
                                   : (int)(slash - folder),
                 slash == NULL ? "." : path);
    }
    if (statvfs(folder, &fs) != 0) {
        doctor_say(d, check, DOCTOR_WRONG, err_fix(DW_E_IO, cli->lang), "%s: %s", folder, strerror(errno));
        return;
    }
    int64_t spare = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    bool full = spare < need || (fs.f_files > 0 && fs.f_favail < 1000);
    doctor_say(d, check, full ? DOCTOR_WRONG : DOCTOR_GOOD, full ? err_fix(DW_E_FULL, cli->lang) : NULL,
               cli_say(cli, "%s 剩余 %lld MB（需要 %lld MB）", "%s: %lld MB left (%lld MB are wanted)"), folder,
               (long long)(spare >> 20), (long long)(need >> 20));
}

static void doctor_machine_clock(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct timex timex = {0};
    int64_t now = when_now().ms, last = 0;
    const struct site *site = d->desk == NULL ? NULL : desk_read(d->desk);
    for (uint32_t i = 0; site != NULL && i < site_count(site, SITE_DEVICE); i++)
        if (site_device(site, i)->last_ms > last) last = site_device(site, i)->last_ms;
    if (site != NULL) desk_read_end(d->desk);
    const char *fix = cli_say(cli, "校准时间：timedatectl set-ntp true", "set the clock: timedatectl set-ntp true");
    if (now < MACHINE_2024 || last > now + MACHINE_AHEAD_MS)
        doctor_say(d, "clock", DOCTOR_WRONG, fix, "%s",
                   cli_say(cli, "时钟落后，比台账里的时间还早", "the clock is behind: earlier than what the ledger holds"));
    else if (adjtimex(&timex) < 0 || (timex.status & STA_UNSYNC) != 0)
        doctor_say(d, "clock", DOCTOR_WARN, fix, "%s",
                   cli_say(cli, "没有与时间服务器同步", "not kept in step with a time server"));
    else
        doctor_say(d, "clock", DOCTOR_GOOD, NULL, "%s", cli_say(cli, "已同步", "kept in step"));
}

static void doctor_machine_files(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct rlimit limit = {0};
    int64_t wants = strtoll(conf_text(cli, SETTINGS_NAME_CONNECTIONS), NULL, 10) + MACHINE_FILES;
    getrlimit(RLIMIT_NOFILE, &limit);
    bool few = limit.rlim_max != RLIM_INFINITY && (int64_t)limit.rlim_max < wants;
    doctor_say(d, "files", few ? DOCTOR_WRONG : DOCTOR_GOOD,
               few ? cli_say(cli, "提高 LimitNOFILE（systemd）或 ulimit -Hn，或调小 connections",
                             "raise LimitNOFILE (systemd) or ulimit -Hn, or lower connections")
                   : NULL,
               cli_say(cli, "最多打开 %lld 个文件（需要 %lld）", "%lld files at most (%lld are wanted)"),
               (long long)limit.rlim_max, (long long)wants);
}

static void doctor_machine_unit(struct doctor *d)
{
    static const char *const places[] = {"/etc/systemd/system/doorward.service", "/usr/lib/systemd/system/doorward.service",
                                         "/lib/systemd/system/doorward.service"};
    size_t i = 0;
    while (i < sizeof places / sizeof *places && access(places[i], R_OK) != 0) i++;
    bool manager = access("/run/systemd/system", F_OK) == 0;
    if (i < sizeof places / sizeof *places)
        doctor_say(d, "unit", DOCTOR_GOOD, NULL, "%s%s", places[i],
                   manager ? "" : cli_say(d->cli, "（本机没有在用 systemd）", " (systemd does not run here)"));
    else
        doctor_say(d, "unit", DOCTOR_NOTE,
                   cli_say(d->cli, "要开机自动启动，安装 packaging/doorward.service",
                           "to start it with the machine, install packaging/doorward.service"),
                   "%s", cli_say(d->cli, "没有安装 systemd 单元", "no systemd unit is installed"));
}

void doctor_machine(struct doctor *d)
{
    struct cli *cli = d->cli;
    doctor_machine_disk(d, "disk", cli_text(cli, "store"));
    doctor_machine_clock(d);
    for (int i = 0; i < FONTS_PAPER; i++)
        if (fonts_installed(fonts_paper[i]))
            doctor_say(d, "fonts", DOCTOR_GOOD, NULL, "%s", fonts_paper[i]);
        else
            doctor_say(d, "fonts", i == 0 ? DOCTOR_WRONG : DOCTOR_WARN,
                       i == 0 ? "apt-get install fonts-wqy-microhei" : "apt-get install fonts-noto-cjk",
                       cli_say(cli, "没有字体 %s，门牌卡和清单印不出来或缺字",
                               "%s is not installed: cards and lists cannot be printed, or lack characters"),
                       fonts_paper[i]);
    doctor_machine_files(d);
    doctor_machine_unit(d);
}
