/* One call from its first line to its answer: routed, its body gathered, handled by the pool, answered, logged. */
#ifndef HTTP_CALL_H
#define HTTP_CALL_H

#include <microhttpd.h>

#include "http/request.h"

/* libmicrohttpd's callbacks; cls is the server. */
enum MHD_Result call_answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                            const char *version, const char *upload_data, size_t *upload_data_size, void **state);
/* Before a call is taken apart: its line, whole. */
void *call_line(void *cls, const char *uri, struct MHD_Connection *connection);
void call_ended(void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code);
/* Ends a call that its handler had left waiting, from any thread: what was written with answer_*, or the error. */
void call_finish(struct request *r, dw_err err);

#endif
