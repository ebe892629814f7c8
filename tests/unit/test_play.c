#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/keys.h"
#include "sim/play.h"

static struct world *a_world(uint32_t people)
{
    struct world *world;
    uint64_t seed;
    rng_bytes(NULL, &seed, sizeof seed);
    seed %= 1000000;
    printf("seed %llu\n", (unsigned long long)seed);
    assert_int_equal(world_make(&world, seed, people, NULL), DW_OK);
    return world;
}

static void same_plan(void **state)
{
    (void)state;
    struct world *w = a_world(2000);
    struct play a = {0}, b = {0}, next = {0};
    assert_int_equal(play_make(&a, w, 1), DW_OK);
    assert_int_equal(play_make(&b, w, 1), DW_OK);
    assert_int_equal(play_make(&next, w, 2), DW_OK);
    assert_int_equal(a.visit_count, b.visit_count);
    assert_int_equal(a.person_count, b.person_count);
    size_t differ = 0;
    for (size_t i = 0; i < a.visit_count; i++) {
        assert_int_equal(a.visits[i].outcome, b.visits[i].outcome);
        assert_true(a.visits[i].at.ms == b.visits[i].at.ms);
        differ += i < next.visit_count && a.visits[i].outcome != next.visits[i].outcome;
    }
    for (size_t i = 0; i < a.person_count; i++) assert_int_equal(a.people[i].truth, b.people[i].truth);
    assert_true(differ > 0);
    play_free(&a);
    play_free(&b);
    play_free(&next);
    play_free(NULL);
    world_free(w);
}

static void people_of_visit(const struct play *play, const struct play_visit *v, uint8_t *sampled)
{
    const struct world *w = play->world;
    bool any = false;
    for (uint32_t i = v->first_person; i < v->first_person + v->people; i++) {
        const struct play_person *p = &play->people[i];
        const struct world_person *real = &w->persons[p->truth - 1];
        assert_int_equal(w->households[real->household].door, v->door);
        assert_string_equal(p->name, real->name);
        assert_int_not_equal(real->state, WORLD_DEPARTED);
        assert_int_equal(p->arrived, real->state == WORLD_ARRIVED);
        assert_int_equal(p->shows_doc, p->doc[0] != 0);
        if (p->shows_doc) assert_string_equal(p->doc, real->doc);
        if (real->state == WORLD_AWAY) assert_false(p->present);
        if (!p->present) continue;
        any = true;
        sampled[p->truth - 1]++;
    }
    if (v->outcome != PLAY_DONE) assert_int_equal(v->people, 0);
    if (v->outcome == PLAY_DONE && v->pass == 1) assert_true(any);
}

static void visits(void **state)
{
    (void)state;
    struct world *w = a_world(12000);
    struct play play = {0};
    assert_int_equal(play_make(&play, w, 1), DW_OK);
    uint8_t *knocked = calloc(w->door_count, 1), *sampled = calloc(w->person_count, 1);
    assert_true(knocked != NULL && sampled != NULL);
    size_t lived = 0, closed = 0, outcomes[4] = {0};
    assert_int_equal(play.first[w->cell_count], play.visit_count);
    for (uint32_t cell = 0; cell < w->cell_count; cell++)
        for (uint32_t i = play.first[cell]; i < play.first[cell + 1]; i++) {
            const struct play_visit *v = &play.visits[i];
            assert_int_equal(v->cell, cell);
            assert_int_equal(w->buildings[v->building].cell, cell);
            assert_int_equal(w->doors[v->door].building, v->building);
            if (i > play.first[cell]) assert_true(v->at.ms >= play.visits[i - 1].at.ms);
            assert_true(v->at.ms > w->freeze.ms);
            assert_int_equal(when_day(v->at), WORLD_TODAY);
            outcomes[v->outcome]++;
            if (v->pass == 1) knocked[v->door]++;
            lived += v->pass == 1 && v->outcome != PLAY_EMPTY;
            closed += v->pass == 1 && v->outcome == PLAY_NOBODY;
            people_of_visit(&play, v, sampled);
        }
    for (size_t d = 0; d < w->door_count; d++) assert_int_equal(knocked[d], 1);
    size_t done = 0;
    for (size_t i = 0; i < w->person_count; i++) {
        assert_true(sampled[i] <= 1);
        done += sampled[i];
    }
    double out = (double)closed / (double)lived, covered = (double)done / w->people;
    assert_true(out > 0.10 && out < 0.30);
    assert_true(covered > 0.80 && covered < 0.97);
    for (int k = 0; k < 4; k++) assert_true(outcomes[k] > 0);
    free(knocked);
    free(sampled);
    play_free(&play);
    world_free(w);
}

static void asked(const struct world *w, uint32_t building, const char *name, const char *doc, const char *phone,
                  enum play_reply reply, uint32_t person)
{
    struct play_answer answer;
    play_ask(&answer, w, &(struct play_question){building, name, doc, phone, 2});
    assert_int_equal(answer.reply, reply);
    assert_int_equal(answer.door, w->households[w->persons[person].household].door);
}

/* Two of one name in a building, one of whom has left: the evidence decides, and without any the one who still lives there. */
static void namesakes(void **state)
{
    (void)state;
    struct world *w = a_world(3000);
    uint32_t left = 0, stays = 0;
    while (w->persons[left].state != WORLD_DEPARTED || strlen(w->persons[left].doc) != 18) left++;
    uint32_t building = world_person_building(w, left), head = w->households[w->persons[left].household].first_person;
    while (world_person_building(w, stays) != building || w->persons[stays].household == w->persons[left].household ||
           w->persons[stays].state != WORLD_PRESENT || strlen(w->persons[stays].doc) != 18)
        stays++;
    struct world_person *l = &w->persons[left], *s = &w->persons[stays];
    for (uint32_t i = 0; i < w->person_count; i++) /* nobody else of that name or these phones */
        if (i != left && i != stays) {
            w->persons[i].name = "某某某";
            w->persons[i].phone = "";
        }
    w->persons[head].phone = "13000000003";
    s->name = l->name; /* the world's index knows him by it */
    l->phone = "13000000001";
    s->phone = "13000000002";
    asked(w, building, l->name, "", l->phone, PLAY_LEFT, left);
    asked(w, building, l->name, "", s->phone, PLAY_LIVES_HERE, stays);
    asked(w, building, l->name, "", "", PLAY_LIVES_HERE, stays);
    asked(w, building, l->name, l->doc, s->phone, PLAY_LEFT, left);
    asked(w, building, "某甲", l->doc, s->phone, PLAY_LEFT, left);
    asked(w, WORLD_NONE, l->name, l->doc, "", PLAY_LEFT, left);
    asked(w, WORLD_NONE, l->name, "", l->phone, PLAY_LEFT, left);
    if (head != left) asked(w, building, l->name, "", "13000000003", PLAY_LEFT, left); /* the household's phone */
    l->name = "欧阳一二";
    s->name = "欧阳一三"; /* like it, with the phone; but the name itself is the departed one's */
    asked(w, building, l->name, "", s->phone, PLAY_LEFT, left);
    asked(w, building, "欧阳一四", "", s->phone, PLAY_LIVES_HERE, stays);
    world_free(w);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_plan), cmocka_unit_test(visits), cmocka_unit_test(namesakes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
