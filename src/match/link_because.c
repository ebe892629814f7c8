/* What pairs have in common without being matches, because they agree on a field: a household its phone, its address and its
 * surname. Found among pairs drawn of those that agree on the field, which are a mixture of matches and others.
 *
 * First each mixture is parted with others held to be like any two records; what matches are like in a field is then taken from
 * the pass in which they agree on it most, for where others are mixed in they agree less. With matches known, the mixtures are
 * parted again, and others may now be alike in anything. They are believed to be others only if they are no more alike than
 * chance in what is a person's own (name, birth, document): else they are matches, written badly, or people who have moved. */
#include "match/link_pass.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINK_BECAUSE_ROUNDS = 40,
    LINK_BECAUSE_LEAST = 30,  /* pairs below which nothing is said */
    LINK_BECAUSE_SEEN = 100,  /* matches that must have been seen to say what they are like in a field */
    LINK_BECAUSE_DOUBT = 200, /* pairs that have nothing else in common, believed in beforehand */
    LINK_BECAUSE_SAME = 2     /* levels below this are nearly the same */
};
#define LINK_BECAUSE_UNLIKE (-8.0) /* bits below the likeliest match */
#define LINK_BECAUSE_TELLS 0.05    /* a field tells people apart in which so few of any two are nearly the same */
#define LINK_BECAUSE_FEW 0.75      /* share of matches from which on others are too few to be parted from badly written ones */
#define LINK_BECAUSE_MIXED 0.3     /* share of matches among others from which on they are not believed to be others */

/* A mixture of matches and others. */
struct link_because_model {
    double m[LINK_FIELDS][LINK_LEVELS], u[LINK_FIELDS][LINK_LEVELS], share;
    double matches[LINK_FIELDS][LINK_LEVELS], others[LINK_FIELDS][LINK_LEVELS]; /* pairs at each level */
};

struct link_because_all {
    struct link *link;
    struct link_pass pass[LINK_FIELDS];
    struct link_because_model model[LINK_FIELDS];
    double m[LINK_FIELDS][LINK_LEVELS]; /* what matches are like */
};

static void link_because_begin(struct link_because_model *model, const struct link *link)
{
    model->share = 0.3;
    for (size_t f = 0; f < link->field_count; f++)
        for (int l = 0; l < LINK_LEVELS; l++) {
            model->m[f][l] = link->field[f].believed[l];
            model->u[f][l] = link->field[f].u[l] + 1e-5;
        }
}

static void link_because_expect(struct link_because_model *model, const struct link_pass *pass, size_t d)
{
    size_t fields = pass->link->field_count;
    double sum = 0;
    memset(model->matches, 0, sizeof model->matches);
    memset(model->others, 0, sizeof model->others);
    for (size_t i = 0; i < pass->count; i++) {
        const int8_t *level = pass->level + i * fields;
        double yes = model->share, no = 1 - model->share;
        for (size_t f = 0; f < fields; f++) {
            if (f == d || level[f] < 0) continue;
            yes *= model->m[f][level[f]];
            no *= model->u[f][level[f]];
        }
        double p = yes / (yes + no);
        sum += p;
        for (size_t f = 0; f < fields; f++) {
            if (f == d || level[f] < 0) continue;
            model->matches[f][level[f]] += p;
            model->others[f][level[f]] += 1 - p;
        }
    }
    model->share = sum / (double)pass->count;
}

static void link_because_shares(double out[LINK_LEVELS], const double count[LINK_LEVELS], const double believed[LINK_LEVELS])
{
    double all = 0;
    for (int l = 0; l < LINK_LEVELS; l++) all += count[l] + believed[l];
    for (int l = 0; l < LINK_LEVELS; l++) out[l] = (count[l] + believed[l]) / all;
}

