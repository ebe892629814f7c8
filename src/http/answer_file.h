/* Answers that are files: streamed, whole or the part that Range asks for. */
#ifndef HTTP_ANSWER_FILE_H
#define HTTP_ANSWER_FILE_H

#include "http/answer.h"

struct answer_file {
    int fd; /* taken over, also on errors */
    const char *type, *name;
    const char *tag; /* of a file that never changes: parts of it may be asked for; NULL: the whole only */
};
dw_err answer_file(struct request *r, const struct answer_file *file);
/* The same of a file that was made for this call: opened and removed. path is freed in every case. */
dw_err answer_file_once(struct request *r, char *path, const char *type, const char *name);

/* The body and its status: all of a file of so many bytes, or the part that Range asks for (a GET only, and while If-Range names
 * the tag). tag NULL: the whole only. fd is taken over in every case; the type is the caller's to say. */
dw_err answer_file_part(struct request *r, int fd, int64_t size, const char *tag);

#endif
