#include "desk/import_said.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static const struct {
    enum columns_field from;
    int to;
} import_said_plain[] = {{COLUMNS_HUKOU, KINDS_PERSON_SET_HUKOU},  {COLUMNS_EMPLOYER, KINDS_PERSON_SET_EMPLOYER},
                         {COLUMNS_FLAGS, KINDS_PERSON_SET_FLAGS},  {COLUMNS_RELATION, KINDS_PERSON_SET_RELATION},
                         {COLUMNS_NOTE, KINDS_PERSON_SET_NOTE},    {COLUMNS_MEDICINE, KINDS_PERSON_SET_MEDICINE},
                         {COLUMNS_HEALTH, KINDS_PERSON_SET_HEALTH}};

/* Fields that lists have and the register does not take. */
static const enum columns_field import_said_none[] = {COLUMNS_LANDLORD, COLUMNS_LANDLORD_PHONE, COLUMNS_DOC_TYPE, COLUMNS_AGE,
                                                      COLUMNS_MIGRANT,  COLUMNS_TUBE,           COLUMNS_RESULT};

static void import_said_document(struct import_said *said, const struct likeness *like)
{
    if (like->doc.type == IDNO_NONE) return;
    said->field[KINDS_PERSON_SET_DOC] = like->doc.text;
    said->field[KINDS_PERSON_SET_DOC_TYPE] =
        like->doc.problem == IDNO_NUMBER_CELL ? LIKENESS_NUMBER : idno_type_text(like->doc.type, 1);
}

/* A birth that is no whole day ("1990年5月") is kept as it is written: it compares with nothing, yet a person can read it. */
static void import_said_birth(struct import_said *said, const struct likeness *like, struct import_rows *r, size_t row)
{
    const char *text = import_rows_text(r, row, COLUMNS_BIRTH);
    if (like->record.birth != 0) {
        snprintf(said->birth, sizeof said->birth, "%08d", like->record.birth);
        said->field[KINDS_PERSON_SET_BIRTH] = said->birth;
    } else if (*text != 0) {
        said->field[KINDS_PERSON_SET_BIRTH] = text;
        import_rows_trouble(
            r, row, COLUMNS_BIRTH,
            import_rows_say(r, "不是完整的出生日期，照原样保存：%s", "not a whole date of birth, kept as written: %s"), text);
    }
}

/* Whether a cell of yes and no says no. */
static bool import_said_no(const char *text)
{
    static const char *const no[] = {"否", "不", "外出", "没", "无", "no", "n", "0", "false"};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        size_t len = strlen(no[i]);
        if ((unsigned char)*no[i] >= 0x80 ? strncmp(text, no[i], len) == 0 : strcasecmp(text, no[i]) == 0) return true;
    }
    return false;
}

/* Where he is while he is not at home; the cell's own word where nothing else is said. */
static void import_said_away(struct import_said *said, const struct import_rows *r, size_t row)
{
    const char *home = import_rows_text(r, row, COLUMNS_AT_HOME), *where = import_rows_text(r, row, COLUMNS_WHERE);
    bool no = import_said_no(home);
    if (*where != 0 && (no || *home == 0))
        said->field[KINDS_PERSON_SET_AWAY] = where;
    else if (no)
        said->field[KINDS_PERSON_SET_AWAY] = home;
}

/* A day that has come; later ones are plans, and told. */
static void import_said_day(struct when *out, struct import_rows *r, size_t row, enum columns_field field)
{
    const char *text = import_rows_text(r, row, field);
    struct when at;
    if (*text == 0) return;
    if (!when_parse_written(&at, text, strlen(text), r->spec->at.offset))
        import_rows_trouble(r, row, field, import_rows_say(r, "读不出日期：%s", "not a date: %s"), text);
    else if (at.ms > r->spec->at.ms)
        import_rows_trouble(r, row, field, import_rows_say(r, "日期还没到，没有导入：%s", "a day to come, not taken: %s"), text);
    else
        *out = at;
}

/* A text longer than its field is cut, and told; the whole of it stays in the file. */
static void import_said_fit(struct import_said *said, struct import_rows *r, size_t row)
{
    size_t used = 0;
    for (int i = 0; i < SITE_FIELDS; i++) {
        const struct kinds_field *field = &kinds_get(KINDS_PERSON_SET)->fields[i];
        const char *text = said->field[i];
        if (text != NULL && *text == 0) said->field[i] = NULL;
        if (text == NULL || strlen(text) <= (size_t)field->max) continue;
        size_t room = sizeof said->cut - used - 1, most = (size_t)field->max < room ? (size_t)field->max : room;
        size_t len = text_cut(text, strlen(text), most);
        memcpy(said->cut + used, text, len);
        said->cut[used + len] = 0;
        said->field[i] = len == 0 ? NULL : said->cut + used;
        used += len + (len < room);
        import_rows_trouble(r, row, COLUMNS_COUNT,
                            import_rows_say(r, "%s 太长，只保存前 %zu 字节", "%s is too long: its first %zu bytes are kept"),
                            field->name, len);
    }
}

