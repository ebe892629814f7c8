/* What a fuzz target holds true of any input: it stops the program, so that the fuzzer keeps the input. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_MUST(what)                                                                                                          \
    do {                                                                                                                         \
        if (!(what)) {                                                                                                           \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #what);                                                 \
            abort();                                                                                                             \
        }                                                                                                                        \
    } while (0)

#endif
