#include "cli/serve_confine.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>

#include "cli/conf.h"

dw_err serve_confine(struct cli *cli, const char *store, const struct confine_rule *more, size_t count)
{
    struct confine_rule rules[SERVE_CONFINE_RULES];
    char folder[1024];
    bool files = false, calls = false;
    size_t n = 0;
    const char *user = conf_text(cli, SETTINGS_NAME_USER);
    if (user != NULL) ERR_TRY(confine_user(user, &cli->detail));
    if (settings_bool(conf_text(cli, SETTINGS_NAME_NO_CONFINE))) return DW_OK;
    snprintf(folder, sizeof folder, "%s", store);
    rules[n++] = (struct confine_rule){dirname(folder), true};
    for (size_t i = 0; i < count && n < SERVE_CONFINE_RULES; i++) rules[n++] = more[i];
    ERR_TRY(confine_files(&files, rules, n, &cli->detail));
    ERR_TRY(confine_calls(&calls, &cli->detail));
    if (!files)
        fprintf(stderr, "%s\n",
                cli_say(cli, "内核没有 Landlock（Linux 5.19 起）：文件访问未加限制",
                        "this kernel has no Landlock (Linux 5.19 and later): files are not confined"));
    if (!calls)
        fprintf(stderr, "%s\n",
                cli_say(cli, "没有 seccomp 过滤：系统调用未加限制", "there is no seccomp filter: system calls are not confined"));
    return DW_OK;
}