void import_said_read(struct import_said *said, struct likeness *like, struct import_rows *r, size_t row,
                      const struct import_place *place)
{
    const struct sheet_cell *doc = import_rows_cell(r, row, COLUMNS_DOC);
    memset(said->field, 0, sizeof said->field);
    said->came = said->went = (struct when){0, 0};
    likeness_make(like, import_rows_text(r, row, COLUMNS_NAME), doc->text, doc->number, import_rows_text(r, row, COLUMNS_BIRTH),
                  import_rows_text(r, row, COLUMNS_SEX), import_rows_text(r, row, COLUMNS_PHONE), place->door, place->area,
                  r->site->synthetic, r->today);
    said->field[KINDS_PERSON_SET_NAME] = import_rows_text(r, row, COLUMNS_NAME);
    import_said_document(said, like);
    import_said_birth(said, like, r, row);
    if (like->record.sex != 0) {
        said->sex[0] = like->record.sex;
        said->sex[1] = 0;
        said->field[KINDS_PERSON_SET_SEX] = said->sex;
    }
    said->field[KINDS_PERSON_SET_PHONE] = like->phone[0] != 0 ? like->phone : import_rows_text(r, row, COLUMNS_PHONE);
    for (size_t i = 0; i < sizeof import_said_plain / sizeof *import_said_plain; i++)
        said->field[import_said_plain[i].to] = import_rows_text(r, row, import_said_plain[i].from);
    import_said_away(said, r, row);
    import_said_day(&said->came, r, row, COLUMNS_MOVED_IN);
    import_said_day(&said->went, r, row, COLUMNS_MOVED_OUT);
    import_said_fit(said, r, row);
    for (int f = 0; f < COLUMNS_COUNT; f++)
        if (import_rows_cell(r, row, (enum columns_field)f)->error)
            import_rows_trouble(r, row, (enum columns_field)f, "%s",
                                import_rows_say(r, "表格公式出错，当作空白", "an error of the spreadsheet, taken as blank"));
}

void import_said_left_out(struct import_rows *r)
{
    const struct sheet_cell *header = &r->sheet->cells[(size_t)r->columns.header_row * r->sheet->columns];
    struct arena_buf names = {0};
    for (size_t c = 0; c < r->sheet->columns; c++) {
        bool taken = *header[c].text == 0;
        for (int f = 0; f < COLUMNS_COUNT && !taken; f++) taken = r->columns.column[f] == (int)c;
        for (size_t i = 0; i < sizeof import_said_none / sizeof *import_said_none; i++)
            if (r->columns.column[import_said_none[i]] == (int)c) taken = false;
        if (taken) continue;
        if (names.len > 0) arena_buf_text(&names, import_rows_say(r, "、", ", "));
        arena_buf_text(&names, header[c].text);
    }
    if (names.len > 0 && !names.failed)
        import_rows_trouble(r, (size_t)r->columns.header_row, COLUMNS_COUNT,
                            import_rows_say(r, "这些列没有导入：%s", "columns not taken: %s"), names.data);
    arena_buf_free(&names);
}

void import_said_columns(struct import_rows *r)
{
    static_assert((int)COLUMNS_COUNT <= (int)IMPORT_COLUMNS, "there is room for every field");
    if (r->out->column_count > 0) return;
    const struct sheet_cell *header = &r->sheet->cells[(size_t)r->columns.header_row * r->sheet->columns];
    for (size_t c = 0; c < r->sheet->columns; c++)
        for (int f = 0; f < COLUMNS_COUNT; f++) {
            if (r->columns.column[f] != (int)c) continue;
            struct import_column *one = &r->out->columns[r->out->column_count++];
            *one = (struct import_column){
                .column = (int64_t)c + 1, .field = columns_name((enum columns_field)f), .said = r->columns.confidence[f] == 3};
            size_t len = text_cut(header[c].text, strlen(header[c].text), sizeof one->header - 1);
            memcpy(one->header, header[c].text, len);
            one->header[len] = 0;
        }
}
