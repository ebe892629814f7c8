#include "sim/score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"

enum score_state { SCORE_UNKNOWN, SCORE_PRESENT, SCORE_AWAY, SCORE_DEPARTED, SCORE_ARRIVED };

struct score_truth {
    uint8_t state;
    bool listed, sampled, pointed; /* pointed at: named, held or in a review pair */
    bool asked, held, stands;      /* a question or a waiting entry names them; a sample of theirs stands */
    const char *text;              /* building and name */
};

struct score_sample {
    uint64_t hash; /* of its tube's id and the truth number */
    uint32_t truth;
    bool written;
    char label[16];
};

struct score_work {
    struct arena arena;
    struct score_truth *people; /* by truth number */
    size_t count, cap;
    struct map rows, ids; /* hashes of (file, row) and of ids → truth number */
    struct score_sample *samples;
    size_t sample_count, sample_cap;
    struct map standing;      /* hashes of (tube, truth) */
    bool *paired, *explained; /* a person: in a review pair; in one with another entry of the same truth */
    struct err_detail *detail;
};

enum { SCORE_FIELDS = 6, SCORE_LINE = 1024, SCORE_LARGEST = 50000000 };

/* Splits a line at its commas into at most SCORE_FIELDS texts; the number found. */
static size_t score_split(char *line, char *fields[SCORE_FIELDS])
{
    size_t n = 0;
    line[strcspn(line, "\r\n")] = 0;
    while (n < SCORE_FIELDS) {
        fields[n++] = line;
        line = strchr(line, ',');
        if (line == NULL || n == SCORE_FIELDS) break;
        *line++ = 0;
    }
    return n;
}

static bool score_number(uint32_t *out, const char *text)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    *out = (uint32_t)value;
    return end != text && *end == 0 && value <= SCORE_LARGEST;
}

static uint64_t score_row_hash(const char *file, uint32_t row)
{
    const char *slash = strrchr(file, '/');
    if (slash != NULL) file = slash + 1;
    uint64_t key[2] = {hash_quick(file, strlen(file)), row};
    return hash_quick(key, sizeof key);
}

static struct score_truth *score_person_of(struct score_work *w, uint32_t truth)
{
    if (truth >= w->count) {
        size_t old = w->count;
        if (!arena_grow((void **)&w->people, &w->cap, (size_t)truth + 1, sizeof *w->people)) return NULL;
        w->count = (size_t)truth + 1;
        memset(w->people + old, 0, (w->count - old) * sizeof *w->people);
    }
    return &w->people[truth];
}

static bool score_take_person(struct score_work *w, char *fields[SCORE_FIELDS], size_t n)
{
    static const char *const states[] = {"", "present", "away", "departed", "arrived"};
    uint32_t truth, lists;
    if (n != 5 || !score_number(&truth, fields[0]) || !score_number(&lists, fields[2])) return false;
    struct score_truth *p = score_person_of(w, truth);
    char text[SCORE_TEXT];
    if (p == NULL) return false;
    for (uint8_t i = 1; i < 5; i++)
        if (strcmp(fields[1], states[i]) == 0) p->state = i;
    snprintf(text, sizeof text, "%s %.40s %.64s", fields[1], fields[3], fields[4]);
    p->text = arena_text(&w->arena, text, strlen(text));
    p->listed = lists != 0;
    return p->state != SCORE_UNKNOWN && p->text != NULL;
}

static bool score_take_row(struct score_work *w, char *fields[SCORE_FIELDS], size_t n)
{
    uint32_t row, truth;
    if (n != 3 || !score_number(&row, fields[1]) || !score_number(&truth, fields[2])) return false;
    return map_put(&w->rows, score_row_hash(fields[0], row), truth);
}

static bool score_take_round(struct score_work *w, char *fields[SCORE_FIELDS], size_t n)
{
    uint32_t truth;
    if (n != 3 || !score_number(&truth, fields[2])) return false;
    struct score_truth *p = score_person_of(w, truth);
    if (p == NULL) return false;
    if (strcmp(fields[0], "sampled") == 0)
        p->sampled = true;
    else if (strcmp(fields[0], "person") == 0)
        return map_put(&w->ids, hash_quick(fields[1], strlen(fields[1])), truth);
    else
        return false;
    return true;
}

static uint64_t score_sample_hash(struct id tube, uint32_t truth)
{
    uint64_t key[3] = {0, 0, truth};
    memcpy(key, tube.b, sizeof tube.b);
    return hash_quick(key, sizeof key);
}

