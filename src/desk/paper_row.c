#include "desk/paper_row.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
    return paper_row_text(row, "%s %s", a->code, *a->address != 0 ? a->address : a->name);
}

const char *paper_row_door(struct paper_row *row, uint32_t person)
{
    bool gone;
    uint32_t stay = site_place(row->site, person, &gone), door = stay == SITE_NONE ? SITE_NONE : site_stay(row->site, stay)->door;
    if (door == SITE_NONE) return paper_row_say(row, "（户门不明）", "(door unknown)");
    const struct site_door *d = site_door(row->site, door);
    bool told = *d->floor != 0 && strncmp(d->room, d->floor, strlen(d->floor)) == 0; /* 301 says that it is on 3 */
    bool number = *d->unit != 0 && d->unit[strspn(d->unit, "0123456789")] == 0;
    const char *unit = !number ? d->unit : paper_row_text(row, paper_row_say(row, "%s单元", "unit %s"), d->unit);
    const char *text = paper_row_text(row, "%s%s%s%s%s", unit, *unit != 0 ? " " : "", told ? "" : d->floor,
                                      *d->floor != 0 && !told && *d->room != 0 ? "-" : "", d->room);
    if (*text != 0 && d->area != SITE_NONE) return text;
    if (*d->name == 0) return *text != 0 ? text : paper_row_say(row, "（户门不明）", "(door unknown)");
    return paper_row_text(row, "%s%s%s", d->name, *text != 0 ? " " : "", text);
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
