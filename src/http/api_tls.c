/* The authority that vouches for this server, for phones to trust. */
#include <string.h>

#include "http/answer.h"
#include "http/server_inside.h"

dw_err api_authority_show(struct request *r)
{
    const char *text = r->server->authority;
    if (text == NULL)
        return err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有本地证书机构", "there is no authority of its own"));
    answer_raw(r, "application/x-x509-ca-cert", text, strlen(text));
    return DW_OK;
}
