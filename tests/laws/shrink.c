/* shrink.c: leaves out events one by one. Exports what shrink.h declares. */
#include "shrink.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { QUESTION_SEEDS = 20 };

/* Lives the events again from activation on; what was refused is left out. */
static void live_again(struct life *life, const struct terms *terms,
    const struct contract_event *events, size_t count) {
    life_begin(life, terms, true);
    for (size_t i = 1; i < count; i++) {
        struct contract_event event = events[i];
        event.sequence = life->state.last_sequence + 1;
        life_happen(life, &event);
    }
}

static bool breaks(const struct terms *terms, const struct contract_event *events, size_t count,
    bool (*broken)(void)) {
    fflush(NULL);
    pid_t child = fork();
    check(child >= 0);
    if (child == 0) {
        static struct life life;
        if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
            _exit(0);
        live_again(&life, terms, events, count);
        life_end(&life);
        for (uint64_t seed = 1; seed <= QUESTION_SEEDS && !broken(); seed++) {
            struct dice dice = dice_of(seed);
            life_ask(&life, &dice);
        }
        _exit(broken() ? 1 : 0);
    }
    int state;
    check(waitpid(child, &state, 0) == child);
    return !WIFEXITED(state) || WEXITSTATUS(state) != 0;
}

/* `from` without event `gone`; reversals of later events follow their numbers. */
static size_t without(
    const struct contract_event *from, size_t count, size_t gone, struct contract_event *to) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == gone)
            continue;
        to[kept] = from[i];
        if (to[kept].kind == EVENT_REVERSED && to[kept].reversed_sequence > from[gone].sequence)
            to[kept].reversed_sequence--;
        to[kept].sequence = (uint32_t)kept + 1;
        kept++;
    }
    return kept;
}

void shrink(struct life *life, bool (*broken)(void)) {
    struct contract_event fewer[EVENTS_MAX];
    struct terms terms = life->terms;
    if (!breaks(&terms, life->events, life->count, broken))
        return;
    for (size_t i = life->count - 1; i > 0; i--) {
        size_t count = without(life->events, life->count, i, fewer);
        if (breaks(&terms, fewer, count, broken)) {
            memcpy(life->events, fewer, count * sizeof fewer[0]);
            life->count = count;
            i = count;
        }
    }
}
