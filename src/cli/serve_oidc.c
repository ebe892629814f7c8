#include "cli/serve_oidc.h"

#include <stdlib.h>
#include <string.h>

#include "cli/conf.h"
#include "desk/tls.h"

dw_err serve_oidc(struct oidc_config *out, char **secret, struct cli *cli)
{
    const char *file = conf_text(cli, SETTINGS_NAME_OIDC_SECRET_FILE), *name = conf_text(cli, SETTINGS_NAME_OIDC_NAME);
    *secret = NULL;
    *out = (struct oidc_config){.issuer = conf_text(cli, SETTINGS_NAME_OIDC_ISSUER),
                                .client = conf_text(cli, SETTINGS_NAME_OIDC_CLIENT),
                                .ca = conf_text(cli, SETTINGS_NAME_OIDC_CA),
                                .site = conf_url(cli, SETTINGS_NAME_PUBLIC_URL)};
    out->name = name != NULL ? name : out->issuer;
    if (out->issuer == NULL) return DW_OK;
    ERR_TRY(oidc_check(out, &cli->detail));
    if (file == NULL) return DW_OK;
    ERR_TRY(tls_file(secret, file, &cli->detail));
    if (*secret != NULL) (*secret)[strcspn(*secret, "\r\n")] = 0;
    if (*secret == NULL || **secret == 0)
        return err_at(&cli->detail, *secret == NULL ? DW_E_NOT_FOUND : DW_E_INVALID, file, NULL, 0, "oidc_secret_file", "%s",
                      cli_say(cli, "第一行应是客户端密钥", "the client's secret is wanted in its first line"));
    out->secret = *secret;
    return DW_OK;
}
