/*
 * write_seeds.c: what a fuzzer begins with. Usage: write_seeds TARGET FOLDER.
 *
 * For "decode" the terms, events and states of random lives, encoded as this very build does it;
 * for "engine" bytes of the dice, long enough for a life. Made anew for every run, so that a change
 * of the format or of the generator leaves no stale files behind.
 */
#include "../laws/laws.h"
#include "engine/encoding.h"

#include <stdlib.h>
#include <string.h>

enum { LIVES = 24, PATH_BYTES = 4096, ENGINE_BYTES = 384 };

static const char *folder;

void law_told(enum law law, bool holds, int line) {
    if (holds)
        return;
    fprintf(stderr, "law broken, line %d: %s\n", line, law_text(law));
    abort();
}

static void write_seed(char kind, int number, const uint8_t *bytes, size_t count, bool with_kind) {
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%c%d", folder, kind, number);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        fprintf(stderr, "%s: cannot be written\n", path);
        exit(1);
    }
    if (with_kind)
        fputc(kind, file);
    fwrite(bytes, 1, count, file);
    fclose(file);
}

static void write_life(int number, struct life *life) {
    static uint8_t bytes[STATE_BYTES_MAX];
    struct dice dice = dice_of((uint64_t)number);
    struct terms terms = random_terms(&dice);
    life_begin(life, &terms, false);
    while (life->count < EVENTS_MAX / 4) {
        struct contract_event event =
            random_event(&dice, &life->terms, &life->state, life->events, life->count);
        life_happen(life, &event);
    }
    write_seed('t', number, bytes, terms_encode(&life->terms, bytes, sizeof bytes), true);
    write_seed('e', number, bytes,
        contract_event_encode(&life->events[number % EVENTS_MAX / 4], bytes, sizeof bytes), true);
    write_seed('s', number, bytes, contract_state_encode(&life->state, bytes, sizeof bytes), true);
}

static void write_dice(int number) {
    uint8_t bytes[ENGINE_BYTES];
    struct dice dice = dice_of((uint64_t)number);
    for (int i = 0; i < ENGINE_BYTES; i++)
        bytes[i] = (uint8_t)roll(&dice, 0, UINT8_MAX);
    write_seed('d', number, bytes, sizeof bytes, false);
}

int main(int count, char **arguments) {
    static struct life life;
    if (count != 3) {
        fprintf(stderr, "usage: write_seeds TARGET FOLDER\n");
        return 2;
    }
    folder = arguments[2];
    for (int number = 1; number <= LIVES; number++) {
        if (strcmp(arguments[1], "engine") == 0)
            write_dice(number);
        else
            write_life(number, &life);
    }
    return 0;
}
