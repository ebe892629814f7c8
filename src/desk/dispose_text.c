#include "desk/dispose_text.h"

#include <stdlib.h>
#include <string.h>

static dw_err dispose_text_copy(void *ctx, const struct copies_one *copy)
{
    struct dispose_facts *facts = ctx;
    if (!arena_grow((void **)&facts->copies, &facts->copy_cap, facts->copy_count + 1, sizeof *facts->copies)) return DW_E_MEMORY;
    struct copies_one *out = &facts->copies[facts->copy_count++];
    *out = *copy;
    out->path = arena_text(&facts->arena, copy->path, strlen(copy->path));
    out->hash = arena_text(&facts->arena, copy->hash, strlen(copy->hash));
    return out->path == NULL || out->hash == NULL ? DW_E_MEMORY : DW_OK;
}

static dw_err dispose_text_time(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    *(int64_t *)ctx = store_get_int(&v[0]);
    return DW_OK;
}

static dw_err dispose_text_when(char out[WHEN_TEXT], struct desk *desk, int64_t seq, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT at_ms FROM entry WHERE site_id = $1 AND seq = $2"};
    struct store_value v[] = {store_id(&desk->site->id), store_int(seq)};
    int64_t ms = 0;
    ERR_TRY(store_ask(desk->store, &ask, v, 2, dispose_text_time, &ms, detail));
    when_text(out, (struct when){ms, when_now().offset});
    return DW_OK;
}

static bool dispose_text_key(const struct desk *desk, struct id subject)
{
    const uint8_t *key;
    return keyring_person(desk->keys, subject, &key) == KEYRING_PRESENT;
}

dw_err dispose_text_facts(struct dispose_facts *out, struct desk *desk, struct err_detail *detail)
{
    const struct site *site = desk->site;
    out->name = site->name;
    out->code = site->code;
    out->entries = site->seq;
    out->people = site_count(site, SITE_PERSON);
    out->members = site_count(site, SITE_MEMBER);
    out->devices = site_count(site, SITE_DEVICE);
    out->areas = site_count(site, SITE_AREA);
    out->doors = site_count(site, SITE_DOOR);
    out->households = site_count(site, SITE_HOUSEHOLD);
    out->rounds = site_count(site, SITE_ROUND);
    for (uint32_t i = 0; i < site_count(site, SITE_PERSON); i++) out->keys += dispose_text_key(desk, site_person(site, i)->id);
    for (uint32_t i = 0; i < site_count(site, SITE_MEMBER); i++) out->keys += dispose_text_key(desk, site_member(site, i)->id);
    id_text(out->site, site->id);
    hash_b64(out->key, site_device(site, DESK_SITE_DEVICE)->key.bytes, KEYS_PUBLIC);
    ERR_TRY(dispose_text_when(out->created, desk, 1, detail));
    ERR_TRY(dispose_text_when(out->disposed, desk, site->seq, detail));
    return copies_each(desk, dispose_text_copy, out, detail);
}

static void dispose_text_member(struct json_out *json, const char *key, const char *text)
{
    json_key(json, key);
    json_put(json, text);
}

static void dispose_text_int(struct json_out *json, const char *key, int64_t n)
{
    json_key(json, key);
    json_put_int(json, n);
}

