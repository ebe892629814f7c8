/* What the server would need: its port, its certificate, its app; and how old the backups are. */
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/conf.h"
#include "cli/doctor.h"
#include "cli/serve.h"
#include "cli/serve_cert.h"
#include "cli/serve_oidc.h"
#include "desk/copies.h"
#include "desk/tls.h"
#include "http/client.h"

enum { DOCTOR_DAYS = 14, DOCTOR_AUTHORITY = 180, DOCTOR_NAMES = 400 };
static const int64_t DOCTOR_DAY = 86400000;

static int doctor_server_bind(const char *listen)
{
    char host[256];
    const char *colon = strrchr(listen, ':');
    size_t n = (size_t)(colon - listen);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV}, *found = NULL;
    int yes = 1, why = 0;
    if (n > 1 && listen[0] == '[' && listen[n - 1] == ']') listen++, n -= 2;
    snprintf(host, sizeof host, "%.*s", (int)n, listen);
    if (getaddrinfo(n == 0 ? NULL : host, colon + 1, &hints, &found) != 0) return EINVAL;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0) why = errno;
    if (fd >= 0) close(fd);
    freeaddrinfo(found);
    return why;
}

/* A port that is taken may be taken by ourselves. */
static bool doctor_server_ours(const char *listen, bool secure)
{
    struct arena_buf text = {0};
    struct client *client;
    char url[400];
    const char *port = strrchr(listen, ':') + 1;
    bool any = *listen == ':' || strncmp(listen, "0.0.0.0:", 8) == 0 || strncmp(listen, "[::]:", 5) == 0;
    snprintf(url, sizeof url, "%s://%.*s:%s", secure ? "https" : "http", any ? 9 : (int)(port - 1 - listen),
             any ? "127.0.0.1" : listen, port);
    if (client_open(&client, url, NULL, NULL) != DW_OK) return false;
    struct client_call call = {.method = "GET", .path = "/health"};
    bool ours = client_do(&text, NULL, client, &call, NULL) == DW_OK && text.data != NULL &&
                strstr(text.data, "\"status\":\"ok\"") != NULL;
    client_close(client);
    arena_buf_free(&text);
    return ours;
}

static void doctor_server_port(struct doctor *d, const char *listen, bool secure)
{
    struct cli *cli = d->cli;
    int why = doctor_server_bind(listen);
    if (why == 0)
        doctor_say(d, "port", DOCTOR_GOOD, NULL, cli_say(cli, "%s 空闲", "%s is free"), listen);
    else if (why == EADDRINUSE && doctor_server_ours(listen, secure))
        doctor_say(d, "port", DOCTOR_GOOD, NULL, cli_say(cli, "%s 上正运行着 doorward", "a doorward serves at %s"), listen);
    else /* over HTTPS it may be ours, with a certificate that this machine does not trust */
        doctor_say(
            d, "port", secure && why == EADDRINUSE ? DOCTOR_NOTE : DOCTOR_WRONG,
            cli_say(cli, "换一个 listen，或结束占用它的程序（ss -ltnp）", "choose another listen, or end who has it (ss -ltnp)"),
            "%s: %s", listen, strerror(why));
}

static void doctor_server_names(void *ctx, const char *name)
{
    char *out = ctx;
    size_t at = strlen(out);
    if (at + strlen(name) + 3 < DOCTOR_NAMES) snprintf(out + at, DOCTOR_NAMES - at, "%s%s", at == 0 ? "" : ", ", name);
}

static void doctor_server_plain(struct doctor *d, const char *listen)
{
    struct cli *cli = d->cli;
    bool local = strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]", 5) == 0 || strncmp(listen, "localhost:", 10) == 0;
    doctor_say(
        d, "certificate", local ? DOCTOR_NOTE : DOCTOR_WARN,
        cli_say(cli, "手机的相机和离线使用需要 HTTPS：doorward tls init，或放在 Caddy/nginx 后面（packaging/）",
                "phones need HTTPS for camera and offline work: doorward tls init, or stand behind Caddy or nginx (packaging/)"),
        "%s", cli_say(cli, "没有证书，只有 HTTP", "no certificate: plain HTTP"));
}

