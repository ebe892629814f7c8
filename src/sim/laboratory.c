#include "sim/laboratory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "files/table_out.h"

enum { LABORATORY_PEOPLE = 20000, LABORATORY_INVALID = 8 /* of 10,000 tubes */, LABORATORY_LINE = 256 };

/* The samples of a tube stand together, as it was brought. */
struct laboratory_sample {
    char label[16], code[16];
    struct id person;
};

struct laboratory_bench {
    struct laboratory_sample *samples;
    size_t count, cap;
    struct map codes; /* hash of a code -> its samples */
    struct rng rng;
    struct err_detail *detail;
};

/* label,code,tube,person,truth,written */
static bool laboratory_line(struct laboratory_sample *s, const char *line)
{
    char person[ID_TEXT];
    return sscanf(line, "%15[^,],%15[^,],%*36[^,],%36[^,],", s->label, s->code, person) == 3 &&
           id_parse(&s->person, person, strlen(person));
}

static dw_err laboratory_receive(struct laboratory_bench *b, const char *dir, unsigned round)
{
    char path[4200], line[LABORATORY_LINE];
    if ((size_t)snprintf(path, sizeof path, "%s/truth/tubes%u.csv", dir, round) >= sizeof path)
        return err_set(b->detail, DW_E_IO, "%s", dir);
    FILE *file = fopen(path, "rb");
    if (file == NULL) return err_set(b->detail, DW_E_IO, "%s", path);
    dw_err err = DW_OK;
    for (int64_t row = 1; err == DW_OK && fgets(line, sizeof line, file) != NULL; row++) {
        if (row == 1) continue; /* the headers */
        if (!arena_grow((void **)&b->samples, &b->cap, b->count + 1, sizeof *b->samples)) err = DW_E_MEMORY;
        struct laboratory_sample *s = err == DW_OK ? &b->samples[b->count] : NULL;
        if (s != NULL && !laboratory_line(s, line)) err = err_at(b->detail, DW_E_FORMAT, path, NULL, row, NULL, "%.80s", line);
        if (err == DW_OK && !map_put(&b->codes, hash_quick(s->code, strlen(s->code)), (uint32_t)b->count)) err = DW_E_MEMORY;
        b->count++;
    }
    fclose(file);
    if (err == DW_OK && b->count == 0) err = err_set(b->detail, DW_E_NOT_FOUND, "%s", path);
    return err;
}

/* Whether the number that was written is this tube's and no other's: then its result reaches its people. */
static bool laboratory_clear(const struct laboratory_bench *b, const struct laboratory_sample *s)
{
    size_t cursor = 0;
    uint32_t at;
    if (strcmp(s->label, s->code) != 0) return false;
    while (map_next(&b->codes, hash_quick(s->code, strlen(s->code)), &cursor, &at))
        if (strcmp(b->samples[at].code, s->code) == 0 && strcmp(b->samples[at].label, s->label) != 0) return false;
    return true;
}

/* A village's first positive pool is to be seen: whoever is infected is in a tube that is on record as it should be. */
static void laboratory_infect(struct laboratory *out, struct laboratory_bench *b)
{
    size_t want = 1 + b->count / LABORATORY_PEOPLE;
    for (int tries = 0; tries < 1000 && out->infected_count < want && out->infected_count < LABORATORY_MOST; tries++) {
        const struct laboratory_sample *s = &b->samples[rng_below(&b->rng, b->count)];
        if (laboratory_clear(b, s)) out->infected[out->infected_count++] = s->person;
    }
}

static bool laboratory_infected(const struct laboratory *out, struct id person)
{
    for (size_t i = 0; i < out->infected_count; i++)
        if (id_equal(out->infected[i], person)) return true;
    return false;
}

/* "2022-04-09 22:30" of the day on which it is made known. */
static void laboratory_time(char out[WHEN_TEXT], struct when at)
{
    when_text(out, at);
    out[16] = 0;
    out[10] = ' ';
}

static dw_err laboratory_sheet(struct laboratory *out, struct laboratory_bench *b, const char *path, struct when at)
{
    static const char *const headers[] = {"序号", "管号", "管内人数", "检测结果", "报告时间", "检测方法"};
    struct table_out *table;
    char time[WHEN_TEXT], number[24], people[24];
    laboratory_time(time, at);
    ERR_TRY(table_out_open(&table, path, TABLE_OUT_XLSX, "结果", "新型冠状病毒核酸检测结果报告单", headers, 6, b->detail));
    dw_err err = DW_OK;
    for (size_t i = 0, next; err == DW_OK && i < b->count; i = next) {
        bool positive = false;
        for (next = i; next < b->count && strcmp(b->samples[next].label, b->samples[i].label) == 0; next++)
            positive = positive || laboratory_infected(out, b->samples[next].person);
        bool invalid = !positive && rng_below(&b->rng, 10000) < LABORATORY_INVALID;
        out->positive += positive;
        out->invalid += invalid;
        snprintf(number, sizeof number, "%lld", (long long)++out->tubes);
        snprintf(people, sizeof people, "%zu", next - i);
        err = table_out_row(table,
                            (const char *[]){number, b->samples[i].label, people,
                                             positive  ? "阳性"
                                             : invalid ? "无效"
                                                       : "阴性",
                                             time, "实时荧光RT-PCR"},
                            b->detail);
    }
    if (err == DW_OK) return table_out_close(table, b->detail);
    table_out_abort(table);
    return err;
}

dw_err laboratory_test(struct laboratory *out, const char *dir, unsigned round, uint64_t seed, const char *path, struct when at,
                       struct err_detail *detail)
{
    struct laboratory_bench b = {.rng = rng_seed(seed ^ 0x6c6162u), .detail = detail};
    memset(out, 0, sizeof *out);
    dw_err err = laboratory_receive(&b, dir, round);
    if (err == DW_OK) laboratory_infect(out, &b);
    if (err == DW_OK) err = laboratory_sheet(out, &b, path, at);
    free(b.samples);
    map_free(&b.codes);
    return err;
}

dw_err laboratory_singles(const struct laboratory_single *tubes, size_t count, const char *path, struct when at,
                          struct err_detail *detail)
{
    static const char *const headers[] = {"管号", "检测结果", "报告时间"};
    struct table_out *table;
    char time[WHEN_TEXT];
    laboratory_time(time, at);
    ERR_TRY(table_out_open(&table, path, TABLE_OUT_CSV_BOM, "", NULL, headers, 3, detail));
    dw_err err = DW_OK;
    for (size_t i = 0; err == DW_OK && i < count; i++)
        err = table_out_row(table, (const char *[]){tubes[i].code, tubes[i].positive ? "阳性" : "阴性", time}, detail);
    if (err == DW_OK) return table_out_close(table, detail);
    table_out_abort(table);
    return err;
}