/* Matches learned, others held to be like any two records. */
static void link_because_part(struct link_because_model *model, const struct link_pass *pass, size_t d)
{
    const struct link *link = pass->link;
    for (int i = 0; i < LINK_BECAUSE_ROUNDS; i++) {
        link_because_expect(model, pass, d);
        for (size_t f = 0; f < link->field_count; f++)
            link_because_shares(model->m[f], model->matches[f], link->field[f].believed);
    }
}

/* What is so little like a match that it is none: others to begin with. */
static void link_because_unlike(struct link_because_model *model, const struct link_pass *pass, size_t d)
{
    size_t fields = pass->link->field_count, matches = 0;
    double most[LINK_FIELDS] = {0};
    memset(model->others, 0, sizeof model->others);
    for (size_t f = 0; f < fields; f++)
        for (int l = 0; l < LINK_LEVELS; l++)
            if (model->m[f][l] > most[f]) most[f] = model->m[f][l];
    for (size_t i = 0; i < pass->count; i++) {
        const int8_t *level = pass->level + i * fields;
        double bits = 0;
        for (size_t f = 0; f < fields; f++)
            if (f != d && level[f] >= 0) bits += log2(model->m[f][level[f]] / most[f]);
        matches += bits > LINK_BECAUSE_UNLIKE;
        for (size_t f = 0; f < fields && bits <= LINK_BECAUSE_UNLIKE; f++)
            if (f != d && level[f] >= 0) model->others[f][level[f]]++;
    }
    model->share = ((double)matches + 1) / ((double)pass->count + 2);
}

/* Others learned, matches known. */
static void link_because_others(struct link_because_model *model, const struct link_pass *pass, size_t d)
{
    static const double doubt[LINK_LEVELS] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    const struct link *link = pass->link;
    link_because_unlike(model, pass, d);
    for (int i = 0; i < LINK_BECAUSE_ROUNDS; i++) {
        for (size_t f = 0; f < link->field_count; f++) link_because_shares(model->u[f], model->others[f], doubt);
        link_because_expect(model, pass, d);
    }
}

static double link_because_sum(const double level[LINK_LEVELS], int from, int to)
{
    double sum = 0;
    for (int l = from; l < to; l++) sum += level[l];
    return sum;
}

/* What matches are like in a field: as in the pass in which they agree on it most. */
static void link_because_matches(struct link_because_all *all)
{
    struct link *link = all->link;
    for (size_t f = 0; f < link->field_count; f++) {
        const struct link_field *field = &link->field[f];
        double best = -1;
        memcpy(all->m[f], field->believed, sizeof all->m[f]);
        for (size_t d = 0; d < link->field_count; d++) {
            if (d == f || all->pass[d].count < LINK_BECAUSE_LEAST) continue;
            double seen = link_because_sum(all->model[d].matches[f], 0, LINK_LEVELS);
            double like = link_because_sum(all->model[d].m[f], 0, LINK_BECAUSE_SAME);
            if (seen < LINK_BECAUSE_SEEN || like <= best) continue;
            best = like;
            memcpy(all->m[f], all->model[d].m[f], sizeof all->m[f]);
        }
    }
}

/* What is a person's own and stays: by these others are known to be others. Whoever has moved differs in everything else. */
static bool link_because_own(const struct link_field *f)
{
    return f->type == LINK_NAME || f->type == LINK_DATE || f->type == LINK_DOC;
}

/* Share of matches that are mixed into the others: by the field of a person's own in which these are nearly the same most often.
 * 1: there is no such field. */
static double link_because_mixed(const struct link_because_all *all, size_t d)
{
    const struct link *link = all->link;
    double most = -1;
    for (size_t f = 0; f < link->field_count; f++) {
        const double *others = all->model[d].others[f];
        double seen = link_because_sum(others, 0, LINK_LEVELS), chance = link_because_sum(link->field[f].u, 0, LINK_BECAUSE_SAME);
        double match = link_because_sum(all->m[f], 0, LINK_BECAUSE_SAME);
        if (f == d || !link_because_own(&link->field[f]) || seen < LINK_BECAUSE_LEAST || chance > LINK_BECAUSE_TELLS ||
            match < 0.3)
            continue;
        double mixed = (link_because_sum(others, 0, LINK_BECAUSE_SAME) / seen - chance) / match;
        if (mixed < 0) mixed = 0;
        if (mixed > most) most = mixed;
    }
    return most < 0 ? 1 : most;
}

