/* Small dense systems of symmetric positive definite matrices, row after row. */
#ifndef UNSEEN_UNSEEN_CHOL_H
#define UNSEEN_UNSEEN_CHOL_H

/* Puts the lower factor into a (n × n; only its lower half is read). What is not quite positive is made so by adding to the
 * diagonal, so that it never fails on finite numbers. O(n³). */
void unseen_chol(double *a, int n);
/* x := A⁻¹ x of a factor; O(n²). */
void unseen_chol_solve(const double *factor, int n, double *x);
double unseen_chol_logdet(const double *factor, int n);
/* out (n × n, another place) := A⁻¹. O(n³). */
void unseen_chol_inverse(double *out, const double *factor, int n);

#endif
