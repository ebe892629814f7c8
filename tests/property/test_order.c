/* The order law: whatever order phones' uploads arrive in, the same set of entries gives the same people, places and round. And
 * at the end of each order: the bitsets are what SQL says of the marks, the stored bits are the bitsets, verify finds nothing. */
#include "order_story.h"

static void compare_with_sql(struct desk *desk, bool merged);

static int compare_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* In how many pools of a round somebody stands, under all his numbers. */
static size_t tubes_of(const struct site *site, uint32_t person, uint32_t round)
{
    uint32_t root = site_root(site, person);
    size_t tubes = 0;
    for (uint32_t at = root; at != SITE_NONE; at = site_next_merged(site, root, at)) {
        size_t cursor = 0;
        for (uint32_t i; (i = site_sample_of(site, at, &cursor)) != SITE_NONE;) {
            const struct site_tube *tube = site_tube(site, site_sample(site, i)->tube);
            tubes +=
                site_sample(site, i)->state == SITE_SAMPLE_STANDS && tube->round == round && tube->use == KINDS_TUBE_USE_POOL;
        }
    }
    return tubes;
}

/* A tube's samples, in an order of their own, and what holds of them in every case. */
static void tube_outcome(char out[4000], const struct site *site, struct id id)
{
    uint32_t index = site_find(site, SITE_TUBE, id);
    char rows[PEOPLE + PHONES * MADE][80];
    size_t count = 0, standing = 0;
    if (index == SITE_NONE) {
        snprintf(out, 4000, "unknown");
        return;
    }
    const struct site_tube *tube = site_tube(site, index);
    for (uint32_t at = tube->first_sample; at != SITE_NONE; at = site_sample(site, at)->next_in_tube) {
        const struct site_sample *sample = site_sample(site, at);
        char person[ID_TEXT];
        id_text(person, site_person(site, sample->person)->id);
        snprintf(rows[count++], sizeof rows[0], "%s %lld %d", person, (long long)sample->position, sample->state);
        standing += sample->state == SITE_SAMPLE_STANDS;
        assert_true(tubes_of(site, sample->person, tube->round) <= 1);
    }
    assert_true(standing <= (size_t)tube->capacity);
    qsort(rows, count, sizeof rows[0], compare_text);
    char box[ID_TEXT] = "none";
    if (tube->box != SITE_NONE) id_text(box, site_box(site, tube->box)->id);
    int n = snprintf(out, 4000, "%s %lld %d %lld %s %s:", tube->code, (long long)tube->capacity, tube->use,
                     (long long)tube->sealed.ms, box, tube->box == SITE_NONE ? "" : site_box(site, tube->box)->code);
    for (size_t i = 0; i < count && n < 3800; i++) n += snprintf(out + n, 4000 - (size_t)n, " %s;", rows[i]);
}

/* Which refusals are open, in an order of their own. */
static void refusals_of(struct outcome *out, const struct site *site)
{
    struct sweep_refusals list;
    struct err_detail detail = {0};
    good(sweep_refusals(&list, site, NULL, &detail), &detail);
    assert_true(list.count <= sizeof out->refusals / sizeof out->refusals[0]);
    for (out->refusal_count = 0; out->refusal_count < list.count; out->refusal_count++) {
        const struct sweep_refusal *r = &list.items[out->refusal_count];
        char door[ID_TEXT] = "nowhere", person[ID_TEXT] = "the door";
        if (r->door != SITE_NONE) id_text(door, site_door(site, r->door)->id);
        if (r->person != SITE_NONE) id_text(person, site_person(site, r->person)->id);
        assert_true(r->times > 0 && r->since_ms <= r->last_ms);
        snprintf(out->refusals[out->refusal_count], sizeof out->refusals[0], "%s %s %d %u %u %lld %lld %d %s", door, person,
                 r->where, r->times, r->tries, (long long)r->since_ms, (long long)r->last_ms, r->step, r->note);
    }
    qsort(out->refusals, list.count, sizeof out->refusals[0], compare_text);
    sweep_refusals_free(&list);
    out->needs = 0;
    for (uint32_t i = 0; i < site_count(site, SITE_NEED); i++) {
        const struct site_need *n = site_need(site, i);
        int64_t closed = n->closed.n == 0 ? 0 : n->closed.ms;
        out->needs += site_key(id_hash(n->id), (uint64_t)closed ^ hash_quick(n->reason, strlen(n->reason)));
    }
}

/* Who has a box: every word against every other. */
static uint32_t holder_of(bool *one_sided, const struct site *site, uint32_t box)
{
    uint32_t holder = SITE_NONE, hands = site_count(site, SITE_HAND);
    struct site_stamp last = {.ms = SITE_NEVER};
    bool met[1 + PHONES * STEPS];
    assert_true(hands < sizeof met);
    for (uint32_t i = 0; i < hands; i++) {
        const struct site_hand *a = site_hand(site, i);
        met[i] = false;
        for (uint32_t k = 0; k < hands; k++) {
            const struct site_hand *b = site_hand(site, k);
            met[i] |= b->box == a->box && b->side != a->side && b->by == a->other && b->other == a->by;
        }
        if (a->box != box || !met[i] || a->side != KINDS_BOX_SIDE_TAKE || site_stamp_compare(a->stamp, last) <= 0) continue;
        holder = a->by;
        last = a->stamp;
    }
    *one_sided = false;
    for (uint32_t i = 0; i < hands; i++)
        *one_sided |= site_hand(site, i)->box == box && !met[i] && site_stamp_compare(site_hand(site, i)->stamp, last) > 0;
    return holder;
}

