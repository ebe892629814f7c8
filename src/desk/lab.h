/* The laboratory desk: tubes and boxes on their way, results, who is held after a positive tube, and what does not fit. */
#ifndef DESK_LAB_H
#define DESK_LAB_H

#include "base/clock.h"
#include "desk/desk.h"
#include "desk/import.h"
#include "files/sheet_in.h"

enum { LAB_PEOPLE = 60, LAB_TUBES = 400 };

/* A device of the site by its name, with its key here (lab_device_add made it): by whom something is done. DW_E_NOT_FOUND. */
dw_err lab_device_find(uint32_t *out, struct desk *desk, const char *name, struct err_detail *detail);
/* A new device whose key lies in the key file: a sampler's or courier's, until phones enrol by themselves. DW_E_EXISTS. */
dw_err lab_device_add(struct desk *desk, const char *name, struct when at, struct err_detail *detail);

/* What a device records. round 0: the latest. A code names the tube that was opened first under it. Errors before anything is
 * written: DW_E_NOT_FOUND (round, tube, person, box), DW_E_INVALID (a capacity that the policy pack does not have; too many),
 * DW_E_EXISTS (the code is taken), DW_E_STATE (sealed already, not sealed yet). */
struct lab_by {
    struct desk *desk;
    uint32_t device;
    int64_t round;
    struct when at;
};
dw_err lab_tube_open(const struct lab_by *by, const char *code, int64_t capacity, enum kinds_tube_use use,
                     struct err_detail *detail);
dw_err lab_tube_fill(const struct lab_by *by, const char *code, const struct id *people, size_t count, struct err_detail *detail);
/* Without people: with everybody who stands in it. */
dw_err lab_tube_seal(const struct lab_by *by, const char *code, const struct id *people, size_t count, struct err_detail *detail);
dw_err lab_box_pack(const struct lab_by *by, const char *code, const char *const *tubes, size_t count, struct err_detail *detail);
dw_err lab_box_hand(const struct lab_by *by, const char *code, enum kinds_box_side side, uint32_t other,
                    struct err_detail *detail);

/* Sends what was begun in the book, one entry, and frees it; DW_E_STATE when it is held. For the desks that work as these do. */
dw_err lab_send(const struct lab_by *by, struct book *book, struct err_detail *detail);
/* The same for entries that were all ended. */
dw_err lab_send_all(const struct lab_by *by, struct book *book, struct err_detail *detail);

/* A laboratory's file (XLSX, CSV, …): tube numbers and results, with the time where it has one. A tube that the round does not
 * have and a result that cannot be read are told with their rows; a result that differs from a known one is held. A result that
 * is known changes nothing. One batch, which import undo takes back. DW_E_COLUMN, and what sheet_read says. */
struct lab_results {
    const char *path;
    struct lab_by by;
    bool dry_run;
    enum err_lang lang;
};
dw_err lab_results(struct import_result *out, const struct lab_results *spec, const struct clock_progress *progress,
                   struct err_detail *detail);
/* The same of a book that is read already; spec->path is not looked at. */
dw_err lab_results_take(struct import_result *out, const struct lab_results *spec, const struct sheet_book *book,
                        struct err_detail *detail);

/* What the office decides; by->device is not looked at. DW_E_STATE when a different result is known. */
dw_err lab_result(const struct lab_by *by, const char *code, enum kinds_tube_result result, const char *method,
                  struct err_detail *detail);
dw_err lab_sample_decide(const struct lab_by *by, const char *code, struct id person, enum kinds_sample_decision decision,
                         const char *reason, struct err_detail *detail);
/* DW_E_STATE when nothing holds the person. */
dw_err lab_hold_end(const struct lab_by *by, struct id person, enum kinds_release how, const char *reason,
                    struct err_detail *detail);

