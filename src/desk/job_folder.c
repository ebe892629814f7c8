/* The folder beside the store in which jobs keep their files, each in one of its own. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk/job_store.h"
#include "store/disk.h"

enum { JOB_FOLDER_DEPTH = 4 };

static char *job_folder_join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path != NULL) snprintf(path, size, "%s/%s", folder, name);
    return path;
}

char *job_folder_path(const struct job_desk *jobs, struct id id, const char *name)
{
    char text[ID_TEXT];
    id_text(text, id);
    char *folder = job_folder_join(jobs->folder, text), *path = NULL;
    if (name == NULL || folder == NULL) return folder;
    path = job_folder_join(folder, name);
    free(folder);
    return path;
}

char *job_scratch(struct job_desk *jobs, const char *name)
{
    char text[ID_TEXT + 64];
    id_text(text, id_make(when_now().ms, NULL));
    snprintf(text + strlen(text), sizeof text - strlen(text), ".%s", name);
    return job_folder_join(jobs->folder, text);
}

/* Removes a file or a folder with all in it. */
static void job_folder_clean(const char *path, int depth)
{
    struct stat found;
    if (lstat(path, &found) != 0) return;
    if (!S_ISDIR(found.st_mode)) {
        unlink(path);
        return;
    }
    DIR *dir = depth == 0 ? NULL : opendir(path);
    for (struct dirent *e = dir == NULL ? NULL : readdir(dir); e != NULL; e = readdir(dir)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        char *inner = job_folder_join(path, e->d_name);
        if (inner != NULL) job_folder_clean(inner, depth - 1);
        free(inner);
    }
    if (dir != NULL) closedir(dir);
    rmdir(path);
}

void job_folder_remove(const struct job_desk *jobs, struct id id)
{
    char *path = job_folder_path(jobs, id, NULL);
    if (path != NULL) job_folder_clean(path, JOB_FOLDER_DEPTH);
    free(path);
}

static void job_folder_lock(char out[ID_TEXT + 8], struct id runner)
{
    char text[ID_TEXT];
    id_text(text, runner);
    snprintf(out, ID_TEXT + 8, "%s.lock", text);
}

dw_err job_folder_make(struct job_desk *jobs, const char *url, struct err_detail *detail)
{
    char name[ID_TEXT + 8];
    jobs->folder = disk_beside(url, ".jobs");
    if (jobs->folder == NULL) return DW_E_MEMORY;
    if (mkdir(jobs->folder, 0700) != 0 && errno != EEXIST) return disk_error(detail, jobs->folder, errno);
    jobs->runner = id_make(when_now().ms, NULL);
    job_folder_lock(name, jobs->runner);
    char *path = job_folder_join(jobs->folder, name);
    if (path == NULL) return DW_E_MEMORY;
    jobs->held = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    dw_err err = jobs->held < 0 || flock(jobs->held, LOCK_EX | LOCK_NB) != 0 ? disk_error(detail, path, errno) : DW_OK;
    free(path);
    return err;
}

bool job_folder_dead(const struct job_desk *jobs, struct id runner)
{
    char name[ID_TEXT + 8];
    if (id_equal(runner, jobs->runner)) return false;
    job_folder_lock(name, runner);
    char *path = job_folder_join(jobs->folder, name);
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    bool dead = path != NULL && ((fd < 0 && errno == ENOENT) || (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0));
    if (dead && fd >= 0) unlink(path);
    if (fd >= 0) close(fd);
    free(path);
    return dead;
}

dw_err job_folder_put(struct job_desk *jobs, struct id id, const char *name, const void *data, size_t len,
                      struct err_detail *detail)
{
    char *folder = job_folder_path(jobs, id, NULL), *path = job_folder_path(jobs, id, name);
    int fd = -1;
    dw_err err = folder == NULL || path == NULL ? DW_E_MEMORY : DW_OK;
    if (err == DW_OK && mkdir(folder, 0700) != 0) err = disk_error(detail, folder, errno);
    if (err == DW_OK) fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (err == DW_OK && fd < 0) err = disk_error(detail, path, errno);
    if (err == DW_OK) err = disk_write(fd, path, data, len, 0, detail);
    if (fd >= 0 && close(fd) != 0 && err == DW_OK) err = disk_error(detail, path, errno);
    if (err != DW_OK && folder != NULL) job_folder_remove(jobs, id);
    free(folder);
    free(path);
    return err;
}

void job_folder_sweep(const struct job_desk *jobs, const struct id *keep, size_t count)
{
    DIR *dir = opendir(jobs->folder);
    for (struct dirent *e = dir == NULL ? NULL : readdir(dir); e != NULL; e = readdir(dir)) {
        struct id id;
        size_t len = strlen(e->d_name), at = 0;
        if (len < ID_TEXT - 1 || !id_parse(&id, e->d_name, ID_TEXT - 1)) continue;
        if (len > ID_TEXT - 1 && strcmp(e->d_name + ID_TEXT - 1, ".lock") == 0) { /* of a program that had no jobs */
            job_folder_dead(jobs, id);
            continue;
        }
        if (len > ID_TEXT - 1) continue; /* a file that is being answered */
        while (at < count && !id_equal(keep[at], id)) at++;
        if (at == count) job_folder_remove(jobs, id);
    }
    if (dir != NULL) closedir(dir);
}

dw_err job_folder_clear(const char *url, struct err_detail *detail)
{
    char *folder = disk_beside(url, ".jobs");
    struct stat found;
    if (folder == NULL) return DW_E_MEMORY;
    job_folder_clean(folder, JOB_FOLDER_DEPTH);
    dw_err err = lstat(folder, &found) == 0 ? disk_error(detail, folder, EEXIST) : DW_OK;
    free(folder);
    return err;
}
