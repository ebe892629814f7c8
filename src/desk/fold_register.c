/* Site, devices, areas, members, doors, households, people. */
#include <string.h>

#include "desk/fold.h"

#define FOLD_TRY_NEW(index, call)                                                                                                \
    uint32_t index = (call);                                                                                                     \
    if (index == SITE_NONE) return DW_E_MEMORY

static const char *fold_copy(struct fold *fold, int field)
{
    return site_text(fold->site, fold->entry->values[field].text);
}

/* The subject the entry is on: known already, or new. */
static uint32_t fold_on(struct fold *fold, enum site_type type, bool *fresh)
{
    uint32_t index = site_find(fold->site, type, fold->entry->on);
    *fresh = index == SITE_NONE;
    if (*fresh) return fold_subject(fold, type, fold->entry->on);
    return site_touch(fold->site, type, index) ? index : SITE_NONE;
}

static enum kinds_held_reason fold_want(struct fold *fold, enum site_type type, int field)
{
    const struct entry_value *value = &fold->entry->values[field];
    return !value->present || fold_knows(fold, type, value->id) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

enum kinds_held_reason fold_judge_site_create(struct fold *fold)
{
    return fold->site->created || !id_equal(fold->entry->on, fold->entry->site) ? KINDS_HELD_REASON_CONFLICT
                                                                                : KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_site_create(struct fold *fold)
{
    struct site *site = fold->site;
    site->id = fold->entry->site;
    site->name = fold_copy(fold, KINDS_SITE_CREATE_NAME);
    site->code = fold_copy(fold, KINDS_SITE_CREATE_CODE);
    site->synthetic = fold->entry->values[KINDS_SITE_CREATE_SYNTHETIC].n != 0;
    site->created = true;
    return site->name == NULL || site->code == NULL ? DW_E_MEMORY : DW_OK;
}

enum kinds_held_reason fold_judge_site_set(struct fold *fold)
{
    const struct entry_value *name = &fold->entry->values[KINDS_SITE_SET_NAME];
    if (!id_equal(fold->entry->on, fold->site->id)) return KINDS_HELD_REASON_CONFLICT;
    return name->present && *name->text == 0 ? KINDS_HELD_REASON_MALFORMED : KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_site_set(struct fold *fold)
{
    struct site *site = fold->site;
    if (fold->entry->values[KINDS_SITE_SET_NAME].present) site->name = fold_copy(fold, KINDS_SITE_SET_NAME);
    if (fold->entry->values[KINDS_SITE_SET_CODE].present) site->code = fold_copy(fold, KINDS_SITE_SET_CODE);
    return site->name == NULL || site->code == NULL ? DW_E_MEMORY : DW_OK;
}

static bool fold_device_key(const struct fold *fold, struct keys_public *out)
{
    const struct entry_value *v = fold->entry->values;
    bool p256 = v[KINDS_DEVICE_ENROL_KEY_KIND].present && v[KINDS_DEVICE_ENROL_KEY_KIND].n == KINDS_KEY_KIND_P256;
    if (p256 && v[KINDS_DEVICE_ENROL_KIND].n != KINDS_DEVICE_KIND_PHONE) return false; /* browsers alone need it */
    return keys_public_read(out, v[KINDS_DEVICE_ENROL_PUBLIC_KEY].text) && (out->kind == KEYS_P256) == p256;
}

enum kinds_held_reason fold_judge_device_enrol(struct fold *fold)
{
    struct keys_public key;
    uint32_t known = site_find(fold->site, SITE_DEVICE, fold->entry->on);
    if (!fold_device_key(fold, &key)) return KINDS_HELD_REASON_MALFORMED;
    if (fold_want(fold, SITE_MEMBER, KINDS_DEVICE_ENROL_MEMBER) != KINDS_HELD_REASON_NONE) return KINDS_HELD_REASON_UNKNOWN;
    if (known == SITE_NONE) return KINDS_HELD_REASON_NONE;
    /* The site's own device is known, without a key, before it enrols itself. A key never changes. */
    static const uint8_t none[KEYS_POINT];
    const struct keys_public *has = &site_device(fold->site, known)->key;
    return memcmp(has->bytes, none, sizeof none) == 0 || memcmp(has->bytes, key.bytes, sizeof none) == 0
               ? KINDS_HELD_REASON_NONE
               : KINDS_HELD_REASON_CONFLICT;
}

dw_err fold_apply_device_enrol(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    bool fresh;
    FOLD_TRY_NEW(index, fold_on(fold, SITE_DEVICE, &fresh));
    const char *name = fold_copy(fold, KINDS_DEVICE_ENROL_NAME);
    if (name == NULL) return DW_E_MEMORY;
    struct site_device *device = site_device(fold->site, index);
    device->name = name;
    device->kind = (enum kinds_device_kind)v[KINDS_DEVICE_ENROL_KIND].n;
    device->member = fold_ref(fold, SITE_MEMBER, KINDS_DEVICE_ENROL_MEMBER);
    device->until_ms = fold_time(&v[KINDS_DEVICE_ENROL_UNTIL]);
    if (fresh) device->last_ms = SITE_NEVER;
    return fold_device_key(fold, &device->key) ? DW_OK : DW_E_ENTRY;
}

enum kinds_held_reason fold_judge_device_revoke(struct fold *fold)
{
    return fold_knows(fold, SITE_DEVICE, fold->entry->on) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_device_revoke(struct fold *fold)
{
    bool fresh;
    FOLD_TRY_NEW(index, fold_on(fold, SITE_DEVICE, &fresh));
    site_device(fold->site, index)->revoked = true;
    return DW_OK;
}

enum kinds_held_reason fold_judge_area_set(struct fold *fold)
{
    enum kinds_held_reason reason = fold_want(fold, SITE_AREA, KINDS_AREA_SET_PARENT);
    uint32_t self = site_find(fold->site, SITE_AREA, fold->entry->on), up = fold_ref(fold, SITE_AREA, KINDS_AREA_SET_PARENT);
    if (reason != KINDS_HELD_REASON_NONE) return reason;
    for (; self != SITE_NONE && up != SITE_NONE; up = site_area(fold->site, up)->parent)
        if (up == self) return KINDS_HELD_REASON_CONFLICT; /* it would lie inside itself */
    return KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_area_set(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    bool fresh;
    FOLD_TRY_NEW(index, fold_on(fold, SITE_AREA, &fresh));
    struct site_area *area = site_area(site, index);
    const char *code = fold_copy(fold, KINDS_AREA_SET_CODE);
    if (code == NULL) return DW_E_MEMORY;
    if (fresh) area->keeper = SITE_NONE;
    if (!fresh && strcmp(area->code, code) != 0) map_drop(&site->by_code, hash_quick(area->code, strlen(area->code)), index);
    if (fresh || strcmp(area->code, code) != 0)
        if (!map_put(&site->by_code, hash_quick(code, strlen(code)), index)) return DW_E_MEMORY;
    area->code = code;
    area->kind = (enum kinds_area_kind)v[KINDS_AREA_SET_KIND].n;
    area->parent = fold_ref(fold, SITE_AREA, KINDS_AREA_SET_PARENT);
    area->name = fold_copy(fold, KINDS_AREA_SET_NAME);
    area->address = fold_copy(fold, KINDS_AREA_SET_ADDRESS);
    area->use = fold_copy(fold, KINDS_AREA_SET_USE);
    area->floors = v[KINDS_AREA_SET_FLOORS].n;
    area->from_ms = fold_time(&v[KINDS_AREA_SET_FROM]);
    area->to_ms = fold_time(&v[KINDS_AREA_SET_TO]);
    area->lon = v[KINDS_AREA_SET_LON].n;
    area->lat = v[KINDS_AREA_SET_LAT].n;
    area->geometry = v[KINDS_AREA_SET_GEOMETRY].present ? fold_copy(fold, KINDS_AREA_SET_GEOMETRY) : "";
    if (area->geometry != NULL) area->outline = hash_quick(area->geometry, strlen(area->geometry));
    site->areas_moved = true;
    return area->name == NULL || area->address == NULL || area->use == NULL || area->geometry == NULL ? DW_E_MEMORY : DW_OK;
}

enum kinds_held_reason fold_judge_feature_set(struct fold *fold)
{
    (void)fold;
    return KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_feature_set(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    bool fresh;
    FOLD_TRY_NEW(index, fold_on(fold, SITE_FEATURE, &fresh));
    struct site_feature *feature = site_feature(fold->site, index);
    feature->kind = (enum kinds_feature_kind)v[KINDS_FEATURE_SET_KIND].n;
    feature->code = fold_copy(fold, KINDS_FEATURE_SET_CODE);
    feature->name = fold_copy(fold, KINDS_FEATURE_SET_NAME);
    feature->geometry = fold_copy(fold, KINDS_FEATURE_SET_GEOMETRY);
    if (feature->geometry != NULL) feature->outline = hash_quick(feature->geometry, strlen(feature->geometry));
    feature->from_ms = fold_time(&v[KINDS_FEATURE_SET_FROM]);
    feature->to_ms = fold_time(&v[KINDS_FEATURE_SET_TO]);
    return feature->code == NULL || feature->name == NULL || feature->geometry == NULL ? DW_E_MEMORY : DW_OK;
}

enum kinds_held_reason fold_judge_member_set(struct fold *fold)
{
    (void)fold;
    return KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_member_set(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    bool fresh;
    FOLD_TRY_NEW(index, fold_on(fold, SITE_MEMBER, &fresh));
    struct site_member *member = site_member(fold->site, index);
    if (member->forgotten) return DW_OK;
    member->name = v[KINDS_MEMBER_SET_NAME].erased ? NULL : fold_copy(fold, KINDS_MEMBER_SET_NAME);
    member->phone = v[KINDS_MEMBER_SET_PHONE].erased ? NULL : fold_copy(fold, KINDS_MEMBER_SET_PHONE);
    return DW_OK;
}

enum kinds_held_reason fold_judge_keeper_set(struct fold *fold)
{
    if (!fold_knows(fold, SITE_AREA, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    return fold_want(fold, SITE_MEMBER, KINDS_KEEPER_SET_MEMBER);
}

dw_err fold_apply_keeper_set(struct fold *fold)
{
    bool fresh;
    FOLD_TRY_NEW(index, fold_on(fold, SITE_AREA, &fresh));
    site_area(fold->site, index)->keeper = fold_ref(fold, SITE_MEMBER, KINDS_KEEPER_SET_MEMBER);
    return DW_OK;
}

enum kinds_held_reason fold_judge_door_set(struct fold *fold)
{
    return fold_want(fold, SITE_AREA, KINDS_DOOR_SET_BUILDING);
}

dw_err fold_apply_door_set(struct fold *fold)
{
    struct site *site = fold->site;
    bool fresh;
    FOLD_TRY_NEW(index, fold_on(fold, SITE_DOOR, &fresh));
    struct site_door *door = site_door(site, index);
    if (!fresh && site_stamp_compare(fold->stamp, door->stamp) <= 0) return DW_OK;
    uint32_t area = fold_ref(fold, SITE_AREA, KINDS_DOOR_SET_BUILDING);
    bool moved = !fresh && area != door->area;
    door->area = area;
    door->kind = (enum kinds_door_kind)fold->entry->values[KINDS_DOOR_SET_KIND].n;
    door->unit = fold_copy(fold, KINDS_DOOR_SET_UNIT);
    door->floor = fold_copy(fold, KINDS_DOOR_SET_FLOOR);
    door->room = fold_copy(fold, KINDS_DOOR_SET_ROOM);
    door->name = fold_copy(fold, KINDS_DOOR_SET_NAME);
    door->stamp = fold->stamp;
    if (door->unit == NULL || door->floor == NULL || door->room == NULL || door->name == NULL) return DW_E_MEMORY;
    for (uint32_t s = 0; moved && s < site_count(site, SITE_STAY); s++)
        if (site_stay(site, s)->door == index) ERR_TRY(fold_round_moved(site, site_stay(site, s)->person));
    return DW_OK;
}

enum kinds_held_reason fold_judge_household_set(struct fold *fold)
{
    return fold_want(fold, SITE_DOOR, KINDS_HOUSEHOLD_SET_DOOR);
}

dw_err fold_apply_household_set(struct fold *fold)
{
    bool fresh;
    FOLD_TRY_NEW(index, fold_on(fold, SITE_HOUSEHOLD, &fresh));
    struct site_household *household = site_household(fold->site, index);
    if (!fresh && site_stamp_compare(fold->stamp, household->stamp) <= 0) return DW_OK;
    household->door = fold_ref(fold, SITE_DOOR, KINDS_HOUSEHOLD_SET_DOOR);
    household->kind = (enum kinds_household_kind)fold->entry->values[KINDS_HOUSEHOLD_SET_KIND].n;
    household->stamp = fold->stamp;
    return DW_OK;
}

enum kinds_held_reason fold_judge_person_set(struct fold *fold)
{
    enum kinds_held_reason reason = fold_want(fold, SITE_DOOR, KINDS_PERSON_SET_DOOR);
    const struct entry_value *seen = &fold->entry->values[KINDS_PERSON_SET_SEEN];
    uint8_t bytes[16];
    if (seen->present && !hash_unb64(bytes, sizeof bytes, seen->text, strlen(seen->text))) return KINDS_HELD_REASON_MALFORMED;
    return reason != KINDS_HELD_REASON_NONE ? reason : fold_want(fold, SITE_HOUSEHOLD, KINDS_PERSON_SET_HOUSEHOLD);
}

/* Keeps a person's stays in the order of their stamps. */
static dw_err fold_stay(struct fold *fold, uint32_t person, struct site_stay stay)
{
    struct site *site = fold->site;
    FOLD_TRY_NEW(index, site_add(site, SITE_STAY));
    stay.person = person;
    stay.stamp = fold->stamp;
    *site_stay(site, index) = stay;
    site_link_stay(site, index);
    return fold_round_moved(site, person);
}

static dw_err fold_source(struct fold *fold, uint32_t person)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint64_t hash;
    if (!v[KINDS_PERSON_SET_SEEN].present) return DW_OK;
    FOLD_TRY_NEW(index, site_add(site, SITE_SOURCE));
    struct site_source *source = site_source(site, index);
    source->device = fold->stamp.device;
    source->person = person;
    source->row = v[KINDS_PERSON_SET_ROW].n;
    if (!hash_unb64(source->seen, sizeof source->seen, v[KINDS_PERSON_SET_SEEN].text, strlen(v[KINDS_PERSON_SET_SEEN].text)))
        return DW_E_ENTRY;
    memcpy(&hash, source->seen, sizeof hash);
    return map_put(&site->by_seen, hash, index) ? DW_OK : DW_E_MEMORY;
}

dw_err fold_apply_person_set(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    bool fresh;
    FOLD_TRY_NEW(index, fold_on(fold, SITE_PERSON, &fresh));
    struct site_person *person = site_person(site, index);
    if (fresh) person->merged_into = person->merged = person->next_merged = person->first_stay = SITE_NONE;
    for (int i = 0; i < SITE_FIELDS && !person->forgotten; i++) {
        if (!v[i].present || (!fresh && site_stamp_compare(fold->stamp, person->stamp[i]) <= 0)) continue;
        person->stamp[i] = fold->stamp;
        person->field[i] = v[i].erased ? NULL : fold_copy(fold, i);
        if (person->field[i] == NULL && !v[i].erased) return DW_E_MEMORY;
    }
    if (v[KINDS_PERSON_SET_DOOR].present || fresh) {
        const struct entry_value *from = &v[KINDS_PERSON_SET_FROM];
        ERR_TRY(fold_stay(fold, index,
                          (struct site_stay){.door = fold_ref(fold, SITE_DOOR, KINDS_PERSON_SET_DOOR),
                                             .household = fold_ref(fold, SITE_HOUSEHOLD, KINDS_PERSON_SET_HOUSEHOLD),
                                             .at_ms = from->present ? from->at.ms : fold->stamp.ms}));
    }
    return fold_source(fold, index);
}

enum kinds_held_reason fold_judge_stay_end(struct fold *fold)
{
    if (!fold_knows(fold, SITE_PERSON, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    return fold_want(fold, SITE_DOOR, KINDS_STAY_END_DOOR);
}

dw_err fold_apply_stay_end(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    return fold_stay(fold, site_find(fold->site, SITE_PERSON, fold->entry->on),
                     (struct site_stay){.door = fold_ref(fold, SITE_DOOR, KINDS_STAY_END_DOOR),
                                        .household = SITE_NONE,
                                        .at_ms = v[KINDS_STAY_END_AT].at.ms,
                                        .why = (uint8_t)(1 + v[KINDS_STAY_END_WHY].n)});
}