static void box_outcome(char out[BOXES][120], const struct story *s, const struct site *site)
{
    struct lab_boxes boxes = {0};
    assert_int_equal(lab_boxes(&boxes, site), DW_OK);
    for (int i = 0; i < BOXES; i++) {
        uint32_t box = site_find(site, SITE_BOX, s->boxes[i]);
        char holder[ID_TEXT] = "nobody";
        bool one_sided;
        snprintf(out[i], sizeof out[i], "unknown");
        if (box == SITE_NONE) continue;
        assert_int_equal(boxes.holder[box], holder_of(&one_sided, site, box));
        assert_int_equal(boxes.one_sided[box], one_sided);
        if (boxes.holder[box] != SITE_NONE) id_text(holder, site_device(site, boxes.holder[box])->id);
        snprintf(out[i], sizeof out[i], "%s %lld %d", holder, (long long)boxes.taken[box].ms, one_sided);
    }
    lab_boxes_free(&boxes);
}

static void outcome_of(struct outcome *out, const struct story *s, struct desk *desk)
{
    const struct site *site = desk_read(desk);
    uint32_t index = site_find(site, SITE_ROUND, s->round);
    const struct site_round *round = site_round(site, index);
    for (size_t i = 0; i < s->people_count; i++) {
        uint32_t p = site_find(site, SITE_PERSON, s->people[i]);
        char door[ID_TEXT] = "nowhere";
        bool gone = false;
        if (p == SITE_NONE) {
            snprintf(out->text[i], sizeof out->text[i], "unknown");
            continue;
        }
        uint32_t place = site_place(site, p, &gone);
        if (place != SITE_NONE && site_stay(site, place)->door != SITE_NONE)
            id_text(door, site_door(site, site_stay(site, place)->door)->id);
        const struct site_mark *mark = site_mark(round, p);
        int n = snprintf(out->text[i], sizeof out->text[i], "%s %s %d state %d area %u",
                         site_person(site, p)->field[KINDS_PERSON_SET_NAME], door, gone, mark == NULL ? -1 : mark->state,
                         mark == NULL ? 0 : mark->area);
        uint32_t form = site_find_form(site, index, KINDS_FORM_OF_PERSON, p);
        n += snprintf(out->text[i] + n, sizeof out->text[i] - (size_t)n, " %s",
                      form == SITE_NONE ? "" : site_form(site, form)->answers);
        for (int set = 0; set < COVER_SETS; set++)
            n += snprintf(out->text[i] + n, sizeof out->text[i] - (size_t)n, " %d",
                          p < cover_people(round->cover) && cover_has(round->cover, (enum cover_set)set, p));
    }
    for (int i = 0; i < TUBES; i++) tube_outcome(out->tubes[i], site, s->tubes[i]);
    refusals_of(out, site);
    box_outcome(out->boxes, s, site);
    out->counts = cover_count(round->cover, COVER_NONE);
    desk_read_end(desk);
}

/* merges: false leaves out what the office says of people who are one. */
static void play(struct outcome *out, struct story *s, const char *path, struct rng *order, bool merges)
{
    struct desk *desk = NULL;
    struct err_detail detail = {0};
    struct verify_report report;
    bool last = rng_below(order, 2) == 0; /* the office, when all that phones recorded is there */
    size_t sent[PHONES + 1] = {[PHONES] = s->first}, left = merges ? s->office.count - s->first : 0;
    good(desk_open(&desk, path, &detail), &detail);
    take(desk, &s->office, 0, s->first);
    for (int i = 0; i < PHONES; i++) left += s->phones[i].count;
    while (left > 0) {
        size_t phone = rng_below(order, PHONES + 1);
        struct book *book = phone == PHONES ? &s->office : &s->phones[phone];
        size_t rest = book->count - sent[phone];
        if (rest == 0 || (phone == PHONES && (!merges || (last && left > rest)))) continue;
        size_t count = 1 + rng_below(order, rest < 9 ? rest : 9);
        take(desk, book, sent[phone], count);
        sent[phone] += count;
        left -= count;
    }
    outcome_of(out, s, desk);
    compare_with_sql(desk, !s->parted);
    good(verify_run(&report, desk, NULL, &detail), &detail);
    for (int64_t i = 0; i < report.faults && i < VERIFY_TOLD; i++) print_error("%s\n", report.told[i]);
    assert_int_equal(report.faults, 0);
    desk_close(desk);
}

struct sql_answer {
    uint32_t people[PEOPLE + PHONES * MADE];
    size_t count;
    uint8_t bits[COVER_SETS][64];
};

