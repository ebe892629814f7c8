/* What monitoring asks, the pages that explain the API, the app's files. */
#include <string.h>

#include "http/answer.h"
#include "http/app.h"
#include "http/server_inside.h"

#include "pages_gen.inc"

static const char OPS_CSP[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'";

static dw_err ops_health(struct request *r)
{
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_text(r, "status", "ok");
    answer_time(r, "now", r->now.ms);
    answer_close(r, '}');
    return DW_OK;
}

dw_err api_ops_alive(struct request *r)
{
    return ops_health(r);
}

dw_err api_ops_ready(struct request *r)
{
    ERR_TRY(server_ready(r->server));
    return ops_health(r);
}

dw_err api_ops_metrics(struct request *r)
{
    struct arena_buf text = {0};
    server_metrics(r->server, &text);
    dw_err err = text.failed ? DW_E_MEMORY : DW_OK;
    if (err == DW_OK) answer_raw(r, "text/plain; version=0.0.4; charset=utf-8", text.data, text.len);
    arena_buf_free(&text);
    return err;
}

static dw_err ops_page(struct request *r, const char *type, const char *text, size_t len)
{
    answer_raw(r, type, text, len);
    answer_header(r, "Content-Security-Policy", OPS_CSP);
    return DW_OK;
}

dw_err api_docs_show(struct request *r)
{
    return ops_page(r, "text/html; charset=utf-8", pages_docs_html, sizeof pages_docs_html - 1);
}

dw_err api_docs_script(struct request *r)
{
    return ops_page(r, "text/javascript; charset=utf-8", pages_docs_js, sizeof pages_docs_js - 1);
}

dw_err api_docs_style(struct request *r)
{
    return ops_page(r, "text/css; charset=utf-8", pages_docs_css, sizeof pages_docs_css - 1);
}

static void ops_escaped(struct arena_buf *out, const char *text)
{
    for (; *text != 0; text++) {
        if (*text == '<' || *text == '>' || *text == '&' || *text == '"' || *text == '\'')
            arena_buf_format(out, "&#%d;", *text);
        else
            arena_buf_put(out, text, 1);
    }
}

/* The first page of a server that has no app. */
static dw_err ops_home(struct request *r)
{
    struct arena_buf page = {0};
    const struct site *site = desk_read(request_desk(r));
    arena_buf_format(&page,
                     "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                     "content=\"width=device-width, initial-scale=1\">\n<title>doorward 门门到</title>\n<link rel=\"icon\" "
                     "href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/api/v1/docs/docs.css\">\n</head>\n<body>\n<header><h1>",
                     r->lang == ERR_ZH ? "zh" : "en");
    ops_escaped(&page, site->name == NULL ? "" : site->name);
    desk_read_end(request_desk(r));
    arena_buf_format(
        &page,
        "</h1></header>\n<main>\n<p>doorward 门门到 · %s</p>\n<nav><a href=\"/api/v1/docs\">%s</a><a "
        "href=\"/api/v1/openapi.json\">OpenAPI</a><a href=\"/healthz\">%s</a></nav>\n<p>%s</p>\n</main>\n</body>\n</html>\n",
        request_say(r, "不漏一户，不漏一人。", "Reach every door, miss no one."),
        request_say(r, "接口说明", "What the API answers"), request_say(r, "服务状态", "Is it well?"),
        request_say(r, "这台服务器没有装网页应用（设置 app）。", "No web app is installed on this server (setting app)."));
    dw_err err = page.failed ? DW_E_MEMORY : ops_page(r, "text/html; charset=utf-8", page.data, page.len);
    arena_buf_free(&page);
    return err;
}

dw_err api_app_show(struct request *r)
{
    if (r->server->config.app != NULL) return app_answer(r, r->server->config.app);
    if (strcmp(r->url, "/") == 0) return ops_home(r);
    return err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有这个地址", "no such address"));
}