/* label, code, tube, person, truth, written */
static bool score_take_sample(struct score_work *w, char *fields[SCORE_FIELDS], size_t n)
{
    uint32_t truth;
    struct id tube;
    if (n != 6 || !id_parse(&tube, fields[2], strlen(fields[2])) || !score_number(&truth, fields[4])) return false;
    if (!arena_grow((void **)&w->samples, &w->sample_cap, w->sample_count + 1, sizeof *w->samples)) return false;
    struct score_sample *s = &w->samples[w->sample_count++];
    *s = (struct score_sample){.hash = score_sample_hash(tube, truth), .truth = truth, .written = fields[5][0] == '1'};
    snprintf(s->label, sizeof s->label, "%s", fields[0]);
    return score_person_of(w, truth) != NULL;
}

static dw_err score_file(struct score_work *w, const char *dir, const char *name,
                         bool (*take)(struct score_work *, char *[SCORE_FIELDS], size_t))
{
    char path[4096], line[SCORE_LINE], *fields[SCORE_FIELDS];
    if ((size_t)snprintf(path, sizeof path, "%s/truth/%s", dir, name) >= sizeof path)
        return err_set(w->detail, DW_E_IO, "%s", dir);
    FILE *file = fopen(path, "rb");
    if (file == NULL) return err_set(w->detail, DW_E_IO, "%s", path);
    dw_err err = DW_OK;
    for (int64_t row = 1; err == DW_OK && fgets(line, sizeof line, file) != NULL; row++) {
        if (row == 1) continue; /* the headers */
        if (strchr(line, '\n') == NULL || !take(w, fields, score_split(line, fields)))
            err = err_at(w->detail, DW_E_FORMAT, name, NULL, row, NULL, "%.80s", line);
    }
    if (err == DW_OK && ferror(file)) err = err_set(w->detail, DW_E_IO, "%s", path);
    fclose(file);
    return err;
}

static bool score_look(const struct map *map, uint64_t hash, uint32_t *truth)
{
    size_t cursor = 0;
    return map_next(map, hash, &cursor, truth);
}

/* The i-th truth number of a register person (rows, then its own id, then merged ids); 0 when truth does not know it. */
static uint32_t score_truth_at(const struct score_work *w, const struct score_person *p, size_t i)
{
    uint32_t truth = 0;
    if (i < p->row_count) return score_look(&w->rows, score_row_hash(p->rows[i].file, p->rows[i].row), &truth) ? truth : 0;
    i -= p->row_count;
    const char *id = i == 0 ? p->id : p->more_ids[i - 1];
    if (id == NULL || id[0] == 0) return 0;
    return score_look(&w->ids, hash_quick(id, strlen(id)), &truth) ? truth : 0;
}

static bool score_owed(const struct score_truth *p)
{
    return p->state == SCORE_PRESENT || p->state == SCORE_AWAY;
}

/* Whether two register persons are, in truth, one: the pair that a person at the desk would resolve. */
static bool score_same(const struct score_work *w, const struct score_person *a, const struct score_person *b)
{
    for (size_t i = 0; i < a->row_count + 1 + a->more_id_count; i++) {
        uint32_t truth = score_truth_at(w, a, i);
        for (size_t k = 0; truth != 0 && k < b->row_count + 1 + b->more_id_count; k++)
            if (score_truth_at(w, b, k) == truth) return true;
    }
    return false;
}

static void score_named(struct score *out, const struct score_work *w, const struct score_person *p, size_t index)
{
    bool right = false;
    uint32_t first = 0;
    for (size_t i = 0; i < p->row_count + 1 + p->more_id_count; i++) {
        uint32_t truth = score_truth_at(w, p, i);
        if (truth == 0 || truth >= w->count) continue;
        const struct score_truth *t = &w->people[truth];
        if (first == 0) first = truth;
        right = right || ((score_owed(t) || t->state == SCORE_ARRIVED) && !t->sampled);
    }
    if (right) {
        out->rightly_named++;
        return;
    }
    out->wrongly_named++;
    if (w->explained[index]) {
        out->wrongly_named_explained_by_review++;
    } else if (p->held) {
        out->wrongly_named_explained_by_held++;
    } else if (out->wrong_examples < SCORE_EXAMPLES) {
        const struct score_truth *t = first != 0 ? &w->people[first] : NULL;
        snprintf(out->wrong[out->wrong_examples++], SCORE_TEXT, "person %zu truth %u %s%s", index, first,
                 t != NULL && t->sampled ? "sampled " : "", t != NULL && t->text != NULL ? t->text : "");
    }
}

