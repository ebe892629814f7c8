#include <string.h>

#include "fuzz.h"
#include "ledger/entry.h"

/* The input is an entry's text, and after a line end its clear part. What can be read walks its lists to their ends. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct entry entry;
    struct entry_reader reader = {0};
    struct err_detail detail = {.row = 0};
    const char *text = (const char *)data, *line = memchr(text, '\n', size);
    size_t len = line == NULL ? size : (size_t)(line - text), part = line == NULL ? 0 : size - len - 1;
    if (entry_open(&entry, &reader, text, len, NULL, &detail) == DW_OK &&
        entry_body(&entry, &reader, line == NULL ? NULL : line + 1, part, &detail) == DW_OK) {
        const struct kinds_spec *spec = kinds_get(entry.kind);
        for (int f = 0; f < spec->field_count; f++) {
            struct entry_value item[KINDS_FIELDS_MAX];
            uint32_t cursor = 0;
            int64_t items = 0;
            bool more = spec->fields[f].type == KINDS_TYPE_LIST;
            FUZZ_MUST(entry.values[f].present || !spec->fields[f].required);
            while (more && entry_item(item, &cursor, &more, &entry, f, &reader, &detail) == DW_OK && more) items++;
            FUZZ_MUST(items <= entry.values[f].n || spec->fields[f].type != KINDS_TYPE_LIST);
        }
    }
    entry_reader_free(&reader);
    return 0;
}
