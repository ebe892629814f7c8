#include "files/xlsx_whole.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

enum { XLSX_WHOLE_READ = 64 * 1024, XLSX_WHOLE_TAG = 64, XLSX_WHOLE_PARTS = 8 };

/* The name of the outermost element as its end must be, "</worksheet>"; false when text does not begin one. */
static bool xlsx_whole_tag(char out[XLSX_WHOLE_TAG], const char *text)
{
    const char *at = text;
    do {
        at = strchr(at, '<');
        if (at == NULL) return false;
        at++;
    } while (*at == '?' || *at == '!');
    size_t len = strcspn(at, " />\r\n\t");
    if (len == 0 || len + 4 > XLSX_WHOLE_TAG) return false;
    snprintf(out, XLSX_WHOLE_TAG, "</%.*s>", (int)len, at);
    return true;
}

static bool xlsx_whole_part(const char *name, char *buffer)
{
    char tag[XLSX_WHOLE_TAG], tail[XLSX_WHOLE_TAG + 1] = "";
    size_t kept = 0, n;
    bool first = true, good = true;
    VSILFILE *file = VSIFOpenL(name, "rb");
    if (file == NULL) return false;
    while (good && (n = VSIFReadL(buffer, 1, XLSX_WHOLE_READ, file)) > 0) {
        buffer[n] = 0;
        if (first) good = xlsx_whole_tag(tag, buffer);
        first = false;
        size_t fresh = n < XLSX_WHOLE_TAG ? n : XLSX_WHOLE_TAG, old = XLSX_WHOLE_TAG - fresh;
        if (old > kept) old = kept;
        memmove(tail, tail + kept - old, old);
        memcpy(tail + old, buffer + n - fresh, fresh);
        kept = old + fresh;
    }
    VSIFCloseL(file);
    while (kept > 0 && (tail[kept - 1] == '\n' || tail[kept - 1] == '\r')) kept--;
    size_t len = first || !good ? 0 : strlen(tag);
    return len > 0 && kept >= len && memcmp(tail + kept - len, tag, len) == 0;
}

bool xlsx_whole(const char *path)
{
    if (strpbrk(path, "{}") != NULL) return true; /* a path that the library cannot be given */
    size_t size = strlen(path) + 16;
    char *archive = malloc(size), *buffer = malloc(XLSX_WHOLE_READ + 1);
    bool good = archive != NULL && buffer != NULL;
    int parts = 0;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    if (good) snprintf(archive, size, "/vsizip/{%s}", path);
    char **names = good ? VSIReadDirRecursive(archive) : NULL;
    for (char **name = names; good && name != NULL && *name != NULL; name++) {
        size_t len = strlen(*name);
        if (len > 0 && (*name)[len - 1] == '/') continue;
        char *full = CPLStrdup(CPLSPrintf("%s/%s", archive, *name));
        good = xlsx_whole_part(full, buffer);
        CPLFree(full);
        parts++;
    }
    CSLDestroy(names);
    CPLPopErrorHandler();
    free(archive);
    free(buffer);
    return good && parts >= XLSX_WHOLE_PARTS;
}