static void dispose_text_rounds(struct json_out *json, const struct site *site)
{
    json_key(json, "rounds");
    json_open(json, '[');
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) {
        const struct site_round *round = site_round(site, i);
        struct cover_counts counts = cover_count(round->cover, COVER_NONE);
        json_open(json, '{');
        dispose_text_int(json, "round", round->number);
        dispose_text_member(json, "kind", kinds_round_kind_texts[round->kind]);
        dispose_text_int(json, "roster", counts.roster);
        dispose_text_int(json, "excused", counts.excused);
        dispose_text_int(json, "found", counts.found);
        dispose_text_int(json, "arrived", counts.arrived);
        dispose_text_int(json, "owed", counts.owed);
        dispose_text_int(json, "covered", counts.covered);
        dispose_text_int(json, "missing", counts.missing);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* No names of devices: people give phones theirs. */
static void dispose_text_heads(struct json_out *json, const struct site *site)
{
    json_key(json, "heads");
    json_open(json, '[');
    for (uint32_t i = 0; i < site_count(site, SITE_DEVICE); i++) {
        const struct site_device *device = site_device(site, i);
        char id[ID_TEXT], head[HASH_TEXT];
        id_text(id, device->id);
        hash_b64(head, device->head, HASH_SIZE);
        json_open(json, '{');
        dispose_text_member(json, "device", id);
        dispose_text_member(json, "kind", kinds_device_kind_texts[device->kind]);
        dispose_text_int(json, "entries", device->head_n);
        dispose_text_member(json, "head", head);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void dispose_text_copies(struct json_out *json, const struct dispose_facts *facts)
{
    json_key(json, "copies");
    json_open(json, '[');
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct copies_one *copy = &facts->copies[i];
        char when[WHEN_TEXT];
        when_text(when, (struct when){copy->at_ms, when_now().offset});
        json_open(json, '{');
        dispose_text_member(json, "what", kinds_copy_kind_texts[copy->what]);
        dispose_text_member(json, "path", copy->path);
        dispose_text_member(json, "sha256", copy->hash);
        dispose_text_int(json, "bytes", copy->bytes);
        dispose_text_member(json, "at", when);
        json_key(json, "clear");
        json_put_bool(json, copy->clear);
        json_close(json, '}');
    }
    json_close(json, ']');
}

dw_err dispose_text_inner(struct arena_buf *out, const struct dispose_facts *facts, const struct desk *desk)
{
    struct json_out json = {.buf = out};
    json_open(&json, '{');
    dispose_text_member(&json, "doorward", "disposal 1");
    dispose_text_member(&json, "site", facts->site);
    dispose_text_member(&json, "name", facts->name);
    dispose_text_member(&json, "code", facts->code);
    json_key(&json, "synthetic");
    json_put_bool(&json, desk->site->synthetic);
    dispose_text_member(&json, "created", facts->created);
    dispose_text_member(&json, "disposed", facts->disposed);
    dispose_text_int(&json, "people", facts->people);
    dispose_text_int(&json, "members", facts->members);
    dispose_text_int(&json, "keys_destroyed", facts->keys);
    dispose_text_int(&json, "areas", facts->areas);
    dispose_text_int(&json, "doors", facts->doors);
    dispose_text_int(&json, "households", facts->households);
    dispose_text_int(&json, "entries", facts->entries);
    dispose_text_rounds(&json, desk->site);
    dispose_text_heads(&json, desk->site);
    dispose_text_copies(&json, facts);
    dispose_text_member(&json, "public_key", facts->key);
    json_close(&json, '}');
    return out->failed ? DW_E_MEMORY : DW_OK;
}

static void dispose_text_list(struct arena_buf *out, const struct dispose_facts *facts, const char *none)
{
    if (facts->copy_count == 0) arena_buf_format(out, "  %s\n", none);
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct copies_one *copy = &facts->copies[i];
        char when[WHEN_TEXT];
        when_text(when, (struct when){copy->at_ms, when_now().offset});
        arena_buf_format(out, "  %s  %s%s  %s\n    SHA-256 %s\n", when, kinds_copy_kind_texts[copy->what],
                         copy->clear ? " (clear 明文)" : "", copy->path, copy->hash);
    }
}

void dispose_text_readable(struct arena_buf *out, const struct dispose_facts *facts)
{
    arena_buf_format(out,
                     "战区数据销毁证书\n\n战区：%s（%s）\n编号：%s\n建立：%s\n销毁：%s\n\n"
                     "登记 %lld 人、队员 %lld 人；户门 %lld，住户 %lld，轮次 %lld，台账 %lld 条，设备 %lld 台。\n"
                     "销毁密钥 %lld 把，其后销毁战区密钥本身。姓名、证件、手机等个人信息从此不可恢复；\n"
                     "台账的链、签名、回执和统计仍可核验。\n\n台账所知的备份与导出，请逐一销毁：\n",
                     facts->name, facts->code, facts->site, facts->created, facts->disposed, (long long)facts->people,
                     (long long)facts->members, (long long)facts->doors, (long long)facts->households, (long long)facts->rounds,
                     (long long)facts->entries, (long long)facts->devices, (long long)facts->keys);
    dispose_text_list(out, facts, "无");
    arena_buf_format(
        out,
        "\n各设备里尚未上传的条目不在其内。\n证书文件 SHA-256：%s\n签名公钥：%s\n核对：doorward certificate check 文件\n\n\n"
        "Certificate of disposal\n\nSite: %s (%s)\nId: %s\nCreated: %s\nDisposed of: %s\n\n"
        "%lld people and %lld members registered; %lld doors, %lld households, %lld rounds, %lld entries, %lld "
        "devices.\n%lld keys were destroyed, and after them the site's own. Names, documents, phones and all else "
        "personal are gone for good;\nchains, signatures, receipts and statistics still verify.\n\n"
        "Backups and exports that the ledger knows of; destroy each:\n",
        facts->hash, facts->key, facts->name, facts->code, facts->site, facts->created, facts->disposed, (long long)facts->people,
        (long long)facts->members, (long long)facts->doors, (long long)facts->households, (long long)facts->rounds,
        (long long)facts->entries, (long long)facts->devices, (long long)facts->keys);
    dispose_text_list(out, facts, "none");
    arena_buf_format(out,
                     "\nWhat phones have not handed in is not part of it.\nSHA-256 of the certificate's file: %s\nPublic key: "
                     "%s\nTo check: doorward certificate check FILE\n",
                     facts->hash, facts->key);
}

void dispose_text_free(struct dispose_facts *facts)
{
    arena_free(&facts->arena);
    free(facts->copies);
    memset(facts, 0, sizeof *facts);
}