static void score_missing(struct score *out, const struct score_work *w)
{
    for (uint32_t truth = 1; truth < w->count; truth++) {
        const struct score_truth *t = &w->people[truth];
        out->sampled += t->sampled;
        out->on_lists += t->listed && score_owed(t);
        if (!score_owed(t)) continue;
        out->owed++;
        if (t->sampled || t->pointed) continue;
        if (!t->listed) {
            out->unlisted_missing++;
            continue;
        }
        out->missing_not_named++;
        if (out->not_named_examples < SCORE_EXAMPLES)
            snprintf(out->not_named[out->not_named_examples++], SCORE_TEXT, "truth %u %s", truth, t->text != NULL ? t->text : "");
    }
}

/* Every sample that was taken stands, or somebody is asked to look at it, or its entry waits. */
static void score_samples(struct score *out, const struct score_work *w)
{
    for (size_t i = 0; i < w->sample_count; i++) {
        const struct score_sample *s = &w->samples[i];
        const struct score_truth *t = &w->people[s->truth];
        uint32_t found;
        out->samples++;
        if (score_look(&w->standing, s->hash, &found)) {
            out->samples_standing++;
        } else if (t->asked) {
            out->samples_asked++;
        } else if (t->held) {
            out->samples_held++;
        } else if (!s->written && t->stands) {
            out->samples_spare++;
        } else {
            out->samples_lost++;
            if (out->lost_examples < SCORE_EXAMPLES)
                snprintf(out->lost[out->lost_examples++], SCORE_TEXT, "label %s truth %u %s", s->label, s->truth,
                         t->text != NULL ? t->text : "");
        }
    }
}

static dw_err score_pairs(struct score_work *w, const struct score_input *in)
{
    w->paired = arena_array(&w->arena, in->person_count + 1, sizeof *w->paired);
    w->explained = arena_array(&w->arena, in->person_count + 1, sizeof *w->explained);
    if (w->paired == NULL || w->explained == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < in->pair_count; i++) {
        uint32_t a = in->pairs[i].a, b = in->pairs[i].b;
        if (a >= in->person_count || b >= in->person_count) return err_set(w->detail, DW_E_INVALID, "pair %zu", i);
        w->paired[a] = w->paired[b] = true;
        if (a != b && score_same(w, &in->persons[a], &in->persons[b])) w->explained[a] = w->explained[b] = true;
    }
    return DW_OK;
}

static dw_err score_compare(struct score *out, struct score_work *w, const struct score_input *in)
{
    ERR_TRY(score_pairs(w, in));
    for (size_t i = 0; i < in->person_count; i++) {
        const struct score_person *p = &in->persons[i];
        for (size_t k = 0; k < p->row_count + 1 + p->more_id_count; k++) {
            uint32_t truth = score_truth_at(w, p, k);
            if (truth == 0 && k < p->row_count) out->unknown_rows++;
            if (truth == 0 || truth >= w->count) continue;
            struct score_truth *t = &w->people[truth];
            t->pointed = t->pointed || p->named || p->held || w->paired[i];
            t->asked = t->asked || p->asked;
            t->held = t->held || p->held;
            t->stands = t->stands || p->tube_count > 0;
            for (size_t tube = 0; tube < p->tube_count; tube++)
                if (!map_put(&w->standing, score_sample_hash(p->tubes[tube], truth), 0)) return DW_E_MEMORY;
        }
        if (p->named) score_named(out, w, p, i);
    }
    for (size_t i = 0; i < in->held_count; i++) {
        char text[ID_TEXT];
        uint32_t truth;
        id_text(text, in->held[i]);
        if (score_look(&w->ids, hash_quick(text, strlen(text)), &truth) && truth < w->count) w->people[truth].held = true;
    }
    score_missing(out, w);
    score_samples(out, w);
    return DW_OK;
}

dw_err score_run(struct score *out, const struct score_input *input, struct err_detail *detail)
{
    struct score_work w = {.detail = detail};
    char name[32];
    memset(out, 0, sizeof *out);
    snprintf(name, sizeof name, "round%u.csv", input->round);
    dw_err err = score_file(&w, input->dir, "people.csv", score_take_person);
    if (err == DW_OK) err = score_file(&w, input->dir, "rows.csv", score_take_row);
    if (err == DW_OK) err = score_file(&w, input->dir, name, score_take_round);
    snprintf(name, sizeof name, "tubes%u.csv", input->round);
    if (err == DW_OK) err = score_file(&w, input->dir, name, score_take_sample);
    if (err == DW_OK) err = score_compare(out, &w, input);
    free(w.people);
    free(w.samples);
    map_free(&w.standing);
    map_free(&w.rows);
    map_free(&w.ids);
    arena_free(&w.arena);
    return err;
}
