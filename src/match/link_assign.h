/* The best assignment between two small sets, one to one (the Hungarian method; Kuhn 1955, Munkres 1957). */
#ifndef MATCH_LINK_ASSIGN_H
#define MATCH_LINK_ASSIGN_H

#include <stddef.h>

enum { LINK_ASSIGN_MOST = 48 };

struct link_assign {
    size_t rows, columns;                             /* LINK_ASSIGN_MOST at most */
    double worth[LINK_ASSIGN_MOST][LINK_ASSIGN_MOST]; /* of giving a row a column; 0: not to be done, none is less */
};

/* The greatest sum of worths with every row and column used once at most; *column of each row, −1 for none. O(n³). */
double link_assign_best(int column[LINK_ASSIGN_MOST], const struct link_assign *assign);

#endif