static dw_err sql_missing(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct sql_answer *a = ctx;
    (void)count;
    (void)detail;
    a->people[a->count++] = (uint32_t)store_get_int(&v[0]);
    return DW_OK;
}

static dw_err sql_bits(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct sql_answer *a = ctx;
    (void)count;
    (void)detail;
    assert_true(v[1].len <= sizeof a->bits[0]);
    for (size_t i = 0; i < v[1].len; i++) a->bits[store_get_int(&v[0])][i] |= ((const uint8_t *)v[1].data)[i];
    return DW_OK;
}

/* The audit that DESIGN keeps: who is missing by the rows, and the stored bits against those in memory. */
static void compare_with_sql(struct desk *desk, bool merged)
{
    static const struct store_sql missing = {
        "SELECT person_no FROM mark WHERE site_id = $1 AND round_no = 0 AND (in_roster = 1 OR how <> 0 OR state = 8) AND state "
        "<> 8 "
        "AND NOT (CASE WHEN decision <> 0 THEN decision = 1 ELSE state = 7 END) ORDER BY person_no"};
    static const struct store_sql stored = {"SELECT kind, bits FROM cover WHERE site_id = $1 AND round_no = 0"};
    struct sql_answer answer = {.count = 0};
    struct err_detail detail = {0};
    uint32_t people[PEOPLE + PHONES * MADE], cursor = 0;
    const struct cover *cover = site_round(desk->site, 0)->cover;
    struct store_value id = store_id(&desk->site->id);
    good(store_ask(desk->store, &missing, &id, 1, sql_missing, &answer, &detail), &detail);
    good(store_ask(desk->store, &stored, &id, 1, sql_bits, &answer, &detail), &detail);
    size_t count = cover_missing(cover, COVER_NONE, people, PEOPLE + PHONES * MADE, &cursor);
    if (!merged) { /* these rows know nothing of who stands for whom */
        assert_int_equal(count, answer.count);
        assert_memory_equal(people, answer.people, count * sizeof *people);
    }
    for (int set = 0; set < COVER_SETS; set++)
        for (uint32_t p = 0; p < cover_people(cover); p++)
            assert_int_equal(answer.bits[set][p / 8] >> p % 8 & 1, cover_has(cover, (enum cover_set)set, p));
    good(cover_check(cover, &detail), &detail);
}

static void test_any_order(void **state)
{
    (void)state;
    const char *given = getenv("DOORWARD_SEED"), *many = getenv("DOORWARD_SEEDS");
    uint64_t base;
    rng_bytes(NULL, &base, sizeof base);
    if (given != NULL) base = strtoull(given, NULL, 10);
    for (int round = 0; round < (many == NULL ? 5 : (int)strtol(many, NULL, 10)); round++) {
        uint64_t seed = base % 1000000 + (uint64_t)round;
        print_message("seed %llu\n", (unsigned long long)seed);
        struct story *s = make_story(seed);
        struct outcome *first = calloc(1, sizeof *first), *other = calloc(1, sizeof *other);
        char dir[64] = "/tmp/doorward-order-XXXXXX", path[96];
        assert_non_null(mkdtemp(dir));
        snprintf(path, sizeof path, "%s/a.db", dir);
        /* The entries are made against one site's id, which every order's site shares. */
        struct desk *desk = story_site(path);
        enrol_all(s, desk, true);
        desk_close(desk);
        clear(dir, path);
        story_office(s);
        story_merges(s);
        for (int64_t step = 0; step < STEPS * PHONES; step++)
            story_step(s, &s->phones[step % PHONES],
                       (struct when){noon.ms + 1000 * (1 + (int64_t)rng_below(&s->rng, 5) + step * 7), noon.offset});
        /* The last order, where all were parted again, is one in which nobody was ever merged. */
        for (int order = 0; order < ORDERS + s->parted; order++) {
            struct rng shuffle = rng_seed(seed * 31 + (uint64_t)order);
            char again[64] = "/tmp/doorward-order-XXXXXX";
            assert_non_null(mkdtemp(again));
            snprintf(path, sizeof path, "%s/a.db", again);
            desk = story_site(path);
            enrol_all(s, desk, false);
            desk_close(desk);
            desk = NULL;
            play(order == 0 ? first : other, s, path, &shuffle, order < ORDERS);
            clear(again, path);
            if (order == 0) continue;
            for (size_t i = 0; i < s->people_count; i++) assert_string_equal(first->text[i], other->text[i]);
            for (int i = 0; i < TUBES; i++) assert_string_equal(first->tubes[i], other->tubes[i]);
            assert_true(first->needs == other->needs);
            assert_int_equal(first->refusal_count, other->refusal_count);
            for (size_t i = 0; i < first->refusal_count; i++) assert_string_equal(first->refusals[i], other->refusals[i]);
            for (int i = 0; i < BOXES; i++) assert_string_equal(first->boxes[i], other->boxes[i]);
            assert_memory_equal(&first->counts, &other->counts, sizeof first->counts);
        }
        free(first);
        free(other);
        free_story(s);
    }
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
