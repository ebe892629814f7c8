/* ICU's transliterators -> han_gen.inc: for every Han character that has either, its simplified form and its commonest reading.
 * Run while building, so that nothing has to open a transliterator (some 50 ms and megabytes a thread) to search a name. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>
#include <unicode/utrans.h>

enum { GEN_FIRST = 0x2e80, GEN_LAST = 0x323af, GEN_ROOM = 64, GEN_READING = 8, GEN_READINGS = 2000, GEN_STEPS = 8 };

struct gen {
    UTransliterator *simple, *latin;
    char readings[GEN_READINGS][GEN_READING];
    int count;
};

static UTransliterator *gen_open(const UChar *id)
{
    UErrorCode status = U_ZERO_ERROR;
    UTransliterator *opened = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    return U_SUCCESS(status) ? opened : NULL;
}

static int32_t gen_run(UTransliterator *with, UChar32 point, UChar out[GEN_ROOM])
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    U16_APPEND_UNSAFE(out, len, point);
    int32_t limit = len;
    utrans_transUChars(with, out, &len, GEN_ROOM, 0, &limit, &status);
    return U_SUCCESS(status) ? len : 0;
}

static UChar32 gen_step(struct gen *gen, UChar32 point)
{
    UChar units[GEN_ROOM];
    int32_t len = gen_run(gen->simple, point, units), at = 0;
    if (len == 0) return point;
    UChar32 first;
    U16_NEXT(units, at, len, first);
    return at == len ? first : point;
}

/* The form that has no simpler one. */
static UChar32 gen_simple(struct gen *gen, UChar32 point)
{
    for (int i = 0; i < GEN_STEPS; i++) {
        UChar32 next = gen_step(gen, point);
        if (next == point) break;
        point = next;
    }
    return point;
}

/* Tones are combining marks here and go; the two dots of u make it the v that everybody types. */
static void gen_reading(struct gen *gen, UChar32 point, char out[GEN_READING])
{
    UChar units[GEN_ROOM];
    int32_t len = gen_run(gen->latin, point, units), n = 0;
    memset(out, 0, GEN_READING);
    for (int32_t i = 0; i < len && n < GEN_READING - 1; i++) {
        if (units[i] >= 'a' && units[i] <= 'z') out[n++] = (char)units[i];
        if (units[i] == 0x308 && n > 0 && out[n - 1] == 'u') out[n - 1] = 'v';
    }
}

static int gen_number(struct gen *gen, const char *reading)
{
    for (int i = 0; i < gen->count; i++)
        if (strcmp(gen->readings[i], reading) == 0) return i;
    if (gen->count == GEN_READINGS) return -1;
    snprintf(gen->readings[gen->count], GEN_READING, "%s", reading);
    return gen->count++;
}

static bool gen_write(struct gen *gen, FILE *out)
{
    fputs("/* Made by tools/gen_han.c from ICU's data. */\nstatic const struct text_han_char text_han_chars[] = {\n", out);
    for (UChar32 point = GEN_FIRST; point <= GEN_LAST; point++) {
        UErrorCode status = U_ZERO_ERROR;
        char reading[GEN_READING];
        if (uscript_getScript(point, &status) != USCRIPT_HAN) continue;
        UChar32 simple = gen_simple(gen, point);
        gen_reading(gen, point, reading);
        int number = gen_number(gen, reading);
        if (number < 0) return false;
        if (number > 0 || simple != point) fprintf(out, "    {0x%x, 0x%x, %d},\n", (unsigned)point, (unsigned)simple, number);
    }
    fprintf(out, "};\n\nstatic const char text_han_readings[][%d] = {\n", GEN_READING);
    for (int i = 0; i < gen->count; i++) fprintf(out, "    \"%s\",\n", gen->readings[i]);
    fputs("};\n", out);
    return ferror(out) == 0;
}

int main(int argc, char **argv)
{
    static struct gen gen;
    gen.simple = gen_open(u"Traditional-Simplified");
    gen.latin = gen_open(u"Han-Latin; NFD; Lower");
    gen.count = 1; /* the first is no reading */
    FILE *out = argc == 2 ? fopen(argv[1], "w") : NULL;
    bool good = gen.simple != NULL && gen.latin != NULL && out != NULL && gen_write(&gen, out);
    if (out != NULL && fclose(out) != 0) good = false;
    utrans_close(gen.simple);
    utrans_close(gen.latin);
    if (!good) fputs("gen_han: no table of Han characters\n", stderr);
    return good ? 0 : 1;
}
