/* What there is to say of a site's state, and since when: kept by the live stream's thread, for live*.c only. */
#ifndef HTTP_LIVE_NEWS_H
#define HTTP_LIVE_NEWS_H

#include "cover/cover.h"
#include "desk/site.h"

struct live_area {
    struct id id;
    struct cover_counts counts;
    int64_t changed; /* the site's sequence at which that was seen first */
};

enum live_number {
    LIVE_ROUND,
    LIVE_CLOSED,
    LIVE_DOORS,
    LIVE_HOUSEHOLDS,
    LIVE_PERSONS,
    LIVE_REVIEW,
    LIVE_TUBES,
    LIVE_RESULTS,
    LIVE_POSITIVE,
    LIVE_HELD,
    LIVE_HELD_LAST,
    LIVE_ACCESS,
    LIVE_NUMBERS
};

struct live_news {
    struct live_area *areas, whole; /* by number of the area; whole: everybody, placed or not */
    size_t count, cap;
    int64_t numbers[LIVE_NUMBERS], changed[LIVE_NUMBERS];
    int64_t begun, seq; /* what was before begun is not known here: whoever asks for it is told everything */
};

/* Looks at the state; the read lock is held. O(areas + tubes + entries held). */
bool live_news_look(struct live_news *news, const struct site *site);
/* Appends one event: what changed behind after for a member who may see it (−1, or before begun: everything). Nothing is
 * appended when nothing changed. */
struct arena_buf;
void live_news_tell(struct arena_buf *out, const struct live_news *news, const struct site *site, uint32_t member, bool buildings,
                    int64_t after, int64_t now_ms);
void live_news_free(struct live_news *news);

#endif
