#include "desk/likeness.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/when.h"

int32_t likeness_birth(const char *text)
{
    struct when at;
    return text != NULL && when_parse_written(&at, text, strlen(text), 0) ? when_day(at) : 0;
}

char likeness_sex(const char *text)
{
    if (text == NULL || *text == 0) return 0;
    if (strstr(text, "男") != NULL || strcasecmp(text, "m") == 0 || strcasecmp(text, "male") == 0) return 'm';
    if (strstr(text, "女") != NULL || strcasecmp(text, "f") == 0 || strcasecmp(text, "female") == 0) return 'f';
    return 0;
}

void likeness_make(struct likeness *out, const char *name, const char *doc, bool number_cell, const char *birth, const char *sex,
                   const char *phone, uint32_t door, uint32_t building, bool synthetic, int32_t today)
{
    if (!name_fold(out->name, name)) out->name[0] = 0;
    idno_read(&out->doc, doc == NULL ? "" : doc, number_cell, synthetic, today);
    if (!phone_read(out->phone, phone == NULL ? "" : phone)) out->phone[0] = 0;
    int32_t day = likeness_birth(birth);
    char is = likeness_sex(sex);
    bool lost = strchr(out->doc.text, '.') != NULL; /* 3.50599E+17: what is left of it is everybody's */
    bool good = out->doc.type != IDNO_NONE && out->doc.problem == IDNO_OK;
    out->record = (struct match_record){.name = out->name,
                                        .doc = lost ? "" : out->doc.text,
                                        .doc_valid = good,
                                        .birth = day != 0 ? day
                                                 : good   ? out->doc.birth
                                                          : 0,
                                        .sex = is != 0 ? is
                                               : good  ? out->doc.sex
                                                       : 0,
                                        .phone = out->phone,
                                        .door = door,
                                        .building = building};
}

void likeness_person(struct likeness *out, const struct site *site, uint32_t person, int32_t today)
{
    const struct site_person *p = site_person(site, person);
    const char *type = p->field[KINDS_PERSON_SET_DOC_TYPE];
    bool gone;
    uint32_t place = site_place(site, person, &gone), door = place == SITE_NONE ? SITE_NONE : site_stay(site, place)->door;
    likeness_make(out, p->field[KINDS_PERSON_SET_NAME], p->field[KINDS_PERSON_SET_DOC],
                  type != NULL && strcmp(type, LIKENESS_NUMBER) == 0, p->field[KINDS_PERSON_SET_BIRTH],
                  p->field[KINDS_PERSON_SET_SEX], p->field[KINDS_PERSON_SET_PHONE], door,
                  door == SITE_NONE ? SITE_NONE : site_door(site, door)->area, site->synthetic, today);
}

const char *likeness_why(enum match_why why)
{
    static const char *const names[MATCH_WHY_COUNT] = {
        [MATCH_BY_DOC] = "doc",
        [MATCH_BY_TRIPLE] = "name_birth_phone",
        [MATCH_DOC_NAME_DIFFER] = "doc_other_name",
        [MATCH_DOC_NEAR] = "doc_near",
        [MATCH_NAME_BIRTH] = "name_birth",
        [MATCH_NAME_PHONE] = "name_phone",
        [MATCH_NAME_DOC_NEAR] = "name_doc_near",
        [MATCH_NAME_PLACE] = "name_place",
        [MATCH_PHONE_BIRTH] = "phone_birth",
    };
    return names[why] == NULL ? "other" : names[why];
}

bool likeness_certain(enum match_why why)
{
    return why == MATCH_BY_DOC || why == MATCH_BY_TRIPLE;
}
