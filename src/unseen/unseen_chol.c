#include "unseen/unseen_chol.h"

#include <math.h>
#include <string.h>

void unseen_chol(double *a, int n)
{
    for (int j = 0; j < n; j++) {
        double own = a[j * n + j], d = own;
        for (int k = 0; k < j; k++) d -= a[j * n + k] * a[j * n + k];
        /* What remains of a column that follows from those before it is rounding alone: it is told next to nothing. */
        double least = 1e-12 * (own > 1 ? own : 1);
        d = sqrt(d > least ? d : least);
        a[j * n + j] = d;
        for (int i = j + 1; i < n; i++) {
            double s = a[i * n + j];
            for (int k = 0; k < j; k++) s -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = s / d;
        }
    }
}

void unseen_chol_solve(const double *factor, int n, double *x)
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) x[i] -= factor[i * n + k] * x[k];
        x[i] /= factor[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) x[i] -= factor[k * n + i] * x[k];
        x[i] /= factor[i * n + i];
    }
}

double unseen_chol_logdet(const double *factor, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += log(factor[i * n + i]);
    return 2 * sum;
}

void unseen_chol_inverse(double *out, const double *factor, int n)
{
    memset(out, 0, sizeof *out * (size_t)n * (size_t)n);
    for (int i = 0; i < n; i++) {
        out[i * n + i] = 1;
        unseen_chol_solve(factor, n, out + (size_t)i * (size_t)n);
    }
}