static void doctor_server_certificate(struct doctor *d, const struct cert_pair *pair)
{
    struct cli *cli = d->cli;
    const char *key = conf_text(cli, SETTINGS_NAME_KEY);
    char names[DOCTOR_NAMES] = "";
    struct tls_life life = {0};
    if (key != NULL && !doctor_private(d, "certificate", key, DW_E_NOT_FOUND)) return;
    dw_err err = cert_fits(pair->cert, pair->key, &cli->detail);
    if (err == DW_OK) err = tls_life(&life, pair->cert, &cli->detail);
    if (err != DW_OK) {
        doctor_error(d, "certificate", conf_text(cli, SETTINGS_NAME_CERT), err);
        return;
    }
    cert_hosts(pair->cert, doctor_server_names, names);
    int64_t now = when_now().ms, left = life.until_ms - now;
    bool own = conf_text(cli, SETTINGS_NAME_CERT) == NULL, soon = own ? now >= life.due_ms : left < DOCTOR_DAYS * DOCTOR_DAY;
    const char *fix =
        own ? cli_say(cli, "运行中的服务器会自己换新（看日志 certificate.failed）；没有运行就用 doorward tls init",
                      "a running server renews it by itself (see certificate.failed in its log); else doorward tls init")
            : cli_say(cli, "换新证书，然后 systemctl reload doorward", "renew it, then systemctl reload doorward");
    doctor_say(d, "certificate",
               left < 0 ? DOCTOR_WRONG
               : soon   ? DOCTOR_WARN
                        : DOCTOR_GOOD,
               soon ? fix : NULL,
               left < 0 ? cli_say(cli, "%s：已过期 %lld 天", "%s: over since %lld days")
                        : cli_say(cli, "%s：还有 %lld 天", "%s: good for %lld days"),
               names, (long long)((left < 0 ? -left : left) / DOCTOR_DAY));
}

/* Asks it what the server would ask it. */
static void doctor_provider(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct oidc_config config;
    struct oidc *oidc = NULL;
    uint8_t key[KEYS_SECRET] = {0};
    char *secret;
    dw_err err = serve_oidc(&config, &secret, cli);
    if (err == DW_OK && config.issuer != NULL) err = oidc_open(&oidc, &config, key);
    if (oidc != NULL) err = oidc_probe(oidc, when_now(), &cli->detail);
    if (err != DW_OK)
        doctor_error(d, "provider", config.issuer, err);
    else if (oidc != NULL)
        doctor_say(d, "provider", DOCTOR_GOOD, NULL, cli_say(cli, "%s 可以登录", "people can sign in at %s"), config.issuer);
    oidc_close(oidc);
    if (secret != NULL) keys_wipe(secret, strlen(secret));
    free(secret);
}

/* Without its authority nothing is renewed, and a new one is to be trusted by every phone again. */
static void doctor_server_authority(struct doctor *d, const char *store)
{
    struct cli *cli = d->cli;
    struct tls_life life = {0};
    char *authority = tls_authority(store);
    if (authority == NULL || tls_life(&life, authority, NULL) != DW_OK) {
        doctor_say(d, "authority", DOCTOR_WARN,
                   cli_say(cli, "从备份找回 .ca.pem 和 .ca.key；或 doorward tls init 另做，手机要重新信任",
                           "find .ca.pem and .ca.key again; or make another by doorward tls init, which phones must trust anew"),
                   "%s",
                   cli_say(cli, "证书机构的文件不在，证书不能换新", "the authority's file is not there: nothing can be renewed"));
        free(authority);
        return;
    }
    free(authority);
    int64_t left = (life.until_ms - when_now().ms) / DOCTOR_DAY;
    bool soon = left < DOCTOR_AUTHORITY;
    doctor_say(d, "authority",
               left < 0 ? DOCTOR_WRONG
               : soon   ? DOCTOR_WARN
                        : DOCTOR_GOOD,
               soon ? cli_say(cli, "移走 .ca.pem 和 .ca.key，doorward tls init 另做，手机重新信任",
                              "take .ca.pem and .ca.key away, doorward tls init, and let phones trust the new one")
                    : NULL,
               cli_say(cli, "本机证书机构还有 %lld 天", "this machine's authority is good for %lld days"), (long long)left);
}

