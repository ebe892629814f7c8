/* The matcher over a village's five lists, row after row as an import does it: every row is looked for among those before it,
 * then put in as a new person unless it is certainly a known one. Reading and normalising the rows is not timed. Prints one JSON
 * object: nanoseconds of a put and a find, bytes, and what the answers were worth against the truth. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "desk/likeness.h"
#include "match/match.h"
#include "sim/lists.h"

enum { PEOPLE = 54000, SEED = 1 };

struct row {
    struct likeness like;
    uint32_t truth;
};

struct bench {
    struct world *world;
    struct lists lists;
    struct row *rows;
    size_t count;
    uint32_t *truth_of; /* reference → truth */
    uint8_t *known;     /* truth → on an earlier row */
    uint64_t put_ns, find_ns, slowest_ns, puts;
    uint32_t people;
    uint32_t same_right, same_wrong, review_right, review_only_others, new_right, missed, more;
    uint64_t pairs[MATCH_WHY_COUNT], right_pairs[MATCH_WHY_COUNT];
};

static void *must(void *memory)
{
    if (memory != NULL) return memory;
    fprintf(stderr, "out of memory\n");
    exit(1);
}

static void bench_row(struct bench *b, enum lists_file file, const struct lists_row *row)
{
    const struct world_person *p = &b->world->persons[row->person];
    bool household_birth = file == LISTS_HOUSEHOLDS && (p->doc_kind != WORLD_DOC_ID || row->person % 3 == 0);
    bool has_sex = file != LISTS_SAMPLES;
    char birth[16] = "";
    if (household_birth || file == LISTS_FACTORY_B) snprintf(birth, sizeof birth, "%08d", p->birth);
    struct row *out = &b->rows[b->count++];
    out->truth = row->person;
    likeness_make(&out->like, row->name, row->doc, false, birth,
                  !has_sex        ? ""
                  : p->sex == 'M' ? "m"
                                  : "f",
                  row->phone, UINT32_MAX, row->building, true, WORLD_TODAY);
}

static void bench_judge(struct bench *b, const struct row *row, const struct match_answer *answer)
{
    bool among = false;
    for (size_t i = 0; i < answer->count; i++) {
        bool right = b->truth_of[answer->pairs[i]] == row->truth;
        among = among || right;
        if (answer->verdict == MATCH_SAME) continue;
        b->pairs[answer->why[i]]++;
        b->right_pairs[answer->why[i]] += right;
    }
    b->more += answer->more;
    if (answer->verdict == MATCH_SAME && b->truth_of[answer->pairs[0]] == row->truth)
        b->same_right++;
    else if (answer->verdict == MATCH_SAME)
        b->same_wrong++;
    else if (!b->known[row->truth] && answer->verdict == MATCH_NEW)
        b->new_right++;
    else if (!b->known[row->truth])
        b->review_only_others++;
    else if (among)
        b->review_right++;
    else
        b->missed++;
}

static void bench_rows(struct bench *b, struct match_index *index)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct row *row = &b->rows[i];
        struct match_answer answer;
        uint64_t start = clock_ns();
        match_find(&answer, index, &row->like.record);
        uint64_t took = clock_ns() - start;
        b->find_ns += took;
        if (took > b->slowest_ns) b->slowest_ns = took;
        bench_judge(b, row, &answer);
        b->known[row->truth] = 1;
        bool same = answer.verdict == MATCH_SAME;
        if (!same) b->truth_of[b->people] = row->truth;
        start = clock_ns();
        dw_err err =
            same ? match_also(index, answer.pairs[0], &row->like.record) : match_put(index, b->people++, &row->like.record);
        if (err != DW_OK) must(NULL);
        b->put_ns += clock_ns() - start;
        b->puts++;
    }
}

static void bench_pairs(const char *name, const uint64_t pairs[MATCH_WHY_COUNT])
{
    uint64_t all = 0;
    printf("\"%s\":{", name);
    for (int why = 0; why < MATCH_WHY_COUNT; why++) {
        printf("\"%s\":%llu,", likeness_why((enum match_why)why), (unsigned long long)pairs[why]);
        all += pairs[why];
    }
    printf("\"all\":%llu}", (unsigned long long)all);
}

int main(void)
{
    struct bench b = {0};
    struct match_index *index;
    if (world_make(&b.world, SEED, PEOPLE, NULL) != DW_OK || lists_make(&b.lists, b.world) != DW_OK) must(NULL);
    size_t rows = 0;
    for (int file = 0; file < LISTS_FILES; file++) rows += b.lists.tables[file].count;
    b.rows = must(calloc(rows, sizeof *b.rows));
    b.truth_of = must(calloc(rows, sizeof *b.truth_of));
    b.known = must(calloc(b.world->person_count, 1));
    for (int file = 0; file < LISTS_FILES; file++)
        for (size_t i = 0; i < b.lists.tables[file].count; i++)
            bench_row(&b, (enum lists_file)file, &b.lists.tables[file].rows[i]);
    if (match_make(&index) != DW_OK) must(NULL);
    bench_rows(&b, index);
    printf("{\"people\":%d,\"rows\":%zu,\"find_ns\":%llu,\"slowest_find_ns\":%llu,\"finds_ms\":%.1f,\"put_ns\":%llu,\"puts_ms\":%"
           ".1f,"
           "\"index_bytes\":%zu,\"index_people\":%u,",
           PEOPLE, rows, (unsigned long long)(b.find_ns / rows), (unsigned long long)b.slowest_ns, (double)b.find_ns / 1e6,
           (unsigned long long)(b.put_ns / b.puts), (double)b.put_ns / 1e6, match_memory(index), b.people);
    printf("\"known_same\":%u,\"known_review\":%u,\"known_missed\":%u,\"other_same\":%u,\"new_review\":%u,\"new_new\":%u,"
           "\"more\":%u,",
           b.same_right, b.review_right, b.missed, b.same_wrong, b.review_only_others, b.new_right, b.more);
    bench_pairs("review_pairs", b.pairs);
    printf(",");
    bench_pairs("right_review_pairs", b.right_pairs);
    printf("}\n");
    match_free(index);
    lists_free(&b.lists);
    world_free(b.world);
    free(b.rows);
    free(b.truth_of);
    free(b.known);
    return 0;
}
