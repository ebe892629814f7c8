/* Files of the web app: what lies in one folder, and nothing that does not. */
#ifndef HTTP_APP_H
#define HTTP_APP_H

#include "http/request.h"

/* Answers a path of the root from the folder: the file, packed beforehand where one lies beside it (.br, .zst, .gz), with its
 * ETag; index.html for paths without an ending, which the app's own pages have. DW_E_NOT_FOUND. */
dw_err app_answer(struct request *r, const char *folder);

/* For tests: the type of a file by its name; whether its name bears a hash of its content ("index-B3kx9aQ2.js"), so that it never
 * changes. */
const char *app_type(const char *name);
bool app_hashed(const char *name);

#endif
