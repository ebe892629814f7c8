#include <stdlib.h>

#include "cli/cmd.h"
#include "desk/copies.h"
#include "desk/forget.h"

/* Copies that still hold what was destroyed here: backups of the keys, and exports that were not masked. */
struct cmd_forget_copies {
    struct out_table table;
    struct out_json json;
    size_t count;
};

static dw_err cmd_forget_copy(void *ctx, const struct copies_one *copy)
{
    struct cmd_forget_copies *copies = ctx;
    char when[WHEN_TEXT];
    if (copy->what != KINDS_COPY_KIND_KEYS && !copy->clear) return DW_OK;
    when_text(when, (struct when){copy->at_ms, when_now().offset});
    out_table_row(&copies->table, (const char *[]){when, kinds_copy_kind_texts[copy->what], copy->path});
    json_open(&copies->json.json, '{');
    out_json_text(&copies->json, "at", when);
    out_json_text(&copies->json, "what", kinds_copy_kind_texts[copy->what]);
    out_json_text(&copies->json, "path", copy->path);
    json_close(&copies->json.json, '}');
    copies->count++;
    return DW_OK;
}

static dw_err cmd_forget_tell(struct cli *cli, struct desk *desk, const struct forget_people *people)
{
    const char *zh[] = {"时间", "种类", "位置"}, *en[] = {"made", "what", "where"};
    struct cmd_forget_copies copies = {.count = 0};
    struct out_json *out = &copies.json;
    out_table_begin(&copies.table, cli->lang == ERR_ZH ? zh : en, 3);
    out_json_begin(out);
    json_open(&out->json, '{');
    out_json_int(out, "forgotten", (int64_t)people->count);
    json_key(&out->json, "people");
    json_open(&out->json, '[');
    for (size_t i = 0; i < people->count; i++) {
        char id[ID_TEXT];
        id_text(id, people->ids[i]);
        json_put(&out->json, id);
    }
    json_close(&out->json, ']');
    json_key(&out->json, "copies");
    json_open(&out->json, '[');
    dw_err err = copies_each(desk, cmd_forget_copy, &copies, &cli->detail);
    json_close(&out->json, ']');
    json_close(&out->json, '}');
    if (err != DW_OK || cli->json) {
        if (err == DW_OK) return out_either(cli, &copies.table, out);
        out_drop(&copies.table, out);
        return err;
    }
    printf(cli_say(cli, "已遗忘（%zu 条登记）：密钥已销毁，统计不变\n",
                   "Forgotten (%zu entries): the key is destroyed, the numbers stay\n"),
           people->count);
    if (copies.count == 0) {
        out_drop(&copies.table, out);
        return DW_OK;
    }
    printf("%s\n", cli_say(cli, "这些旧副本里还有其资料或密钥，请重做并销毁旧的：",
                           "These older copies still hold the data or the key; make them anew and destroy the old ones:"));
    return out_either(cli, &copies.table, out);
}

dw_err cmd_forget(struct cli *cli)
{
    struct desk *desk = NULL;
    struct forget_people people = {0};
    struct id person;
    const char *reason = cli_text(cli, "reason");
    ERR_TRY(cmd_id(&person, cli, 0));
    if (*reason == 0) return err_set(&cli->detail, DW_E_USAGE, "%s", cli_say(cli, "--reason 不能为空", "--reason must say why"));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = forget_collect(&people, desk, person, &cli->detail);
    if (err == DW_OK && people.count > 1 && !cli_flag(cli, "yes"))
        err = err_set(&cli->detail, DW_E_STATE,
                      cli_say(cli, "%zu 条登记合并为此人，将一并遗忘：加 --yes 确认",
                              "%zu entries stand for this person and are all to be forgotten: confirm with --yes"),
                      people.count);
    if (err == DW_OK) err = forget_do(desk, &people, reason, cli->at, &cli->detail);
    if (err == DW_OK) err = cmd_forget_tell(cli, desk, &people);
    desk_close(desk);
    free(people.ids);
    return err;
}
