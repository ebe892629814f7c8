/* Counts as they would be without the matching's errors (after Ding and Fienberg 1994, with false links as Di Consiglio and Tuoto
 * 2015 add them; here for any number of lists). Two rates are known: missed, the share of pairs of records of one person that the
 * matching left apart (1 − recall), and wrong, the share of linked pairs that are not one person (1 − precision). Both are taken
 * as each record coming loose from its person alone, with chance 1 − √(1 − rate), so that two records stay together as often as
 * the rate says. The loose become people of one list. So the counts seen follow from the true ones by a triangular matrix, which
 * is solved. */
#ifndef UNSEEN_UNSEEN_LINK_H
#define UNSEEN_UNSEEN_LINK_H

enum { UNSEEN_LINK_CELLS = 64 };

/* right[h · cells + o]: how a count o that was seen goes into the true count of h; cells is 2^lists. rates in [0, 0.9]. */
void unseen_link_matrix(double *right, int lists, double missed, double wrong);
/* true counts of seen ones, none below 0. O(4^lists). */
void unseen_link_counts(double *truth, const double *right, const double *seen, int lists);
/* By how much the corrected counts vary and vary together more than Poisson counts of their size would. O(8^lists). */
void unseen_link_noise(double *noise, const double *right, const double *seen, int lists);

#endif