void doctor_server(struct doctor *d)
{
    struct cli *cli = d->cli;
    const char *listen = conf_text(cli, SETTINGS_NAME_LISTEN), *app = serve_app(cli);
    char index[4200];
    struct stat st;
    struct cert_pair pair;
    dw_err err = serve_cert_pair(&pair, cli, cli_text(cli, "store"));
    doctor_server_port(d, listen, err == DW_OK && pair.cert != NULL);
    if (err != DW_OK)
        doctor_error(d, "certificate", NULL, err);
    else if (pair.cert == NULL)
        doctor_server_plain(d, listen);
    else
        doctor_server_certificate(d, &pair);
    if (pair.cert != NULL && conf_text(cli, SETTINGS_NAME_CERT) == NULL) doctor_server_authority(d, cli_text(cli, "store"));
    cert_free(&pair);
    doctor_provider(d);
    snprintf(index, sizeof index, "%s/index.html", app == NULL ? "" : app);
    if (app == NULL) return;
    bool there = stat(index, &st) == 0;
    doctor_say(d, "app", there ? DOCTOR_GOOD : DOCTOR_WRONG,
               there ? NULL : cli_say(cli, "把 app 设为网页应用的文件夹", "set app to the folder of the web app"), "%s%s%s",
               index, there ? "" : ": ", there ? "" : strerror(errno));
}

struct doctor_copies {
    int64_t backup_ms, keys_ms;
};

static dw_err doctor_copy(void *ctx, const struct copies_one *copy)
{
    struct doctor_copies *copies = ctx;
    struct stat st;
    if (stat(copy->path, &st) != 0) return DW_OK; /* it was taken elsewhere, or removed */
    if (copy->what == KINDS_COPY_KIND_BACKUP) copies->backup_ms = copy->at_ms;
    if (copy->what == KINDS_COPY_KIND_KEYS) copies->keys_ms = copy->at_ms;
    return DW_OK;
}

static void doctor_backup_age(struct doctor *d, const char *what, int64_t at_ms, int64_t most_ms, const char *fix)
{
    struct cli *cli = d->cli;
    int64_t age = when_now().ms - at_ms;
    if (at_ms == 0)
        doctor_say(d, "backup", DOCTOR_WARN, fix,
                   cli_say(cli, "%s：这台机器上没有备份", "%s: there is no backup on this machine"), what);
    else
        doctor_say(d, "backup", age > most_ms ? DOCTOR_WARN : DOCTOR_GOOD, age > most_ms ? fix : NULL,
                   cli_say(cli, "%s：最近一份在 %lld 小时前", "%s: the newest is %lld hours old"), what,
                   (long long)(age / 3600000));
}

void doctor_backups(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct doctor_copies copies = {0};
    struct stat st;
    const char *dir = conf_text(cli, SETTINGS_NAME_BACKUP_DIR), *phrase = conf_text(cli, SETTINGS_NAME_PASSPHRASE_FILE);
    int64_t every_ms = settings_seconds(conf_text(cli, SETTINGS_NAME_BACKUP_EVERY)) * 1000;
    if (dir == NULL)
        doctor_say(d, "backup", DOCTOR_WARN,
                   cli_say(cli, "设置 backup_dir 和 passphrase_file", "set backup_dir and passphrase_file"), "%s",
                   cli_say(cli, "没有定时备份", "no backups are made on schedule"));
    else if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode) || access(dir, W_OK) != 0)
        doctor_say(d, "backup", DOCTOR_WRONG, err_fix(DW_E_IO, cli->lang),
                   cli_say(cli, "%s 不能写入：%s", "%s cannot be written to: %s"), dir, strerror(errno));
    if (dir != NULL && phrase == NULL)
        doctor_say(d, "backup", DOCTOR_WRONG,
                   cli_say(cli, "设置 passphrase_file（600 权限，第一行为口令）",
                           "set passphrase_file (mode 600, the passphrase its first line)"),
                   "%s", cli_say(cli, "没有备份口令", "there is no passphrase for backups"));
    if (phrase != NULL) doctor_private(d, "backup", phrase, DW_E_NOT_FOUND);
    if (d->desk == NULL || desk_disposed(d->desk)) return;
    if (copies_each(d->desk, doctor_copy, &copies, &cli->detail) != DW_OK) return;
    doctor_backup_age(d, cli_say(cli, "数据", "data"), copies.backup_ms, dir == NULL ? 7 * DOCTOR_DAY : 2 * every_ms,
                      "doorward backup FILE");
    doctor_backup_age(d, cli_say(cli, "密钥", "keys"), copies.keys_ms, 31 * DOCTOR_DAY, "doorward backup --keys FILE");
}
