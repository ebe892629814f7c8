/* Lists and maps in a body: texts, ids, objects. */
#ifndef HTTP_REQUEST_LIST_H
#define HTTP_REQUEST_LIST_H

#include "http/request.h"

/* The elements of an array member as token indices in *out, which lies in the request's arena; none when it is absent or null.
 * DW_E_INVALID names the field: no array, more than most. */
dw_err request_list(uint32_t **out, size_t *count, struct request *r, const char *field, size_t most);
dw_err request_list_texts(const char ***out, size_t *count, struct request *r, const char *field, size_t most, size_t max);
dw_err request_list_ids(struct id **out, size_t *count, struct request *r, const char *field, size_t most);
/* The members of an object member: names and texts (numbers and booleans as they are written). */
dw_err request_list_map(struct request_pair **out, size_t *count, struct request *r, const char *field, size_t most, size_t max);
/* A text member of an object that is an element of a list. NULL when absent. */
dw_err request_list_member(const char **out, struct request *r, uint32_t object, const char *field, size_t max);
/* Whether the object has no members but these (ended by NULL). */
dw_err request_list_only(struct request *r, uint32_t object, const char *const *fields);

#endif
