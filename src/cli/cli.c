#include "cli/cli.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "cli/conf.h"

int cli_index(const struct cli *cli, const char *name, size_t len)
{
    const struct cli_command *c = cli->command;
    for (int i = 0; i < c->option_count; i++)
        if (strlen(c->options[i].name) == len && strncmp(c->options[i].name, name, len) == 0) return i;
    for (int i = 0; i < commands_global_count; i++)
        if (strlen(commands_globals[i].name) == len && strncmp(commands_globals[i].name, name, len) == 0)
            return c->option_count + i;
    return -1;
}

const struct cli_option *cli_option_at(const struct cli *cli, int index)
{
    const struct cli_command *c = cli->command;
    return index < c->option_count ? &c->options[index] : &commands_globals[index - c->option_count];
}

const char *cli_text(const struct cli *cli, const char *name)
{
    int index = cli_index(cli, name, strlen(name));
    assert(index >= 0);
    if (cli->given[index] != NULL) return cli->given[index];
    const struct cli_option *option = cli_option_at(cli, index);
    return option->setting >= 0 ? conf_text(cli, (enum settings_name)option->setting) : option->fallback;
}

bool cli_flag(const struct cli *cli, const char *name)
{
    int index = cli_index(cli, name, strlen(name));
    assert(index >= 0);
    if (cli->given[index] != NULL) return true;
    const struct cli_option *option = cli_option_at(cli, index);
    return option->setting >= 0 && settings_bool(conf_text(cli, (enum settings_name)option->setting));
}

int64_t cli_int(const struct cli *cli, const char *name)
{
    const char *text = cli_text(cli, name);
    int64_t n = 0;
    return text != NULL && text_int(&n, text, strlen(text)) ? n : 0;
}

int cli_choice(const struct cli *cli, const char *name)
{
    const char *text = cli_text(cli, name);
    const char *const *choices = cli_option_at(cli, cli_index(cli, name, strlen(name)))->choices;
    for (int i = 0; text != NULL && choices[i] != NULL; i++)
        if (strcmp(choices[i], text) == 0) return i;
    return -1;
}

bool cli_time(const struct cli *cli, const char *name, struct when *out)
{
    const char *text = cli_text(cli, name);
    return text != NULL && when_parse_local(out, text, strlen(text), when_now().offset);
}

const char *cli_operand(const struct cli *cli, int index)
{
    return index < cli->operand_count ? cli->operands[index] : "";
}

const char *cli_say(const struct cli *cli, const char *zh, const char *en)
{
    return cli->lang == ERR_ZH ? zh : en;
}
