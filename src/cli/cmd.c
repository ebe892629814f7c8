#include "cli/cmd.h"

#include <string.h>

#include "desk/paper_spec.h"
#include "domain/idno.h"
#include "domain/phone.h"

dw_err cmd_desk_bare(struct desk **out, struct cli *cli)
{
    return desk_open(out, cli_text(cli, "store"), &cli->detail);
}

dw_err cmd_desk(struct desk **out, struct cli *cli)
{
    ERR_TRY(cmd_desk_bare(out, cli));
    if (!desk_disposed(*out)) return DW_OK;
    desk_close(*out);
    *out = NULL;
    return err_set(&cli->detail, DW_E_DISPOSED, "%s", cli_text(cli, "store"));
}

enum { CMD_SLURP_MOST = 256 << 20 };

dw_err cmd_slurp(char **text, size_t *len, struct cli *cli, const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    struct arena_buf buf = {0};
    char chunk[65536];
    size_t n;
    if (file == NULL) return err_at(&cli->detail, DW_E_NOT_FOUND, path, NULL, 0, NULL, "%s", path);
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0 && buf.len < CMD_SLURP_MOST) arena_buf_put(&buf, chunk, n);
    bool bad = ferror(file);
    if (file != stdin) fclose(file);
    *text = buf.data;
    *len = buf.len;
    if (bad) return err_at(&cli->detail, DW_E_IO, path, NULL, 0, NULL, "%s", path);
    if (buf.len >= CMD_SLURP_MOST) return err_at(&cli->detail, DW_E_TOO_LARGE, path, NULL, 0, NULL, "%zu bytes", buf.len);
    return buf.failed ? DW_E_MEMORY : DW_OK;
}

dw_err cmd_id(struct id *out, struct cli *cli, int operand)
{
    const char *text = cli_operand(cli, operand);
    if (id_parse(out, text, strlen(text))) return DW_OK;
    return err_set(&cli->detail, DW_E_USAGE, cli_say(cli, "%s 不是编号", "%s is not an id"), text);
}

dw_err cmd_reveal(bool *out, struct cli *cli, const char *reason_option)
{
    const char *reason = cli_text(cli, reason_option);
    *out = cli_flag(cli, "reveal");
    if (!*out || (reason != NULL && *reason != 0)) return DW_OK;
    return err_set(&cli->detail, DW_E_USAGE, cli_say(cli, "--reveal 要用 --%s 写明原因", "--reveal needs a reason: --%s"),
                   reason_option);
}

const char *cmd_doc(struct cli *cli, const char *doc, bool reveal)
{
    char masked[IDNO_SIZE];
    if (reveal) return doc;
    idno_mask(masked, doc);
    const char *copy = arena_text(&cli->arena, masked, strlen(masked));
    return copy == NULL ? "" : copy;
}

const char *cmd_phone(struct cli *cli, const char *phone, bool reveal)
{
    char masked[PHONE_SIZE];
    if (reveal) return phone;
    phone_mask(masked, phone);
    const char *copy = arena_text(&cli->arena, masked, strlen(masked));
    return copy == NULL ? "" : copy;
}

const char *cmd_state(const struct cli *cli, int state)
{
    return paper_spec_word(PAPER_WORDS_STATE, state, cli->lang);
}

dw_err cmd_told(struct cli *cli, struct desk *desk, dw_err err, const struct id *id)
{
    char text[ID_TEXT];
    desk_close(desk);
    if (err != DW_OK) return err;
    if (id != NULL) id_text(text, *id);
    if (cli->json)
        printf(id == NULL ? "{}\n" : "{\"id\":\"%s\"}\n", id == NULL ? "" : text);
    else
        printf("%s\n", id == NULL ? cli_say(cli, "完成", "Done") : text);
    return DW_OK;
}
