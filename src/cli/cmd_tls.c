/* HTTPS without a public name: a local authority, and how a phone comes to trust it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cmd.h"
#include "desk/tls.h"
#include "files/qr_text.h"

static dw_err cmd_tls_told(struct cli *cli, const char *store, const char *near, bool made)
{
    char print[96] = "", url[TLS_NAME + 64];
    char *authority = tls_authority(store);
    struct arena_buf qr = {0};
    int64_t from, until = 0;
    snprintf(url, sizeof url, "http://%s:%lld/api/v1/authority", near, (long long)cli_int(cli, "plain-port"));
    dw_err err = authority == NULL ? DW_E_IO : cert_print(print, authority, &cli->detail);
    if (err == DW_OK) err = cert_life(&from, &until, authority, &cli->detail);
    if (err == DW_OK && !cli->json) err = qr_text(&qr, url);
    if (err == DW_OK && cli->json)
        printf("{\"made\":%s,\"sha256\":\"%s\",\"url\":\"%s\"}\n", made ? "true" : "false", print, url);
    else if (err == DW_OK) {
        printf(cli_say(cli, "证书已就绪：%s.tls.pem（由本机的证书机构 %s.ca.pem 签发）\n机构指纹 SHA-256：%s\n\n",
                       "Certificate ready: %s.tls.pem (vouched for by this machine's authority, %s.ca.pem)\nThe authority's "
                       "SHA-256: %s\n\n"),
               store, store, print);
        printf(
            cli_say(cli,
                    "让手机信任它：\n1. 启动：doorward serve --store %s --listen :8443 --plain :%lld\n"
                    "2. 手机连同一网络，扫码或打开 %s\n%.*s"
                    "3. 核对指纹后安装。安卓：设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书。\n"
                    "   iPhone：安装描述文件后，再到 设置 → 通用 → 关于本机 → 证书信任设置 里打开。\n"
                    "   鸿蒙：设置 → 安全 → 更多安全设置 → 加密和凭据 → 从存储设备安装。\n"
                    "4. 打开 https://%s:8443/\n谁拿到 %s.ca.key，谁就能冒充本服务器：不要复制给任何人。\n",
                    "To trust it on a phone:\n1. Start: doorward serve --store %s --listen :8443 --plain :%lld\n"
                    "2. On the same network, scan this or open %s\n%.*s"
                    "3. Compare the SHA-256, then install. Android: Settings → Security → Encryption & credentials → Install a "
                    "certificate → "
                    "CA certificate.\n   iPhone: install the profile, then switch it on in Settings → General → About → "
                    "Certificate Trust "
                    "Settings.\n   HarmonyOS: Settings → Security → More → Encryption and credentials → Install from storage.\n"
                    "4. Open https://%s:8443/\nWhoever has %s.ca.key can pass for this server: give it to nobody.\n"),
            store, (long long)cli_int(cli, "plain-port"), url, (int)qr.len, qr.data, near, store);
    }
    arena_buf_free(&qr);
    free(authority);
    return err;
}

dw_err cmd_tls_init(struct cli *cli)
{
    const char *store = cli_text(cli, "store");
    struct tls_names *names = calloc(1, sizeof *names), *own = calloc(1, sizeof *own);
    bool made = false;
    struct stat st;
    /* Beside a store that is not there nobody would look for them, and the server would speak plain HTTP. */
    if (stat(store, &st) != 0) return err_at(&cli->detail, DW_E_NOT_FOUND, store, NULL, 0, NULL, "%s", strerror(errno));
    dw_err err = names == NULL || own == NULL ? DW_E_MEMORY : DW_OK;
    if (err == DW_OK) {
        tls_names(own);
        for (int i = 0; i < cli->operand_count; i++) tls_add(names, cli_operand(cli, i)); /* those people call it by go first */
        for (size_t i = 0; i < own->count; i++) tls_add(names, own->text[i]);
        err = tls_init(&made, store, names, cli->at, &cli->detail);
    }
    if (err == DW_OK) err = cmd_tls_told(cli, store, cli->operand_count > 0 ? cli_operand(cli, 0) : tls_near(own), made);
    free(names);
    free(own);
    return err;
}
