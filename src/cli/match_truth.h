/* What is known of who is who, and how well links and groups agree with it. */
#ifndef CLI_MATCH_TRUTH_H
#define CLI_MATCH_TRUTH_H

#include "cli/match_in.h"

struct match_truth {
    uint32_t *who;    /* by record: the same number for the same person */
    uint32_t *of_row; /* while a file is read */
    bool known;       /* false: there is no truth to compare with */
};

struct match_truth_score {
    uint64_t pairs; /* true ones */
    uint64_t found, right;
    double precision, recall, f1;
};

/* From --truth (a file of pairs of identifiers: of two tables the first and the second, of more or one in any order; pairs are
 * taken to go together; or of three columns: file, identifier, who that is) or --truth-column. Zero-initialise; free in every
 * case. */
dw_err match_truth_read(struct match_truth *truth, struct cli *cli, const struct match_in *in);
void match_truth_free(struct match_truth *truth);
/* Pairs of two records of one group, by the group that each record is in; pairs within a table that holds nobody twice are none.
 */
dw_err match_truth_groups(struct match_truth_score *out, const struct match_truth *truth, const struct match_in *in,
                          const struct link *link, const uint32_t *group);
/* Links. */
dw_err match_truth_links(struct match_truth_score *out, const struct match_truth *truth, const struct match_in *in,
                         const struct link *link, const struct link_choice *choice);

#endif
