#include "sim/truth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct truth {
    FILE *file, *tubes;
};

static dw_err truth_create(FILE **out, const char *dir, const char *name, struct err_detail *detail)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/truth", dir) >= sizeof path) return err_set(detail, DW_E_IO, "%s", dir);
    if (mkdir(path, 0700) != 0 && errno != EEXIST) return err_set(detail, DW_E_IO, "%s", path);
    if ((size_t)snprintf(path, sizeof path, "%s/truth/%s", dir, name) >= sizeof path) return err_set(detail, DW_E_IO, "%s", dir);
    *out = fopen(path, "wb");
    return *out != NULL ? DW_OK : err_set(detail, DW_E_IO, "%s", path);
}

static dw_err truth_finish(FILE *file, struct err_detail *detail)
{
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0) failed = true;
    return failed ? err_set(detail, DW_E_IO, "truth") : DW_OK;
}

static dw_err truth_rows(const char *dir, const struct lists *lists, struct err_detail *detail)
{
    FILE *file;
    ERR_TRY(truth_create(&file, dir, "rows.csv", detail));
    fputs("file,row,truth\n", file);
    for (int i = 0; i < LISTS_FILES; i++) {
        const struct lists_table *table = &lists->tables[i];
        for (size_t n = 0; n < table->count; n++)
            fprintf(file, "%s,%zu,%u\n", lists_file_name((enum lists_file)i), n + lists_first_row((enum lists_file)i),
                    table->rows[n].person + 1);
    }
    return truth_finish(file, detail);
}

dw_err truth_village(const char *dir, const struct lists *lists, struct err_detail *detail)
{
    static const char *const states[] = {"present", "away", "departed", "arrived"};
    const struct world *w = lists->world;
    ERR_TRY(truth_rows(dir, lists, detail));
    FILE *file;
    ERR_TRY(truth_create(&file, dir, "people.csv", detail));
    fputs("truth,state,lists,building,name\n", file);
    for (uint32_t i = 0; i < w->person_count; i++)
        fprintf(file, "%u,%s,%u,%s,%s\n", i + 1, states[w->persons[i].state], lists->on[i],
                w->buildings[world_person_building(w, i)].code, w->persons[i].name);
    return truth_finish(file, detail);
}

dw_err truth_open(struct truth **out, const char *dir, unsigned round, struct err_detail *detail)
{
    char name[32];
    *out = NULL;
    struct truth *truth = calloc(1, sizeof *truth);
    if (truth == NULL) return DW_E_MEMORY;
    snprintf(name, sizeof name, "round%u.csv", round);
    dw_err err = truth_create(&truth->file, dir, name, detail);
    snprintf(name, sizeof name, "tubes%u.csv", round);
    if (err == DW_OK) err = truth_create(&truth->tubes, dir, name, detail);
    if (err != DW_OK) {
        if (truth->file != NULL) fclose(truth->file);
        free(truth);
        return err;
    }
    fputs("what,id,truth\n", truth->file);
    fputs("label,code,tube,person,truth,written\n", truth->tubes);
    *out = truth;
    return DW_OK;
}

void truth_person(struct truth *round, const char *id, uint32_t truth)
{
    fprintf(round->file, "person,%.63s,%u\n", id, truth);
}

void truth_sampled(struct truth *round, uint32_t truth)
{
    fprintf(round->file, "sampled,,%u\n", truth);
}

void truth_tube(struct truth *round, const struct truth_sample *s)
{
    fprintf(round->tubes, "%s,%s,%s,%s,%u,%d\n", s->label, s->code, s->tube, s->person, s->truth, s->written);
}

dw_err truth_close(struct truth *round, struct err_detail *detail)
{
    if (round == NULL) return DW_OK;
    dw_err err = truth_finish(round->file, detail), tubes = truth_finish(round->tubes, detail);
    free(round);
    return err == DW_OK ? tubes : err;
}
