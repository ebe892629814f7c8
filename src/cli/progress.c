#include "cli/progress.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROGRESS_WIDTH = 30, PROGRESS_EVERY_NS = 100000000 };

static volatile sig_atomic_t progress_cancelled;

struct progress {
    struct cli *cli;
    bool quiet, terminal, drawn;
    char step[32];
    uint64_t last_ns, step_ns;
};

static void progress_signal(int number)
{
    (void)number;
    progress_cancelled = 1;
}

static const char *progress_name(const struct cli *cli, const char *step)
{
    static const char *const names[][3] = {{"simulate.world", "生成村庄", "making the village"},
                                           {"simulate.map", "绘制地图", "drawing the map"},
                                           {"simulate.lists", "编写名单", "writing the lists"},
                                           {"import.read", "读取文件", "reading the file"},
                                           {"import.rows", "核对名单", "comparing rows"},
                                           {"cards", "排印门牌卡", "drawing cards"},
                                           {"import.map", "导入地图", "taking the map in"},
                                           {"simulate.round", "上门走一轮", "going from door to door"},
                                           {"simulate.sync", "手机断续上传", "phones send what they have"},
                                           {"replay", "核验并重放台账", "checking and replaying the ledger"},
                                           {"verify.tables", "比对数据表", "comparing tables"},
                                           {"verify.file", "检查文件", "checking the file"},
                                           {"backup.copy", "复制数据", "copying the store"},
                                           {"backup.seal", "加密", "sealing"},
                                           {"restore.open", "解密", "opening"},
                                           {"match.read", "整理各列", "taking values apart"},
                                           {"match.near", "查找相近的值", "looking for values that are alike"},
                                           {"match.pairs", "比对", "comparing"},
                                           {"match.learn", "学习", "learning"},
                                           {"unseen.fit", "比较各种模型", "comparing models"},
                                           {"unseen.areas", "逐区估计", "estimating area by area"},
                                           {"export", "导出", "exporting"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], step) == 0) return names[i][cli->lang == ERR_ZH ? 1 : 2];
    return step;
}

static void progress_draw(struct progress *p, uint64_t done, uint64_t all)
{
    char bar[PROGRESS_WIDTH + 1];
    int full = all == 0 ? 0 : (int)(done * PROGRESS_WIDTH / all);
    for (int i = 0; i < PROGRESS_WIDTH; i++) bar[i] = i < full ? '#' : '.';
    bar[PROGRESS_WIDTH] = 0;
    fprintf(stderr, "\r\x1b[K[%s] %s", bar, progress_name(p->cli, p->step));
    if (all > 0) fprintf(stderr, " %llu/%llu", (unsigned long long)done, (unsigned long long)all);
    fflush(stderr);
    p->drawn = true;
}

static bool progress_tick(void *ctx, const char *step, uint64_t done, uint64_t all)
{
    struct progress *p = ctx;
    if (progress_cancelled) return false;
    if (p->quiet) return true;
    uint64_t now = clock_ns();
    bool fresh = strncmp(p->step, step, sizeof p->step - 1) != 0;
    if (fresh) {
        snprintf(p->step, sizeof p->step, "%s", step);
        if (!p->terminal) fprintf(stderr, "%s…\n", progress_name(p->cli, step));
    }
    if (p->terminal && (fresh || now - p->last_ns > PROGRESS_EVERY_NS)) {
        p->last_ns = now;
        progress_draw(p, done, all);
    }
    return true;
}

void progress_start(struct cli *cli, bool quiet)
{
    struct progress *p = arena_alloc(&cli->arena, sizeof *p);
    struct sigaction action = {.sa_handler = progress_signal, .sa_flags = (int)SA_RESETHAND};
    if (p == NULL) return;
    *p = (struct progress){.cli = cli, .quiet = quiet, .terminal = isatty(STDERR_FILENO)};
    sigaction(SIGINT, &action, NULL);
    cli->progress = (struct clock_progress){progress_tick, p};
}

void progress_end(struct cli *cli)
{
    struct progress *p = cli->progress.ctx;
    if (p != NULL && p->drawn) fprintf(stderr, "\r\x1b[K");
    if (p != NULL) p->drawn = false;
}
