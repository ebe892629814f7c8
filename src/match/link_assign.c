#include "match/link_assign.h"

#include <float.h>
#include <stdbool.h>

/* The Hungarian method with potentials, on costs (the negative worths) of a square whose missing part costs nothing. Rows and
 * columns count from 1; column 0 is where the row that is being placed waits. */
double link_assign_best(int column[LINK_ASSIGN_MOST], const struct link_assign *a)
{
    int n = (int)(a->rows > a->columns ? a->rows : a->columns), owner[LINK_ASSIGN_MOST + 1] = {0}, way[LINK_ASSIGN_MOST + 1];
    double u[LINK_ASSIGN_MOST + 1] = {0}, v[LINK_ASSIGN_MOST + 1] = {0}, least[LINK_ASSIGN_MOST + 1], sum = 0;
    for (int row = 1; row <= n; row++) {
        bool used[LINK_ASSIGN_MOST + 1] = {false};
        int at = 0;
        owner[0] = row;
        for (int j = 0; j <= n; j++) least[j] = DBL_MAX;
        do {
            int i = owner[at], next = 0;
            double delta = DBL_MAX;
            used[at] = true;
            for (int j = 1; j <= n; j++) {
                if (used[j]) continue;
                bool real = (size_t)i <= a->rows && (size_t)j <= a->columns;
                double cost = (real ? -a->worth[i - 1][j - 1] : 0) - u[i] - v[j];
                if (cost < least[j]) {
                    least[j] = cost;
                    way[j] = at;
                }
                if (least[j] < delta) {
                    delta = least[j];
                    next = j;
                }
            }
            for (int j = 0; j <= n; j++) {
                if (used[j]) {
                    u[owner[j]] += delta;
                    v[j] -= delta;
                } else {
                    least[j] -= delta;
                }
            }
            at = next;
        } while (owner[at] != 0);
        for (; at != 0; at = way[at]) owner[at] = owner[way[at]];
    }
    for (size_t i = 0; i < a->rows; i++) column[i] = -1;
    for (int j = 1; j <= n; j++) {
        int i = owner[j] - 1;
        if ((size_t)i >= a->rows || (size_t)j > a->columns || a->worth[i][j - 1] <= 0) continue;
        column[i] = j - 1;
        sum += a->worth[i][j - 1];
    }
    return sum;
}
