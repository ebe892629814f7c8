#include <string.h>

#include "base/id.h"
#include "base/when.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    char out[WHEN_TEXT], name[ID_TEXT];
    struct when at, again;
    struct id id, same;
    if (when_parse(&at, text, size)) {
        when_text(out, at);
        FUZZ_MUST(when_parse(&again, out, strlen(out)) && again.ms == at.ms && again.offset == at.offset);
        FUZZ_MUST(when_valid_day(when_day(at)));
    }
    (void)when_parse_local(&at, text, size, 480);
    if (when_parse_written(&at, text, size, 480)) FUZZ_MUST(when_valid_day(when_day(at)));
    if (id_parse(&id, text, size)) {
        id_text(name, id);
        FUZZ_MUST(id_parse(&same, name, strlen(name)) && id_equal(id, same));
    }
    return 0;
}
