/* What the phone knows: the records of bundle and pages, of which the later stands. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "cli/pocket.h"

struct pocket_reading {
    struct pocket_known *out;
    struct map doors, people;
    struct json json;
    struct pocket *pocket;
};

static bool pocket_ref(struct id *out, const struct json *json, const char *name)
{
    uint32_t at = json_member(json, 0, name);
    memset(out, 0, sizeof *out);
    return at != 0 && json->tokens[at].type == JSON_STRING &&
           id_parse(out, json->text + json->tokens[at].at, json->tokens[at].len);
}

static bool pocket_true(const struct json *json, const char *name)
{
    uint32_t at = json_member(json, 0, name);
    return at != 0 && json->tokens[at].type == JSON_TRUE;
}

static const char *pocket_word(const struct json *json, const char *name, struct arena *arena)
{
    uint32_t at = json_member(json, 0, name);
    const char *text = at == 0 ? NULL : json_text(json, at, arena);
    return text == NULL ? "" : text;
}

static struct pocket_door *pocket_door_of(struct pocket_reading *r, struct id id, bool make)
{
    struct pocket_known *k = r->out;
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&r->doors, id_hash(id), &cursor, &at))
        if (id_equal(k->doors[at].id, id)) return &k->doors[at];
    if (!make || !arena_grow((void **)&k->doors, &k->door_cap, k->door_count + 1, sizeof *k->doors) ||
        !map_put(&r->doors, id_hash(id), (uint32_t)k->door_count))
        return NULL;
    k->doors[k->door_count] = (struct pocket_door){.id = id, .code = ""};
    return &k->doors[k->door_count++];
}

static struct pocket_person *pocket_person_of(struct pocket_reading *r, struct id id, bool make)
{
    struct pocket_known *k = r->out;
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&r->people, id_hash(id), &cursor, &at))
        if (id_equal(k->people[at].id, id)) return &k->people[at];
    if (!make || !arena_grow((void **)&k->people, &k->person_cap, k->person_count + 1, sizeof *k->people) ||
        !map_put(&r->people, id_hash(id), (uint32_t)k->person_count))
        return NULL;
    k->people[k->person_count] = (struct pocket_person){.id = id, .name = ""};
    return &k->people[k->person_count++];
}

static dw_err pocket_take_person(struct pocket_reading *r, struct id id)
{
    struct pocket_person *p = pocket_person_of(r, id, true);
    if (p == NULL) return DW_E_MEMORY;
    pocket_ref(&p->door, &r->json, "door");
    p->name = pocket_word(&r->json, "name", &r->out->arena);
    p->left = pocket_true(&r->json, "left");
    return DW_OK;
}

/* Owed: on the roster or come to it, and not excused. */
static dw_err pocket_take_mark(struct pocket_reading *r)
{
    struct id round, person;
    struct pocket_person *p;
    if (!pocket_ref(&round, &r->json, "round") || !pocket_ref(&person, &r->json, "person") || !id_equal(round, r->out->round))
        return DW_OK;
    if ((p = pocket_person_of(r, person, false)) == NULL) return DW_OK;
    bool excused =
        json_member(&r->json, 0, "excuse") != 0 || json_equals(&r->json, json_member(&r->json, 0, "decision"), "excused");
    p->done = json_equals(&r->json, json_member(&r->json, 0, "state"), "done");
    p->owed = (pocket_true(&r->json, "roster") || json_member(&r->json, 0, "how") != 0) && !excused;
    return DW_OK;
}

static void pocket_take_round(struct pocket_reading *r, struct id id)
{
    struct pocket_known *k = r->out;
    int64_t number = 0;
    bool over = pocket_true(&r->json, "closed") || pocket_true(&r->json, "past");
    json_int(&r->json, json_member(&r->json, 0, "number"), &number);
    if (over && !id_equal(id, k->round)) return;
    if (!over && !id_null(k->round) && number <= k->number) return;
    k->round = over ? (struct id){{0}} : id;
    k->number = over ? 0 : number;
    for (size_t i = 0; i < k->person_count; i++) k->people[i].owed = k->people[i].done = false;
}

static dw_err pocket_take(struct pocket_reading *r)
{
    struct id id;
    uint32_t is = json_member(&r->json, 0, "is");
    if (is == 0) return DW_OK;
    if (json_equals(&r->json, is, "mark")) return pocket_take_mark(r);
    if (!pocket_ref(&id, &r->json, "id")) return DW_OK;
    if (json_equals(&r->json, is, "person")) return pocket_take_person(r, id);
    if (json_equals(&r->json, is, "round")) pocket_take_round(r, id);
    if (json_equals(&r->json, is, "door")) {
        struct pocket_door *door = pocket_door_of(r, id, true);
        if (door == NULL) return DW_E_MEMORY;
        door->code = pocket_word(&r->json, "code", &r->out->arena);
    }
    if (json_equals(&r->json, is, "gone")) {
        struct pocket_person *p = pocket_person_of(r, id, false);
        if (p != NULL) *p = (struct pocket_person){.id = id, .name = "", .left = true};
    }
    return DW_OK;
}

dw_err pocket_know(struct pocket_known *out, struct pocket *pocket)
{
    struct pocket_reading r = {.out = out, .pocket = pocket};
    char path[4096], *text = NULL;
    size_t len = 0;
    memset(out, 0, sizeof *out);
    snprintf(path, sizeof path, "%s/known.ndjson", pocket->dir);
    dw_err err = cmd_slurp(&text, &len, pocket->cli, path);
    for (size_t at = 0; err == DW_OK && at < len;) {
        const char *line = text + at, *end = memchr(line, '\n', len - at);
        if (end == NULL) break; /* a line that was cut while it was written: it comes again */
        err = json_read(&r.json, line, (size_t)(end - line), &pocket->cli->detail);
        if (err == DW_OK && r.json.tokens[0].type == JSON_OBJECT) err = pocket_take(&r);
        at = (size_t)(end - text) + 1;
    }
    json_free(&r.json);
    map_free(&r.doors);
    map_free(&r.people);
    free(text);
    return err == DW_E_NOT_FOUND ? err_set(&pocket->cli->detail, DW_E_STATE, "doorward phone pull --dir %s", pocket->dir) : err;
}

void pocket_forget(struct pocket_known *known)
{
    arena_free(&known->arena);
    free(known->doors);
    free(known->people);
}
