/* The command line as a phone: enrol, pull, record at doors, push. */
#include <string.h>

#include "cli/pocket.h"

static dw_err cmd_phone_told(struct cli *cli, const struct pocket *p, const struct pocket_known *known, int64_t held)
{
    char id[ID_TEXT];
    int64_t recorded = (int64_t)p->book.count, owed = 0, missing = 0, people = 0;
    for (size_t i = 0; known != NULL && i < known->person_count; i++) {
        people += !known->people[i].left;
        owed += known->people[i].owed;
        missing += known->people[i].owed && !known->people[i].done;
    }
    id_text(id, p->device);
    if (cli->json)
        printf("{\"device\":\"%s\",\"recorded\":%lld,\"received\":%lld,\"outstanding\":%lld,\"held\":%lld,\"doors\":%zu,"
               "\"people\":%lld,"
               "\"owed\":%lld,\"missing\":%lld}\n",
               id, (long long)recorded, (long long)p->received, (long long)(recorded - p->received), (long long)held,
               known == NULL ? 0 : known->door_count, (long long)people, (long long)owed, (long long)missing);
    else
        printf(cli_say(cli,
                       "手机 %s：记录 %lld 条，已有回执 %lld 条，待上传 %lld 条，待定 %lld 条；上次拉取时户门 %zu，%lld 人，"
                       "本轮应检 %lld，未检 %lld\n",
                       "Phone %s: %lld entries recorded, %lld with a receipt, %lld outstanding, %lld held; when it last pulled: "
                       "%zu doors, "
                       "%lld people, %lld owed in the open round, %lld missing\n"),
               id, (long long)recorded, (long long)p->received, (long long)(recorded - p->received), (long long)held,
               known == NULL ? 0 : known->door_count, (long long)people, (long long)owed, (long long)missing);
    return DW_OK;
}

/* Ends a command: what the phone knows now, if it knows anything. */
static dw_err cmd_phone_end(struct cli *cli, struct pocket *p, dw_err err, int64_t held)
{
    struct pocket_known known = {.round = {{0}}};
    bool knows = err == DW_OK && *p->cursor != 0;
    if (knows) err = pocket_know(&known, p);
    if (err == DW_OK) err = cmd_phone_told(cli, p, knows ? &known : NULL, held);
    pocket_forget(&known);
    pocket_close(p);
    return err;
}

dw_err cmd_phone_enrol(struct cli *cli)
{
    struct pocket p;
    dw_err err = pocket_enrol(&p, cli, cli_text(cli, "dir"), cli_text(cli, "url"), cli_text(cli, "ca"), cli_text(cli, "invite"));
    return cmd_phone_end(cli, &p, err, 0);
}

dw_err cmd_phone_show(struct cli *cli)
{
    struct pocket p;
    dw_err err = pocket_open(&p, cli, cli_text(cli, "dir"));
    return cmd_phone_end(cli, &p, err, 0);
}

dw_err cmd_phone_pull(struct cli *cli)
{
    struct pocket p;
    bool loaded;
    dw_err err = pocket_open(&p, cli, cli_text(cli, "dir"));
    if (err == DW_OK) err = pocket_pull(&p, &loaded);
    return cmd_phone_end(cli, &p, err, 0);
}

dw_err cmd_phone_push(struct cli *cli)
{
    struct pocket p;
    int64_t held = 0;
    dw_err err = pocket_open(&p, cli, cli_text(cli, "dir"));
    if (err == DW_OK) err = pocket_push(&p, &held);
    return cmd_phone_end(cli, &p, err, held);
}

struct cmd_phone_visit {
    struct id door, round;
    const char *outcome, *state;
    int64_t heads;
    const struct pocket_person *const *people;
    size_t count;
};

static dw_err cmd_phone_record(struct pocket *p, const struct cmd_phone_visit *v, struct when at)
{
    struct entry_writer *w = &p->book.writer;
    int outcome = 0;
    while (strcmp(kinds_outcome_texts[outcome], v->outcome) != 0) outcome++;
    entry_begin(w, KINDS_VISIT, v->door, at, NULL);
    entry_put_id(w, KINDS_VISIT_ROUND, v->round);
    entry_put_int(w, KINDS_VISIT_OUTCOME, outcome);
    if (v->heads >= 0) entry_put_int(w, KINDS_VISIT_HEADS, v->heads);
    if (v->count > 0) entry_list_begin(w, KINDS_VISIT_PEOPLE);
    for (size_t i = 0; i < v->count; i++) {
        entry_item_begin(w);
        entry_item_id(w, "person", v->people[i]->id);
        entry_item_text(w, "state", v->state);
        entry_item_end(w);
    }
    if (v->count > 0) entry_list_end(w);
    return book_end(&p->book);
}

static const struct pocket_door *cmd_phone_door(const struct pocket_known *known, const char *text)
{
    struct id id;
    bool by_id = id_parse(&id, text, strlen(text));
    for (size_t i = 0; i < known->door_count; i++)
        if (by_id ? id_equal(known->doors[i].id, id) : strcmp(known->doors[i].code, text) == 0) return &known->doors[i];
    return NULL;
}

