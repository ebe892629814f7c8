/* Registering by hand: doors, households, people; moving and leaving. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_tube.h"
#include "desk/register_add.h"

/* What was added, by its id; or, where it was known already, the error that names it. */
static dw_err cmd_add_told(struct cli *cli, struct lab_by *by, dw_err err, struct id id, size_t pairs)
{
    char text[ID_TEXT];
    struct out_json out;
    id_text(text, id);
    desk_close(by->desk);
    if (err == DW_E_EXISTS)
        return err_set(&cli->detail, err,
                       cli_say(cli, "已登记：%s（确实是另一个就加 --even-so）",
                               "%s is registered already (--even-so if this is another one)"),
                       text);
    if (err != DW_OK) return err;
    if (!cli->json) {
        printf("%s\n", text);
        if (pairs > 0) printf(cli_say(cli, "可能已登记过，%zu 对列入待核对\n", "may be known: %zu pairs to review\n"), pairs);
        return DW_OK;
    }
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "id", text);
    out_json_int(&out, "pairs", (int64_t)pairs);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

dw_err cmd_door_add(struct cli *cli)
{
    struct lab_by by;
    struct id id = {{0}};
    struct register_door spec = {.building = cli_operand(cli, 0),
                                 .kind = (enum kinds_door_kind)cli_choice(cli, "kind"),
                                 .unit = cli_text(cli, "unit"),
                                 .floor = cli_text(cli, "floor"),
                                 .room = cli_text(cli, "room"),
                                 .name = cli_text(cli, "name")};
    dw_err err = cmd_tube_by(&by, cli, false, true);
    if (err == DW_OK) err = register_add_door(&id, &by, &spec, &cli->detail);
    return cmd_add_told(cli, &by, err, id, 0);
}

dw_err cmd_household_add(struct cli *cli)
{
    struct lab_by by;
    struct id id = {{0}};
    dw_err err = cmd_tube_by(&by, cli, false, true);
    if (err == DW_OK)
        err = register_add_household(&id, &by, cli_operand(cli, 0), (enum kinds_household_kind)cli_choice(cli, "kind"),
                                     &cli->detail);
    return cmd_add_told(cli, &by, err, id, 0);
}

dw_err cmd_person_add(struct cli *cli)
{
    static const struct {
        int field;
        const char *option;
    } fields[] = {{KINDS_PERSON_SET_NAME, "name"},   {KINDS_PERSON_SET_DOC, "doc"},     {KINDS_PERSON_SET_BIRTH, "birth"},
                  {KINDS_PERSON_SET_SEX, "sex"},     {KINDS_PERSON_SET_PHONE, "phone"}, {KINDS_PERSON_SET_RELATION, "relation"},
                  {KINDS_PERSON_SET_FLAGS, "flags"}, {KINDS_PERSON_SET_NOTE, "note"}};
    struct lab_by by;
    struct id household;
    struct register_added added = {.pairs = 0};
    const char *of = cli_text(cli, "household");
    struct register_new spec = {
        .door = cli_text(cli, "door"), .how = (enum kinds_how)cli_choice(cli, "how"), .even_so = cli_flag(cli, "even-so")};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) spec.fields[fields[i].field] = cli_text(cli, fields[i].option);
    if (of != NULL && !id_parse(&household, of, strlen(of)))
        return err_set(&cli->detail, DW_E_USAGE, cli_say(cli, "%s 不是编号", "%s is not an id"), of);
    if (of != NULL) spec.household = &household;
    dw_err err = cmd_tube_by(&by, cli, true, true);
    if (err == DW_OK) err = register_add_person(&added, &by, &spec, &cli->detail);
    return cmd_add_told(cli, &by, err, added.person, added.pairs);
}

dw_err cmd_person_move(struct cli *cli)
{
    struct lab_by by;
    struct id person;
    ERR_TRY(cmd_id(&person, cli, 0));
    dw_err err = cmd_tube_by(&by, cli, false, true);
    if (err == DW_OK) err = register_move(&by, person, cli_operand(cli, 1), &cli->detail);
    return cmd_add_told(cli, &by, err, person, 0);
}

dw_err cmd_person_leave(struct cli *cli)
{
    struct lab_by by;
    struct id person;
    ERR_TRY(cmd_id(&person, cli, 0));
    dw_err err = cmd_tube_by(&by, cli, false, true);
    if (err == DW_OK) err = register_leave(&by, person, (enum kinds_leave)cli_choice(cli, "as"), &cli->detail);
    return cmd_add_told(cli, &by, err, person, 0);
}
