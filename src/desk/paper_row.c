#include "desk/paper_row.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "domain/addr.h"

void paper_row_begin(struct paper_row *row)
{
    arena_reset(&row->arena);
    for (int i = 0; i < PAPER_COLUMNS_MAX; i++) row->cells[i] = "";
}

const char *paper_row_text(struct paper_row *row, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = len < 0 ? NULL : arena_alloc(&row->arena, (size_t)len + 1);
    if (text != NULL) vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);
    if (text == NULL) row->failed = true;
    return text == NULL ? "" : text;
}

const char *paper_row_time(struct paper_row *row, int64_t ms)
{
    char text[WHEN_TEXT];
    if (ms == SITE_NEVER || ms == 0) return "";
    when_text(text, (struct when){ms, row->ask->at.offset});
    return paper_row_text(row, "%.10s %.5s", text, text + 11);
}

const char *paper_row_code(const struct site *site, uint32_t area, enum kinds_area_kind kind)
{
    uint32_t above = paper_above(site, area, kind);
    return above == SITE_NONE ? "" : site_area(site, above)->code;
}

const char *paper_row_say(const struct paper_row *row, const char *zh, const char *en)
{
    return row->ask->lang == ERR_ZH ? zh : en;
}

const char *paper_row_area(struct paper_row *row, uint32_t area)
{
    if (area == SITE_NONE) return paper_row_say(row, "楼栋不明", "Building unknown");
    const struct site_area *a = site_area(row->site, area);
    const char *name = *a->address != 0 ? a->address : a->name;
    bool told = strncmp(name, a->code, strlen(a->code)) == 0 || *name == 0; /* 1-1小组 */
    return paper_row_text(row, "%s%s%s", told && *name != 0 ? "" : a->code, told ? "" : " ", name);
}

const char *paper_row_door(struct paper_row *row, uint32_t person)
{
    bool gone;
    uint32_t stay = site_place_in(row->site, row->round, person, &gone);
    return paper_row_at(row, stay == SITE_NONE ? SITE_NONE : site_stay(row->site, stay)->door);
}

const char *paper_row_at(struct paper_row *row, uint32_t door)
{
    char key[ADDR_KEY];
    if (door == SITE_NONE) return paper_row_say(row, "户门不明", "unknown");
    const struct site_door *d = site_door(row->site, door);
    addr_room(key, d->unit, d->floor, d->room);
    const char *dash = strchr(key, '-'), *in = dash == NULL ? key : dash + 1, *name = d->name;
    size_t floor = strspn(in, "B0123456789"); /* of 1F店面2 */
    const char *room = *key == 0 ? d->room : paper_row_text(row, "%s", key);
    if (row->ask->lang == ERR_ZH && floor > 0 && in[floor] == 'F')
        room = paper_row_text(row, "%.*s楼%s", (int)(in - key + (ptrdiff_t)floor), key, in + floor + 1);
    /* Where the building is not known, what the list says of it stands in the door's name. */
    if (*room == 0 && *name == 0) return paper_row_say(row, "户门不明", "unknown");
    if (*room != 0 && (d->area != SITE_NONE || *name == 0)) return room;
    return paper_row_text(row, "%s%s%s", name, *room != 0 ? " " : "", room);
}

dw_err paper_row_mask(struct paper_row *row, enum paper_kind kind)
{
    const struct paper_spec *spec = paper_spec_get(kind);
    for (size_t c = 0; !row->failed && !row->ask->reveal && c < spec->count; c++) {
        row->cells[c] = paper_spec_mask(spec->columns[c].mask, row->cells[c], &row->arena);
        row->failed = row->cells[c] == NULL;
    }
    return row->failed ? DW_E_MEMORY : DW_OK;
}

void paper_row_columns(struct table_out_column out[PAPER_COLUMNS_MAX], enum paper_kind kind, enum err_lang lang)
{
    const struct paper_spec *spec = paper_spec_get(kind);
    for (size_t c = 0; c < spec->count; c++)
        out[c] = (struct table_out_column){spec->columns[c].text[lang], spec->columns[c].width, spec->columns[c].number};
}

uint32_t paper_row_group(const struct site *site, enum paper_per per, uint32_t area)
{
    uint32_t cell = per == PAPER_PER_CELL ? paper_above(site, area, KINDS_AREA_KIND_CELL) : SITE_NONE;
    if (per == PAPER_PER_BUILDING) return area;
    if (cell != SITE_NONE) return cell;
    uint32_t grid = paper_above(site, area, KINDS_AREA_KIND_GRID);
    return grid != SITE_NONE ? grid : area;
}

bool paper_row_building(const struct site *site, uint32_t area)
{
    return area == SITE_NONE || site_area(site, area)->kind == KINDS_AREA_KIND_BUILDING ||
           site_area(site, area)->kind == KINDS_AREA_KIND_FACTORY;
}

const char *paper_row_keeper(struct paper_row *row, uint32_t area)
{
    const struct site *site = row->site;
    uint32_t keeper = area == SITE_NONE ? SITE_NONE : site_area(site, area)->keeper;
    const struct site_member *member = keeper == SITE_NONE ? NULL : site_member(site, keeper);
    const char *name = member == NULL || member->name == NULL || *member->name == 0 ? "__________" : member->name;
    const char *phone = member == NULL || member->phone == NULL || *member->phone == 0 ? "______________" : member->phone;
    return paper_row_text(row, paper_row_say(row, "包栋责任人 %s　电话 %s", "Keeper %s, phone %s"), name, phone);
}
