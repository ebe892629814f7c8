/* What a handler answers: JSON with the fields that were asked for, pages with a cursor, problems with what to do. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "http/request.h"

/* Begins the answer, with the route's status; then one JSON value through the functions below. */
void answer_begin(struct request *r);
void answer_open(struct request *r, const char *key, char bracket); /* key NULL: an element, or the root */
void answer_close(struct request *r, char bracket);
/* Members. Those of a page's items are left out when `fields` does not name them. */
void answer_text(struct request *r, const char *key, const char *value); /* NULL: null */
void answer_int(struct request *r, const char *key, int64_t value);
void answer_bool(struct request *r, const char *key, bool value);
void answer_id(struct request *r, const char *key, struct id id); /* null id: null */
void answer_time(struct request *r, const char *key, int64_t ms); /* SITE_NEVER: null */
bool answer_wants(const struct request *r, const char *key);

/* A page: begin, then items while answer_page_room, then end with where the next begins (−1: that was all). from: where this page
 * begins, a number of the handler's own. */
dw_err answer_page_begin(struct request *r, int64_t *from);
bool answer_page_room(const struct request *r, int64_t items);
void answer_item(struct request *r, char bracket);
void answer_page_end(struct request *r, int64_t next);

void answer_raw(struct request *r, const char *type, const void *data, size_t len);
/* The texts must live as long as the request (its arena, or static). */
void answer_header(struct request *r, const char *name, const char *value);
/* Instead of whatever was begun: the error as a problem document (RFC 9457), in the caller's language. */
void answer_problem(struct request *r, dw_err err);
/* Whether the caller takes a coding ("gzip"): it is named, and not with q=0. */
bool answer_takes(const struct request *r, const char *coding);
/* Smaller, when the caller takes it and it pays: zstd or gzip. */
void answer_pack(struct request *r);

#endif
