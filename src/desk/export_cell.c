#include "desk/export_cell.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "desk/register.h"
#include "domain/idno.h"
#include "domain/name.h"
#include "domain/phone.h"

const char *export_copy(struct export_rows *rows, const char *text)
{
    const char *copy = arena_text(&rows->arena, text, strlen(text));
    return copy == NULL ? "" : copy;
}

const char *export_int(struct export_rows *rows, int64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)n);
    return export_copy(rows, text);
}

const char *export_degrees(struct export_rows *rows, const struct site_area *area, int64_t value)
{
    char text[32];
    if (area->lon == 0 && area->lat == 0) return "";
    snprintf(text, sizeof text, "%.7f", (double)value / 1e7);
    return export_copy(rows, text);
}

const char *export_time(struct export_rows *rows, int64_t ms)
{
    char text[WHEN_TEXT];
    if (ms == SITE_NEVER) return "";
    when_text(text, (struct when){ms, when_now().offset});
    return export_copy(rows, text);
}

const char *export_id(struct export_rows *rows, struct id id)
{
    char text[ID_TEXT];
    id_text(text, id);
    return export_copy(rows, text);
}

const char *export_yes(bool yes)
{
    return yes ? "1" : "";
}

const char *export_code(const struct site *site, uint32_t area)
{
    return area == SITE_NONE ? "" : site_area(site, area)->code;
}

const char *export_door_id(struct export_rows *rows, uint32_t door)
{
    return door == SITE_NONE ? "" : export_id(rows, site_door(rows->site, door)->id);
}

const char *export_name(struct export_rows *rows, const char *name)
{
    char masked[NAME_SIZE];
    if (rows->reveal) return name;
    name_mask(masked, name);
    return export_copy(rows, masked);
}

const char *export_phone(struct export_rows *rows, const char *phone)
{
    char masked[PHONE_SIZE];
    if (rows->reveal) return phone;
    phone_mask(masked, phone);
    return export_copy(rows, masked);
}

const char *export_member_name(struct export_rows *rows, uint32_t member)
{
    const char *name = member == SITE_NONE ? NULL : site_member(rows->site, member)->name;
    return name == NULL ? "" : export_name(rows, name);
}

/* A personal field as the reader may see it. */
const char *export_field(struct export_rows *rows, uint32_t person, int field)
{
    const char *text = register_field(rows->site, person, field);
    char masked[IDNO_SIZE];
    if (rows->reveal) return text;
    switch (field) {
    case KINDS_PERSON_SET_NAME:
        return export_name(rows, text);
    case KINDS_PERSON_SET_DOC:
        idno_mask(masked, text);
        return export_copy(rows, masked);
    case KINDS_PERSON_SET_PHONE:
        return export_phone(rows, text);
    case KINDS_PERSON_SET_BIRTH:
        snprintf(masked, sizeof masked, "%.*s", (int)text_cut(text, strlen(text), 4), text);
        return export_copy(rows, masked);
    case KINDS_PERSON_SET_DOC_TYPE:
    case KINDS_PERSON_SET_SEX:
        return text;
    default:
        return "";
    }
}

bool export_sees(const struct export_rows *rows, uint32_t area)
{
    return rows->seen == NULL || (area != SITE_NONE && rows->seen[area] != 0);
}

bool export_sees_door(const struct export_rows *rows, uint32_t door)
{
    return export_sees(rows, door == SITE_NONE ? SITE_NONE : site_door(rows->site, door)->area);
}

bool export_sees_person(const struct export_rows *rows, uint32_t person)
{
    return rows->seen == NULL || export_sees(rows, site_person_area(rows->site, NULL, person));
}

dw_err export_put(struct export_rows *rows, const char *const *cells, struct err_detail *detail)
{
    dw_err err = rows->put(rows->ctx, cells, detail);
    arena_reset(&rows->arena);
    return err;
}

const char *export_stamp(struct export_rows *rows, struct site_stamp stamp)
{
    return stamp.n == 0 ? "" : export_time(rows, stamp.ms);
}
