/* What a reader must be told before he believes the numbers. */
#ifndef UNSEEN_UNSEEN_WARN_H
#define UNSEEN_UNSEEN_WARN_H

#include "unseen/unseen.h"
#include "unseen/unseen_choose.h"

/* Models, dependences and fit of the answer, from the models kept; list: which of the ask's lists each of theirs is. */
void unseen_warn_models(struct unseen_answer *out, const struct unseen_choose *choice, const int *list);
/* Lists that look made from each other, or of different people; counts: of all areas together. */
void unseen_warn_counts(struct unseen_answer *out, const double *counts, const int *list, int lists);
void unseen_warn_areas(struct unseen_answer *out, uint32_t areas);

#endif
