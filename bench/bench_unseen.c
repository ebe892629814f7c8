/* What the estimates of people on no list are worth where the truth is known: lists of many villages are drawn at random, with
 * the seeds told, and for every scenario and way of reckoning it is counted how often the 95 % interval of an area, and of the
 * sum of all areas, has the true number in it, how wide it is, and how far the estimate lies off. Prints one JSON object.
 * Arguments: how many times the seeds (0.1 for a glance), and a scenario's name for that alone ("village": the synthetic one);
 * "tables NAME" prints the counts of a scenario's first areas with their truths instead, for other programs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"
#include "sim/lists.h"
#include "unseen/unseen.h"
#include "unseen/unseen_tally.h"
#include "unseen/unseen_two.h"

struct scenario {
    const char *name;
    int lists, areas, people, seeds; /* people of an area on average: half to one and a half times as many */
    double catch, between;           /* chance to be on a list; how far its log odds differ from area to area */
    double depend, unlike;           /* log odds by which the first two lists go together; how far people differ */
    double household;                /* people who are listed together */
    double missed, wrong;
    int strata;
    bool holds; /* what the method assumes is so */
};

/* clang-format off */
static const struct scenario scenarios[] = {
    {.name = "two lists, one area of 30", .lists = 2, .areas = 1, .people = 30, .seeds = 4000, .catch = 0.6, .holds = true},
    {.name = "two lists, one area of 100", .lists = 2, .areas = 1, .people = 100, .seeds = 4000, .catch = 0.6, .holds = true},
    {.name = "two lists, one area of 1000", .lists = 2, .areas = 1, .people = 1000, .seeds = 2000, .catch = 0.6, .holds = true},
    {.name = "two lists, one area of 100, thin", .lists = 2, .areas = 1, .people = 100, .seeds = 2000, .catch = 0.3, .holds = true},
    {.name = "two lists, 40 areas of 30", .lists = 2, .areas = 40, .people = 30, .seeds = 100, .catch = 0.6, .between = 0.5, .holds = true},
    {.name = "two lists, 40 areas of 30, all alike", .lists = 2, .areas = 40, .people = 30, .seeds = 100, .catch = 0.6, .holds = true},
    {.name = "two lists, 40 areas of 30, far apart", .lists = 2, .areas = 40, .people = 30, .seeds = 100, .catch = 0.6, .between = 1, .holds = true},
    {.name = "two lists, 40 areas of 30, thin", .lists = 2, .areas = 40, .people = 30, .seeds = 100, .catch = 0.3, .between = 0.5, .holds = true},
    {.name = "two lists, 5 areas of 30", .lists = 2, .areas = 5, .people = 30, .seeds = 600, .catch = 0.6, .between = 0.5, .holds = true},
    {.name = "two lists, 200 areas of 150", .lists = 2, .areas = 200, .people = 150, .seeds = 60, .catch = 0.7, .between = 0.5, .holds = true},
    {.name = "three lists, one area of 100", .lists = 3, .areas = 1, .people = 100, .seeds = 1000, .catch = 0.5, .holds = true},
    {.name = "three lists, one area of 1000", .lists = 3, .areas = 1, .people = 1000, .seeds = 600, .catch = 0.5, .holds = true},
    {.name = "three lists, one area of 1000, two dependent", .lists = 3, .areas = 1, .people = 1000, .seeds = 600, .catch = 0.5, .depend = 1, .holds = true},
    {.name = "three lists, 40 areas of 30", .lists = 3, .areas = 40, .people = 30, .seeds = 60, .catch = 0.5, .between = 0.5, .holds = true},
    {.name = "three lists, 40 areas of 30, two dependent", .lists = 3, .areas = 40, .people = 30, .seeds = 60, .catch = 0.5, .between = 0.5, .depend = 1, .holds = true},
    {.name = "three lists, 40 areas of 150, two a little dependent", .lists = 3, .areas = 40, .people = 150, .seeds = 60, .catch = 0.5, .between = 0.5, .depend = 0.5, .holds = true},
    {.name = "four lists, 40 areas of 50, two dependent", .lists = 4, .areas = 40, .people = 50, .seeds = 40, .catch = 0.4, .between = 0.5, .depend = 1, .holds = true},
    {.name = "five lists, 20 areas of 100, two dependent", .lists = 5, .areas = 20, .people = 100, .seeds = 20, .catch = 0.3, .between = 0.5, .depend = 1, .holds = true},
    {.name = "three lists, 20 areas of 100, four strata", .lists = 3, .areas = 20, .people = 100, .seeds = 40, .catch = 0.5, .between = 0.5, .strata = 4, .holds = true},
    {.name = "two lists, 40 areas of 30, people listed by household", .lists = 2, .areas = 40, .people = 30, .seeds = 100, .catch = 0.6, .between = 0.5, .household = 2.5},
    {.name = "three lists, 40 areas of 150, people listed by household", .lists = 3, .areas = 40, .people = 150, .seeds = 30, .catch = 0.5, .between = 0.5, .household = 2.5},
    {.name = "two lists, 40 areas of 100, dependent", .lists = 2, .areas = 40, .people = 100, .seeds = 40, .catch = 0.6, .between = 0.5, .depend = 1},
    {.name = "three lists, one area of 400, people unlike", .lists = 3, .areas = 1, .people = 400, .seeds = 400, .catch = 0.5, .unlike = 1},
    {.name = "three lists, 40 areas of 50, people unlike", .lists = 3, .areas = 40, .people = 50, .seeds = 40, .catch = 0.5, .between = 0.3, .unlike = 1},
    {.name = "four lists, 40 areas of 50, people unlike", .lists = 4, .areas = 40, .people = 50, .seeds = 30, .catch = 0.5, .between = 0.3, .unlike = 1},
    {.name = "three lists, 40 areas of 50, people very unlike", .lists = 3, .areas = 40, .people = 50, .seeds = 40, .catch = 0.4, .between = 0.3, .unlike = 2},
    {.name = "two lists, 40 areas of 100, matching misses 5 % and errs in 2 %", .lists = 2, .areas = 40, .people = 100, .seeds = 50, .catch = 0.6, .between = 0.5, .missed = 0.05, .wrong = 0.02},
    {.name = "three lists, 40 areas of 100, matching misses 5 % and errs in 2 %", .lists = 3, .areas = 40, .people = 100, .seeds = 40, .catch = 0.5, .between = 0.5, .missed = 0.05, .wrong = 0.02},
    {.name = "three lists, 40 areas of 100, matching misses 15 %", .lists = 3, .areas = 40, .people = 100, .seeds = 40, .catch = 0.5, .between = 0.5, .missed = 0.15},
};
/* clang-format on */

