#include <string.h>

#include "base/text.h"
#include "domain/addr.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena_buf text = {0};
    struct addr a;
    char key[ADDR_KEY];
    arena_buf_put(&text, data, size);
    bool good = addr_read(&a, text.data);
    FUZZ_MUST(!good || text_valid(text.data, strlen(text.data), NULL));
    const char *parts[] = {a.region, a.lane, a.number, a.compound, a.block, a.unit, a.floor, a.room, a.rest};
    size_t any = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        FUZZ_MUST(strlen(parts[i]) < ADDR_PART && text_valid(parts[i], strlen(parts[i]), NULL));
        any += parts[i][0] != 0;
    }
    FUZZ_MUST(good || any == 0);
    addr_building_key(key, &a);
    FUZZ_MUST(strlen(key) < ADDR_KEY && (key[0] != 0) == (a.number[0] != 0 || a.compound[0] != 0 || a.block[0] != 0));
    addr_room_key(key, &a);
    FUZZ_MUST(strlen(key) < ADDR_KEY);
    /* Lines as the columns unit, floor and room. */
    char *floor = strchr(text.data, '\n'), *room = floor == NULL ? NULL : strchr(floor + 1, '\n');
    if (floor != NULL) *floor++ = 0;
    if (room != NULL) *room++ = 0;
    addr_room(key, text.data, floor, room);
    FUZZ_MUST(strlen(key) < ADDR_KEY && text_valid(key, strlen(key), NULL));
    arena_buf_free(&text);
    return 0;
}
