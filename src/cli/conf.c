#include "cli/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *conf_env(enum settings_name name)
{
    const char *value = getenv(settings_all[name].env);
    return value != NULL && *value != 0 ? value : NULL;
}

static const char *conf_option(const struct cli *cli, enum settings_name name)
{
    const struct cli_command *c = cli->command;
    for (int i = 0; i < c->option_count + commands_global_count; i++)
        if (cli_option_at(cli, i)->setting == (int)name) return cli->given[i];
    return NULL;
}

const char *conf_text(const struct cli *cli, enum settings_name name)
{
    const char *value = conf_option(cli, name);
    if (value == NULL) value = conf_env(name);
    if (value == NULL) value = cli->conf.values[name];
    return value != NULL ? value : settings_all[name].fallback;
}

const char *conf_url(struct cli *cli, enum settings_name name)
{
    const char *value = conf_text(cli, name);
    size_t len = value == NULL ? 0 : strlen(value);
    if (len == 0 || value[len - 1] != '/') return value;
    while (len > 0 && value[len - 1] == '/') len--;
    return arena_text(&cli->arena, value, len);
}

dw_err conf_file(struct settings *out, bool *found, struct cli *cli)
{
    const char *path = conf_text(cli, SETTINGS_NAME_CONFIG);
    bool named = conf_option(cli, SETTINGS_NAME_CONFIG) != NULL || conf_env(SETTINGS_NAME_CONFIG) != NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text = malloc(SETTINGS_FILE_MAX + 1);
    size_t len = 0;
    ssize_t got = 1;
    memset(out, 0, sizeof *out);
    *found = fd >= 0;
    dw_err err = text == NULL ? DW_E_MEMORY : DW_OK;
    if (err == DW_OK && fd < 0 && (named || (errno != ENOENT && errno != EACCES)))
        err = err_at(&cli->detail, errno == ENOENT ? DW_E_NOT_FOUND : DW_E_IO, path, NULL, 0, NULL, "%s", strerror(errno));
    while (err == DW_OK && fd >= 0 && got > 0 && len <= SETTINGS_FILE_MAX) {
        got = read(fd, text + len, SETTINGS_FILE_MAX + 1 - len);
        if (got > 0) len += (size_t)got;
        if (got < 0) err = err_at(&cli->detail, DW_E_IO, path, NULL, 0, NULL, "%s", strerror(errno));
    }
    if (fd >= 0) close(fd);
    if (err == DW_OK && *found) err = settings_read(out, &cli->arena, text, len, path, cli->lang, &cli->detail);
    free(text);
    return err;
}

dw_err conf_load(struct cli *cli)
{
    struct settings fresh;
    bool found;
    int count = cli->command->option_count + commands_global_count;
    ERR_TRY(conf_file(&fresh, &found, cli));
    for (int i = 0; i < count; i++) {
        int name = cli_option_at(cli, i)->setting;
        if (name < 0 || conf_env((enum settings_name)name) == NULL) continue;
        dw_err err = settings_fits(&settings_all[name], conf_env((enum settings_name)name), cli->lang, &cli->detail);
        if (err != DW_OK) snprintf(cli->detail.column, sizeof cli->detail.column, "%.60s", settings_all[name].env);
        ERR_TRY(err);
    }
    cli->conf = fresh;
    return DW_OK;
}
