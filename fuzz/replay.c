/* A main for a fuzz target without libFuzzer: runs the files and folders it is given, once each. Fails when there are none. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/keys.h"
#include "fuzz.h"

static bool replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct arena_buf buf = {0};
    char piece[4096];
    size_t n;
    if (file == NULL) return false;
    while ((n = fread(piece, 1, sizeof piece, file)) > 0) arena_buf_put(&buf, piece, n);
    bool good = ferror(file) == 0 && !buf.failed;
    (void)fclose(file);
    /* A copy of exactly its size, so that a sanitizer sees a read beyond it. */
    uint8_t *data = good ? malloc(buf.len > 0 ? buf.len : 1) : NULL;
    good = data != NULL;
    if (good && buf.len > 0) memcpy(data, buf.data, buf.len);
    if (good) (void)LLVMFuzzerTestOneInput(data, buf.len);
    free(data);
    arena_buf_free(&buf);
    return good;
}

static bool replay_folder(const char *path, size_t *count)
{
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort);
    bool good = n >= 0;
    for (int i = 0; i < n; i++) {
        char inside[4096];
        struct stat info;
        int len = snprintf(inside, sizeof inside, "%s/%s", path, names[i]->d_name);
        bool file = len > 0 && (size_t)len < sizeof inside && stat(inside, &info) == 0 && S_ISREG(info.st_mode);
        if (file && !replay_file(inside)) good = false;
        *count += file;
        free(names[i]);
    }
    if (n >= 0) free(names);
    return good;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    bool good = keys_start();
    for (int i = 1; i < argc && good; i++) {
        struct stat info;
        bool folder = stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode);
        good = folder ? replay_folder(argv[i], &count) : replay_file(argv[i]);
        count += !folder && good;
        if (!good) fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
    }
    printf("%zu inputs replayed\n", count);
    return good && count > 0 ? 0 : 1;
}
