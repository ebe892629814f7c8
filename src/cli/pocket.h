/* A phone that is a folder: its key, the entries it has recorded, what it knows of the site. What a real phone does, for the
 * command line; docs/sync.md says it in words. Files are for their owner only. */
#ifndef CLI_POCKET_H
#define CLI_POCKET_H

#include "cli/cmd.h"
#include "desk/book.h"
#include "http/client.h"

enum { POCKET_TOKEN = 64, POCKET_CURSOR = 128, POCKET_URL = 512 };

struct pocket {
    struct cli *cli;
    const char *dir;
    char url[POCKET_URL], ca[POCKET_URL], token[POCKET_TOKEN], cursor[POCKET_CURSOR];
    struct id site, device;
    uint8_t site_key[KEYS_PUBLIC];
    int64_t received; /* entries that the site has confirmed by a receipt */
    struct book book; /* every entry recorded, from 1 on */
    size_t written;   /* of them, how many stand in the file */
    char *text;       /* of the entries' file */
    struct client *client;
};

/* A new phone: makes its key, shows the invitation, keeps what it is told. DW_E_EXISTS when the folder is a phone already. */
dw_err pocket_enrol(struct pocket *out, struct cli *cli, const char *dir, const char *url, const char *ca, const char *invite);
/* Free in every case. DW_E_NOT_FOUND when the folder is no phone. An entry that was cut while it was written is dropped. */
dw_err pocket_open(struct pocket *out, struct cli *cli, const char *dir);
void pocket_close(struct pocket *pocket);

/* Writes down what it is and how far it has come (pocket_sync.c does so after every receipt and page). */
dw_err pocket_save(struct pocket *pocket);
/* Brings the entries gathered in book to the disk; nothing is pushed that is not kept. */
dw_err pocket_keep(struct pocket *pocket);
/* Pushes what has no receipt yet and checks each receipt; held: how many of them wait. */
dw_err pocket_push(struct pocket *pocket, int64_t *held);
/* Loads a bundle when there is none or the scope is another, then every page. loaded: whether it did. */
dw_err pocket_pull(struct pocket *pocket, bool *loaded);

/* What the phone knows, read from what it pulled. */
struct pocket_door {
    struct id id;
    const char *code;
};
struct pocket_person {
    struct id id, door;
    const char *name;
    bool left, owed, done; /* owed, done: in the open round */
};
struct pocket_known {
    struct arena arena;
    struct id round; /* the latest that is open; null: none */
    int64_t number;
    struct pocket_door *doors;
    struct pocket_person *people;
    size_t door_count, door_cap, person_count, person_cap;
};
dw_err pocket_know(struct pocket_known *out, struct pocket *pocket);
void pocket_forget(struct pocket_known *known);

#endif
