/* The server's certificate from start to end: read, looked at each day, renewed if it is its own, taken over without a stop. */
#ifndef CLI_SERVE_CERT_H
#define CLI_SERVE_CERT_H

#include "base/cert.h"
#include "cli/cli.h"
#include "http/server.h"

struct serve_cert {
    const char *store;
    struct log *log;
    int64_t due_ms;      /* when its own certificate is to be renewed; 0: it is somebody else's to renew */
    uint64_t look_at_ns; /* when it is looked at next */
};
/* The certificate and key of the settings, or those that `tls init` made beside the store; texts NULL: plain HTTP. Free with
 * cert_free. DW_E_NOT_FOUND, DW_E_CERT, … */
dw_err serve_cert_pair(struct cert_pair *out, struct cli *cli, const char *store);
/* The same at the start of a server, renewed first if it is due. store and log must outlive *cert. */
dw_err serve_cert_begin(struct serve_cert *cert, struct cert_pair *out, struct cli *cli, const char *store, struct log *log);
/* What the files hold now is taken over by a running server, renewed first if it is due. */
dw_err serve_cert_take(struct serve_cert *cert, struct cli *cli, struct server *server);
/* Each second: takes it over when a day has gone by or it is due; an hour after a failure again. */
void serve_cert_tick(struct serve_cert *cert, struct cli *cli, struct server *server);

#endif
