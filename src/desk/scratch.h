/* A place for a store that is only looked at: a folder of its own beside another store, on the same disk, and gone afterwards. */
#ifndef DESK_SCRATCH_H
#define DESK_SCRATCH_H

#include "base/err.h"

/* Zero-initialise; free in every case. */
struct scratch {
    char *folder, *path; /* path: of the store to be made there; its key files stand beside it as always */
};

/* beside: a path; the folder is made where that stands, for nobody but the owner. DW_E_IO, DW_E_NOT_FOUND. */
dw_err scratch_make(struct scratch *scratch, const char *beside, struct err_detail *detail);
/* Removes what the store and its key files left; the secrets are overwritten first. */
void scratch_clear(struct scratch *scratch);
void scratch_free(struct scratch *scratch);
/* Moves the file path + ending to place + ending, where nothing may stand (DW_E_EXISTS), durable with its content. */
dw_err scratch_move(const struct scratch *scratch, const char *ending, const char *place, struct err_detail *detail);

#endif