enum { CMD_PHONE_PEOPLE = 400 };

/* Those who are named, or everybody who lives behind the door. */
static dw_err cmd_phone_people(const struct pocket_person *out[CMD_PHONE_PEOPLE], size_t *count, struct cli *cli,
                               const struct pocket_known *known, struct id door)
{
    *count = 0;
    for (size_t i = 0; i < known->person_count && *count < CMD_PHONE_PEOPLE; i++) {
        const struct pocket_person *person = &known->people[i];
        bool named = false;
        for (int o = 1; o < cli->operand_count; o++) {
            struct id id;
            const char *text = cli_operand(cli, o);
            named |= id_parse(&id, text, strlen(text)) ? id_equal(id, person->id)
                                                       : strcmp(text, person->name) == 0 && id_equal(person->door, door);
        }
        if (cli->operand_count > 1 ? named : id_equal(person->door, door) && !person->left) out[(*count)++] = person;
    }
    if ((int)*count < cli->operand_count - 1)
        return err_set(&cli->detail, DW_E_NOT_FOUND, "%s",
                       cli_say(cli, "这部手机不知道其中有的人", "this phone does not know all of these people"));
    return DW_OK;
}

static dw_err cmd_phone_no_round(struct cli *cli)
{
    return err_set(&cli->detail, DW_E_STATE, "%s",
                   cli_say(cli, "没有进行中的轮次；先 phone pull", "no round is open here; phone pull first"));
}

dw_err cmd_phone_visit(struct cli *cli)
{
    struct pocket p;
    struct pocket_known known = {.round = {{0}}};
    const struct pocket_person *people[CMD_PHONE_PEOPLE];
    struct cmd_phone_visit visit = {
        .outcome = cli_text(cli, "as"), .state = cli_text(cli, "state"), .people = people, .heads = -1};
    const struct pocket_door *door = NULL;
    if (cli_text(cli, "heads") != NULL) visit.heads = cli_int(cli, "heads");
    dw_err err = pocket_open(&p, cli, cli_text(cli, "dir"));
    if (err == DW_OK) err = pocket_know(&known, &p);
    if (err == DW_OK && id_null(known.round)) err = cmd_phone_no_round(cli);
    if (err == DW_OK && (door = cmd_phone_door(&known, cli_operand(cli, 0))) == NULL)
        err = err_set(&cli->detail, DW_E_NOT_FOUND, "%s", cli_operand(cli, 0));
    if (err == DW_OK) err = cmd_phone_people(people, &visit.count, cli, &known, door->id);
    if (err == DW_OK) {
        visit.door = door->id;
        visit.round = known.round;
        err = cmd_phone_record(&p, &visit, cli->at);
    }
    if (err == DW_OK) err = pocket_keep(&p);
    pocket_forget(&known);
    return cmd_phone_end(cli, &p, err, 0);
}

/* One door of a played round: most of whom it is owed are there, the others are away. */
static dw_err cmd_phone_play(struct pocket *p, const struct pocket_known *known, struct id door, struct rng *rng, int64_t percent)
{
    const struct pocket_person *here[CMD_PHONE_PEOPLE], *away[CMD_PHONE_PEOPLE];
    struct cmd_phone_visit visit = {
        .door = door, .round = known->round, .outcome = "done", .state = "done", .people = here, .heads = -1};
    size_t gone = 0;
    for (size_t i = 0; i < known->person_count && visit.count < CMD_PHONE_PEOPLE && gone < CMD_PHONE_PEOPLE; i++) {
        const struct pocket_person *person = &known->people[i];
        if (!person->owed || person->done || person->left || !id_equal(person->door, door)) continue;
        if ((int64_t)rng_below(rng, 100) < percent)
            here[visit.count++] = person;
        else
            away[gone++] = person;
    }
    if (visit.count > 0) ERR_TRY(cmd_phone_record(p, &visit, p->cli->at));
    if (gone == 0) return DW_OK;
    visit.people = away;
    visit.count = gone;
    visit.state = "nobody_home";
    visit.outcome = "nobody_home";
    return cmd_phone_record(p, &visit, p->cli->at);
}

dw_err cmd_phone_round(struct cli *cli)
{
    struct pocket p;
    struct pocket_known known = {.round = {{0}}};
    struct rng rng = rng_seed((uint64_t)cli_int(cli, "seed"));
    dw_err err = pocket_open(&p, cli, cli_text(cli, "dir"));
    if (err == DW_OK) err = pocket_know(&known, &p);
    if (err == DW_OK && id_null(known.round)) err = cmd_phone_no_round(cli);
    for (size_t d = 0; err == DW_OK && d < known.door_count; d++)
        err = cmd_phone_play(&p, &known, known.doors[d].id, &rng, cli_int(cli, "percent"));
    if (err == DW_OK) err = pocket_keep(&p);
    pocket_forget(&known);
    return cmd_phone_end(cli, &p, err, 0);
}
