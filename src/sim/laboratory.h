/* The laboratory of a synthetic village: it has the tubes themselves, tests them, and sends the file that a laboratory sends, by
 * the numbers that stand on the tubes. Who is infected follows from the seed: somebody always is, of about 20,000 sampled. */
#ifndef SIM_LABORATORY_H
#define SIM_LABORATORY_H

#include "base/err.h"
#include "base/id.h"
#include "base/rng.h"
#include "base/when.h"

enum { LABORATORY_MOST = 128 };

struct laboratory {
    int64_t tubes, positive, invalid;
    struct id infected[LABORATORY_MOST]; /* as the phones had them */
    size_t infected_count;
};

/* Tests what a round's samplers brought (truth/tubes<n>.csv of the village's folder) and writes the results as a workbook.
 * DW_E_IO, DW_E_FORMAT, DW_E_NOT_FOUND when nothing was brought. O(samples). */
dw_err laboratory_test(struct laboratory *out, const char *dir, unsigned round, uint64_t seed, const char *path, struct when at,
                       struct err_detail *detail);

/* A single tube of one person. */
struct laboratory_single {
    char code[16];
    bool positive;
};
/* The results of single tubes, as CSV. */
dw_err laboratory_singles(const struct laboratory_single *tubes, size_t count, const char *path, struct when at,
                          struct err_detail *detail);

#endif