enum { SCENARIOS = sizeof scenarios / sizeof *scenarios, AREAS_MOST = 400, CELLS = 64, STRATA_MOST = 4 };

enum way { WAY_SHARED, WAY_APART, WAY_BIC, WAY_CORRECTED, WAY_TOGETHER, WAY_FORMULA, WAYS };
static const char *const way_names[WAYS] = {"shared", "apart", "bic", "errors taken out", "households told", "chapman, sadinle"};

struct village {
    const struct scenario *is;
    uint32_t counts[AREAS_MOST * STRATA_MOST * CELLS];
    double truth[AREAS_MOST], together; /* people on no list */
};

struct score {
    double areas, inside, below, above, width, bias, square, truth, told, sums, sums_inside, sums_width, open, seconds;
};

static double normal(struct rng *rng)
{
    double u = 1 - rng_unit(rng), v = rng_unit(rng);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static uint32_t poisson(struct rng *rng, double mean)
{
    uint32_t n = 0;
    for (double left = exp(-mean), p = rng_unit(rng); p > left; p *= rng_unit(rng)) n++;
    return n;
}

static bool chance(struct rng *rng, double odds)
{
    return rng_unit(rng) < 1 / (1 + exp(-odds));
}

/* Links that are wrong: two people of whom no list has both become one. Histories of an area's matched records, shuffled as we
 * go. */
static void join_wrongly(struct rng *rng, uint32_t *histories, size_t count, uint32_t joins)
{
    for (uint32_t tries = 0; joins > 0 && tries < 1000 && count > 1; tries++) {
        size_t a = rng_below(rng, count), b = rng_below(rng, count);
        if (a == b || histories[a] == 0 || histories[b] == 0 || (histories[a] & histories[b]) != 0) continue;
        histories[a] |= histories[b];
        histories[b] = 0;
        joins--;
    }
}

/* One area: who lives there, who is on which list, and what the matching made of it. */
static void draw_area(struct village *v, struct rng *rng, int area, const double *odds)
{
    static uint32_t histories[200000];
    const struct scenario *is = v->is;
    const int strata = is->strata > 0 ? is->strata : 1;
    double own[6];
    for (int j = 0; j < is->lists; j++) own[j] = odds[j] + is->between * normal(rng);
    int people = is->people / 2 + (int)rng_below(rng, (uint64_t)is->people + 1);
    if (is->areas == 1) people = is->people;
    for (int s = 0; s < strata; s++) {
        size_t count = 0, links = 0;
        for (int left = people / strata; left > 0;) {
            int together = is->household > 0 ? 1 + (int)poisson(rng, is->household - 1) : 1;
            uint32_t h = 0;
            double easy = is->unlike * normal(rng), turn = strata > 1 ? 0.8 * (s - (strata - 1) / 2.0) : 0;
            together = together < left ? together : left;
            for (int j = 0; j < is->lists; j++)
                if (chance(rng, own[j] + easy + (j % 2 ? turn : -turn / 2) + (j == 1 && h & 1 ? is->depend : 0))) h |= 1u << j;
            for (int i = 0; i < together; i++, left--) {
                uint32_t rest = h;
                v->truth[area] += h == 0;
                for (int j = 0; j < is->lists && is->missed > 0; j++)
                    if (h >> j & 1 && h != 1u << j && rng_unit(rng) < 1 - sqrt(1 - is->missed)) {
                        histories[count++] = 1u << j;
                        rest &= ~(1u << j);
                    }
                if (rest != 0) histories[count++] = rest;
                links += rest != 0 ? (size_t)__builtin_popcount(rest) - 1 : 0;
            }
        }
        if (is->wrong > 0) join_wrongly(rng, histories, count, poisson(rng, (double)links * is->wrong / (1 - is->wrong)));
        uint32_t *to = v->counts + (((size_t)area * (size_t)strata + (size_t)s) << is->lists);
        for (size_t i = 0; i < count; i++) to[histories[i]] += histories[i] != 0;
    }
}

static void draw(struct village *v, const struct scenario *is, uint64_t seed)
{
    struct rng rng = rng_seed(seed);
    double odds[6];
    *v = (struct village){.is = is, .together = is->household > 0 ? is->household + (is->household - 1) / is->household : 1};
    for (int j = 0; j < is->lists; j++) odds[j] = log(is->catch / (1 - is->catch)) + 0.4 * (j - (is->lists - 1) / 2.0);
    for (int a = 0; a < is->areas; a++) draw_area(v, &rng, a, odds);
}

static void judge(struct score *s, double truth, double unseen, double low, double high)
{
    s->areas++;
    s->truth += truth;
    if (isnan(high) || isnan(unseen)) {
        s->open++;
        s->below += truth < low;
        s->inside += truth >= low;
        return;
    }
    s->told++;
    s->below += truth < low;
    s->above += truth > high;
    s->inside += truth >= low && truth <= high;
    s->width += high - low;
    s->bias += unseen - truth;
    s->square += (unseen - truth) * (unseen - truth);
}

static void formula(struct score *s, const struct village *v)
{
    for (int a = 0; a < v->is->areas; a++) {
        double counts[4] = {0}, low, high;
        for (int h = 1; h < 4; h++) counts[h] = v->counts[a * 4 + h];
        if (counts[1] + counts[2] + counts[3] == 0) continue;
        unseen_two_sadinle(&low, &high, counts, 1.96);
        judge(s, v->truth[a], unseen_two_chapman(counts), floor(low), ceil(high));
    }
}

static void try_way(struct score *s, const struct village *v, enum way way)
{
    const struct scenario *is = v->is;
    struct unseen_ask ask = {.lists = is->lists,
                             .strata = is->strata > 0 ? is->strata : 1,
                             .areas = (uint32_t)is->areas,
                             .counts = v->counts,
                             .apart = way == WAY_APART,
                             .bic = way == WAY_BIC,
                             .missed = way == WAY_CORRECTED ? is->missed : 0,
                             .wrong = way == WAY_CORRECTED ? is->wrong : 0,
                             .together = way == WAY_TOGETHER ? v->together : 0};
    struct unseen_answer answer = {.models_count = 0};
    struct err_detail detail = {.row = 0};
    double truth = 0;
    uint64_t start = clock_ns();
    if (unseen_make(&answer, &ask, NULL, &detail) != DW_OK) {
        fprintf(stderr, "%s: %s\n", is->name, detail.text);
        exit(1);
    }
    s->seconds += (double)(clock_ns() - start) / 1e9;
    for (int a = 0; a < is->areas; a++) {
        const struct unseen_area *area = &answer.areas[a];
        if (area->how == UNSEEN_NOTHING) continue;
        truth += v->truth[a];
        judge(s, v->truth[a], area->unseen, area->low, area->high);
    }
    s->sums++;
    s->sums_inside += truth >= answer.all.low && !(truth > answer.all.high);
    s->sums_width += isnan(answer.all.high) ? 0 : answer.all.high - answer.all.low;
    unseen_free(&answer);
}

static bool way_fits(const struct scenario *is, enum way way)
{
    switch (way) {
    case WAY_APART:
        return is->areas > 1;
    case WAY_BIC:
        return is->lists > 2;
    case WAY_CORRECTED:
        return is->missed > 0 || is->wrong > 0;
    case WAY_TOGETHER:
        return is->household > 0;
    case WAY_FORMULA:
        return is->lists == 2;
    default:
        return true;
    }
}

static void score_print(const struct score *s, const char *name)
{
    printf("\n \"%s\":{\"areas\":%.0f,\"truth\":%.2f,\"cover\":%.2f,\"truth_below\":%.2f,\"truth_above\":%.2f,\"open\":%.2f,"
           "\"width\":%.2f,\"bias\":%.2f,\"rmse\":%.2f",
           name, s->areas, s->truth / s->areas, 100 * s->inside / s->areas, 100 * s->below / s->areas, 100 * s->above / s->areas,
           100 * s->open / s->areas, s->width / s->told, s->bias / s->told, sqrt(s->square / s->told));
    if (s->sums > 0)
        printf(",\"cover_of_sum\":%.1f,\"width_of_sum\":%.1f,\"ms\":%.2f", 100 * s->sums_inside / s->sums,
               s->sums_width / s->sums, 1000 * s->seconds / s->sums);
    printf("}");
}

static void run(const struct scenario *is, uint64_t first, int seeds, bool comma)
{
    static struct village v;
    struct score scores[WAYS] = {{0}};
    for (int i = 0; i < seeds; i++) {
        draw(&v, is, first + (uint64_t)i);
        for (enum way way = 0; way < WAYS; way++) {
            if (!way_fits(is, way)) continue;
            if (way == WAY_FORMULA)
                formula(&scores[way], &v);
            else
                try_way(&scores[way], &v, way);
        }
    }
    printf("%s{\"scenario\":\"%s\",\"holds\":%s,\"seeds\":[%llu,%llu],\"ways\":{", comma ? ",\n" : "", is->name,
           is->holds ? "true" : "false", (unsigned long long)first, (unsigned long long)first + (unsigned long long)seeds - 1);
    for (enum way way = 0, any = 0; way < WAYS; way++) {
        if (!way_fits(is, way) || scores[way].areas == 0) continue;
        if (any++) printf(",");
        score_print(&scores[way], way_names[way]);
    }
    printf("}}");
    fflush(stdout);
}

static void tables(const struct scenario *is, uint64_t first, int seeds)
{
    static struct village v;
    for (int i = 0; i < seeds; i++) {
        draw(&v, is, first + (uint64_t)i);
        printf("%.0f", v.truth[0]);
        for (int h = 1; h < 1 << is->lists; h++) printf(",%u", v.counts[h]);
        printf("\n");
    }
}

/* The synthetic village's own lists, whose makers knew nothing of these models: the household list, the factories', the
 * landlords' (each of other people) and the samples of an old round; who has left stands on them still. Areas are cells. */
static void village(struct score *s, uint64_t seed, uint32_t people)
{
    struct world *world = NULL;
    struct lists lists = {.damaged = NULL};
    struct unseen_answer answer = {.models_count = 0};
    if (world_make(&world, seed, people, NULL) != DW_OK || lists_make(&lists, world) != DW_OK) exit(1);
    struct unseen_tally_row *rows = calloc(world->person_count, sizeof *rows);
    uint32_t *counts = calloc(world->cell_count << 4, sizeof *counts);
    double *truth = calloc(world->cell_count, sizeof *truth), all = 0;
    if (rows == NULL || counts == NULL || truth == NULL) exit(1);
    for (uint32_t p = 0; p < world->person_count; p++) {
        uint32_t on = lists.on[p], cell = world->buildings[world_person_building(world, p)].cell;
        bool factory = on >> LISTS_FACTORY_A & 1 || on >> LISTS_FACTORY_B & 1, here = world->persons[p].state <= WORLD_AWAY;
        rows[p] = (struct unseen_tally_row){.area = cell,
                                            .history = (on >> LISTS_HOUSEHOLDS & 1) | (uint32_t)factory << 1 |
                                                       (on >> LISTS_LANDLORDS & 1) << 2 | (on >> LISTS_SAMPLES & 1) << 3,
                                            .people = 1,
                                            .household = world->persons[p].household};
        truth[cell] += here && on == 0;
    }
    unseen_tally_counts(counts, rows, world->person_count, 4, 1);
    struct unseen_ask ask = {.lists = 4,
                             .strata = 1,
                             .areas = (uint32_t)world->cell_count,
                             .counts = counts,
                             .together = unseen_tally_together(rows, world->person_count, 4)};
    uint64_t start = clock_ns();
    if (unseen_make(&answer, &ask, NULL, NULL) != DW_OK) exit(1);
    s->seconds += (double)(clock_ns() - start) / 1e9;
    for (uint32_t a = 0; a < ask.areas; a++) {
        if (answer.areas[a].how == UNSEEN_NOTHING) continue;
        judge(s, truth[a], answer.areas[a].unseen, answer.areas[a].low, answer.areas[a].high);
        all += truth[a];
    }
    s->sums++;
    s->sums_inside += all >= answer.all.low && all <= answer.all.high;
    s->sums_width += answer.all.high - answer.all.low;
    unseen_free(&answer);
    lists_free(&lists);
    world_free(world);
    free(rows);
    free(counts);
    free(truth);
}

static void villages(int seeds, uint32_t people, bool comma)
{
    struct score s = {0};
    for (int i = 0; i < seeds; i++) village(&s, (uint64_t)i + 1, people);
    printf("%s{\"scenario\":\"synthetic village of %u, its lists, by cell\",\"holds\":false,\"seeds\":[1,%d],\"ways\":{",
           comma ? ",\n" : "", people, seeds);
    score_print(&s, "households told");
    printf("}}");
}

int main(int argc, char **argv)
{
    bool only_tables = argc > 2 && strcmp(argv[1], "tables") == 0;
    double times = argc > 1 && !only_tables ? strtod(argv[1], NULL) : 1;
    if (!only_tables) printf("{\"level\":0.95,\"scenarios\":[\n");
    bool comma = false;
    for (int i = 0; i < SCENARIOS; i++) {
        const struct scenario *is = &scenarios[i];
        if (argc > 2 && strcmp(argv[2], is->name) != 0) continue;
        int seeds = (int)ceil(is->seeds * times);
        if (only_tables)
            tables(is, 1000000u * (uint64_t)(i + 1), argc > 3 ? (int)strtol(argv[3], NULL, 10) : 300);
        else
            run(is, 1000000u * (uint64_t)(i + 1), seeds, comma);
        comma = true;
    }
    if (!only_tables && (argc < 3 || strcmp(argv[2], "village") == 0)) villages((int)ceil(20 * times), 5400, comma);
    if (!only_tables) printf("]}\n");
    return 0;
}
