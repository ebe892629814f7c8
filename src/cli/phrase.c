#include "cli/phrase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"

/* A whole small file; *len bytes and a zero behind them. */
static dw_err phrase_file(char *out, size_t cap, size_t *len, const char *path, struct cli *cli)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_at(&cli->detail, errno == ENOENT ? DW_E_NOT_FOUND : DW_E_IO, path, NULL, 0, NULL, "%s", strerror(errno));
    ssize_t got = 1;
    *len = 0;
    while (got > 0 && *len < cap) {
        got = read(fd, out + *len, cap - *len);
        if (got > 0) *len += (size_t)got;
    }
    int why = errno;
    close(fd);
    if (got < 0) return err_at(&cli->detail, DW_E_IO, path, NULL, 0, NULL, "%s", strerror(why));
    if (*len == cap) return err_at(&cli->detail, DW_E_TOO_LARGE, path, NULL, 0, NULL, "%zu", cap);
    out[*len] = 0;
    return DW_OK;
}

/* A line from the terminal that is not shown; what was set is set again also when it is broken off. */
static dw_err phrase_type(char *out, size_t cap, int terminal, const char *ask, struct cli *cli)
{
    struct termios before, silent;
    if (tcgetattr(terminal, &before) != 0) return err_set(&cli->detail, DW_E_IO, "%s", strerror(errno));
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSAFLUSH, &silent);
    dprintf(terminal, "%s", ask);
    ssize_t got = read(terminal, out, cap - 1);
    tcsetattr(terminal, TCSAFLUSH, &before);
    dprintf(terminal, "\n");
    if (got <= 0) return DW_E_CANCELLED;
    out[got] = 0;
    out[strcspn(out, "\r\n")] = 0;
    return DW_OK;
}

static dw_err phrase_ask(struct phrase *out, struct cli *cli, bool fresh)
{
    char again[1024];
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return err_set(&cli->detail, DW_E_USAGE, "%s",
                       cli_say(cli, "没有口令：用 --passphrase-file、--key-file 或环境变量 DOORWARD_PASSPHRASE（见 --help）",
                               "no passphrase: use --passphrase-file, --key-file or DOORWARD_PASSPHRASE (see --help)"));
    dw_err err = phrase_type(out->text, sizeof again, terminal, cli_say(cli, "口令：", "Passphrase: "), cli);
    if (err == DW_OK && fresh) err = phrase_type(again, sizeof again, terminal, cli_say(cli, "再输一次：", "Once more: "), cli);
    if (err == DW_OK && fresh && strcmp(out->text, again) != 0)
        err = err_set(&cli->detail, DW_E_INVALID, "%s", cli_say(cli, "两次口令不同", "the two passphrases differ"));
    keys_wipe(again, sizeof again);
    close(terminal);
    return err;
}

static dw_err phrase_words(struct phrase *out, struct cli *cli, bool fresh)
{
    const char *path = cli_text(cli, "passphrase-file"), *env = getenv("DOORWARD_PASSPHRASE");
    size_t len;
    if (path != NULL) {
        ERR_TRY(phrase_file(out->text, sizeof out->text, &len, path, cli));
        if (strlen(out->text) != len)
            return err_at(&cli->detail, DW_E_INVALID, path, NULL, 0, NULL, "%s", cli_say(cli, "不是文字文件", "not a text file"));
        out->text[strcspn(out->text, "\r\n")] = 0;
    } else if (env != NULL && *env != 0) {
        if (strlen(env) >= sizeof out->text) return DW_E_TOO_LARGE;
        memcpy(out->text, env, strlen(env) + 1);
    } else {
        ERR_TRY(phrase_ask(out, cli, fresh));
    }
    out->secret.phrase = out->text;
    if (fresh && strlen(out->text) < VAULT_PHRASE_MIN)
        return err_set(&cli->detail, DW_E_INVALID, cli_say(cli, "口令至少 %d 个字节", "a passphrase of at least %d bytes"),
                       VAULT_PHRASE_MIN);
    return DW_OK;
}

dw_err phrase_read(struct phrase *out, struct cli *cli, bool fresh)
{
    const char *path = cli_text(cli, "key-file");
    memset(out, 0, sizeof *out);
    if (path == NULL) return phrase_words(out, cli, fresh);
    ERR_TRY(phrase_file(out->text, sizeof out->text, &out->secret.file_len, path, cli));
    out->secret.file = out->text;
    if (out->secret.file_len >= VAULT_KEY_FILE_MIN) return DW_OK;
    return err_at(&cli->detail, DW_E_INVALID, path, NULL, 0, NULL,
                  cli_say(cli, "密钥文件至少 %d 字节", "a key file has at least %d bytes"), VAULT_KEY_FILE_MIN);
}

void phrase_wipe(struct phrase *phrase)
{
    keys_wipe(phrase, sizeof *phrase);
}
