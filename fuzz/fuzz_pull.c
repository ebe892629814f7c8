#include <string.h>

#include "desk/pull_inside.h"
#include "fuzz.h"

/* The input as a cursor: what is read is written the same way again. And as the clear part of an entry: what is left for somebody
 * who may see nothing in full is JSON, a part of it, and has no value of an item of somebody else. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct site *site;
    struct scope scope = {.site = NULL};
    struct entry entry = {.kind = KINDS_PERSON_SET};
    struct arena arena = {0};
    struct json json = {0}, left = {0};
    struct pull_cursor cursor, again;
    char written[PULL_CURSOR];
    if (site == NULL) FUZZ_MUST(site_make(&site) == DW_OK);
    FUZZ_MUST(scope_make(&scope, site, SITE_NONE, 0) == DW_OK);
    const char *text = arena_text(&arena, (const char *)data, size);
    FUZZ_MUST(text != NULL);
    if (pull_cursor_read(&cursor, text)) {
        pull_cursor_text(written, &cursor);
        if (cursor.marked) {
            cursor.mark.sum <<= 1; /* a cursor tells the upper bits of a sum */
            pull_cursor_text(written, &cursor);
            FUZZ_MUST(pull_cursor_read(&again, written) && again.seq == cursor.seq && again.tail == cursor.tail);
        }
    }
    for (int i = 0; i < 2; i++, entry.kind = KINDS_VISIT) {
        const char *part = pull_part(&scope, &entry, SITE_NONE, text, size, &json, &arena);
        if (part == NULL) continue;
        FUZZ_MUST(json_read(&left, part, strlen(part), NULL) == DW_OK && left.tokens[0].type == JSON_OBJECT);
        for (uint32_t key = json_first(0); key < json_end(&left, 0); key = left.tokens[key + 1].next) {
            FUZZ_MUST(left.tokens[key + 1].type == JSON_ARRAY);
            FUZZ_MUST(entry.kind == KINDS_VISIT || json_equals(&left, key, "name") || json_equals(&left, key, "birth") ||
                      json_equals(&left, key, "sex"));
        }
    }
    json_free(&json);
    json_free(&left);
    arena_free(&arena);
    scope_free(&scope);
    return 0;
}
