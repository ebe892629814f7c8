/* Another certificate without a stop: libmicrohttpd reads its own once, so a second daemon takes over the listening socket while
 * the first one ends its connections. Callers wait in the socket's own queue meanwhile; none is turned away. */
#include <stdlib.h>
#include <string.h>

#include "base/cert.h"
#include "http/server_inside.h"

dw_err server_renew_pair(struct server *server, const char *cert, const char *key, struct err_detail *detail)
{
    char *own_cert, *own_key;
    if (cert == NULL || key == NULL) return err_set(detail, DW_E_INVALID, "cert, key: both or neither");
    ERR_TRY(cert_fits(cert, key, detail));
    int64_t from, until;
    ERR_TRY(cert_life(&from, &until, cert, detail));
    own_cert = strdup(cert);
    own_key = strdup(key);
    if (own_cert == NULL || own_key == NULL) {
        free(own_cert);
        free(own_key);
        return DW_E_MEMORY;
    }
    free(server->cert);
    if (server->key != NULL) keys_wipe(server->key, strlen(server->key));
    free(server->key);
    atomic_store(&server->cert_until_ms, until);
    server->cert = own_cert;
    server->key = own_key;
    return DW_OK;
}

static bool server_renew_idle(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info == NULL || info->num_connections == 0;
}

void server_retire(struct server *server, bool all)
{
    for (int i = 0; i < SERVER_RETIRED; i++) {
        if (server->retired[i] == NULL || (!all && !server_renew_idle(server->retired[i]))) continue;
        MHD_stop_daemon(server->retired[i]);
        server->retired[i] = NULL;
    }
}

dw_err server_renew(struct server *server, const char *cert, const char *key, struct err_detail *detail)
{
    int place = 0;
    if (server->cert == NULL) return cert == NULL ? DW_OK : err_set(detail, DW_E_STATE, "from HTTP to HTTPS only by a new start");
    if (cert != NULL && key != NULL && strcmp(cert, server->cert) == 0 && strcmp(key, server->key) == 0) return DW_OK;
    while (place < SERVER_RETIRED && server->retired[place] != NULL) place++;
    if (place == SERVER_RETIRED) return err_set(detail, DW_E_BUSY, "older certificates are still in use");
    ERR_TRY(server_renew_pair(server, cert, key, detail));
    MHD_socket socket = MHD_quiesce_daemon(server->daemon);
    if (socket == MHD_INVALID_SOCKET) return err_set(detail, DW_E_IO, "the listening socket is not given back");
    server->retired[place] = server->daemon;
    server->daemon = NULL;
    return server_daemon(&server->daemon, server, socket, detail);
}

static void server_renew_probed(struct work_item *item)
{
    struct server *server = (struct server *)((char *)item - offsetof(struct server, probe));
    atomic_store(&server->probing, false);
}

bool server_alive(struct server *server)
{
    if (server->daemon == NULL) return false; /* a renewal failed halfway: only a new start helps */
    if (atomic_load(&server->probing)) return ++server->unanswered < SERVER_PATIENCE;
    server->unanswered = 0;
    server->probe.run = server_renew_probed;
    atomic_store(&server->probing, true);
    if (!work_add(server->work, &server->probe)) atomic_store(&server->probing, false); /* busy is not dead */
    return true;
}

dw_err server_ready(struct server *server)
{
    if (atomic_load(&server->ending)) return DW_E_BUSY;
    desk_read(server->desk);
    bool stale = server->desk->stale;
    desk_read_end(server->desk);
    return stale ? DW_E_STORE : DW_OK;
}
