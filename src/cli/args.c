#include "cli/args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static enum err_lang args_lang_of(const char *text)
{
    return text != NULL && strncmp(text, "zh", 2) == 0 ? ERR_ZH : ERR_EN;
}

enum err_lang args_lang(int argc, char **argv)
{
    static const char *const names[] = {"DOORWARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0) return args_lang_of(argv[i] + 7);
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) return args_lang_of(argv[i + 1]);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = getenv(names[i]);
        if (text != NULL && *text != 0) return args_lang_of(text);
    }
    return ERR_EN;
}

/* How many words of argv name the command; *out the longest command that fits. */
static int args_command(const struct cli_command **out, int argc, char **argv)
{
    int best = 0;
    *out = NULL;
    for (int i = 0; i < commands_count; i++) {
        const char *words = commands_all[i].words;
        int n = 0;
        while (*words != 0 && 1 + n < argc) {
            size_t len = strcspn(words, " ");
            if (strlen(argv[1 + n]) != len || strncmp(argv[1 + n], words, len) != 0) break;
            n++;
            words += len + (words[len] == ' ');
        }
        if (*words == 0 && n > best) {
            best = n;
            *out = &commands_all[i];
        }
    }
    return best;
}

static dw_err args_usage(struct cli *cli, const char *zh, const char *en, const char *what)
{
    char text[256];
    snprintf(text, sizeof text, cli->lang == ERR_ZH ? zh : en, what); /* the two formats are ours: one %s each */
    return err_set(&cli->detail, DW_E_USAGE, "%s", text);
}

static bool args_value_fits(const struct cli_option *option, const char *value)
{
    int64_t n;
    struct when when;
    if (option->type == CLI_INT) return text_int(&n, value, strlen(value));
    if (option->type == CLI_TIME) return when_parse_local(&when, value, strlen(value), 0);
    for (int i = 0; option->type == CLI_CHOICE && option->choices[i] != NULL; i++)
        if (strcmp(option->choices[i], value) == 0) return true;
    return option->type == CLI_TEXT;
}

static dw_err args_set(struct cli *cli, int index, const char *value)
{
    const struct cli_option *option = cli_option_at(cli, index);
    if (option->setting >= 0 && option->type != CLI_FLAG) {
        dw_err err = settings_fits(&settings_all[option->setting], value, cli->lang, &cli->detail);
        if (err != DW_OK) snprintf(cli->detail.column, sizeof cli->detail.column, "--%.60s", option->name);
        if (err != DW_OK) return DW_E_USAGE;
    }
    if (option->type != CLI_FLAG && !args_value_fits(option, value))
        return args_usage(cli, "--%s 的值不能用，见 --help", "the value of --%s cannot be used; see --help", option->name);
    cli->given[index] = option->type == CLI_FLAG ? "yes" : value;
    return DW_OK;
}

static dw_err args_one(struct cli *cli, int argc, char **argv, int *at)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    size_t len = equals == NULL ? strlen(name) : (size_t)(equals - name);
    int index = cli_index(cli, name, len);
    if (index < 0) return args_usage(cli, "没有选项 %s，见 --help", "there is no option %s; see --help", argv[*at]);
    if (cli_option_at(cli, index)->type == CLI_FLAG) {
        if (equals != NULL) return args_usage(cli, "选项 %s 不带值", "option %s takes no value", argv[*at]);
        return args_set(cli, index, "");
    }
    if (equals != NULL) return args_set(cli, index, equals + 1);
    if (*at + 1 >= argc) return args_usage(cli, "选项 %s 缺少值", "option %s needs a value", argv[*at]);
    return args_set(cli, index, argv[++*at]);
}

static dw_err args_complete(struct cli *cli)
{
    const struct cli_command *c = cli->command;
    for (int i = 0; i < c->option_count; i++)
        if (c->options[i].required && cli->given[i] == NULL)
            return args_usage(cli, "缺少必要的选项 --%s，见 --help", "option --%s is needed; see --help", c->options[i].name);
    for (int i = 0; i < c->operand_count; i++)
        if (c->operands[i].required && i >= cli->operand_count)
            return args_usage(cli, "缺少 %s，见 --help", "%s is needed; see --help", c->operands[i].name);
    bool many = c->operand_count > 0 && c->operands[c->operand_count - 1].many;
    if (!many && cli->operand_count > c->operand_count)
        return args_usage(cli, "多余的参数 %s，见 --help", "%s is one argument too many; see --help",
                          cli->operands[c->operand_count]);
    return DW_OK;
}

