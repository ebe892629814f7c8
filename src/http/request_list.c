#include "http/request_list.h"

#include <string.h>

static dw_err request_list_wrong(struct request *r, const char *field, const char *zh, const char *en)
{
    return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, field, "%s", r->lang == ERR_ZH ? zh : en);
}

dw_err request_list(uint32_t **out, size_t *count, struct request *r, const char *field, size_t most)
{
    uint32_t at = json_member(&r->json, 0, field);
    *count = 0;
    *out = arena_alloc(&r->arena, sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    if (at == 0 || r->json.tokens[at].type == JSON_NULL) return DW_OK;
    if (r->json.tokens[at].type != JSON_ARRAY) return request_list_wrong(r, field, "应是列表", "a list is wanted");
    if (r->json.tokens[at].count > most) return request_list_wrong(r, field, "太多", "too many");
    *out = arena_array(&r->arena, (size_t)r->json.tokens[at].count + 1, sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    for (uint32_t item = json_first(at); item < json_end(&r->json, at); item = r->json.tokens[item].next)
        (*out)[(*count)++] = item;
    return DW_OK;
}

static dw_err request_list_text(const char **out, struct request *r, uint32_t at, const char *field, size_t max)
{
    *out = json_text(&r->json, at, &r->arena);
    if (*out == NULL) return request_list_wrong(r, field, "应是文字", "a text is wanted");
    return strlen(*out) <= max ? DW_OK : request_list_wrong(r, field, "太长", "too long");
}

dw_err request_list_texts(const char ***out, size_t *count, struct request *r, const char *field, size_t most, size_t max)
{
    uint32_t *items;
    ERR_TRY(request_list(&items, count, r, field, most));
    *out = arena_array(&r->arena, *count + 1, sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < *count; i++) ERR_TRY(request_list_text(&(*out)[i], r, items[i], field, max));
    return DW_OK;
}

dw_err request_list_ids(struct id **out, size_t *count, struct request *r, const char *field, size_t most)
{
    const char **texts;
    ERR_TRY(request_list_texts(&texts, count, r, field, most, 64));
    *out = arena_array(&r->arena, *count + 1, sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < *count; i++)
        if (!id_parse(&(*out)[i], texts[i], strlen(texts[i]))) return request_list_wrong(r, field, "不是编号", "not an id");
    return DW_OK;
}

dw_err request_list_map(struct request_pair **out, size_t *count, struct request *r, const char *field, size_t most, size_t max)
{
    uint32_t at = json_member(&r->json, 0, field);
    *count = 0;
    *out = arena_array(&r->arena, most + 1, sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    if (at == 0 || r->json.tokens[at].type == JSON_NULL) return DW_OK;
    if (r->json.tokens[at].type != JSON_OBJECT) return request_list_wrong(r, field, "应是对象", "an object is wanted");
    for (uint32_t key = json_first(at); key < json_end(&r->json, at); key = r->json.tokens[key + 1].next) {
        const struct json_token *value = &r->json.tokens[key + 1];
        struct request_pair *pair = &(*out)[*count];
        if (*count == most) return request_list_wrong(r, field, "太多", "too many");
        ERR_TRY(request_list_text(&pair->name, r, key, field, max));
        if (value->type == JSON_STRING) {
            ERR_TRY(request_list_text(&pair->value, r, key + 1, field, max));
        } else if (value->type == JSON_NUMBER || value->type == JSON_TRUE || value->type == JSON_FALSE) {
            pair->value = arena_text(&r->arena, r->json.text + value->at, value->len);
            if (pair->value == NULL) return DW_E_MEMORY;
        } else {
            return request_list_wrong(r, field, "应是文字或数字", "a text or number is wanted");
        }
        (*count)++;
    }
    return DW_OK;
}

dw_err request_list_member(const char **out, struct request *r, uint32_t object, const char *field, size_t max)
{
    uint32_t at = json_member(&r->json, object, field);
    *out = NULL;
    return at == 0 || r->json.tokens[at].type == JSON_NULL ? DW_OK : request_list_text(out, r, at, field, max);
}

dw_err request_list_only(struct request *r, uint32_t object, const char *const *fields)
{
    if (r->json.tokens[object].type != JSON_OBJECT) return request_list_wrong(r, fields[0], "应是对象", "an object is wanted");
    for (uint32_t key = json_first(object); key < json_end(&r->json, object); key = r->json.tokens[key + 1].next) {
        const char *const *field = fields;
        while (*field != NULL && !json_equals(&r->json, key, *field)) field++;
        if (*field == NULL) return request_list_wrong(r, fields[0], "没有这个字段", "it has a member that it does not take");
    }
    return DW_OK;
}
