/* The site itself. */
#include "cli/cmd.h"
#include "desk/site_set.h"

static dw_err cmd_site_told(struct cli *cli, const struct site *site)
{
    const struct {
        const char *name;
        long long n;
    } numbers[] = {{"seq", site->seq},
                   {"areas", site_count(site, SITE_AREA)},
                   {"doors", site_count(site, SITE_DOOR)},
                   {"households", site_count(site, SITE_HOUSEHOLD)},
                   {"persons", site_count(site, SITE_PERSON)},
                   {"rounds", site_count(site, SITE_ROUND)}};
    char id[ID_TEXT];
    struct out_json out;
    id_text(id, site->id);
    if (!cli->json) {
        printf(cli_say(cli, "%s %s（%s%s）\n台账 %lld 条；区域 %lld，户门 %lld，户 %lld，人 %lld，轮次 %lld\n",
                       "%s %s (%s%s)\n%lld entries; %lld areas, %lld doors, %lld households, %lld people, %lld rounds\n"),
               site->name, site->code, id, site->synthetic ? cli_say(cli, "，仿真", ", synthetic") : "", numbers[0].n,
               numbers[1].n, numbers[2].n, numbers[3].n, numbers[4].n, numbers[5].n);
        return DW_OK;
    }
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "id", id);
    out_json_text(&out, "name", site->name);
    out_json_text(&out, "code", site->code);
    json_key(&out.json, "synthetic");
    json_put_bool(&out.json, site->synthetic);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) out_json_int(&out, numbers[i].name, numbers[i].n);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

static dw_err cmd_site_end(struct cli *cli, struct desk *desk, dw_err err)
{
    if (err == DW_OK) {
        err = cmd_site_told(cli, desk_read(desk));
        desk_read_end(desk);
    }
    desk_close(desk);
    return err;
}

dw_err cmd_site_show(struct cli *cli)
{
    struct desk *desk = NULL;
    dw_err err = cmd_desk(&desk, cli);
    return cmd_site_end(cli, desk, err);
}

dw_err cmd_site_set(struct cli *cli)
{
    struct desk *desk = NULL;
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = site_set(desk, cli_text(cli, "name"), cli_text(cli, "code"), cli->at, &cli->detail);
    return cmd_site_end(cli, desk, err);
}