dw_err args_read(struct cli *cli, enum args_wish *wish, int argc, char **argv)
{
    bool only = false;
    *wish = ARGS_RUN;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        args_command(&cli->command, argc - (argc > 1), argv + (argc > 1));
        *wish = ARGS_HELP;
        return argc < 2 ? args_usage(cli, "缺少命令%s，见 --help", "a command is needed%s; see --help", "") : DW_OK;
    }
    if (strcmp(argv[1], "--version") == 0) *wish = ARGS_VERSION;
    if (*wish == ARGS_VERSION) return DW_OK;
    int words = args_command(&cli->command, argc, argv);
    if (words == 0)
        return args_usage(cli, "没有命令 %s，见 doorward --help", "there is no command %s; see doorward --help", argv[1]);
    for (int i = 1 + words; i < argc; i++) {
        bool dashes = !only && strncmp(argv[i], "--", 2) == 0;
        if (!only && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            *wish = ARGS_HELP;
            return DW_OK;
        }
        if (dashes && argv[i][2] == 0) {
            only = true;
        } else if (dashes) {
            ERR_TRY(args_one(cli, argc, argv, &i));
        } else if (cli->operand_count == CLI_OPERANDS) {
            return args_usage(cli, "参数太多：%s", "too many arguments: %s", argv[i]);
        } else {
            cli->operands[cli->operand_count++] = argv[i];
        }
    }
    return args_complete(cli);
}

static void args_help_option(const struct cli *cli, const struct cli_option *o)
{
    char left[96];
    snprintf(left, sizeof left, "--%s%s%s", o->name, o->value[0] != 0 ? " " : "", o->value);
    printf("  %-26s %s", left, o->text[cli->lang]);
    if (o->fallback != NULL && o->type != CLI_FLAG) printf(cli_say(cli, "（默认 %s）", " (default %s)"), o->fallback);
    for (int i = 0; o->choices != NULL && o->choices[i] != NULL; i++)
        printf("%s%s", i == 0 ? cli_say(cli, "：", ": ") : "|", o->choices[i]);
    if (o->required) printf("%s", cli_say(cli, "（必填）", " (needed)"));
    printf("\n");
}

void args_help(const struct cli *cli, const struct cli_command *c)
{
    if (c == NULL) {
        printf("%s\n\n", cli_say(cli, "doorward 门门到：不漏一户，不漏一人。\n用法：doorward 命令 [选项] [参数]",
                                 "doorward: reach every door, miss no one.\nUsage: doorward COMMAND [OPTIONS] [ARGUMENTS]"));
        for (int i = 0; i < commands_count; i++) printf("  %-20s %s\n", commands_all[i].words, commands_all[i].text[cli->lang]);
        printf("\n%s\n",
               cli_say(cli, "每个命令都有 --help、--json、--lang zh|en；退出状态 0 成功，1 失败，2 用法不对。",
                       "Every command takes --help, --json, --lang zh|en; exit status 0 done, 1 failed, 2 wrong usage."));
        return;
    }
    printf("%s doorward %s", cli_say(cli, "用法：", "Usage:"), c->words);
    if (c->option_count > 0) printf(" %s", cli_say(cli, "[选项]", "[OPTIONS]"));
    for (int i = 0; i < c->operand_count; i++)
        printf(c->operands[i].required ? " %s%s" : " [%s]%s", c->operands[i].name, c->operands[i].many ? "..." : "");
    printf("\n%s\n\n", c->text[cli->lang]);
    for (int i = 0; i < c->operand_count; i++) printf("  %-26s %s\n", c->operands[i].name, c->operands[i].text[cli->lang]);
    for (int i = 0; i < c->option_count; i++) args_help_option(cli, &c->options[i]);
    printf("%s\n", cli_say(cli, "\n共用选项：", "\nCommon options:"));
    for (int i = 0; i < commands_global_count; i++) args_help_option(cli, &commands_globals[i]);
    if (c->examples[0] != NULL) printf("%s\n", cli_say(cli, "\n例：", "\nExamples:"));
    for (int i = 0; c->examples[i] != NULL; i++) printf("  %s\n", c->examples[i]);
}
