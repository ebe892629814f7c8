/* The passphrase or key file of a backup: from --key-file, --passphrase-file, the environment (DOORWARD_PASSPHRASE) or, last,
 * asked for on the terminal without echo; never from the command line itself, where others could read it. */
#ifndef CLI_PHRASE_H
#define CLI_PHRASE_H

#include "base/vault.h"
#include "cli/cli.h"

/* Zero-initialise; wipe in every case. secret borrows from text. */
struct phrase {
    struct vault_secret secret;
    char text[VAULT_KEY_FILE_MAX + 1];
};

/* fresh: for a new backup: it must not be too short, and what is typed is asked for twice. DW_E_USAGE when there is none and no
 * terminal to ask on; DW_E_INVALID, DW_E_NOT_FOUND, DW_E_IO, DW_E_CANCELLED. */
dw_err phrase_read(struct phrase *out, struct cli *cli, bool fresh);
void phrase_wipe(struct phrase *phrase);

#endif
