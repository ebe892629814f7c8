/* What a server gives up before it talks to anybody, so that whoever takes it over gains little: to be called before the first
 * thread starts, for what is given up is given up by a thread and those it starts. Nothing comes back. */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Goes on as this user, with his groups and no way back. DW_E_NOT_FOUND, DW_E_STATE (only root can). */
dw_err confine_user(const char *name, struct err_detail *detail);

struct confine_rule {
    const char *path; /* a file or folder, with all under it; what is not there is passed over; NULL: none */
    bool write;       /* else it can only be read */
};
/* Files can be opened only where the rules say (Landlock, Linux 5.19 and later), and where programs find what they need to run
 * (/usr, /lib, /etc, /proc, /sys, a few devices; temporary files); and only this program is run again, which reads lists and
 * maps. done: false when the kernel cannot do that. DW_E_IO. */
dw_err confine_files(bool *done, const struct confine_rule *rules, size_t count, struct err_detail *detail);
/* Nothing is mounted, traced or loaded into the kernel, and no privilege gained (seccomp, no_new_privs). done: false when
 * the kernel or the processor cannot do that. */
dw_err confine_calls(bool *done, struct err_detail *detail);

#endif
