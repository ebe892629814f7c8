/* A PDF as it is read by others: its texts, its pages drawn, its pictures. */
#ifndef TESTS_PAGE_H
#define TESTS_PAGE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "folder.h"

/* What a tool says on both its outputs, in text; fails with its package's name when it is missing. words end with NULL. */
static inline int tool(struct arena_buf *text, const char *package, const char *const *words)
{
    int ends[2], status = 0;
    char part[4096];
    ssize_t got;
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        close(ends[0]);
        execvp(words[0], (char *const *)words);
        _exit(127);
    }
    close(ends[1]);
    arena_buf_clear(text);
    arena_buf_put(text, "", 0);
    while ((got = read(ends[0], part, sizeof part)) > 0) arena_buf_put(text, part, (size_t)got);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 127) fail_msg("%s is missing: install %s", words[0], package);
    return WEXITSTATUS(status);
}

/* Every page can be drawn whole: mutool names a glyph that cannot as a broken file, and draws on. */
static inline void sound(const char *path)
{
    struct arena_buf said = {0};
    const char *words[] = {"mutool", "draw", "-r", "36", "-F", "pgm", "-o", "/dev/null", path, NULL};
    int answer = tool(&said, "mupdf-tools", words);
    if (answer != 0 || strstr(said.data, "broken") != NULL || strstr(said.data, "error") != NULL) fail_msg("%s", said.data);
    arena_buf_free(&said);
}

/* The text of a PDF without white space, since long texts are wrapped. seen: what is to be seen, not what stands behind it too,
 * such as the rest behind a "…". */
static inline void read_text(struct arena_buf *out, const char *path, bool seen)
{
    struct arena_buf said = {0};
    const char *words[] = {"pdftotext", "-raw", path, "-", NULL};
    const char *glyphs[] = {"mutool", "draw", "-q", "-F", "txt", "-o", "-", path, NULL};
    assert_int_equal(tool(&said, seen ? "mupdf-tools" : "poppler-utils", seen ? glyphs : words), 0);
    arena_buf_clear(out);
    for (size_t i = 0; i < said.len; i++)
        if ((unsigned char)said.data[i] > ' ') arena_buf_put(out, said.data + i, 1);
    arena_buf_put(out, "", 0);
    arena_buf_free(&said);
}

static inline void has(const struct arena_buf *text, const char *words)
{
    struct arena_buf tight = {0};
    for (const char *c = words; *c != 0; c++)
        if (*c != ' ') arena_buf_put(&tight, c, 1);
    if (strstr(text->data, tight.data) == NULL) fail_msg("%s is not on the page: %s", words, text->data);
    arena_buf_free(&tight);
}

/* The pages of a PDF as name-1.pgm, name-2.pgm … in its folder. */
static inline void raster(const char *path, const char *name, int dpi, int *pages)
{
    struct arena_buf said = {0};
    char number[16], file[FOLDER_PATH + 16];
    snprintf(number, sizeof number, "%d", dpi);
    const char *words[] = {"pdftoppm", "-gray", "-r", number, path, name, NULL};
    assert_int_equal(tool(&said, "poppler-utils", words), 0);
    arena_buf_free(&said);
    for (*pages = 0;; (*pages)++) {
        snprintf(file, sizeof file, "%s-%d.pgm", name, *pages + 1);
        if (access(file, R_OK) != 0) break;
    }
    assert_true(*pages > 0 && *pages < 10);
}

struct picture {
    unsigned char *grey;
    int w, h;
};

/* The first page of a PDF; the caller frees grey. */
static inline struct picture picture(const char *path, const char *name, int dpi)
{
    struct picture p = {0};
    char file[FOLDER_PATH + 16];
    int pages, most, used;
    size_t len;
    raster(path, name, dpi, &pages);
    snprintf(file, sizeof file, "%s-1.pgm", name);
    p.grey = (unsigned char *)folder_read(file, &len);
    assert_int_equal(sscanf((char *)p.grey, "P5 %d %d %d%n", &p.w, &p.h, &most, &used), 3);
    assert_int_equal(len, (size_t)used + 1 + (size_t)p.w * (size_t)p.h);
    memmove(p.grey, p.grey + used + 1, (size_t)p.w * (size_t)p.h);
    return p;
}

/* Dark pixels within a box given in millimetres of the page. */
static inline size_t dark(const struct picture *p, double x, double y, double w, double h)
{
    double scale = p->w / 210.0;
    size_t count = 0;
    for (int row = (int)(y * scale) + 1; row < (int)((y + h) * scale); row++)
        for (int at = (int)(x * scale) + 1; at < (int)((x + w) * scale); at++) count += p->grey[row * p->w + at] < 200;
    return count;
}

#endif
