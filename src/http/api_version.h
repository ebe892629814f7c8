/* Versions of what two people may change at once: a short hash of what stands there. If-Match with it refuses a change of what
 * has moved on. */
#ifndef HTTP_API_VERSION_H
#define HTTP_API_VERSION_H

#include "http/request.h"

enum { API_VERSION = 17 };
/* Of an area, map feature, door, person or grant; of the site itself (SITE_TYPES, 0). */
void api_version(char out[API_VERSION], const struct site *site, enum site_type type, uint32_t index);
/* The member `version` of an item. */
void api_version_put(struct request *r, const struct site *site, enum site_type type, uint32_t index);
/* Holds what the call changes against its If-Match, where it has one: now, and once more when nobody else can write.
 * DW_E_MOVED_ON. */
dw_err api_version_match(struct request *r, enum site_type type, struct id id);

#endif
