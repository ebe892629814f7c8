/* Estimators of one table by formula: what the models are held against, and what is said where a model has nothing to stand on.
 * Counts by history (bit j: on list j); that of history 0 is not read. */
#ifndef UNSEEN_UNSEEN_TWO_H
#define UNSEEN_UNSEEN_TWO_H

/* Chapman (1951) of two lists, as people on neither: (n10 n01) / (n11 + 1) (Sekar and Deming 1949 with its bias taken out). Two
 * lists that are independent, where everybody of the area has the same chance on at least one of them. */
double unseen_two_chapman(const double counts[4]);
/* Interval of the same on a transformed logit (Sadinle 2009), z deviations each way; never below 0. */
void unseen_two_sadinle(double *low, double *high, const double counts[4], double z);
/* At least so many are on no list, however much people differ in how easily they are listed (Chao 1987, with the correction for
 * small counts of Chao 1989 and for few lists): (t − 1)/t · f1 (f1 − 1) / (2 (f2 + 1)) with f1 people on one and f2 on two of t
 * lists; for two lists it is f1²/(4 f2) likewise corrected. */
double unseen_two_chao(const double *counts, int lists);
/* Where nobody is on two lists there is no upper bound; with fewer people than this in all, that so many pairs of records met
 * nobody in common would happen once in 1/tail: Σ n_i n_j / −log(tail). In all, with those listed. */
double unseen_two_apart(const double *counts, int lists, double tail);

#endif
