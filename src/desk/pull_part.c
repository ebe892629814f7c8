/* Which clear values of an entry somebody may see. */
#include <string.h>

#include "desk/pull_inside.h"

/* Documents, phones, health and the like are shown in full only to who may see them so. */
static bool pull_plain(const struct entry *entry, const char *name, size_t len)
{
    static const char *const of_person[] = {"name", "birth", "sex", NULL}, *const of_member[] = {"name", NULL};
    const char *const *plain = entry->kind == KINDS_PERSON_SET ? of_person : of_member;
    if (entry->kind != KINDS_PERSON_SET && entry->kind != KINDS_MEMBER_SET) return true;
    for (; *plain != NULL; plain++)
        if (strlen(*plain) == len && memcmp(*plain, name, len) == 0) return true;
    return false;
}

static bool pull_in_full(const struct scope *scope, const struct entry *entry, uint32_t where)
{
    return scope_may(scope, entry->kind == KINDS_MEMBER_SET ? ROLES_MEMBER_READ : ROLES_REGISTER_REVEAL, where);
}

/* An item's values are of whom it names. */
static bool pull_item_seen(const struct scope *scope, const struct entry *entry, const struct json *json, uint32_t item)
{
    struct id who;
    uint32_t at = json_member(json, item, "who");
    int may = roles_to_read(entry->kind);
    return at != 0 && json->tokens[at].type == JSON_STRING && may >= 0 &&
           id_parse(&who, json->text + json->tokens[at].at, json->tokens[at].len) &&
           scope_may(scope, (enum roles_may)may, scope_subject(scope->site, who));
}

const char *pull_part(const struct scope *scope, const struct entry *entry, uint32_t where, const char *part, size_t len,
                      struct json *json, struct arena *arena)
{
    struct arena_buf text = {0};
    struct json_out out = {.buf = &text};
    bool all = pull_in_full(scope, entry, where), any = false;
    if (part == NULL || json_read(json, part, len, NULL) != DW_OK || json->tokens[0].type != JSON_OBJECT) return NULL;
    json_open(&out, '{');
    for (uint32_t key = json_first(0); key < json_end(json, 0); key = json->tokens[key + 1].next) {
        const struct json_token *name = &json->tokens[key], *value = &json->tokens[key + 1];
        bool item = value->type == JSON_OBJECT;
        if (!item && value->type != JSON_ARRAY) continue;
        if (item ? !pull_item_seen(scope, entry, json, key + 1) : !all && !pull_plain(entry, part + name->at, name->len))
            continue;
        json_put_text(&out, part + name->at, name->len);
        arena_buf_put(&text, ":", 1);
        out.after_key = true;
        json_put_raw(&out, part + value->at, value->len);
        any = true;
    }
    json_close(&out, '}');
    const char *kept = any && !text.failed ? arena_text(arena, text.data, text.len) : NULL;
    arena_buf_free(&text);
    return kept;
}
