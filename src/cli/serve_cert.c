#include "cli/serve_cert.h"

#include <string.h>

#include "base/clock.h"
#include "cli/conf.h"
#include "desk/tls.h"

static const uint64_t SERVE_CERT_HOUR = 3600ull * 1000000000, SERVE_CERT_DAY = 24ull * 3600 * 1000000000;

dw_err serve_cert_pair(struct cert_pair *out, struct cli *cli, const char *store)
{
    const char *cert = conf_text(cli, SETTINGS_NAME_CERT), *key = conf_text(cli, SETTINGS_NAME_KEY);
    *out = (struct cert_pair){NULL, NULL};
    if (settings_bool(conf_text(cli, SETTINGS_NAME_NO_TLS))) return DW_OK;
    if ((cert == NULL) != (key == NULL))
        return err_at(&cli->detail, DW_E_USAGE, NULL, NULL, 0, "cert, key", "%s",
                      cli_say(cli, "两个要一起给", "both or neither"));
    bool own = cert == NULL;
    dw_err err = own ? tls_load(out, store, &cli->detail) : tls_file(&out->cert, cert, &cli->detail);
    if (own && out->cert == NULL) return err;
    if (err == DW_OK && !own) err = tls_file(&out->key, key, &cli->detail);
    if (err == DW_OK && (out->cert == NULL || out->key == NULL))
        err = err_set(&cli->detail, DW_E_NOT_FOUND, "%s", out->cert == NULL ? cert : key);
    if (err == DW_OK) err = cert_fits(out->cert, out->key, &cli->detail);
    if (err == DW_E_CERT) snprintf(cli->detail.file, sizeof cli->detail.file, "%s%s", own ? store : cert, own ? ".tls.pem" : "");
    if (err != DW_OK) cert_free(out);
    return err;
}

static bool serve_cert_own(const struct cli *cli)
{
    return conf_text(cli, SETTINGS_NAME_CERT) == NULL && !settings_bool(conf_text(cli, SETTINGS_NAME_NO_TLS));
}

static dw_err serve_cert_renew(struct serve_cert *cert, struct cli *cli)
{
    bool renewed = false;
    dw_err err = serve_cert_own(cli) ? tls_renew(&renewed, cert->store, when_now(), &cli->detail) : DW_OK;
    if (renewed) log_event(cert->log, LOG_INFO, "certificate.renewed", DW_OK, NULL);
    return err;
}

/* When it is looked at again: a day from now, or when it is due. */
static void serve_cert_plan(struct serve_cert *cert, const struct cli *cli, const struct cert_pair *pair)
{
    struct tls_life life;
    bool due = pair->cert != NULL && serve_cert_own(cli) && tls_life(&life, pair->cert, NULL) == DW_OK;
    cert->due_ms = due && life.due_ms > when_now().ms ? life.due_ms : 0;
    cert->look_at_ns = clock_ns() + SERVE_CERT_DAY;
}

static void serve_cert_failed(struct serve_cert *cert, struct cli *cli, dw_err err)
{
    log_event(cert->log, LOG_ERROR, "certificate.failed", err, "file", cli->detail.file, "why", cli->detail.text, NULL);
    err_clear(&cli->detail);
}

dw_err serve_cert_begin(struct serve_cert *cert, struct cert_pair *out, struct cli *cli, const char *store, struct log *log)
{
    *cert = (struct serve_cert){.store = store, .log = log};
    dw_err renewed = serve_cert_renew(cert, cli);
    if (renewed != DW_OK) serve_cert_failed(cert, cli, renewed); /* the one that is there may be good for months */
    ERR_TRY(serve_cert_pair(out, cli, store));
    serve_cert_plan(cert, cli, out);
    if (renewed != DW_OK) cert->look_at_ns = clock_ns() + SERVE_CERT_HOUR;
    return DW_OK;
}

dw_err serve_cert_take(struct serve_cert *cert, struct cli *cli, struct server *server)
{
    struct cert_pair pair = {NULL, NULL};
    dw_err err = serve_cert_renew(cert, cli);
    if (err == DW_OK) err = serve_cert_pair(&pair, cli, cert->store);
    if (err == DW_OK) err = server_renew(server, pair.cert, pair.key, &cli->detail);
    if (err == DW_OK)
        serve_cert_plan(cert, cli, &pair);
    else {
        cert->due_ms = 0;
        cert->look_at_ns = clock_ns() + SERVE_CERT_HOUR;
    }
    cert_free(&pair);
    return err;
}

void serve_cert_tick(struct serve_cert *cert, struct cli *cli, struct server *server)
{
    bool due = cert->due_ms != 0 && when_now().ms >= cert->due_ms;
    if (!due && clock_ns() < cert->look_at_ns) return;
    err_clear(&cli->detail);
    dw_err err = serve_cert_take(cert, cli, server);
    if (err != DW_OK) serve_cert_failed(cert, cli, err);
}