/* How much oftener than by chance others are alike in a field, matches among them left out: only what so many pairs cannot show
 * by accident. */
static void link_because_learn(struct link_because *because, const struct link_field *field, const double others[LINK_LEVELS],
                               const double m[LINK_LEVELS], double mixed)
{
    double seen = link_because_sum(others, 0, LINK_LEVELS), all = seen + LINK_BECAUSE_DOUBT;
    because->rest = 1;
    for (int l = 0; l < LINK_LEVELS; l++) {
        double chance = field->u[l] * seen, count = others[l] - mixed * seen * m[l],
               more = count - chance - 3 * sqrt(others[l] + chance + 1);
        if (l < field->like) {
            because->share[l] = more > 0 ? more / all : 0;
            because->rest -= because->share[l];
        } else {
            double less = (others[l] + LINK_BECAUSE_DOUBT * field->u[l]) / (all * field->u[l]);
            because->share[l] = less > 1 ? 1 : less;
        }
    }
}

static dw_err link_because_run(struct link_because_all *all)
{
    struct link *link = all->link;
    for (size_t d = 0; d < link->field_count; d++) {
        ERR_TRY(link_pass_agree(&all->pass[d], link, d));
        if (all->pass[d].count < LINK_BECAUSE_LEAST) continue;
        link_because_begin(&all->model[d], link);
        link_because_part(&all->model[d], &all->pass[d], d);
    }
    link_because_matches(all);
    for (size_t d = 0; d < link->field_count; d++) {
        struct link_because_model *model = &all->model[d];
        if (all->pass[d].count < LINK_BECAUSE_LEAST) continue;
        memcpy(model->m, all->m, sizeof model->m);
        link_because_others(model, &all->pass[d], d);
        double mixed = link_because_mixed(all, d);
        link->because_known[d] = mixed < LINK_BECAUSE_MIXED && model->share < LINK_BECAUSE_FEW;
        for (size_t f = 0; f < link->field_count; f++)
            if (f != d) link_because_learn(&link->because[d][f], &link->field[f], model->others[f], all->m[f], mixed);
    }
    return DW_OK;
}

dw_err link_because_make(struct link *link)
{
    struct link_because_all *all = calloc(1, sizeof *all);
    link->because = calloc(link->field_count, sizeof *link->because);
    dw_err err = all == NULL || link->because == NULL ? DW_E_MEMORY : DW_OK;
    if (all != NULL) all->link = link;
    if (err == DW_OK) err = link_because_run(all);
    for (size_t d = 0; all != NULL && d < link->field_count; d++) link_pass_end(&all->pass[d]);
    free(all);
    return err;
}

double link_because_bits(int *field, const struct link *link, const int8_t *level, const uint16_t *info)
{
    double most = 0;
    *field = -1;
    for (size_t d = 0; d < link->field_count; d++) {
        double bits = 0;
        if (!link->because_known[d] || level[d] < 0 || level[d] >= link->field[d].like) continue;
        for (size_t f = 0; f < link->field_count; f++) {
            const struct link_because *b = &link->because[d][f];
            if (f == d || level[f] < 0) continue;
            double share = b->share[level[f]];
            bits +=
                level[f] >= link->field[f].like ? log2(share) : log2(share * exp2((double)info[f] / LINK_INFO_UNIT) + b->rest);
        }
        if (bits <= most) continue;
        most = bits;
        *field = (int)d;
    }
    return most;
}
