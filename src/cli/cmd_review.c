#include <string.h>

#include "cli/cmd.h"
#include "desk/register.h"

static const char *cmd_review_why(const struct cli *cli, const char *why)
{
    static const char *const texts[][3] = {{"doc", "证件号相同", "same document"},
                                           {"name_birth_phone", "姓名、生日、手机相同", "same name, birth and phone"},
                                           {"doc_other_name", "证件号相同，姓名不同", "same document, another name"},
                                           {"doc_near", "证件号相差一处", "documents one slip apart"},
                                           {"name_birth", "姓名、生日相同", "same name and birth"},
                                           {"name_phone", "姓名、手机相同", "same name and phone"},
                                           {"name_doc_near", "姓名相同，证件号相近", "same name, documents alike"},
                                           {"name_place", "同楼同名", "same name in the same building"},
                                           {"phone_birth", "手机相同，姓名相近", "same phone, names alike"},
                                           {"neighbours", "邻居所指", "as neighbours say"},
                                           {"namesake", "查无此人，别处有同名", "unknown here, a namesake elsewhere"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i][0], why) == 0) return texts[i][cli->lang == ERR_ZH ? 1 : 2];
    return why;
}

static void cmd_review_person(struct cli *cli, struct out_json *out, const char *key, const struct site *site, uint32_t person,
                              char text[1024])
{
    char id[ID_TEXT], place[512];
    const char *name = register_field(site, person, KINDS_PERSON_SET_NAME);
    const char *doc = cmd_doc(cli, register_field(site, person, KINDS_PERSON_SET_DOC), false);
    id_text(id, site_person(site, person)->id);
    register_place_text(place, sizeof place, site, NULL, person);
    snprintf(text, 1024, "%s %s %s", name, doc, place);
    json_key(&out->json, key);
    json_open(&out->json, '{');
    out_json_text(out, "id", id);
    out_json_text(out, "name", name);
    out_json_text(out, "document", doc);
    out_json_text(out, "place", place);
    json_close(&out->json, '}');
}

dw_err cmd_review_list(struct cli *cli)
{
    const char *zh[] = {"理由", "其一", "其二", "编号一", "编号二"}, *en[] = {"why", "one", "other", "id of one", "id of other"};
    struct desk *desk = NULL;
    struct out_table table;
    struct out_json out;
    int64_t limit = cli_int(cli, "limit"), open = 0;
    ERR_TRY(cmd_desk(&desk, cli));
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 5);
    out_json_begin(&out);
    json_open(&out.json, '{');
    json_key(&out.json, "pairs");
    json_open(&out.json, '[');
    const struct site *site = desk_read(desk);
    for (uint32_t i = 0; i < site_count(site, SITE_PAIR); i++) {
        const struct site_pair *pair = site_pair(site, i);
        char one[1024], other[1024], a[ID_TEXT], b[ID_TEXT];
        if (!register_pair_open(site, i) || open++ >= limit) continue;
        uint32_t x = site_root(site, pair->a), y = site_root(site, pair->b);
        json_open(&out.json, '{');
        out_json_text(&out, "why", pair->why);
        cmd_review_person(cli, &out, "a", site, x, one);
        cmd_review_person(cli, &out, "b", site, y, other);
        json_close(&out.json, '}');
        id_text(a, site_person(site, x)->id);
        id_text(b, site_person(site, y)->id);
        out_table_row(&table, (const char *[]){cmd_review_why(cli, pair->why), one, other, a, b});
    }
    desk_read_end(desk);
    json_close(&out.json, ']');
    out_json_int(&out, "open", open);
    json_close(&out.json, '}');
    desk_close(desk);
    dw_err err = out_either(cli, &table, &out);
    if (!cli->json) printf(cli_say(cli, "待核对共 %lld 对\n", "%lld open pairs in all\n"), (long long)open);
    return err;
}

dw_err cmd_review_decide(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id a, b;
    ERR_TRY(cmd_id(&a, cli, 0));
    ERR_TRY(cmd_id(&b, cli, 1));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = register_decide(desk, a, b, cli_choice(cli, "as") == 0, cli->at, &cli->detail);
    desk_close(desk);
    if (err == DW_OK) printf("%s\n", cli->json ? "{}" : cli_say(cli, "已决定", "Decided"));
    return err;
}
