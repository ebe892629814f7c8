/* The identity provider as the settings name it. */
#ifndef CLI_SERVE_OIDC_H
#define CLI_SERVE_OIDC_H

#include "cli/cli.h"
#include "http/oidc.h"

/* Texts lie in the settings and in *secret, which the caller wipes and frees (free(NULL) is safe). issuer NULL: none is set.
 * DW_E_INVALID names the setting; DW_E_NOT_FOUND, DW_E_IO: the secret's file. */
dw_err serve_oidc(struct oidc_config *out, char **secret, struct cli *cli);

#endif
