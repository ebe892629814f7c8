/* One call of the command line: what was asked, in which language, and how to answer. One file a command group: cmd_<word>.c. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/when.h"

enum { CLI_OPTIONS = 64, CLI_OPERANDS = 256 };

enum cli_type { CLI_FLAG, CLI_TEXT, CLI_INT, CLI_TIME, CLI_CHOICE };

struct cli_option {
    const char *name, *value; /* value: what stands for it in help, "" for a flag */
    enum cli_type type;
    bool required;
    const char *fallback;       /* the default; NULL: none */
    int setting;                /* enum settings_name, whose variable and line in the file go before the default; −1 */
    const char *const *choices; /* of a choice, ended by NULL */
    const char *text[2];        /* help by enum err_lang */
};

struct cli_operand {
    const char *name;
    bool required, many;
    const char *text[2];
};

struct cli;

struct cli_command {
    const char *words; /* "round missing" */
    const char *text[2];
    const struct cli_option *options; /* its own; the global ones are commands_globals */
    int option_count;
    const struct cli_operand *operands;
    int operand_count;
    const char *const *examples; /* ended by NULL */
    dw_err (*run)(struct cli *cli);
};

extern const struct cli_command commands_all[];
extern const int commands_count;
extern const struct cli_option commands_globals[];
extern const int commands_global_count;

struct cli {
    const struct cli_command *command;
    const char *given[CLI_OPTIONS]; /* by index of the command's options, then of the global ones; NULL: not given */
    const char *operands[CLI_OPERANDS];
    int operand_count;
    enum err_lang lang;
    bool json;
    struct when at; /* the moment of the command: now, or --at */
    struct err_detail detail;
    struct settings conf; /* what the configuration file says (cli/conf.h) */
    struct arena arena;
    struct clock_progress progress;
};

/* Index of an option by its name, −1; and the option of an index. */
int cli_index(const struct cli *cli, const char *name, size_t len);
const struct cli_option *cli_option_at(const struct cli *cli, int index);
/* An option's value or fallback, NULL when there is neither. Names that the command lacks are a mistake of ours (asserted). */
const char *cli_text(const struct cli *cli, const char *name);
bool cli_flag(const struct cli *cli, const char *name);
int64_t cli_int(const struct cli *cli, const char *name); /* checked when read; 0 when neither given nor fallback */
int cli_choice(const struct cli *cli, const char *name);  /* index in its choices, −1 */
bool cli_time(const struct cli *cli, const char *name, struct when *out);
const char *cli_operand(const struct cli *cli, int index); /* "" when absent */
/* The text of the language of this call. */
const char *cli_say(const struct cli *cli, const char *zh, const char *en)
    __attribute__((format_arg(2), format_arg(3), returns_nonnull));

#endif
