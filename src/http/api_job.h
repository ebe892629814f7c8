/* What imports and exports have in common: whose job it is, and how it is shown. */
#ifndef HTTP_API_JOB_H
#define HTTP_API_JOB_H

#include "desk/job.h"
#include "http/request.h"

/* The job of a path's {id}, of this kind: the caller's own, or anybody's for who has the route's ability everywhere. */
dw_err api_job_of(struct job_row *out, struct request *r, enum job_kind kind);
/* Whether the caller has the route's ability everywhere. */
bool api_job_everywhere(struct request *r);
/* A page of them. */
dw_err api_job_page(struct request *r, enum job_kind kind);
/* The answer: a job as it stands now. */
dw_err api_job_answer(struct request *r, struct id id);
/* The same for the job of a path's {id}, of this kind; cancelled first. */
dw_err api_job_show(struct request *r, enum job_kind kind);
dw_err api_job_cancel(struct request *r, enum job_kind kind);

#endif