/* Reading: the caller holds the read lock. */
/* The tube that is meant by a code in a round: the one opened first. DW_E_NOT_FOUND. */
dw_err lab_tube(uint32_t *out, const struct site *site, int64_t round, const char *code, struct err_detail *detail);
enum lab_stage { LAB_OPEN, LAB_SEALED, LAB_BOXED, LAB_HANDED, LAB_NEGATIVE, LAB_POSITIVE, LAB_INVALID, LAB_STAGES };
const char *lab_stage_text(enum lab_stage stage, enum err_lang lang);
const char *lab_sample_text(enum site_sample_state state, enum err_lang lang);
/* Of each box: the device that took it last, with its giver's word; SITE_NONE while nobody did. one_sided: a giver's or taker's
 * word lacks the other's. Zero-initialise; free in every case. O(boxes + hand-overs). */
struct lab_boxes {
    uint32_t *holder;
    struct site_stamp *taken;
    bool *one_sided;
};
dw_err lab_boxes(struct lab_boxes *out, const struct site *site);
void lab_boxes_free(struct lab_boxes *boxes);
enum lab_stage lab_stage(const struct site *site, const struct lab_boxes *boxes, uint32_t tube);

struct lab_area {
    uint32_t area; /* SITE_NONE: people whose building nobody knows */
    int depth;
    uint32_t people[LAB_STAGES]; /* whose sample stands, by the stage of its tube */
};

struct lab_status {
    uint32_t round, tubes[LAB_STAGES];
    uint32_t doubtful, no_tube, no_tick; /* samples that do not stand; ticked done and in no tube; in a tube and not ticked */
    uint32_t again;                      /* people of invalid tubes who were not sampled again */
    uint32_t one_sided;                  /* boxes */
    uint32_t late[2];                    /* tubes not at the laboratory in time; with a courier or there, and no result in time */
    int64_t longest_ms[2];               /* the longest way of those, and the longest waiting */
    struct lab_area *areas;              /* down to cells; the first is the whole */
    size_t count, cap;
};
/* Pooled samples of a round at a moment. DW_E_NOT_FOUND. Free with lab_status_free. O(people + samples + areas + hand-overs). */
dw_err lab_status(struct lab_status *out, const struct site *site, int64_t round, int64_t now_ms, struct err_detail *detail);
void lab_status_free(struct lab_status *status);

/* INVALID: the tube told nothing, and he was not sampled alone since. LATE: a tube was opened longer ago than the policy allows
 * and no courier has it; OVERDUE: one took it longer ago, and there is no result. */
enum lab_doubt {
    LAB_DOUBT_SAMPLE,
    LAB_DOUBT_NO_TUBE,
    LAB_DOUBT_NO_TICK,
    LAB_DOUBT_INVALID,
    LAB_DOUBT_ONE_SIDED,
    LAB_DOUBT_LATE,
    LAB_DOUBT_OVERDUE
};
struct lab_question {
    enum lab_doubt doubt;
    uint32_t person, tube, box; /* SITE_NONE; person: under whose number the sample was taken, or who stands for him */
    uint8_t state;              /* enum site_sample_state */
    int64_t ms;                 /* LATE, OVERDUE: since then */
};
struct lab_hold {
    uint32_t person, tube; /* the positive one */
    int64_t since_ms;
    bool member;                          /* his own sample; else he shares the household of one */
    int ended;                            /* −1, or enum kinds_release */
    uint32_t retests, negative, positive; /* his single tubes since */
};
struct lab_list {
    struct lab_question *questions;
    struct lab_hold *holds;
    size_t count, cap;
};
/* Everything of a round that a person has to look at, at a moment. People who were merged are one. */
dw_err lab_questions(struct lab_list *out, const struct site *site, int64_t round, int64_t now_ms, struct err_detail *detail);
/* Everybody whom a positive tube holds, also when it is in doubt that his sample is in it, of any round; each once, by the first.
 * O(people + samples). */
dw_err lab_holds(struct lab_list *out, const struct site *site);
void lab_list_free(struct lab_list *list);

#endif
