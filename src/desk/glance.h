/* What every call has to know of the devices, beside the state: while a group is made durable nobody may read the state, but
 * calls that only ask who a phone is, and by which key it signs, need not wait for that. */
#ifndef DESK_GLANCE_H
#define DESK_GLANCE_H

#include "desk/desk.h"

struct glance_device {
    struct id id, member; /* member null: the office's own */
    struct keys_public key;
    int64_t until_ms; /* SITE_NEVER: for good */
    bool revoked;
};

/* Takes over what the state says now; the writer's lock is held, or nobody else has the desk yet. O(devices). */
dw_err glance_publish(struct desk *desk);
/* False: no such device. O(1). */
bool glance_device(struct glance_device *out, struct desk *desk, struct id device);
bool glance_disposed(struct desk *desk);
void glance_free(struct desk *desk);

#endif
