/* What the files of the linkage engine share; nobody else includes it. Inside, records are numbered in an order of their own that
 * follows from their content alone (link_read), so that the order in which they were given can change nothing. */
#ifndef MATCH_LINK_INSIDE_H
#define MATCH_LINK_INSIDE_H

#include <math.h>

#include "base/rng.h"
#include "match/link.h"

enum {
    LINK_NEAR = 4,    /* levels of a token: the same, two that are listed, one that follows from a group */
    LINK_TOKENS = 64, /* of one field of a record at most; the rest is not compared */
    LINK_POINTS = 48, /* code points of a token that is compared character by character */
    LINK_CHUNK = 256, /* records that a thread takes at a time */
    LINK_FEW = 60000  /* pairs up to which all are compared without looking for candidates */
};

/* One field over all records: tokens, who has them, which are alike, and what agreement is worth. */
struct link_field {
    char name[LINK_WORD];
    enum link_type type;
    bool many;    /* its tokens are parts of one value; else it is one value, or several that stand for each other */
    int like;     /* levels of a pair below this are likeness */
    char *text;   /* of token t from text + at[t], ended by zero; the first byte is its kind (link_token.h) */
    uint32_t *at; /* count + 1 */
    uint32_t count;
    uint32_t *df;                /* records that have a token */
    uint32_t *first, *token;     /* of record r: token[first[r]] to before first[r + 1] */
    uint32_t *post_first, *post; /* of token t: records that have it, ascending */
    uint32_t *near_first, *near; /* of token t: tokens that are like it, ascending */
    uint8_t *near_level;         /* with each of near: 1 to LINK_NEAR − 1 */
    uint32_t *group;             /* of token t: those of the same group are weakly like; 0 none */
    float *info[LINK_NEAR];      /* bits that agreement at a level or better with a token is worth */
    double m[LINK_LEVELS], u[LINK_LEVELS];
    const double *believed; /* m before anything was seen */
    uint64_t filled;
};

/* What those who agree on one field, and are no match, have in common in another because of it: at levels of likeness the share
 * of them that are alike for that reason, the rest being alike by chance; at levels of unlikeness how much seldomer they are
 * that. */
struct link_because {
    double share[LINK_LEVELS], rest;
};

/* What a thread needs for itself. */
struct link_scratch {
    float *acc;        /* by record: what shared tokens are worth so far; zero between records */
    uint32_t *touched; /* records whose acc is not zero */
    float *sum;        /* with touched, once all is added up */
    uint32_t *stamp;   /* by token, while likes are looked for */
    uint64_t *given_key;
    float *given; /* answers that link_level remembers of how tokens depend on each other */
};

/* Candidates: pairs that were compared field by field. Levels and bits of pair c and field f stand at c * field_count + f. */
struct link_cands {
    struct link_pair *pair; /* internal numbers, a < b; ascending until they are sorted for the answer */
    int8_t *level;
    uint16_t *info; /* in 1/LINK_INFO_UNIT bits */
    float *because; /* of a pair: link_because_bits */
    size_t count, cap;
};
enum { LINK_INFO_UNIT = 512 };

struct link {
    struct link_settings set;
    size_t records, table_count, field_count;
    uint32_t table_first[LINK_TABLES + 1]; /* internal: where the records of a table begin */
    uint32_t table_at[LINK_TABLES];        /* internal table: which one it was when given */
    bool repeats[LINK_TABLES];             /* internal table: it may hold somebody twice */
    bool guess[LINK_TABLES];               /* internal table: whether that is still to be found out */
    uint32_t *given, *inside;              /* internal record → as given, and back */
    uint32_t *mask;                        /* internal record: bit f is set when it has field f */
    struct link_field field[LINK_FIELDS];
    bool learned;  /* m is learned, and not only believed */
    size_t part;   /* every so-manieth chunk of records is scored: 1 all of them */
    double cap;    /* bits that a field's agreement may be worth */
    double *share; /* of pairs of internal tables s ≤ t at s * table_count + t: share of matches */
    struct link_because (*because)[LINK_FIELDS]; /* by the field they agree on, and another */
    bool because_known[LINK_FIELDS];
    struct link_cands cands;
    struct link_pair *answer; /* candidates by weight, as given */
    size_t answer_count;
    struct link_scratch *scratch; /* threads of them */
    unsigned threads;
    struct link_counts counts;
};

/* link_read.c: tables to fields and records in their own order. */
dw_err link_read(struct link *link, const struct link_table *tables, size_t count, struct err_detail *detail);
void link_read_free(struct link_field *field);

/* link_near.c: which tokens are alike; and what agreement is worth. */
dw_err link_near_make(struct link *link, struct link_field *field);

/* link_level.c: how alike two records are in a field: −1 when one of them does not have it, else a level, with the bits that a
 * likeness is worth in *info (0 for unlike). a and b may come in any order. */
int link_level(const struct link *link, size_t field, struct link_scratch *scratch, uint32_t a, uint32_t b, float *info);
/* Level of two tokens: 0 the same, to LINK_NEAR − 1, −1 unlike. O(log likes). */
int link_level_token(const struct link_field *field, uint32_t a, uint32_t b);

/* link_pass.c: how often any two records are at each level. */
dw_err link_pass_unlike(struct link *link);

/* link_because.c: what else those have in common who agree on a field. */
dw_err link_because_make(struct link *link);
/* Bits of a pair's agreement that say no more than that both are, say, of one household: how much likelier the pair is as one of
 * those who agree on a field, without being a match, than as any; 0 where nothing is. *field: the one that explains most, −1
 * none. */
double link_because_bits(int *field, const struct link *link, const int8_t *level, const uint16_t *info);

/* link_score.c: candidates. *rough: there were too many agreements to walk along all of them. */
dw_err link_score(bool *rough, struct link *link);
/* Looks, by what was learned between tables, whether those that were to be guessed hold somebody twice; *changed: one does. */
dw_err link_score_repeats(bool *changed, struct link *link);
/* How many pairs may be matches between two internal tables (s ≤ t), or within one; 0 when that is not to be looked at. */
double link_score_pairs(const struct link *link, size_t s, size_t t);

/* link_em.c: what true pairs are like, how many there are, and every candidate's weight. */
dw_err link_em(struct link *link);
/* Weight of a pair from its levels, without the prior and before link_because_bits is taken off. */
double link_em_weight(const struct link *link, const int8_t *level, const uint16_t *info);
double link_em_field(const struct link_field *field, int level, double info);

/* link.c */
size_t link_table_of(const struct link *link, uint32_t record);

/* link_work.c: parts 0 to count − 1 of one piece of work, by all threads; the caller's own reports progress. */
struct link_job {
    dw_err (*part)(void *ctx, size_t part, struct link_scratch *scratch);
    void *ctx;
    const char *step;
};
dw_err link_work(struct link *link, const struct link_job *job, size_t count);

#endif
