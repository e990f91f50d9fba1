/*
 * run_laws.c: laws that hold for every contract's life, tried on many lives; prints TAP.
 *
 * Usage: run_laws random [LIVES [FIRST_SEED]]   lives rolled by seeded dice
 *        run_laws small [PART PARTS]            every small life (small_lives.h), or a part of them
 *        run_laws wide [LIVES [FIRST_SEED]]     the same with rare products and events (wide.h)
 *        run_laws show random|wide SEED         one such life as a text case for run_cases
 *        run_laws shrink random|wide SEED       the same, without events that its break does not
 * need
 *
 * A broken law is told with the seed or number of its life and the life itself as a text case.
 */
#include "laws.h"
#include "shrink.h"
#include "small_lives.h"

#include <stdlib.h>
#include <string.h>

enum { LIVES_BY_DEFAULT = 3000, TOLD_MAX = 3 };

static struct {
    long held[LAW_COUNT];
    long broken[LAW_COUNT];
    char name[80];    /* of the life under way */
    bool to_be_shown; /* it broke a law that was told */
    struct life life;
} run;

void law_told(enum law law, bool holds, int line) {
    if (holds) {
        run.held[law]++;
        return;
    }
    if (run.broken[law]++ < TOLD_MAX) {
        printf("# %s, line %d: %s\n", run.name, line, law_text(law));
        run.to_be_shown = true;
    }
}

static void show_if_broken(void) {
    if (run.to_be_shown)
        life_print(stdout, &run.life, run.name, "#     ");
    run.to_be_shown = false;
}

/* Most lives are short, so that there are many; one in eight is long and replayed at each step. */
static void live_events(uint64_t seed, bool wide, struct dice *rolled) {
    struct life *life = &run.life;
    struct dice dice = dice_of(seed);
    dice.wide = wide;
    snprintf(run.name, sizeof run.name, "%s seed %llu", wide ? "wide" : "random",
        (unsigned long long)seed);
    struct terms terms = random_terms(&dice);
    bool is_long = once_in(&dice, 8);
    life_begin(life, &terms, is_long);
    int64_t steps = roll(&dice, 1, is_long ? EVENTS_MAX - 1 : EVENTS_MAX / 4);
    for (int64_t i = 0; i < steps && life->count < EVENTS_MAX; i++) {
        struct contract_event event =
            random_event(&dice, &life->terms, &life->state, life->events, life->count);
        life_happen(life, &event);
    }
    *rolled = dice;
}

static void live(uint64_t seed, bool wide) {
    struct dice dice;
    live_events(seed, wide, &dice);
    life_end(&run.life);
    life_ask(&run.life, &dice);
    show_if_broken();
}

static bool any_broken(void) {
    long broken = 0;
    for (int law = 0; law < LAW_COUNT; law++)
        broken += run.broken[law];
    return broken > 0;
}

static void live_small(const struct small_life *small) {
    struct life *life = &run.life;
    snprintf(run.name, sizeof run.name, "small life %ld", small->number);
    life_begin(life, &small->terms, false);
    for (int i = 0; i < small->event_count; i++) {
        struct contract_event event = small->events[i];
        event.sequence = life->state.last_sequence + 1;
        life_happen(life, &event);
    }
    life_end(life);
    show_if_broken();
}

/* A law that was never tried on random lives is as bad as one that was broken. */
static int tell(const char *lives_text, bool all_wanted) {
    bool all = true;
    int number = 0;
    for (int law = 0; law < LAW_COUNT; law++) {
        if (!all_wanted && run.held[law] + run.broken[law] == 0)
            continue;
        bool holds = run.broken[law] == 0 && run.held[law] > 0;
        all = all && holds;
        printf("%s %d - %s (%ld times in %s)\n", holds ? "ok" : "not ok", ++number,
            law_text((enum law)law), run.held[law], lives_text);
    }
    printf("1..%d\n", number);
    return all && number > 0 ? 0 : 1;
}

static int run_seeds(long lives, uint64_t first, bool wide) {
    char text[80];
    for (long i = 0; i < lives; i++)
        live(first + (uint64_t)i, wide);
    snprintf(text, sizeof text, "%ld lives from seed %llu", lives, (unsigned long long)first);
    return tell(text, true);
}

static int run_small(long part, long parts) {
    char text[80];
    snprintf(text, sizeof text, "%ld small lives", small_lives(part, parts, live_small));
    return tell(text, false);
}

static long number_at(int count, char **arguments, int i, long otherwise) {
    return count > i ? strtol(arguments[i], NULL, 10) : otherwise;
}

int main(int count, char **arguments) {
    const char *what = count > 1 ? arguments[1] : "random";
    if (strcmp(what, "random") == 0 || strcmp(what, "wide") == 0)
        return run_seeds(number_at(count, arguments, 2, LIVES_BY_DEFAULT),
            (uint64_t)number_at(count, arguments, 3, 1), strcmp(what, "wide") == 0);
    if (strcmp(what, "small") == 0)
        return run_small(number_at(count, arguments, 2, 0), number_at(count, arguments, 3, 1));
    if (strcmp(what, "show") == 0 && count == 4) {
        live((uint64_t)number_at(count, arguments, 3, 1), strcmp(arguments[2], "wide") == 0);
        life_print(stdout, &run.life, run.name, "");
        return 0;
    }
    if (strcmp(what, "shrink") == 0 && count == 4) {
        struct dice dice;
        live_events(
            (uint64_t)number_at(count, arguments, 3, 1), strcmp(arguments[2], "wide") == 0, &dice);
        memset(run.broken, 0, sizeof run.broken);
        shrink(&run.life, any_broken);
        life_print(stdout, &run.life, run.name, "");
        return 0;
    }
    fprintf(stderr, "run_laws random|wide|small|show|shrink …: see the head of run_laws.c\n");
    return 2;
}
